//! The agent: what it is told goes to the subjects, and what they have to say goes to the outbox.

use crate::consent::Consent;
use crate::effect::{Effect, Rung};
use crate::health::Loss;
use crate::ids::Ids;
use crate::limits::{REPEATS, RESOURCES};
use crate::network::{Request, Requests, may_propagate, traceparent};
use crate::observation::{Kind, Observation, Texts};
use crate::outbox::Outbox;
use crate::page::{View, navigation};
use crate::session::Session;
use crate::time::{PageTime, WallTime};
use crate::url::before;
use crate::vitals::Vitals;
use crate::{errors, resources, sampling};
use vitrum_wire::limits::SCHEMA_VERSION;
use vitrum_wire::{Batch, Key, Name, Value};

/// The agent of one page load. See the crate's documentation for how it is driven.
pub struct Agent {
    session: Session,
    view: View,
    vitals: Vitals,
    requests: Requests,
    outbox: Outbox,
    ids: Ids,
    /// URL of the document, URL of the endpoint, and the prefixes of `propagateTo`.
    url: Vec<u8>,
    endpoint: Vec<u8>,
    propagate_to: Vec<u8>,
    /// How many resources, long tasks and errors of this view were taken in.
    resources: u32,
    long_tasks: u32,
    failures: u32,
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
        for key in [Key::ServiceName, Key::ServiceVersion, Key::Environment] {
            let text = texts.next();
            if !text.is_empty() {
                Batch::resource_attribute(&mut resource, key, Value::Text(text));
            }
        }
        let sdk: [(Key, &[u8]); 3] = [
            (Key::SdkName, b"vitrum"),
            (Key::SdkLanguage, b"webjs"),
            (Key::SdkVersion, env!("CARGO_PKG_VERSION").as_bytes()),
        ];
        for (key, text) in sdk {
            Batch::resource_attribute(&mut resource, key, Value::Text(text));
        }
        for (key, number, default) in [(Key::SchemaVersion, f64::from(SCHEMA_VERSION), 0.0), (Key::SampleRate, rate, 1.0)] {
            if number != default {
                Batch::resource_attribute(&mut resource, key, Value::Number(number));
            }
        }
        let [endpoint, propagate_to, url, referrer, remembered] = core::array::from_fn(|_| texts.next());

