//! A beacon for the tests of this room, written with the official messages.

use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span::Link, span::SpanKind, status::StatusCode};
use prost::Message;
use vitrum_wire::beacon::Beacon;
use vitrum_wire::frame::{Encoding, header};

pub(crate) fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.into(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

/// One event and one request.
pub(crate) fn beacon() -> Beacon {
    let attributes = vec![
        attribute("service.name", Value::StringValue("shop".into())),
        attribute("vitrum.schema.version", Value::IntValue(1)),
    ];
    let resource = Some(Resource { attributes, ..Resource::default() });
    let log = LogRecord {
        event_name: "browser.web_vital".into(),
        time_unix_nano: 1_700_000_000_123_456_789,
        severity_number: 9,
        trace_id: vec![0xab; 16],
        span_id: vec![2; 8],
        attributes: vec![
            attribute("log.record.uid", Value::StringValue("0123456789abcdef.0".into())),
            attribute("browser.web_vital.value", Value::DoubleValue(0.25)),
            attribute("browser.navigation.same_document", Value::BoolValue(false)),
        ],
        ..LogRecord::default()
    };
    let span = Span {
        name: "GET".into(),
        trace_id: vec![0xab; 16],
        span_id: vec![1; 8],
        kind: SpanKind::Client.into(),
        start_time_unix_nano: 1_700_000_000_000_000_000,
        end_time_unix_nano: 1_700_000_000_250_000_000,
        status: Some(Status { code: StatusCode::Error.into(), ..Status::default() }),
        attributes: vec![attribute("http.response.status_code", Value::IntValue(503))],
        links: vec![Link { trace_id: vec![0xcd; 16], span_id: vec![3; 8], ..Link::default() }],
        ..Span::default()
    };
    let scope_logs = vec![ScopeLogs { log_records: vec![log], ..ScopeLogs::default() }];
    let scope_spans = vec![ScopeSpans { spans: vec![span], ..ScopeSpans::default() }];
    Beacon {
        batch_id: "0123456789abcdef.b7".into(),
        logs: Some(ExportLogsServiceRequest {
            resource_logs: vec![ResourceLogs { resource: resource.clone(), scope_logs, ..ResourceLogs::default() }],
        }),
        traces: Some(ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans { resource, scope_spans, ..ResourceSpans::default() }],
        }),
    }
}

/// The same as the body of a request.
pub(crate) fn body() -> Vec<u8> {
    let payload = miniz_oxide::deflate::compress_to_vec(&beacon().encode_to_vec(), 6);
    [&header(Encoding::Deflate)[..], &payload].concat()
}
