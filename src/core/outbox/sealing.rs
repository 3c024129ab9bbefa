//! Batches made of what is gathered: shown to the site if it wants to see them, written, and handed to their delivery.

use super::Outbox;
use crate::deflate::deflate;
use crate::delivery::{Answer, Step};
use crate::effect::Effect;
use crate::gzip::gzip;
use crate::health::Loss;
use crate::limits::{BATCH_BYTES, BATCHES, PART_BYTES, RING};
use crate::page::View;
use crate::sampling::Kept;
use crate::time::PageTime;
use core::ops::Range;
use vitrum_wire::dictionary;
use vitrum_wire::frame::{Encoding, header, packed_header};
use vitrum_wire::{Batch, Key, Name, Value, pack};

impl Outbox {
    /// Makes room for what happens next in a session that is not to be told, or not yet: only the last of it is kept.
    pub(crate) fn roll(&mut self, now: PageTime, view: &View) {
        if self.held() > BATCH_BYTES && self.review.is_none() {
            if self.delivery.len() >= RING {
                self.delivery.drop_first();
            }
            self.close(now, view);
        }
    }

    /// Makes a batch of what is gathered, when the site has seen it if it wants to.
    pub(crate) fn close(&mut self, now: PageTime, view: &View) {
        if !self.health.is_well() || !self.pace.is_kept() {
            let mut health = core::mem::take(&mut self.health);
            let limited = self.pace.told();
            if let Some(draft) = self.log(now.0, Name::Health, view) {
                health.describe(&limited, draft);
                self.take(now);
            }
        }
        if !self.is_reviewed {
            return self.seal(now);
        }
        self.end_rows();
        self.review = Some((core::mem::take(&mut self.logs), core::mem::take(&mut self.spans)));
        self.is_asking = true;
        self.due = PageTime::NEVER;
    }

    /// What the site is to be shown: log records and spans.
    pub(crate) fn next_review(&mut self) -> Option<(&[u8], &[u8])> {
        if !core::mem::take(&mut self.is_asking) {
            return None;
        }
        self.review.as_ref().map(|(logs, spans)| (logs.as_slice(), spans.as_slice()))
    }

    /// Whether the site has not answered yet.
    pub(crate) fn is_under_review(&self) -> bool {
        self.review.is_some()
    }

    /// What the site has made of it: the first bytes are log records, the rest spans.
    pub(crate) fn reviewed(&mut self, now: PageTime, logs_len: f64, records: &[u8]) {
        let Some((logs, spans)) = records.split_at_checked(logs_len as usize) else { return };
        if self.review.take().is_none() {
            return;
        }
        let (later, due) = ((core::mem::take(&mut self.logs), core::mem::take(&mut self.spans)), self.due);
        (self.logs, self.spans) = (logs.into(), spans.into());
        if self.held() > 0 {
            self.seal(now);
        }
        ((self.logs, self.spans), self.due) = (later, due);
    }

    /// Makes a batch of what is gathered.
    pub(crate) fn seal(&mut self, now: PageTime) {
        self.end_rows();
        let (logs, spans) = (core::mem::take(&mut self.logs), core::mem::take(&mut self.spans));
        let (mut logs, mut spans) = (logs.as_slice(), spans.as_slice());
        let made = self.time_origin.at(now).0;
        while logs.len() + spans.len() > 0 {
            let (first_logs, first_spans) = (whole(logs, PART_BYTES), whole(spans, PART_BYTES));
            for (number, path, body, kept) in self.parts(now, first_logs, first_spans, true) {
                self.delivery.add((number, path), body, kept, made, now);
            }
            self.batches += 1;
            (logs, spans) = (after(logs, first_logs), after(spans, first_spans));
        }
        self.due = PageTime::NEVER;
        self.later_due = PageTime::NEVER;
        self.settled = now;
    }

    /// What leaves of the batch that is open, with these records: number, where it goes, the body, and if it is to be
    /// kept the message, which may have to be written otherwise.
    fn parts(&self, now: PageTime, logs: &[u8], spans: &[u8], is_kept: bool) -> Vec<(u32, u8, Vec<u8>, Vec<u8>)> {
        let id = self.identity(b".b", self.batches - self.others);
        let mut resource = self.resource.clone();
        let share = self.lot.share(PageTime(now.0.min(self.due.0)));
        if !self.lot.is_sampled {
            // What is sealed before there is a reason leaves only when there is one: mostly an error.
            let why = self.lot.kept.unwrap_or(Kept::Error).name();
            Batch::resource_attribute(&mut resource, Key::Kept, Value::Text(why));
        } else if share < 1.0 {
            Batch::resource_attribute(&mut resource, Key::SampleRate, Value::Number(share));
        }
        let scrubbed = self.draft.scrubber.told();
        if !scrubbed.is_empty() {
            Batch::resource_attribute(&mut resource, Key::Scrubbed, Value::Text(&scrubbed));
        }
        let batch = Batch { id: &id, resource: &resource, logs, spans };
        let first = self.numbers().start;
        if self.form == 0 {
            // Until it is known what the receiver knows.
            let kept = if is_kept && self.delivery.knows.is_none() && self.lot.is_told() { batch.encode() } else { Vec::new() };
            let body = if self.delivery.knows == Some(false) { beacon(&batch.encode()) } else { packed(&batch) };
            return vec![(first, 0, body, kept)];
        }
        let requests = [(first, 1, batch.encode_logs()), (first + 1, 2, batch.encode_spans())];
        requests.into_iter().filter(|(.., message)| !message.is_empty()).map(|(number, path, message)| (number, path, self.request(message), Vec::new())).collect()
    }

