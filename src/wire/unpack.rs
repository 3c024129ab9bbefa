//! Reading what is packed (WIRE.md, "Packed"): the records are made with the official schema.

use crate::beacon::Beacon;
use crate::cells;
use crate::names::{Key, Name};
use crate::pack::{
    CONTEXT_DIFFERS, DOUBLE, END, HAS_FAILED, IS_EXPECTED, LINK, NO_KEY, NUMBER_DIFFERS, OTHER, OWN, PARENT_DIFFERS, RAW, RAW_RECORD, SHIFT, SHIFT_DIGITS, SPAN_DIFFERS, TABLE, TEXT, TIME_BITS,
    TRACE_DIFFERS, WHOLE, is_time, number, severity,
};
use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::Link;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, status::StatusCode};
use prost::Message;

/// Why it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not as WIRE.md says.
    Malformed,
    /// Its records take more than is allowed.
    TooLarge,
}

/// The beacon, if its records take no more than `limit_bytes`.
///
/// # Errors
/// [`Fault`] says what is wrong.
pub(crate) fn unpack(packed: &[u8], limit_bytes: usize) -> Result<Beacon, Fault> {
    let mut reader = Reader { rest: packed, left_bytes: limit_bytes, last: Last::default(), page: String::new() };
    let batch_id = reader.text()?;
    reader.page = batch_id.split('.').next().unwrap_or_default().to_owned();
    let (attributes, _) = reader.attributes()?;
    let (mut logs, mut spans) = (Vec::new(), Vec::new());
    while let Some(log) = reader.record(Reader::log)? {
        logs.push(log);
    }
    while let Some(span) = reader.record(Reader::span)? {
        spans.push(span);
    }
    if !reader.rest.is_empty() {
        return Err(Fault::Malformed);
    }
    let resource = Some(Resource { attributes, ..Resource::default() });
    let scope = Some(InstrumentationScope { name: "vitrum".to_owned(), ..InstrumentationScope::default() });
    Ok(Beacon {
        batch_id,
        logs: (!logs.is_empty()).then(|| ExportLogsServiceRequest {
            resource_logs: vec![ResourceLogs {
                resource: resource.clone(),
                scope_logs: vec![ScopeLogs { scope: scope.clone(), log_records: logs, ..ScopeLogs::default() }],
                ..ResourceLogs::default()
            }],
        }),
        traces: (!spans.is_empty()).then(|| ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans { resource, scope_spans: vec![ScopeSpans { scope, spans, ..ScopeSpans::default() }], ..ResourceSpans::default() }],
        }),
    })
}

/// What the record before has said.
#[derive(Default)]
struct Last {
    time: u64,
    number: u64,
    trace: Vec<u8>,
    span: Vec<u8>,
    context: Vec<KeyValue>,
}

struct Reader<'a> {
    rest: &'a [u8],
    left_bytes: usize,
    last: Last,
    page: String,
}

