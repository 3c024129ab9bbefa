//! An agent with one meter, what it is told by a page that does much, and what it costs.

use crate::{CLS, INP, heap};
use std::collections::BTreeMap;
use vitrum_core::{Agent, Consent, Effect, Kind, Observation, PageTime};

/// The length of the selectors that events are told with.
pub(crate) const SELECTOR_BYTES: isize = 42;

pub(crate) struct Meter {
    agent: Agent,
    number: u32,
    flags: u32,
    now: f64,
    interactions: f64,
    /// How many entries the page holds, by list.
    held: BTreeMap<u32, usize>,
    /// Bytes of the core's own.
    bytes: isize,
}

impl Meter {
    /// A listener to vitals, of an agent that has nothing else to do.
    pub(crate) fn listener(flags: u32) -> Self {
        Self::listeners(flags, 1)
    }

    /// So many listeners of one agent, who were told nothing yet.
    pub(crate) fn listeners(flags: u32, count: u32) -> Self {
        let mut meter = Self { flags, ..Self::own(0) };
        for number in 1..=count {
            meter.number = number;
            meter.tell(Kind::Listen, &[f64::from(flags), 16.0], "");
        }
        meter
    }

    /// The agent's own meter. Nothing is collected: what records cost has bounds of its own.
    pub(crate) fn own(flags: u32) -> Self {
        let numbers = [1.0, f64::from(Consent::Denied as u8), 0.0, 1.7e12, f64::INFINITY, f64::from(flags)];
        let text = ["shop", "1", "test", "https://rum.example", "", "https://shop.example/0", "", ""].join("\0");
        let mut agent = Agent::start(PageTime(0.0), b"sixteen letters!", &numbers, text.as_bytes());
        // What the agent asks for at its start is no meter's.
        while agent.next_effect(PageTime(0.0)).is_some() {}
        Self { agent, number: 0, flags, now: 100.0, interactions: 0.0, held: BTreeMap::new(), bytes: 0 }
    }

    /// How many bytes the core holds more than at its start.
    pub(crate) fn bytes(&self) -> isize {
        self.bytes
    }

    /// How many lists of entries the page holds, and how many entries are in them.
    pub(crate) fn held(&self) -> (usize, usize) {
        (self.held.len(), self.held.values().sum())
    }

    pub(crate) fn paint(&mut self) {
        self.tell(Kind::Paint, &[50.0], "");
    }

    /// So many shifts in one packet, in windows of a few.
    pub(crate) fn shifts(&mut self, count: usize) {
        let at = self.now;
        let row = |number: usize| [at + 300.0 * number as f64 + 900.0 * (number / 7) as f64, 0.001 * (number % 5) as f64, 0.0];
        let numbers: Vec<f64> = (0..count).flat_map(row).collect();
        self.tell(Kind::Shift, &numbers, &vec!["html>body>main#content>div.card.is-late"; count].join("\0"));
    }

    /// So many events in one packet: of four each three belong to an interaction, and each interaction is with the next of
    /// so many elements.
    pub(crate) fn events(&mut self, count: usize, elements: usize) {
        let (at, before) = (self.now, self.interactions);
        let row = |number: usize| {
            let at = at + 40.0 * number as f64;
            let id = if number % 4 == 3 { 0.0 } else { before + (number / 4) as f64 + 1.0 };
            let duration = 40.0 + 8.0 * ((number * 7919) % 53) as f64;
            [id, at, duration, at + 4.0, at + duration - 9.0, 0.0, id.max(before)]
        };
        let numbers: Vec<f64> = (0..count).flat_map(row).collect();
        let text = |number: usize| format!("html>body>main>form>div>button.number-{:04}", (before as usize + number / 4) % elements);
        self.interactions += count as f64 / 4.0;
        self.tell(Kind::Interaction, &numbers, &(0..count).map(text).collect::<Vec<_>>().join("\0"));
    }

    /// So many long frames, each with four scripts.
    pub(crate) fn long_frames(&mut self, count: usize) {
        for number in 0..count {
            let at = self.now + 70.0 * number as f64;
            self.tell(Kind::LongFrame, &[at, 64.0, 14.0, at + 50.0, at + 55.0, at + 1.0], "");
            let scripts: Vec<f64> = (0..4).flat_map(|script| [at + 10.0 * f64::from(script), 9.0, 1.0]).collect();
            let text = "BUTTON.onclick\0https://shop.example/assets/application.js?v=1.2.3\0submitOrder";
            self.tell(Kind::Script, &scripts, &[text; 4].join("\0"));
        }
    }

    /// Tells of what the meter observes.
    fn tell(&mut self, kind: Kind, numbers: &[f64], text: &str) {
        let observers = match kind {
            Kind::Shift => CLS,
            Kind::Interaction | Kind::LongFrame | Kind::Script => INP,
            _ => u32::MAX,
        };
        if observers & self.flags == 0 {
            return;
        }
        let now = PageTime(self.now);
        let mut before = heap::held();
        self.agent.observe(now, &Observation { kind, meter: self.number, numbers, text: text.as_bytes() });
        while let Some(effect) = self.agent.next_effect(now) {
            // What the page does is not the core's.
            self.bytes += heap::held() - before;
            match effect {
                Effect::Hold { meter, index, list } => {
                    assert_eq!(meter, self.number);
                    match index {
                        Some(_) => *self.held.entry(list).or_default() += 1,
                        None => drop(self.held.remove(&list)),
                    }
                }
                Effect::Report { .. } | Effect::Watch { .. } => {}
                other => panic!("{other:?}"),
            }
            before = heap::held();
        }
        self.bytes += heap::held() - before;
        self.now += 100.0;
    }
}
