//! Interaction to Next Paint: which interaction stands for all, and its parts.

use super::super::flags::{ALL_CHANGES, ENTRIES, EVENTS};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Bench {
    /// An event in a packet of its own, with its handlers from its start to its end; so many interactions there were.
    pub(super) fn press(self, id: f64, at: f64, duration: f64, count: f64) -> Self {
        self.event([id, at, duration, at, at + duration, 0.0, count], "#it")
    }

    pub(super) fn event(self, row: [f64; 7], target: &str) -> Self {
        self.tell(Kind::Interaction, &row, &[target])
    }
}

pub(super) fn listener(more: u32) -> Bench {
    Bench::of(INP | ENTRIES | more)
}

/// Interactions of these durations, one a second.
pub(super) fn pressed(durations: &[f64]) -> Bench {
    let press = |bench: Bench, (place, duration): (usize, &f64)| bench.press(place as f64 + 1.0, place as f64 * 1000.0, *duration, place as f64 + 1.0);
    durations.iter().enumerate().fold(listener(0), press)
}

/// The value and its entry, of interactions of these durations, when there were so many of them as far as the page counts.
fn check_slowest(durations: &[f64], count: f64, value: f64, at: f64) {
    let bench = pressed(durations).hide(count);
    assert_eq!((bench.last().value, bench.last().entries.as_slice()), (value, &[at][..]), "{durations:?} {count}");
}

#[test]
fn one_outlier_is_forgiven_for_fifty_interactions() {
    let some = [80.0, 400.0, 160.0, 240.0];
    for (count, value, at) in [
        (4.0, 400.0, 1000.0),
        (49.0, 400.0, 1000.0),
        (50.0, 240.0, 3000.0),
        (99.0, 240.0, 3000.0),
        (100.0, 160.0, 2000.0),
        (150.0, 80.0, 0.0),
        // Fewer are known than are forgiven.
        (200.0, 80.0, 0.0),
        (1e9, 80.0, 0.0),
    ] {
        check_slowest(&some, count, value, at);
    }
    // A browser that does not count them.
    check_slowest(&some, 0.0, 400.0, 1000.0);
}

#[test]
fn ten_are_kept() {
    let twelve: Vec<f64> = (1..=12).map(|step| f64::from(step) * 40.0).collect();
    check_slowest(&twelve, 450.0, 120.0, 2000.0);
    check_slowest(&twelve, 500.0, 120.0, 2000.0);
    let down: Vec<f64> = twelve.iter().rev().copied().collect();
    check_slowest(&down, 500.0, 120.0, 9000.0);
    assert_eq!(pressed(&twelve).hide(0.0).lists.len(), 10, "and the entries of the others are let go of");
}

/// The entry behind the value, where events of one packet (interaction, start, duration) are so many interactions.
fn check_order(events: &[[f64; 3]], count: f64, value: f64, at: f64) {
    let rows: Vec<f64> = events.iter().flat_map(|[id, at, duration]| [*id, *at, *duration, *at, *at, 0.0, count]).collect();
    let bench = listener(ALL_CHANGES).tell(Kind::Interaction, &rows, &vec![""; events.len()]);
    assert_eq!((bench.told.len(), bench.last().value, bench.last().entries.as_slice()), (1, value, &[at][..]), "{events:?} {count}");
}

