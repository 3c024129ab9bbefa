//! A page with an agent in it, that does things at random and knows what it told.

use crate::chance::Chance;
use crate::network::Network;
use std::collections::BTreeMap;
use vitrum_core::{Agent, Consent, Effect, Kind, Observation, PageTime, Rung};
use vitrum_wire::beacon;

/// What the agent's own meter measures (`flags` in src/core/vitals/mod.rs).
const ALL_VITALS: f64 = 31.0;

/// Numbers from here are of batches that were stored (`recalled` in src/core/outbox.rs).
const RECALLED: u32 = 1 << 24;

/// A batch as it was sent.
pub(crate) struct Batch {
    id: String,
    body: Vec<u8>,
    pub(crate) records: Vec<Record>,
    is_settled: bool,
}

pub(crate) struct Record {
    pub(crate) name: String,
    /// Its number in the page; spans have none.
    pub(crate) number: Option<usize>,
    /// Counts of health.
    counts: Vec<(String, usize)>,
}

pub(crate) struct Page {
    agent: Agent,
    /// When the page's own time began.
    origin: f64,
    now: f64,
    woken_at: f64,
    url: usize,
    pub(crate) remembered: String,
    /// How many records of each event the page gave reason for.
    pub(crate) told: BTreeMap<&'static str, usize>,
    pub(crate) batches: BTreeMap<u32, Batch>,
    /// Batches of earlier times, by the number that they have here.
    recalled: BTreeMap<u32, String>,
    /// The batches that the agent must have counted as lost.
    pub(crate) given_up: Vec<u32>,
    pub(crate) hides: usize,
    pub(crate) is_off: bool,
}

impl Page {
    /// Loads at this time of the network, which the pages of a tab share.
    pub(crate) fn load(chance: &mut Chance, origin: f64, remembered: String, consent: Consent, network: &mut Network) -> Self {
        // Browsers can hold requests for the page's end, or cannot.
        let ways = f64::from(chance.pick(&[0_u8, 1]));
        let random = std::array::from_fn(|_| chance.next() as u8);
        let numbers = [1.0, f64::from(consent as u8), 0.0, 1.7e12 + origin, f64::INFINITY, ALL_VITALS, 1.8e6, 1.44e7, 0.0, 0.0, 1e9, 0.0, ways, 0.0, 0.0];
        let text = ["shop", "1", "test", "https://rum.example", "", "https://shop.example/0", "", &remembered].join("\0");
        let agent = Agent::start(PageTime(50.0), &random, &numbers, text.as_bytes());
        let mut page = Self {
            agent,
            origin,
            now: 50.0,
            woken_at: f64::INFINITY,
            url: 0,
            told: BTreeMap::from([("browser.navigation", 1)]),
            remembered,
            batches: BTreeMap::new(),
            recalled: BTreeMap::new(),
            given_up: Vec::new(),
            hides: 0,
            is_off: false,
        };
        page.tell(Kind::Start, &numbers, &text, network);
        page
    }

    /// Waits a while, then does one thing, or many of one kind.
    pub(crate) fn step(&mut self, chance: &mut Chance, network: &mut Network) {
        self.wait(chance.pick(&[0.0, 1.0, 250.0, 2500.0, 3001.0, 30_000.0]), network);
        let now = self.now;
        let times = chance.pick(&[1, 1, 1, 1, 1, 3, 20, 70]);
        if chance.below(40) == 0 {
            // A storm: more than the outbox can hold, if the network is dead.
            for _ in 0..6 {
                self.route(network);
                self.fail(40, 2000, chance, network);
            }
        }
        match chance.below(9) {
            0 | 1 => self.fail(times, chance.pick(&[0, 30, 2000]), chance, network),
            2 => {
                for _ in 0..times {
                    self.told("browser.resource_timing");
                    self.tell(Kind::Resource, &[now; 18], "https://cdn.example/a.png?x=1\0img\0h2\0", network);
                }
            }
            3 => {
                for _ in 0..times {
                    self.told("span");
                    self.tell(Kind::Request, &[now, now + 9.0, 200.0, 0.0], "https://shop.example/api\0GET\0\0\0", network);
                }
            }
            4 => self.route(network),
            5 => self.tell(Kind::Shift, &[now, 0.01, 0.0], "#banner", network),
            6 => {
                self.tell(Kind::Paint, &[now], "", network);
                self.tell(Kind::LargestPaint, &[now, now, -1.0, 1.0, -1.0, 0.0], "h1\0", network);
                self.tell(Kind::Interaction, &[now, now, 40.0, now, now, 0.0, 1.0], "#pay", network);
            }
            7 => self.hide(network),
            _ => {
                self.hide(network);
                self.wait(chance.pick(&[0.0, 60_000.0]), network);
                self.told("browser.navigation");
                let now = self.now;
                self.tell(Kind::Restored, &[now, 1.0], "", network);
                self.tell(Kind::Repainted, &[now + 16.0, f64::INFINITY], "", network);
            }
        }
    }

