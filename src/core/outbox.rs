//! Where everything leaves: records are gathered here, and batches wait here for their fate.

use crate::consent::Consent;
use crate::draft::Draft;
use crate::effect::{Effect, Rung};
use crate::health::{Health, Loss};
use crate::ids::push_decimal;
use crate::limits::{ATTEMPTS, BATCH_BYTES, BATCH_DELAY, BATCHES, HELD_BYTES, RETRY_DELAY};
use crate::network::Request;
use crate::page::View;
use crate::time::{PageTime, Span, WallTime};
use miniz_oxide::DataFormat;
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output};
use vitrum_wire::frame::{Encoding, header};
use vitrum_wire::{Batch, Key, Name, Record, Severity, SpanStatus};

/// How many places the compressor looks at for each match: that of level 6, as small as zlib at its usual level and
/// five times faster than the fastest in JavaScript.
const LEVEL: u8 = 6;

/// A batch that is sealed: its bytes never change again.
struct Parcel {
    number: u32,
    body: Vec<u8>,
    attempts: i32,
    /// When it may be tried; never while it is under way.
    due: PageTime,
}

/// The records and batches that have not arrived, and the terms on which they may leave.
pub(crate) struct Outbox {
    /// Random, for each page load its own: the first part of every identity.
    pub(crate) page: Vec<u8>,
    pub(crate) time_origin: WallTime,
    /// The encoded attributes of the resource.
    pub(crate) resource: Vec<u8>,
    pub(crate) consent: Consent,
    /// Whether this session is among the sampled.
    pub(crate) is_sampled: bool,
    pub(crate) session_id: Vec<u8>,
    pub(crate) health: Health,
    records: u32,
    batches: u32,
    logs: Vec<u8>,
    spans: Vec<u8>,
    /// When what is gathered is to be sealed.
    due: PageTime,
    parcels: Vec<Parcel>,
}

impl Outbox {
    pub(crate) fn new(page: Vec<u8>, time_origin: WallTime, session_id: Vec<u8>) -> Self {
        Self {
            page,
            time_origin,
            resource: Vec::new(),
            consent: Consent::Denied,
            is_sampled: false,
            session_id,
            health: Health::default(),
            records: 0,
            batches: 0,
            logs: Vec::new(),
            spans: Vec::new(),
            due: PageTime::NEVER,
            parcels: Vec::new(),
        }
    }

    pub(crate) fn is_collecting(&self) -> bool {
        self.is_sampled && self.consent != Consent::Denied
    }

    /// Takes in an event that happened in this view, as `describe` tells it, if the terms allow.
    pub(crate) fn log(&mut self, now: PageTime, at: f64, name: Name, view: &View, describe: &mut dyn FnMut(&mut Draft)) {
        if !self.admits(Some(name)) {
            return;
        }
        let severity = if name == Name::Exception { Severity::Error } else { Severity::Info };
        let record = Record::log(name, self.time_origin.at(PageTime(at)).unix_nanos(), severity);
        let mut draft = Draft::new(record, self.consent.allows_identifiers());
        draft.text(Key::RecordId, &self.identity(b".", self.records));
        self.records += 1;
        self.context(&mut draft, view);
        describe(&mut draft);
        draft.append_to(&mut self.logs);
        self.gathered(now);
    }

    /// Takes in a request of this view that ended now, the same way.
    pub(crate) fn span(&mut self, now: PageTime, end: PageTime, request: &Request, failed: bool, view: &View, describe: &mut dyn FnMut(&mut Draft)) {
        if !self.admits(None) {
            return;
        }
        let [start, end] = [request.at, end].map(|time| self.time_origin.at(time).unix_nanos());
        let status = if failed { SpanStatus::Error } else { SpanStatus::Unset };
        let record = Record::client_span(&request.trace_id, &request.span_id, &request.method, start, end, status);
        let mut draft = Draft::new(record, true);
        self.context(&mut draft, view);
        describe(&mut draft);
        draft.append_to(&mut self.spans);
        self.gathered(now);
    }

    fn admits(&mut self, name: Option<Name>) -> bool {
        let is_full = self.held() > HELD_BYTES;
        let is_wanted = self.is_sampled && self.consent.allows(name);
        if is_full && is_wanted {
            self.health.count(Loss::Record as usize, 1.0);
        }
        is_wanted && !is_full
    }

