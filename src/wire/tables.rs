//! Reading tables back (WIRE.md, "Tables"): each becomes the records it stands for.

use crate::names::Key;
use crate::table::{ABSENT, CELL, HEADERS_BYTES, LINE, PHASES, STATUS, TEXTS};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use prost::Message;

/// Why a table cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not as WIRE.md says.
    Malformed,
    /// Its records take more than is allowed.
    TooLarge,
}

/// Puts the records that tables stand for in their place. Together they may take no more than `limit_bytes`.
///
/// # Errors
/// [`Fault`] says what is wrong with the first table that cannot be read.
pub fn expand(request: &mut ExportLogsServiceRequest, limit_bytes: usize) -> Result<(), Fault> {
    let mut left_bytes = limit_bytes;
    for scope in request.resource_logs.iter_mut().flat_map(|resource| &mut resource.scope_logs) {
        if !scope.log_records.iter().any(|record| table(record).is_some()) {
            continue;
        }
        let mut records = Vec::new();
        for record in core::mem::take(&mut scope.log_records) {
            match table(&record) {
                None => records.push(record),
                Some(at) => rows(record, at, &mut left_bytes, &mut records)?,
            }
        }
        scope.log_records = records;
    }
    Ok(())
}

/// Where the table is among the attributes.
fn table(record: &LogRecord) -> Option<usize> {
    record.attributes.iter().position(|attribute| attribute.key == Key::Table.text())
}

fn rows(mut record: LogRecord, at: usize, left_bytes: &mut usize, out: &mut Vec<LogRecord>) -> Result<(), Fault> {
    let table = text_of(&record.attributes.remove(at)).ok_or(Fault::Malformed)?.to_owned();
    let mut columns = Vec::new();
    for line in table.split(LINE as char) {
        let mut cells = line.split(CELL as char);
        let name = cells.next().unwrap_or_default();
        let key = Key::ALL.iter().find(|key| key.text() == name).ok_or(Fault::Malformed)?;
        columns.push(Column { key: *key, cells: cells.collect(), last: "" });
    }
    let count = columns.first().map_or(0, |column| column.cells.len());
    let is_identity = |attribute: &KeyValue| attribute.key == Key::RecordId.text();
    let id_at = record.attributes.iter().position(is_identity).ok_or(Fault::Malformed)?;
    let id = record.attributes.get(id_at).and_then(text_of).ok_or(Fault::Malformed)?.to_owned();
    let (page, first) = id.rsplit_once('.').ok_or(Fault::Malformed)?;
    // The first cell of the column counts from the number that the whole has.
    let mut number = first.parse::<i64>().map_err(|_| Fault::Malformed)?.wrapping_sub(1);
    let (first_nanos, each_bytes) = (record.time_unix_nano, record.encoded_len());
    let (mut time, mut first_time) = (0_i64, None);
    for row in 0..count {
        *left_bytes = left_bytes.checked_sub(each_bytes).ok_or(Fault::TooLarge)?;
        let mut one = record.clone();
        let mut told = Row { differences: Vec::new(), start: 0 };
        for column in &mut columns {
            let cell = *column.cells.get(row).ok_or(Fault::Malformed)?;
            if cell.as_bytes() == [ABSENT] {
                continue;
            }
            *left_bytes = left_bytes.checked_sub(column.key.text().len()).ok_or(Fault::TooLarge)?;
            if !TEXTS.contains(&column.key) {
                told.differences.push((column.key, if cell.is_empty() { 0 } else { cell.parse().map_err(|_| Fault::Malformed)? }));
                continue;
            }
            if !cell.is_empty() {
                column.last = cell;
            }
            *left_bytes = left_bytes.checked_sub(column.last.len()).ok_or(Fault::TooLarge)?;
            one.attributes.push(attribute(column.key, Value::StringValue(column.last.to_owned())));
        }
        time = time.wrapping_add(told.difference(Key::TableTime).unwrap_or_default());
        number = number.wrapping_add(1).wrapping_add(told.difference(Key::RecordId).unwrap_or_default());
        told.start = time;
        let since = time.wrapping_sub(*first_time.get_or_insert(time));
        one.time_unix_nano = first_nanos.saturating_add_signed(since.saturating_mul(1_000_000));
        if let Some(identity) = one.attributes.get_mut(id_at) {
            *identity = attribute(Key::RecordId, Value::StringValue([page, ".", &number.to_string()].concat()));
        }
        told.numbers(&mut one.attributes);
        out.push(one);
    }
    Ok(())
}

