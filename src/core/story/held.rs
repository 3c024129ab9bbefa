//! What the browser holds for the page's end (`fetchLater`): always what has not arrived, so that a page that is killed loses
//! half a second at most.

use super::chance::Chance;
use super::{Done, Start, Visit};
use crate::observation::Kind;
use std::collections::{BTreeMap, BTreeSet};
use vitrum_wire::beacon;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn page(seed: u8) -> Visit {
    Visit::start(&Start { random: [seed; 16], ways: 1, ..Start::default() })
}

/// The identities of the records in a body.
fn records(body: &[u8]) -> BTreeSet<String> {
    let beacon = beacon::open(body, 1 << 20).unwrap();
    let logs = beacon.logs.iter().flat_map(|logs| &logs.resource_logs).flat_map(|logs| &logs.scope_logs).flat_map(|logs| &logs.log_records);
    let id = |log: &opentelemetry_proto::tonic::logs::v1::LogRecord| {
        let value = log.attributes.iter().find(|attribute| attribute.key == "log.record.uid")?.value.clone()?.value?;
        if let opentelemetry_proto::tonic::common::v1::any_value::Value::StringValue(text) = value { Some(text) } else { None }
    };
    logs.filter_map(id).collect()
}

impl Visit {
    /// What the browser holds now, by the number of its batch.
    fn held(&self) -> BTreeMap<u32, Vec<u8>> {
        let mut held = BTreeMap::new();
        for done in &self.done {
            match done {
                Done::Later { batch, body, .. } if body.is_empty() => {
                    assert!(held.remove(batch).is_some(), "{batch} is not held");
                }
                Done::Later { batch, body, .. } => {
                    held.insert(*batch, body.clone());
                }
                _ => {}
            }
        }
        held
    }
}

#[test]
fn what_is_gathered_is_held_within_half_a_second_and_let_go_when_it_has_arrived() {
    let visit = page(1).at(400.0).failure("first");
    assert!(visit.held().is_empty());
    let visit = visit.at(950.0);
    let held = visit.held();
    assert_eq!((held.len(), records(&held[&0]).len()), (1, 3), "session, view and error");
    let visit = visit.failure("second").at(1500.0);
    assert_eq!(records(&visit.held()[&0]).len(), 4, "replaced by what there is now");
    // The batch leaves, and is held as it is until its answer.
    let visit = visit.at(3110.0);
    assert_eq!(visit.held()[&0], visit.sends()[0].3);
    let visit = visit.at(4000.0);
    assert!(visit.held().is_empty());
}

#[test]
fn what_a_beacon_has_taken_is_not_held_any_more() {
    let visit = page(1).at(900.0).hide();
    assert_eq!((visit.sends().len(), visit.held().len()), (1, 0));
}

#[test]
fn a_burst_costs_one_writing_each_half_second() {
    let mut visit = page(2).at(1000.0);
    let before = visit.done.iter().filter(|done| matches!(done, Done::Later { .. })).count();
    for _ in 0..200 {
        visit = visit.failure("x").after(10.0);
    }
    let count = visit.done.iter().filter(|done| matches!(done, Done::Later { .. })).count() - before;
    assert!(count <= 8, "{count} in two seconds");
}

/// Timers of a page that nobody sees are late, by a second and more, and its browser may discard it.
#[test]
fn what_a_hidden_page_tells_is_held_or_sent_at_once() {
    let sent = |visit: &Visit| visit.sends().iter().flat_map(|send| messages(send.3)).collect::<Vec<_>>();
    let held = |visit: &Visit| visit.held().values().flat_map(|body| messages(body)).collect::<Vec<_>>();
    for ways in [0, 1] {
        let safe = |visit: &Visit| if ways > 0 { held(visit) } else { sent(visit) }.len();
        let hidden = Visit::start(&Start { ways, ..Start::default() }).at(1000.0).hide().tell(Kind::Crumb, &[1000.0, 2.0], &["hidden"]).at(3000.0);
        let visit = hidden.failure("first");
        assert_eq!(safe(&visit), 1, "ways {ways}: at once");
        // No timer of the page's has to come for what follows after a while.
        let visit = visit.after(999.0).failure("second");
        assert_eq!(safe(&visit), if ways > 0 { 2 } else { 1 }, "ways {ways}: not more often than that");
        let visit = visit.after(1.0);
        assert_eq!(safe(&visit), 2, "ways {ways}: as soon as it may");
        let visit = visit.tell(Kind::Crumb, &[4000.0, 2.0], &["visible"]).at(6000.0).failure("third");
        assert_eq!(safe(&visit), 2, "ways {ways}: a page that is seen has its delays");
    }
}

