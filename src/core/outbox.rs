//! Where everything leaves: records are gathered here, and batches wait here for their fate.

mod rows;
mod sealing;

use crate::consent::Consent;
use crate::draft::Draft;
use crate::delivery::Delivery;
use crate::health::{Health, Loss};
use crate::ids::push_decimal;
use crate::limits::{BATCH_BYTES, BATCH_DELAY, BATCHES, HASTE_DELAY, HELD_BYTES, LATER_DELAY};
use crate::pace::Pace;
use crate::page::View;
use crate::sampling::{self, Kept, Lot};
use crate::time::{PageTime, Span, WallTime};
use rows::Rows;
use vitrum_wire::{Key, Name, Severity, SpanContext, SpanKind, SpanStatus};

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
    /// How many of these were of a page with another name.
    others: u32,
    recalls: u32,
    logs: Vec<u8>,
    spans: Vec<u8>,
    /// The record that is being written, and whether it is a span.
    draft: Draft,
    is_span: bool,
    rows: Option<Rows>,
    /// Whether nobody sees the page: its timers are late then, and a browser that needs memory takes it first.
    pub(crate) is_hidden: bool,
    /// When records were last sealed, or given to the browser to hold.
    settled: PageTime,
    /// When what is gathered is to be sealed.
    due: PageTime,
    pub(crate) delivery: Delivery,
    /// When the browser is to hold what is gathered, and that as it holds it.
    later_due: PageTime,
    later: Vec<(u32, u8, Vec<u8>, Vec<u8>)>,
    /// How many of these the browser has not been given yet.
    is_later: usize,
    /// How batches travel: 0 as beacons, 1 as requests of OTLP in gzip, 2 as they are, 3 as they are and easy to read.
    pub(crate) form: u8,
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
            others: 0,
            recalls: 0,
            logs: Vec::new(),
            spans: Vec::new(),
            draft: Draft::new(),
            is_span: false,
            rows: None,
            is_hidden: false,
            settled: PageTime(0.0),
            due: PageTime::NEVER,
            delivery: Delivery::default(),
            later_due: PageTime::NEVER,
            later: Vec::new(),
            is_later: 0,
            form: 0,
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
        if self.admits(Some(name)) { Some(self.begin(at, name, Severity::Info, (view, &view.root))) } else { None }
    }

    /// The same for an error that happened in this span; a grave one is a reason to tell of a session.
    pub(crate) fn failure(&mut self, at: f64, view: &View, span: &[u8], is_grave: bool) -> Option<&mut Draft> {
        if !self.admits(Some(Name::Exception)) {
            return None;
        }
        if is_grave {
            self.lot.keep(Kept::Error);
        }
        Some(self.begin(at, Name::Exception, Severity::Error, (view, span)))
    }

    /// The next number is its.
    fn begin(&mut self, at: f64, name: Name, severity: Severity, context: (&View, &[u8])) -> &mut Draft {
        self.records += 1;
        self.begin_as(self.records - 1, at, name, severity, context)
    }

    fn begin_as(&mut self, id: u32, at: f64, name: Name, severity: Severity, (view, span): (&View, &[u8])) -> &mut Draft {
        self.draft.record.begin_log(name, self.unix_nanos(at), severity);
        let id = self.identity(b".", id);
        self.draft.text(Key::RecordId, &id);
        if self.consent.allows_identifiers() {
            self.draft.record.context(&view.trace_id, span);
        }
        self.contextual(view)
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

    /// The same, and whether there is room. Counts are always told, and that there is a session.
    fn admits(&mut self, name: Option<Name>) -> bool {
        self.is_span = name.is_none();
        if !self.wants(name) {
            return false;
        }
        if matches!(name, Some(Name::Health | Name::SessionStart | Name::ErrorRepeats)) {
            return true;
        }
        if !self.has_room() {
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
        if !core::mem::take(&mut self.draft.is_row) {
            self.draft.record.append_to(if self.is_span { &mut self.spans } else { &mut self.logs });
        }
        self.expect(now);
        if self.later_due == PageTime::NEVER {
            self.later_due = self.soon(now, LATER_DELAY);
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

    /// There is something to tell with the next batch, that is not written yet.
    pub(crate) fn expect(&mut self, now: PageTime) {
        if self.due == PageTime::NEVER {
            self.due = if self.delivery.can_hold && !self.is_reviewed { now.plus(BATCH_DELAY) } else { self.soon(now, HASTE_DELAY) };
        }
    }

    /// After this delay; where timers are late at once, unless less than it has passed since that was done last.
    fn soon(&self, now: PageTime, delay: Span) -> PageTime {
        let from = if self.is_hidden { self.settled } else { now };
        PageTime(now.0.max(from.plus(delay).0))
    }

    /// Nothing was written: there is nothing to wait for.
    pub(crate) fn rest(&mut self) {
        if self.held() == 0 && self.due <= self.now {
            self.due = PageTime::NEVER;
        }
    }

    /// Whether more may be gathered.
    pub(crate) fn has_room(&self) -> bool {
        self.held() <= HELD_BYTES
    }

    /// Whether the next batch is to be sealed now. Those of a page that may go need not wait for room.
    pub(crate) fn is_due(&self, now: PageTime, is_hiding: bool) -> bool {
        self.due <= now && self.delivery.len() < BATCHES << u32::from(is_hiding) && self.review.is_none()
    }

    /// The same, and there is something to be sealed.
    pub(crate) fn is_ripe(&self, now: PageTime, is_hiding: bool) -> bool {
        self.held() > 0 && self.is_due(now, is_hiding)
    }

    pub(crate) fn clear(&mut self) {
        self.logs.clear();
        self.spans.clear();
        self.drop_rows();
        self.delivery.clear();
        self.review = None;
        self.due = PageTime::NEVER;
        self.later_due = PageTime::NEVER;
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

    /// From now on this is the page's name, and its numbers begin anew. What is under way is still known by its own.
    pub(crate) fn rename_page(&mut self, page: Vec<u8>) {
        self.page = page;
        (self.records, self.others) = (0, self.batches);
    }

    fn held(&self) -> usize {
        self.logs.len() + self.spans.len() + self.rows_len()
    }

    /// A text of the site's as it may leave.
    pub(crate) fn scrubbed(&mut self, key: Key, text: &[u8]) -> Vec<u8> {
        let mut clean = Vec::new();
        self.draft.scrubber.scrub(&mut clean, key.policy(), text, true);
        clean
    }

    /// A URL as the site's rules leave it, of which something else than a URL is to be told.
    pub(crate) fn ruled(&mut self, url: &[u8]) -> Vec<u8> {
        self.draft.scrubber.ruled(url)
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
