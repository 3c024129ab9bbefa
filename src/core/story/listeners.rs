//! The page's own code listens to vitals: what it is told, and what it costs the agent's own data.

use super::page::Input;
use super::{ALL_VITALS, Consent, Done, Kind, Start, Visit};
use crate::limits::METERS;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The bits of `flags` of the vitals.
const LCP: u32 = 1;
const INP: u32 = 2;
const CLS: u32 = 4;
const FCP: u32 = 8;
const TTFB: u32 = 16;
const ALL_CHANGES: u32 = 1 << 6;
const ENTRIES: u32 = 1 << 7;

/// An agent that serves listeners only.
fn only_listeners() -> Start {
    Start { sample_rate: 0.0, consent: Consent::Denied, measures: 0, endpoint: String::new(), ..Start::default() }
}

impl Visit {
    /// What a meter was told: vital, value, delta, rating, list of entries, kind of navigation.
    fn heard(&self, number: u32) -> Vec<String> {
        self.served(number).into_iter().filter(|line| !line.starts_with("keep") && !line.starts_with("let go")).collect()
    }

    /// The same, and what the page was asked to do with entries.
    fn served(&self, number: u32) -> Vec<String> {
        let line = |done: &Done| match done {
            Done::Report { meter, numbers, texts } if *meter == number => {
                let [vital, _, rating, _, _, _, value, delta, list] = numbers[..9] else { panic!("{numbers:?}") };
                let name = ["lcp", "inp", "cls", "fcp", "ttfb"][vital as usize];
                Some(format!("{name} {value} {delta} {rating} {list} {}", texts[0]))
            }
            Done::Hold { meter, index: Some(index), list } if *meter == number => Some(format!("keep {index} in {list}")),
            Done::Hold { meter, index: None, list } if *meter == number => Some(format!("let go of {list}")),
            _ => None,
        };
        self.done.iter().filter_map(line).collect()
    }

