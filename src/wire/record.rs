//! Log records and spans, field by field. Source: opentelemetry-proto 1.11, `logs.proto`, `trace.proto`, `common.proto`.

use crate::names::{Key, Name};
use crate::writer::{bytes_field, fixed64_field, length_field, uint_field, varint_len};

/// What an attribute can hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text, in UTF-8: a receiver refuses a whole batch for one that is not.
    Text(&'a [u8]),
    /// A number. A whole one travels as `intValue`, as senders in JavaScript do, which readers must expect
    /// (WIRE.md, "Numbers"); it saves seven bytes.
    Number(f64),
    /// True or false.
    Bool(bool),
}

/// `SeverityNumber` of OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Severity {
    /// An event like any other.
    Info = 9,
    /// An uncaught error or unhandled rejection.
    Error = 17,
}

/// One `KeyValue`, as field `field` of whatever holds it. A name of the site's own follows its key after a dot.
pub(crate) fn attribute_bytes(out: &mut Vec<u8>, field: u64, key: Key, own: &[u8], value: Value<'_>) {
    let key = key.bytes();
    let key_len = key.len() + own.len() + usize::from(!own.is_empty());
    let whole = match value {
        Value::Number(number) if number == (number as i64) as f64 => Some(number as i64 as u64),
        _ => None,
    };
    let value_len = match (value, whole) {
        (Value::Text(text), _) => 1 + varint_len(text.len() as u64) + text.len(),
        (_, Some(whole)) => 1 + varint_len(whole),
        (Value::Number(_), None) => 9,
        (Value::Bool(_), _) => 2,
    };
    let len = 1 + varint_len(key_len as u64) + key_len + 1 + varint_len(value_len as u64) + value_len;

    length_field(out, field, len);
    length_field(out, 1, key_len);
    out.extend_from_slice(key);
    if !own.is_empty() {
        out.push(b'.');
        out.extend_from_slice(own);
    }
    length_field(out, 2, value_len);
    match (value, whole) {
        (Value::Text(text), _) => bytes_field(out, 1, text),
        (_, Some(whole)) => uint_field(out, 3, whole),
        (Value::Number(number), None) => fixed64_field(out, 4, number.to_bits()),
        (Value::Bool(flag), _) => uint_field(out, 2, u64::from(flag)),
    }
}

/// `SpanKind` of OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SpanKind {
    /// What the page does: a view, an action of the user.
    Internal = 1,
    /// A request.
    Client = 3,
}

/// Where a span is: its trace (16 bytes), itself and what it belongs to (8 bytes each; the latter may be empty).
#[derive(Clone, Copy, Debug)]
pub struct SpanContext<'a> {
    /// The trace.
    pub trace_id: &'a [u8],
    /// The span.
    pub span_id: &'a [u8],
    /// Its parent.
    pub parent_id: &'a [u8],
}

/// How a span ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanStatus {
    /// Nothing is said.
    Unset,
    /// The request failed, or was answered with 400 or above.
    Error,
}

/// A log record or a span under construction.
#[derive(Default)]
pub struct Record {
    bytes: Vec<u8>,
    attribute_field: u64,
}

impl Record {
    /// Begins a log record: an event of this name that happened at this time, in nanoseconds since the epoch.
    pub fn begin_log(&mut self, name: Name, unix_nanos: u64, severity: Severity) {
        self.bytes.clear();
        self.attribute_field = 6;
        fixed64_field(&mut self.bytes, 1, unix_nanos);
        uint_field(&mut self.bytes, 2, severity as u64);
        bytes_field(&mut self.bytes, 12, name.bytes());
    }

    /// Begins a span between two times in nanoseconds since the epoch.
    pub fn begin_span(&mut self, kind: SpanKind, context: SpanContext<'_>, name: &[u8], unix_nanos: (u64, u64), status: SpanStatus) {
        const STATUS_CODE_ERROR: u64 = 2;
        self.bytes.clear();
        self.attribute_field = 9;
        bytes_field(&mut self.bytes, 1, context.trace_id);
        bytes_field(&mut self.bytes, 2, context.span_id);
        bytes_field(&mut self.bytes, 4, context.parent_id);
        bytes_field(&mut self.bytes, 5, name);
        uint_field(&mut self.bytes, 6, kind as u64);
        fixed64_field(&mut self.bytes, 7, unix_nanos.0);
        fixed64_field(&mut self.bytes, 8, unix_nanos.1);
        if status == SpanStatus::Error {
            length_field(&mut self.bytes, 15, 2);
            uint_field(&mut self.bytes, 3, STATUS_CODE_ERROR);
        }
    }

