//! What is packed and read again, held against what the official decoder reads of the same batch.

use super::*;
use crate::pack::{CONTEXT, pack};
use crate::{Batch, Record, Severity, SpanContext, SpanKind, SpanStatus, Value as Own};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ENOUGH: usize = 1 << 24;

/// The judge: the official decoder's reading of what is not packed.
fn check(batch: &Batch<'_>) -> usize {
    let packed = pack(batch);
    let read = Beacon::decode(batch.encode().as_slice()).unwrap();
    assert_eq!(unpack(&packed, ENOUGH).as_ref(), Ok(&read));
    assert_eq!(unpack(&read.packed(), ENOUGH), Ok(read));
    packed.len()
}

/// Numbers drawn by a fixed rule.
struct Drawn(u64);
impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn attribute(&mut self, record: &mut Record, key: Key) {
        let text = "\u{e9}\n".repeat(self.below(4) as usize) + &"x".repeat(self.below(200) as usize);
        let numbers = [0.0, 1.0, -1.0, 127.0, 128.0, 1e15, -1e15, 0.5, 0.0123, -0.5, 0.123_456, f64::MAX, f64::INFINITY, self.below(100_000) as f64];
        let value = match self.below(4) {
            0 => Own::Bool(self.below(2) == 0),
            1 => Own::Text(text.as_bytes()),
            _ => Own::Number(numbers[self.below(14) as usize]),
        };
        let own = ["", "tier", "a.b", "."][self.below(4) as usize];
        record.own_attribute(key, own.as_bytes(), value);
    }
}

fn log(record: &mut Record, name: Name, nanos: u64, id: &str) {
    record.begin_log(name, nanos, if name == Name::Exception { Severity::Error } else { Severity::Info });
    record.attribute(Key::RecordId, Own::Text(id.as_bytes()));
}

#[test]
fn what_is_packed_is_read_as_if_it_were_not() {
    for seed in 0..400 {
        let mut drawn = Drawn(seed);
        let (mut logs, mut spans, mut resource, mut record) = (Vec::new(), Vec::new(), Vec::new(), Record::default());
        for key in Key::ALL.iter().take(drawn.below(9) as usize) {
            Batch::resource_attribute(&mut resource, *key, Own::Text(b"said"));
        }
        Batch::own_resource_attribute(&mut resource, Key::Cohort, b"tier", Own::Text(b"gold"));
        let views = ["00000000000000a1", "00000000000000b2"];
        for at in 0..drawn.below(20) {
            let name = Name::ALL[drawn.below(Name::ALL.len() as u64) as usize];
            let nanos = (13_000_000_000_000 + drawn.below(1_000_000) * drawn.below(2)) << if drawn.below(9) == 0 { 0 } else { TIME_BITS };
            let number = if drawn.below(5) == 0 { drawn.below(1 << 31) } else { at };
            log(&mut record, name, nanos, &["page.", &number.to_string()].concat());
            if drawn.below(3) > 0 {
                record.context(&[1; 16], &[drawn.below(2) as u8; 8]);
            }
            for (key, text) in CONTEXT.iter().zip(["session", "hash", "user", views[drawn.below(2) as usize], "/p/:id"]) {
                if drawn.below(6) > 0 {
                    record.attribute(*key, Own::Text(text.as_bytes()));
                }
            }
            for _ in 0..drawn.below(12) {
                let key = Key::ALL[drawn.below(Key::ALL.len() as u64) as usize];
                drawn.attribute(&mut record, key);
            }
            record.append_to(&mut logs);
        }
        for _ in 0..drawn.below(9) {
            let (one, other) = ([drawn.below(2) as u8; 8], [drawn.below(3) as u8; 8]);
            let parent_id = if drawn.below(3) == 0 { &[][..] } else { &other[..] };
            let trace_id = &[drawn.below(2) as u8; 16];
            let start = (13_000_000_000_000 + drawn.below(1_000_000)) << TIME_BITS;
            let end = if drawn.below(9) == 0 { start - (1 << TIME_BITS) } else { start + (drawn.below(1000) << TIME_BITS) };
            let (kind, status) = if drawn.below(2) == 0 { (SpanKind::Client, SpanStatus::Error) } else { (SpanKind::Internal, SpanStatus::Unset) };
            record.begin_span(kind, SpanContext { trace_id, span_id: &one, parent_id }, b"GET /p/:id", (start, end), status);
            record.attribute(Key::SessionId, Own::Text(b"session"));
            for _ in 0..drawn.below(5) {
                let key = Key::ALL[drawn.below(Key::ALL.len() as u64) as usize];
                drawn.attribute(&mut record, key);
                if drawn.below(4) == 0 {
                    record.link(&[7; 16], &[8; 8]);
                }
            }
            record.append_to(&mut spans);
        }
        check(&Batch { id: b"page.b7", resource: &resource, logs: &logs, spans: &spans });
    }
}