        let mut ids = Ids::new(random);
        let time_origin = WallTime(time_origin);
        let session = Session::resume(remembered, time_origin.at(now), &mut ids);
        let view = View::new(url, &mut ids);
        let mut outbox = Outbox::new(ids.hex(8), time_origin, session.id.clone());
        outbox.resource = resource;
        outbox.consent = Consent::from_number(consent);
        outbox.is_sampled = sampling::is_sampled(&session.id, rate);
        outbox.health.count(Loss::Option as usize, bad_options);
        if session.is_new {
            outbox.log(now, now.0, Name::SessionStart, &view, &mut |draft| {
                draft.text(Key::SessionPreviousId, &session.previous_id);
            });
        }
        outbox.log(now, 0.0, Name::Navigation, &view, &mut |draft| navigation(draft, url, referrer, b"", false));
        Self {
            session,
            vitals: Vitals::new(view.clone(), PageTime(first_hidden), measures_shifts != 0.0),
            view,
            requests: Requests::default(),
            outbox,
            ids,
            url: url.into(),
            endpoint: endpoint.into(),
            propagate_to: propagate_to.into(),
            resources: 0,
            long_tasks: 0,
            failures: 0,
            senses: false,
            is_hiding: false,
            is_forgetting: false,
            is_remembering: false,
            header: Vec::new(),
            remembered: Vec::new(),
            woken_at: PageTime::NEVER,
        }
    }

    /// Takes in what happened. `now` is the time of the call, which may be later than what it tells of.
    pub fn observe(&mut self, now: PageTime, observation: &Observation<'_>) {
        let Observation { kind, numbers, text } = *observation;
        let texts = &mut Texts(text);
        match kind {
            Kind::Start => {}
            Kind::Navigation => {
                for row in numbers.as_chunks::<28>().0 {
                    let [.., activation, was_discarded] = *row;
                    let [_, _, _, _, _, _, _, _, _, _, _, response_start, ..] = *row;
                    let kind = before(text.get(before(text, b"\0").len() + 1..).unwrap_or_default(), b"\0");
                    self.vitals.navigation(kind, response_start, activation, was_discarded != 0.0);
                    let timing = row.get(..26).unwrap_or_default();
                    self.log(now, 0.0, Name::NavigationTiming, &mut |draft| resources::navigation(draft, timing, texts));
                }
            }
            Kind::Resource => {
                for [at, timing @ ..] in numbers.as_chunks::<18>().0 {
                    self.resource(now, *at, timing, texts);
                }
            }
            Kind::Paint => {
                for at in numbers {
                    self.vitals.first_paint(*at);
                }
            }
            Kind::LargestPaint => {
                for at in numbers {
                    self.vitals.largest_paint(*at);
                }
            }
            Kind::Shift => {
                for [at, value, had_recent_input] in numbers.as_chunks().0 {
                    if *had_recent_input == 0.0 {
                        self.vitals.cls.shift(*at, *value);
                    }
                }
            }
            Kind::Interaction => {
                for [id, duration, count] in numbers.as_chunks().0 {
                    self.vitals.inp.interaction(*id, *duration, *count);
                }
            }
            Kind::FirstInput => self.vitals.lcp.finish(),
            Kind::LongTask => {
                for [at, duration] in numbers.as_chunks().0 {
                    if self.is_within(Bound::LongTasks) {
                        self.log(now, *at, Name::LongTask, &mut |draft| resources::long_task(draft, *duration, texts));
                    }
                }
            }
            Kind::LongFrame => {
                for frame in numbers.as_chunks::<6>().0 {
                    let [at, ..] = *frame;
                    if self.is_within(Bound::LongTasks) {
                        self.log(now, at, Name::LongAnimationFrame, &mut |draft| resources::long_frame(draft, frame));
                    }
                }
            }
            Kind::Failure => {
                for at in numbers {
                    if self.is_within(Bound::Failures) {
                        self.log(now, *at, Name::Exception, &mut |draft| errors::describe(draft, texts));
                    }
                }
            }
            Kind::RequestStarted => {
                for [id, at, own_trace] in numbers.as_chunks().0 {
                    self.start_request(*id, PageTime(*at), *own_trace != 0.0, texts);
                }
            }
            Kind::RequestEnded => {
                for [id, at, status] in numbers.as_chunks().0 {
                    let Some(request) = self.requests.end(*id) else { continue };
                    let (status, error) = (*status, texts.next());
                    let failed = Request::has_failed(status, error);
                    self.outbox.span(now, PageTime(*at), &request, failed, &self.view, &mut |draft| {
                        request.describe(draft, status, error);
                    });
                }
            }
            Kind::Route => {
                for at in numbers {
                    self.route(now, *at, texts);
                }
            }
            Kind::Hidden => {
                self.vitals.hidden(now.0);
                self.is_hiding = true;
            }
            Kind::Restored => {
                self.view = View::new(&self.url, &mut self.ids);
                self.vitals.restore(self.view.clone());
                let url = &self.url;
                self.outbox.log(now, now.0, Name::Navigation, &self.view, &mut |draft| navigation(draft, url, b"", b"", false));
            }
            Kind::Consent => {
                for consent in numbers {
                    self.consent(Consent::from_number(*consent));
                }
            }
            Kind::Woke => self.woken_at = PageTime::NEVER,
            Kind::Delivered => {
                for [batch, status] in numbers.as_chunks().0 {
                    self.outbox.delivered(now, *batch, *status);
                }
            }
            Kind::Lost => {
                for [loss, times] in numbers.as_chunks().0 {
                    self.outbox.health.count(*loss as usize, *times);
                }
            }
        }
        self.report(now);
    }

    /// The next thing to do, if any.
    pub fn next_effect(&mut self, now: PageTime) -> Option<Effect<'_>> {
        if self.senses != self.outbox.is_collecting() {
            self.senses = !self.senses;
            return Some(Effect::Sense(self.senses));
        }
        if core::mem::take(&mut self.is_forgetting) {
            return Some(Effect::Forget);
        }
        if !self.header.is_empty() {
            self.remembered = core::mem::take(&mut self.header);
            return Some(Effect::Propagate(&self.remembered));
        }
        if !self.senses || !self.outbox.consent.allows_sending() {
            return None;
        }
        if core::mem::take(&mut self.is_remembering) && self.outbox.consent.allows_identifiers() {
            self.remembered = self.session.remember(self.outbox.time_origin.at(now));
            return Some(Effect::Remember(&self.remembered));
        }
        let rung = if self.is_hiding { Rung::Beacon } else { Rung::Fetch };
        let due = self.outbox.next_due();
        if due <= now {
            return self.outbox.next_delivery(now, rung);
        }
        self.is_hiding = false;
        if due < self.woken_at {
            self.woken_at = due;
            return Some(Effect::Wake(due));
        }
        None
    }

    /// Writes down what has become known, and seals what has waited long enough.
    fn report(&mut self, now: PageTime) {
        let Self { vitals, outbox, .. } = self;
        if outbox.is_collecting() {
            while let Some(report) = vitals.next_report(self.is_hiding) {
                outbox.log(now, now.0, Name::WebVital, &vitals.view, &mut |draft| vitals.describe(draft, &report));
            }
        }
        if !outbox.consent.allows_sending() {
            return;
        }
        if self.is_hiding {
            outbox.hurry(now);
        }
        if outbox.is_ripe(now) {
            outbox.seal(now, &self.view);
            self.is_remembering = true;
        }
    }

    fn log(&mut self, now: PageTime, at: f64, name: Name, describe: &mut dyn FnMut(&mut crate::draft::Draft)) {
        self.outbox.log(now, at, name, &self.view, describe);
    }

    /// Our own requests are not the page's, and a page with thousands of resources is told by its first.
    fn resource(&mut self, now: PageTime, at: f64, timing: &[f64], texts: &mut Texts<'_>) {
        let mut own = Texts(texts.0);
        if own.next().starts_with(&self.endpoint) || !self.is_within(Bound::Resources) {
            for _ in 0..4 {
                texts.next();
            }
            return;
        }
        self.log(now, at, Name::ResourceTiming, &mut |draft| resources::resource(draft, timing, texts));
    }

    fn start_request(&mut self, id: f64, at: PageTime, own_trace: bool, texts: &mut Texts<'_>) {
        let (url, method) = (texts.next(), texts.next());
        let span_id = self.ids.next_id();
        if !self.requests.start(id, at, url, method, &self.view.trace_id, span_id) {
            self.outbox.health.count(Loss::Request as usize, 1.0);
        } else if !own_trace && may_propagate(url, &self.url, &self.propagate_to) {
            self.header = traceparent(&self.view.trace_id, &span_id);
        }
    }

    /// A new path is a new view; a new query or fragment is the same view still.
    fn route(&mut self, now: PageTime, at: f64, texts: &mut Texts<'_>) {
        let (kind, url) = (texts.next(), texts.next());
        if url == self.url {
            return;
        }
        let is_hash_change = before(url, b"#") == before(&self.url, b"#");
        let view = View::new(url, &mut self.ids);
        if view.path != self.view.path {
            self.view = view;
            (self.resources, self.long_tasks, self.failures) = (0, 0, 0);
        }
        self.url = url.into();
        self.log(now, at, Name::Navigation, &mut |draft| navigation(draft, url, b"", kind, is_hash_change));
    }

    fn consent(&mut self, consent: Consent) {
        self.outbox.consent = consent;
        // What was gathered on other terms may say more than these allow.
        if matches!(consent, Consent::Denied | Consent::Minimal) {
            self.outbox.clear();
            self.requests = Requests::default();
            self.is_forgetting = true;
        }
    }

    /// Counts one more of what is bounded, and says whether it is within.
    fn is_within(&mut self, bound: Bound) -> bool {
        let (count, most) = match bound {
            Bound::Resources => (&mut self.resources, RESOURCES),
            Bound::LongTasks => (&mut self.long_tasks, REPEATS),
            Bound::Failures => (&mut self.failures, REPEATS),
        };
        *count += 1;
        let is_within = *count <= most;
        if !is_within {
            self.outbox.health.count(Loss::Record as usize, 1.0);
        }
        is_within
    }
}

/// What is bounded for each view.
enum Bound {
    Resources,
    LongTasks,
    Failures,
}
