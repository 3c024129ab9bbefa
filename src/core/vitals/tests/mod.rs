//! The vitals by themselves: rows of one meter in, what it tells out, with the entries that the page has in its hands then.
#![allow(clippy::disallowed_macros, reason = "what the wasm cannot afford, its tests can")]

mod cls;
mod fcp;
mod frames;
mod inp;
mod inp_anew;
mod lcp;
mod life;
mod lists;
mod record;
mod report;
mod ttfb;

use super::report::COMMON;
use super::{Hold, Life, Report, Told, Vitals};
use crate::ids::Ids;
use crate::observation::{Kind, ROWS, Texts};
use crate::page::View;

const LCP: u32 = 1;
const INP: u32 = 1 << 1;
const CLS: u32 = 1 << 2;
const FCP: u32 = 1 << 3;
const TTFB: u32 = 1 << 4;

/// Places in a row of `Kind::Navigation`.
const FETCH: usize = 1;
const WORKER: usize = 2;
const LOOKUP: usize = 5;
const CONNECT: usize = 7;
const CONNECTED: usize = 9;
const RESPONSE: usize = 11;
const INTERACTIVE: usize = 17;
const CONTENT_LOADED: usize = 18;
const COMPLETE: usize = 20;
const LOADED: usize = 22;
const ACTIVATION: usize = 26;
const DISCARDED: usize = 27;
const LOADING: usize = 28;
const NUMBER: usize = 29;

/// The document's entry with these values, and 0 at all other places.
fn document(values: &[(usize, f64)]) -> [f64; 30] {
    let mut row = [0.0; 30];
    for (place, value) in values {
        row[*place] = *value;
    }
    row
}

/// What was told of a vital.
#[derive(Clone, Debug, PartialEq)]
struct Heard {
    vital: String,
    value: f64,
    delta: f64,
    /// 0 good, 1 needs improvement, 2 poor.
    rating: f64,
    /// Number, type, `navigationId`, `navigationInteractionId`, start and URL of its navigation.
    number: f64,
    kind: String,
    id: f64,
    interaction: Option<f64>,
    start: f64,
    url: String,
    /// Start times of the entries behind it, as the page holds them under this list; it is negative if there are none.
    list: f64,
    entries: Vec<f64>,
    /// The attribution.
    parts: Vec<f64>,
    texts: Vec<String>,
    /// All that the page held then.
    lists: Vec<(u32, Vec<f64>)>,
    /// The record of it, were it the agent's own.
    record: Vec<(String, String)>,
}

impl Heard {
    fn line(&self) -> String {
        let Self { vital, value, delta, rating, kind, entries, .. } = self;
        format!("{vital} {value} {delta} {rating} {kind} {entries:?}")
    }

    /// Start times of the entries in a list.
    fn list(&self, number: f64) -> Vec<f64> {
        entries(&self.lists, number)
    }
}

fn entries(lists: &[(u32, Vec<f64>)], number: f64) -> Vec<f64> {
    lists.iter().find(|(list, _)| f64::from(*list) == number).map_or_else(Vec::new, |(_, entries)| entries.clone())
}

/// One meter, and the page around it.
struct Bench {
    vitals: Vitals,
    meter: u32,
    view: std::rc::Rc<View>,
    now: f64,
    lists: Vec<(u32, Vec<f64>)>,
    told: Vec<Heard>,
}

impl Bench {
    /// A meter with these flags that listens from the beginning.
    fn of(flags: u32) -> Self {
        Self::after(Self::own(0)).listening(flags)
    }

    /// The agent's own meter.
    fn own(flags: u32) -> Self {
        let vitals = Vitals::new(Life::new(f64::INFINITY));
        let view = std::rc::Rc::new(View::new((b"https://shop.example/cart", b"https://shop.example/cart"), b"", b"", &mut Ids::new(&[7; 16])));
        Self { vitals, meter: 0, view, now: 0.0, lists: Vec::new(), told: Vec::new() }.listening(flags)
    }

    /// The next meter of the page that this one is in.
    fn after(before: Self) -> Self {
        Self { meter: before.meter + 1, ..before }
    }

    fn listening(mut self, flags: u32) -> Self {
        assert!(self.vitals.listen(self.now, flags, &self.view));
        self
    }

