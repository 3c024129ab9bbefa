//! `POST /v1/beacon`: takes what the agent sends (WIRE.md).

use crate::admission::Admission;
use crate::app::Collector;
use crate::arrival::Arrival;
use crate::body::{self, Coding};
use crate::budget::Wish;
use crate::clock;
use crate::form::Form;
use crate::insert::Batch;
use crate::limits;
use crate::record::Source;
use crate::refusal::Refusal;
use crate::short::{self, Short};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use vitrum_wire::beacon;

/// 204 once everything in the beacon is stored, now or before; 200 where the page is asked for less besides.
pub(crate) async fn take(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    match store(&collector, request).await {
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some(wish)) => ([(header::CACHE_CONTROL, "no-store")], wish.to_string()).into_response(),
        Err(refusal) => collector.refuse(&refusal, Form::Text),
    }
}

async fn store(collector: &Collector, request: Request) -> Result<Option<Wish>, Refusal> {
    let (parts, body) = request.into_parts();
    // The agent sets no header, but a proxy on the way may.
    let coding = Coding::of(&parts.headers)?;
    let bounds = collector.settings.bounds();
    let received = body::receive(body, bounds).await?;
    // Not before: a body may take its time, and those that do must not keep others out.
    let _place = collector.intake.try_acquire().map_err(|_| Refusal::Busy)?;
    let captured = collector.capture.as_ref().map(|capture| (capture, received.clone()));

    let limit_bytes = bounds.decompressed_bytes;
    let framed = coding.decode(received, limit_bytes)?;
    let received_ms = clock::now_ms();
    let mut admission = Admission::new(received_ms, user_agent(&parts.headers));
    let arrival = if framed.first() == Some(&short::OPENING) {
        let short = Short::open(&framed).map_err(Refusal::Short)?;
        let logs = short.logs();
        let arrival = short.arrival(&logs, received_ms);
        admission.logs(logs);
        Some(arrival)
    } else {
        let opened = beacon::open(&framed, limit_bytes).map_err(|refusal| Refusal::Beacon(refusal, limit_bytes))?;
        let arrival = Arrival::of(&opened, received_ms);
        admission.logs(opened.logs.unwrap_or_default());
        admission.traces(opened.traces.unwrap_or_default());
        arrival
    };
    let (records, rejected) = admission.finish();

    let sender = records.first().map(|record| record.source.clone());
    let stored = collector.store.write(Batch { records, arrival }).await?;
    // A beacon's sender cannot be told, so the operator is.
    collector.counts.rejected(&rejected);
    if let Some((capture, received)) = captured {
        capture.keep("beacon", received).await;
    }
    let take = |sender: Arc<Source>| {
        collector.meters.take(collector.settings.budget, &sender.service, sender.terms, stored, received_ms)
    };
    Ok(sender.and_then(take))
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let mut text = headers.get(header::USER_AGENT)?.to_str().ok()?.to_owned();
    // A header that is text is ASCII, so any place is between two characters.
    text.truncate(limits::USER_AGENT_BYTES);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::FILE;
    use crate::testing::{Bench, beacon, beacon_message, framed, framed_after_dictionary, log, request, span};
    use crate::{Settings, Store};
    use axum::body::{Body, Bytes};
    use axum::http::Method;
    use flate2::Compression;
    use flate2::read::{DeflateEncoder, GzEncoder};
    use futures_util::{FutureExt, stream};
    use serde_json::json;
    use std::io::Read;
    use vitrum_wire::dictionary;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        DeflateEncoder::new(bytes, Compression::best()).read_to_end(&mut out).unwrap();
        out
    }

    #[tokio::test]
    async fn every_encoding_is_stored_once_whatever_type_it_claims() {
        let bench = Bench::new();
        let records = || (vec![log("session.start", "p.0", 1000)], vec![span(1, 1, 1000)]);
        let plain = beacon("b0", records().0, records().1);
        let packed = framed(1, &deflated(&beacon_message("b1", records().0, records().1)));
        let shortest = framed_after_dictionary(dictionary::CURRENT, &beacon_message("b2", records().0, records().1));
        for body in [&plain, &plain, &packed, &shortest] {
            for content_type in [None, Some("text/plain;charset=UTF-8"), Some("application/octet-stream")] {
                let headers: Vec<_> = content_type.map(|value| ("content-type", value)).into_iter().collect();
                let answer = bench.post("/v1/beacon", &headers, body.clone()).await;
                assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
            }
        }
        let kinds = json!({"kinds": [{"kind": "session.start", "count": 1}, {"kind": "span", "count": 1}]});
        assert_eq!(bench.get("/api/kinds").await.json(), kinds);
        assert_eq!(bench.store.records(), 2);
    }

    #[tokio::test]
    async fn a_dictionary_of_another_version_is_a_conflict_and_the_same_without_it_is_stored() {
        let bench = Bench::new();
        let message = beacon_message("b", vec![log("a", "p.1", 1000)], vec![]);
        let mut body = framed_after_dictionary(dictionary::CURRENT, &message);
        body[2] = 200;
        let answer = bench.post("/v1/beacon", &[], body).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.text().starts_with("The beacon's dictionary is version 200, but this collector knows 1;"), "{}", answer.text());
        assert_eq!(bench.get("/healthz").await.json()["refused"], json!({"dictionary_unknown": 1}));
        assert_eq!(bench.post("/v1/beacon", &[], framed(1, &deflated(&message))).await.status, StatusCode::NO_CONTENT);
        assert_eq!(bench.store.records(), 1);
    }

    #[tokio::test]
    async fn a_new_record_is_stored_though_its_batch_is_known() {
        let bench = Bench::new();
        bench.beacon("b", vec![log("a", "p.1", 1000)], vec![]).await;
        bench.beacon("b", vec![log("a", "p.1", 1000), log("a", "p.2", 1000)], vec![]).await;
        assert_eq!(bench.store.records(), 2);
    }

    #[tokio::test]
    async fn the_headers_user_agent_is_kept() {
        let bench = Bench::new();
        bench.beacon("b", vec![log("session.start", "p.0", 1000)], vec![]).await;
        let records = bench.get("/api/records").await.json();
        assert_eq!(records["records"][0]["resource"]["user_agent.original"], "Browser/1");
        assert_eq!(records["records"][0]["resource"]["service.name"], "shop");
    }

    #[tokio::test]
    async fn what_is_no_beacon_gets_a_sentence_and_is_counted() {
        let bench =
            Bench::with(|settings, _| (settings.max_body_bytes, settings.max_decompressed_bytes) = (5000, 100_000));
        let bomb = framed(1, &deflated(&vec![0; 1_000_000]));
        let cut = deflated(&beacon_message("b", vec![log("a", "p.1", 1000)], vec![]));
        for (body, status, sentence) in [
            (b"".to_vec(), 400, "not a beacon"),
            (b"<html>".to_vec(), 400, "not a beacon"),
            (framed(9, b""), 400, "second byte is 9"),
            (framed(1, &cut[..cut.len() / 2]), 400, "cannot be decompressed as raw deflate"),
            (framed(2, b""), 400, "cannot be decompressed as raw deflate"),
            (framed(3, b""), 400, "or 2 (raw deflate with a dictionary)"),
            (framed(0, b"\xff\xff"), 400, "not the protobuf message"),
            (beacon("", vec![], vec![]), 400, "no batch id"),
            (bomb, 413, "larger than the 100000 bytes"),
            (vec![b'V'; 5001], 413, "larger than the 5000 bytes"),
        ] {
            let answer = bench.post("/v1/beacon", &[], body).await;
            assert_eq!(answer.status, status, "{}", answer.text());
            assert!(answer.text().contains(sentence), "{}", answer.text());
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        }
        let health = bench.get("/healthz").await.json();
        let refused = json!({"not_a_beacon": 2, "beacon_encoding_unknown": 2, "compression_corrupt": 2, "protobuf_corrupt": 1,
            "no_batch_id": 1, "decompressed_too_large": 1, "body_too_large": 1});
        assert_eq!((&health["refused"], &health["records"]), (&refused, &json!(0)));
    }

    #[tokio::test]
    async fn a_body_without_length_is_cut_at_the_limit() {
        let bench = Bench::new();
        let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'V'; 1000])));
        let answer = bench.send(request(Method::POST, "/v1/beacon", &[], Body::from_stream(endless))).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text().contains("262144 bytes"), "{}", answer.text());
    }

    #[tokio::test]
    async fn what_a_proxy_packed_is_unpacked_and_captured_as_it_came() {
        let bench = Bench::with(|settings, folder| settings.capture = Some(folder.path().join("bodies")));
        let mut packed = Vec::new();
        let plain = beacon("b", vec![log("a", "p.1", 1000)], vec![]);
        GzEncoder::new(plain.as_slice(), Compression::best()).read_to_end(&mut packed).unwrap();
        let answer = bench.post("/v1/beacon", &[("content-encoding", "gzip")], packed.clone()).await;
        assert_eq!((answer.status, bench.store.records()), (StatusCode::NO_CONTENT, 1));
        bench.post("/v1/beacon", &[], b"refused, so not captured".to_vec()).await;
        let folder = bench.folder.path().join("bodies");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        let captured = std::fs::read(folder.join("000001-beacon.bin")).unwrap();
        assert_eq!(captured, packed);
        assert!(crate::decode(captured).unwrap().contains("\"batch_id\": \"b\""));
    }

    #[tokio::test]
    async fn records_over_the_limits_are_counted_for_the_operator() {
        let bench = Bench::new();
        let logs = (0..limits::RECORDS + 5).map(|n| log("a", &format!("p.{n}"), 1000)).collect();
        bench.beacon("b", logs, vec![]).await;
        let health = bench.get("/healthz").await.json();
        assert_eq!(health["rejected_records"], json!({"too_many_records": 5}));
        assert_eq!(health["records"], limits::RECORDS);
    }

    #[tokio::test]
    async fn a_full_queue_asks_to_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::with_queue(folder.path(), 1).unwrap();
        let bench = Bench::over(store, Settings::default(), folder);
        let foreign = rusqlite::Connection::open(bench.folder.path().join(FILE)).unwrap();
        foreign.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut waiting = Vec::new();
        let refused = loop {
            let body = beacon(&format!("b{}", waiting.len()), vec![log("a", "p.1", 1000)], vec![]);
            let mut sending = Box::pin(bench.post("/v1/beacon", &[], body));
            match sending.as_mut().now_or_never() {
                Some(answer) => break answer,
                None => waiting.push(sending),
            }
        };
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, Some("5")));
        assert_eq!(bench.get("/healthz").await.json()["refused"]["queue_full"], 1);
        foreign.execute_batch("COMMIT").unwrap();
        for answer in waiting {
            assert_eq!(answer.await.status, StatusCode::NO_CONTENT);
        }
        bench.store.close().await;
        let refused = bench.post("/v1/beacon", &[], beacon("late", vec![], vec![])).await;
        assert!(refused.text().contains("stopping") && refused.header("retry-after") == Some("5"), "{refused:?}");
    }
}