#[test]
fn of_equals_the_older_is_the_slower() {
    let equal = [[1.0, 0.0, 80.0], [2.0, 1.0, 120.0], [3.0, 2.0, 120.0], [4.0, 3.0, 120.0], [5.0, 4.0, 80.0]];
    for (count, value, at) in [(5.0, 120.0, 1.0), (50.0, 120.0, 2.0), (100.0, 120.0, 3.0), (150.0, 80.0, 0.0), (200.0, 80.0, 4.0)] {
        check_order(&equal, count, value, at);
    }
    // One that grows to the length of others comes after them; one that grows beyond them before.
    let three = [[1.0, 0.0, 40.0], [2.0, 1.0, 120.0], [3.0, 2.0, 80.0]];
    let grown = |last: [f64; 3]| [&three[..], &[last]].concat();
    check_order(&grown([1.0, 3.0, 120.0]), 3.0, 120.0, 1.0);
    check_order(&grown([1.0, 3.0, 120.0]), 50.0, 120.0, 3.0);
    check_order(&grown([3.0, 3.0, 160.0]), 3.0, 160.0, 3.0);
    check_order(&grown([3.0, 3.0, 160.0]), 50.0, 120.0, 1.0);
    // One that does not grow keeps its place among its equals.
    let equals = [[1.0, 0.0, 120.0], [2.0, 1.0, 120.0], [3.0, 2.0, 120.0], [2.0, 3.0, 64.0]];
    check_order(&equals, 50.0, 120.0, 1.0);
    // One that grows and stays where it is.
    check_order(&grown([2.0, 3.0, 128.0]), 3.0, 128.0, 3.0);
    check_order(&grown([1.0, 3.0, 48.0]), 100.0, 48.0, 3.0);
    // One that is as short as the shortest of ten takes nobody's place.
    let twenty: Vec<[f64; 3]> = (0..20).map(|id| [f64::from(id) + 1.0, f64::from(id), 40.0]).collect();
    check_order(&twenty, 500.0, 40.0, 9.0);
}

/// As in web-vitals: as long as the value is the same it is the same entries.
#[test]
fn another_interaction_of_the_same_length_changes_nothing() {
    let bench = pressed(&[120.0, 120.0]).hide(2.0).hide(50.0);
    check(&bench, &["inp 120 120 0 navigate [0.0]"]);
    // Also where nothing was told of it yet.
    check(&pressed(&[120.0, 120.0]).press(3.0, 5000.0, 40.0, 50.0).hide(50.0), &["inp 120 120 0 navigate [0.0]"]);
}

#[test]
fn the_longest_event_stands_for_its_interaction() {
    // Pointerdown, pointerup, click: the first is the longest.
    let bench = listener(ALL_CHANGES).press(1.0, 100.0, 120.0, 1.0).press(1.0, 150.0, 64.0, 1.0).press(1.0, 150.0, 64.0, 1.0).hide(1.0);
    check(&bench, &["inp 120 120 0 navigate [100.0]"]);
    let bench = listener(ALL_CHANGES).press(1.0, 100.0, 64.0, 1.0).press(1.0, 150.0, 240.0, 1.0).hide(1.0);
    check(&bench, &["inp 64 64 0 navigate [100.0]", "inp 240 176 1 navigate [150.0]"]);
    assert_eq!(bench.held(), [[150.0]], "the shorter is let go of");
}

/// The first input comes as an entry of its own and as an event: both are its entries, and it is one interaction.
#[test]
fn entries_of_the_same_start_and_length_belong_together() {
    let bench = listener(0).press(1.0, 100.0, 80.0, 1.0).press(1.0, 100.0, 80.0, 1.0).hide(1.0);
    check(&bench, &["inp 80 80 0 navigate [100.0, 100.0]"]);
    let both = [[1.0, 100.0, 80.0, 100.0, 180.0, 0.0, 1.0], [1.0, 100.0, 80.0, 100.0, 180.0, 0.0, 1.0]].concat();
    check(&listener(0).tell(Kind::Interaction, &both, &["#a", "#a"]).hide(1.0), &["inp 80 80 0 navigate [100.0, 100.0]"]);
    // As long, but from another start.
    let bench = listener(0).press(1.0, 100.0, 80.0, 1.0).press(1.0, 108.0, 80.0, 1.0).hide(1.0);
    check(&bench, &["inp 80 80 0 navigate [100.0]"]);
}

#[test]
fn an_event_of_no_interaction_is_none() {
    check(&listener(ALL_CHANGES).press(0.0, 100.0, 900.0, 0.0).hide(0.0), &[]);
}

#[test]
fn it_is_told_when_the_page_hides_and_when_it_has_changed() {
    let bench = pressed(&[80.0, 240.0]);
    check(&bench, &[]);
    let bench = bench.hide(2.0).hide(2.0).press(3.0, 5000.0, 40.0, 3.0).hide(3.0);
    check(&bench, &["inp 240 240 1 navigate [1000.0]"]);
    let bench = bench.press(4.0, 9000.0, 600.0, 4.0).hide(4.0);
    check(&bench, &["inp 240 240 1 navigate [1000.0]", "inp 600 360 2 navigate [9000.0]"]);
    // So many have come since that one is forgiven.
    let bench = bench.hide(50.0);
    assert_eq!(bench.last().line(), "inp 240 -360 1 navigate [1000.0]");
    check(&listener(0).hide(3.0), &[]);
}

