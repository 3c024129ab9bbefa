//! What leaves, is kept and is gathered in each state of consent, and when the state changes.

use super::chance::Chance;
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
    assert!(matches!(visit.done.iter().find(|done| matches!(done, Done::Remember(_))), Some(Done::Remember(text)) if text.len() == 64));
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
    let forgotten = [Done::Trace(String::new()), Done::Forget];
    assert_eq!(visit(Consent::Denied).done, forgotten, "requests are not watched any more, and what was stored goes");
    assert_eq!(busy(visit(Consent::Denied)).after(60_000.0).hide().acts(), [&Done::Forget]);
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

#[test]
fn each_change_is_told_with_its_source_where_it_may_be() {
    let visit = visit(Consent::Pending).at(2000.0).consent_by(Consent::Granted, "tcf", "").at(9000.0).consent_by(Consent::Granted, "api", "");
    let visit = visit.consent_by(Consent::Minimal, "api", "").at(20_000.0);
    let told: Vec<_> = visit.named("vitrum.consent.change").iter().map(|event| (event.of("vitrum.consent.state").to_owned(), event.of("vitrum.consent.source").to_owned())).collect();
    assert_eq!(told, [("granted".into(), "tcf".into()), ("minimal".into(), "api".into())], "and what is no change is not told");
    assert!(!visit.named("vitrum.consent.change")[1].has("session.id"));
    let refused = busy(self::visit(Consent::Granted)).consent_by(Consent::Denied, "api", "");
    assert!(refused.hide().named("vitrum.consent.change").is_empty());
}

/// The page's first view is told in full, in the session that an earlier page has begun.
#[test]
fn who_agrees_goes_on_with_the_session_that_is_remembered() {
    let first = Visit::new().at(9000.0).hide();
    let Some(Done::Remember(remembered)) = first.done.iter().rfind(|done| matches!(done, Done::Remember(_))) else { panic!() };
    let start = Start { consent: Consent::Pending, random: *b"another sixteen.", ..Start::default() };
    let visit = busy(Visit::start(&start)).at(60_000.0).consent_by(Consent::Granted, "api", remembered);
    assert!(visit.named("session.start").is_empty());
    let session = first.events()[0].of("session.id").to_owned();
    for event in visit.events().iter().chain(&visit.named("view")) {
        assert_eq!(event.of("session.id"), session, "{event:?}");
    }
}

#[test]
fn what_comes_after_a_refusal_is_not_linked_to_what_was() {
    for between in [Consent::Denied, Consent::Minimal] {
        let before = busy(visit(Consent::Granted)).after(5000.0);
        let (known, count) = (before.events(), before.beacons().len());
        let visit = before.consent(between).after(1000.0).consent(Consent::Granted).failure("after").after(5000.0).hide();
        let after: Vec<_> = visit.events().into_iter().skip(known.len()).collect();
        assert!(visit.beacons().len() > count, "{between:?}");
        let names: Vec<_> = after.iter().map(|event| event.name.as_str()).collect();
        assert!(names.contains(&"session.start") && names.contains(&"browser.navigation"), "{between:?}: {names:?}");
        for key in ["session.id", "vitrum.view.id"] {
            assert!(after.iter().all(|event| known.iter().all(|other| other.of(key) != event.of(key))), "{between:?}: {key}");
        }
        let page = |event: &super::told::Event| event.of("log.record.uid").split('.').next().map(str::to_owned);
        let records = after.iter().filter(|event| event.has("log.record.uid"));
        assert!(records.clone().count() > 2 && records.clone().all(|event| known.iter().all(|other| page(other) != page(event))), "{between:?}: identities of records");
        assert!(after.iter().all(|event| !event.has("session.previous_id")));
        let known_pages: Vec<_> = known.iter().filter(|event| event.has("log.record.uid")).filter_map(page).collect();
        for vital in after.iter().filter(|event| event.name == "browser.web_vital") {
            assert!(known_pages.iter().all(|page| !vital.of("browser.web_vital.id").starts_with(page.as_str())), "{between:?}");
        }
        // Whoever looks for gaps finds none.
        let numbers = |event: &super::told::Event| event.of("log.record.uid").split('.').nth(1).map(str::to_owned);
        assert!(after.iter().any(|event| numbers(event).as_deref() == Some("0")), "{between:?}: {:?}", after.iter().map(numbers).collect::<Vec<_>>());
        assert!(visit.beacons()[count].batch_id.ends_with(".b0"), "{between:?}: {}", visit.beacons()[count].batch_id);
    }
}

