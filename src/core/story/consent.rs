//! What leaves, is kept and is gathered in each state of consent, and when the state changes.

use super::{Consent, Done, PAGE, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn visit(consent: Consent) -> Visit {
    Visit::start(&Start { consent, ..Start::default() })
}

/// Something of everything.
fn busy(visit: Visit) -> Visit {
    let now = visit.now;
    visit
        .navigation("navigate", 90.0, 0.0, false)
        .at(now + 100.0)
        .first_paint()
        .largest_paint()
        .shift(0.125)
        .interaction(1.0, 80.0)
        .resource("https://shop.example/a.png")
        .failure("x is undefined")
        .fetch("https://shop.example/api")
        .answered(0.0, "TypeError")
        .tell(crate::Kind::LongTask, &[now, 80.0], &["self"])
        .route("push", "https://shop.example/pay")
}

#[test]
fn before_consent_nothing_leaves_and_nothing_is_kept() {
    let visit = busy(visit(Consent::Pending)).after(60_000.0).hide().after(60_000.0).hide();
    assert_eq!(visit.acts(), [&Done::Sense(true)]);
    assert_eq!(visit.done[2], Done::Watch { meter: 0, flags: super::ALL_VITALS, threshold_ms: 40.0 });
}

#[test]
fn consent_brings_what_happened_before_it() {
    let visit = busy(visit(Consent::Pending)).at(60_000.0).consent(Consent::Granted);
    let names = visit.names();
    assert_eq!(names[..3], ["session.start", "browser.navigation", "browser.navigation_timing"]);
    for name in ["browser.resource_timing", "exception", "browser.long_task", "browser.web_vital", "span"] {
        assert!(names.iter().any(|other| other == name), "{name} is not in {names:?}");
    }
    assert!(matches!(visit.done.iter().find(|done| matches!(done, Done::Remember(_))), Some(Done::Remember(text)) if text.len() == 56));
}

#[test]
fn a_page_that_was_hidden_before_consent_is_visible_again() {
    let mut visit = visit(Consent::Pending).at(500.0).first_paint().hide();
    for _ in 0..5 {
        visit = visit.after(100.0).shift(0.0625);
    }
    let visit = visit.at(9000.0).consent(Consent::Granted).after(5000.0);
    let sent = visit.sends();
    assert!(sent.iter().all(|send| send.2 == crate::Rung::Fetch), "the page is visible");
    let shifts = visit.named("browser.web_vital").iter().filter(|event| event.of("browser.web_vital.name") == "cls").count();
    assert_eq!(shifts, 1, "told when the page hid, and not at each shift since");
}

#[test]
fn refused_from_the_start_nothing_is_done() {
    assert_eq!(visit(Consent::Denied).done, [Done::Trace(String::new())], "requests are not watched any more");
    assert_eq!(busy(visit(Consent::Denied)).after(60_000.0).hide().acts(), [&Done::Sense(true); 0]);
}

#[test]
fn what_is_withdrawn_is_forgotten() {
    for before in [Consent::Pending, Consent::Granted] {
        let visit = busy(visit(before)).after(10.0);
        let told = visit.done.len();
        let visit = visit.consent(Consent::Denied);
        assert_eq!(visit.done[told..], [Done::Sense(false), Done::Trace(String::new()), Done::Forget], "{before:?}");
        let told = visit.acts().len();
        let visit = busy(visit).after(60_000.0).hide();
        assert_eq!(visit.acts()[told..], [&Done::Sense(true); 0], "{before:?}");
    }
}

#[test]
fn a_batch_under_way_is_not_sent_again_after_refusal() {
    let visit = visit(Consent::Granted).fetches_get(Some(0.0)).after(3001.0);
    let sent = visit.sends().len();
    assert_eq!(sent, 1);
    let visit = visit.consent(Consent::Denied).after(600_000.0).hide();
    assert_eq!(visit.sends().len(), sent);
}

#[test]
fn consent_given_again_begins_again_without_what_was() {
    let visit = busy(visit(Consent::Pending)).consent(Consent::Denied).failure("between").consent(Consent::Granted).failure("after").hide();
    let watch = Done::Watch { meter: 0, flags: super::ALL_VITALS, threshold_ms: 40.0 };
    for begun in [Done::Sense(true), watch] {
        assert_eq!(visit.done.iter().filter(|done| **done == begun).count(), 2, "{begun:?}");
    }
    let messages: Vec<_> = visit.named("exception").iter().map(|event| event.of("exception.message").to_owned()).collect();
    assert_eq!(messages, ["after"]);
}

#[test]
fn minimal_tells_of_errors_and_vitals_and_of_no_person() {
    for visit in [visit(Consent::Minimal), busy(visit(Consent::Pending)).consent(Consent::Minimal)] {
        let visit = busy(visit).tell(crate::Kind::Lost, &[3.0, 1.0], &[]).at(9000.0).hide();
        let events = visit.events();
        let mut names = visit.names();
        names.sort();
        names.dedup();
        assert_eq!(names, ["browser.web_vital", "exception", "vitrum.health"]);
        for event in &events {
            for key in ["session.id", "session.previous_id", "vitrum.view.id", "url.template", "url.full", "vitrum.referrer"] {
                assert!(!event.has(key), "{key} in {event:?}");
            }
            assert!(event.has("log.record.uid"));
            assert!(event.attributes.iter().all(|(_, value)| !value.contains(PAGE)));
        }
        assert!(!visit.done.iter().any(|done| matches!(done, Done::Remember(_))));
    }
}

#[test]
fn minimal_claims_no_loss_of_what_it_does_not_want() {
    let mut visit = visit(Consent::Minimal);
    for _ in 0..500 {
        visit = visit.resource("https://shop.example/a.png");
    }
    let visit = visit.failure("x").hide();
    assert_eq!(visit.lost("dropped_records"), 0.0);
}

/// A trace header is an identifier, and it leaves by the network.
#[test]
fn without_full_consent_no_request_is_marked() {
    for consent in [Consent::Pending, Consent::Minimal, Consent::Denied] {
        let visit = visit(consent).fetch("https://shop.example/api");
        assert!(!visit.done.iter().any(|done| matches!(done, Done::Trace(text) if text.len() > 49)), "{consent:?}");
    }
}
