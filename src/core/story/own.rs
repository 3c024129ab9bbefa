//! What the site itself says: its events, its cohort, its say in what leaves, and how much there may be a minute.

use super::told::resource;
use super::{Consent, Done, Rung, Start, Visit};
use crate::Kind;
use opentelemetry_proto::tonic::logs::v1::ScopeLogs;
use prost::Message;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Visit {
    /// The site tells an event with a text, a number and a truth.
    fn own(self, name: &str, text: &str) -> Self {
        let now = self.now;
        let rows = [[now, 0.0, 0.0], [now, 1.0, 0.0], [now, 2.0, 7.5], [now, 3.0, 1.0], [now, 4.0, 0.0]].concat();
        self.tell(Kind::Custom, &rows, &[name, "", "text", text, "number", "", "truth", "", "", ""])
    }

    /// The site looks at all that it was shown and has not answered, and leaves out what is called so.
    fn reviewed_without(self, name: &str) -> Self {
        let shown = self.done.iter().rev().find_map(|done| match done {
            Done::Review { logs, spans } => Some((logs.clone(), spans.clone())),
            _ => None,
        });
        let (logs, spans) = shown.expect("it is shown");
        let mut scope = ScopeLogs::decode(logs.as_slice()).unwrap();
        let before = scope.log_records.len();
        scope.log_records.retain(|log| log.event_name != name);
        for log in &mut scope.log_records {
            log.severity_text = "seen".to_owned();
        }
        let dropped = before - scope.log_records.len();
        let logs = scope.encode_to_vec();
        let text = [logs.clone(), spans].concat();
        // What is told in bytes is no text.
        let mut visit = self;
        let now = crate::PageTime(visit.now);
        let numbers = [logs.len() as f64, dropped as f64];
        visit.agent.observe(now, &crate::Observation { kind: Kind::Reviewed, meter: 0, numbers: &numbers, text: &text });
        visit.tell(Kind::Woke, &[0.0], &[])
    }
}

#[test]
fn an_event_of_the_site_is_told_with_what_it_says() {
    let visit = Visit::new().own("checkout", "to someone@example.com").own("again", "").after(5000.0);
    let events = visit.named("vitrum.event");
    let [first, second] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(first.of("vitrum.event.name"), "checkout");
    assert_eq!(first.of("vitrum.event.attributes.text"), "to :email");
    assert_eq!(first.number("vitrum.event.attributes.number"), Some(7.5));
    assert_eq!(first.of("vitrum.event.attributes.truth"), "true");
    assert!(first.has("session.id") && first.has("vitrum.view.id"));
    assert_eq!(second.of("vitrum.event.name"), "again");
}

/// Parts without an event before them belong to nothing.
#[test]
fn parts_that_belong_to_no_event_are_none() {
    let parts = [[1.0, 1.0, 0.0], [1.0, 4.0, 0.0]].concat();
    let visit = Visit::new().tell(Kind::Custom, &parts, &["text", "x"]).after(5000.0);
    assert!(visit.named("vitrum.event").is_empty());
    for consent in [Consent::Denied, Consent::Minimal] {
        let visit = Visit::start(&Start { consent, ..Start::default() }).own("checkout", "x").failure("x").after(5000.0).hide();
        assert!(visit.named("vitrum.event").is_empty(), "{consent:?}");
    }
}

#[test]
fn the_cohort_goes_with_every_batch_and_is_scrubbed_as_any_text() {
    let cohort = "tier=gold,flag=new-cart b,name=someone@example.com".to_owned();
    let visit = Visit::start(&Start { cohort, ..Start::default() }).after(5000.0);
    let attributes = resource(&visit.beacons()[0]);
    for (key, value) in [("tier", "gold"), ("flag", "new-cart b"), ("name", ":email")] {
        let pair = (["vitrum.cohort.", key].concat(), value.to_owned());
        assert!(attributes.contains(&pair), "{pair:?} is not in {attributes:?}");
    }
}

#[test]
fn of_a_kind_there_are_so_many_a_minute_and_the_rest_is_counted_by_its_kind() {
    let mut visit = Visit::start(&Start { per_minute: 10.0, ..Start::default() });
    for minute in 0..3 {
        for _ in 0..15 {
            visit = visit.own("loop", "");
        }
        visit = visit.at(f64::from(minute + 1) * 61_000.0);
    }
    let visit = visit.own("last", "").after(5000.0);
    assert_eq!(visit.named("vitrum.event").len(), 31);
    let health = visit.named("vitrum.health");
    let limited: Vec<_> = health.iter().map(|event| event.of("vitrum.health.limited")).filter(|text| !text.is_empty()).collect();
    assert_eq!(limited, ["vitrum.event 5", "vitrum.event 5", "vitrum.event 5"]);
}

#[test]
fn the_site_sees_all_before_it_leaves_and_what_it_drops_does_not() {
    let start = Start { reviews: true, ..Start::default() };
    let visit = Visit::start(&start).own("secret", "x").fetch("https://shop.example/api").answered(200.0, "").after(5000.0);
    assert!(visit.sends().is_empty(), "nothing leaves unseen");
    let visit = visit.own("later", "y").reviewed_without("vitrum.event");
    assert_eq!(visit.sends().len(), 1);
    assert!(visit.named("vitrum.event").is_empty() && visit.named("browser.navigation").len() == 1);
    let scrubbed = resource(&visit.beacons()[0]).into_iter().find(|(key, _)| key == "vitrum.scrubbed").map(|(_, text)| text);
    assert!(scrubbed.is_some_and(|text| text.ends_with("hook 1")));
    // What came meanwhile is shown with the next, and at the end by a beacon.
    let visit = visit.after(100.0).hide();
    let shown = visit.done.iter().filter(|done| matches!(done, Done::Review { .. })).count();
    assert_eq!((shown, visit.sends().len()), (2, 1));
    let visit = visit.reviewed_without("none is called so");
    assert_eq!(visit.sends().iter().map(|send| send.2).collect::<Vec<_>>(), [Rung::Fetch, Rung::Beacon]);
    assert_eq!(visit.named("vitrum.event")[0].of("vitrum.event.name"), "later");
}

/// Also what is counted, which is written last.
#[test]
fn the_counts_are_seen_as_well() {
    let start = Start { reviews: true, bad_options: 2.0, ..Start::default() };
    let visit = Visit::start(&start).after(5000.0).reviewed_without("vitrum.health");
    assert_eq!((visit.sends().len(), visit.named("vitrum.health").len()), (1, 0));
}

#[test]
fn an_answer_to_nothing_or_after_a_refusal_is_none() {
    let start = Start { reviews: true, ..Start::default() };
    let visit = Visit::start(&start).failure("x").after(5000.0).consent(Consent::Denied).reviewed_without("").consent(Consent::Granted);
    assert!(visit.sends().is_empty());
    let visit = Visit::new().tell(Kind::Reviewed, &[1e9, 0.0], &["x"]).tell(Kind::Reviewed, &[0.0, 0.0], &["x"]).after(5000.0);
    assert_eq!(visit.sends().len(), 1);
}