    /// The last report of a meter.
    fn last_report(&self) -> (&[f64], &[String]) {
        let report = |done: &'_ Done| matches!(done, Done::Report { .. });
        match self.done.iter().rfind(|done| report(done)) {
            Some(Done::Report { numbers, texts, .. }) => (numbers, texts),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_listener_is_watched_as_it_asked() {
    let visit = Visit::new().listen(1, INP | ENTRIES, 16.0).listen(2, LCP | ALL_CHANGES, 40.0);
    let watched: Vec<_> = visit.done.iter().filter(|done| matches!(done, Done::Watch { .. })).collect();
    let watch = |meter, flags, threshold_ms| Done::Watch { meter, flags, threshold_ms };
    assert_eq!(watched, [&watch(0, ALL_VITALS, 40.0), &watch(1, INP | ENTRIES, 16.0), &watch(2, LCP | ALL_CHANGES, 40.0)]);
}

#[test]
fn a_first_paint_is_told_with_its_entry() {
    let visit = Visit::new().listen(1, FCP | ENTRIES, 40.0).at(400.0).tell_for(1, Kind::Paint, &[380.0], &[]);
    assert_eq!(visit.served(1), ["keep 0 in 1", "fcp 380 380 0 1 navigate", "let go of 1"]);
    assert_eq!(visit.served(0), [""; 0], "the agent's own meter has no callback");
}

#[test]
fn a_largest_paint_is_told_with_what_explains_it() {
    let visit = Visit::new().loading(120.0).at(400.0).loading(120.0).listen(1, LCP | ENTRIES, 40.0);
    let visit = visit.at(1000.0).tell_for(1, Kind::LargestPaint, &[900.0, 900.0, -1.0, 1.0, 300.0, 700.0], &["main>img", "https://cdn.example/a.png"]);
    let visit = visit.tell_for(1, Kind::LargestResource, &[300.0, 750.0], &[]).tell_for(1, Kind::Settled, &[1000.0], &[]);
    let (numbers, texts) = visit.last_report();
    assert_eq!(numbers[..4], [0.0, 0.0, 0.0, 0.0]);
    assert!(numbers[4].is_nan(), "no interaction caused it");
    assert_eq!(numbers[5..], [0.0, 900.0, 900.0, 0.0, 120.0, 180.0, 450.0, 150.0]);
    assert_eq!(texts, ["navigate", super::PAGE, "main>img", "https://cdn.example/a.png"]);
    assert_eq!(visit.served(1), ["let go of 0", "keep 0 in 0", "lcp 900 900 0 0 navigate"]);
}

#[test]
fn each_change_is_told_to_whoever_wants_it() {
    let shift = |visit: Visit, meter| visit.tell_for(meter, Kind::Shift, &[500.0, 0.125, 0.0], &["#banner"]);
    let visit = Visit::new().listen(1, CLS, 40.0).listen(2, CLS | ALL_CHANGES, 40.0).at(400.0);
    let visit = visit.tell_for(1, Kind::Paint, &[380.0], &[]).tell_for(2, Kind::Paint, &[380.0], &[]);
    // As soon as the page has painted, an empty packet has CLS told.
    let visit = visit.tell_for(2, Kind::Shift, &[], &[]).at(600.0);
    let visit = shift(shift(shift(visit, 1), 2), 2);
    assert_eq!(visit.heard(1), [""; 0]);
    let changes = ["cls 0 0 0 -1 navigate", "cls 0.125 0.125 1 2 navigate", "cls 0.25 0.125 1 2 navigate"];
    assert_eq!(visit.heard(2), changes);
    let visit = visit.hidden(1, 1.0).hidden(2, 1.0);
    assert_eq!((visit.heard(1), visit.heard(2)), (vec!["cls 0.125 0.125 1 2 navigate".to_owned()], changes.map(str::to_owned).to_vec()));
    let (numbers, texts) = visit.last_report();
    // Of two equal shifts the later one is the largest. Without a navigation entry the load counts as over.
    assert_eq!((&numbers[9..], &texts[2..]), (&[500.0, 0.125, 3.0, 0.0][..], &["#banner".to_owned()][..]));
}

#[test]
fn the_first_byte_is_told_when_the_load_is_over() {
    let visit = Visit::new().listen(1, TTFB, 40.0).at(2000.0).loading(120.0);
    assert_eq!(visit.heard(1), [""; 0]);
    let mut row = [0.0; 30];
    (row[11], row[22], row[29]) = (120.0, 1900.0, 77.0);
    let visit = visit.tell_for(1, Kind::Navigation, &row, &[super::PAGE, "reload", "h2", ""]);
    assert_eq!(visit.heard(1), ["ttfb 120 120 0 1 reload"]);
    assert_eq!(visit.last_report().0[3], 77.0, "navigationId");
}

/// What the page's own code measures is no concern of consent, nor of sampling: nothing of it leaves.
#[test]
fn a_listener_hears_whatever_the_user_allows_and_nothing_leaves() {
    for start in [only_listeners(), Start { consent: Consent::Denied, ..Start::default() }, Start { sample_rate: 0.0, ..Start::default() }] {
        let visit = Visit::start(&start).listen(1, INP | ALL_CHANGES, 40.0).at(1000.0);
        let visit = visit.tell_for(1, Kind::Interaction, &[1.0, 900.0, 80.0, 910.0, 950.0, 0.0, 1.0], &["#pay"]);
        let visit = visit.hidden(1, 1.0).after(60_000.0);
        assert_eq!(visit.heard(1), ["inp 80 80 0 3 navigate"]);
        assert!(visit.acts().iter().all(|done| matches!(done, Done::Remember(_) | Done::Forget)), "{:?}", visit.acts());
    }
}

#[test]
fn what_a_listener_hears_is_no_record_and_changes_none() {
    let own = |visit: Visit| visit.at(400.0).first_paint().largest_paint().shift(0.125).interaction(1.0, 80.0).hide();
    let listening = (1..6).fold(Visit::new(), |visit, meter| visit.listen(meter, ALL_VITALS | ALL_CHANGES, 40.0)).at(400.0);
    let listening = (1..6).fold(listening, |visit, meter| {
        let visit = visit.tell_for(meter, Kind::Paint, &[380.0], &[]).tell_for(meter, Kind::Shift, &[390.0, 0.5, 0.0], &[""]);
        visit.tell_for(meter, Kind::Interaction, &[1.0, 300.0, 80.0, 310.0, 350.0, 1.0, 1.0], &[""])
    });
    let (with, without) = (own(listening), own(Visit::new()));
    assert_eq!(with.events(), without.events());
    assert_eq!(with.heard(3), ["fcp 380 380 0 1 navigate", "cls 0.5 0.5 2 2 navigate", "inp 80 80 0 3 navigate"]);
}

#[test]
fn listeners_beyond_the_bound_hear_nothing_and_are_counted() {
    let most = METERS as u32;
    let visit = (1..most + 3).fold(Visit::new(), |visit, meter| visit.listen(meter, FCP, 40.0)).at(400.0);
    let visit = (1..most + 3).fold(visit, |visit, meter| visit.tell_for(meter, Kind::Paint, &[380.0], &[])).after(5000.0);
    let told: Vec<_> = (1..most + 3).filter(|meter| !visit.heard(*meter).is_empty()).collect();
    assert_eq!(told, (1..most).collect::<Vec<_>>());
    assert_eq!(visit.lost("bad_options"), 3.0);
}

/// Somebody may listen before the agent is started, or where it never is.
#[test]
fn who_listened_before_the_agent_began_goes_on_listening() {
    let before = Visit::start(&only_listeners()).listen(1, CLS | ALL_CHANGES, 40.0).listen(2, LCP, 40.0).at(400.0).loading(120.0);
    let before = before.tell_for(1, Kind::Paint, &[380.0], &[]).tell_for(1, Kind::Shift, &[390.0, 0.125, 0.0], &["#a"]);
    let before = before.tell_for(2, Kind::LargestPaint, &[380.0, 380.0, -1.0, 1.0, -1.0, 0.0], &["h1", ""]);
    assert_eq!(before.heard(1), ["cls 0.125 0.125 1 2 navigate"]);
    assert_eq!(before.acts(), [&Done::Forget; 0]);

    let visit = Visit::succeed(Some(before), &Start::default());
    assert_eq!(visit.acts()[0], &Done::Sense(true));
    let visit = visit.at(500.0).tell_for(1, Kind::Shift, &[450.0, 0.25, 0.0], &["#b"]).tell_for(2, Kind::Settled, &[500.0], &[]);
    assert_eq!(visit.heard(1), ["cls 0.375 0.25 2 2 navigate"]);
    assert_eq!(visit.heard(2), ["lcp 380 380 0 0 navigate"]);
    assert_eq!(visit.last_report().0[9..], [120.0, 0.0, 0.0, 260.0], "and what is known of the document stays known");
    // The agent's own meter is new, and the next listener has the next number.
    let visit = visit.first_paint().listen(3, FCP, 40.0).tell_for(3, Kind::Paint, &[380.0], &[]).hide();
    assert_eq!(visit.heard(3), ["fcp 380 380 0 1 navigate"]);
    let vitals: Vec<_> = visit.named("browser.web_vital").iter().map(|vital| vital.of("browser.web_vital.name").to_owned()).collect();
    assert_eq!(vitals, ["fcp", "cls"]);
}

#[test]
fn the_page_holds_what_a_listener_may_still_be_given() {
    let mut visit = Visit::new().listen(1, INP | ENTRIES, 40.0).at(1000.0);
    for id in 1..=12 {
        let id = f64::from(id);
        visit = visit.tell_for(1, Kind::Interaction, &[id, 900.0, 40.0 + 8.0 * id, 910.0, 950.0, 0.0, id], &["#pay"]);
    }
    let visit = visit.hidden(1, 1.0).at(9000.0).tell_for(1, Kind::Restored, &[9000.0, 12.0], &[]);
    let mut held: Vec<u32> = Vec::new();
    for done in &visit.done {
        match done {
            Done::Hold { meter: 1, index: Some(0), list } => held.push(*list),
            Done::Hold { meter: 1, index: None, list } => held.retain(|other| other != list),
            Done::Report { meter: 1, numbers, .. } => assert!(held.contains(&(numbers[8] as u32)) && held.len() == 10),
            _ => {}
        }
    }
    assert_eq!(held, [0; 0]);
}

#[test]
fn two_meters_have_nothing_in_common_but_the_document() {
    let late = Input { id: 1.0, at: 900.0, duration: 80.0, processing: [910.0, 950.0], is_key: true, target: "#a" };
    let visit = Visit::new().listen(1, INP | ALL_CHANGES, 40.0).at(1000.0).input(late).hidden(1, 1.0);
    assert_eq!(visit.heard(1), [""; 0], "what the agent's own meter was told");
    // But the page's first hiding, whoever tells of it.
    let visit = visit.listen(2, FCP, 40.0).tell_for(2, Kind::Paint, &[1000.0], &[]);
    assert_eq!(visit.heard(2), [""; 0]);
}

#[test]
fn a_page_that_hides_is_hurried_once_however_many_listen() {
    let visit = Visit::new().listen(1, CLS, 40.0).listen(2, CLS, 40.0).beacons_get(-1.0).at(500.0).hide().hidden(1, 1.0).hidden(2, 1.0);
    let rungs: Vec<_> = visit.sends().iter().map(|(_, _, rung, _)| *rung).collect();
    assert_eq!(rungs, [crate::Rung::Beacon, crate::Rung::Keepalive]);
}
