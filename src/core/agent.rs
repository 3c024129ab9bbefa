//! The agent: what it is told goes to the subjects, and what they have to say goes to the outbox.

mod failures;
mod intake;
mod terms;
mod traces;

use crate::consent::Consent;
use crate::effect::Effect;
use crate::groups::{Budget, Groups};
use crate::health::Loss;
use crate::ids::Ids;
use crate::observation::{Kind, Observation, ROWS, Texts};
use crate::outbox::Outbox;
use crate::page::View;
use crate::session::{Session, Terms};
use crate::time::{PageTime, Span, WallTime};
use crate::url::{after, before};
use crate::vitals::{Hold, Life, Report, Told, Vitals, describe};
use failures::Failures;
use traces::Traces;
use std::rc::Rc;
use vitrum_wire::limits::SCHEMA_VERSION;
use vitrum_wire::{Batch, Key, Name, Value};

/// The agent of one page load. See the crate's documentation for how it is driven.
pub struct Agent {
    session: Session,
    terms: Terms,
    /// Whether the session and the view have been told of.
    is_begun: bool,
    referrer: Vec<u8>,
    /// Whether the last thing to be sent is on its way, after which nothing may be.
    is_parting: bool,
    view: Rc<View>,
    vitals: Vitals,
    outbox: Outbox,
    ids: Ids,
    /// URL of the document, URL of the endpoint, and the rules of URL templates.
    url: Vec<u8>,
    endpoint: Vec<u8>,
    rules: Vec<u8>,
    traces: Traces,
    failed: Failures,
    /// What this view has loaded, and which of it is told in full.
    groups: Groups,
    budget: Budget,
    /// The last long frame: its duration, and how long it blocked.
    frame: (f64, f64),
    /// How many long tasks and changes of the URL of this view were taken in.
    long_tasks: u32,
    routes: u32,
    /// What was told of [`Kind::Opened`].
    opened: Vec<f64>,
    /// Whether an event of the site's is being written.
    is_telling: bool,
    /// When the route began that opened this view, if one did.
    route_at: f64,
    /// The longest task or frame of this view, and how long it was blocked by all of them.
    longest_task: f64,
    blocked: f64,
    /// How much of that has been told.
    told_blocked: f64,
    is_navigation_told: bool,
    /// What is to be asked for with the next effects.
    senses: bool,
    is_hiding: bool,
    is_forgetting: bool,
    is_remembering: bool,
    remembered: Vec<u8>,
    listener: Option<(u32, f64)>,
    /// A report under way to its listener.
    telling: Option<Report>,
    /// What the page is being told.
    told: std::vec::IntoIter<Told>,
    woken_at: PageTime,
    /// When everything was given another name.
    renamed_at: f64,
}

