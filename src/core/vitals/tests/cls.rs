//! Cumulative Layout Shift: session windows, the worst of them, and what is told of it.

use super::super::flags::{ALL_CHANGES, ENTRIES, SOFT};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Bench {
    /// A shift that no input excuses, in a packet of its own.
    fn shift(self, at: f64, value: f64) -> Self {
        self.tell(Kind::Shift, &[at, value, 0.0], &["#it"])
    }

    fn painted(self) -> Self {
        self.tell(Kind::Paint, &[1.0], &[])
    }
}

/// A listener that wants entries, on a page that has painted.
fn listener(more: u32) -> Bench {
    Bench::of(CLS | ENTRIES | more).painted()
}

/// Value and entries of the worst window of these shifts (time, value), each in a packet of its own.
fn check_worst(shifts: &[(f64, f64)], value: f64, entries: &[f64]) {
    let bench = shifts.iter().fold(listener(0), |bench, (at, value)| bench.shift(*at, *value)).hide(0.0);
    assert_eq!((bench.last().value, bench.last().entries.as_slice()), (value, entries), "{shifts:?}");
}

#[test]
fn a_window_ends_a_second_after_its_last_shift() {
    check_worst(&[(0.0, 0.25), (999.9, 0.25)], 0.5, &[0.0, 999.9]);
    check_worst(&[(0.0, 0.25), (1000.0, 0.25)], 0.25, &[0.0]);
    check_worst(&[(0.0, 0.25), (600.0, 0.25), (1599.0, 0.25)], 0.75, &[0.0, 600.0, 1599.0]);
}

#[test]
fn a_window_ends_five_seconds_after_its_first_shift() {
    let steps = [(0.0, 0.125), (900.0, 0.125), (1800.0, 0.125), (2700.0, 0.125), (3600.0, 0.125), (4500.0, 0.125)];
    let with = |at: f64| [&steps[..], &[(at, 0.125)]].concat();
    check_worst(&with(4999.9), 0.875, &[0.0, 900.0, 1800.0, 2700.0, 3600.0, 4500.0, 4999.9]);
    check_worst(&with(5000.0), 0.75, &[0.0, 900.0, 1800.0, 2700.0, 3600.0, 4500.0]);
    // The next window begins with the shift that did not fit, and lasts as long again.
    let next = [(5000.0, 0.125), (5900.0, 0.5), (6800.0, 0.125), (7700.0, 0.125), (8600.0, 0.125), (9500.0, 0.125)];
    let with = |at: f64| [&steps[..], &next, &[(at, 0.125)]].concat();
    check_worst(&with(9999.9), 1.25, &[5000.0, 5900.0, 6800.0, 7700.0, 8600.0, 9500.0, 9999.9]);
    check_worst(&with(10_000.0), 1.125, &[5000.0, 5900.0, 6800.0, 7700.0, 8600.0, 9500.0]);
}

#[test]
fn the_worst_window_is_the_first_of_equals() {
    check_worst(&[(0.0, 0.25), (2000.0, 0.25), (4000.0, 0.25)], 0.25, &[0.0]);
    check_worst(&[(0.0, 0.25), (2000.0, 0.125), (2500.0, 0.25), (9000.0, 0.3125)], 0.375, &[2000.0, 2500.0]);
}

#[test]
fn a_shift_of_nothing_keeps_no_window_open() {
    check_worst(&[(0.0, 0.0), (100.0, 0.25), (200.0, 0.0), (300.0, 0.25)], 0.5, &[100.0, 200.0, 300.0]);
    // It is among the entries of the worst window also when nothing follows.
    check_worst(&[(100.0, 0.25), (200.0, 0.0)], 0.25, &[100.0, 200.0]);
    check_worst(&[(100.0, 0.0), (200.0, 0.0)], 0.0, &[]);
}

#[test]
fn a_shift_with_input_is_none_but_its_text_is_read() {
    let bench = listener(0).tell(Kind::Shift, &[100.0, 0.5, 1.0, 200.0, 0.25, 0.0, 300.0, 0.5, 1.0], &["#no", "#yes", "#no"]).hide(0.0);
    check(&bench, &["cls 0.25 0.25 1 navigate [200.0]"]);
    assert_eq!(bench.last().texts, ["#yes"]);
}

