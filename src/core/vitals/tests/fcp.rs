//! First Contentful Paint: of the document once, of routes and returns each.

use super::super::flags::{ALL_CHANGES, ENTRIES, SOFT};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Bench {
    fn paint(self, at: f64) -> Self {
        self.tell(Kind::Paint, &[at], &[])
    }
}

#[test]
fn the_first_paint_is_told_at_once_and_once() {
    for flags in [FCP, FCP | ALL_CHANGES] {
        let bench = Bench::of(flags | ENTRIES).at(1000.0).paint(900.0).paint(950.0).hide(0.0);
        check(&bench, &["fcp 900 900 0 navigate [900.0]"]);
        assert!(bench.held().is_empty(), "its entry is let go of when it has been told");
    }
    check(&Bench::of(FCP).at(1000.0).paint(900.0), &["fcp 900 900 0 navigate []"]);
    check(&Bench::of(CLS | ENTRIES).at(1000.0).paint(900.0), &[]);
}

/// Whether a first paint counts of a page that was first hidden at 500 ms.
fn check_hidden(paint: f64, counts: bool) {
    let bench = Bench::of(FCP).at(500.0).hide(0.0).at(1000.0).paint(paint);
    assert_eq!(bench.told.len(), usize::from(counts), "{paint}");
}

#[test]
fn a_paint_after_hiding_does_not_count_and_no_later_one_does() {
    check_hidden(499.9, true);
    check_hidden(500.0, false);
    check_hidden(500.1, false);
    // Entries come late, but the first is the first.
    check(&Bench::of(FCP).at(500.0).hide(0.0).at(1000.0).paint(600.0).paint(400.0), &[]);
}

#[test]
fn thresholds_are_inclusive() {
    for (value, rating) in [(0.0, 0), (1800.0, 0), (1800.5, 1), (3000.0, 1), (3000.5, 2)] {
        check(&Bench::of(FCP).at(9000.0).paint(value), &[&format!("fcp {value} {value} {rating} navigate []")]);
    }
}

/// Value and attribution (time to first byte, from there to the paint, how far the document was loaded).
fn check_parts(document: &[(usize, f64)], paint: f64, value: f64, parts: [f64; 3]) {
    let bench = Bench::of(FCP).at(5000.0).document(document).paint(paint);
    assert_eq!((bench.last().value, bench.last().parts.as_slice()), (value, &parts[..]), "{document:?} {paint}");
}

#[test]
fn its_parts_add_up_to_it() {
    let marks = [(RESPONSE, 120.0), (INTERACTIVE, 600.0), (CONTENT_LOADED, 700.0), (COMPLETE, 900.0)];
    check_parts(&marks, 500.0, 500.0, [120.0, 380.0, 0.0]);
    check_parts(&marks, 650.0, 650.0, [120.0, 530.0, 1.0]);
    check_parts(&marks, 900.0, 900.0, [120.0, 780.0, 3.0]);
    check_parts(&[&marks[..], &[(LOADING, 1.0)]].concat(), 900.0, 900.0, [120.0, 780.0, 0.0]);
    // Of a prerendered page both count from its activation.
    check_parts(&[&marks[..], &[(ACTIVATION, 100.0)]].concat(), 650.0, 550.0, [20.0, 530.0, 1.0]);
    check_parts(&[&marks[..], &[(ACTIVATION, 800.0)]].concat(), 650.0, 0.0, [0.0, 0.0, 1.0]);
    // Without an entry to be believed.
    check_parts(&[], 650.0, 650.0, [0.0, 650.0, 3.0]);
    check_parts(&[(RESPONSE, 6000.0), (INTERACTIVE, 600.0)], 650.0, 650.0, [0.0, 650.0, 3.0]);
    check_parts(&[(LOADING, 1.0)], 650.0, 650.0, [0.0, 650.0, 0.0]);
}

#[test]
fn a_return_is_painted_anew() {
    let bench = Bench::of(FCP | ENTRIES).at(2000.0).document(&[(RESPONSE, 120.0), (INTERACTIVE, 600.0), (CONTENT_LOADED, 700.0), (COMPLETE, 900.0)]);
    let bench = bench.paint(500.0).hide(0.0).at(9000.0).restore(0.0);
    check(&bench, &["fcp 500 500 0 navigate [500.0]"]);
    let bench = bench.at(9040.5).repaint().hide(0.0);
    check(&bench, &["fcp 500 500 0 navigate [500.0]", "fcp 40.5 40.5 0 back-forward-cache []"]);
    // The state at the time of the return.
    assert_eq!(bench.last().parts, [0.0, 40.5, 3.0]);
    assert_eq!((bench.last().number, bench.last().start), (9000.0, 9000.0));
    let bench = bench.at(12_000.0).restore(0.0).at(15_500.0).repaint();
    assert_eq!(bench.last().line(), "fcp 3500 3500 2 back-forward-cache []");
}

#[test]
fn a_return_of_a_page_that_was_never_painted_is_told_too() {
    let bench = Bench::of(FCP).at(100.0).hide(0.0).at(200.0).paint(150.0).at(9000.0).restore(0.0).at(9016.0).repaint();
    check(&bench, &["fcp 16 16 0 back-forward-cache []"]);
}

#[test]
fn a_soft_navigation_has_the_paint_that_the_browser_tells() {
    let bench = Bench::of(FCP | SOFT).at(1000.0).paint(500.0).at(5000.0).soft(7.0, 3.0, 48.0).at(6000.0).soft(8.0, 4.0, 1900.0);
    let lines = ["fcp 500 500 0 navigate []", "fcp 48 48 0 soft-navigation []", "fcp 1900 1900 1 soft-navigation []"];
    check(&bench, &lines);
    let heard = &bench.told[1];
    assert_eq!((heard.number, heard.start, heard.id, heard.interaction), (5000.0, 5000.0, 7.0, Some(3.0)));
    assert_eq!((heard.url.as_str(), heard.parts.as_slice()), ("https://shop.example/pay", &[0.0, 48.0, 3.0][..]));
    // One without a time of its paint was painted before it began, as it seems.
    let bench = bench.tell(Kind::SoftNavigation, &[9000.0, 9.0, 5.0, 0.0, 0.0, 0.0], &["https://shop.example/"]);
    assert_eq!(bench.last().line(), "fcp 0 0 0 soft-navigation []");
}
