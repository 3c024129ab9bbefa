//! Sessions over several pages of a tab, and which of them are reported.

use super::chance::Chance;
use super::told::resource;
use super::{Consent, Done, Start, TIME_ORIGIN, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MINUTE: f64 = 60_000.0;

impl Visit {
    pub(super) fn remembered(&self) -> String {
        let last = self.done.iter().rev().find_map(|done| match done {
            Done::Remember(text) => Some(text.clone()),
            _ => None,
        });
        last.unwrap_or_default()
    }

    fn session(&self) -> String {
        self.events()[0].of("session.id").to_owned()
    }
}

/// The next page of the tab, so many minutes after the last page's start.
fn next(remembered: String, minutes: f64) -> Visit {
    let time_origin = TIME_ORIGIN + minutes * MINUTE;
    Visit::start(&Start { remembered, time_origin, random: *b"another sixteen.", ..Start::default() }).after(5000.0)
}

#[test]
fn the_next_page_of_a_tab_goes_on_with_the_session() {
    let first = Visit::new().at(9000.0).hide();
    let second = next(first.remembered(), 5.0);
    assert_eq!(second.names(), ["browser.navigation"]);
    assert_eq!(second.session(), first.session());
}

#[test]
fn after_a_pause_there_is_a_new_session_that_names_the_last() {
    let first = Visit::new().at(9000.0).hide();
    let second = next(first.remembered(), 31.0);
    assert_eq!(second.names(), ["session.start", "browser.navigation"]);
    assert_ne!(second.session(), first.session());
    assert_eq!(second.named("session.start")[0].of("session.previous_id"), first.session());
}

#[test]
fn a_tab_without_memory_has_sessions_of_one_page() {
    let second = next(String::new(), 1.0);
    assert_eq!(second.names(), ["session.start", "browser.navigation"]);
}

/// The storage is the page's: others may write there.
#[test]
fn what_stands_where_the_session_was_kept_does_not_leave() {
    let mut chance = Chance(11);
    for garbage in ["é".repeat(40), "someone@shop.example lives in Berlin, Example Street 7".to_owned(), "x".repeat(56), chance.text()] {
        let visit = next(garbage.clone(), 1.0);
        assert_eq!(visit.session().len(), 32, "{garbage}");
        let events = visit.events();
        for key in ["session.id", "session.previous_id"] {
            let id = events[0].of(key);
            assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}: {id}");
        }
    }
}

#[test]
fn a_rate_of_zero_does_nothing() {
    for seed in 0..50 {
        let start = Start { sample_rate: 0.0, random: [seed; 16], ..Start::default() };
        let visit = Visit::start(&start).failure("x").fetch("https://shop.example/").after(60_000.0).hide();
        // But for the session: the next page of the tab must not draw again, and the back end neither.
        let [Done::Trace(trace), Done::Remember(_)] = visit.done.as_slice() else { panic!("seed {seed}: {:?}", visit.done) };
        assert!(trace.ends_with("00") && trace.len() == 51, "seed {seed}: {trace}");
    }
}

#[test]
fn a_rate_between_is_told_by_those_that_it_chooses() {
    let mut chance = Chance(5);
    let mut sampled = 0;
    for _ in 0..400 {
        let random: [u8; 16] = core::array::from_fn(|_| chance.next() as u8);
        let visit = Visit::start(&Start { sample_rate: 0.5, random, ..Start::default() }).after(5000.0).hide();
        if let Some(beacon) = visit.beacons().first() {
            assert!(resource(beacon).contains(&("vitrum.sample.rate".to_owned(), "0.5".to_owned())));
            sampled += 1;
        } else {
            assert!(visit.done.iter().any(|done| matches!(done, Done::Trace(trace) if trace.ends_with("-00") || trace.ends_with("00"))));
        }
    }
    assert!((160..240).contains(&sampled), "{sampled} of 400");
}

#[test]
fn a_rate_of_one_is_not_told() {
    let visit = Visit::new().after(5000.0);
    assert!(resource(&visit.beacons()[0]).iter().all(|(key, _)| key != "vitrum.sample.rate"));
}

