//! A batch and its records, flat: the shape in which tests and tools read them.

use crate::attribute::{Attributes, by_key};
use crate::fault::Fault;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{Span as OfficialSpan, Status, span};
use serde::Serialize;
use std::fmt::Write;
use vitrum_wire::beacon::Beacon;

/// What one request carried.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Identity of the batch.
    pub batch_id: String,
    /// What all records have in common.
    pub resource: Attributes,
    /// Events, in their order.
    pub logs: Vec<Log>,
    /// Views, actions and requests of the page, in the order in which they were told.
    pub spans: Vec<Span>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// Name of the event.
    pub name: String,
    /// Nanoseconds since 1970, in decimal: JavaScript's numbers cannot hold them.
    pub time_unix_nano: String,
    /// The official number: 9 is INFO, 17 is ERROR.
    pub severity: i32,
    /// 32 hexadecimal digits: the trace in which it happened; empty when it names none.
    pub trace_id: String,
    /// 16 hexadecimal digits: the span in which it happened; empty when it names none.
    pub span_id: String,
    /// Its attributes.
    pub attributes: Attributes,
}

/// A view, an action of the user, or a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Its name.
    pub name: String,
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// As `span_id`; empty when it has no parent.
    pub parent_span_id: String,
    /// The official name, such as `SPAN_KIND_CLIENT`.
    pub kind: &'static str,
    /// Nanoseconds since 1970, in decimal.
    pub start_unix_nano: String,
    /// As the start.
    pub end_unix_nano: String,
    /// The official name, such as `STATUS_CODE_UNSET`.
    pub status: &'static str,
    /// Spans that it has to do with, besides its parent.
    pub links: Vec<Link>,
    /// Its attributes.
    pub attributes: Attributes,
}

/// Another span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
}

impl Batch {
    pub(crate) fn read(beacon: Beacon) -> Result<Self, Fault> {
        let Beacon { batch_id, logs, traces } = beacon;
        let mut batch = Self { batch_id, resource: Attributes::new(), logs: Vec::new(), spans: Vec::new() };
        let mut resources = Vec::new();
        for of_resource in logs.unwrap_or_default().resource_logs {
            resources.push(of_resource.resource);
            for log in of_resource.scope_logs.into_iter().flat_map(|of_scope| of_scope.log_records) {
                batch.logs.push(Log::read(log)?);
            }
        }
        for of_resource in traces.unwrap_or_default().resource_spans {
            resources.push(of_resource.resource);
            for span in of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans) {
                batch.spans.push(Span::read(span)?);
            }
        }
        batch.resource = the_one(resources)?;
        Ok(batch)
    }
}

/// The resource of a batch, which both its requests repeat.
fn the_one(mut resources: Vec<Option<Resource>>) -> Result<Attributes, Fault> {
    resources.dedup();
    let resource = resources.pop().flatten().unwrap_or_default();
    if resources.is_empty() { by_key(resource.attributes) } else { Err(Fault::TwoResources) }
}

impl Log {
    fn read(log: LogRecord) -> Result<Self, Fault> {
        Ok(Self {
            name: log.event_name,
            time_unix_nano: log.time_unix_nano.to_string(),
            severity: log.severity_number,
            trace_id: hex(&log.trace_id),
            span_id: hex(&log.span_id),
            attributes: by_key(log.attributes)?,
        })
    }
}

impl Span {
    fn read(span: OfficialSpan) -> Result<Self, Fault> {
        Ok(Self {
            kind: span.kind().as_str_name(),
            trace_id: hex(&span.trace_id),
            span_id: hex(&span.span_id),
            parent_span_id: hex(&span.parent_span_id),
            start_unix_nano: span.start_time_unix_nano.to_string(),
            end_unix_nano: span.end_time_unix_nano.to_string(),
            status: span.status.as_ref().map_or_else(Default::default, Status::code).as_str_name(),
            links: span.links.into_iter().map(Link::read).collect(),
            name: span.name,
            attributes: by_key(span.attributes)?,
        })
    }
}