    fn at(mut self, now: f64) -> Self {
        self.now = now;
        self
    }

    /// Hands it a packet: so many rows as the numbers are.
    fn tell(mut self, kind: Kind, numbers: &[f64], texts: &[&str]) -> Self {
        let text = texts.join("\0");
        let mut texts = Texts(text.as_bytes());
        let size = usize::from(ROWS[kind as usize]);
        let mut times = Vec::new();
        for (index, row) in numbers.chunks_exact(size).enumerate() {
            times.push(if kind == Kind::Interaction { row[1] } else { row[0] });
            self.vitals.row(self.now, self.meter as usize, kind, (row, index), &mut texts, &self.view);
        }
        self.vitals.packet(self.meter as usize, kind);
        self.hear(&times);
        self
    }

    /// Takes what it tells, in order, and does with the entries of the packet what it asks for.
    fn hear(&mut self, times: &[f64]) {
        for report in core::mem::take(&mut self.vitals.own) {
            assert_eq!(report.meter, 0);
            self.told.push(heard(&report, &self.lists));
        }
        for told in core::mem::take(&mut self.vitals.told) {
            match told {
                Told::Report(report) => {
                    assert_eq!(report.meter, self.meter);
                    self.told.push(heard(&report, &self.lists));
                }
                Told::Hold(Hold { index: None, list, .. }) => self.lists.retain(|(other, _)| *other != list),
                Told::Hold(Hold { index: Some(index), list, .. }) => {
                    let entry = times[index as usize];
                    match self.lists.iter_mut().find(|(other, _)| *other == list) {
                        Some((_, entries)) => entries.push(entry),
                        None => self.lists.push((list, vec![entry])),
                    }
                }
            }
        }
    }

    /// What is known of the document.
    fn document(self, values: &[(usize, f64)]) -> Self {
        self.tell(Kind::Navigation, &document(values), &["https://shop.example/cart", "navigate", "h2", ""])
    }

    /// The page's visibility changes to hidden, after so many interactions.
    fn hide(self, interactions: f64) -> Self {
        let now = self.now;
        self.tell(Kind::Hidden, &[now, 1.0, interactions], &[])
    }

    /// The page returns from the back/forward cache, after so many interactions.
    fn restore(self, interactions: f64) -> Self {
        let now = self.now;
        self.tell(Kind::Restored, &[now, interactions], &[])
    }

    fn repaint(self) -> Self {
        let now = self.now;
        self.tell(Kind::Repainted, &[now, f64::INFINITY], &[])
    }

    /// A soft navigation now, painted after so long: number, interaction that caused it.
    fn soft(self, number: f64, interaction: f64, painted_after: f64) -> Self {
        let now = self.now;
        self.tell(Kind::SoftNavigation, &[now, number, interaction, now + painted_after, 0.0, 0.0], &["https://shop.example/pay"])
    }

    fn lines(&self) -> Vec<String> {
        self.told.iter().map(Heard::line).collect()
    }

    fn last(&self) -> &Heard {
        self.told.last().expect("a report")
    }

    /// What the page still holds.
    fn held(&self) -> Vec<Vec<f64>> {
        self.lists.iter().map(|(_, entries)| entries.clone()).collect()
    }
}

fn heard(report: &Report, lists: &[(u32, Vec<f64>)]) -> Heard {
    let (common, parts) = report.numbers.split_at(COMMON);
    let &[vital, number, rating, id, interaction, start, value, delta, list] = common else { panic!("{common:?}") };
    let text = String::from_utf8(report.text.clone()).unwrap();
    let mut texts = text.split('\0').map(str::to_owned);
    assert_eq!(report.vital as u8, vital as u8);
    Heard {
        vital: ["lcp", "inp", "cls", "fcp", "ttfb"][vital as usize].to_owned(),
        value,
        delta,
        rating,
        number,
        kind: texts.next().unwrap(),
        id,
        interaction: Some(interaction).filter(|interaction| !interaction.is_nan()),
        start,
        url: texts.next().unwrap(),
        list,
        entries: entries(lists, list),
        parts: parts.into(),
        texts: texts.collect(),
        lists: lists.into(),
        record: record::of(report),
    }
}

/// Whether a meter has told this.
fn check(bench: &Bench, expected: &[&str]) {
    assert_eq!(bench.lines(), expected);
}
