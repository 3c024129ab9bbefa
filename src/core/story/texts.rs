//! Whatever a page writes, the official schema reads it, and nothing is longer than agreed.

use super::chance::Chance;
use super::{Start, Visit};
use crate::Kind;
use vitrum_wire::limits::{STACK_BYTES, VALUE_BYTES};
use vitrum_wire::{Key, Policy};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Of each kind with texts, numbers and how many texts a row has.
const KINDS: [(Kind, usize, usize); 24] = [
    (Kind::Navigation, 30, 4),
    (Kind::Resource, 18, 4),
    (Kind::Paint, 1, 0),
    (Kind::LargestPaint, 6, 2),
    (Kind::LargestResource, 2, 0),
    (Kind::Settled, 1, 0),
    (Kind::Shift, 3, 1),
    (Kind::Interaction, 7, 1),
    (Kind::SoftNavigation, 6, 1),
    (Kind::LongTask, 2, 1),
    (Kind::LongFrame, 6, 0),
    (Kind::Script, 3, 3),
    (Kind::RoutePainted, 2, 0),
    (Kind::Restored, 2, 0),
    (Kind::Repainted, 2, 0),
    (Kind::Failure, 9, 7),
    (Kind::Repeat, 2, 0),
    (Kind::Crumb, 2, 1),
    (Kind::Flag, 1, 2),
    (Kind::Request, 4, 5),
    (Kind::Action, 1, 2),
    (Kind::Opened, 3, 0),
    (Kind::Route, 2, 2),
    (Kind::Lost, 2, 0),
];

