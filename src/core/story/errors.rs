//! Errors: each is told once a view with what it takes to explain it, and counted; and no more of it than the terms allow.

use super::told::Event;
use super::{Consent, Rung, Start, Visit};
use crate::Kind;
use crate::limits::{CRUMBS, REPEATS};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What the page tells of an error, besides what it is.
struct Failure<'a> {
    key: f64,
    times: f64,
    is_handled: bool,
    state: f64,
    source: &'a str,
    url: &'a str,
    selector: &'a str,
    chain: &'a [[&'a str; 3]],
    context: &'a [[&'a str; 2]],
}

const FAILURE: Failure<'static> = Failure {
    key: 0.0,
    times: 1.0,
    is_handled: false,
    state: 0.0,
    source: "error",
    url: "",
    selector: "",
    chain: &[["TypeError", "x is undefined", "at f (https://shop.example/app.js:1:2)"]],
    context: &[],
};

impl Visit {
    fn fails(self, failure: &Failure<'_>) -> Self {
        let Failure { key, times, is_handled, state, source, url, selector, chain, context } = *failure;
        let numbers = [self.now, key, times, f64::from(u8::from(is_handled)), state, 8.0, 1e6, chain.len() as f64, context.len() as f64];
        let texts = [&[source, "4g", url, selector], chain.as_flattened(), context.as_flattened()].concat();
        self.tell(Kind::Failure, &numbers, &texts)
    }

    /// How often errors happened again, of this fingerprint or (without one) of any.
    pub(super) fn repeats(&self, fingerprint: Option<&str>) -> f64 {
        let events = self.named("vitrum.error_repeats").into_iter();
        let of = events.filter(|event| fingerprint.is_none_or(|fingerprint| event.of("vitrum.error.fingerprint") == fingerprint));
        of.filter_map(|event| event.number("vitrum.error.count")).sum()
    }

    fn crumb(self, kind: f64, text: &str) -> Self {
        let now = self.now;
        self.tell(Kind::Crumb, &[now, kind], &[text])
    }

    /// The only error that was told in full.
    fn error(&self) -> Event {
        let events = self.named("exception");
        assert_eq!(events.len(), 1, "{events:?}");
        events[0].clone()
    }
}

/// The own part of an error's attributes, as `key=value`.
fn said(event: &Event) -> Vec<String> {
    let is_context = |key: &str| ["log.record.uid", "session.id", "vitrum.view.id", "url.template"].contains(&key);
    event.attributes.iter().filter(|(key, _)| !is_context(key)).map(|(key, value)| [key, "=", value].concat()).collect()
}

#[test]
fn a_thousand_equal_errors_are_one_record_and_counts() {
    let mut visit = Visit::new().at(200.0);
    for _ in 0..1000 {
        visit = visit.failure("x").after(10.0);
    }
    let visit = visit.after(5000.0);
    let first = visit.error();
    assert_eq!(visit.repeats(Some(first.of("vitrum.error.fingerprint"))), 999.0);
    // Ten seconds are some four batches, each with the count of its own time.
    let counts = visit.named("vitrum.error_repeats");
    assert!((3..6).contains(&counts.len()), "{counts:?}");
    assert!(counts.iter().all(|event| event.has("session.id") && event.severity == 9));
    assert_eq!(visit.lost("dropped_records"), 0.0);
}

#[test]
fn what_was_counted_is_told_when_the_page_hides_or_the_view_ends() {
    let twice = |visit: Visit| visit.failure("x").failure("x");
    let visit = twice(Visit::new()).hide();
    assert_eq!((visit.named("exception").len(), visit.repeats(None)), (1, 1.0));
    let visit = twice(Visit::new()).after(3500.0).failure("x").leave();
    assert_eq!((visit.named("exception").len(), visit.repeats(None)), (1, 2.0), "though nothing else was to be told");
    let visit = twice(twice(Visit::new()).route("push", "https://shop.example/pay")).hide();
    let views = |name: &str| visit.named(name).iter().map(|event| event.of("vitrum.view.id").to_owned()).collect::<Vec<_>>();
    assert_eq!(views("exception").len(), 2, "each view tells it in full");
    assert_eq!(views("vitrum.error_repeats"), views("exception"));
}