#[test]
fn whoever_wants_all_changes_hears_of_each_packet() {
    let row = |id: f64, at: f64, duration: f64| [id, at, duration, at, at, 0.0, id];
    let packet = [row(1.0, 100.0, 80.0), row(2.0, 900.0, 400.0), row(3.0, 1500.0, 160.0)].concat();
    let bench = listener(ALL_CHANGES).tell(Kind::Interaction, &packet, &["", "", ""]).press(4.0, 3000.0, 440.0, 4.0).hide(4.0);
    check(&bench, &["inp 400 400 1 navigate [900.0]", "inp 440 40 1 navigate [3000.0]"]);
}

#[test]
fn thresholds_are_inclusive() {
    for (value, rating) in [(200.0, 0), (200.5, 1), (500.0, 1), (500.5, 2)] {
        check(&Bench::of(INP).press(1.0, 100.0, value, 1.0).hide(1.0), &[&format!("inp {value} {value} {rating} navigate []")]);
    }
}

/// Input delay, processing, presentation; whether a key, start, next paint: of an interaction at 1000 ms that took 104 ms,
/// and was handled then, in a frame with these other events (start, duration, processing).
fn check_parts(others: &[[f64; 4]], processing: [f64; 2], parts: [f64; 6]) {
    let row = |id: f64, [at, duration, start, end]: [f64; 4], is_key: f64| [id, at, duration, start, end, is_key, 1.0];
    let mut rows = vec![row(5.0, [1000.0, 104.0, processing[0], processing[1]], 1.0)];
    rows.extend(others.iter().map(|other| row(0.0, *other, 0.0)));
    // Whichever comes first.
    for rows in [rows.clone(), rows.into_iter().rev().collect()] {
        let texts = vec![""; rows.len()];
        let bench = listener(0).tell(Kind::Interaction, &rows.concat(), &texts).hide(1.0);
        assert_eq!(bench.last().parts[..6], parts, "{rows:?}");
        assert_eq!(parts[..3].iter().sum::<f64>(), parts[5] - parts[4]);
    }
}

#[test]
fn its_parts_add_up_to_it() {
    check_parts(&[], [1010.0, 1060.0], [10.0, 50.0, 44.0, 1.0, 1000.0, 1104.0]);
    // Durations are rounded, so handlers may seem to end after the paint, or to begin after it.
    check_parts(&[], [1010.0, 1110.0], [10.0, 94.0, 0.0, 1.0, 1000.0, 1104.0]);
    check_parts(&[], [1106.0, 1110.0], [106.0, 0.0, 0.0, 1.0, 1000.0, 1106.0]);
}

#[test]
fn all_that_was_handled_in_its_frame_counts_as_its_processing() {
    check_parts(&[[1050.0, 56.0, 1070.0, 1090.0]], [1010.0, 1060.0], [10.0, 80.0, 14.0, 1.0, 1000.0, 1104.0]);
    check_parts(&[[990.0, 112.0, 1004.0, 1009.0]], [1010.0, 1060.0], [4.0, 56.0, 44.0, 1.0, 1000.0, 1104.0]);
    // What was running when the user acted began before it.
    check_parts(&[[900.0, 200.0, 905.0, 1005.0]], [1010.0, 1060.0], [0.0, 60.0, 44.0, 1.0, 1000.0, 1104.0]);
    // Another frame's.
    check_parts(&[[1000.0, 120.0, 1001.0, 1119.0]], [1010.0, 1060.0], [10.0, 50.0, 44.0, 1.0, 1000.0, 1104.0]);
}

#[test]
fn the_load_state_is_that_of_its_start() {
    for (at, state) in [(100.0, 0.0), (250.0, 1.0), (350.0, 2.0), (450.0, 3.0)] {
        let bench = listener(0).at(5000.0).document(&[(RESPONSE, 50.0), (INTERACTIVE, 200.0), (CONTENT_LOADED, 300.0), (COMPLETE, 400.0)]);
        assert_eq!(bench.press(1.0, at, 1000.0, 1.0).hide(1.0).last().parts[6], state, "{at}");
    }
}