impl Agent {
    /// Begins with an observation of kind [`Kind::Start`] and 16 bytes from a cryptographic source.
    #[must_use]
    pub fn start(now: PageTime, random: &[u8; 16], numbers: &[f64], text: &[u8]) -> Self {
        // Without a start that is one, nothing is collected.
        const NOTHING: [f64; 15] = [0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let [rate, consent, bad_options, time_origin, first_hidden, measures, idle, most, synthetic, uuids, per_minute, reviews, ways, form, drops_extensions] =
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
        if synthetic > 0.0 {
            Batch::resource_attribute(&mut resource, Key::Synthetic, Value::Text(b"test"));
        }
        let (endpoint, trace, url) = (texts.next(), texts.next(), texts.next());
        let (referrer, remembered, seed, rules) = (texts.next(), texts.next(), texts.next(), texts.next());
        let (allowed, scrubbing, cohort) = (texts.next(), texts.next(), texts.next());

        let mut ids = Ids::new(random);
        let time_origin = WallTime(time_origin);
        let terms = Terms { idle: Span(idle), most: Span(most), rate };
        let session = Session::resume(remembered, seed, time_origin.at(now), terms, &mut ids);
        let mut outbox = Outbox::new(Vec::new(), time_origin, session.id.clone());
        outbox.allow(allowed, uuids > 0.0, scrubbing);
        let view = Rc::new(View::new((url, &outbox.ruled(url)), rules, trace, &mut ids));
        outbox.page = ids.hex(8);
        for pair in cohort.split(|byte| *byte == b',').filter(|pair| !pair.is_empty()) {
            let name = before(pair, b"=");
            let value = outbox.scrubbed(Key::Cohort, after(pair, name).get(1..).unwrap_or_default());
            Batch::own_resource_attribute(&mut resource, Key::Cohort, name, Value::Text(&value));
        }
        outbox.resource = resource;
        outbox.consent = Consent::from_number(consent);
        outbox.pace.most = per_minute;
        outbox.is_reviewed = reviews > 0.0;
        outbox.form = form as u8;
        let has = |way: u8| ways as u8 & way > 0;
        (outbox.delivery.can_hold, outbox.delivery.has_second, outbox.delivery.has_stored) = (has(1), has(2), true);
        outbox.now = now;
        outbox.lot.rate = session.rate;
        outbox.lot.draw(&session.id, now);
        outbox.health.count(Loss::Option as usize, bad_options);
        let mut vitals = Vitals::new(Life::new(first_hidden));
        vitals.listen(now.0, measures as u32, &view);
        let mut agent = Self {
            session,
            terms,
            is_begun: false,
            referrer: referrer.into(),
            is_parting: false,
            vitals,
            view,
            outbox,
            ids,
            url: url.into(),
            endpoint: endpoint.into(),
            rules: rules.into(),
            traces: Traces::default(),
            failed: Failures { drops_extensions: drops_extensions > 0.0, ..Failures::default() },
            groups: Groups::default(),
            budget: Budget::new(),
            frame: (0.0, 0.0),
            long_tasks: 0,
            routes: 0,
            opened: vec![0.0; 3],
            is_telling: false,
            route_at: f64::NAN,
            longest_task: 0.0,
            blocked: 0.0,
            told_blocked: 0.0,
            is_navigation_told: false,
            senses: false,
            is_hiding: false,
            // What an earlier page has left goes, too; for those who only listen nothing was ever left.
            is_forgetting: !endpoint.is_empty() && matches!(Consent::from_number(consent), Consent::Denied | Consent::Minimal),
            // Also a session that is not sampled: the tab's next page must not draw again.
            is_remembering: true,
            remembered: Vec::new(),
            listener: None,
            telling: None,
            told: Vec::new().into_iter(),
            woken_at: PageTime::NEVER,
            renamed_at: 0.0,
        };
        agent.open_session(now, 0.0);
        agent.begin_trace(0.0, b"load ", None);
        agent
    }

    /// Takes over those who listen to vitals from an agent that served only them.
    pub fn adopt(&mut self, before: &mut Self) {
        self.vitals.adopt(&mut before.vitals);
    }

    /// Takes in what happened. `now` is the time of the call, which may be later than what it tells of.
    pub fn observe(&mut self, now: PageTime, observation: &Observation<'_>) {
        let Observation { kind, meter, numbers, text } = *observation;
        let mut texts = Texts(text);
        self.outbox.now = now;
        self.outbox.draw(now, &self.session.id);
        let row = ROWS.get(kind as usize).copied().unwrap_or(1);
        if kind == Kind::Restored && meter == 0 {
            self.open_view(now, now.0, b"return ");
        }
        for (index, row) in numbers.chunks_exact(usize::from(row)).enumerate() {
            let mut own = Texts(texts.0);
            self.vitals.row(now.0, meter as usize, kind, (row, index), &mut texts, &self.view);
            if meter == 0 {
                self.take(now, kind, row, &mut own);
            } else if let (Kind::Listen, [flags, threshold]) = (kind, row) {
                self.listen(now, meter, *flags, *threshold);
            }
            // Whichever of the two has read on.
            texts.0 = if own.0.len() < texts.0.len() { own.0 } else { texts.0 };
        }
        self.vitals.packet(meter as usize, kind);
        self.report(now, kind == Kind::Hidden && meter == 0);
    }

    /// The next thing to do, if any.
    pub fn next_effect(&mut self, now: PageTime) -> Option<Effect<'_>> {
        let is_collecting = self.outbox.is_collecting();
        if self.senses != is_collecting {
            self.senses = is_collecting;
            // The page's timer ends with the observers.
            self.woken_at = PageTime::NEVER;
            if is_collecting {
                self.listener = Some((0, THRESHOLD_MS));
            }
            return Some(Effect::Sense(is_collecting));
        }
        if self.next_trace() {
            return Some(Effect::Trace(self.traces.told()));
        }
        if let Some((meter, threshold_ms)) = self.listener.take() {
            return Some(Effect::Watch { meter, flags: self.vitals.flags(meter), threshold_ms });
        }
        if self.told.len() == 0 {
            self.told = core::mem::take(&mut self.vitals.told).into_iter();
        }
        match self.told.next() {
            Some(Told::Hold(Hold { meter, index, list })) => return Some(Effect::Hold { meter, index, list }),
            Some(Told::Report(report)) => {
                let Report { meter, numbers, text, .. } = self.telling.insert(report);
                return Some(Effect::Report { meter: *meter, numbers, text });
            }
            None => {}
        }
        if core::mem::take(&mut self.is_forgetting) {
            return Some(Effect::Forget);
        }
        let is_under_review = self.outbox.is_under_review();
        if self.outbox.is_asking {
            return self.outbox.next_review().map(|(logs, spans)| Effect::Review { logs, spans });
        }
        let may_send = is_collecting && self.outbox.may_send();
        if core::mem::take(&mut self.is_remembering) && self.outbox.consent == Consent::Granted {
            let before = core::mem::replace(&mut self.remembered, self.session.remember());
            if before != self.remembered {
                return Some(Effect::Remember(&self.remembered));
            }
        }
        if self.is_parting {
            if let Some(step) = self.outbox.next_step(now, true, true) {
                return self.outbox.effect(step);
            }
            self.is_parting = false;
            self.consent(now, Consent::Denied, &mut Texts(b""));
            return self.next_effect(now);
        }
        self.outbox.delivery.may_store = self.outbox.consent == Consent::Granted;
        if let Some(step) = self.outbox.next_step(now, self.is_hiding, may_send) {
            return self.outbox.effect(step);
        }
        // The answer comes in the very same event.
        self.is_hiding &= is_under_review;
        let due = PageTime(self.outbox.next_due().0.min(self.traces.requests.due().0));
        if may_send && due < self.woken_at {
            self.woken_at = due;
            return Some(Effect::Wake(due));
        }
        None
    }