#[test]
fn what_happens_as_the_page_goes_leaves_at_once() {
    let visit = Visit::new().leave().after(1.0);
    let before = visit.sends().len();
    let visit = visit.fails(&Failure { state: 2.0, ..FAILURE });
    let sends = visit.sends();
    assert_eq!((sends.len(), sends[before].2), (before + 1, Rung::Beacon));
    assert_eq!(visit.error().of("vitrum.page.state"), "unloading");
}

#[test]
fn the_page_counts_what_it_has_told_by_a_number() {
    let visit = Visit::new().fails(&Failure { key: 3.0, times: 5.0, ..FAILURE }).tell(Kind::Repeat, &[3.0, 90.0], &[]);
    let visit = visit.tell(Kind::Repeat, &[9.0, 5.0, 0.0, 2.0], &[]).after(5000.0);
    let fingerprint = visit.error().of("vitrum.error.fingerprint").to_owned();
    assert_eq!((visit.repeats(Some(&fingerprint)), visit.repeats(Some(""))), (94.0, 7.0));
    // Counts alone have a batch leave, too.
    let visit = visit.tell(Kind::Repeat, &[3.0, 6.0], &[]).after(5000.0);
    assert_eq!(visit.repeats(Some(&fingerprint)), 100.0);
}

#[test]
fn whatever_comes_records_and_counts_are_all_that_was_thrown() {
    let mut chance = super::chance::Chance(1);
    let mut visit = Visit::new();
    let mut thrown = 0;
    for n in 0..3000_usize {
        let message = "x".repeat(1 + chance.below(2 * REPEATS as usize));
        let key = if chance.below(4) == 0 { 1.0 + chance.below(80) as f64 } else { 0.0 };
        visit = match chance.below(8) {
            0 if n % 10 == 0 => visit.route("push", &["https://shop.example/", &n.to_string()].concat()),
            1 => {
                thrown += 3;
                visit.tell(Kind::Repeat, &[key, 3.0], &[])
            }
            _ => {
                thrown += 1;
                visit.fails(&Failure { key, chain: &[["TypeError", &message, ""]], ..FAILURE })
            }
        };
        if chance.below(20) == 0 {
            visit = visit.after(1000.0);
        }
    }
    let visit = visit.hide();
    let told = visit.named("exception").len();
    assert!(told > 200, "{told}");
    assert_eq!(told as f64 + visit.repeats(None), f64::from(thrown));
}

#[test]
fn an_error_is_told_with_what_was_before_it_and_where_it_happened() {
    let visit = Visit::new().at(1600.0).navigation("navigate", 10.0, 0.0, false).at(1700.4);
    let visit = visit.tell(Kind::Flag, &[0.0], &["new-cart", "on"]).tell(Kind::Flag, &[0.0], &["old", "1"]).tell(Kind::Flag, &[0.0], &["old", ""]);
    let visit = visit.tell(Kind::Action, &[1700.4], &["click", "#pay"]).fetch("https://shop.example/api/pay?card=1").at(1750.0).answered(500.0, "");
    let visit = visit.crumb(0.0, "paid by someone@example.com").crumb(1.0, "retry\nsoon").crumb(2.0, "hidden");
    let failure = Failure {
        key: 1.0,
        is_handled: true,
        state: 1.0,
        source: "captured",
        chain: &[["PayError", "no money", "at f (https://shop.example/app.js:1:2)"], ["TypeError", "of someone@example.com", "at g (https://shop.example/app.js:3:4)"]],
        context: &[["step", "2"], ["by", "someone@example.com"]],
        ..FAILURE
    };
    let visit = visit.fails(&failure).after(5000.0).hide();
    let event = visit.error();
    let crumbs = [
        "0 navigation https://shop.example/cart?user",
        "1700 action click #pay",
        "1750 request GET 500 https://shop.example/api/pay?card",
        "1750 custom paid by :email",
        "1750 console retry soon",
        "1750 visibility hidden",
    ];
    let stack = "exception.stacktrace=PayError: no money\n    at f (https://shop.example/app.js:1:2)\nCaused by: TypeError: of :email\n    at g (https://shop.example/app.js:3:4)";
    let expected = [
        "exception.type=PayError",
        "exception.message=no money",
        stack,
        "vitrum.error.handled=true",
        "vitrum.error.source=captured",
        &["vitrum.error.fingerprint=", event.of("vitrum.error.fingerprint")].concat(),
        "vitrum.error.time_since_load=250",
        "vitrum.page.state=hidden",
        "vitrum.action.type=click",
        "browser.css_selector=#pay",
        "network.connection.type=4g",
        "vitrum.device.memory=8",
        "vitrum.heap.used=1000000",
        "vitrum.error.context.step=2",
        "vitrum.error.context.by=:email",
        "vitrum.flag.new-cart=on",
        &["vitrum.error.breadcrumbs=", &crumbs.join("\n")].concat(),
    ];
    assert_eq!(said(&event), expected);
    assert_eq!(event.severity, 17);
    let action = visit.named("view").into_iter().find(|view| view.of("name") == "click").expect("the action is told");
    assert_eq!(event.context, [action.of("trace").to_owned(), action.of("span").to_owned()]);
}

