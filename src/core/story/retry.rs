//! What becomes of batches that do not arrive: waits, the other endpoint, the store, and when to give up.

use super::chance::Chance;
use super::{Done, Rung, STARTED_AT, Start, Visit};
use crate::Kind;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A page with these ways, whose random numbers are drawn from this seed.
fn page(seed: u8, ways: u8) -> Visit {
    Visit::start(&Start { random: [seed; 16], ways, ..Start::default() })
}

fn stores(visit: &Visit) -> Vec<&[u8]> {
    let body = |done: &'_ Done| matches!(done, Done::Store { .. });
    visit.done.iter().filter(|done| body(done)).map(|done| if let Done::Store { body, .. } = done { body.as_slice() } else { &[] }).collect()
}

fn times(visit: &Visit) -> Vec<f64> {
    visit.sends().iter().map(|send| send.0 - STARTED_AT).collect()
}

/// Each wait is anything up to twice the most of the last, and pages differ.
#[test]
fn waits_grow_and_are_drawn_by_chance() {
    let mut seconds = Vec::new();
    for seed in 0..40 {
        let visit = page(seed, 0).fetches_get(Some(503.0)).at(20_000.0);
        let times = times(&visit);
        let waits: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0] - 30.0).collect();
        for (wait, most) in waits.iter().zip([2000.0, 4000.0, 8000.0]) {
            assert!((0.0..=most).contains(wait), "seed {seed}: {waits:?}");
        }
        seconds.push(waits[0]);
    }
    let mean = seconds.iter().sum::<f64>() / seconds.len() as f64;
    assert!((700.0..1300.0).contains(&mean), "{mean}");
    assert!(seconds.iter().any(|wait| *wait < 300.0) && seconds.iter().any(|wait| *wait > 1700.0), "{seconds:?}");
}

#[test]
fn a_wait_that_the_receiver_names_is_kept() {
    let mut visit = page(1, 0).fetches_get(Some(429.0));
    visit.retry_after = 90.0;
    let visit = visit.at(50_000.0).fetches_get(Some(204.0)).at(600_000.0);
    let times = times(&visit);
    assert_eq!(times.len(), 2);
    assert!(times[1] >= times[0] + 90_000.0, "{times:?}");
}

#[test]
fn after_five_failures_all_wait_and_one_alone_is_tried() {
    let mut visit = page(3, 0).fetches_get(Some(503.0));
    for count in 0..40 {
        visit = visit.failure(&["x".repeat(count % 30), "!".to_owned()].concat()).after(3100.0);
    }
    let times = times(&visit);
    // Of 124 seconds, with a new batch every three: without the pause there would be some sixty tries.
    assert!((6..30).contains(&times.len()), "{times:?}");
    let fifth = times[4];
    assert!(times.iter().all(|time| *time <= fifth || *time >= fifth + 15_000.0), "{times:?}");
    let visit = visit.fetches_get(Some(204.0)).after(600_000.0);
    assert_eq!(visit.named("exception").len() as f64 + visit.repeats(None) + visit.lost("dropped_records") + visit.lost("lost_batches"), 40.0);
}

/// A receiver that is silent fails what was sent to it one after the other.
#[test]
fn failures_of_what_was_under_way_lengthen_no_pause() {
    let mut visit = page(3, 0).fetches_get(None);
    for count in 0..9 {
        visit = visit.failure(&["x".repeat(count), "!".to_owned()].concat()).after(3100.0);
    }
    let under_way: Vec<u32> = visit.sends().iter().map(|send| send.1).collect();
    for number in &under_way {
        visit = visit.tell(Kind::Delivered, &[f64::from(*number), 0.0, 0.0, 1.0, 0.0, 1.0, 0.0], &[]);
    }
    let failed = visit.now;
    let visit = visit.fetches_get(Some(204.0)).after(60_000.0);
    let waited = visit.sends().get(under_way.len()).map(|send| send.0 - failed);
    let is_one_pause = waited.is_some_and(|waited| (15_000.0..18_000.0).contains(&waited));
    assert!(under_way.len() > 7 && is_one_pause, "{} failed; the next was sent after {waited:?} ms", under_way.len());
}