/// The target that is told of one interaction with these events: duration and target.
fn check_target(events: &[(f64, &str)], expected: &str) {
    let event = |bench: Bench, (duration, target): &(f64, &str)| bench.event([1.0, 100.0, *duration, 100.0, 110.0, 0.0, 1.0], target);
    let bench = events.iter().fold(listener(0), event).hide(1.0);
    assert_eq!(bench.last().texts[0], expected, "{events:?}");
}

#[test]
fn the_first_element_that_is_seen_is_its_target() {
    check_target(&[(80.0, "#a")], "#a");
    check_target(&[(80.0, "")], "");
    check_target(&[(80.0, "#a"), (80.0, "#b"), (120.0, "#c")], "#a");
    check_target(&[(80.0, ""), (80.0, "#b"), (120.0, "#c")], "#b");
    check_target(&[(80.0, ""), (120.0, "#c"), (64.0, "#d")], "#c");
    // The shorter events of an interaction are not asked.
    check_target(&[(80.0, ""), (64.0, "#d")], "");
}

#[test]
fn a_target_that_is_seen_later_is_told_with_the_value() {
    let bench = listener(0).event([1.0, 100.0, 80.0, 100.0, 110.0, 0.0, 1.0], "");
    assert_eq!(bench.event([1.0, 100.0, 80.0, 100.0, 110.0, 0.0, 1.0], "#a").hide(1.0).last().texts[0], "#a");
}

/// Each slower than the one before it, so that all but ten make room, and some aimed at the same elements.
#[test]
fn each_of_the_slowest_is_told_with_its_own_target() {
    for elements in [1, 3, 10, 13, 40] {
        let target = |number: i32| format!("#{}", number % elements);
        let event = |bench: Bench, number: i32| {
            let at = f64::from(number) * 1000.0;
            bench.event([f64::from(number), at, 96.0 + 8.0 * f64::from(number), at, at, 0.0, 1.0], &target(number)).hide(1.0)
        };
        let mut bench = (1..=40).fold(listener(0), event);
        for outliers in 0..10 {
            bench = bench.hide(50.0 * f64::from(outliers));
            assert_eq!((bench.last().entries[0], &bench.last().texts[0]), (f64::from(40 - outliers) * 1000.0, &target(40 - outliers)), "{elements}");
        }
    }
}

#[test]
fn an_interaction_that_has_left_the_slowest_comes_again_as_another() {
    // The first of twelve leaves, then grows: it is among the slowest again, with its new length.
    let twelve: Vec<f64> = (1..=12).map(|step| f64::from(step) * 40.0).collect();
    let bench = pressed(&twelve).press(1.0, 50.0, 40.0, 12.0).press(1.0, 60.0, 1000.0, 12.0).hide(12.0);
    check(&bench, &["inp 1000 1000 2 navigate [60.0]"]);
}

#[test]
fn entries_are_held_as_long_as_they_may_be_told() {
    // Told, and then pushed out by ten that are slower: still the entry of the value that was told last.
    let bench = pressed(&[80.0]).hide(1.0);
    assert_eq!(bench.held(), [[0.0]]);
    let mut bench = bench;
    for id in 2..=40 {
        bench = bench.press(f64::from(id), f64::from(id) * 1000.0, 100.0 + f64::from(id), 1.0);
    }
    assert_eq!(bench.held().len(), 10);
    let bench = bench.hide(2000.0).at(90_000.0).restore(2000.0);
    assert_eq!(bench.told.last().map(|heard| heard.entries.clone()), Some(vec![31_000.0]));
    assert!(bench.held().is_empty());
    // The events of its frame are, only for who asked for them.
    let bench = listener(EVENTS).press(0.0, 90.0, 90.0, 0.0).press(1.0, 100.0, 80.0, 1.0).hide(1.0);
    assert_eq!(bench.last().list(bench.last().parts[15]), [90.0, 100.0]);
    let bench = listener(0).press(0.0, 90.0, 90.0, 0.0).press(1.0, 100.0, 80.0, 1.0).hide(1.0);
    assert_eq!(bench.last().list(bench.last().parts[15]), [0.0; 0]);
}
