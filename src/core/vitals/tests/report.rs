//! When a value becomes a report, and what all reports have in common.

use super::super::flags::{ALL_CHANGES, ENTRIES, SOFT};
use super::super::report::{Metric, Navigation, Sink, Type, Vital};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What is reported of a metric whose value changes so: `None` is no report, else value, delta and rating.
fn check_due(vital: Vital, flags: u32, values: &[(f64, bool)], expected: &[Option<(f64, f64, f64)>]) {
    let view = std::rc::Rc::new(View::new((b"https://shop.example/", b"https://shop.example/"), b"", b"", &mut Ids::new(&[7; 16])));
    let navigation = Navigation::new(Type::Hard, 0.0, 0.0, b"", &view);
    let mut metric = Metric::new(&navigation, -1.0);
    let mut life = Life::new(f64::INFINITY);
    let (mut own, mut told) = Default::default();
    let sink = Sink { life: &mut life, own: &mut own, told: &mut told, flags, meter: 1, index: 0 };
    let reports: Vec<_> = values
        .iter()
        .map(|(value, is_forced)| {
            metric.value = *value;
            let report = metric.due(vital, -1.0, *is_forced, &sink)?;
            let &[_, _, rating, _, _, _, value, delta, _] = report.numbers.as_slice() else { panic!("{:?}", report.numbers) };
            Some((value, delta, rating))
        })
        .collect();
    assert_eq!(reports, expected, "{vital:?} {values:?}");
}

#[test]
fn a_value_is_told_when_it_is_new_and_wanted() {
    let changes = [(-1.0, true), (90.0, false), (90.0, true), (90.0, true), (250.0, false), (600.0, true), (600.0, false), (80.0, true)];
    let forced = [None, None, Some((90.0, 90.0, 0.0)), None, None, Some((600.0, 510.0, 2.0)), None, Some((80.0, -520.0, 0.0))];
    check_due(Vital::Inp, INP, &changes, &forced);
    let all = [
        None,
        Some((90.0, 90.0, 0.0)),
        None,
        None,
        Some((250.0, 160.0, 1.0)),
        Some((600.0, 350.0, 2.0)),
        None,
        Some((80.0, -520.0, 0.0)),
    ];
    check_due(Vital::Inp, INP | ALL_CHANGES, &changes, &all);
}

#[test]
fn a_zero_is_a_value_and_is_told_once() {
    check_due(Vital::Cls, CLS, &[(0.0, false), (0.0, true), (0.0, true)], &[None, Some((0.0, 0.0, 0.0)), None]);
    check_due(Vital::Cls, CLS, &[(-0.5, true), (f64::NAN, true)], &[None, None]);
}

#[test]
fn each_vital_has_its_thresholds_and_they_are_inclusive() {
    for (vital, good, poor) in [
        (Vital::Lcp, 2500.0, 4000.0),
        (Vital::Inp, 200.0, 500.0),
        (Vital::Cls, 0.1, 0.25),
        (Vital::Fcp, 1800.0, 3000.0),
        (Vital::Ttfb, 800.0, 1800.0),
    ] {
        for (value, rating) in [(0.0, 0.0), (good, 0.0), (good * 1.001, 1.0), (poor, 1.0), (poor * 1.001, 2.0)] {
            check_due(vital, 0, &[(value, true)], &[Some((value, value, rating))]);
        }
    }
}

#[test]
fn a_report_tells_of_its_navigation() {
    let document = [(RESPONSE, 90.0), (NUMBER, 41.0), (LOADED, 300.0)];
    let bench = Bench::of(TTFB | FCP | SOFT).at(1000.0).document(&document).at(5000.0).soft(42.0, 9.0, 20.0);
    let told: Vec<_> =
        bench.told.iter().map(|heard| (heard.number, heard.kind.as_str(), heard.id, heard.interaction, heard.start, heard.url.as_str())).collect();
    let soft = (5000.0, "soft-navigation", 42.0, Some(9.0), 5000.0, "https://shop.example/pay");
    assert_eq!(told, [(0.0, "navigate", 41.0, None, 0.0, "https://shop.example/cart"), soft, soft]);
    // Its return is one of the route on which the page was left.
    let bench = bench.at(9000.0).restore(0.0);
    let heard = bench.last();
    assert_eq!((heard.number, heard.kind.as_str(), heard.id, heard.start), (9000.0, "back-forward-cache", 42.0, 9000.0));
    assert_eq!((heard.interaction, heard.url.as_str()), (Some(9.0), "https://shop.example/pay"));
}

/// The document's entry may become known after the meter has begun.
#[test]
fn what_is_not_yet_known_of_the_document_is_told_later() {
    let bench = Bench::of(FCP).at(1000.0).tell(Kind::Paint, &[900.0], &[]);
    assert_eq!((bench.last().id, bench.last().url.as_str()), (0.0, ""));
    let bench = Bench::of(FCP).at(1000.0).document(&[(RESPONSE, 90.0), (NUMBER, 41.0)]).tell(Kind::Paint, &[900.0], &[]);
    assert_eq!((bench.last().id, bench.last().url.as_str()), (41.0, "https://shop.example/cart"));
}

#[test]
fn who_listens_after_a_return_measures_that_return() {
    let bench = Bench::of(FCP).at(9000.0).restore(0.0).at(9016.0).repaint();
    let bench = Bench::after(bench.at(10_000.0)).listening(FCP | ENTRIES).tell(Kind::Paint, &[500.0], &[]);
    assert_eq!(bench.last().line(), "fcp 500 500 0 back-forward-cache [500.0]");
    assert_eq!((bench.last().number, bench.last().start), (0.0, 0.0));
}