/// Of one packet only the window counts that is open at its end, as in web-vitals.
#[test]
fn a_packet_counts_as_a_whole() {
    let shifts = [0.0, 0.5, 0.0, 3000.0, 0.125, 0.0, 3100.0, 0.125, 0.0];
    let bench = listener(ALL_CHANGES).tell(Kind::Shift, &shifts, &["", "", ""]);
    check(&bench, &["cls 0.25 0.25 1 navigate [3000.0, 3100.0]"]);
}

#[test]
fn it_is_told_when_the_page_hides_and_when_it_has_grown() {
    let bench = listener(0).shift(100.0, 0.125).shift(200.0, 0.0625);
    check(&bench, &[]);
    let bench = bench.hide(0.0).hide(0.0).shift(20_000.0, 0.125).hide(0.0);
    check(&bench, &["cls 0.1875 0.1875 1 navigate [100.0, 200.0]"]);
    let bench = bench.shift(40_000.0, 0.5).hide(0.0);
    check(&bench, &["cls 0.1875 0.1875 1 navigate [100.0, 200.0]", "cls 0.5 0.3125 2 navigate [40000.0]"]);
    // Its end alone is nothing that a listener hears of.
    check(&listener(0).shift(100.0, 0.125).tell(Kind::Hidden, &[500.0, 0.0, 0.0], &[]), &[]);
    check(&Bench::own(CLS).painted().shift(100.0, 0.125).tell(Kind::Hidden, &[500.0, 0.0, 0.0], &[]), &["cls 0.125 0.125 1 navigate []"]);
}

#[test]
fn whoever_wants_all_changes_hears_of_each() {
    let bench = listener(ALL_CHANGES).tell(Kind::Shift, &[], &[]).shift(100.0, 0.125).shift(5000.0, 0.0625).shift(5100.0, 0.125).hide(0.0);
    let lines = ["cls 0 0 0 navigate []", "cls 0.125 0.125 1 navigate [100.0]", "cls 0.1875 0.0625 1 navigate [5000.0, 5100.0]"];
    check(&bench, &lines);
}

#[test]
fn a_page_that_has_not_painted_has_none() {
    let bench = Bench::of(CLS | ALL_CHANGES | ENTRIES).shift(100.0, 0.25).hide(0.0);
    check(&bench, &[]);
    // Painted too late.
    check(&bench.at(900.0).tell(Kind::Paint, &[900.0], &[]).hide(0.0), &[]);
    // What was shifted before the paint counts when it has come.
    let bench = Bench::of(CLS | ALL_CHANGES | ENTRIES).shift(100.0, 0.25).painted();
    check(&bench, &[]);
    check(&bench.tell(Kind::Shift, &[], &[]), &["cls 0.25 0.25 1 navigate [100.0]"]);
    check(&listener(0).hide(0.0), &["cls 0 0 0 navigate []"]);
}

#[test]
fn thresholds_are_inclusive() {
    for (value, rating) in [(0.1, 0), (0.1001, 1), (0.25, 1), (0.2501, 2)] {
        check(&Bench::of(CLS).painted().shift(100.0, value).hide(0.0), &[&format!("cls {value} {value} {rating} navigate []")]);
    }
}

/// Time, value, load state and place of the largest shift, and its target.
fn check_largest(shifts: &[(f64, f64, &str)], parts: [f64; 4], target: &str) {
    let bench = listener(0).at(2000.0).document(&[(RESPONSE, 50.0), (INTERACTIVE, 200.0), (CONTENT_LOADED, 300.0), (COMPLETE, 1000.0)]);
    let bench = shifts.iter().fold(bench, |bench, (at, value, target)| bench.tell(Kind::Shift, &[*at, *value, 0.0], &[target])).hide(0.0);
    assert_eq!((bench.last().parts.as_slice(), bench.last().texts.as_slice()), (&parts[..], &[target.to_owned()][..]), "{shifts:?}");
}