    fn context(&self, draft: &mut Draft, view: &View) {
        if self.consent.allows_identifiers() {
            draft.text(Key::SessionId, &self.session_id);
            draft.text(Key::ViewId, &view.id);
            draft.text(Key::Path, &view.path);
        }
    }

    fn gathered(&mut self, now: PageTime) {
        if self.due == PageTime::NEVER {
            self.due = now.plus(BATCH_DELAY);
        }
        if self.held() > BATCH_BYTES {
            self.due = now;
        }
    }

    /// Whether what is gathered is to be sealed now.
    pub(crate) fn is_ripe(&self, now: PageTime) -> bool {
        self.held() > 0 && self.due <= now && self.parcels.len() < BATCHES
    }

    /// Makes a batch of what is gathered.
    pub(crate) fn seal(&mut self, now: PageTime, view: &View) {
        if !self.health.is_well() {
            let mut health = core::mem::take(&mut self.health);
            self.log(now, now.0, Name::Health, view, &mut |draft| health.describe(draft));
        }
        let id = self.identity(b".b", self.batches);
        let batch = Batch { id: &id, resource: &self.resource, logs: &self.logs, spans: &self.spans };
        let mut body = header(Encoding::Deflate).to_vec();
        deflate(&mut body, &batch.encode());
        self.parcels.push(Parcel { number: self.batches, body, attempts: 0, due: now });
        self.batches += 1;
        self.logs.clear();
        self.spans.clear();
        self.due = PageTime::NEVER;
    }

    /// The next batch to be sent.
    pub(crate) fn next_delivery(&mut self, now: PageTime, rung: Rung) -> Option<Effect<'_>> {
        let parcel = self.parcels.iter_mut().find(|parcel| parcel.due <= now)?;
        parcel.due = PageTime::NEVER;
        parcel.attempts += 1;
        Some(Effect::Send { batch: parcel.number, rung, body: &parcel.body })
    }

    /// Makes everything due, because the page may go. Also what is under way: its requests may die with the page, and
    /// the collector stores a batch once however often it comes.
    pub(crate) fn hurry(&mut self, now: PageTime) {
        self.due = now;
        for parcel in &mut self.parcels {
            parcel.due = now;
        }
    }

    /// Takes a batch's fate: the status it was answered with, 0 without an answer. Source: WIRE.md, "Transport".
    pub(crate) fn delivered(&mut self, now: PageTime, batch: f64, status: f64) {
        let Some(index) = self.parcels.iter().position(|parcel| f64::from(parcel.number) == batch) else { return };
        let Some(parcel) = self.parcels.get_mut(index) else { return };
        let is_taken = (200.0..300.0).contains(&status);
        let is_refused = (400.0..500.0).contains(&status) && status != 408.0 && status != 429.0;
        if !is_taken && !is_refused && parcel.attempts < ATTEMPTS {
            parcel.due = now.plus(Span(RETRY_DELAY.0 * f64::from(1 << parcel.attempts >> 1)));
            return;
        }
        if !is_taken {
            self.health.count(Loss::Batch as usize, 1.0);
        }
        self.parcels.remove(index);
    }

    /// When there is something to do next.
    pub(crate) fn next_due(&self) -> PageTime {
        // With no room for another batch, only the fate of one makes what is gathered due.
        let gathered = if self.parcels.len() < BATCHES { self.due } else { PageTime::NEVER };
        self.parcels.iter().fold(gathered, |first, parcel| PageTime(first.0.min(parcel.due.0)))
    }

    pub(crate) fn clear(&mut self) {
        self.logs.clear();
        self.spans.clear();
        self.parcels.clear();
        self.due = PageTime::NEVER;
    }

    fn held(&self) -> usize {
        self.logs.len() + self.spans.len()
    }

    fn identity(&self, infix: &[u8], number: u32) -> Vec<u8> {
        let mut id = self.page.clone();
        id.extend_from_slice(infix);
        push_decimal(&mut id, number);
        id
    }
}

/// Appends the text, as raw DEFLATE. One call does it all: so the compiler sees that the level never changes and leaves
/// out what other levels would need, a fifth of the library.
fn deflate(out: &mut Vec<u8>, text: &[u8]) {
    let mut compressor = CompressorOxide::default();
    compressor.set_format_and_level(DataFormat::Raw, LEVEL);
    compress_to_output(&mut compressor, text, TDEFLFlush::Finish, |part| {
        out.extend_from_slice(part);
        true
    });
}
