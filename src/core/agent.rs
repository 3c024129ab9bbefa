//! The agent: what it is told goes to the subjects, and what they have to say goes to the outbox.

use crate::consent::Consent;
use crate::draft::Draft;
use crate::effect::{Effect, Rung};
use crate::health::Loss;
use crate::ids::Ids;
use crate::limits::{ERROR_NAME_BYTES, METHOD_BYTES, REPEATS, RESOURCES};
use crate::network::{self, may_propagate, traceparent};
use crate::observation::{Kind, Observation, ROWS, Texts};
use crate::outbox::Outbox;
use crate::page::{View, navigation};
use crate::scrub::cut;
use crate::session::Session;
use crate::time::{PageTime, WallTime};
use crate::url::{before, path};
use crate::vitals::Vitals;
use crate::{errors, resources, sampling};
use vitrum_wire::limits::SCHEMA_VERSION;
use vitrum_wire::{Batch, Key, Name, Value};

/// The agent of one page load. See the crate's documentation for how it is driven.
pub struct Agent {
    session: Session,
    view: View,
    vitals: Vitals,
    outbox: Outbox,
    ids: Ids,
    /// URL of the document, URL of the endpoint, and the prefixes of `propagateTo`.
    url: Vec<u8>,
    endpoint: Vec<u8>,
    propagate_to: Vec<u8>,
    /// How many resources, long tasks, errors and changes of the URL of this view were taken in.
    resources: u32,
    long_tasks: u32,
    failures: u32,
    routes: u32,
    /// What is to be asked for with the next effects.
    senses: bool,
    is_hiding: bool,
    is_forgetting: bool,
    is_remembering: bool,
    header: Vec<u8>,
    remembered: Vec<u8>,
    woken_at: PageTime,
}

impl Agent {
    /// Begins with an observation of kind [`Kind::Start`] and 16 bytes from a cryptographic source.
    #[must_use]
    pub fn start(now: PageTime, random: &[u8; 16], numbers: &[f64], text: &[u8]) -> Self {
        // Without a start that is one, nothing is collected.
        const NOTHING: [f64; 6] = [0.0, 2.0, 0.0, 0.0, 0.0, 0.0];
        let [rate, consent, bad_options, time_origin, first_hidden, measures_shifts] =
            *numbers.first_chunk().unwrap_or(&NOTHING);
        let mut texts = Texts(text);
        let mut resource = Vec::new();
        // The first three are the site's, and need not be given.
        let texts_of: [(Key, &[u8]); 6] = [
            (Key::ServiceName, texts.next()),
            (Key::ServiceVersion, texts.next()),
            (Key::Environment, texts.next()),
            (Key::SdkName, b"vitrum"),
            (Key::SdkLanguage, b"webjs"),
            (Key::SdkVersion, env!("CARGO_PKG_VERSION").as_bytes()),
        ];
        for (key, text) in &texts_of {
            if !text.is_empty() {
                Batch::resource_attribute(&mut resource, *key, Value::Text(text));
            }
        }
        Batch::resource_attribute(&mut resource, Key::SchemaVersion, Value::Number(f64::from(SCHEMA_VERSION)));
        if rate < 1.0 {
            Batch::resource_attribute(&mut resource, Key::SampleRate, Value::Number(rate));
        }
        let (endpoint, propagate_to, url) = (texts.next(), texts.next(), texts.next());
        let (referrer, remembered) = (texts.next(), texts.next());

        let mut ids = Ids::new(random);
        let time_origin = WallTime(time_origin);
        let session = Session::resume(remembered, time_origin.at(now), &mut ids);
        let view = View::new(url, &mut ids);
        let mut outbox = Outbox::new(ids.hex(8), time_origin, session.id.clone());
        outbox.resource = resource;
        outbox.consent = Consent::from_number(consent);
        outbox.is_sampled = sampling::is_sampled(&session.id, rate);
        outbox.health.count(Loss::Option as usize, bad_options);
        let mut agent = Self {
            session,
            vitals: Vitals::new(view.clone(), ids.hex(8), PageTime(first_hidden), measures_shifts != 0.0),
            view,
            outbox,
            ids,
            url: url.into(),
            endpoint: endpoint.into(),
            propagate_to: propagate_to.into(),
            resources: 0,
            long_tasks: 0,
            failures: 0,
            routes: 0,
            senses: false,
            is_hiding: false,
            is_forgetting: false,
            // Also a session that is not sampled: the tab's next page must not draw again.
            is_remembering: true,
            header: Vec::new(),
            remembered: Vec::new(),
            woken_at: PageTime::NEVER,
        };
        if agent.session.is_new
            && let Some(draft) = agent.outbox.log(now.0, Name::SessionStart, &agent.view)
        {
            draft.text(Key::SessionPreviousId, &agent.session.previous_id);
            agent.outbox.take(now);
        }
        agent.navigation(now, 0.0, referrer);
        agent
    }