#[test]
fn the_largest_shift_explains_it() {
    check_largest(&[(100.0, 0.25, "#a")], [100.0, 0.25, 0.0, 0.0], "#a");
    check_largest(&[(100.0, 0.125, "#a"), (250.0, 0.25, "#b"), (1100.0, 0.125, "#c")], [250.0, 0.25, 1.0, 1.0], "#b");
    // Of equals the last; a smaller one after it changes nothing.
    check_largest(&[(250.0, 0.25, "#a"), (400.0, 0.25, "#b"), (500.0, 0.0, "#c")], [400.0, 0.25, 2.0, 1.0], "#b");
    // The worst window's, and not the page's.
    check_largest(&[(100.0, 0.25, "#a"), (200.0, 0.25, "#b"), (1500.0, 0.375, "#c")], [200.0, 0.25, 1.0, 1.0], "#b");
    // An element that the browser does not tell.
    check_largest(&[(1000.0, 0.25, "")], [1000.0, 0.25, 3.0, 0.0], "");
}

#[test]
fn without_a_shift_there_is_nothing_to_explain() {
    let bench = listener(0).hide(0.0);
    assert_eq!((bench.last().parts.len(), bench.last().texts.len()), (0, 0));
}

#[test]
fn a_route_ends_it_and_begins_it_anew() {
    let bench = listener(SOFT).shift(100.0, 0.125).at(5000.0).soft(7.0, 3.0, 20.0);
    check(&bench, &["cls 0.125 0.125 1 navigate [100.0]"]);
    let bench = bench.at(5500.0).soft(8.0, 4.0, 20.0);
    check(&bench, &["cls 0.125 0.125 1 navigate [100.0]", "cls 0 0 0 soft-navigation []"]);
    // Less than before is the worst of this one; and a window is not carried over from one to the other.
    let bench = bench.shift(5600.0, 0.0625).at(5700.0).soft(9.0, 5.0, 20.0).shift(5750.0, 0.03125).hide(0.0);
    let lines = bench.lines();
    assert_eq!(lines[2..], ["cls 0.0625 0.0625 0 soft-navigation [5600.0]", "cls 0.03125 0.03125 0 soft-navigation [5750.0]"]);
    let starts: Vec<_> = bench.told.iter().map(|heard| (heard.id, heard.interaction, heard.start)).collect();
    assert_eq!(starts, [(0.0, None, 0.0), (7.0, Some(3.0), 5000.0), (8.0, Some(4.0), 5500.0), (9.0, Some(5.0), 5700.0)]);
}

#[test]
fn a_route_of_a_page_that_has_not_painted_has_none() {
    let bench = Bench::of(CLS | SOFT).shift(100.0, 0.125).at(5000.0).soft(7.0, 3.0, 20.0).hide(0.0);
    check(&bench, &[]);
}

#[test]
fn a_return_begins_it_anew() {
    let bench = listener(ALL_CHANGES).shift(100.0, 0.125).hide(0.0).at(9000.0).restore(0.0);
    check(&bench, &["cls 0.125 0.125 1 navigate [100.0]"]);
    let bench = bench.at(9016.0).repaint();
    check(&bench, &["cls 0.125 0.125 1 navigate [100.0]", "cls 0 0 0 back-forward-cache []"]);
    let bench = bench.shift(9500.0, 0.0625).hide(0.0);
    assert_eq!(bench.last().line(), "cls 0.0625 0.0625 0 back-forward-cache [9500.0]");
    assert_eq!((bench.last().number, bench.last().start), (9000.0, 9000.0));
    // Without all changes nothing is told before the page hides.
    let bench = listener(0).hide(0.0).at(9000.0).restore(0.0).repaint();
    check(&bench, &["cls 0 0 0 navigate []"]);
    check(&bench.hide(0.0), &["cls 0 0 0 navigate []", "cls 0 0 0 back-forward-cache []"]);
}

#[test]
fn a_page_that_is_painted_only_after_its_return_has_one_then() {
    let bench = Bench::of(CLS).at(50.0).hide(0.0).at(9000.0).restore(0.0).at(9016.0).repaint().shift(9100.0, 0.25).hide(0.0);
    check(&bench, &["cls 0.25 0.25 1 back-forward-cache []"]);
}

#[test]
fn a_page_that_is_painted_only_after_its_return_counts_what_moved_before() {
    let bench = Bench::of(CLS).shift(10.0, 0.5).at(50.0).hide(0.0).at(9000.0).restore(0.0).at(9016.0).repaint().hide(0.0);
    check(&bench, &["cls 0.5 0.5 2 back-forward-cache []"]);
}
