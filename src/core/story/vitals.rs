//! When each vital is told, and as what.

use super::page::Input;
use super::{ALL_VITALS, Kind, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The agent's own meter where the browser tells of soft navigations: all vitals, and `flags::SOFT`.
const WITH_ROUTES: u32 = ALL_VITALS | 1 << 5;

impl Visit {
    /// Each record of a vital: name, value, delta, rating, kind of navigation.
    fn vitals(&self) -> Vec<String> {
        let keys = ["name", "value", "delta", "rating", "navigation_type"];
        let line = |event: &super::Event| keys.map(|key| event.of(&["browser.web_vital.", key].concat()).to_owned()).join(" ");
        self.named("browser.web_vital").iter().map(line).collect()
    }

    /// Of each record of a vital: its name, and which view it belongs to, counted in the order of their first records.
    fn vital_views(&self) -> Vec<String> {
        let mut views: Vec<String> = Vec::new();
        for event in self.events() {
            let view = event.of("vitrum.view.id").to_owned();
            if !views.contains(&view) {
                views.push(view);
            }
        }
        let number = |event: &super::Event| views.iter().position(|view| view == event.of("vitrum.view.id")).unwrap();
        let line = |event: &super::Event| [event.of("browser.web_vital.name"), &number(event).to_string()].join(" ");
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
        &["ttfb 120 120 good navigate", "fcp 900 900 good navigate", "lcp 1251 1251 good navigate", "cls 0 0 good navigate"],
    );
}

#[test]
fn a_page_that_ends_without_being_hidden_has_told_the_same() {
    let visit = Visit::new().at(900.0).first_paint().largest_paint().interaction(1.0, 80.0).leave();
    let once = ["fcp 900 900 good navigate", "lcp 900 900 good navigate", "cls 0 0 good navigate", "inp 80 80 good navigate"];
    assert_eq!(visit.vitals(), once);
    assert_eq!(visit.hide().vitals(), once, "and its change of visibility, which comes after, changes nothing");
}

#[test]
fn the_first_input_settles_the_largest_paint() {
    let visit = Visit::new().at(500.0).first_paint().largest_paint().at(2600.0).largest_paint();
    assert_eq!(Visit::vitals(&visit), Vec::<String>::new());
    let visit = visit.at(4000.0).settled().after(5000.0);
    assert_eq!(visit.vitals(), ["fcp 500 500 good navigate", "lcp 2600 2600 needs-improvement navigate"]);
    check(
        visit.largest_paint(),
        &["fcp 500 500 good navigate", "lcp 2600 2600 needs-improvement navigate", "cls 0 0 good navigate"],
    );
}

/// Then the page tells that it is hidden, and not that the largest paint is settled.
#[test]
fn an_event_that_the_page_made_up_ends_no_largest_paint() {
    let visit = Visit::new().at(500.0).first_paint().largest_paint().hidden(0, 1.0);
    assert_eq!(visit.vitals(), ["fcp 500 500 good navigate", "cls 0 0 good navigate"]);
    check(visit.after(9000.0), &["fcp 500 500 good navigate", "cls 0 0 good navigate", "lcp 500 500 good navigate"]);
}

#[test]
fn shifts_and_interactions_are_told_again_when_they_change() {
    let visit = Visit::new().at(1000.0).first_paint().shift(0.125).interaction(7.0, 120.0).hide();
    let once = ["fcp 1000 1000 good navigate", "cls 0.125 0.125 needs-improvement navigate", "inp 120 120 good navigate"];
    assert_eq!(visit.vitals(), once);
    let visit = visit.after(9000.0).hide();
    assert_eq!(visit.vitals(), once);
    let visit = visit.after(9000.0).shift(0.375).interaction(8.0, 520.0).after(60_000.0);
    assert_eq!(visit.vitals(), once);
    let visit = visit.hide();
    assert_eq!(visit.vitals()[3..], ["cls 0.375 0.25 poor navigate", "inp 520 400 poor navigate"]);
    let mut ids: Vec<_> = visit.named("browser.web_vital").iter().map(|event| event.of("browser.web_vital.id").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "one vital has one id: {ids:?}");
}

#[test]
fn a_shift_after_input_is_the_users() {
    check(
        Visit::new().at(100.0).first_paint().tell(Kind::Shift, &[200.0, 0.5, 1.0, 300.0, 0.25, 0.0], &["", "#own"]),
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
    // Its end alone is no change of visibility.
    check(
        Visit::new().at(200.0).leave().at(300.0).first_paint().largest_paint(),
        &["fcp 300 300 good navigate", "cls 0 0 good navigate"],
    );
}

#[test]
fn what_the_browser_does_not_measure_is_not_told() {
    let full = |start: &Start| {
        let visit = Visit::start(start).at(300.0).navigation("navigate", 90.0, 0.0, false).first_paint();
        visit.shift(0.5).largest_paint().interaction(1.0, 80.0)
    };
    let all = [
        "ttfb 90 90 good navigate",
        "fcp 300 300 good navigate",
        "lcp 300 300 good navigate",
        "cls 0.5 0.5 poor navigate",
        "inp 80 80 good navigate",
    ];
    check(full(&Start::default()), &all);
    // In the order of the bits: LCP, INP, CLS, FCP, TTFB.
    for (bit, missing) in [2, 4, 3, 1, 0].into_iter().enumerate() {
        let start = Start { measures: ALL_VITALS & !(1 << bit), ..Start::default() };
        let expected: Vec<_> = all.into_iter().enumerate().filter(|(place, _)| *place != missing).map(|(_, line)| line).collect();
        check(full(&start), &expected);
    }
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
        check(Visit::new().at(400.0).navigation(kind, 100.0 + activation, activation, was_discarded), &[&expected]);
    }
}

#[test]
fn a_navigation_whose_times_cannot_be_believed_has_no_first_byte() {
    for response_start in [0.0, -5.0, 400.0, 1e9] {
        let visit = Visit::new().at(400.0).navigation("reload", response_start, 50.0, false).first_paint();
        check(visit, &["fcp 400 400 good navigate", "cls 0 0 good navigate"]);
    }
}

#[test]
fn a_prerendered_page_counts_from_its_activation() {
    let visit = Visit::new().at(1900.0).navigation("navigate", 100.0, 2000.0, false);
    check(
        visit.first_paint().at(2300.0).largest_paint(),
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
    let visit = visit.at(60_000.0).restore().after(16.0).repaint();
    let visit = visit.at(61_000.0).largest_paint().shift(0.0625).interaction(2.0, 80.0).hide();
    assert_eq!(
        visit.vitals()[before.len()..],
        [
            "ttfb 0 0 good back-forward-cache",
            "lcp 16 16 good back-forward-cache",
            "fcp 16 16 good back-forward-cache",
            "cls 0.0625 0.0625 good back-forward-cache",
            "inp 80 80 good back-forward-cache"
        ]
    );
    assert_eq!(visit.vital_views(), ["ttfb 0", "fcp 0", "cls 0", "inp 0", "ttfb 1", "lcp 1", "fcp 1", "cls 1", "inp 1"]);
}

#[test]
fn an_interaction_too_short_for_an_entry_is_told_of_a_page_that_returned() {
    let mut visit = Visit::new().at(400.0).first_paint().hide().at(60_000.0).restore().repaint();
    visit.interactions = 3.0;
    assert_eq!(visit.hide().vitals().last().map(String::as_str), Some("inp 8 8 good back-forward-cache"));
}

/// What the browser tells of no soft navigations: CLS and INP of a route are the agent's guess, and say so.
#[test]
fn a_route_has_its_own_shifts_and_interactions_and_they_are_marked() {
    let visit = Visit::new().at(400.0).navigation("navigate", 90.0, 0.0, false).first_paint().largest_paint();
    let visit = visit.shift(0.25).interaction(1.0, 90.0).at(5000.0).route("push", "https://shop.example/pay");
    // An interaction that began before the route belongs to what was there before.
    let late = Input { id: 2.0, at: 4990.0, duration: 112.0, processing: [4995.0, 5001.0], is_key: false, target: "#pay" };
    let visit = visit.at(5100.0).input(late).shift(0.0625).at(6000.0).interaction(3.0, 64.0).hide();
    assert_eq!(
        visit.vitals(),
        [
            "ttfb 90 90 good navigate",
            "fcp 400 400 good navigate",
            "cls 0.25 0.25 needs-improvement navigate",
            "inp 112 112 good navigate",
            "lcp 400 400 good navigate",
            "cls 0.0625 0.0625 good soft-navigation",
            "inp 64 64 good soft-navigation",
        ]
    );
    assert_eq!(visit.vital_views(), ["ttfb 0", "fcp 0", "cls 0", "inp 0", "lcp 0", "cls 1", "inp 1"]);
    let vitals = visit.named("browser.web_vital");
    let marked: Vec<_> = vitals.iter().map(|vital| vital.of("vitrum.web_vital.heuristic")).collect();
    assert_eq!(marked, ["", "", "", "", "", "true", "true"]);
    let mut ids: Vec<_> = vitals.iter().map(|vital| vital.of("browser.web_vital.id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 7, "each is another vital: {ids:?}");
    let paths: Vec<_> = vitals.iter().map(|vital| vital.of("url.template")).collect();
    assert_eq!(paths, ["/cart", "/cart", "/cart", "/cart", "/cart", "/pay", "/pay"]);
}

#[test]
fn a_new_query_is_no_route_of_its_own() {
    let visit = Visit::new().at(400.0).first_paint().shift(0.125).route("replace", "https://shop.example/cart?user=8").shift(0.125);
    check(visit, &["fcp 400 400 good navigate", "cls 0.25 0.25 needs-improvement navigate"]);
}

/// Where it does, they are the browser's, and all five vitals have them.
#[test]
fn a_soft_navigation_of_the_browser_has_all_five() {
    let start = Start { measures: WITH_ROUTES, ..Start::default() };
    let visit = Visit::start(&start).at(400.0).navigation("navigate", 90.0, 0.0, false).first_paint().largest_paint();
    let visit = visit.shift(0.25).interaction(1.0, 90.0).at(5000.0).route("push", "https://shop.example/pay");
    let visit = visit.soft_navigation(7.0, 1.0, 120.0, "https://shop.example/pay");
    // Start of the interaction, its paint, its number, with an entry.
    let visit = visit.tell(Kind::LargestPaint, &[5000.0, 5150.0, 1.0, 1.0, -1.0, 0.0], &["#total", ""]);
    let visit = visit.at(6000.0).shift(0.0625).interaction(2.0, 64.0).hide();
    assert_eq!(
        visit.vitals(),
        [
            "ttfb 90 90 good navigate",
            "fcp 400 400 good navigate",
            "lcp 400 400 good navigate",
            "cls 0.25 0.25 needs-improvement navigate",
            "fcp 120 120 good soft-navigation",
            "ttfb 0 0 good soft-navigation",
            "inp 90 90 good navigate",
            "lcp 150 150 good soft-navigation",
            "cls 0.0625 0.0625 good soft-navigation",
            "inp 64 64 good soft-navigation",
        ]
    );
    let views = ["ttfb 0", "fcp 0", "lcp 0", "cls 0", "fcp 1", "ttfb 1", "inp 0", "lcp 1", "cls 1", "inp 1"];
    assert_eq!(visit.vital_views(), views);
    assert!(visit.named("browser.web_vital").iter().all(|vital| !vital.has("vitrum.web_vital.heuristic")));
}
