//! Pages and services whose spans are one trace, for the tests of this room.

use crate::testing::{Bench, attribute, log, span, traces_of};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

pub(crate) const ROOT: u8 = 1;
pub(crate) const ACTION: u8 = 2;

pub(crate) fn child(parent: u8, span: Span) -> Span {
    Span { parent_span_id: vec![parent; 8], ..span }
}

pub(crate) fn called(name: &str, kind: i32, span: Span) -> Span {
    Span { name: name.to_owned(), kind, ..span }
}

/// From one time to another.
pub(crate) fn lasting(from_ms: i64, to_ms: i64, span: Span) -> Span {
    let nano = |ms: i64| (ms as u64) * 1_000_000;
    Span { start_time_unix_nano: nano(from_ms), end_time_unix_nano: nano(to_ms), ..span }
}

/// As a service sends it.
pub(crate) fn served(name: &str, span: Span) -> Span {
    Span { attributes: Vec::new(), ..called(name, 2, span) }
}

pub(crate) fn navigation(trace: u8, root: u8, now: i64) -> LogRecord {
    let navigation = log("browser.navigation", &format!("{trace}.{root}"), now);
    LogRecord { trace_id: vec![trace; 16], span_id: vec![root; 8], ..navigation }
}

pub(crate) fn in_view(view: &str, mut span: Span) -> Span {
    span.attributes.retain(|entry| entry.key != "vitrum.view.id");
    span.attributes.push(attribute("vitrum.view.id", view));
    span
}

/// The view, its action, and a request that followed from it.
pub(crate) fn page(now: i64) -> Vec<Span> {
    let mut click = child(ROOT, called("click", 1, span(7, ACTION, now + 100)));
    click.attributes.extend([attribute("vitrum.action.type", "click"), attribute("browser.css_selector", "#pay")]);
    click.attributes.retain(|entry| entry.key != "url.full");
    let mut request = child(ACTION, called("POST /api/items", 3, span(7, 3, now + 120)));
    request.attributes.push(attribute("http.response.status_code", 200i64));
    let mut root = called("load /cart", 1, span(7, ROOT, now));
    root.attributes.retain(|entry| entry.key != "url.full");
    vec![root, click, request]
}

/// Sends them as a service does.
pub(crate) async fn serve(bench: &Bench, service: &str, spans: Vec<Span>) {
    let body = traces_of(service, spans).encode_to_vec();
    let answer = bench.post("/v1/traces", &[("content-type", "application/x-protobuf")], body).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
}