    /// Writes down what has become known, and seals what has waited long enough.
    fn report(&mut self, now: PageTime, is_hiding: bool) {
        let Self { vitals, outbox, view, renamed_at, .. } = self;
        let is_collecting = outbox.is_collecting();
        let page = outbox.page.clone();
        for report in core::mem::take(&mut vitals.own) {
            // What was before a refusal has no name any more.
            let view = if report.navigation.start < *renamed_at { &*view } else { &report.navigation.view };
            if is_collecting && let Some(draft) = outbox.log(now.0, Name::WebVital, view) {
                describe(draft, &page, &report);
                outbox.take(now);
            }
        }
        if !outbox.consent.allows_sending() {
            return;
        }
        self.tell_overdue(now, is_hiding);
        let Self { outbox, .. } = self;
        if !outbox.may_send() {
            return outbox.roll(now, &self.view);
        }
        if is_hiding || outbox.is_due(now, false) {
            self.tell_repeats(now);
        }
        let Self { outbox, failed, .. } = self;
        if is_hiding {
            outbox.hurry(now);
        }
        if !failed.errors.has_news() {
            outbox.rest();
        }
        if outbox.is_ripe(now, is_hiding) {
            outbox.close(now, &self.view);
            self.is_remembering = true;
        }
    }
}

/// Shorter events cannot be the slowest of an interaction that matters. Source: web-vitals, `DEFAULT_DURATION_THRESHOLD`.
const THRESHOLD_MS: f64 = 40.0;