impl Link {
    fn read(link: span::Link) -> Self {
        Self { trace_id: hex(&link.trace_id), span_id: hex(&link.span_id) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::Value;
    use crate::sample;
    use crate::{Fault, read};
    use prost::Message;
    use vitrum_wire::beacon::Refusal;
    use vitrum_wire::frame::{Encoding, header};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_beacon_is_a_flat_batch() {
        let batch = read(&sample::body()).unwrap();
        assert_eq!(batch.batch_id, "0123456789abcdef.b7");
        assert_eq!(batch.resource["service.name"], Value::Text("shop".into()));
        let [log] = &batch.logs[..] else { panic!("{:?}", batch.logs) };
        assert_eq!((&*log.name, &*log.time_unix_nano, log.severity), ("browser.web_vital", "1700000000123456789", 9));
        assert_eq!(log.attributes["browser.web_vital.value"], Value::Number(0.25));
        assert_eq!((&*log.trace_id, &*log.span_id), (&*"ab".repeat(16), &*"02".repeat(8)));
        let [span] = &batch.spans[..] else { panic!("{:?}", batch.spans) };
        assert_eq!((&*span.name, span.kind, span.status), ("GET", "SPAN_KIND_CLIENT", "STATUS_CODE_ERROR"));
        assert_eq!((&*span.trace_id, &*span.span_id), (&*"ab".repeat(16), &*"01".repeat(8)));
        assert_eq!(span.links, [Link { trace_id: "cd".repeat(16), span_id: "03".repeat(8) }]);
        assert_eq!(span.attributes["http.response.status_code"], Value::Number(503.0));
    }

    #[test]
    fn both_encodings_are_read() {
        let payload = sample::beacon().encode_to_vec();
        let identity = [&header(Encoding::Identity)[..], &payload].concat();
        assert_eq!(read(&identity), read(&sample::body()));
    }

    #[test]
    fn a_batch_without_records_has_none() {
        let payload = Beacon { batch_id: "p.b0".into(), ..Beacon::default() }.encode_to_vec();
        let batch = read(&[&header(Encoding::Identity)[..], &payload].concat()).unwrap();
        assert_eq!((batch.logs.len(), batch.spans.len(), batch.resource.len()), (0, 0, 0));
    }

    #[test]
    fn two_resources_are_a_fault() {
        let mut beacon = sample::beacon();
        beacon.traces.as_mut().unwrap().resource_spans[0].resource = None;
        assert_eq!(Batch::read(beacon), Err(Fault::TwoResources));
    }

    #[test]
    fn an_unset_status_is_told_so() {
        let mut beacon = sample::beacon();
        beacon.traces.as_mut().unwrap().resource_spans[0].scope_spans[0].spans[0].status = None;
        assert_eq!(Batch::read(beacon).unwrap().spans[0].status, "STATUS_CODE_UNSET");
    }

    #[test]
    fn what_is_in_no_trace_has_empty_ids_and_no_links() {
        let mut beacon = sample::beacon();
        let log = &mut beacon.logs.as_mut().unwrap().resource_logs[0].scope_logs[0].log_records[0];
        (log.trace_id, log.span_id) = (Vec::new(), Vec::new());
        beacon.traces.as_mut().unwrap().resource_spans[0].scope_spans[0].spans[0].links.clear();
        let batch = Batch::read(beacon).unwrap();
        assert_eq!((&*batch.logs[0].trace_id, &*batch.logs[0].span_id), ("", ""));
        assert_eq!(batch.spans[0].links, []);
    }

    /// A message with a table of this text.
    fn table(text: &[u8]) -> Vec<u8> {
        use vitrum_wire::{Batch, Key, Name, Record, Severity, Value};
        let (mut record, mut logs) = (Record::default(), Vec::new());
        record.begin_log(Name::ResourceTiming, 1, Severity::Info);
        record.attribute(Key::RecordId, Value::Text(b"page.1"));
        record.attribute(Key::Table, Value::Text(text));
        record.append_to(&mut logs);
        Batch { id: b"b", resource: b"", logs: &logs, spans: b"" }.encode()
    }

    #[test]
    fn each_refusal_has_its_sentence() {
        let identity = |payload: &[u8]| [&header(Encoding::Identity)[..], payload].concat();
        for (body, refusal, sentence) in [
            (b"G".to_vec(), Refusal::NotABeacon, "not a beacon"),
            (b"V".to_vec(), Refusal::NotABeacon, "not a beacon"),
            (b"V\x09".to_vec(), Refusal::UnknownEncoding(9), "encoding 9"),
            (b"V\x02\x09".to_vec(), Refusal::UnknownDictionary(9), "version 9 of the dictionary"),
            (b"V\x01\xff\xff".to_vec(), Refusal::CorruptCompression, "not raw DEFLATE"),
            (identity(&[0; 1024 * 1024 + 1]), Refusal::TooLarge, "larger than 1 MiB"),
            (identity(b"\x0a\x7f"), Refusal::CorruptMessage, "not the protobuf message"),
            (identity(&table(b"no key")), Refusal::CorruptTable, "not as WIRE.md says"),
            (identity(b""), Refusal::NoBatchId, "no batch id"),
        ] {
            let fault = read(&body).unwrap_err();
            assert_eq!(fault, Fault::Refused(refusal));
            assert!(fault.to_string().contains(sentence), "{fault}");
        }
        assert_eq!(Fault::TwoValues("a.b".into()).to_string(), "Vitrum: the attribute a.b stands twice in one record.");
    }
}
