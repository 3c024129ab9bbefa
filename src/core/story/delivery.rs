//! How batches leave: when, by which way, how often, and what becomes of those that do not arrive.

use super::{Done, Rung, STARTED_AT, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Visit {
    /// Time since the start, number and way of everything sent.
    fn ways(&self) -> Vec<(f64, u32, Rung)> {
        self.sends().into_iter().map(|(at, batch, rung, _)| (at - STARTED_AT, batch, rung)).collect()
    }

    fn times(&self) -> Vec<f64> {
        self.ways().iter().map(|way| way.0).collect()
    }
}

#[test]
fn records_wait_for_company_and_a_quiet_page_has_no_timer() {
    let play = |visit: Visit| visit.at(500.0).failure("a").at(60_000.0).failure("b").at(120_000.0);
    assert_eq!(play(Visit::new()).ways(), [(3000.0, 0, Rung::Fetch), (62_900.0, 1, Rung::Fetch)]);
    // Where the browser cannot hold them for the page's end, they wait for less.
    let visit = play(Visit::start(&Start { ways: 0, ..Start::default() }));
    assert_eq!(visit.ways(), [(1000.0, 0, Rung::Fetch), (60_900.0, 1, Rung::Fetch)]);
    let wakes: Vec<_> = visit.done.iter().filter(|done| matches!(done, Done::Wake(_))).collect();
    assert_eq!(wakes, [&Done::Wake(1100.0), &Done::Wake(61_000.0)]);
}

#[test]
fn a_large_batch_does_not_wait() {
    let mut visit = Visit::new();
    let message = "x".repeat(1000);
    for count in 1..10 {
        visit = visit.failure(&message[count..]);
    }
    assert_eq!(visit.ways(), [(0.0, 0, Rung::Fetch)]);
}

#[test]
fn what_is_gathered_leaves_when_the_page_hides() {
    let visit = Visit::new().at(400.0).failure("a").hide();
    assert_eq!(visit.ways(), [(300.0, 0, Rung::Beacon)]);
    assert_eq!(visit.names()[..2], ["session.start", "browser.navigation"]);
}

#[test]
fn a_failed_batch_comes_again_as_the_same_bytes() {
    for status in [0.0, 302.0, 408.0, 429.0, 500.0, 503.0] {
        let visit = Visit::new().fetches_get(Some(status)).at(3120.0);
        let visit = visit.fetches_get(Some(204.0)).at(600_000.0);
        let [first, second] = visit.times()[..] else { panic!("{status}: {:?}", visit.times()) };
        assert!(first == 3000.0 && (3030.0..=5030.0).contains(&second), "{status}: {second}");
        let sends = visit.sends();
        assert_eq!((sends[0].1, sends[0].3), (sends[1].1, sends[1].3), "{status}");
    }
}

/// A page whose load is over and told.
fn loaded() -> Visit {
    Visit::new().navigation("navigate", 90.0, 0.0, false)
}

#[test]
fn a_refused_batch_never_comes_again_and_is_counted() {
    for status in [400.0, 403.0, 413.0, 415.0, 499.0] {
        let visit = Visit::new().fetches_get(Some(status)).at(5000.0).fetches_get(Some(204.0)).at(60_000.0).failure("x").after(5000.0);
        assert_eq!(visit.ways().iter().map(|way| way.1).collect::<Vec<_>>(), [0, 1], "{status}");
        assert_eq!(visit.lost("lost_batches"), 1.0, "{status}");
    }
}

#[test]
fn a_taken_batch_never_comes_again() {
    for status in [200.0, 202.0, 204.0] {
        let visit = loaded().fetches_get(Some(status)).at(60_000.0).hide().at(120_000.0).hide();
        assert_eq!(visit.times(), [3000.0], "{status}");
    }
}

#[test]
fn hiding_sends_again_what_is_under_way() {
    let visit = Visit::new().fetches_get(None).at(3100.0).failure("b").at(3200.0).hide();
    assert_eq!(visit.ways(), [(3000.0, 0, Rung::Fetch), (3100.0, 0, Rung::Beacon), (3100.0, 1, Rung::Beacon)]);
    let sends = visit.sends();
    assert_eq!(sends[0].3, sends[1].3);
}

#[test]
fn an_answer_to_what_is_settled_changes_nothing() {
    let visit = Visit::new().at(60_000.0);
    let before = visit.done.clone();
    let visit = visit.tell(crate::Kind::Delivered, &[[0.0, 503.0], [0.0, 204.0], [77.0, 0.0], [-1.0, 400.0], [0.0, -2.0]].map(|[batch, status]| [batch, status, 0.0, 1.0, 0.0, 1.0, 0.0]).concat(), &[]).at(120_000.0);
    assert_eq!(visit.done, before);
}

#[test]
fn a_beacon_that_the_browser_does_not_take_leaves_by_fetch_with_keepalive_in_the_same_event() {
    let visit = Visit::new().beacons_get(-1.0).at(500.0).hide();
    assert_eq!(visit.ways(), [(400.0, 0, Rung::Beacon), (400.0, 0, Rung::Keepalive)]);
    let visit = visit.at(60_000.0);
    assert_eq!(visit.ways().len(), 2, "and it has arrived");
}

#[test]
fn what_finds_no_way_at_all_is_stored() {
    let visit = Visit::new().beacons_get(-1.0).fetches_get(Some(0.0)).at(500.0).hide().at(1000.0);
    assert!(matches!(visit.done.last(), Some(Done::Store { .. })), "{:?}", visit.done.last());
}

#[test]
fn a_page_that_hid_with_nothing_to_say_goes_on_as_before() {
    let visit = loaded().at(10_000.0).hide().hide().at(20_000.0).failure("x").at(30_000.0);
    assert_eq!(visit.ways()[1..], [(22_900.0, 1, Rung::Fetch)]);
}

#[test]
fn a_full_outbox_empties_itself_while_the_page_hides() {
    let mut visit = Visit::new().fetches_get(None);
    for n in 0..12 {
        visit = visit.route("push", ["https://shop.example/", &n.to_string()].concat().as_str()).after(4000.0);
    }
    assert_eq!(visit.beacons().len(), 8);
    let visit = visit.hide();
    let by_beacon: Vec<_> = visit.ways().into_iter().filter(|way| way.2 == Rung::Beacon).map(|way| way.1).collect();
    assert_eq!(by_beacon.len(), 9, "{by_beacon:?}");
    assert_eq!(visit.named("browser.navigation").len(), 13);
}