#[test]
fn an_error_is_among_what_was_before_the_next() {
    let mut visit = Visit::new().failure("first");
    for _ in 0..3 * CRUMBS {
        visit = visit.crumb(0.0, "again");
    }
    let visit = visit.failure("second").crumb(1.0, "then").failure("third").after(5000.0);
    let crumbs: Vec<_> = visit.named("exception").iter().map(|event| event.of("vitrum.error.breadcrumbs").to_owned()).collect();
    assert_eq!(crumbs[1].lines().collect::<Vec<_>>(), ["100 custom again"; CRUMBS]);
    assert!(crumbs[2].ends_with("100 error TypeError second\n100 console then"), "{}", crumbs[2]);
}

#[test]
fn with_minimal_consent_only_the_error_itself_is_told() {
    let start = Start { consent: Consent::Minimal, ..Start::default() };
    let failure = Failure { url: "https://shop.example/a.js", selector: "#a", context: &[["by", "someone"]], ..FAILURE };
    let visit = Visit::start(&start).tell(Kind::Flag, &[0.0], &["a", "b"]).crumb(0.0, "said").fails(&failure).fails(&failure).after(5000.0);
    let event = visit.error();
    let expected = ["type", "message", "stacktrace", "handled", "source", "fingerprint"];
    let keys: Vec<_> = event.attributes.iter().map(|(key, _)| key.rsplit('.').next().unwrap()).collect();
    assert_eq!(keys[1..], expected, "after its own name");
    assert_eq!((visit.repeats(None), event.context[0].len()), (1.0, 0));
}

#[test]
fn what_waits_for_consent_is_held_and_what_is_refused_is_gone() {
    let visit = Visit::start(&Start { consent: Consent::Pending, ..Start::default() });
    let visit = visit.crumb(0.0, "before").failure("x").failure("x").after(10_000.0);
    assert!(visit.sends().is_empty());
    let granted = visit.consent(Consent::Granted).after(5000.0);
    assert!(granted.error().of("vitrum.error.breadcrumbs").ends_with("100 custom before"));
    assert_eq!(granted.repeats(None), 1.0);
    for refusal in [Consent::Denied, Consent::Minimal] {
        let visit = Visit::new().crumb(0.0, "before").failure("x").failure("x").consent(refusal).failure("other");
        let visit = visit.consent(Consent::Granted).failure("x").after(5000.0);
        let crumbs = visit.named("exception").iter().map(|event| event.of("vitrum.error.breadcrumbs").to_owned()).collect::<String>();
        assert!(!crumbs.contains("before") && crumbs.contains("consent granted"), "{refusal:?} {crumbs}");
        assert_eq!(visit.repeats(None), 0.0, "{refusal:?}");
    }
}