struct Column<'a> {
    key: Key,
    cells: Vec<&'a str>,
    /// What an empty cell says.
    last: &'a str,
}

/// The numbers of one record.
struct Row {
    /// From what could be told before it was read.
    differences: Vec<(Key, i64)>,
    /// Page time in milliseconds.
    start: i64,
}

impl Row {
    fn difference(&self, key: Key) -> Option<i64> {
        self.differences.iter().find(|(other, _)| *other == key).map(|(_, difference)| *difference)
    }

    /// Writes what they say, in the order in which a record of its own has it.
    fn numbers(&self, attributes: &mut Vec<KeyValue>) {
        let mut said = Vec::new();
        let mut last = self.start;
        for key in PHASES {
            if let Some(difference) = self.difference(key) {
                last = last.wrapping_add(difference);
                said.push((key, last));
            }
        }
        let mut size = |key: Key, predicted: i64| {
            let size = self.difference(key).map(|difference| predicted.wrapping_add(difference));
            said.extend(size.map(|size| (key, size)));
            size.unwrap_or_default()
        };
        size(Key::ResourceDuration, last.wrapping_sub(self.start));
        let encoded = size(Key::EncodedBodySize, 0);
        let transfer = size(Key::TransferSize, encoded.wrapping_add(HEADERS_BYTES));
        let decoded = size(Key::DecodedBodySize, encoded);
        size(Key::StatusCode, STATUS);
        if let Some(cache) = cache(transfer, encoded, decoded) {
            attributes.push(attribute(Key::Cache, Value::StringValue(cache.to_owned())));
        }
        let is_own = |key: Key| matches!(key, Key::TableTime | Key::RecordId);
        let others = self.differences.iter().filter(|(key, _)| !is_own(*key) && !said.iter().any(|(other, _)| other == key));
        let mut all: Vec<_> = said.iter().chain(others).copied().collect();
        all.sort_by_key(|(key, _)| *key as usize);
        attributes.extend(all.into_iter().map(|(key, number)| attribute(key, Value::IntValue(number))));
    }
}

/// What the cache did: gave it, or had the server confirm it; see `entry.rs` of the core.
fn cache(transfer: i64, encoded: i64, decoded: i64) -> Option<&'static str> {
    match (transfer, decoded) {
        (0, 1..) => Some("hit"),
        (1.., _) if transfer < encoded => Some("revalidated"),
        _ => None,
    }
}

