//! Many records of one event as one: a text with a line for each attribute and a cell for each record (WIRE.md, "Tables").
//!
//! Of thirty resources each is told by a dozen numbers, most of which follow from the one before. Side by side, and as
//! differences, they take a fifth of what they take as records (measured in November 2026, 30 resources of a shop: 2,180 bytes
//! as records, 450 so).

use crate::names::Key;

/// Stands for what a record does not have.
pub(crate) const ABSENT: u8 = b'-';
/// Stands before each cell, and before each line but the first.
pub(crate) const CELL: u8 = b'\t';
pub(crate) const LINE: u8 = b'\n';

/// What `transferSize` has beyond the body where headers travelled. Source: Resource Timing, section 4.4.
pub(crate) const HEADERS_BYTES: i64 = 300;
/// How most requests are answered.
pub(crate) const STATUS: i64 = 200;

/// The numbers of an entry, in an order in which each can be told by those before it: first times, each of which is told
/// from the last that there was; then what they and the sizes say again.
pub(crate) const PHASES: [Key; 12] = [
    Key::FetchStart,
    Key::WorkerStart,
    Key::RedirectStart,
    Key::RedirectEnd,
    Key::DomainLookupStart,
    Key::DomainLookupEnd,
    Key::ConnectStart,
    Key::SecureConnectionStart,
    Key::ConnectEnd,
    Key::RequestStart,
    Key::ResponseStart,
    Key::ResponseEnd,
];

/// The attributes that are texts.
pub(crate) const TEXTS: [Key; 6] =
    [Key::Url, Key::InitiatorType, Key::NextHopProtocol, Key::ServerTiming, Key::RenderBlocking, Key::GroupOrigin];

/// Records under construction, attribute by attribute.
#[derive(Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
    /// Number and time of the last record.
    id: i64,
    time: i64,
}

struct Column {
    key: Key,
    cells: Vec<u8>,
    /// How many cells there are.
    len: usize,
    /// The last text, which is not said twice.
    last: Vec<u8>,
}

impl Table {
    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// So many bytes, about, it will take.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.iter().map(|column| column.cells.len()).sum()
    }

    /// Begins a record: its number and its time, in milliseconds since the page's time origin. Those of the first are the whole's.
    pub fn begin(&mut self, id: u32, time_ms: f64) {
        let (id, time) = (i64::from(id), whole(time_ms));
        let (next_id, last_time) = if self.is_empty() { (id, 0) } else { (self.id + 1, self.time) };
        self.rows += 1;
        (self.id, self.time) = (id, time);
        self.number(Key::RecordId, id, next_id);
        self.number(Key::TableTime, time, last_time);
    }

    /// Adds a text, unless it is empty.
    pub fn text(&mut self, key: Key, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let column = self.column(key);
        if column.last != text {
            column.last = text.into();
            // Nothing that browsers or the agent write has one of these.
            column.cells.extend(text.iter().map(|byte| if *byte < b' ' { b' ' } else { *byte }));
        }
    }

    /// Adds a whole number, unless it is 0.
    pub fn sum(&mut self, key: Key, number: f64) {
        match whole(number) {
            0 => {}
            number => self.number(key, number, 0),
        }
    }

    /// Adds what an entry says after its start: values of the keys from `Key::ResourceDuration` to `Key::StatusCode`.
    pub fn timing(&mut self, numbers: &[f64]) {
        let number = |key: Key| whole(numbers.get(key as usize - Key::ResourceDuration as usize).copied().unwrap_or_default());
        let start = self.time;
        let mut last = start;
        for key in PHASES {
            last = self.predicted(key, number(key), last);
        }
        let duration = number(Key::ResourceDuration);
        // Rounded apart, they may differ by one.
        let said = last - start;
        self.predicted(Key::ResourceDuration, if (duration - said).abs() < 2 { said } else { duration }, said);
        let encoded = number(Key::EncodedBodySize);
        self.predicted(Key::EncodedBodySize, encoded, 0);
        self.predicted(Key::TransferSize, number(Key::TransferSize), encoded + HEADERS_BYTES);
        self.predicted(Key::DecodedBodySize, number(Key::DecodedBodySize), encoded);
        self.predicted(Key::StatusCode, number(Key::StatusCode), STATUS);
    }

    /// The text of all records.
    #[must_use]
    pub fn written(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        for column in &mut self.columns {
            column.fill(self.rows);
            if !out.is_empty() {
                out.push(LINE);
            }
            out.extend_from_slice(column.key.bytes());
            out.extend_from_slice(&column.cells);
        }
        out
    }

    /// Adds a number that is 0 where there is none. Returns what there was last.
    fn predicted(&mut self, key: Key, number: i64, predicted: i64) -> i64 {
        if number == 0 {
            return predicted;
        }
        self.number(key, number, predicted);
        number
    }

    fn number(&mut self, key: Key, number: i64, predicted: i64) {
        let column = self.column(key);
        let difference = number - predicted;
        if difference != 0 {
            push_decimal(&mut column.cells, difference);
        }
    }

    /// The column of this key, with the cell of the record under construction begun.
    fn column(&mut self, key: Key) -> &mut Column {
        let found = self.columns.iter().position(|column| column.key == key);
        let at = found.unwrap_or(self.columns.len());
        if found.is_none() {
            self.columns.push(Column { key, cells: Vec::new(), len: 0, last: Vec::new() });
        }
        #[allow(clippy::indexing_slicing, reason = "it is one of them, or was pushed a line before")]
        let column = &mut self.columns[at];
        column.fill(self.rows - 1);
        column.cells.push(CELL);
        column.len += 1;
        column
    }
}

impl Column {
    /// Says of the records up to this one that they do not have it.
    fn fill(&mut self, rows: usize) {
        while self.len < rows {
            self.cells.extend_from_slice(&[CELL, ABSENT]);
            self.len += 1;
        }
    }
}

/// As all times and sizes travel, and never so large that a difference would not be a number.
fn whole(number: f64) -> i64 {
    const MOST: f64 = 9e15;
    (number + 0.5).floor().clamp(-MOST, MOST) as i64
}

fn push_decimal(out: &mut Vec<u8>, number: i64) {
    let rest = number / 10;
    if rest != 0 {
        push_decimal(out, rest);
    } else if number < 0 {
        out.push(b'-');
    }
    out.push(b'0' + (number % 10).unsigned_abs() as u8);
}
