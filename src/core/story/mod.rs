//! Stories of whole visits: scripted observations in, effects and decoded batches out. A [`Visit`] is the page, the
//! clock and the network of one agent.
#![allow(clippy::disallowed_macros, clippy::disallowed_types, reason = "what the wasm cannot afford, its tests can")]

mod bounds;
mod chance;
mod consent;
mod delivery;
mod errors;
mod forms;
mod held;
mod identity;
mod listeners;
mod load;
mod own;
mod page;
mod requests;
mod retry;
mod resources;
mod routes;
mod sessions;
mod shares;
mod tasks;
mod texts;
mod told;
mod vitals;

use crate::{Agent, Consent, Effect, Kind, Observation, PageTime, Rung};
use told::Event;

const TIME_ORIGIN: f64 = 1_700_000_000_000.0;
/// How long the network takes for an answer.
const ANSWER_MS: f64 = 30.0;
/// When the agent of a visit is started.
const STARTED_AT: f64 = 100.0;
const ENDPOINT: &str = "https://rum.example";
/// The bits of all five vitals (`flags` of the vitals): what a browser without soft navigations can measure.
const ALL_VITALS: u32 = 0b11111;
const PAGE: &str = "https://shop.example/cart?user=7#top";

/// What the page knows when the agent starts.
struct Start {
    sample_rate: f64,
    consent: Consent,
    bad_options: f64,
    time_origin: f64,
    first_hidden: f64,
    /// What the agent's own meter measures.
    measures: u32,
    is_synthetic: bool,
    /// The trace that the page has begun, the name of a new session, and the rules of URL templates.
    trace: String,
    seed: String,
    rules: String,
    /// Names of parameters whose values may leave.
    allowed: String,
    scrub: String,
    keeps_uuids: bool,
    per_minute: f64,
    /// What ways there are, and the form in which batches travel.
    ways: u8,
    form: u8,
    drops_extensions: bool,
    /// Whether the site wants to see what leaves.
    reviews: bool,
    cohort: String,
    url: String,
    endpoint: String,
    referrer: String,
    remembered: String,
    random: [u8; 16],
}

impl Default for Start {
    fn default() -> Self {
        Self {
            sample_rate: 1.0,
            consent: Consent::Granted,
            bad_options: 0.0,
            time_origin: TIME_ORIGIN,
            first_hidden: f64::INFINITY,
            measures: ALL_VITALS,
            is_synthetic: false,
            trace: String::new(),
            seed: String::new(),
            rules: String::new(),
            allowed: String::new(),
            scrub: String::new(),
            keeps_uuids: false,
            per_minute: 1e9,
            ways: 1,
            form: 0,
            drops_extensions: false,
            reviews: false,
            cohort: String::new(),
            url: PAGE.to_owned(),
            endpoint: ENDPOINT.to_owned(),
            referrer: String::new(),
            remembered: String::new(),
            random: *b"sixteen letters!",
        }
    }
}

/// An effect, as it was done.
#[derive(Clone, Debug, PartialEq)]
enum Done {
    Sense(bool),
    Send { at: f64, batch: u32, rung: Rung, path: u8, is_second: bool, body: Vec<u8> },
    Later { at: f64, batch: u32, body: Vec<u8> },
    Store { is_last: bool, made: f64, body: Vec<u8> },
    Recall,
    Trace(String),
    Wake(f64),
    Remember(String),
    Forget,
    Review { logs: Vec<u8>, spans: Vec<u8> },
    Watch { meter: u32, flags: u32, threshold_ms: f64 },
    Hold { meter: u32, index: Option<u32>, list: u32 },
    Report { meter: u32, numbers: Vec<f64>, texts: Vec<String> },
}