#[test]
fn all_pages_of_a_session_share_its_lot() {
    for seed in 0..50 {
        let start = Start { sample_rate: 0.5, random: [seed; 16], ..Start::default() };
        let first = Visit::start(&start).after(5000.0).hide();
        let (remembered, time_origin) = (first.remembered(), TIME_ORIGIN + MINUTE);
        assert!(!remembered.is_empty(), "seed {seed}");
        let start = Start { remembered, time_origin, random: [seed ^ 255; 16], ..start };
        let second = Visit::start(&start).after(5000.0).hide();
        assert_eq!(second.beacons().is_empty(), first.beacons().is_empty(), "seed {seed}");
        if !first.beacons().is_empty() {
            assert_eq!(second.session(), first.session(), "seed {seed}");
        }
    }
}

#[test]
fn nothing_is_remembered_of_a_session_that_may_not_be_told() {
    for consent in [Consent::Pending, Consent::Denied, Consent::Minimal] {
        let visit = Visit::start(&Start { consent, ..Start::default() }).failure("x").after(5000.0).hide();
        assert_eq!(visit.remembered(), "", "{consent:?}");
    }
}

#[test]
fn a_page_that_is_used_again_after_a_pause_is_in_a_new_session_with_a_view_of_its_own() {
    let visit = Visit::new().at(9000.0).failure("before").active("").at(29.0 * MINUTE).active("").failure("still");
    let visit = visit.at(59.0 * MINUTE + 1.0).active("").failure("after").after(5000.0);
    let of = |key: &str| visit.named("exception").iter().map(|event| event.of(key).to_owned()).collect::<Vec<_>>();
    let (sessions, views) = (of("session.id"), of("vitrum.view.id"));
    assert_eq!(sessions[0], sessions[1]);
    assert_ne!(sessions[1], sessions[2]);
    assert_ne!(views[1], views[2]);
    let starts = visit.named("session.start");
    assert_eq!((starts.len(), starts[1].of("session.id"), starts[1].of("session.previous_id")), (2, sessions[2].as_str(), sessions[1].as_str()));
    let told = visit.named("browser.navigation");
    assert_eq!((told.len(), told[1].of("vitrum.view.id")), (2, views[2].as_str()));
    assert!(visit.remembered().starts_with(&sessions[2]));
}

#[test]
fn what_the_page_does_by_itself_keeps_no_session_alive() {
    let mut visit = Visit::new().active("");
    for minute in 1..35 {
        visit = visit.at(f64::from(minute) * MINUTE).fetch("https://shop.example/poll").answered(200.0, "");
    }
    let visit = visit.active("").after(5000.0);
    assert_eq!(visit.named("session.start").len(), 2);
}

#[test]
fn a_page_follows_the_session_that_another_tab_has_begun() {
    let other = next(Visit::new().at(9000.0).hide().remembered(), 31.0);
    let visit = Visit::new().at(9000.0).hide().at(33.0 * MINUTE).active(&other.remembered()).failure("x").after(5000.0);
    assert_eq!(visit.named("exception")[0].of("session.id"), other.session());
    assert_eq!(visit.named("session.start").len(), 1, "the other tab has told of it");
}

#[test]
fn automated_browsers_are_marked() {
    let visit = Visit::start(&Start { is_synthetic: true, ..Start::default() }).after(5000.0);
    assert!(resource(&visit.beacons()[0]).contains(&("user_agent.synthetic.type".to_owned(), "test".to_owned())));
    let visit = Visit::new().after(5000.0);
    assert!(resource(&visit.beacons()[0]).iter().all(|(key, _)| key != "user_agent.synthetic.type"));
}

/// A session that is not sampled.
fn unsampled(seed: u8) -> Visit {
    let start = |random| Start { sample_rate: 0.000_001, random: [random; 16], ..Start::default() };
    Visit::start(&start(seed))
}

