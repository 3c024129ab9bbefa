//! Largest Contentful Paint: which candidate counts, when it is final, and its parts.

use super::super::flags::{ALL_CHANGES, ENTRIES, SOFT};
use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Bench {
    /// A text of the document is painted.
    fn text(self, at: f64) -> Self {
        self.tell(Kind::LargestPaint, &[at, at, -1.0, 1.0, -1.0, 0.0], &["h1", ""])
    }

    /// A picture of the document, whose request began and whose response ended then.
    fn picture(self, at: f64, request: f64, loaded: f64) -> Self {
        self.tell(Kind::LargestPaint, &[at, at, -1.0, 1.0, request, loaded], &["main>img", "https://cdn.example/a.png"])
    }

    /// What an interaction, which began then, has painted.
    fn interaction_paint(self, at: f64, render: f64, interaction: f64) -> Self {
        self.tell(Kind::LargestPaint, &[at, render, interaction, 1.0, -1.0, 0.0], &["#total", ""])
    }

    fn settle(self, since: f64) -> Self {
        self.tell(Kind::Settled, &[since], &[])
    }
}

fn listener(more: u32) -> Bench {
    Bench::of(LCP | ENTRIES | more)
}

#[test]
fn the_last_candidate_is_told_when_the_user_acts() {
    let bench = listener(0).text(500.0).text(900.0);
    check(&bench, &[]);
    let bench = bench.settle(2000.0).settle(3000.0);
    check(&bench, &["lcp 900 900 0 navigate [900.0]"]);
    assert_eq!(bench.last().texts, ["h1", ""]);
    check(&listener(0).settle(2000.0), &[]);
}

#[test]
fn it_is_final_when_it_is_told() {
    for more in [0, ALL_CHANGES] {
        check(&listener(more).text(500.0).settle(2000.0).text(2500.0).settle(3000.0).hide(0.0).settle(4000.0), &["lcp 500 500 0 navigate [500.0]"]);
    }
    // Where routes are measured the browser's word is taken also after that, as in web-vitals.
    let bench = listener(ALL_CHANGES | SOFT).text(500.0).settle(2000.0).text(2500.0).settle(3000.0);
    check(&bench, &["lcp 500 500 0 navigate [500.0]", "lcp 2500 2000 0 navigate [2500.0]"]);
}

#[test]
fn whoever_wants_all_changes_hears_of_each_candidate() {
    let bench = listener(ALL_CHANGES).text(500.0).text(500.0).picture(4100.0, 100.0, 3000.0).settle(5000.0);
    check(&bench, &["lcp 500 500 0 navigate [500.0]", "lcp 4100 3600 2 navigate [4100.0]"]);
    // Candidates of one packet are told one by one.
    let row = |at: f64| [at, at, -1.0, 1.0, -1.0, 0.0];
    let bench = listener(ALL_CHANGES).tell(Kind::LargestPaint, &[row(500.0), row(700.0)].concat(), &["h1", "", "h2", ""]);
    check(&bench, &["lcp 500 500 0 navigate [500.0]", "lcp 700 200 0 navigate [700.0]"]);
    assert_eq!(bench.last().texts, ["h2", ""]);
}

#[test]
fn what_a_listener_does_not_measure_it_is_not_told() {
    check(&Bench::of(INP | CLS | FCP | TTFB).text(500.0).settle(2000.0), &[]);
}

/// Whether a candidate painted then counts, on a page that was first hidden at 700 ms.
fn check_hidden(at: f64, counts: bool) {
    let bench = listener(ALL_CHANGES).at(700.0).hide(0.0).text(at);
    assert_eq!(bench.told.len(), usize::from(counts), "{at}");
}

#[test]
fn nothing_painted_after_hiding_counts() {
    check_hidden(699.9, true);
    check_hidden(700.0, false);
    check_hidden(700.1, false);
    // The candidate before it stays.
    check(&listener(0).text(600.0).at(700.0).hide(0.0).text(800.0).settle(700.0), &["lcp 600 600 0 navigate [600.0]"]);
}

#[test]
fn input_from_before_this_listener_settles_nothing() {
    let bench = Bench::after(Bench::own(0)).at(800.0).listening(LCP).text(500.0).settle(799.9);
    check(&bench, &[]);
    check(&bench.settle(800.0), &["lcp 500 500 0 navigate [500.0]"]);
}

#[test]
fn thresholds_are_inclusive() {
    for (value, rating) in [(2500.0, 0), (2500.5, 1), (4000.0, 1), (4000.5, 2)] {
        check(&listener(0).text(value).settle(9000.0), &[&format!("lcp {value} {value} {rating} navigate [{value:?}]")]);
    }
}

/// Time to first byte, delay of the load, its duration, delay of the rendering: of a picture painted then, of a document
/// with this entry, whose request and response were then.
fn check_parts(document: &[(usize, f64)], at: f64, resource: [f64; 2], parts: [f64; 4]) {
    let bench = listener(0).at(9000.0).document(document).picture(at, resource[0], resource[1]).settle(9000.0);
    assert_eq!(bench.last().parts, parts, "{document:?} {resource:?}");
    assert_eq!(parts.iter().sum::<f64>(), bench.last().value);
}