#[test]
fn after_two_failures_the_other_endpoint_is_tried_and_it_stays_there() {
    let visit = page(4, 2).fetches_get(Some(0.0)).at(20_000.0).fetches_get(Some(204.0)).failure("x").after(60_000.0).failure("y").after(60_000.0);
    let seconds: Vec<bool> = visit.done.iter().filter_map(|done| if let Done::Send { is_second, .. } = done { Some(*is_second) } else { None }).collect();
    assert_eq!(seconds[..4], [false, false, true, true], "{seconds:?}");
    let last = seconds[seconds.len() - 1];
    assert_eq!(seconds[seconds.len() - 2], last);
    let without = page(4, 0).fetches_get(Some(0.0)).at(20_000.0);
    assert!(without.done.iter().all(|done| !matches!(done, Done::Send { is_second: true, .. })));
}

#[test]
fn what_never_arrives_is_stored_after_twelve_tries_and_taken_again_when_something_has_arrived() {
    // Something has arrived before, so nobody blocks us.
    let visit = page(5, 0).at(10_000.0).failure("lost").fetches_get(Some(503.0)).at(7_200_000.0);
    let stored = stores(&visit);
    assert_eq!(stored.len(), 1);
    let sent = visit.sends().iter().filter(|send| send.3 == stored[0]).count();
    assert_eq!(sent, 12);
    let body = stored[0].to_vec();
    let visit = visit.fetches_get(Some(204.0)).failure("next").after(300_000.0);
    assert!(visit.done.contains(&Done::Recall));
    assert_eq!(visit.lost("lost_batches"), 0.0);
    // The page answers with what it had stored.
    let mut visit = visit;
    let now = crate::PageTime(visit.now);
    visit.agent.observe(now, &crate::Observation { kind: Kind::Recalled, meter: 0, numbers: &[1.7e12, 0.0], text: &body });
    let visit = visit.tell(Kind::Woke, &[0.0], &[]);
    assert_eq!(visit.sends().iter().filter(|send| send.3 == body).count(), 13);
}

#[test]
fn an_earlier_pages_batches_are_taken_when_the_first_of_this_page_has_arrived() {
    let visit = page(6, 0);
    assert!(!visit.done.contains(&Done::Recall));
    let visit = visit.at(5000.0);
    assert_eq!(visit.done.iter().filter(|done| **done == Done::Recall).count(), 1);
    let visit = visit.failure("x").after(5000.0);
    assert_eq!(visit.done.iter().filter(|done| **done == Done::Recall).count(), 1, "once");
    // What may not be stored is not looked for.
    let visit = Visit::start(&Start { consent: super::Consent::Minimal, ..Start::default() }).failure("x").at(9000.0);
    assert!(!visit.sends().is_empty() && !visit.done.contains(&Done::Recall));
}

#[test]
fn without_a_network_batches_are_stored_at_once_and_taken_when_it_is_back() {
    let visit = page(7, 0).fetches_get(Some(-2.0)).at(5000.0);
    assert_eq!((stores(&visit).len(), visit.sends().len()), (1, 1));
    let visit = visit.at(6000.0).tell(Kind::Online, &[0.0], &[]);
    assert!(visit.done.contains(&Done::Recall));
    let hidden = page(7, 0).beacons_get(-2.0).at(500.0).hide();
    assert_eq!(stores(&hidden).len(), 1);
}

