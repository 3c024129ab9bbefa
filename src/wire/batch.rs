//! A batch: the records of one page load since the last, in the two export requests of OTLP.

use crate::names::Key;
use crate::record::{Value, attribute_bytes};
use crate::writer::{bytes_field, length_field, varint_len};

/// The scope that all records are in: field 1 of `ScopeLogs` and of `ScopeSpans`, a message whose field 1 is the name.
const SCOPE: &[u8] = b"\x0a\x08\x0a\x06vitrum";

/// One payload of a beacon, before compression.
pub struct Batch<'a> {
    /// Identity of the batch: sent again, it is the same batch.
    pub id: &'a [u8],
    /// The attributes of the resource, see [`Batch::resource_attribute`].
    pub resource: &'a [u8],
    /// Encoded log records, see [`crate::Record::append_to`].
    pub logs: &'a [u8],
    /// Encoded spans.
    pub spans: &'a [u8],
}

impl Batch<'_> {
    /// The bytes of the message `Beacon` (WIRE.md).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        bytes_field(&mut out, 1, self.id);
        for (field, records) in [(2, self.logs), (3, self.spans)] {
            if !records.is_empty() {
                bytes_field(&mut out, field, &self.request(records));
            }
        }
        out
    }

    /// The bytes of `ExportLogsServiceRequest`, for a receiver that knows OTLP and no beacon; none where there is no log
    /// record.
    #[must_use]
    pub fn encode_logs(&self) -> Vec<u8> {
        self.request(self.logs)
    }

    /// The bytes of `ExportTraceServiceRequest`, likewise.
    #[must_use]
    pub fn encode_spans(&self) -> Vec<u8> {
        self.request(self.spans)
    }

    /// Adds an attribute to those of a resource.
    pub fn resource_attribute(resource: &mut Vec<u8>, key: Key, value: Value<'_>) {
        attribute_bytes(resource, 1, key, b"", value);
    }

    /// Adds one that has a name of the site's own, in UTF-8, after the key and a dot.
    pub fn own_resource_attribute(resource: &mut Vec<u8>, key: Key, own: &[u8], value: Value<'_>) {
        attribute_bytes(resource, 1, key, own, value);
    }

    /// `ExportLogsServiceRequest` and `ExportTraceServiceRequest` have the same field numbers all the way down to the
    /// records, so one function writes both.
    fn request(&self, records: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        if records.is_empty() {
            return out;
        }
        let in_scope = SCOPE.len() + records.len();
        length_field(&mut out, 1, field_len(self.resource.len()) + field_len(in_scope));
        bytes_field(&mut out, 1, self.resource);
        length_field(&mut out, 2, in_scope);
        out.extend_from_slice(SCOPE);
        out.extend_from_slice(records);
        out
    }
}

/// What a field with a content of this length takes.
fn field_len(len: usize) -> usize {
    1 + varint_len(len as u64) + len
}

#[cfg(test)]
#[cfg(feature = "decode")]
mod tests {
    use super::*;
    use crate::beacon::Beacon;
    use crate::{Name, Record, Severity, SpanContext, SpanKind, SpanStatus};
    use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
    use prost::Message;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn records(count: usize) -> (Vec<u8>, Vec<u8>) {
        let (mut logs, mut spans, mut record) = (Vec::new(), Vec::new(), Record::default());
        for n in 0..count {
            record.begin_log(Name::LongTask, n as u64, Severity::Info);
            record.append_to(&mut logs);
            let context = SpanContext { trace_id: &[1; 16], span_id: &[2; 8], parent_id: &[] };
            record.begin_span(SpanKind::Client, context, b"GET", (n as u64, 9), SpanStatus::Unset);
            record.append_to(&mut spans);
        }
        (logs, spans)
    }

    fn read(resource: &[u8], logs: &[u8], spans: &[u8]) -> Beacon {
        let batch = Batch { id: b"p.b0", resource, logs, spans };
        Beacon::decode(batch.encode().as_slice()).unwrap()
    }

    /// From no record to more than any length of one, two or three bytes can say.
    #[test]
    fn lengths_are_right_at_every_size() {
        for count in [1, 2, 3, 10, 100, 1000, 100_000] {
            let (logs, spans) = records(count);
            let beacon = read(b"", &logs, &spans);
            assert_eq!(beacon.batch_id, "p.b0");
            let logs = &beacon.logs.as_ref().unwrap().resource_logs[0].scope_logs[0];
            let spans = &beacon.traces.as_ref().unwrap().resource_spans[0].scope_spans[0];
            assert_eq!((logs.log_records.len(), spans.spans.len()), (count, count));
            for scope in [&logs.scope, &spans.scope] {
                assert_eq!(scope.as_ref().unwrap().name, "vitrum");
            }
            assert!(logs.log_records.iter().enumerate().all(|(n, log)| log.time_unix_nano == n as u64));
        }
    }

    /// What a receiver of OTLP gets is what stands in the beacon.
    #[test]
    fn each_request_can_be_had_alone() {
        let mut resource = Vec::new();
        Batch::resource_attribute(&mut resource, Key::ServiceName, Value::Text(b"shop"));
        for count in [1, 3, 1000] {
            let (logs, spans) = records(count);
            let batch = Batch { id: b"p.b0", resource: &resource, logs: &logs, spans: &spans };
            let beacon = read(&resource, &logs, &spans);
            assert_eq!(ExportLogsServiceRequest::decode(batch.encode_logs().as_slice()).ok(), beacon.logs);
            assert_eq!(ExportTraceServiceRequest::decode(batch.encode_spans().as_slice()).ok(), beacon.traces);
        }
        let empty = Batch { id: b"p.b0", resource: &resource, logs: b"", spans: b"" };
        assert_eq!((empty.encode_logs(), empty.encode_spans()), (vec![], vec![]));
    }

    #[test]
    fn what_is_empty_is_absent() {
        let (logs, spans) = records(1);
        assert!(read(b"", &logs, b"").traces.is_none());
        assert!(read(b"", b"", &spans).logs.is_none());
        assert_eq!(read(b"", b"", b""), Beacon { batch_id: "p.b0".to_owned(), logs: None, traces: None });
    }

    #[test]
    fn both_requests_have_the_resource() {
        let mut resource = Vec::new();
        Batch::resource_attribute(&mut resource, Key::ServiceName, Value::Text("caf\u{e9}".as_bytes()));
        Batch::resource_attribute(&mut resource, Key::SchemaVersion, Value::Number(1.0));
        let (logs, spans) = records(1);
        let beacon = read(&resource, &logs, &spans);
        let of_logs = beacon.logs.unwrap().resource_logs.remove(0).resource.unwrap();
        let of_spans = beacon.traces.unwrap().resource_spans.remove(0).resource.unwrap();
        assert_eq!(of_logs, of_spans);
        let keys: Vec<_> = of_logs.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        assert_eq!(keys, ["service.name", "vitrum.schema.version"]);
    }
}
