//! Where everything leaves: records are gathered here, and batches wait here for their fate.

use crate::consent::Consent;
use crate::deflate::deflate;
use crate::draft::Draft;
use crate::effect::{Effect, Rung};
use crate::health::{Health, Loss};
use crate::ids::push_decimal;
use crate::limits::{ATTEMPTS, BATCH_BYTES, BATCH_DELAY, BATCHES, HELD_BYTES, RETRY_DELAY, RING};
use crate::pace::Pace;
use crate::page::View;
use crate::sampling::{self, Kept, Lot};
use crate::time::{PageTime, Span, WallTime};
use vitrum_wire::frame::{Encoding, header};
use vitrum_wire::{Batch, Key, Name, Severity, SpanContext, SpanKind, SpanStatus, Value};

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
    pub(crate) lot: Lot,
    pub(crate) pace: Pace,
    /// The time of the call that is under way.
    pub(crate) now: PageTime,
    /// Whether the site wants to see all before it leaves; and what it is being shown, logs and spans.
    pub(crate) is_reviewed: bool,
    review: Option<(Vec<u8>, Vec<u8>)>,
    pub(crate) is_asking: bool,
    pub(crate) session_id: Vec<u8>,
    /// What the site calls the user, if anything, and whether that is a hash.
    pub(crate) user: (Key, Vec<u8>),
    pub(crate) health: Health,
    records: u32,
    batches: u32,
    logs: Vec<u8>,
    spans: Vec<u8>,
    /// The record that is being written, and whether it is a span.
    draft: Draft,
    is_span: bool,
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
            lot: Lot::NONE,
            pace: Pace::new(),
            now: PageTime(0.0),
            is_reviewed: false,
            review: None,
            is_asking: false,
            session_id,
            user: (Key::UserHash, Vec::new()),
            health: Health::default(),
            records: 0,
            batches: 0,
            logs: Vec::new(),
            spans: Vec::new(),
            draft: Draft::new(),
            is_span: false,
            due: PageTime::NEVER,
            parcels: Vec::new(),
        }
    }

    /// Names of parameters whose values may leave (one a line), whether UUIDs in texts may, and the site's rules.
    pub(crate) fn allow(&mut self, parameters: &[u8], uuids: bool, rules: &[u8]) {
        self.draft.scrubber.rules = rules.into();
        self.draft.scrubber.allowed = parameters.into();
        self.draft.scrubber.masks_uuids = !uuids;
    }

    pub(crate) fn is_collecting(&self) -> bool {
        self.lot.rate > 0.0 && self.consent != Consent::Denied
    }

    /// Whether anything may leave by now.
    pub(crate) fn may_send(&self) -> bool {
        self.consent.allows_sending() && self.lot.is_told()
    }

    /// Looks again whether this session is sampled: what the collector wishes fades.
    pub(crate) fn draw(&mut self, now: PageTime, session_id: &[u8]) {
        let was_told = self.lot.is_told();
        let due = self.due;
        self.lot.draw(session_id, now);
        // What waited longer than a batch does is of a smaller share, in which this session was not: it would count twice.
        if !was_told && self.lot.is_sampled && due < now && !sampling::is_sampled(session_id, self.lot.share(due)) {
            self.clear();
        }
    }

    /// Begins the record of an event that happened in this view, if the terms allow it. [`Outbox::take`] ends it.
    pub(crate) fn log(&mut self, at: f64, name: Name, view: &View) -> Option<&mut Draft> {
        if !self.admits(Some(name)) {
            return None;
        }
        let is_error = name == Name::Exception;
        if is_error {
            self.lot.keep(Kept::Error);
        }
        let severity = if is_error { Severity::Error } else { Severity::Info };
        self.draft.record.begin_log(name, self.unix_nanos(at), severity);
        let id = self.identity(b".", self.records);
        self.draft.text(Key::RecordId, &id);
        self.records += 1;
        if self.consent.allows_identifiers() {
            self.draft.record.context(&view.trace_id, &view.root);
        }
        Some(self.contextual(view))
    }

    /// Begins a span of this view, the same way.
    pub(crate) fn span(
        &mut self,
        kind: SpanKind,
        context: SpanContext<'_>,
        name: &[u8],
        (start, end): (f64, f64),
        failed: bool,
        view: &View,
    ) -> Option<&mut Draft> {
        if !self.admits(None) {
            return None;
        }
        if failed {
            self.lot.keep(Kept::Error);
        }
        let status = if failed { SpanStatus::Error } else { SpanStatus::Unset };
        let times = (self.unix_nanos(start), self.unix_nanos(end));
        self.draft.record.begin_span(kind, context, name, times, status);
        Some(self.contextual(view))
    }

    /// Whether the terms allow such a record; spans have no name.
    pub(crate) fn wants(&self, name: Option<Name>) -> bool {
        self.lot.rate > 0.0 && self.consent.allows(name)
    }

    /// The same, and whether there is room. Counts of what was lost are always told, and that there is a session.
    fn admits(&mut self, name: Option<Name>) -> bool {
        self.is_span = name.is_none();
        if !self.wants(name) {
            return false;
        }
        if matches!(name, Some(Name::Health | Name::SessionStart)) {
            return true;
        }
        if self.held() > HELD_BYTES {
            self.health.count(Loss::Record as usize, 1.0);
            return false;
        }
        self.pace.admits(self.now, name)
    }

    fn contextual(&mut self, view: &View) -> &mut Draft {
        let draft = &mut self.draft;
        draft.is_identified = self.consent.allows_identifiers();
        if draft.is_identified {
            draft.text(Key::SessionId, &self.session_id);
            draft.text(self.user.0, &self.user.1);
            draft.text(Key::ViewId, &view.id);
            draft.text(Key::Template, &view.template);
        }
        draft
    }

    /// Takes in the record that was begun last.
    pub(crate) fn take(&mut self, now: PageTime) {
        self.draft.record.append_to(if self.is_span { &mut self.spans } else { &mut self.logs });
        if self.due == PageTime::NEVER {
            self.due = now.plus(BATCH_DELAY);
        }
        if self.held() > BATCH_BYTES {
            self.due = now;
        }
    }

    /// The same for what comes before all that is gathered.
    pub(crate) fn take_first(&mut self, now: PageTime) {
        let rest = core::mem::take(&mut self.logs);
        self.take(now);
        self.logs.extend_from_slice(&rest);
    }

    fn unix_nanos(&self, at: f64) -> u64 {
        self.time_origin.at(PageTime(at)).unix_nanos()
    }

    /// Whether what is gathered is to be sealed now.
    pub(crate) fn is_ripe(&self, now: PageTime) -> bool {
        self.held() > 0 && self.due <= now && self.parcels.len() < BATCHES && self.review.is_none()
    }

    /// Makes room for what happens next in a session that is not to be told, or not yet: only the last of it is kept.
    pub(crate) fn roll(&mut self, now: PageTime, view: &View) {
        if self.held() > BATCH_BYTES && self.review.is_none() {
            if self.parcels.len() >= RING {
                self.parcels.remove(0);
            }
            self.close(now, view);
        }
    }

    /// Makes a batch of what is gathered, when the site has seen it if it wants to.
    pub(crate) fn close(&mut self, now: PageTime, view: &View) {
        if !self.is_reviewed {
            return self.seal(now, view);
        }
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
    pub(crate) fn reviewed(&mut self, now: PageTime, logs_len: f64, records: &[u8], view: &View) {
        let Some((logs, spans)) = records.split_at_checked(logs_len as usize) else { return };
        if self.review.take().is_none() {
            return;
        }
        let (later, due) = ((core::mem::take(&mut self.logs), core::mem::take(&mut self.spans)), self.due);
        (self.logs, self.spans) = (logs.into(), spans.into());
        if self.held() > 0 {
            self.seal(now, view);
        }
        ((self.logs, self.spans), self.due) = (later, due);
    }

    /// Makes a batch of what is gathered.
    pub(crate) fn seal(&mut self, now: PageTime, view: &View) {
        if !self.health.is_well() || !self.pace.is_kept() {
            let mut health = core::mem::take(&mut self.health);
            let limited = self.pace.told();
            if let Some(draft) = self.log(now.0, Name::Health, view) {
                health.describe(&limited, draft);
                self.take(now);
            }
        }
        let id = self.identity(b".b", self.batches);
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
        let batch = Batch { id: &id, resource: &resource, logs: &self.logs, spans: &self.spans };
        let mut body = header(Encoding::Deflate).to_vec();
        deflate(&mut body, None, &batch.encode());
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

    /// Whether [`Outbox::next_delivery`] has one.
    pub(crate) fn has_delivery(&self, now: PageTime) -> bool {
        self.parcels.iter().any(|parcel| parcel.due <= now)
    }

    /// Makes everything due, because the page may go. Also what is under way: its requests may die with the page, and
    /// the collector stores a batch once however often it comes.
    pub(crate) fn hurry(&mut self, now: PageTime) {
        if self.held() > 0 {
            self.due = now;
        }
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
        self.parcels.swap_remove(index);
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
        self.review = None;
        self.due = PageTime::NEVER;
    }

    /// Renames the session in what is gathered. Both names have as many bytes, and are not to be met by chance.
    pub(crate) fn rename_session(&mut self, to: &[u8]) {
        for records in [&mut self.logs, &mut self.spans] {
            let mut at = 0;
            while let Some(part) = records.get_mut(at..at + to.len()) {
                if *part == *self.session_id {
                    part.copy_from_slice(to);
                }
                at += 1;
            }
        }
        self.session_id = to.into();
    }

    fn held(&self) -> usize {
        self.logs.len() + self.spans.len()
    }

    /// A text of the site's as it may leave.
    pub(crate) fn scrubbed(&mut self, key: Key, text: &[u8]) -> Vec<u8> {
        let mut clean = Vec::new();
        self.draft.scrubber.scrub(&mut clean, key.policy(), text, true);
        clean
    }

    /// The record that is being written, if one is.
    pub(crate) fn draft(&mut self) -> &mut Draft {
        &mut self.draft
    }

    fn identity(&self, infix: &[u8], number: u32) -> Vec<u8> {
        let mut id = self.page.clone();
        id.extend_from_slice(infix);
        push_decimal(&mut id, number);
        id
    }
}