    /// So many errors, some of them equal, with one stack of so many bytes and more, of functions that no two stacks share.
    fn fail(&mut self, times: usize, stack_bytes: usize, chance: &mut Chance, network: &mut Network) {
        let mut stack = String::new();
        while stack.len() < stack_bytes {
            let name: String = (0..100).map(|_| char::from(b'a' + chance.below(26) as u8)).collect();
            stack.push_str(&["\n    at ", &name, " (https://shop.example/app.js:1:2)"].concat());
        }
        for index in 0..times {
            let letters: String = [index % 45 / 26, index % 45].iter().map(|letter| char::from(b'a' + (letter % 26) as u8)).collect();
            let message = ["x is undefined ", &letters.repeat(2)].concat();
            let text = ["error", "", "", "", "TypeError", &message, &stack].join("\0");
            self.told("exception");
            self.tell(Kind::Failure, &[self.now, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], &text, network);
        }
    }

    fn route(&mut self, network: &mut Network) {
        self.url += 1;
        self.told("browser.navigation");
        let text = ["push\0https://shop.example/", &self.url.to_string()].concat();
        self.tell(Kind::Route, &[self.now, 1.0], &text, network);
        self.told("vitrum.route_transition");
        self.tell(Kind::RoutePainted, &[self.now, self.now + 16.0], "", network);
    }

    pub(crate) fn hide(&mut self, network: &mut Network) {
        self.hides += 1;
        let now = self.now;
        self.tell(Kind::Settled, &[now], "", network);
        self.tell(Kind::Hidden, &[now, 1.0, 1.0], "", network);
    }

    pub(crate) fn allow(&mut self, network: &mut Network) {
        self.tell(Kind::Consent, &[f64::from(Consent::Granted as u8)], "", network);
    }

    /// Stays until all that was tried is taken or given up, and has said so.
    pub(crate) fn settle(&mut self, network: &mut Network) {
        self.wait(600_000.0, network);
        self.hide(network);
        self.wait(600_000.0, network);
        self.told("browser.navigation");
        self.tell(Kind::Route, &[self.now, 1.0], "push\0https://shop.example/last", network);
        self.wait(600_000.0, network);
    }

    /// Now, in the time of the network.
    pub(crate) fn time(&self) -> f64 {
        self.origin + self.now
    }

    /// The last that the page does.
    pub(crate) fn leave(&mut self, network: &mut Network) {
        self.hide(network);
    }

    /// The sum of one count over all batches, whether they arrived or not.
    pub(crate) fn counted(&self, count: &str) -> usize {
        let counts = self.batches.values().flat_map(|batch| &batch.records).flat_map(|record| &record.counts);
        counts.filter(|(key, _)| key == count).map(|(_, times)| times).sum()
    }

    fn told(&mut self, name: &'static str) {
        *self.told.entry(name).or_default() += 1;
    }

    fn wait(&mut self, time_ms: f64, network: &mut Network) {
        let until = self.now + time_ms;
        loop {
            let next = self.woken_at.min(network.next() - self.origin);
            if next > until {
                break;
            }
            self.now = self.now.max(next);
            if self.woken_at <= next {
                self.woken_at = f64::INFINITY;
                self.tell(Kind::Woke, &[0.0], "", network);
            } else {
                network.arrive();
                for (batch, status) in std::mem::take(&mut network.heard) {
                    self.hear(batch, status, network);
                    self.tell(Kind::Delivered, &[f64::from(batch), status, 0.0, 1.0, 0.0, 1.0, 0.0], "", network);
                }
            }
        }
        self.now = until;
    }

