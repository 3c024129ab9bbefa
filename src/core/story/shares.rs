//! What share of sessions is told: by the site's rules where a session begins and where it comes to, and by the collector's wish.

use super::told::resource;
use super::{Start, TIME_ORIGIN, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MINUTE: f64 = 60_000.0;
const TENTH: [f64; 4] = [0.1, 0.01, 1.0, 60.0];

/// Of a session by this name, whose first digits are its lot.
fn session(lot: &str, rate: f64) -> Start {
    Start { seed: format!("{lot}{}", "0".repeat(32 - lot.len())), sample_rate: rate, ..Start::default() }
}

/// What the resource of the last batch says under a key.
fn said(visit: &Visit, key: &str) -> Option<String> {
    let beacons = visit.beacons();
    let attributes = resource(beacons.last().expect("a batch"));
    attributes.into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

#[test]
fn the_next_page_goes_on_with_the_share_of_the_sessions_beginning() {
    // A quarter of all sessions; this one is among them. The next page would take a tenth.
    let first = Visit::start(&session("20", 0.25)).after(5000.0).hide();
    let remembered = first.remembered();
    let time_origin = TIME_ORIGIN + MINUTE;
    let second = Visit::start(&Start { remembered: remembered.clone(), time_origin, ..session("20", 0.1) }).after(5000.0);
    assert_eq!(said(&second, "vitrum.sample.rate"), Some("0.25".to_owned()));
    // But a site that is switched off is switched off.
    let third = Visit::start(&Start { remembered, time_origin, ..session("20", 0.0) }).failure("x").after(5000.0);
    assert!(third.sends().is_empty());
}

#[test]
fn a_route_that_a_rule_wants_more_of_has_the_session_told_from_shortly_before() {
    let visit = |share: f64| {
        let visit = Visit::start(&session("80", 0.25)).fetch("https://shop.example/api").answered(200.0, "").after(9000.0);
        visit.route_of_share("push", "https://shop.example/checkout", share).after(9000.0)
    };
    // Half of the sessions, and this one is at the border.
    for share in [0.25, 0.5] {
        assert!(visit(share).sends().is_empty(), "{share}");
    }
    let told = visit(0.6);
    assert_eq!(told.named("browser.navigation").len(), 2);
    assert_eq!(said(&told, "vitrum.sample.kept"), Some("rule".to_owned()));
    assert_eq!(said(&told, "vitrum.sample.rate"), None);
}

#[test]
fn a_wish_is_obeyed_from_the_next_batch_on_and_fades() {
    // Of 0x40000000 / 2^32: a quarter.
    let mut visit = Visit::start(&session("40", 1.0));
    visit.wish = TENTH;
    let visit = visit.after(4000.0);
    assert_eq!((visit.sends().len(), said(&visit, "vitrum.sample.rate")), (1, None));
    let mut visit = visit.resource("https://shop.example/a.png").after(9000.0);
    visit.wish = [1.0, 0.0, 1.0, 0.0];
    assert_eq!(visit.sends().len(), 1, "it is not among that tenth");
    assert!(visit.trace().ends_with("00"), "and says so to the back end");
    // A quarter is reached after some twenty seconds. What was gathered meanwhile is told at that share.
    let visit = visit.at(40_000.0).resource("https://shop.example/a.png").after(9000.0);
    let share: f64 = said(&visit, "vitrum.sample.rate").expect("a share").parse().unwrap();
    assert!((0.25..0.6).contains(&share), "{share}");
    assert!(visit.trace().ends_with("01"));
    let visit = visit.at(60.0 * MINUTE).resource("https://shop.example/a.png").after(9000.0);
    assert_eq!(said(&visit, "vitrum.sample.rate"), None);
}

#[test]
fn an_error_is_told_whatever_the_collector_wishes() {
    let mut visit = Visit::start(&session("40", 1.0));
    visit.wish = TENTH;
    let visit = visit.after(4000.0).after(4000.0).failure("x").after(4000.0);
    assert_eq!(visit.named("exception").len(), 1);
    assert_eq!(said(&visit, "vitrum.sample.kept"), Some("error".to_owned()));
}

/// A population of which each batch stands for 1 / its share gives the true count, while the share changes.
#[test]
fn weights_add_up_to_what_happened() {
    let mut weight = 0.0;
    let sessions = 2000;
    for number in 0..sessions {
        let lot = format!("{:08x}", ((f64::from(number) + 0.5) / f64::from(sessions) * 4_294_967_296.0) as u32);
        let mut visit = Visit::start(&session(&lot, 0.8));
        visit.wish = TENTH;
        let before = visit.after(4000.0);
        let visit = before.at(30_000.0).resource("https://shop.example/a.png").after(5000.0).hide();
        for beacon in visit.beacons() {
            let logs = beacon.logs.iter().flat_map(|logs| &logs.resource_logs).flat_map(|logs| &logs.scope_logs).flat_map(|logs| &logs.log_records);
            let resources = logs.filter(|log| log.event_name == "browser.resource_timing").count() as f64;
            let rate = resource(&beacon).into_iter().find(|(key, _)| key == "vitrum.sample.rate").map_or(1.0, |(_, rate)| rate.parse().unwrap());
            weight += resources / rate;
        }
    }
    let share = weight / f64::from(sessions);
    assert!((0.97..1.03).contains(&share), "each session has one resource, and {share} are told");
}
