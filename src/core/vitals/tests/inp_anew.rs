//! Interaction to Next Paint of what comes after the document's load: returns, routes, and guesses at routes.

use super::super::flags::{ALL_CHANGES, SOFT};
use super::inp::{listener, pressed};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Bench {
    /// The browser tells, after the events before it, of a soft navigation now.
    fn soft_after_events(self, number: f64, interaction: f64, count: f64) -> Self {
        let now = self.now;
        self.tell(Kind::SoftNavigation, &[now, number, interaction, now, 1.0, count], &["https://shop.example/pay"])
    }
}

#[test]
fn a_return_begins_it_anew() {
    let bench = pressed(&[400.0, 300.0]).hide(2.0).at(9000.0).restore(2.0);
    assert!(bench.held().is_empty());
    let bench = bench.at(9500.0).press(3.0, 9400.0, 80.0, 3.0).press(4.0, 9600.0, 120.0, 4.0).hide(51.0);
    // 49 interactions since its return: none is forgiven.
    check(&bench, &["inp 400 400 1 navigate [0.0]", "inp 120 120 0 back-forward-cache [9600.0]"]);
    assert_eq!(bench.hide(52.0).last().line(), "inp 80 -40 0 back-forward-cache [9400.0]");
}

#[test]
fn a_route_ends_it_and_begins_it_anew() {
    let bench = listener(SOFT).press(1.0, 100.0, 240.0, 60.0).press(2.0, 900.0, 80.0, 60.0).at(5000.0).soft_after_events(7.0, 2.0, 60.0);
    check(&bench, &["inp 80 80 0 navigate [900.0]"]);
    let bench = bench.press(3.0, 5400.0, 64.0, 61.0).at(9000.0).soft_after_events(8.0, 3.0, 61.0).press(4.0, 9100.0, 120.0, 62.0).hide(62.0);
    let lines = ["inp 80 80 0 navigate [900.0]", "inp 64 64 0 soft-navigation [5400.0]", "inp 120 120 0 soft-navigation [9100.0]"];
    check(&bench, &lines);
    let starts: Vec<_> = bench.told.iter().map(|heard| (heard.id, heard.interaction, heard.start)).collect();
    assert_eq!(starts, [(0.0, None, 0.0), (7.0, Some(2.0), 5000.0), (8.0, Some(3.0), 9000.0)]);
    // What is told at once, for the others, is not for it.
    check(&listener(SOFT).press(1.0, 100.0, 80.0, 1.0).at(5000.0).soft(7.0, 2.0, 20.0), &[]);
}

#[test]
fn interactions_too_short_for_an_entry_are_told_as_the_shortest() {
    // Of the document there is the first input to be told.
    check(&listener(ALL_CHANGES).hide(5.0), &[]);
    let returned = || listener(ALL_CHANGES).hide(5.0).at(9000.0).restore(5.0);
    check(&returned().hide(5.0), &[]);
    let bench = returned().at(9900.0).document(&[(RESPONSE, 50.0), (INTERACTIVE, 8000.0), (CONTENT_LOADED, 9500.0)]).hide(6.0).hide(7.0);
    check(&bench, &["inp 8 8 0 back-forward-cache []"]);
    // It has no parts but presentation, and the state is that at the return.
    assert_eq!((bench.last().parts.as_slice(), bench.last().texts.len()), (&[0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 1.0][..], 0));
    // The first that has an entry takes its place, however the page counts.
    let bench = bench.press(8.0, 9950.0, 40.0, 400.0);
    check(&bench, &["inp 8 8 0 back-forward-cache []", "inp 40 32 0 back-forward-cache [9950.0]"]);

    let bench = listener(SOFT).at(5000.0).soft_after_events(7.0, 2.0, 3.0).hide(4.0);
    check(&bench, &["inp 8 8 0 soft-navigation []"]);
    // It is told of a route that ends, too.
    let bench = listener(SOFT | ALL_CHANGES).at(5000.0).soft_after_events(7.0, 2.0, 3.0).at(6000.0).soft_after_events(8.0, 3.0, 4.0);
    check(&bench, &["inp 8 8 0 soft-navigation []"]);
}

/// The agent's own meter, where the browser tells of no soft navigations.
#[test]
fn an_interaction_belongs_to_the_route_on_which_it_began() {
    let route = |mut bench: Bench, at: f64| {
        assert!(bench.vitals.route(at, b"https://shop.example/pay", &bench.view));
        bench.hear(&[]);
        bench
    };
    let bench = route(Bench::own(INP).press(1.0, 100.0, 80.0, 1.0), 5000.0);
    check(&bench, &[]);
    // Its presses are still to be told when the route changes.
    let bench = bench.press(2.0, 4990.0, 160.0, 2.0).press(3.0, 5000.0, 72.0, 3.0).press(4.0, 5100.0, 64.0, 4.0).hide(4.0);
    check(&bench, &["inp 160 160 0 navigate []", "inp 72 72 0 soft-navigation []"]);
    // Two routes without an event: the first has none to tell of.
    let bench = route(route(bench, 6000.0), 7000.0).press(5.0, 7100.0, 120.0, 5.0).hide(5.0);
    assert_eq!(bench.lines()[2..], ["inp 120 120 0 soft-navigation []"]);
    assert_eq!((bench.last().number, bench.last().id), (7000.0, 0.0));
    let mut soft = Bench::own(INP | SOFT);
    assert!(!soft.vitals.route(5000.0, b"https://shop.example/pay", &soft.view), "where the browser tells of them");
}

#[test]
fn a_return_ends_the_route_that_waits_for_its_first_interaction() {
    let mut bench = Bench::own(INP).press(1.0, 100.0, 80.0, 1.0);
    assert!(bench.vitals.route(1000.0, b"https://shop.example/pay", &bench.view));
    let bench = bench.hide(1.0).at(5000.0).restore(1.0).press(2.0, 6000.0, 96.0, 2.0).hide(2.0);
    assert_eq!(bench.lines().last().map(String::as_str), Some("inp 96 96 0 back-forward-cache []"));
}