    /// Takes in what happened. `now` is the time of the call, which may be later than what it tells of.
    pub fn observe(&mut self, now: PageTime, observation: &Observation<'_>) {
        let Observation { kind, numbers, text } = *observation;
        let mut texts = Texts(text);
        let row = ROWS.get(kind as usize).copied().unwrap_or(1);
        for row in numbers.chunks_exact(usize::from(row)) {
            self.take(now, kind, row, &mut texts);
        }
        self.report(now, kind == Kind::Hidden);
    }

    /// Takes in one row. The patterns have the numbers in the order that [`Kind`] says.
    fn take(&mut self, now: PageTime, kind: Kind, row: &[f64], texts: &mut Texts<'_>) {
        let [at, rest @ ..] = row else { return };
        let at = *at;
        match (kind, rest) {
            (Kind::Navigation, [_, _, _, _, _, _, _, _, _, _, response_start, .., activation, was_discarded]) => {
                let kind = Texts(text_after(texts.0)).next();
                self.vitals.navigation(kind, *response_start, *activation, *was_discarded != 0.0);
                let phases = row.get(..26).unwrap_or_default();
                if let Some(draft) = self.outbox.log(0.0, Name::NavigationTiming, &self.view) {
                    resources::timing(draft, phases, Key::NavigationType, texts);
                    self.outbox.take(now);
                }
            }
            (Kind::Resource, phases) => self.resource(now, at, phases, texts),
            (Kind::Paint, _) => self.vitals.first_paint(at),
            (Kind::LargestPaint, _) => self.vitals.largest_paint(at),
            (Kind::Shift, [value, had_recent_input]) if *had_recent_input == 0.0 => self.vitals.cls.shift(at, *value),
            (Kind::Interaction, [duration, count]) => self.vitals.inp.interaction(at, *duration, *count),
            (Kind::FirstInput, _) => self.vitals.lcp.finish(),
            (Kind::LongTask, [duration]) => {
                if let Some(draft) = self.bounded(Bound::LongTasks, at, Name::LongTask) {
                    resources::long_task(draft, *duration, texts);
                    self.outbox.take(now);
                }
            }
            (Kind::LongFrame, _) => {
                if let Some(draft) = self.bounded(Bound::LongTasks, at, Name::LongAnimationFrame) {
                    resources::long_frame(draft, row);
                    self.outbox.take(now);
                }
            }
            (Kind::Failure, _) => {
                if let Some(draft) = self.bounded(Bound::Failures, at, Name::Exception) {
                    errors::describe(draft, texts);
                    self.outbox.take(now);
                }
            }
            (Kind::RequestStarted, _) => {
                // A header is something that leaves: only where records with identifiers may.
                let is_allowed = self.outbox.is_collecting() && self.outbox.consent == Consent::Granted;
                if is_allowed && may_propagate(texts.next(), &self.url, &self.propagate_to) {
                    self.header = traceparent(&self.view.trace_id, &self.ids.next_id());
                }
            }
            (Kind::RequestEnded, [end, status]) => self.request(now, (at, *end), *status, texts),
            (Kind::Route, _) => self.route(now, at, texts),
            (Kind::Hidden, _) => {
                self.vitals.hidden(now.0);
                self.is_hiding = true;
            }
            (Kind::Restored, _) => {
                self.open_view();
                self.vitals.restore(self.view.clone(), self.ids.hex(8));
                self.navigation(now, now.0, b"");
            }
            (Kind::Consent, _) => self.consent(Consent::from_number(at)),
            (Kind::Woke, _) => self.woken_at = PageTime::NEVER,
            (Kind::Delivered, [status]) => self.outbox.delivered(now, at, *status),
            (Kind::Lost, [times]) => self.outbox.health.count(at as usize, *times),
            _ => {}
        }
    }