/// What a site has made of records in its `beforeSend` need not be as the agent writes it.
#[test]
fn what_another_has_written_travels_as_it_is() {
    let text = |text: &str| Some(AnyValue { value: Some(Value::StringValue(text.to_owned())) });
    let pair = |key: &str, value| KeyValue { key: key.to_owned(), value, ..KeyValue::default() };
    let list = Some(AnyValue { value: Some(Value::BytesValue(vec![1, 2, 3])) });
    let id = pair("log.record.uid", text("page.1"));
    let mut logs = Vec::new();
    for record in [
        LogRecord { event_name: "of.another".to_owned(), time_unix_nano: 5, ..LogRecord::default() },
        LogRecord { event_name: "exception".to_owned(), time_unix_nano: 1 << TIME_BITS, severity_number: 17, attributes: vec![id.clone(), pair("mine", text("x")), pair("list", list), pair("none", None)], ..LogRecord::default() },
        LogRecord { event_name: "exception".to_owned(), time_unix_nano: 1 << TIME_BITS, severity_number: 9, attributes: vec![id], ..LogRecord::default() },
        LogRecord { event_name: "exception".to_owned(), severity_number: 17, attributes: vec![pair("log.record.uid", text("page.01"))], ..LogRecord::default() },
        LogRecord::default(),
    ] {
        let message = record.encode_to_vec();
        logs.push(0x12);
        crate::writer::varint(&mut logs, message.len() as u64);
        logs.extend(message);
    }
    check(&Batch { id: b"page.b0", resource: b"", logs: &logs, spans: b"" });
    check(&Batch { id: b"", resource: b"", logs: b"", spans: b"" });
}

/// A view as the agent tells it: events in its context.
fn view(count: usize) -> Vec<u8> {
    let (mut logs, mut record) = (Vec::new(), Record::default());
    for at in 0..count {
        log(&mut record, Name::LongTask, 13_000_000_000_000 << TIME_BITS, &["0123456789abcdef.", &at.to_string()].concat());
        record.context(&[1; 16], &[2; 8]);
        record.attribute(Key::SessionId, Own::Text(&[b'a'; 32]));
        record.attribute(Key::Template, Own::Text(b"/product/:id"));
        record.attribute(Key::LongTaskDuration, Own::Number(80.0));
        record.append_to(&mut logs);
    }
    logs
}

#[test]
fn what_follows_from_the_record_before_takes_a_byte_or_none() {
    let len = |count| check(&Batch { id: b"0123456789abcdef.b0", resource: b"", logs: &view(count), spans: b"" });
    let (logs, id) = (view(8), b"0123456789abcdef.b0");
    let batch = Batch { id, resource: b"", logs: &logs, spans: b"" };
    assert_eq!(Beacon::decode(batch.encode().as_slice()).unwrap().packed(), pack(&batch), "whoever wrote it");
    // Name, flags, time, key in two bytes, value, end.
    assert_eq!(len(8) - len(1), 7 * 7, "of {} bytes", view(8).len());
}

#[test]
fn what_is_cut_off_or_changed_is_refused_or_read_and_never_a_fault() {
    let logs = view(8);
    let packed = pack(&Batch { id: b"0123456789abcdef.b0", resource: b"", logs: &logs, spans: b"" });
    for end in 0..packed.len() {
        assert_eq!(unpack(&packed[..end], ENOUGH), Err(Fault::Malformed), "{end}");
    }
    assert_eq!(unpack(&[&packed[..], &[0]].concat(), ENOUGH), Err(Fault::Malformed));
    for seed in 0..5000 {
        let mut drawn = Drawn(seed);
        let mut changed = packed.clone();
        for _ in 0..=drawn.below(3) {
            changed[drawn.below(packed.len() as u64) as usize] = drawn.below(256) as u8;
        }
        let _ = unpack(&changed, 20_000);
    }
}

#[test]
fn few_bytes_that_stand_for_many_are_refused() {
    let logs = view(8);
    let packed = pack(&Batch { id: b"0123456789abcdef.b0", resource: b"", logs: &logs, spans: b"" });
    assert_eq!(unpack(&packed, 500), Err(Fault::TooLarge));
    let one = [&b"\x01p\x00"[..], &[1, 2, 0], &[&[8][..], &[100], &[b'a'; 100]].concat(), &[0, 0]].concat();
    let many = [&one[..], &[1, 0, 0, 0].repeat(10_000)].concat();
    assert_eq!(unpack(&many, 100_000), Err(Fault::TooLarge));
}