impl Reader<'_> {
    /// The next record of its kind; nothing at the end of them.
    fn record<R: Message + Default>(&mut self, read: fn(&mut Self, u8) -> Result<R, Fault>) -> Result<Option<R>, Fault> {
        let record = match self.byte()? {
            END => return Ok(None),
            RAW_RECORD => R::decode(self.bytes()?).map_err(|_| Fault::Malformed)?,
            first => read(self, first - 1)?,
        };
        self.spend(record.encoded_len())?;
        Ok(Some(record))
    }

    fn log(&mut self, name: u8) -> Result<LogRecord, Fault> {
        let name = *Name::ALL.get(usize::from(name)).ok_or(Fault::Malformed)?;
        let flags = self.byte()?;
        let time = self.time()?;
        if flags & NUMBER_DIFFERS != 0 {
            self.last.number = self.difference(self.last.number)?;
        }
        if flags & CONTEXT_DIFFERS != 0 {
            self.last.context = self.attributes()?.0;
        }
        if flags & SPAN_DIFFERS != 0 {
            self.last.trace = self.bytes()?.to_vec();
            self.last.span = self.bytes()?.to_vec();
        }
        let id = [&self.page, ".", &self.last.number.to_string()].concat();
        self.last.number = self.last.number.wrapping_add(1);
        let mut attributes = vec![attribute(Key::RecordId.text().to_owned(), Value::StringValue(id))];
        attributes.extend_from_slice(&self.last.context);
        attributes.extend(self.attributes()?.0);
        Ok(LogRecord {
            time_unix_nano: time,
            severity_number: i32::try_from(severity(name)).unwrap_or_default(),
            event_name: name.text().to_owned(),
            attributes,
            trace_id: self.last.trace.clone(),
            span_id: self.last.span.clone(),
            ..LogRecord::default()
        })
    }

    fn span(&mut self, kind: u8) -> Result<Span, Fault> {
        let flags = self.byte()?;
        let start = self.time()?;
        let end = self.difference(self.last.time)? << TIME_BITS;
        if flags & TRACE_DIFFERS != 0 {
            self.last.trace = self.bytes()?.to_vec();
        }
        if flags & CONTEXT_DIFFERS != 0 {
            self.last.context = self.attributes()?.0;
        }
        let parent = if flags & PARENT_DIFFERS != 0 { self.bytes()?.to_vec() } else { self.last.span.clone() };
        let span_id = if flags & IS_EXPECTED != 0 { self.last.span.clone() } else { self.take(8)?.to_vec() };
        let name = self.text()?;
        let (own, links) = self.attributes()?;
        let attributes = [self.last.context.clone(), own].concat();
        let status = (flags & HAS_FAILED != 0).then(|| Status { code: StatusCode::Error as i32, ..Status::default() });
        Ok(Span {
            trace_id: self.last.trace.clone(),
            span_id,
            parent_span_id: parent,
            name,
            kind: i32::from(kind),
            start_time_unix_nano: start,
            end_time_unix_nano: end,
            attributes,
            links,
            status,
            ..Span::default()
        })
    }

    /// Attributes up to their end, and the links among them.
    fn attributes(&mut self) -> Result<(Vec<KeyValue>, Vec<Link>), Fault> {
        let (mut attributes, mut links) = (Vec::new(), Vec::new());
        let (mut last, mut time) = (NO_KEY, 0);
        loop {
            let head = self.number()?;
            if head == u64::from(END) {
                return Ok((attributes, links));
            } else if head == u64::from(RAW) {
                attributes.push(KeyValue::decode(self.bytes()?).map_err(|_| Fault::Malformed)?);
                continue;
            } else if head == u64::from(LINK) {
                let (trace_id, span_id) = (self.take(16)?.to_vec(), self.take(8)?.to_vec());
                links.push(Link { trace_id, span_id, ..Link::default() });
                continue;
            }
            last = last.wrapping_add(zigzagged(head >> 2));
            let key = usize::try_from(last).ok().and_then(|at| Key::ALL.get(at)).ok_or(Fault::Malformed)?.text();
            let kind = (head & 3) as u8;
            self.spend(key.len())?;
            if kind == WHOLE && is_time(last) {
                time = self.difference(time)?;
                attributes.push(attribute(key.to_owned(), Value::IntValue(time.cast_signed())));
                continue;
            }
            attributes.push(if kind == OWN {
                let name = [key, ".", &self.text()?].concat();
                let kind = self.byte()?;
                attribute(name, self.value(kind)?)
            } else {
                attribute(key.to_owned(), self.value(kind)?)
            });
        }
    }

    fn value(&mut self, kind: u8) -> Result<Value, Fault> {
        Ok(match kind {
            TEXT => Value::StringValue(self.text()?),
            WHOLE => Value::IntValue(self.number()?.cast_signed()),
            OTHER => match self.byte()? {
                0 => Value::BoolValue(false),
                1 => Value::BoolValue(true),
                DOUBLE => Value::DoubleValue(f64::from_le_bytes(self.take(8)?.try_into().map_err(|_| Fault::Malformed)?)),
                SHIFT => Value::DoubleValue(self.number()? as f64 / SHIFT_DIGITS),
                TABLE => {
                    let text = cells::unpack(&mut self.rest, self.left_bytes)?;
                    Value::StringValue(String::from_utf8(text).map_err(|_| Fault::Malformed)?)
                }
                _ => return Err(Fault::Malformed),
            },
            _ => return Err(Fault::Malformed),
        })
    }

    /// A time in nanoseconds since the epoch.
    fn time(&mut self) -> Result<u64, Fault> {
        self.last.time = self.difference(self.last.time)?;
        Ok(self.last.time << TIME_BITS)
    }

    /// Few bytes may stand for many: what they stand for is counted before it is held.
    fn spend(&mut self, bytes: usize) -> Result<(), Fault> {
        self.left_bytes = self.left_bytes.checked_sub(bytes).ok_or(Fault::TooLarge)?;
        Ok(())
    }

    fn difference(&mut self, expected: u64) -> Result<u64, Fault> {
        Ok(expected.wrapping_add_signed(zigzagged(self.number()?)))
    }

    fn text(&mut self) -> Result<String, Fault> {
        Ok(core::str::from_utf8(self.bytes()?).map_err(|_| Fault::Malformed)?.to_owned())
    }

    fn bytes(&mut self) -> Result<&[u8], Fault> {
        let len = usize::try_from(self.number()?).map_err(|_| Fault::Malformed)?;
        self.take(len)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        self.take(1)?.first().copied().ok_or(Fault::Malformed)
    }

    fn take(&mut self, len: usize) -> Result<&[u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Fault::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, Fault> {
        number(&mut self.rest).ok_or(Fault::Malformed)
    }
}

fn attribute(key: String, value: Value) -> KeyValue {
    KeyValue { key, value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

pub(crate) fn zigzagged(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests;