    /// The next thing to do, if any.
    pub fn next_effect(&mut self, now: PageTime) -> Option<Effect<'_>> {
        let is_collecting = self.outbox.is_collecting();
        if self.senses != is_collecting {
            self.senses = is_collecting;
            // The page's timer ends with the observers.
            self.woken_at = PageTime::NEVER;
            return Some(Effect::Sense(is_collecting));
        }
        if core::mem::take(&mut self.is_forgetting) {
            return Some(Effect::Forget);
        }
        if !self.header.is_empty() {
            self.remembered = core::mem::take(&mut self.header);
            return Some(Effect::Propagate(&self.remembered));
        }
        let may_send = is_collecting && self.outbox.consent.allows_sending();
        if core::mem::take(&mut self.is_remembering) && self.outbox.consent == Consent::Granted {
            self.remembered = self.session.remember(self.outbox.time_origin.at(now));
            return Some(Effect::Remember(&self.remembered));
        }
        if may_send && self.outbox.has_delivery(now) {
            return self.outbox.next_delivery(now, if self.is_hiding { Rung::Beacon } else { Rung::Fetch });
        }
        self.is_hiding = false;
        let due = self.outbox.next_due();
        if may_send && due < self.woken_at {
            self.woken_at = due;
            return Some(Effect::Wake(due));
        }
        None
    }

    /// Writes down what has become known, and seals what has waited long enough.
    fn report(&mut self, now: PageTime, is_hiding: bool) {
        let Self { vitals, outbox, .. } = self;
        if outbox.is_collecting() {
            while let Some(report) = vitals.next_report(is_hiding) {
                if let Some(draft) = outbox.log(now.0, Name::WebVital, &vitals.view) {
                    vitals.describe(draft, &report);
                    outbox.take(now);
                }
            }
        }
        if !outbox.consent.allows_sending() {
            return;
        }
        if is_hiding {
            outbox.hurry(now);
        }
        if outbox.is_ripe(now) {
            outbox.seal(now, &self.view);
            self.is_remembering = true;
        }
    }

    /// Begins a record of which each view has only so many.
    fn bounded(&mut self, bound: Bound, at: f64, name: Name) -> Option<&mut Draft> {
        let (count, most) = match bound {
            Bound::Resources => (&mut self.resources, RESOURCES),
            Bound::LongTasks => (&mut self.long_tasks, REPEATS),
            Bound::Failures => (&mut self.failures, REPEATS),
            Bound::Routes => (&mut self.routes, REPEATS),
        };
        if !self.outbox.wants(Some(name)) {
            return None;
        }
        *count += 1;
        if *count > most {
            self.outbox.health.count(Loss::Record as usize, 1.0);
            return None;
        }
        self.outbox.log(at, name, &self.view)
    }

    /// Our own requests are not the page's, and a page with thousands of resources is told by its first.
    fn resource(&mut self, now: PageTime, at: f64, phases: &[f64], texts: &mut Texts<'_>) {
        let is_own = Texts(texts.0).next().strip_prefix(self.endpoint.as_slice()) == Some(b"/v1/beacon");
        if !is_own
            && let Some(draft) = self.bounded(Bound::Resources, at, Name::ResourceTiming)
        {
            resources::timing(draft, phases, Key::InitiatorType, texts);
            return self.outbox.take(now);
        }
        for _ in 0..4 {
            texts.next();
        }
    }

    fn request(&mut self, now: PageTime, times: (f64, f64), status: f64, texts: &mut Texts<'_>) {
        let (url, method) = (texts.next(), cut(texts.next(), METHOD_BYTES));
        let (error, header) = (cut(texts.next(), ERROR_NAME_BYTES), texts.next());
        let (mut trace_id, mut span_id) = network::read_traceparent(header);
        if span_id.is_empty() {
            (trace_id, span_id) = (self.view.trace_id.clone(), self.ids.draw(8));
        }
        let failed = network::has_failed(status, error);
        if let Some(draft) = self.outbox.span((&trace_id, &span_id), method, times, failed, &self.view) {
            network::describe(draft, url, method, status, error);
            self.outbox.take(now);
        }
    }

    /// A new path is a new view; a new query or fragment is the same view still.
    fn route(&mut self, now: PageTime, at: f64, texts: &mut Texts<'_>) {
        let (kind, url) = (texts.next(), texts.next());
        if url == self.url {
            return;
        }
        let is_hash_change = before(url, b"#") == before(&self.url, b"#");
        self.url = url.into();
        if path(url) != self.view.path {
            self.open_view();
        }
        // A page may rewrite its query or fragment with every scroll.
        if let Some(draft) = self.bounded(Bound::Routes, at, Name::Navigation) {
            navigation(draft, url, b"", kind, is_hash_change);
            self.outbox.take(now);
        }
    }

    /// A new view, with bounds of its own.
    fn open_view(&mut self) {
        self.view = View::new(&self.url, &mut self.ids);
        (self.resources, self.long_tasks, self.failures, self.routes) = (0, 0, 0, 0);
    }

    fn navigation(&mut self, now: PageTime, at: f64, referrer: &[u8]) {
        if let Some(draft) = self.outbox.log(at, Name::Navigation, &self.view) {
            navigation(draft, &self.url, referrer, b"", false);
            self.outbox.take(now);
        }
    }

    fn consent(&mut self, consent: Consent) {
        self.outbox.consent = consent;
        self.is_remembering = true;
        // What was gathered on other terms may say more than these allow.
        if matches!(consent, Consent::Denied | Consent::Minimal) {
            self.outbox.clear();
            self.is_forgetting = true;
        }
    }
}

/// What follows the first text.
fn text_after(texts: &[u8]) -> &[u8] {
    texts.get(before(texts, b"\0").len() + 1..).unwrap_or_default()
}

/// What is bounded for each view.
enum Bound {
    Resources,
    LongTasks,
    Failures,
    Routes,
}