#[test]
fn of_an_unsampled_session_nothing_is_told_until_there_is_an_error_and_then_what_led_to_it() {
    let mut quiet = unsampled(1);
    for count in 0..400 {
        quiet = quiet.resource(&["https://shop.example/a/", &"x".repeat(count % 40), ".png"].concat()).after(100.0);
    }
    let quiet = quiet.hide().after(60_000.0);
    assert!(quiet.sends().is_empty());

    let visit = unsampled(1).after(1000.0).fetch("https://shop.example/api").answered(200.0, "").after(1000.0).failure("x is undefined").after(5000.0);
    let names = visit.names();
    for name in ["session.start", "browser.navigation", "exception"] {
        assert!(names.iter().any(|other| other == name), "{name} is not in {names:?}");
    }
    let attributes = resource(&visit.beacons()[0]);
    assert!(attributes.contains(&("vitrum.sample.kept".to_owned(), "error".to_owned())), "{attributes:?}");
    assert!(attributes.iter().all(|(key, _)| key != "vitrum.sample.rate"));
    // It is told on from there.
    assert!(visit.resource("https://shop.example/late.png").after(5000.0).names().iter().any(|name| name == "browser.resource_timing"));
}

#[test]
fn a_failed_request_keeps_a_session_as_well() {
    let visit = unsampled(1).fetch("https://shop.example/api").answered(503.0, "").hide();
    assert_eq!(visit.named("span").len(), 1);
    assert!(visit.sends().len() == 1);
}

/// What an unsampled session costs is bounded, and what it keeps is the last.
#[test]
fn an_unsampled_session_keeps_the_last_of_a_bounded_amount() {
    let mut visit = unsampled(1);
    for count in 0..3000 {
        visit = visit.route("push", &["https://shop.example/", if count % 2 == 0 { "a" } else { "b" }].concat()).after(50.0);
    }
    let visit = visit.failure("at last").after(5000.0);
    let bodies: usize = visit.sends().iter().map(|send| send.3.len()).sum();
    assert!(bodies < 40_000, "{bodies} bytes");
    let names = visit.names();
    assert!(names.len() < 1000 && names.iter().any(|name| name == "exception"), "{}", names.len());
    assert!(names.iter().all(|name| name != "session.start"), "the beginning is gone");
}

/// The lot is that of the new name, and an error of before does not count for it.
#[test]
fn after_a_refusal_the_lot_is_drawn_again() {
    let visit = unsampled(1).failure("before").consent(Consent::Denied).consent(Consent::Granted).after(5000.0);
    assert!(visit.sends().is_empty());
}

/// Until the user has said so, it is not known that the session is another page's; what was gathered is told as a part of it.
#[test]
fn an_error_before_the_answer_keeps_the_session_that_it_turns_out_to_be_in() {
    let first = unsampled(1).after(5000.0).hide();
    let start = Start { sample_rate: 0.000_001, consent: Consent::Pending, time_origin: TIME_ORIGIN + MINUTE, random: [3; 16], ..Start::default() };
    let visit = Visit::start(&start).failure("x").consent_by(Consent::Granted, "tcf", &first.remembered()).after(5000.0);
    assert_eq!(visit.named("exception").len(), 1);
    assert!(first.remembered().starts_with(visit.named("exception")[0].of("session.id")));
}

/// What was gathered is of the session in which it was: told if that is, and as it is; else not at all.
#[test]
fn what_a_session_has_gathered_is_not_told_by_the_next() {
    let half = |lot: &str| Start { seed: [lot, &"0".repeat(30)].concat(), sample_rate: 0.5, ..Start::default() };
    let other = Visit::start(&Start { time_origin: TIME_ORIGIN + 31.0 * MINUTE, ..half("10") }).after(1000.0).remembered();
    let sessions = |visit: &Visit| visit.events().iter().map(|event| event.of("session.id").to_owned()).collect::<std::collections::BTreeSet<_>>();
    let visit = Visit::start(&half("80")).after(1000.0).resource("https://shop.example/a.png").at(32.0 * MINUTE).active(&other).after(5000.0);
    assert_eq!(sessions(&visit).len(), 1, "{:?}", visit.names());
    assert!(visit.named("browser.resource_timing").is_empty() && !visit.named("browser.navigation").is_empty());
    // Of two that are told each has batches of its own.
    let visit = Visit::start(&half("20")).at(32.0 * MINUTE - 100.0).resource("https://shop.example/a.png").at(32.0 * MINUTE).active(&other).after(5000.0);
    assert_eq!(sessions(&visit).len(), 2);
    for beacon in visit.beacons() {
        let of_batch = super::told::events_of(&beacon);
        let ids: std::collections::BTreeSet<_> = of_batch.iter().map(|event| event.of("session.id").to_owned()).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
    }
}