#[test]
fn its_parts_add_up_to_it() {
    let response = [(RESPONSE, 100.0)];
    check_parts(&response, 900.0, [300.0, 750.0], [100.0, 200.0, 450.0, 150.0]);
    // A text has no resource.
    check_parts(&response, 900.0, [-1.0, 0.0], [100.0, 0.0, 0.0, 800.0]);
    check_parts(&response, 900.0, [-1.0, 700.0], [100.0, 0.0, 0.0, 800.0]);
    // Asked for before the first byte (an early hint).
    check_parts(&response, 900.0, [60.0, 750.0], [100.0, 0.0, 650.0, 150.0]);
    check_parts(&response, 900.0, [60.0, 80.0], [100.0, 0.0, 0.0, 800.0]);
    // Still loading when its first frame is painted (a video).
    check_parts(&response, 900.0, [300.0, 2000.0], [100.0, 200.0, 600.0, 0.0]);
    // Not yet loaded, as far as is told.
    check_parts(&response, 900.0, [300.0, 0.0], [100.0, 200.0, 0.0, 600.0]);
}

#[test]
fn its_parts_count_from_the_activation() {
    let document = [(RESPONSE, 100.0), (ACTIVATION, 400.0)];
    check_parts(&document, 900.0, [500.0, 800.0], [0.0, 100.0, 300.0, 100.0]);
    check_parts(&document, 900.0, [150.0, 800.0], [0.0, 0.0, 400.0, 100.0]);
    check_parts(&document, 900.0, [150.0, 300.0], [0.0, 0.0, 0.0, 500.0]);
    check_parts(&document, 300.0, [150.0, 250.0], [0.0, 0.0, 0.0, 0.0]);
    check_parts(&[(RESPONSE, 500.0), (ACTIVATION, 400.0)], 900.0, [-1.0, 0.0], [100.0, 0.0, 0.0, 400.0]);
}

#[test]
fn without_an_entry_to_be_believed_it_is_all_rendering() {
    check_parts(&[], 900.0, [300.0, 750.0], [0.0, 0.0, 0.0, 900.0]);
    check_parts(&[(RESPONSE, 9001.0), (ACTIVATION, 400.0)], 900.0, [300.0, 750.0], [0.0, 0.0, 0.0, 900.0]);
}

#[test]
fn what_becomes_known_of_the_resource_is_told_with_the_last_report() {
    let bench = listener(ALL_CHANGES).at(5000.0).document(&[(RESPONSE, 100.0)]).picture(900.0, 300.0, 0.0);
    let bench = bench.tell(Kind::LargestResource, &[320.0, 1500.0], &[]);
    assert_eq!(bench.last().parts, [100.0, 200.0, 0.0, 600.0]);
    let bench = listener(0).at(5000.0).document(&[(RESPONSE, 100.0)]).picture(900.0, 300.0, 0.0);
    let bench = bench.tell(Kind::LargestResource, &[320.0, 850.0], &[]).settle(5000.0);
    assert_eq!(bench.last().parts, [100.0, 220.0, 530.0, 50.0]);
    // The next candidate has a resource of its own, or none.
    let bench = listener(0).at(5000.0).document(&[(RESPONSE, 100.0)]).picture(900.0, 300.0, 850.0).text(1000.0).settle(5000.0);
    assert_eq!(bench.last().parts, [100.0, 0.0, 0.0, 900.0]);
}

#[test]
fn a_route_ends_it_and_has_its_own() {
    let bench = listener(SOFT).at(4000.0).document(&[(RESPONSE, 100.0)]).text(500.0).at(5000.0).soft(7.0, 3.0, 20.0);
    check(&bench, &["lcp 500 500 0 navigate [500.0]"]);
    let bench = bench.interaction_paint(5000.0, 5200.0, 3.0).settle(6000.0);
    check(&bench, &["lcp 500 500 0 navigate [500.0]", "lcp 200 200 0 soft-navigation [5000.0]"]);
    let heard = bench.last();
    assert_eq!((heard.id, heard.interaction, heard.start, heard.parts.as_slice()), (7.0, Some(3.0), 5000.0, &[0.0, 0.0, 0.0, 200.0][..]));
    assert_eq!(heard.texts, ["#total", ""]);
    // What was told before is not told again.
    let bench = bench.at(7000.0).soft(8.0, 4.0, 20.0).settle(8000.0);
    assert_eq!(bench.told.len(), 2);
}

/// Whether what this interaction painted is the soft navigation's that interaction 3 caused.
fn check_ours(interaction: f64, is_ours: bool) {
    let bench = listener(SOFT | ALL_CHANGES).at(5000.0).soft(7.0, 3.0, 20.0).interaction_paint(5000.0, 5200.0, interaction);
    assert_eq!(bench.told.len(), usize::from(is_ours), "{interaction}");
}

