//! `POST /v1/logs` and `/v1/traces`: OTLP over HTTP, as protobuf and as JSON.

use crate::admission::{Admission, Rejected};
use crate::app::Collector;
use crate::body::{self, Coding};
use crate::clock;
use crate::form::Form;
use crate::insert::Batch;
use crate::refusal::Refusal;
use crate::signal::Signal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde_json::json;
use std::sync::Arc;

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

pub(crate) async fn take_logs(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    take::<ExportLogsServiceRequest>(&collector, request).await
}

pub(crate) async fn take_traces(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    take::<ExportTraceServiceRequest>(&collector, request).await
}

/// In which form a refusal is told to the sender of a request.
pub(crate) fn form(path: &str, headers: &HeaderMap) -> Form {
    let otlp = path == "/v1/logs" || path == "/v1/traces";
    content_form(headers).ok().filter(|_| otlp).unwrap_or(Form::Text)
}

fn content_form(headers: &HeaderMap) -> Result<Form, Refusal> {
    let found = headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let essence = found.as_deref().and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    match essence {
        _ if essence.eq_ignore_ascii_case(PROTOBUF) => Ok(Form::OtlpProtobuf),
        _ if essence.eq_ignore_ascii_case(JSON) => Ok(Form::OtlpJson),
        _ => Err(Refusal::ContentTypeUnknown { found }),
    }
}

async fn take<S: Signal>(collector: &Collector, request: Request) -> Response {
    let form = match content_form(request.headers()) {
        Ok(form) => form,
        Err(refusal) => return collector.refuse(&refusal, Form::Text),
    };
    match store::<S>(collector, request, form).await {
        Ok(rejected) => success::<S>(&rejected, form),
        Err(refusal) => collector.refuse(&refusal, form),
    }
}

async fn store<S: Signal>(collector: &Collector, request: Request, form: Form) -> Result<Rejected, Refusal> {
    let (parts, body) = request.into_parts();
    let coding = Coding::of(&parts.headers)?;
    let bounds = collector.settings.bounds();
    let received = body::receive(body, bounds).await?;
    // Not before: a body may take its time, and those that do must not keep others out.
    let _place = collector.intake.try_acquire().map_err(|_| Refusal::Busy)?;
    let captured = collector.capture.as_ref().map(|capture| (capture, received.clone()));

    let mut message = decode::<S>(&coding.decode(received, bounds.decompressed_bytes)?, form)?;
    message.expand(bounds.decompressed_bytes)?;
    let mut admission = Admission::new(clock::now_ms(), None);
    message.admit(&mut admission);
    let (records, rejected) = admission.finish();

    if !records.is_empty() {
        collector.store.write(Batch { records, arrival: None }).await?;
    }
    collector.counts.rejected(&rejected);
    if let Some((capture, received)) = captured {
        capture.keep(S::CAPTURE, received).await;
    }
    Ok(rejected)
}

fn decode<S: Signal>(body: &[u8], form: Form) -> Result<S, Refusal> {
    if form == Form::OtlpJson {
        let corrupt = |error: serde_json::Error| Refusal::JsonCorrupt { message: S::MESSAGE, cause: error.to_string() };
        serde_json::from_slice(body).map_err(corrupt)
    } else {
        S::decode(body).map_err(|error| Refusal::ProtobufCorrupt { message: S::MESSAGE, cause: error.to_string() })
    }
}