    fn tell(&mut self, kind: Kind, numbers: &[f64], text: &str, network: &mut Network) {
        let now = PageTime(self.now);
        self.agent.observe(now, &Observation { kind, meter: 0, numbers, text: text.as_bytes() });
        for round in 0.. {
            assert!(round < 1000, "the agent never rests");
            let (batch, status) = match self.agent.next_effect(now) {
                None => break,
                Some(Effect::Send { batch, rung, body, .. }) => {
                    let opened = Batch::open(body);
                    let id = opened.id.clone();
                    if batch < RECALLED {
                        let sent = self.batches.entry(batch).or_insert(opened);
                        assert!(sent.body == body, "batch {batch} is not the same bytes again");
                        assert!(!sent.is_settled, "batch {batch} is sent though its fate is known");
                    }
                    if batch >= RECALLED {
                        self.recalled.insert(batch, id.clone());
                    }
                    if rung != Rung::Beacon {
                        network.fetch(self.origin + self.now, batch, &id, body);
                        continue;
                    }
                    (batch, network.beacon(self.origin + self.now, batch, &id, body))
                }
                Some(Effect::Later { batch, body, .. }) => {
                    network.hold(batch, body);
                    continue;
                }
                Some(Effect::Store { body, .. }) => {
                    let opened = Batch::open(&body);
                    network.sent.entry(opened.id.clone()).or_default().is_stored = true;
                    // What was never sent is known by being stored.
                    if !self.batches.values().any(|batch| batch.id == opened.id) {
                        let number = opened.id.rsplit(".b").next().and_then(|number| number.parse().ok()).expect("a number");
                        if network.stored.iter().all(|(_, other)| *other != body) && opened.id.starts_with(&self.name()) {
                            self.batches.insert(number, opened);
                        }
                    }
                    for batch in self.batches.values_mut().filter(|batch| batch.body == body) {
                        batch.is_settled = true;
                    }
                    network.stored.push((1.7e12 + self.origin + self.now, body));
                    continue;
                }
                Some(Effect::Recall) => {
                    for (made, body) in std::mem::take(&mut network.stored) {
                        self.agent.observe(now, &Observation { kind: Kind::Recalled, meter: 0, numbers: &[made, 0.0], text: &body });
                    }
                    continue;
                }
                Some(Effect::Wake(at)) => {
                    self.woken_at = at.0;
                    continue;
                }
                Some(Effect::Remember(text)) => {
                    self.remembered = String::from_utf8(text.into()).expect("text");
                    continue;
                }
                // Nothing was answered for so long that it has ended its work.
                Some(Effect::Sense(false)) => {
                    self.is_off = true;
                    continue;
                }
                Some(Effect::Sense(true) | Effect::Trace(_) | Effect::Forget | Effect::Review { .. } | Effect::Watch { .. } | Effect::Hold { .. }) => continue,
                Some(Effect::Report { .. }) => panic!("nobody listens"),
            };
            self.hear(batch, status, network);
            self.agent.observe(now, &Observation { kind: Kind::Delivered, meter: 0, numbers: &[f64::from(batch), status, 0.0, 1.0, 0.0, 1.0, 0.0], text: b"" });
        }
    }

    /// What its batches are called first.
    fn name(&self) -> String {
        self.batches.values().next().map_or_else(String::new, |batch| batch.id.split('.').next().unwrap_or_default().to_owned())
    }

    /// What an answer means by WIRE.md, "Transport".
    fn hear(&mut self, number: u32, status: f64, network: &mut Network) {
        // 1: the browser has taken it. After that, an answer to an earlier try changes nothing.
        let is_taken = (200.0..300.0).contains(&status) || status == 1.0;
        let is_refused = (400.0..500.0).contains(&status) && ![408.0, 429.0].contains(&status);
        if number >= RECALLED {
            if let Some(id) = self.recalled.get(&number).filter(|_| is_refused).cloned() {
                self.recalled.remove(&number);
                self.given_up.push(number);
                network.sent.entry(id).or_default().given_up = true;
            }
            return;
        }
        let batch = self.batches.get_mut(&number).expect("a batch that was sent");
        if batch.is_settled || !(is_taken || is_refused) {
            return;
        }
        batch.is_settled = true;
        if !is_taken {
            self.given_up.push(number);
            network.sent.entry(batch.id.clone()).or_default().given_up = true;
        }
    }
}

impl Batch {
    fn open(body: &[u8]) -> Self {
        let opened = beacon::open(body, 1 << 20).expect("what the agent sends can be opened");
        let parts = opened.logs.iter().flat_map(|request| &request.resource_logs).flat_map(|part| &part.scope_logs);
        let mut records: Vec<Record> = parts
            .flat_map(|part| &part.log_records)
            .map(|log| {
                use opentelemetry_proto::tonic::common::v1::any_value::Value;
                let mut record = Record { name: log.event_name.clone(), number: None, counts: Vec::new() };
                for attribute in &log.attributes {
                    match attribute.value.as_ref().and_then(|value| value.value.as_ref()) {
                        Some(Value::StringValue(uid)) if attribute.key == "log.record.uid" => {
                            record.number = uid.rsplit('.').next().and_then(|number| number.parse().ok());
                        }
                        Some(Value::IntValue(times)) => record.counts.push((attribute.key.clone(), *times as usize)),
                        _ => {}
                    }
                }
                record
            })
            .collect();
        let parts = opened.traces.iter().flat_map(|request| &request.resource_spans).flat_map(|part| &part.scope_spans);
        let spans = parts.flat_map(|part| &part.spans);
        let name = |kind: i32| if kind == 3 { "span" } else { "view" };
        records.extend(spans.map(|span| Record { name: name(span.kind).to_owned(), number: None, counts: Vec::new() }));
        Self { id: opened.batch_id, body: body.into(), records, is_settled: false }
    }
}