/// A beacon is taken by the browser whether the receiver is there or not.
#[test]
fn what_leaves_by_beacon_while_the_receiver_is_silent_is_stored_as_well() {
    let visit = page(8, 0).fetches_get(Some(0.0)).at(3200.0).hide();
    let sent: Vec<Rung> = visit.sends().iter().map(|send| send.2).collect();
    let beacons = sent.iter().filter(|rung| **rung == Rung::Beacon).count();
    assert!(beacons > 0 && stores(&visit).len() == beacons, "{sent:?}");
    let well = page(8, 0).at(500.0).hide();
    assert!(stores(&well).is_empty());
}

#[test]
fn where_nothing_is_let_through_the_agent_ends_its_work() {
    let mut visit = page(9, 0).fetches_get(Some(0.0));
    for count in 0..400 {
        visit = visit.failure(&count.to_string()).after(3100.0);
    }
    assert!(visit.done.contains(&Done::Sense(false)), "it has taken its observers off");
    let sent = visit.sends().len();
    assert!(sent < 30, "{sent} tries in twenty minutes");
    // Where something has arrived before, it is no blocker but a receiver that is ill.
    let mut visit = page(9, 0).at(9000.0).fetches_get(Some(0.0));
    for count in 0..400 {
        visit = visit.failure(&count.to_string()).after(3100.0);
    }
    assert!(!visit.done.contains(&Done::Sense(false)));
}

/// Whatever the network says and in whatever order, each batch arrives, is stored, is counted as lost, or is still held.
#[test]
fn no_batch_is_nowhere() {
    for seed in 0..60 {
        let mut chance = Chance(seed);
        let mut visit = page(seed as u8, chance.pick(&[0, 1, 2, 3]));
        let mut arrived = Vec::new();
        for _ in 0..60 {
            let status = chance.pick(&[204.0, 204.0, 503.0, 0.0, 429.0, -2.0, 404.0]);
            visit = visit.fetches_get(chance.pick(&[Some(status), Some(status), None])).beacons_get(chance.pick(&[1.0, 1.0, -1.0, -2.0]));
            visit = visit.failure("x").after(chance.pick(&[10.0, 3200.0, 30_000.0]));
            if chance.below(5) == 0 {
                visit = visit.hide();
            }
        }
        let visit = visit.fetches_get(Some(204.0)).beacons_get(1.0).after(900_000.0).hide().after(900_000.0);
        for (_, batch, ..) in visit.sends() {
            if !arrived.contains(&batch) {
                arrived.push(batch);
            }
        }
        // Every batch that was made was sent at least once or stored, and nothing is left to do.
        let most = arrived.iter().copied().max().unwrap_or_default();
        let sent = arrived.len() + visit.done.iter().filter(|done| matches!(done, Done::Store { .. })).count();
        assert!(sent > most as usize, "seed {seed}: {sent} of {most}");
        assert!(visit.woken_at.is_infinite() || visit.woken_at > visit.now, "seed {seed}");
    }
}

/// What may not be stored has to wait in the page.
#[test]
fn without_leave_to_store_a_moment_offline_loses_nothing() {
    const OFFLINE: f64 = -2.0;
    let start = Start { consent: super::Consent::Minimal, ..Start::default() };
    let visit = Visit::start(&start).failure("x").fetches_get(Some(OFFLINE)).at(5000.0);
    let offline: Vec<u32> = visit.sends().iter().map(|send| send.1).collect();
    let visit = visit.fetches_get(Some(204.0)).tell(Kind::Online, &[0.0], &[]).after(60_000.0);
    let again: Vec<u32> = visit.sends()[offline.len()..].iter().map(|send| send.1).collect();
    assert!(!offline.is_empty() && offline.iter().all(|number| again.contains(number)), "{offline:?}, then {again:?}");
    // One that finds no way for ever is given up.
    let visit = Visit::start(&start).failure("x").fetches_get(Some(OFFLINE)).at(3_600_000.0);
    let tries = visit.sends().len();
    assert!((10..15).contains(&tries) && visit.after(3_600_000.0).sends().len() == tries, "{tries}");
}