/// One page load with an agent in it.
struct Visit {
    agent: Agent,
    now: f64,
    woken_at: f64,
    /// The status that a `fetch` is answered with; without one it never is.
    fetch_status: Option<f64>,
    /// What stands for `sendBeacon`'s answer.
    beacon_status: f64,
    /// The seconds that answers name in `Retry-After`.
    retry_after: f64,
    /// What the collector wishes: share, floor, ceiling, seconds.
    wish: [f64; 4],
    /// The share of sessions that the site wants to hear of.
    share: f64,
    /// Time, batch and status of the answers on their way.
    answers: Vec<(f64, u32, f64)>,
    /// Batch and status of those that have come.
    answered: Vec<(u32, f64)>,
    /// Start, URL and `traceparent` of the page's requests under way.
    open: Vec<(f64, String, String)>,
    /// How many of them there were.
    spans: u64,
    /// `performance.interactionCount`.
    interactions: f64,
    done: Vec<Done>,
}

impl Visit {
    fn new() -> Self {
        Self::start(&Start::default())
    }

    fn start(start: &Start) -> Self {
        Self::succeed(None, start)
    }

    /// The same where another agent served those who listen to vitals until now.
    fn succeed(before: Option<Self>, start: &Start) -> Self {
        let numbers = [
            start.sample_rate,
            f64::from(start.consent as u8),
            start.bad_options,
            start.time_origin,
            start.first_hidden,
            f64::from(start.measures),
            30.0 * 60_000.0,
            240.0 * 60_000.0,
            f64::from(u8::from(start.is_synthetic)),
            f64::from(u8::from(start.keeps_uuids)),
            start.per_minute,
            f64::from(u8::from(start.reviews)),
            f64::from(start.ways),
            f64::from(start.form),
            f64::from(u8::from(start.drops_extensions)),
        ];
        let Start { endpoint, trace, url, referrer, remembered, seed, rules, allowed, scrub, cohort, .. } = start;
        let text = ["shop", "1.2.3", "test", endpoint, trace, url, referrer, remembered, seed, rules, allowed, scrub, cohort].join("\0");
        let now = before.as_ref().map_or(STARTED_AT, |before| before.now);
        let mut agent = Agent::start(PageTime(now), &start.random, &numbers, text.as_bytes());
        if let Some(mut before) = before {
            agent.adopt(&mut before.agent);
        }
        let visit = Self {
            agent,
            now,
            woken_at: f64::INFINITY,
            fetch_status: Some(204.0),
            beacon_status: 1.0,
            retry_after: 0.0,
            wish: [1.0, 0.0, 1.0, 0.0],
            share: start.sample_rate,
            answers: Vec::new(),
            answered: Vec::new(),
            open: Vec::new(),
            spans: 0,
            interactions: 0.0,
            done: Vec::new(),
        };
        visit.tell(Kind::Start, &numbers, &[&text])
    }

