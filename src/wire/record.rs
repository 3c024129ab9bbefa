//! Log records and spans, field by field. Source: opentelemetry-proto 1.11, `logs.proto`, `trace.proto`, `common.proto`.

use crate::names::{Key, Name};
use crate::writer::{bytes_field, fixed64_field, length_field, uint_field, varint_len};

/// What an attribute can hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text, in UTF-8: a receiver refuses a whole batch for one that is not.
    Text(&'a [u8]),
    /// A number. A whole one travels as `intValue`, as senders in JavaScript do, which readers must expect
    /// (WIRE-CONVENTIONS: "Numbers"); it saves seven bytes.
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

/// One `KeyValue`, as field `field` of whatever holds it.
pub(crate) fn attribute_bytes(out: &mut Vec<u8>, field: u64, key: Key, value: Value<'_>) {
    let key = key.bytes();
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
    let len = 1 + varint_len(key.len() as u64) + key.len() + 1 + varint_len(value_len as u64) + value_len;

    length_field(out, field, len);
    bytes_field(out, 1, key);
    length_field(out, 2, value_len);
    match (value, whole) {
        (Value::Text(text), _) => bytes_field(out, 1, text),
        (_, Some(whole)) => uint_field(out, 3, whole),
        (Value::Number(number), None) => fixed64_field(out, 4, number.to_bits()),
        (Value::Bool(flag), _) => uint_field(out, 2, u64::from(flag)),
    }
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

    /// Begins a span of kind CLIENT, between two times in nanoseconds since the epoch.
    pub fn begin_client_span(
        &mut self,
        trace_id: &[u8],
        span_id: &[u8],
        name: &[u8],
        unix_nanos: (u64, u64),
        status: SpanStatus,
    ) {
        const KIND_CLIENT: u64 = 3;
        const STATUS_CODE_ERROR: u64 = 2;
        self.bytes.clear();
        self.attribute_field = 9;
        bytes_field(&mut self.bytes, 1, trace_id);
        bytes_field(&mut self.bytes, 2, span_id);
        bytes_field(&mut self.bytes, 5, name);
        uint_field(&mut self.bytes, 6, KIND_CLIENT);
        fixed64_field(&mut self.bytes, 7, unix_nanos.0);
        fixed64_field(&mut self.bytes, 8, unix_nanos.1);
        if status == SpanStatus::Error {
            length_field(&mut self.bytes, 15, 2);
            uint_field(&mut self.bytes, 3, STATUS_CODE_ERROR);
        }
    }

    /// Adds an attribute.
    pub fn attribute(&mut self, key: Key, value: Value<'_>) {
        attribute_bytes(&mut self.bytes, self.attribute_field, key, value);
    }

    /// Appends the record to the others of its kind in a batch (field 2 of `ScopeLogs` and of `ScopeSpans`).
    pub fn append_to(&self, records: &mut Vec<u8>) {
        bytes_field(records, 2, &self.bytes);
    }
}