    /// The numbers of what the open batch will be: one beacon, or two requests of OTLP.
    fn numbers(&self) -> Range<u32> {
        let each = if self.form == 0 { 1 } else { 2 };
        self.batches * each..(self.batches + 1) * each
    }

    /// A request of OTLP as it travels.
    fn request(&self, message: Vec<u8>) -> Vec<u8> {
        if self.form > 1 {
            return message;
        }
        let mut body = Vec::new();
        gzip(&mut body, &message);
        body
    }

    /// The next thing to do about batches.
    pub(crate) fn next_step(&mut self, now: PageTime, is_parting: bool, may: bool) -> Option<Step> {
        // What the open batch would be by now is held, too. It has one number, however often it is written.
        let is_open = may && self.held() > 0 && !self.is_reviewed;
        let numbers = self.numbers();
        if let Some(number) = self.delivery.release(if is_open { numbers } else { 0..0 }) {
            return Some(Step::Release(number));
        }
        if is_open && self.delivery.can_hold && self.later_due <= now && !is_parting {
            self.later_due = PageTime::NEVER;
            self.settled = now;
            let rows = self.rows_record();
            self.later = self.parts(now, &[&*self.logs, &rows].concat(), &self.spans, false);
            self.is_later = self.later.len();
        }
        if is_open && self.is_later > 0 {
            self.is_later -= 1;
            let index = self.is_later;
            if let Some((number, ..)) = self.later.get(index) {
                self.delivery.hold(*number);
                return Some(Step::Open(index));
            }
        }
        self.delivery.next_step(now, is_parting, may)
    }

    /// What is asked for by that.
    pub(crate) fn effect(&self, step: Step) -> Option<Effect<'_>> {
        if let Step::Open(index) = step {
            let (batch, path, body, _) = self.later.get(index)?;
            return Some(Effect::Later { batch: *batch, path: *path, is_second: self.delivery.is_second, body });
        }
        self.delivery.effect(step)
    }

    /// Takes in a batch that was stored, to be tried again.
    pub(crate) fn recalled(&mut self, now: PageTime, path: u8, made: f64, body: &[u8]) {
        // Numbers from here are of no batch of this page.
        const RECALLED: u32 = 1 << 24;
        self.recalls += 1;
        self.delivery.add((RECALLED + self.recalls, path), body.into(), Vec::new(), made, now);
    }

    /// Makes everything due, because the page may go.
    pub(crate) fn hurry(&mut self, now: PageTime) {
        if self.held() > 0 {
            self.due = now;
        }
        self.delivery.hurry(now);
    }

    /// Takes in a batch's fate; `chance` is drawn between 0 and 1.
    pub(crate) fn delivered(&mut self, now: PageTime, answer: Answer, chance: f64) {
        self.delivery.heard(now, answer.status);
        if let Some((number, plain)) = self.delivery.answered(now, answer, chance) {
            self.delivery.rewrite(number, beacon(&plain));
        }
        self.health.count(Loss::Batch as usize, core::mem::take(&mut self.delivery.lost));
    }

    /// When there is something to do next.
    pub(crate) fn next_due(&self) -> PageTime {
        // With no room for another batch, only the fate of one makes what is gathered due.
        let gathered = if self.delivery.len() < BATCHES { self.due } else { PageTime::NEVER };
        let later = if self.delivery.can_hold && !self.is_reviewed { self.later_due } else { PageTime::NEVER };
        PageTime(gathered.0.min(self.delivery.next_due().0).min(later.0))
    }
}

/// A batch as a beacon in few bytes.
fn packed(batch: &Batch<'_>) -> Vec<u8> {
    let mut body = packed_header(dictionary::CURRENT).to_vec();
    deflate(&mut body, dictionary::of(dictionary::CURRENT), &pack(batch));
    body
}

/// A message as a beacon that every receiver can read.
fn beacon(message: &[u8]) -> Vec<u8> {
    let mut body = header(Encoding::Deflate).to_vec();
    deflate(&mut body, None, message);
    body
}

/// What follows the first of all.
fn after<'a>(all: &'a [u8], first: &[u8]) -> &'a [u8] {
    all.get(first.len()..).unwrap_or_default()
}

/// The first records of some, each whole: as many as fit, and one at least. A record is a field of bytes with a number below 16.
fn whole(records: &[u8], limit_bytes: usize) -> &[u8] {
    let mut end = 0;
    while end < records.len() {
        let (mut at, mut len, mut shift) = (end + 1, 0, 0);
        while let Some(byte) = records.get(at) {
            len |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            at += 1;
            if *byte < 0x80 {
                break;
            }
        }
        let next = at + len;
        if end > 0 && next > limit_bytes {
            break;
        }
        end = next;
    }
    records.get(..end).unwrap_or(records)
}