/// A dead collector and a full outbox: what there is no room for stays counted, and the timer rests.
#[test]
fn counts_wait_for_room() {
    let mut visit = Visit::new().fetches_get(None);
    for n in 0..400 {
        let message = ["x".repeat(n % 45 + 1), "~".repeat(900)].concat();
        visit = visit.failure(&message).failure(&message).failure("all").after(500.0);
        if n % 45 == 0 {
            visit = visit.route("push", &["https://shop.example/", &n.to_string()].concat());
        }
    }
    let before = visit.repeats(None);
    assert!(before < 700.0);
    let mut visit = visit.fetches_get(Some(204.0));
    for batch in 0..9 {
        visit = visit.tell(Kind::Delivered, &[f64::from(batch), 204.0, 0.0, 1.0, 0.0, 1.0, 0.0], &[]);
    }
    let visit = visit.after(60_000.0).hide().after(60_000.0).hide();
    let lost = visit.lost("dropped_records") - (10.0 + 10.0 - visit.named("browser.navigation").len() as f64 - visit.named("view").len() as f64);
    assert_eq!(visit.named("exception").len() as f64 + visit.repeats(None) + lost, 1200.0);
}

#[test]
fn a_site_may_do_without_the_errors_of_extensions() {
    let stack = "at f (chrome-extension://abcdefgh/inject.js:1:2)";
    let failure = Failure { key: 4.0, chain: &[["TypeError", "x", stack]], ..FAILURE };
    let visit = Visit::new().fails(&failure).after(5000.0);
    assert_eq!(visit.error().of("vitrum.error.origin"), "extension");
    let visit = Visit::start(&Start { drops_extensions: true, ..Start::default() });
    let visit = visit.fails(&failure).tell(Kind::Repeat, &[4.0, 50.0], &[]).failure("own").after(5000.0);
    assert_eq!((visit.error().of("exception.message"), visit.repeats(None)), ("own", 0.0));
}

#[test]
fn what_the_browser_hides_is_told_as_that() {
    let visit = Visit::new().fails(&Failure { chain: &[["Error", "Script error.", ""]], ..FAILURE }).after(5000.0);
    assert_eq!(visit.error().of("vitrum.error.origin"), "cross-origin");
}

/// A blocker of advertisements would else have each of its users told.
#[test]
fn what_a_page_does_without_is_no_reason_to_tell_of_a_session() {
    let start = || Start { sample_rate: 0.000_001, ..Start::default() };
    for (source, is_told) in [("error", true), ("captured", true), ("react", true), ("resource", false), ("csp", false), ("deprecation", false)] {
        let visit = Visit::start(&start()).fails(&Failure { source, ..FAILURE }).after(5000.0);
        assert_eq!(!visit.sends().is_empty(), is_told, "{source}");
    }
    let visit = Visit::start(&start()).fails(&Failure { source: "resource", url: "https://shop.example/a.js?v=1", selector: "script.ad", ..FAILURE });
    let visit = visit.failure("x").after(5000.0);
    let told = visit.named("exception");
    assert_eq!((told[0].of("url.full"), told[0].of("browser.css_selector")), ("https://shop.example/a.js?v", "script.ad"));
}

/// Of failed loads the message is the same, and there is no stack.
#[test]
fn what_did_not_load_is_told_apart_by_what_it_was() {
    let load = |visit: Visit, url: &str| visit.fails(&Failure { source: "resource", url, chain: &[["ResourceError", "script did not load", ""]], ..FAILURE });
    let visit = load(load(load(Visit::new(), "https://ads.example/a.js"), "https://shop.example/checkout.js"), "https://ads.example/a.js?again").after(5000.0);
    let urls: Vec<_> = visit.named("exception").iter().map(|event| event.of("url.full").to_owned()).collect();
    assert_eq!(urls, ["https://ads.example/a.js", "https://shop.example/checkout.js"]);
    assert_eq!(visit.repeats(None), 1.0);
    // Those of rows are of one kind.
    let visit = load(load(Visit::new(), "https://shop.example/img/4418.svg"), "https://shop.example/img/1203.svg").after(5000.0);
    assert_eq!(visit.named("exception").len(), 1);
}