    /// Goes on to this time; on the way timers ring and answers come.
    fn at(mut self, time: f64) -> Self {
        loop {
            let answer = self.answers.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0));
            let answered_at = answer.map_or(f64::INFINITY, |(at, ..)| at);
            let next = self.woken_at.min(answered_at);
            if next > time {
                break;
            }
            assert!(self.done.len() < 100_000, "the agent never rests");
            self.now = self.now.max(next);
            if let Some(answer) = answer.filter(|_| answered_at <= self.woken_at) {
                self.answers.retain(|other| *other != answer);
                self.answered.push((answer.1, answer.2));
                self = {
                    let [rate, floor, ceiling, seconds] = self.wish;
                    let numbers = [f64::from(answer.1), answer.2, self.retry_after, rate, floor, ceiling, seconds];
                    self.tell(Kind::Delivered, &numbers, &[])
                };
            } else {
                self.woken_at = f64::INFINITY;
                self = self.tell(Kind::Woke, &[0.0], &[]);
            }
        }
        self.now = time;
        self
    }

    /// Goes on by this time.
    fn after(self, time_ms: f64) -> Self {
        let time = self.now + time_ms;
        self.at(time)
    }

    /// Changes what the network does from now on.
    fn fetches_get(mut self, status: Option<f64>) -> Self {
        self.fetch_status = status;
        self
    }

    fn beacons_get(mut self, status: f64) -> Self {
        self.beacon_status = status;
        self
    }

    /// Tells the agent of its own observations.
    fn tell(self, kind: Kind, numbers: &[f64], texts: &[&str]) -> Self {
        self.tell_for(0, kind, numbers, texts)
    }

    /// Tells the agent of what was observed for this meter, and does what it asks for, as `src/browser/runtime.rs` does.
    fn tell_for(mut self, meter: u32, kind: Kind, numbers: &[f64], texts: &[&str]) -> Self {
        let now = PageTime(self.now);
        self.agent.observe(now, &Observation { kind, meter, numbers, text: texts.join("\0").as_bytes() });
        while let Some(effect) = self.agent.next_effect(now) {
            assert!(self.done.len() < 100_000, "the agent never rests");
            let done = match effect {
                Effect::Sense(on) => Done::Sense(on),
                Effect::Send { batch, rung, path, is_second, body } => Done::Send { at: self.now, batch, rung, path, is_second, body: body.into() },
                Effect::Later { batch, body, .. } => Done::Later { at: self.now, batch, body: body.into() },
                Effect::Store { is_last, made, body, .. } => Done::Store { is_last, made, body },
                Effect::Recall => Done::Recall,
                Effect::Trace(text) => Done::Trace(String::from_utf8(text.into()).unwrap()),
                Effect::Wake(at) => Done::Wake(at.0),
                Effect::Remember(text) => Done::Remember(String::from_utf8(text.into()).unwrap()),
                Effect::Forget => Done::Forget,
                Effect::Review { logs, spans } => Done::Review { logs: logs.into(), spans: spans.into() },
                Effect::Watch { meter, flags, threshold_ms } => Done::Watch { meter, flags, threshold_ms },
                Effect::Hold { meter, index, list } => Done::Hold { meter, index, list },
                Effect::Report { meter, numbers, text } => {
                    let text = String::from_utf8(text.into()).unwrap();
                    Done::Report { meter, numbers: numbers.into(), texts: text.split('\0').map(str::to_owned).collect() }
                }
            };
            match done {
                Done::Send { batch, rung: Rung::Beacon, .. } => {
                    let numbers = [f64::from(batch), self.beacon_status, 0.0, 1.0, 0.0, 1.0, 0.0];
                    self.agent.observe(now, &Observation { kind: Kind::Delivered, meter: 0, numbers: &numbers, text: b"" });
                }
                Done::Send { batch, .. } => {
                    self.answers.extend(self.fetch_status.map(|status| (self.now + ANSWER_MS, batch, status)));
                }
                Done::Wake(at) => self.woken_at = at,
                _ => {}
            }
            self.done.push(done);
        }
        self
    }

    /// What was done to the page, its tab and the network: all but what serves the vitals and the requests within the page.
    fn acts(&self) -> Vec<&Done> {
        let is_inner = |done: &&Done| matches!(done, Done::Trace(_) | Done::Watch { .. } | Done::Hold { .. } | Done::Report { .. });
        self.done.iter().filter(|done| !is_inner(done)).collect()
    }

    /// Time, number, way and bytes of everything sent.
    fn sends(&self) -> Vec<(f64, u32, Rung, &[u8])> {
        let send = |done: &'_ Done| matches!(done, Done::Send { .. });
        let parts = |done| match done {
            &Done::Send { at, batch, rung, ref body, .. } => (at, batch, rung, body.as_slice()),
            other => panic!("{other:?}"),
        };
        self.done.iter().filter(|done| send(done)).map(parts).collect()
    }
}

/// A word for each number, in which there is none: errors whose messages differ in numbers only are one.
fn spelled(number: usize) -> String {
    [number / 676, number / 26, number].map(|place| char::from(b'a' + (place % 26) as u8)).iter().chain(['.'].iter()).collect()
}
