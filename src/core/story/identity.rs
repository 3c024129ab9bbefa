//! Identities over long visits, and the same visit twice.

use super::chance::Chance;
use super::{ALL_VITALS, Consent, Done, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A visit of so many steps at random, over a network that often fails.
fn wander(seed: u64, steps: usize) -> Visit {
    let mut chance = Chance(seed);
    let random = core::array::from_fn(|_| chance.next() as u8);
    let measures = chance.pick(&[ALL_VITALS, ALL_VITALS | 1 << 5]);
    let mut visit = Visit::start(&Start { random, measures, ..Start::default() });
    // A listener that hears of everything and is given all entries.
    visit = visit.listen(1, 0b1_1101_1111, 16.0);
    for step in 0..steps {
        let text = chance.text();
        let wait = chance.pick(&[0.0, 0.5, 17.0, 2999.0, 3000.0, 40_000.0]);
        visit = visit.after(wait);
        let id = step as f64;
        visit = match chance.below(17) {
            0 => visit.failure(&text),
            1 => visit.resource(&text),
            2 => visit.fetch("https://shop.example/api"),
            3 if !visit.open.is_empty() => visit.answered(200.0, ""),
            4 => visit.route("push", ["https://shop.example/", &text].concat().as_str()),
            5 => visit.hide(),
            6 => visit.hide().restore().after(16.0).repaint(),
            7 => visit.shift(0.125).interaction(id, 8.0 * wait),
            8 => visit.first_paint().largest_picture("#a", &text, [1.0, 2.0]),
            9 => visit.fetches_get(chance.pick(&[None, Some(0.0), Some(204.0), Some(503.0), Some(400.0)])),
            10 => visit.beacons_get(chance.pick(&[-1.0, 1.0])),
            11 => visit.consent(chance.pick(&[Consent::Granted, Consent::Granted, Consent::Pending, Consent::Minimal, Consent::Denied])),
            12 => visit.tell(crate::Kind::Lost, &[3.0, 1.0], &[]),
            13 => visit.navigation("navigate", 90.0, 0.0, false),
            14 => {
                let at = visit.now;
                visit.long_frame(at, wait, &[([at, wait, 1.0], [&text, "https://shop.example/a.js", "f"])])
            }
            15 => visit.soft_navigation(id, id, 20.0, "https://shop.example/soft").route_painted(wait),
            _ => {
                let at = visit.now;
                let visit = visit.tell_for(1, crate::Kind::Interaction, &[id, at, wait, at, at, 1.0, id], &[&text]);
                visit.tell_for(1, crate::Kind::Shift, &[at, 0.25, 0.0], &[&text]).hidden(1, 1.0)
            }
        };
    }
    visit.consent(Consent::Granted).fetches_get(Some(204.0)).beacons_get(1.0).failure("last").hide()
}

#[test]
fn the_same_observations_give_the_same_effects() {
    for seed in 0..20 {
        // As texts, because some of the numbers in them are none, and such a number equals nothing.
        let [one, other] = [wander(seed, 150), wander(seed, 150)].map(|visit| format!("{:?}", visit.done));
        assert!(one == other, "seed {seed}");
        assert!(one.contains("Report"), "seed {seed}");
    }
}

#[test]
fn no_identity_is_given_twice() {
    for seed in 100..115 {
        let visit = wander(seed, 300);
        let events = visit.events();
        let mut ids: Vec<_> = events
            .iter()
            .map(|event| if event.has("span") { event.of("span").to_owned() } else { event.of("log.record.uid").to_owned() })
            .chain(visit.beacons().into_iter().map(|beacon| beacon.batch_id))
            .collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "seed {seed}");
        assert!(all > 20, "seed {seed}: {all}");
    }
}

#[test]
fn a_batch_is_the_same_bytes_whenever_it_is_sent() {
    for seed in 200..210 {
        let visit = wander(seed, 300);
        let mut bodies: Vec<(u32, &[u8])> = visit.sends().into_iter().map(|(_, batch, _, body)| (batch, body)).collect();
        bodies.sort();
        bodies.dedup();
        let mut numbers: Vec<_> = bodies.iter().map(|(batch, _)| *batch).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), bodies.len(), "seed {seed}");
    }
}

#[test]
fn records_are_numbered_from_0_without_a_gap() {
    let mut visit = Visit::new();
    for n in 0..40 {
        visit = visit.failure("x").after(if n % 3 == 0 { 4000.0 } else { 10.0 });
    }
    let visit = visit.hide();
    let events = visit.events();
    let page = events[0].of("log.record.uid").split('.').next().unwrap();
    assert!(page.len() == 16 && page.bytes().all(|byte| byte.is_ascii_hexdigit()), "{page}");
    let ids: Vec<_> = events.iter().filter(|event| !event.has("span")).map(|event| event.of("log.record.uid").to_owned()).collect();
    let expected: Vec<_> = (0..ids.len()).map(|n| format!("{page}.{n}")).collect();
    assert_eq!(ids, expected);
    let batches: Vec<_> = visit.beacons().into_iter().map(|beacon| beacon.batch_id).collect();
    let expected: Vec<_> = (0..batches.len()).map(|n| format!("{page}.b{n}")).collect();
    assert_eq!(batches, expected);
}

#[test]
fn two_pages_share_no_identity() {
    let (one, two) = (wander(1, 50), wander(2, 50));
    let ids = |visit: &Visit| visit.beacons().into_iter().map(|beacon| beacon.batch_id).collect::<Vec<_>>();
    assert!(ids(&one).iter().all(|id| !ids(&two).contains(id)));
    assert!(one.done.contains(&Done::Sense(true)));
}