    /// Says in which span a log record happened.
    pub fn context(&mut self, trace_id: &[u8], span_id: &[u8]) {
        bytes_field(&mut self.bytes, 9, trace_id);
        bytes_field(&mut self.bytes, 10, span_id);
    }

    /// Links a span to another: 16 and 8 bytes.
    pub fn link(&mut self, trace_id: &[u8], span_id: &[u8]) {
        length_field(&mut self.bytes, 13, trace_id.len() + span_id.len() + 4);
        bytes_field(&mut self.bytes, 1, trace_id);
        bytes_field(&mut self.bytes, 2, span_id);
    }

    /// Adds an attribute.
    pub fn attribute(&mut self, key: Key, value: Value<'_>) {
        self.own_attribute(key, b"", value);
    }

    /// Adds one that has a name of the site's own, in UTF-8, after the key and a dot.
    pub fn own_attribute(&mut self, key: Key, own: &[u8], value: Value<'_>) {
        attribute_bytes(&mut self.bytes, self.attribute_field, key, own, value);
    }

    /// Appends the record to the others of its kind in a batch (field 2 of `ScopeLogs` and of `ScopeSpans`).
    pub fn append_to(&self, records: &mut Vec<u8>) {
        bytes_field(records, 2, &self.bytes);
    }
}

