//! A page with the core in it, without the page: packets go in as they were told, and what the core asks for is done as
//! `src/browser/runtime.rs` has it done, as far as anybody can see it.

use crate::metric::Told;
use crate::story::Packet;
use std::collections::BTreeMap;
use vitrum_core::{Agent, Effect, Kind, Observation, PageTime, Rung};

/// Whatever they are, the identifiers made of them are in no report.
const RANDOM: [u8; 16] = [7; 16];

#[derive(Default)]
pub(crate) struct Player {
    agent: Option<Agent>,
    /// How many entries the page keeps for a meter in a list.
    lists: BTreeMap<(u32, u32), usize>,
    /// What listeners were told, in order.
    pub(crate) told: Vec<Told>,
    /// The batches that the agent has sent, by their numbers.
    pub(crate) sent: BTreeMap<u32, Vec<u8>>,
}

impl Player {
    pub(crate) fn play(packets: &[Packet]) -> Self {
        let mut player = Self::default();
        for packet in packets {
            player.tell(packet);
        }
        player
    }

    fn tell(&mut self, packet: &Packet) {
        let Packet { kind, meter, now, numbers, text } = packet;
        // Most stories were recorded when a start had only the first six of its numbers; listeners need no others.
        let mut numbers = numbers.clone();
        if *kind == Kind::Start {
            // But how many records there may be a minute.
            numbers.resize(10, 0.0);
            numbers.push(f64::INFINITY);
            numbers.resize(15, 0.0);
        }
        let numbers = numbers.as_slice();
        let (now, text) = (PageTime(*now), text.as_bytes());
        if *kind == Kind::Start {
            let mut started = Agent::start(now, &RANDOM, numbers, text);
            if let Some(before) = &mut self.agent {
                started.adopt(before);
            }
            self.agent = Some(started);
        }
        let Self { agent: Some(agent), lists, told, sent } = self else { return };
        agent.observe(now, &Observation { kind: *kind, meter: *meter, numbers, text });
        for round in 0.. {
            assert!(round < 10_000, "the core never rests after {kind:?} at {}", now.0);
            let mut fate = None;
            match agent.next_effect(now) {
                None => break,
                Some(Effect::Hold { meter, index: Some(_), list }) => *lists.entry((meter, list)).or_default() += 1,
                Some(Effect::Hold { meter, index: None, list }) => {
                    lists.remove(&(meter, list));
                }
                Some(Effect::Report { meter, numbers, text }) => told.push(Told::read(meter, numbers, text, lists)),
                Some(Effect::Send { batch, rung, body, .. }) => {
                    sent.insert(batch, body.into());
                    // How `fetch` ended was told by the page.
                    fate = (rung == Rung::Beacon).then_some([f64::from(batch), 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
                }
                Some(_) => {}
            }
            if let Some(fate) = fate {
                agent.observe(now, &Observation { kind: Kind::Delivered, meter: 0, numbers: &fate, text: b"" });
            }
        }
    }
}