/// What the site sees first cannot be held before it has.
#[test]
fn what_the_site_is_to_see_it_sees_as_soon_as_where_nothing_is_held() {
    let visit = Visit::start(&Start { reviews: true, ways: 1, ..Start::default() });
    let shown = |visit: &Visit| visit.done.iter().filter(|done| matches!(done, Done::Review { .. })).count();
    let visit = visit.failure("x").after(1000.0);
    assert_eq!(shown(&visit), 1);
}

#[test]
fn nothing_is_held_where_nothing_may_leave() {
    for start in [
        Start { consent: super::Consent::Pending, ways: 1, ..Start::default() },
        Start { sample_rate: 0.000_001, ways: 1, ..Start::default() },
        Start { reviews: true, ways: 1, ..Start::default() },
        Start { ways: 0, ..Start::default() },
    ] {
        let visit = Visit::start(&start).fetch("https://shop.example/x").answered(200.0, "").at(2500.0);
        assert!(visit.done.iter().all(|done| !matches!(done, Done::Later { .. })));
    }
    let visit = page(3).failure("x").at(1000.0);
    assert_eq!(visit.held().len(), 1);
    assert!(visit.consent(super::Consent::Denied).held().is_empty());
}

/// The messages of the errors in a body.
fn messages(body: &[u8]) -> Vec<String> {
    let beacon = beacon::open(body, 1 << 20).unwrap();
    let logs = beacon.logs.iter().flat_map(|logs| &logs.resource_logs).flat_map(|logs| &logs.scope_logs).flat_map(|logs| &logs.log_records);
    let texts = logs.flat_map(|log| &log.attributes).filter(|attribute| attribute.key == "exception.message");
    texts.filter_map(|attribute| attribute.value.clone()?.value).map(|value| format!("{value:?}")).collect()
}

/// Killed at any moment, a page has lost nothing that is older than half a second: it is held, or was let go of because it had
/// arrived or is stored.
#[test]
fn whatever_the_network_does_all_that_has_not_arrived_is_held() {
    for seed in 0..40 {
        let mut chance = Chance(seed);
        let mut visit = page(seed as u8).at(1000.0);
        let mut told = Vec::new();
        // No view tells of more than fifty errors.
        for step in 0..45 {
            visit = visit.fetches_get(chance.pick(&[Some(204.0), Some(503.0), Some(0.0), None]));
            let word = super::spelled(step);
            told.push((word.clone(), visit.now));
            visit = visit.failure(&word).after(chance.pick(&[1.0, 100.0, 600.0, 3100.0]));
            let held: Vec<String> = visit.held().values().flat_map(|body| messages(body)).collect();
            let known: Vec<String> = visit.done.iter().flat_map(settled_messages).collect();
            for (word, at) in &told {
                let is_in = |all: &[String]| all.iter().any(|text| text.contains(word));
                let is_safe = is_in(&held) || is_let_go(&visit, word) && is_in(&known) || at + 500.0 >= visit.now;
                assert!(is_safe, "seed {seed}, step {step}: {word} of {at} is not held at {}", visit.now);
            }
        }
    }
}

/// What was sent or stored.
fn settled_messages(done: &Done) -> Vec<String> {
    match done {
        Done::Send { body, .. } | Done::Store { body, .. } => messages(body),
        _ => Vec::new(),
    }
}

/// Whether the batch that has this in it was answered well, or stored: nothing else may end its being held.
fn is_let_go(visit: &Visit, word: &str) -> bool {
    let has = |body: &[u8]| messages(body).iter().any(|text| text.contains(word));
    visit.done.iter().any(|done| match done {
        Done::Store { body, .. } => has(body),
        Done::Send { batch, body, .. } => has(body) && visit.answered.iter().any(|(number, status)| number == batch && (200.0..300.0).contains(status)),
        _ => false,
    })
}