/// Full success is an empty message; else it says how many records were left out, and why.
fn success<S: Signal>(rejected: &Rejected, form: Form) -> Response {
    let count = i64::try_from(rejected.count()).unwrap_or(i64::MAX);
    match (form, count) {
        (Form::OtlpJson, 0) => ([(header::CONTENT_TYPE, JSON)], "{}").into_response(),
        (Form::OtlpJson, _) => {
            let partial = json!({ S::REJECTED: count.to_string(), "errorMessage": rejected.sentence() });
            ([(header::CONTENT_TYPE, JSON)], json!({ "partialSuccess": partial }).to_string()).into_response()
        }
        (_, 0) => ([(header::CONTENT_TYPE, PROTOBUF)], Vec::new()).into_response(),
        _ => ([(header::CONTENT_TYPE, PROTOBUF)], S::response(count, rejected.sentence())).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;
    use crate::testing::{Answer, Bench, attribute, log, logs_of, span, traces_of};
    use axum::http::StatusCode;
    use flate2::Compression;
    use flate2::read::{GzEncoder, ZlibEncoder};
    use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsPartialSuccess, ExportLogsServiceResponse};
    use prost::Message;
    use serde_json::Value;
    use std::io::Read;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        GzEncoder::new(bytes, Compression::best()).read_to_end(&mut out).unwrap();
        out
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        ZlibEncoder::new(bytes, Compression::best()).read_to_end(&mut out).unwrap();
        out
    }

    fn rpc(answer: &Answer) -> (i32, String) {
        // A google.rpc.Status has a number and a text in its first fields, as this message of OTLP does.
        let status = ExportLogsPartialSuccess::decode(answer.body.as_slice()).unwrap();
        (status.rejected_log_records as i32, status.error_message)
    }

    #[tokio::test]
    async fn both_signals_are_taken_in_both_types_and_all_codings() {
        let (logs, traces) = (logs_of("shop", vec![log("a", "p.1", 1000)]), traces_of("shop", vec![span(1, 2, 1000)]));
        for (path, kind, protobuf, json) in [
            ("/v1/logs", "a", logs.encode_to_vec(), serde_json::to_vec(&logs).unwrap()),
            ("/v1/traces", "span", traces.encode_to_vec(), serde_json::to_vec(&traces).unwrap()),
        ] {
            let mut stored = Vec::new();
            for (content_type, body, answered) in
                [(PROTOBUF, protobuf, ""), ("Application/JSON; charset=utf-8", json, "{}")]
            {
                for (coding, body) in [("identity", body.clone()), ("gzip", gzip(&body)), ("deflate", zlib(&body))] {
                    let bench = Bench::new();
                    let headers = [("content-type", content_type), ("content-encoding", coding)];
                    let answer = bench.post(path, &headers, body).await;
                    assert_eq!(
                        (answer.status, answer.text()),
                        (StatusCode::OK, answered),
                        "{path} {content_type} {coding}"
                    );
                    let expected = if content_type == PROTOBUF { PROTOBUF } else { JSON };
                    assert_eq!(answer.header("content-type"), Some(expected));
                    let mut record = bench.get("/api/records").await.json()["records"][0].clone();
                    assert_eq!(record["kind"], kind);
                    // Times of 1970 become that of receipt, the only thing in which these records differ.
                    record["time_ms"] = Value::Null;
                    stored.push(record);
                }
            }
            assert_eq!(stored.len(), 6);
            assert!(stored.windows(2).all(|pair| pair[0] == pair[1]), "{stored:#?}");
        }
    }

    #[tokio::test]
    async fn json_is_read_as_the_specification_writes_it() {
        let bench = Bench::new();
        // From opentelemetry-proto's examples/trace.json, with attributes of each kind of number.
        let body = br#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my.service"}}]},
            "scopeSpans":[{"scope":{"name":"my.library","version":"1.0.0"},"spans":[{
            "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"EEE19B7EC3C1B173",
            "name":"I'm a server span","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000",
            "kind":2,"attributes":[{"key":"whole","value":{"intValue":"7"}},{"key":"half","value":{"doubleValue":0.5}}]}]}]}]}"#;
        let answer = bench.post("/v1/traces", &[("content-type", JSON)], body.to_vec()).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, "{}"));
        let records = bench.get("/api/records?kind=span").await.json();
        let record = &records["records"][0];
        assert_eq!(record["service"], "my.service");
        let attributes = &record["attributes"];
        assert_eq!(attributes["trace_id"], "5b8efff798038103d269b633813fc60c");
        assert_eq!(attributes["span_id"], "eee19b7ec3c1b174");
        assert_eq!((&attributes["whole"], &attributes["half"]), (&json!(7), &json!(0.5)));
    }

    #[tokio::test]
    async fn an_empty_request_succeeds() {
        let bench = Bench::new();
        for path in ["/v1/logs", "/v1/traces"] {
            let answer = bench.post(path, &[("content-type", PROTOBUF)], Vec::new()).await;
            assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
            let answer = bench.post(path, &[("content-type", JSON)], b"{}".to_vec()).await;
            assert_eq!((answer.status, answer.text()), (StatusCode::OK, "{}"));
        }
        assert_eq!(bench.store.records(), 0);
    }

    #[tokio::test]
    async fn the_same_request_twice_is_stored_once() {
        let bench = Bench::new();
        // The two without an id are equal, and still two.
        let logs = logs_of("shop", vec![log("a", "p.1", 1000), log("a", "", 1000), log("a", "", 1000)]).encode_to_vec();
        let traces = traces_of("shop", vec![span(1, 1, 1000), span(1, 2, 1000)]).encode_to_vec();
        for _ in 0..2 {
            bench.post("/v1/logs", &[("content-type", PROTOBUF)], logs.clone()).await;
            bench.post("/v1/traces", &[("content-type", PROTOBUF)], traces.clone()).await;
            assert_eq!(bench.store.records(), 5);
        }
    }

    #[tokio::test]
    async fn equal_records_of_different_resources_are_different() {
        let bench = Bench::new();
        for host in ["h1", "h2", "h3", "h1"] {
            let mut logs = logs_of("shop", vec![log("a", "", 1000)]);
            logs.resource_logs[0].resource.as_mut().unwrap().attributes.push(attribute("host.name", host));
            bench.post("/v1/logs", &[("content-type", PROTOBUF)], logs.encode_to_vec()).await;
        }
        assert_eq!(bench.store.records(), 3);
    }

    #[tokio::test]
    async fn records_left_out_are_told_in_the_answer() {
        let bench = Bench::new();
        let many = logs_of("shop", (0..limits::RECORDS + 3).map(|n| log("a", &format!("p.{n}"), 1000)).collect());
        let answer = bench.post("/v1/logs", &[("content-type", PROTOBUF)], many.encode_to_vec()).await;
        let partial = ExportLogsServiceResponse::decode(answer.body.as_slice()).unwrap().partial_success.unwrap();
        assert_eq!((answer.status, partial.rejected_log_records), (StatusCode::OK, 3));
        assert!(partial.error_message.starts_with("3 records were not stored"), "{}", partial.error_message);

        let spans = traces_of("shop", vec![span(0, 1, 1000), span(1, 1, 1000)]);
        let answer = bench.post("/v1/traces", &[("content-type", JSON)], serde_json::to_vec(&spans).unwrap()).await;
        let sentence = "1 records were not stored (a span needs a trace id of 16 bytes and a span id of 8, not all of them 0: \
                        1); do not send them again.";
        let partial = json!({"partialSuccess": {"rejectedSpans": "1", "errorMessage": sentence}});
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, partial));
        assert_eq!(bench.store.records(), limits::RECORDS as u64 + 1);
    }

    #[tokio::test]
    async fn refusals_come_as_a_status_in_the_requests_type() {
        let bench = Bench::with(|settings, _| settings.max_decompressed_bytes = 10_000);
        let bomb = gzip(&vec![0; 10_000_000]);
        let cut = gzip(b"cut in the middle")[..20].to_vec();
        let garbage = [gzip(b""), b"garbage".to_vec()].concat();
        for (coding, body, status, code, sentence) in [
            ("gzip", bomb.clone(), 413, 8, "larger than the 10000 bytes"),
            ("gzip", cut, 400, 3, "cannot be decompressed as gzip"),
            ("gzip", garbage, 400, 3, "followed by other bytes"),
            ("deflate", b"none".to_vec(), 400, 3, "cannot be decompressed as deflate"),
            ("br", Vec::new(), 415, 3, "content encoding br is not known"),
            ("identity", b"rubbish".to_vec(), 400, 3, "not"),
            ("gzip", gzip(&bomb), 400, 3, "not"),
        ] {
            let headers = |content_type| [("content-type", content_type), ("content-encoding", coding)];
            let answer = bench.post("/v1/logs", &headers(PROTOBUF), body.clone()).await;
            let (answered, text) = rpc(&answer);
            assert_eq!((answer.status.as_u16(), answered), (status, code), "{text}");
            assert!(text.contains(sentence), "{text}");
            assert_eq!(answer.header("content-type"), Some(PROTOBUF));

            let answer = bench.post("/v1/traces", &headers(JSON), body).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (status, &json!(code)));
            assert!(answer.json()["message"].as_str().unwrap().contains(sentence), "{}", answer.text());
        }
    }

    #[tokio::test]
    async fn other_types_are_refused_in_plain_text() {
        let bench = Bench::new();
        for (headers, sentence) in [
            (&[][..], "does not name its content type; send OTLP as application/x-protobuf or application/json"),
            (&[("content-type", "text/plain")], "The content type text/plain is not known here"),
            (&[("content-type", "application/jsonp")], "application/jsonp is not known"),
        ] {
            let answer = bench.post("/v1/logs", headers, Vec::new()).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
            assert!(answer.text().contains(sentence), "{}", answer.text());
        }
        assert_eq!(bench.get("/healthz").await.json()["refused"]["content_type_unknown"], 3);
    }
}
