//! What the tests of this room send: records and requests of the official types, and the collector to send them to.

use crate::{Settings, Store, app};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use flate2::{Compress, Compression, FlushCompress};
use http_body_util::BodyExt;
use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value as Otlp};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, span::Link};
use prost::Message;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;
use vitrum_wire::beacon::Beacon;
use vitrum_wire::dictionary;

/// A collector without a socket, its data in a folder that goes with it.
pub(crate) struct Bench {
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|_, _| ())
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings, &TempDir)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        change(&mut settings, &folder);
        Self::over(Store::open(folder.path()).unwrap(), settings, folder)
    }

    pub(crate) fn over(store: Store, settings: Settings, folder: TempDir) -> Self {
        Self { router: app(store.clone(), settings), store, folder }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        self.send(request(Method::POST, path, headers, Body::from(body))).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[], Body::empty())).await
    }

    /// Sends a beacon of log records and sees it stored.
    pub(crate) async fn beacon(&self, batch_id: &str, logs: Vec<LogRecord>, spans: Vec<Span>) {
        let answer = self.post("/v1/beacon", &[("user-agent", "Browser/1")], beacon(batch_id, logs, spans)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path);
    headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value)).body(body).unwrap()
}

pub(crate) fn attribute(key: &str, value: impl Into<Given>) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value.into().0) }), ..KeyValue::default() }
}

/// An attribute's value, from whatever a test has at hand.
pub(crate) struct Given(Otlp);

impl From<&str> for Given {
    fn from(text: &str) -> Self {
        Self(Otlp::StringValue(text.to_owned()))
    }
}

impl From<f64> for Given {
    fn from(number: f64) -> Self {
        Self(Otlp::DoubleValue(number))
    }
}

impl From<i64> for Given {
    fn from(number: i64) -> Self {
        Self(Otlp::IntValue(number))
    }
}

impl From<bool> for Given {
    fn from(value: bool) -> Self {
        Self(Otlp::BoolValue(value))
    }
}

/// An event of view `view` in session `session`, at path `/`; without an id where the uid is empty.
pub(crate) fn log(event_name: &str, uid: &str, time_ms: i64) -> LogRecord {
    let mut attributes =
        vec![attribute("vitrum.view.id", "view"), attribute("session.id", "session"), attribute("url.template", "/")];
    if !uid.is_empty() {
        attributes.push(attribute("log.record.uid", uid));
    }
    LogRecord {
        event_name: event_name.to_owned(),
        time_unix_nano: time_ms as u64 * 1_000_000,
        severity_number: 9,
        attributes,
        ..LogRecord::default()
    }
}

pub(crate) fn with(mut log: LogRecord, attributes: impl IntoIterator<Item = KeyValue>) -> LogRecord {
    log.attributes.extend(attributes);
    log
}

/// The same in another view.
pub(crate) fn elsewhere(mut log: LogRecord, view: &str, path: &str) -> LogRecord {
    for (key, value) in [("vitrum.view.id", view), ("url.template", path)] {
        log.attributes.retain(|entry| entry.key != key);
        log.attributes.push(attribute(key, value));
    }
    log
}

pub(crate) fn vital(name: &str, id: &str, value: f64, uid: &str, time_ms: i64) -> LogRecord {
    with(
        log("browser.web_vital", uid, time_ms),
        [
            attribute("browser.web_vital.name", name),
            attribute("browser.web_vital.id", id),
            attribute("browser.web_vital.value", value),
        ],
    )
}

/// A request of the view `view` that takes 250 ms.
pub(crate) fn span(trace: u8, id: u8, time_ms: i64) -> Span {
    let start = time_ms as u64 * 1_000_000;
    Span {
        trace_id: vec![trace; 16],
        span_id: vec![id; 8],
        name: "GET".to_owned(),
        kind: 3,
        start_time_unix_nano: start,
        end_time_unix_nano: start + 250_000_000,
        attributes: vec![
            attribute("vitrum.view.id", "view"),
            attribute("session.id", "session"),
            attribute("url.template", "/"),
            attribute("url.full", "https://api.example/items"),
        ],
        ..Span::default()
    }
}

/// A link to the span that [`span`] makes of these.
pub(crate) fn link(trace: u8, id: u8) -> Link {
    Link { trace_id: vec![trace; 16], span_id: vec![id; 8], ..Link::default() }
}

pub(crate) fn logs_of(service: &str, log_records: Vec<LogRecord>) -> ExportLogsServiceRequest {
    let scope_logs = vec![ScopeLogs { log_records, ..ScopeLogs::default() }];
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs { resource: Some(resource(service)), scope_logs, ..ResourceLogs::default() }],
    }
}

pub(crate) fn traces_of(service: &str, spans: Vec<Span>) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(resource(service)),
            scope_spans,
            ..ResourceSpans::default()
        }],
    }
}

/// The same, with more about its resource.
pub(crate) fn logs_on_terms(terms: &[KeyValue], log_records: Vec<LogRecord>) -> ExportLogsServiceRequest {
    let mut logs = logs_of("shop", log_records);
    let resources = logs.resource_logs.iter_mut().filter_map(|logs| logs.resource.as_mut());
    resources.for_each(|resource| resource.attributes.extend_from_slice(terms));
    logs
}

fn resource(service: &str) -> Resource {
    Resource { attributes: vec![attribute("service.name", service)], ..Resource::default() }
}

/// A beacon of the service `shop`, as it is.
pub(crate) fn beacon(batch_id: &str, logs: Vec<LogRecord>, spans: Vec<Span>) -> Vec<u8> {
    framed(0, &beacon_message(batch_id, logs, spans))
}

pub(crate) fn beacon_message(batch_id: &str, logs: Vec<LogRecord>, spans: Vec<Span>) -> Vec<u8> {
    let (logs, traces) = (Some(logs_of("shop", logs)), Some(traces_of("shop", spans)));
    Beacon { batch_id: batch_id.to_owned(), logs, traces }.encode_to_vec()
}

pub(crate) fn framed(encoding: u8, payload: &[u8]) -> Vec<u8> {
    [&[b'V', encoding], payload].concat()
}

/// The beacon of this message, packed, whose payload points into this version of the dictionary.
pub(crate) fn framed_after_dictionary(version: u8, message: &[u8]) -> Vec<u8> {
    let mut compressor = Compress::new(Compression::best(), false);
    let mut flow = |text: &[u8], flush| {
        let mut out = Vec::with_capacity(text.len() + 1000);
        compressor.compress_vec(text, &mut out, flush).unwrap();
        out
    };
    flow(dictionary::of(version).unwrap(), FlushCompress::Sync);
    [&[b'V', 2, version], &flow(&Beacon::decode(message).unwrap().packed(), FlushCompress::Finish)[..]].concat()
}