fn check(seed: u64, numbers_of: fn(&mut Chance) -> f64) {
    let mut chance = Chance(seed);
    let start = Start {
        url: chance.text(),
        referrer: chance.text(),
        remembered: chance.text(),
        trace: chance.text(),
        seed: chance.text(),
        rules: chance.text(),
        ..Start::default()
    };
    // With a listener that hears of everything and is given all entries.
    let mut visit = Visit::start(&start).listen(1, 0b1_1111_1111, 16.0);
    for _ in 0..50 {
        let (kind, row, texts) = chance.pick(&KINDS);
        let rows = 1 + chance.below(3);
        let numbers: Vec<f64> = (0..row * rows).map(|_| numbers_of(&mut chance)).collect();
        // Sometimes fewer texts than the rows need, and sometimes more.
        let given = chance.pick(&[texts * rows, texts * rows, 0, texts + 1]);
        let texts: Vec<String> = (0..given).map(|_| chance.text()).collect();
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        visit = visit.tell(kind, &numbers, &texts).tell_for(1, kind, &numbers, &texts).after(300.0);
    }
    let events = visit.hide().events();
    assert!(events.len() > 2);
    for event in events {
        for (key, value) in &event.attributes {
            let is_it = |known: &&Key| key.strip_prefix(known.text()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            let policy = Key::ALL.iter().rfind(is_it).map(|key| key.policy());
            let limit = if policy == Some(Policy::Text) { STACK_BYTES } else { VALUE_BYTES };
            assert!(value.len() <= limit, "{} has {key} of {} bytes", event.name, value.len());
        }
    }
}

/// Runs the check for many seeds, and says which one failed.
fn for_seeds(seeds: core::ops::Range<u64>, numbers_of: fn(&mut Chance) -> f64) {
    struct Naming(u64);
    impl Drop for Naming {
        fn drop(&mut self) {
            if std::thread::panicking() {
                std::eprintln!("seed {}", self.0);
            }
        }
    }
    for seed in seeds {
        let naming = Naming(seed);
        check(seed, numbers_of);
        drop(naming);
    }
}

#[test]
fn any_text_arrives_as_a_batch_that_can_be_read() {
    for_seeds(0..50, |chance| chance.below(10_000) as f64 / 4.0);
}

#[test]
fn any_number_arrives_as_a_batch_that_can_be_read() {
    for_seeds(1000..1040, |chance| {
        chance.pick(&[0.0, -0.0, 1.0, -1.0, 0.1, 1e18, 1e300, -1e300, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, f64::NEG_INFINITY])
    });
}

#[test]
fn a_site_says_which_values_may_leave_and_what_acted_is_told() {
    let id = "5847008b-d84c-4685-adf3-aa31b11791e3";
    let url = "https://shop.example/order/8445570132?ref=mail&to=a@b.example&page=2";
    let message = ["no account of a@b.example in ", id].concat();
    let told = |start: Start| {
        let visit = Visit::start(&Start { url: url.to_owned(), ..start }).failure(&message).after(5000.0);
        let scrubbed = super::told::resource(&visit.beacons()[0]).into_iter().find(|(key, _)| key == "vitrum.scrubbed");
        let of = |name: &str, key: &str| visit.named(name)[0].of(key).to_owned();
        (of("browser.navigation", "url.full"), of("exception", "exception.message"), scrubbed.map(|(_, value)| value).unwrap_or_default())
    };
    let (page, error, scrubbed) = told(Start::default());
    assert_eq!(page, "https://shop.example/order/:id?ref&to&page");
    assert_eq!(error, "no account of :email in :uuid");
    assert_eq!(scrubbed, "email 2 uuid 2 path 1 value 4", "the message is in the stack, too");
    let (page, error, _) = told(Start { allowed: "page\nto".to_owned(), keeps_uuids: true, ..Start::default() });
    assert_eq!(page, "https://shop.example/order/:id?ref&to=:email&page=2");
    assert_eq!(error, ["no account of :email in ", id].concat());
    let scrub = "replace:no account=>nobody\nmask:cart".to_owned();
    let visit = Visit::start(&Start { scrub, ..Start::default() }).failure("no account in the cart").after(5000.0);
    assert_eq!(visit.named("exception")[0].of("exception.message"), "nobody in the *");
    assert_eq!(visit.named("browser.navigation")[0].of("url.full"), "https://shop.example/:id?user", "a star is no name of a path");
}

/// Templates, names of spans and hosts are made of URLs, and the site's rules are for all that is.
#[test]
fn what_the_site_knows_as_secret_is_in_nothing_that_is_made_of_a_url() {
    let start = Start { url: "https://anna-schmidt.example/u/anna-schmidt".to_owned(), scrub: "mask:anna-schmidt".to_owned(), ..Start::default() };
    let visit = Visit::start(&start).fetch("https://anna-schmidt.example/api/anna-schmidt").answered(200.0, "");
    let visit = visit.route("push", "https://anna-schmidt.example/list/anna-schmidt").after(5000.0).hide();
    for beacon in visit.beacons() {
        let text = format!("{beacon:?}");
        assert!(!text.contains("anna"), "{text}");
    }
    let names: Vec<_> = visit.named("browser.navigation").iter().map(|event| event.of("url.template").to_owned()).collect();
    assert_eq!(names, ["/u/:id", "/list/:id"]);
    let start = Start { scrub: "drop:anna-schmidt".to_owned(), ..start };
    let visit = Visit::start(&start).fetch("https://shop.example/api/anna-schmidt").answered(200.0, "").after(5000.0).hide();
    assert!(visit.beacons().iter().all(|beacon| !format!("{beacon:?}").contains("anna")));
}

/// Half of an address would not be known as one.
#[test]
fn what_is_cut_is_cut_between_words() {
    for before in 470..520 {
        let message = ["word ".repeat(before / 5), "x".repeat(before % 5), " of anna.schmidt@shop.example".to_owned()].concat();
        let visit = Visit::new().failure(&message).after(5000.0);
        let error = &visit.named("exception")[0];
        for key in ["exception.message", "exception.stacktrace"] {
            assert!(!error.of(key).contains("anna") && !error.of(key).contains("schmidt"), "{before}: {key} {}", error.of(key));
        }
    }
}
