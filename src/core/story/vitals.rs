//! When each vital is told, and as what.

use super::{Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Visit {
    /// Each record of a vital: name, value, delta, rating, kind of navigation.
    fn vitals(&self) -> Vec<String> {
        let keys = ["name", "value", "delta", "rating", "navigation_type"];
        let line = |event: &super::Event| keys.map(|key| event.of(&["browser.web_vital.", key].concat()).to_owned()).join(" ");
        self.named("browser.web_vital").iter().map(line).collect()
    }
}

/// Whether this visit, once it is hidden, has told these vitals.
fn check(visit: Visit, expected: &[&str]) {
    assert_eq!(visit.hide().vitals(), expected);
}

#[test]
fn a_visit_without_input_ends_with_the_page() {
    check(
        Visit::new().at(300.0).navigation("navigate", 120.0, 0.0, false).at(900.0).first_paint().at(1250.5).largest_paint(),
        &["ttfb 120 120 good navigate", "fcp 900 900 good navigate", "lcp 1250.5 1250.5 good navigate", "cls 0 0 good navigate"],
    );
}

#[test]
fn the_first_input_settles_the_largest_paint() {
    let visit = Visit::new().at(500.0).first_paint().largest_paint().at(2600.0).largest_paint();
    assert_eq!(Visit::vitals(&visit), Vec::<String>::new());
    let visit = visit.at(4000.0).tell(crate::Kind::FirstInput, &[4000.0], &[]).after(5000.0);
    assert_eq!(visit.vitals(), ["fcp 500 500 good navigate", "lcp 2600 2600 needs-improvement navigate"]);
    check(
        visit.largest_paint(),
        &["fcp 500 500 good navigate", "lcp 2600 2600 needs-improvement navigate", "cls 0 0 good navigate"],
    );
}

#[test]
fn shifts_and_interactions_are_told_again_when_they_change() {
    let visit = Visit::new().at(1000.0).first_paint().shift(0.125).interaction(7.0, 120.0).hide();
    let once = ["fcp 1000 1000 good navigate", "inp 120 120 good navigate", "cls 0.125 0.125 needs-improvement navigate"];
    assert_eq!(visit.vitals(), once);
    let visit = visit.after(9000.0).hide();
    assert_eq!(visit.vitals(), once);
    let visit = visit.after(9000.0).shift(0.375).interaction(8.0, 520.0).after(60_000.0);
    assert_eq!(visit.vitals(), once);
    let visit = visit.hide();
    assert_eq!(visit.vitals()[3..], ["inp 520 400 poor navigate", "cls 0.375 0.25 poor navigate"]);
    let mut ids: Vec<_> = visit.named("browser.web_vital").iter().map(|event| event.of("browser.web_vital.id").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "one vital has one id: {ids:?}");
}

#[test]
fn a_shift_after_input_is_the_users() {
    check(
        Visit::new().at(100.0).first_paint().tell(crate::Kind::Shift, &[200.0, 0.5, 1.0, 300.0, 0.25, 0.0], &[]),
        &["fcp 100 100 good navigate", "cls 0.25 0.25 needs-improvement navigate"],
    );
}

#[test]
fn nothing_painted_after_hiding_counts() {
    check(Visit::new().at(200.0).hide().at(300.0).first_paint().largest_paint(), &[]);
    let hidden = Start { first_hidden: 0.0, ..Start::default() };
    check(Visit::start(&hidden).at(300.0).first_paint().largest_paint().shift(0.5), &[]);
    let late = Visit::new().at(200.0).first_paint().largest_paint().at(300.0).hide().at(400.0).largest_paint();
    check(late, &["fcp 200 200 good navigate", "lcp 200 200 good navigate", "cls 0 0 good navigate"]);
}

#[test]
fn a_browser_that_measures_no_shifts_has_no_cls() {
    let start = Start { measures_shifts: false, ..Start::default() };
    check(Visit::start(&start).at(300.0).first_paint().shift(0.5), &["fcp 300 300 good navigate"]);
}

#[test]
fn each_kind_of_navigation_has_its_name() {
    for (kind, activation, was_discarded, name) in [
        ("navigate", 0.0, false, "navigate"),
        ("reload", 0.0, false, "reload"),
        ("back_forward", 0.0, false, "back-forward"),
        ("prerender", 50.0, false, "prerender"),
        ("navigate", 50.0, false, "prerender"),
        ("reload", 0.0, true, "restore"),
    ] {
        let expected = ["ttfb 100 100 good ", name].concat();
        check(Visit::new().navigation(kind, 100.0 + activation, activation, was_discarded), &[&expected]);
    }
}

#[test]
fn a_prerendered_page_counts_from_its_activation() {
    let visit = Visit::new().navigation("navigate", 100.0, 2000.0, false);
    check(
        visit.at(1900.0).first_paint().at(2300.0).largest_paint(),
        &["ttfb 0 0 good prerender", "fcp 0 0 good prerender", "lcp 300 300 good prerender", "cls 0 0 good prerender"],
    );
}

#[test]
fn thresholds_are_inclusive() {
    for (value, rating) in [(1800.0, "good"), (1800.5, "needs-improvement"), (3000.0, "needs-improvement"), (3000.5, "poor")] {
        let visit = Visit::new().at(value).first_paint().hide();
        assert_eq!(visit.named("browser.web_vital")[0].of("browser.web_vital.rating"), rating, "{value}");
    }
}

#[test]
fn a_page_that_returns_is_measured_anew() {
    let visit = Visit::new().at(400.0).navigation("navigate", 90.0, 0.0, false).first_paint().shift(0.5).interaction(1.0, 300.0).hide();
    let before = visit.vitals();
    let visit = visit.at(60_000.0).restore().at(61_000.0).largest_paint().shift(0.0625).interaction(2.0, 80.0).hide();
    assert_eq!(
        visit.vitals()[before.len()..],
        ["inp 80 80 good back-forward-cache", "cls 0.0625 0.0625 good back-forward-cache"]
    );
    let views: Vec<_> = visit.named("browser.web_vital").iter().map(|event| event.of("vitrum.view.id").to_owned()).collect();
    assert!(views[0] == views[before.len() - 1] && views[0] != views[before.len()], "{views:?}");
}

#[test]
fn a_vital_belongs_to_the_documents_view_whatever_the_route() {
    let visit = Visit::new().at(400.0).first_paint().route("push", "https://shop.example/pay").at(9000.0).interaction(1.0, 90.0).hide();
    let views = visit.named("browser.navigation");
    for vital in visit.named("browser.web_vital") {
        assert_eq!(vital.of("vitrum.view.id"), views[0].of("vitrum.view.id"));
        assert_eq!(vital.of("url.path"), "/cart");
    }
}