fn attribute(key: Key, value: Value) -> KeyValue {
    KeyValue { key: key.text().to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn text_of(attribute: &KeyValue) -> Option<&str> {
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, Name, Record, Severity, Table, Value as Own};
    use crate::beacon::open;
    use crate::frame::{Encoding, header};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// A beacon of the table with a record before it and one after it, opened; with what each record says.
    fn told(name: Name, table: &[u8]) -> Vec<(u64, Vec<(String, String)>)> {
        let (mut logs, mut record) = (Vec::new(), Record::default());
        record.begin_log(Name::SessionStart, 1, Severity::Info);
        record.append_to(&mut logs);
        record.begin_log(name, 5_000_000_000, Severity::Info);
        record.attribute(Key::RecordId, Own::Text(b"page.7"));
        record.attribute(Key::SessionId, Own::Text(b"one"));
        record.attribute(Key::Table, Own::Text(table));
        record.append_to(&mut logs);
        record.begin_log(Name::Health, 2, Severity::Info);
        record.append_to(&mut logs);
        let mut body = header(Encoding::Identity).to_vec();
        body.extend(Batch { id: b"b", resource: b"", logs: &logs, spans: b"" }.encode());
        let mut all = open(&body, 100_000).unwrap().logs.unwrap().resource_logs.remove(0).scope_logs.remove(0).log_records;
        assert_eq!(all.remove(0).event_name, "session.start");
        assert_eq!(all.pop().unwrap().event_name, "vitrum.health");
        assert!(all.iter().all(|record| record.event_name == name.text() && record.severity_number == 9));
        let words = |value: Value| match value {
            Value::StringValue(text) => text,
            Value::IntValue(number) => number.to_string(),
            other => panic!("{other:?}"),
        };
        let of = |attribute: KeyValue| (attribute.key, words(attribute.value.unwrap().value.unwrap()));
        all.into_iter().map(|record| (record.time_unix_nano, record.attributes.into_iter().map(of).collect())).collect()
    }

    fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    // Duration, fetch, worker, two of redirects, two of names, connect, secure, connected, request, response, end,
    // three sizes, status.
    const PLAIN: [f64; 17] = [20.4, 100.2, 0.0, 0.0, 0.0, 100.2, 100.2, 100.2, 0.0, 100.2, 103.0, 118.0, 120.6, 1300.0, 1000.0, 1000.0, 200.0];
    const FAR: [f64; 17] = [55.0, 170.0, 161.0, 150.0, 170.0, 171.0, 180.0, 180.0, 185.0, 190.0, 190.0, 200.0, 205.0, 900.0, 600.0, 4000.0, 404.0];
    const HIDDEN: [f64; 17] = [30.0, 160.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 190.0, 0.0, 0.0, 0.0, 0.0];
    const CACHED: [f64; 17] = [1.6, 165.0, 0.0, 0.0, 0.0, 165.0, 165.0, 165.0, 0.0, 165.0, 165.0, 166.0, 166.6, 0.0, 50.0, 80.0, 200.0];

    #[test]
    fn records_of_a_table_are_what_they_would_be_each_for_itself() {
        let mut table = Table::default();
        for (id, start, url, kind, numbers) in
            [(7, 100.2, "https://a.example/x.js", "script", PLAIN), (8, 150.0, "https://a.example/y.css", "link", FAR), (12, 160.0, "https://b.example/z.js", "link", HIDDEN), (13, 164.6, "https://a.example/x.js", "img", CACHED)]
        {
            table.begin(id, start);
            table.text(Key::Url, url.as_bytes());
            table.text(Key::InitiatorType, kind.as_bytes());
            table.text(Key::NextHopProtocol, if numbers[14] > 0.0 { b"h2" } else { b"" });
            table.text(Key::RenderBlocking, if kind == "link" && id == 8 { b"blocking" } else { b"" });
            table.timing(&numbers);
        }
        let all = told(Name::ResourceTiming, &table.written());
        let timing = |name: &str| ["browser.resource_timing.", name].concat();
        for ((at, (nanos, attributes)), (id, since, texts, numbers)) in all.iter().enumerate().zip([
            (7, 0, vec![("url.full", "https://a.example/x.js"), ("initiator_type", "script"), ("next_hop_protocol", "h2")], PLAIN),
            (8, 50, vec![("url.full", "https://a.example/y.css"), ("initiator_type", "link"), ("next_hop_protocol", "h2"), ("render_blocking_status", "blocking")], FAR),
            (12, 60, vec![("url.full", "https://b.example/z.js"), ("initiator_type", "link")], HIDDEN),
            (13, 65, vec![("url.full", "https://a.example/x.js"), ("initiator_type", "img"), ("next_hop_protocol", "h2"), ("vitrum.resource.cache", "hit")], CACHED),
        ]) {
            assert_eq!(*nanos, 5_000_000_000 + since * 1_000_000, "{at}");
            let mut want = expected(&[("log.record.uid", &["page.", &id.to_string()].concat()), ("session.id", "one")]);
            let full = |key: &str| if key.contains('.') { key.to_owned() } else { timing(key) };
            want.extend(texts.iter().map(|(key, value)| (full(key), (*value).to_owned())));
            let numbers = Key::ALL.iter().skip(Key::ResourceDuration as usize).zip(numbers).map(|(key, number)| (key, (number + 0.5_f64).floor()));
            want.extend(numbers.filter(|(_, number)| *number != 0.0).map(|(key, number)| (key.text().to_owned(), number.to_string())));
            let near = |(key, value): &(String, String)| (key.clone(), if key.ends_with(".duration") { String::new() } else { value.clone() });
            let (got, want): (Vec<_>, Vec<_>) = (attributes.iter().map(near).collect(), want.iter().map(near).collect());
            let sorted = |mut pairs: Vec<(String, String)>| { pairs.sort(); pairs };
            assert_eq!(sorted(got), sorted(want), "{at}");
        }
        let durations: Vec<_> = all.iter().map(|(_, attributes)| attributes.iter().find(|(key, _)| key.ends_with("timing.duration")).unwrap().1.clone()).collect();
        assert_eq!(durations, ["21", "55", "30", "2"]);
    }

    #[test]
    fn sums_stay_what_they_are() {
        let mut table = Table::default();
        for (id, origin, count) in [(7, "https://a.example", 3.0), (8, "https://a.example", 0.0), (9, "", 500.0)] {
            table.begin(id, 9.0);
            table.text(Key::GroupOrigin, origin.as_bytes());
            table.sum(Key::GroupCount, count);
        }
        assert_eq!(table.written(), b"log.record.uid\t\t\t\nvitrum.table.time\t9\t\t\nvitrum.resource_group.origin\thttps://a.example\t\t-\nvitrum.resource_group.count\t3\t-\t500");
        let all = told(Name::ResourceGroup, &table.written());
        let sums: Vec<_> = all.into_iter().map(|(_, attributes)| attributes.into_iter().skip(2).map(|pair| pair.1).collect::<Vec<_>>()).collect();
        assert_eq!(sums, [vec!["https://a.example", "3"], vec!["https://a.example"], vec!["500"]]);
    }

    fn fault(table: &str, limit_bytes: usize) -> Option<Fault> {
        let mut record = Record::default();
        let mut logs = Vec::new();
        record.begin_log(Name::ResourceTiming, 1, Severity::Info);
        record.attribute(Key::RecordId, Own::Text(b"page.0"));
        record.attribute(Key::Table, Own::Text(table.as_bytes()));
        record.append_to(&mut logs);
        let message = Batch { id: b"b", resource: b"", logs: &logs, spans: b"" }.encode_logs();
        expand(&mut ExportLogsServiceRequest::decode(message.as_slice()).unwrap(), limit_bytes).err()
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(fault("url.full\ta\tb\nlog.record.uid\t\t", 1000), None);
        for bad in ["", "url.full\ta\nno.such.key\t1", "url.full\ta\tb\nlog.record.uid\t", "http.response.status_code\tx", "\t\t\t"] {
            assert_eq!(fault(bad, 1000), Some(Fault::Malformed), "{bad:?}");
        }
        // What stands for a lot with a byte each is paid for with what it stands for.
        assert_eq!(fault(&["url.full\ta", &"\t".repeat(10_000)].concat(), 100_000), Some(Fault::TooLarge));
        assert_eq!(fault(&["url.full\t", &"a".repeat(1000), &"\t".repeat(100)].concat(), 100_000), Some(Fault::TooLarge));
        // So are numbers: each becomes an attribute with a name.
        let columns: Vec<String> = Key::ALL.iter().filter(|key| !TEXTS.contains(key)).take(100).map(|key| [key.text(), &"\t".repeat(50)].concat()).collect();
        assert_eq!(fault(&columns.join("\n"), 100_000), Some(Fault::TooLarge));
        assert_eq!(fault("http.response.status_code\t9223372036854775807\nvitrum.table.time\t-9223372036854775808", 1000), None);
    }
}
