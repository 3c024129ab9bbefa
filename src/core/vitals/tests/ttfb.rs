//! Time to First Byte: of the document when its load is over, of routes and returns at once.

use super::super::flags::{ALL_CHANGES, SOFT};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What is told of a document whose load is over, with this entry.
fn told(values: &[(usize, f64)]) -> Bench {
    Bench::of(TTFB).at(5000.0).document(&[values, &[(LOADED, 4000.0)]].concat())
}

/// Its five parts: waiting, cache, lookup, connection, request.
fn check_parts(values: &[(usize, f64)], value: f64, parts: [f64; 5]) {
    let bench = told(values);
    let [heard] = bench.told.as_slice() else { panic!("{:?}", bench.told) };
    assert_eq!((heard.value, heard.parts.as_slice()), (value, &parts[..]), "{values:?}");
    assert_eq!(parts.iter().sum::<f64>(), value);
}

const PHASES: [(usize, f64); 5] = [(FETCH, 10.0), (LOOKUP, 30.0), (CONNECT, 70.0), (CONNECTED, 150.0), (RESPONSE, 400.0)];

#[test]
fn its_parts_add_up_to_it() {
    check_parts(&PHASES, 400.0, [10.0, 20.0, 40.0, 80.0, 250.0]);
    // A worker was started: waiting ends with that.
    check_parts(&[&PHASES[..], &[(WORKER, 25.0)]].concat(), 400.0, [25.0, 5.0, 40.0, 80.0, 250.0]);
    // A connection that was there.
    check_parts(&[(FETCH, 5.0), (LOOKUP, 5.0), (CONNECT, 5.0), (CONNECTED, 5.0), (RESPONSE, 90.0)], 90.0, [5.0, 0.0, 0.0, 0.0, 85.0]);
}

#[test]
fn it_counts_from_the_activation() {
    check_parts(&[&PHASES[..], &[(ACTIVATION, 50.0)]].concat(), 350.0, [0.0, 0.0, 20.0, 80.0, 250.0]);
    check_parts(&[&PHASES[..], &[(ACTIVATION, 3000.0)]].concat(), 0.0, [0.0; 5]);
}

#[test]
fn it_is_told_once_and_whether_or_not_all_changes_are_wanted() {
    for flags in [TTFB, TTFB | ALL_CHANGES] {
        let bench = Bench::of(flags).at(5000.0).document(&PHASES);
        check(&bench, &[]);
        let loaded = [&PHASES[..], &[(LOADED, 4000.0)]].concat();
        let bench = bench.document(&loaded).document(&loaded).hide(0.0);
        check(&bench, &["ttfb 400 400 0 navigate []"]);
    }
}

#[test]
fn an_entry_that_is_not_believed_has_none() {
    for response in [0.0, -1.0, 5000.0, 9000.0] {
        check(&told(&[(RESPONSE, response)]), &[]);
    }
    check(&Bench::of(FCP).at(5000.0).document(&[(RESPONSE, 90.0), (LOADED, 4000.0)]), &[]);
}

/// As in web-vitals, which begins with the others when the document's own is told.
#[test]
fn where_the_documents_own_is_not_told_no_other_is() {
    check(&Bench::of(TTFB | SOFT).at(5000.0).restore(0.0).at(6000.0).soft(7.0, 3.0, 20.0), &[]);
    let hidden = Bench::of(TTFB | SOFT).at(5000.0).document(&[(RESPONSE, 0.0), (LOADED, 4000.0)]);
    check(&hidden.at(9000.0).restore(0.0).at(9500.0).soft(7.0, 3.0, 20.0), &[]);
    // A route while the document still loads takes nothing from the document.
    let bench = Bench::of(TTFB | SOFT).at(2000.0).document(&PHASES).soft(7.0, 3.0, 20.0);
    let bench = bench.at(5000.0).document(&[&PHASES[..], &[(LOADED, 4000.0)]].concat());
    check(&bench, &["ttfb 400 400 0 navigate []"]);
    assert_eq!((bench.last().id, bench.last().start), (0.0, 0.0));
}

#[test]
fn thresholds_are_inclusive() {
    for (value, rating) in [(0.5, 0), (800.0, 0), (800.5, 1), (1800.0, 1), (1800.5, 2)] {
        check(&told(&[(RESPONSE, value)]), &[&format!("ttfb {value} {value} {rating} navigate []")]);
    }
}

#[test]
fn nobody_waits_for_a_return_or_a_route() {
    let bench = told(&PHASES).at(9000.0).restore(3.0).at(20_000.0).restore(3.0);
    let lines = ["ttfb 400 400 0 navigate []", "ttfb 0 0 0 back-forward-cache []", "ttfb 0 0 0 back-forward-cache []"];
    check(&bench, &lines);
    let starts: Vec<_> = bench.told.iter().map(|heard| (heard.number, heard.start, heard.parts.clone())).collect();
    assert_eq!(starts[1..], [(9000.0, 9000.0, vec![0.0; 5]), (20_000.0, 20_000.0, vec![0.0; 5])]);

    let loaded = [&PHASES[..], &[(LOADED, 4000.0)]].concat();
    let bench = Bench::of(TTFB | SOFT).at(5000.0).document(&loaded).at(9000.0).soft(7.0, 3.0, 20.0);
    check(&bench, &["ttfb 400 400 0 navigate []", "ttfb 0 0 0 soft-navigation []"]);
    assert_eq!(bench.last().parts, [0.0; 5]);
    // One that the browser has not numbered is none.
    check(&bench.at(9500.0).soft(0.0, 3.0, 20.0), &["ttfb 400 400 0 navigate []", "ttfb 0 0 0 soft-navigation []"]);
}