#[test]
fn a_route_has_what_its_own_interaction_painted() {
    check_ours(3.0, true);
    check_ours(4.0, false);
    // A browser that does not tell whose it is.
    check_ours(0.0, true);
    // The document has what is painted without one.
    for interaction in [0.0, 3.0] {
        check(&listener(SOFT | ALL_CHANGES).at(5000.0).interaction_paint(5000.0, 5200.0, interaction), &[]);
    }
}

#[test]
fn a_route_has_parts_that_count_from_its_start() {
    let bench = listener(SOFT).at(5000.0).document(&[(RESPONSE, 100.0)]).soft(7.0, 3.0, 20.0);
    let picture = [5000.0, 5900.0, 3.0, 1.0, 5100.0, 5700.0];
    let bench = bench.tell(Kind::LargestPaint, &picture, &["img", "https://cdn.example/b.png"]).settle(6000.0);
    assert_eq!((bench.last().value, bench.last().parts.as_slice()), (900.0, &[0.0, 100.0, 600.0, 200.0][..]));
    // Loaded long before, with the document.
    let bench = listener(SOFT).at(5000.0).document(&[(RESPONSE, 100.0)]).soft(7.0, 3.0, 20.0);
    let bench = bench.tell(Kind::LargestPaint, &[5000.0, 5900.0, 3.0, 1.0, 300.0, 700.0], &["img", "https://cdn.example/a.png"]).settle(6000.0);
    assert_eq!(bench.last().parts, [0.0, 0.0, 0.0, 900.0]);
}

#[test]
fn a_paint_of_a_route_may_have_no_entry_and_no_time() {
    let bench = listener(SOFT).at(5000.0).soft(7.0, 3.0, 20.0).tell(Kind::LargestPaint, &[5000.0, 0.0, 3.0, 0.0, -1.0, 0.0], &["", ""]).settle(6000.0);
    check(&bench, &["lcp 0 0 0 soft-navigation []"]);
    assert_eq!((bench.last().parts.as_slice(), bench.last().texts.len()), (&[0.0; 4][..], 0));
    assert!(bench.held().is_empty());
}

#[test]
fn a_page_hidden_before_counts_as_visible_on_its_next_route() {
    let bench = listener(SOFT).at(700.0).hide(0.0).at(5000.0).soft(7.0, 3.0, 20.0).interaction_paint(5000.0, 5200.0, 3.0).settle(6000.0);
    check(&bench, &["lcp 200 200 0 soft-navigation [5000.0]"]);
    let hidden = listener(SOFT).at(5000.0).soft(7.0, 3.0, 20.0).at(5100.0).hide(0.0).interaction_paint(5000.0, 5200.0, 3.0).settle(6000.0);
    check(&hidden, &[]);
}

#[test]
fn input_of_the_route_before_settles_nothing() {
    let bench = listener(SOFT).at(5000.0).soft(7.0, 3.0, 20.0).interaction_paint(5000.0, 5100.0, 3.0).settle(4990.0);
    check(&bench, &[]);
    let bench = bench.interaction_paint(5000.0, 5200.0, 3.0).settle(5300.0);
    check(&bench, &["lcp 200 200 0 soft-navigation [5000.0]"]);
}

#[test]
fn a_return_is_painted_anew_and_that_is_final() {
    let bench = listener(0).at(2000.0).document(&[(RESPONSE, 100.0)]).text(500.0).settle(2000.0).hide(0.0).at(9000.0).restore(0.0);
    check(&bench, &["lcp 500 500 0 navigate [500.0]"]);
    let bench = bench.at(9048.0).repaint().settle(9500.0).hide(0.0);
    check(&bench, &["lcp 500 500 0 navigate [500.0]", "lcp 48 48 0 back-forward-cache []"]);
    let heard = bench.last();
    assert_eq!((heard.parts.as_slice(), heard.texts.len(), heard.start), (&[0.0, 0.0, 0.0, 48.0][..], 0, 9000.0));
    // Before it is painted nothing is known of it.
    check(&listener(0).text(500.0).settle(600.0).hide(0.0).at(9000.0).restore(0.0).settle(9010.0), &["lcp 500 500 0 navigate [500.0]"]);
}

#[test]
fn who_does_not_measure_it_hears_of_no_return() {
    check(&Bench::of(FCP).at(9000.0).restore(0.0).at(9016.0).repaint(), &["fcp 16 16 0 back-forward-cache []"]);
    check(&Bench::of(INP | CLS).at(9000.0).restore(0.0).at(9016.0).repaint(), &[]);
}

#[test]
fn the_page_holds_the_last_candidate_and_no_other() {
    let mut bench = listener(0);
    for at in 1..50 {
        bench = bench.text(f64::from(at));
        assert_eq!(bench.held(), [[f64::from(at)]]);
    }
    // The agent's own too, for the page is asked for its resource later.
    assert_eq!(Bench::own(LCP).text(500.0).text(900.0).held(), [[900.0]]);
}
