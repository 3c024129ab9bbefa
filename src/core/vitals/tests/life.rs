//! The document's life: what is believed of its entry, and how far it was loaded.

use super::super::flags::SOFT;
use super::super::life::Life;
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The life of a document with this entry, which is told at 1000 ms.
fn life(values: &[(usize, f64)], kind: &str) -> Life {
    let mut life = Life::new(f64::INFINITY);
    let text = ["https://shop.example/cart", kind].join("\0");
    life.navigation(1000.0, &document(values), &mut Texts(text.as_bytes()));
    life
}

/// Whether a response at this time, told at 1000 ms, is believed.
fn check_valid(response: f64, is_valid: bool) {
    let life = life(&[(RESPONSE, response), (ACTIVATION, 50.0), (NUMBER, 9.0)], "reload");
    assert_eq!(life.is_valid, is_valid, "{response}");
    // Of an entry that is not believed nothing is.
    let expected: (&[u8], f64, f64) = if is_valid { (b"prerender", 50.0, 9.0) } else { (b"navigate", 0.0, 0.0) };
    assert_eq!((life.kind.as_slice(), life.activation, life.navigation_id), expected, "{response}");
}

#[test]
fn a_response_at_no_time_or_in_the_future_is_not_believed() {
    for (response, is_valid) in [
        (0.0, false),
        (-3.0, false),
        (f64::NAN, false),
        (0.1, true),
        (999.9, true),
        (1000.0, false),
        (1000.1, false),
        (f64::INFINITY, false),
    ] {
        check_valid(response, is_valid);
    }
    assert!(!Life::new(0.0).is_valid, "an entry that was never told");
}

fn check_kind(kind: &str, more: &[(usize, f64)], expected: &str) {
    let life = life(&[&[(RESPONSE, 100.0)], more].concat(), kind);
    assert_eq!(core::str::from_utf8(&life.kind), Ok(expected), "{kind} {more:?}");
}

#[test]
fn each_load_has_a_type() {
    check_kind("navigate", &[], "navigate");
    check_kind("reload", &[], "reload");
    check_kind("back_forward", &[], "back-forward");
    check_kind("", &[], "navigate");
    check_kind("reload", &[(DISCARDED, 1.0)], "restore");
    check_kind("navigate", &[(ACTIVATION, 0.1)], "prerender");
    check_kind("prerender", &[(ACTIVATION, 80.0)], "prerender");
    check_kind("back_forward", &[(ACTIVATION, 80.0), (DISCARDED, 1.0)], "prerender");
}

/// How far a document was loaded at these times.
fn check_states(life: &Life, expected: &[(f64, f64)]) {
    for (at, state) in expected {
        assert_eq!(life.load_state(*at), *state, "at {at}");
    }
}

#[test]
fn a_document_is_loaded_step_by_step() {
    let marks = [(RESPONSE, 50.0), (INTERACTIVE, 100.0), (CONTENT_LOADED, 200.0), (COMPLETE, 300.0)];
    let all = [(0.0, 0.0), (99.9, 0.0), (100.0, 1.0), (199.9, 1.0), (200.0, 2.0), (299.9, 2.0), (300.0, 3.0), (1e9, 3.0)];
    check_states(&life(&marks, "navigate"), &all);
    // What has not happened yet.
    check_states(&life(&marks[..3], "navigate"), &[(99.0, 0.0), (150.0, 1.0), (200.0, 2.0), (1e9, 2.0)]);
    check_states(&life(&marks[..2], "navigate"), &[(99.0, 0.0), (100.0, 1.0), (1e9, 1.0)]);
    check_states(&life(&[marks[0], marks[1], marks[3]], "navigate"), &[(150.0, 1.0), (1e9, 1.0)]);
    // A browser that does not tell when the document was interactive.
    check_states(&life(&[marks[0], marks[2], marks[3]], "navigate"), &[(0.0, 1.0), (250.0, 2.0), (300.0, 3.0)]);
}

#[test]
fn while_it_is_parsed_a_document_is_loading_whatever_the_marks() {
    let marks = [(RESPONSE, 50.0), (INTERACTIVE, 100.0), (CONTENT_LOADED, 200.0), (COMPLETE, 300.0), (LOADING, 1.0)];
    check_states(&life(&marks, "navigate"), &[(0.0, 0.0), (150.0, 0.0), (400.0, 0.0)]);
    check_states(&life(&[(LOADING, 1.0)], "navigate"), &[(400.0, 0.0)]);
}

#[test]
fn without_an_entry_a_document_counts_as_loaded() {
    check_states(&Life::new(0.0), &[(-1.0, 3.0), (0.0, 3.0), (400.0, 3.0)]);
    check_states(&life(&[(RESPONSE, 2000.0), (INTERACTIVE, 100.0)], "navigate"), &[(0.0, 3.0)]);
}

#[test]
fn waiting_ends_with_the_worker_or_else_with_the_fetch() {
    for (worker, fetch, waited) in [(0.0, 0.0, 0.0), (0.0, 12.0, 12.0), (30.0, 12.0, 30.0), (5.0, 0.0, 5.0)] {
        let life = life(&[(RESPONSE, 100.0), (WORKER, worker), (FETCH, fetch)], "navigate");
        assert_eq!(life.waited, waited, "{worker} {fetch}");
    }
}

#[test]
fn nothing_is_before_the_activation() {
    let life = life(&[(RESPONSE, 100.0), (ACTIVATION, 400.0)], "navigate");
    assert_eq!([100.0, 400.0, 400.5, 900.0].map(|at| life.since_activation(at)), [0.0, 0.0, 0.5, 500.0]);
}

#[test]
fn the_first_hiding_stays_the_first() {
    let mut life = Life::new(f64::INFINITY);
    life.hidden(700.0);
    life.hidden(900.0);
    assert_eq!(life.first_hidden, 700.0);
    let mut life = Life::new(0.0);
    life.hidden(900.0);
    assert_eq!(life.first_hidden, 0.0);
}

/// Since when the page counts as hidden, after this.
fn check_hidden(bench: &Bench, expected: f64) {
    assert_eq!(bench.vitals.life.first_hidden, expected);
}

#[test]
fn a_page_that_returns_or_goes_to_a_route_was_never_hidden() {
    let hidden = || Bench::of(LCP | SOFT).at(700.0).hide(0.0);
    check_hidden(&hidden(), 700.0);
    // The end of a page is no change of its visibility.
    check_hidden(&Bench::of(LCP).at(700.0).tell(Kind::Hidden, &[700.0, 0.0, 0.0], &[]), f64::INFINITY);
    check_hidden(&hidden().at(9000.0).restore(0.0), 700.0);
    check_hidden(&hidden().at(9000.0).restore(0.0).at(9016.0).repaint(), f64::INFINITY);
    check_hidden(&hidden().at(9000.0).restore(0.0).tell(Kind::Repainted, &[9016.0, 0.0], &[]), 0.0);
    check_hidden(&hidden().at(9000.0).soft(1.0, 1.0, 10.0), f64::INFINITY);
    // Only where someone measures the largest paint of soft navigations.
    check_hidden(&Bench::of(CLS | SOFT).at(700.0).hide(0.0).at(9000.0).soft(1.0, 1.0, 10.0), 700.0);
}