#[cfg(test)]
#[cfg(feature = "decode")]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::any_value::Value as Otlp;
    use opentelemetry_proto::tonic::logs::v1::{LogRecord, ScopeLogs};
    use opentelemetry_proto::tonic::trace::v1::{ScopeSpans, span, status::StatusCode};
    use prost::Message;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn log(attributes: &[(Key, Value<'_>)]) -> LogRecord {
        let mut record = Record::default();
        record.begin_log(Name::Exception, 1_700_000_000_123_456_000, Severity::Error);
        for (key, value) in attributes {
            record.attribute(*key, *value);
        }
        let mut bytes = Vec::new();
        record.append_to(&mut bytes);
        ScopeLogs::decode(bytes.as_slice()).unwrap().log_records.remove(0)
    }

    fn check(value: Value<'_>, expected: Otlp) {
        let mut log = log(&[(Key::VitalValue, value)]);
        let attribute = log.attributes.remove(0);
        assert_eq!(attribute.key, "browser.web_vital.value");
        assert_eq!(attribute.value.unwrap().value, Some(expected));
    }

    #[test]
    fn an_event_is_read_as_it_was_written() {
        let log = log(&[(Key::Handled, Value::Bool(false)), (Key::ExceptionType, Value::Text(b"TypeError"))]);
        assert_eq!((log.event_name.as_str(), log.time_unix_nano), ("exception", 1_700_000_000_123_456_000));
        assert_eq!((log.severity_number, log.observed_time_unix_nano, log.body), (17, 0, None));
        assert_eq!(log.attributes.iter().map(|attribute| attribute.key.as_str()).collect::<Vec<_>>(), ["vitrum.error.handled", "exception.type"]);
    }

    #[test]
    fn a_whole_number_is_an_integer_and_any_other_a_double() {
        for whole in [0, 1, -1, 127, 128, -128, 1 << 32, (1 << 53) - 1, -(1 << 53)] {
            check(Value::Number(whole as f64), Otlp::IntValue(whole));
        }
        for number in [0.5, -0.1, 1e300, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY] {
            check(Value::Number(number), Otlp::DoubleValue(number));
        }
        let nan = log(&[(Key::VitalValue, Value::Number(f64::NAN))]).attributes.remove(0).value.unwrap().value.unwrap();
        assert!(matches!(nan, Otlp::DoubleValue(number) if number.is_nan()));
    }

    #[test]
    fn texts_of_every_length_are_framed() {
        check(Value::Bool(true), Otlp::BoolValue(true));
        check(Value::Bool(false), Otlp::BoolValue(false));
        for len in [0, 1, 126, 127, 128, 129, 16_383, 16_384, 100_000] {
            let text = "\u{e9}".repeat(len / 2) + &"x".repeat(len % 2);
            check(Value::Text(text.as_bytes()), Otlp::StringValue(text.clone()));
        }
    }

    #[test]
    fn a_name_of_the_sites_own_follows_its_key() {
        let mut record = Record::default();
        record.begin_log(Name::Custom, 5, Severity::Info);
        for len in [1, 100, 200] {
            record.own_attribute(Key::Custom, "n".repeat(len).as_bytes(), Value::Text(b"x"));
        }
        let mut bytes = Vec::new();
        record.append_to(&mut bytes);
        let log = ScopeLogs::decode(bytes.as_slice()).unwrap().log_records.remove(0);
        let keys: Vec<_> = log.attributes.iter().map(|attribute| attribute.key.clone()).collect();
        assert_eq!(keys, [1, 100, 200].map(|len| ["vitrum.event.attributes.", &"n".repeat(len)].concat()));
    }

    const CONTEXT: SpanContext<'_> = SpanContext { trace_id: &[1; 16], span_id: &[2; 8], parent_id: &[] };

    #[test]
    fn a_span_is_read_as_it_was_written() {
        for (status, code, parent_id, kind) in
            [(SpanStatus::Unset, None, &[][..], SpanKind::Internal), (SpanStatus::Error, Some(StatusCode::Error), &[3; 8], SpanKind::Client)]
        {
            let mut record = Record::default();
            record.begin_span(kind, SpanContext { parent_id, ..CONTEXT }, b"GET", (1000, u64::MAX), status);
            record.attribute(Key::StatusCode, Value::Number(404.0));
            record.link(&[4; 16], &[5; 8]);
            let mut bytes = Vec::new();
            record.append_to(&mut bytes);
            let span = ScopeSpans::decode(bytes.as_slice()).unwrap().spans.remove(0);
            assert_eq!((span.trace_id.as_slice(), span.span_id.as_slice(), span.name.as_str()), (&[1; 16][..], &[2; 8][..], "GET"));
            assert_eq!(span.parent_span_id, parent_id);
            let expected = if kind == SpanKind::Client { span::SpanKind::Client } else { span::SpanKind::Internal };
            assert_eq!((span.kind(), span.start_time_unix_nano, span.end_time_unix_nano), (expected, 1000, u64::MAX));
            assert_eq!(span.status.map(|status| status.code()), code);
            assert_eq!(span.attributes[0].key, "http.response.status_code");
            assert_eq!((span.links[0].trace_id.as_slice(), span.links[0].span_id.as_slice()), (&[4; 16][..], &[5; 8][..]));
        }
    }

    #[test]
    fn an_event_is_told_in_its_span() {
        let mut record = Record::default();
        record.begin_log(Name::Exception, 5, Severity::Error);
        record.context(&[4; 16], &[5; 8]);
        let mut bytes = Vec::new();
        record.append_to(&mut bytes);
        let log = ScopeLogs::decode(bytes.as_slice()).unwrap().log_records.remove(0);
        assert_eq!((log.trace_id, log.span_id), (vec![4; 16], vec![5; 8]));
    }

    #[test]
    fn a_record_begun_again_has_nothing_of_the_last() {
        let mut record = Record::default();
        record.begin_span(SpanKind::Client, CONTEXT, b"GET", (1, 2), SpanStatus::Error);
        record.attribute(Key::Method, Value::Text(b"GET"));
        record.begin_log(Name::Health, 5, Severity::Info);
        let mut bytes = Vec::new();
        record.append_to(&mut bytes);
        let log = ScopeLogs::decode(bytes.as_slice()).unwrap().log_records.remove(0);
        let expected = LogRecord { event_name: "vitrum.health".to_owned(), time_unix_nano: 5, severity_number: 9, ..LogRecord::default() };
        assert_eq!(log, expected);
    }
}