#[test]
fn who_wants_to_be_forgotten_is_heard_last() {
    let before = busy(visit(Consent::Granted)).after(5000.0).failure("never told");
    let (known, done) = (before.events(), before.done.len());
    let visit = before.tell(crate::Kind::Forget, &[5000.0], &[]);
    let acts: Vec<_> = visit.done[done..].iter().filter(|done| !matches!(done, Done::Trace(_))).collect();
    assert!(matches!(acts[..], [Done::Forget, Done::Send { rung: crate::Rung::Beacon, .. }, Done::Sense(false), Done::Forget]), "{acts:?}");
    let told: Vec<_> = visit.events().into_iter().skip(known.len()).collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].name.as_str(), told[0].of("session.id")), ("vitrum.deletion_request", known[0].of("session.id")));
    let acts = visit.acts().len();
    let visit = busy(visit).after(60_000.0).hide();
    assert_eq!(visit.acts()[acts..], [&Done::Forget; 0], "nothing comes after that");
    // Where nothing was allowed there is nothing to be deleted.
    let visit = busy(self::visit(Consent::Pending)).tell(crate::Kind::Forget, &[5000.0], &[]).hide();
    assert!(visit.sends().is_empty());
}

#[test]
fn a_user_is_told_where_identifiers_are() {
    let named = |visit: Visit, is_hash: f64, name: &str| visit.tell(crate::Kind::User, &[is_hash], &[name]);
    let visit = named(visit(Consent::Granted).failure("before"), 1.0, "a1b2").failure("hash");
    let visit = named(named(visit, 0.0, "someone").failure("plain"), 0.0, "").failure("nobody").after(5000.0);
    let told: Vec<_> = visit.named("exception").iter().map(|event| [event.of("user.hash").to_owned(), event.of("user.id").to_owned()]).collect();
    assert_eq!(told, [["", ""], ["a1b2", ""], ["", "someone"], ["", ""]]);
    let visit = named(self::visit(Consent::Minimal), 0.0, "someone").failure("x").hide();
    assert!(visit.events().iter().all(|event| !event.has("user.id")));
    let visit = named(self::visit(Consent::Granted), 0.0, "someone").consent(Consent::Denied).consent(Consent::Granted).failure("x").hide();
    assert!(visit.events().iter().all(|event| !event.has("user.id")), "forgotten with all else");
}

/// Whatever happens in whatever order, in a state that forbids it nothing is sent, kept, watched or told to a server.
#[test]
fn over_any_sequence_nothing_is_done_that_the_state_forbids() {
    const STATES: [Consent; 4] = [Consent::Pending, Consent::Granted, Consent::Denied, Consent::Minimal];
    for seed in 0..150 {
        let mut chance = Chance(seed);
        let mut state = STATES[chance.below(4)];
        let mut visit = visit(state);
        let mut from = visit.done.len();
        for step in 0..40 {
            let remembered = if chance.below(2) == 0 { String::new() } else { "0123456789abcdef0123456789abcdef018bcfe56800018bcfe56800".to_owned() };
            let mut next = state;
            visit = match chance.below(12) {
                0..3 => {
                    next = STATES[chance.below(4)];
                    visit.consent_by(next, "api", &remembered)
                }
                3 => visit.tell(crate::Kind::Forget, &[0.0], &[]),
                4 => visit.active(&remembered),
                5 => visit.hide(),
                6 => visit.tell(crate::Kind::User, &[0.0], &["someone"]),
                7 => busy(visit),
                8 => visit.route("push", &["https://shop.example/", &chance.text()].concat()),
                9 => visit.failure(&chance.text()),
                _ => {
                    let pause = [10.0, 4000.0, 100_000.0, 2_000_000.0][chance.below(4)];
                    visit.after(pause)
                }
            };
            // What was asked for in the step that changed the state is of either.
            let both = [state, next];
            let says = |allowed: &dyn Fn(Consent) -> bool| both.iter().any(|state| allowed(*state));
            for done in &visit.done[from..] {
                match done {
                    Done::Send { .. } => assert!(says(&|state| matches!(state, Consent::Granted | Consent::Minimal)), "seed {seed}, step {step}: {state:?} to {next:?}"),
                    Done::Remember(_) => assert_eq!(next, Consent::Granted, "seed {seed}, step {step}"),
                    Done::Trace(text) if text.len() > 49 => assert_eq!(next, Consent::Granted, "seed {seed}, step {step}"),
                    Done::Sense(true) => assert!(says(&|state| state != Consent::Denied), "seed {seed}, step {step}"),
                    _ => {}
                }
            }
            if state != next && next == Consent::Denied {
                assert!(visit.done[from..].contains(&Done::Forget) && visit.done[from..].iter().all(|done| !matches!(done, Done::Send { .. })), "seed {seed}, step {step}");
            }
            let is_forgotten = next == Consent::Granted && visit.done[from..].iter().filter(|done| **done == Done::Forget).count() == 2;
            state = if is_forgotten { Consent::Denied } else { next };
            from = visit.done.len();
        }
        // Of what has left under minimal terms nothing tells of a person.
        for event in visit.events() {
            let is_bare = !event.has("session.id");
            assert!(!is_bare || ["browser.web_vital", "exception", "vitrum.error_repeats", "vitrum.health", "vitrum.consent.change"].contains(&event.name.as_str()), "seed {seed}: {event:?}");
        }
    }
}
