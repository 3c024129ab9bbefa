//! Which resources are told, and how many.

use super::{ENDPOINT, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn told(visit: Visit) -> Vec<String> {
    visit.hide().named("browser.resource_timing").iter().map(|event| event.of("url.full").to_owned()).collect()
}

#[test]
fn a_resource_is_told_with_its_phases() {
    let visit = Visit::new().at(700.0).resource("https://cdn.example/a.png?sig=secret").hide();
    let [resource] = visit.named("browser.resource_timing").try_into().unwrap();
    assert_eq!(resource.at_ms, 700.0);
    for (key, value) in [
        ("url.full", "https://cdn.example/a.png?sig"),
        ("browser.resource_timing.initiator_type", "img"),
        ("browser.resource_timing.next_hop_protocol", "h3"),
        ("browser.resource_timing.render_blocking_status", "blocking"),
        ("browser.resource_timing.duration", "13"),
        ("http.response.status_code", "200"),
    ] {
        assert_eq!(resource.of(key), value, "{key}");
    }
}

/// On a connection that stands neither a name is looked up nor a connection made, and browsers give the start of the request for both.
#[test]
fn what_did_not_take_place_is_not_told() {
    let row = |connected: f64| {
        [&[10.0, 50.0, 10.0, 0.0, 0.0, 0.0, 10.0, 10.0, 10.0, 10.0, connected, 20.0, 50.0, 60.0][..], &[900.0, 600.0, 600.0, 200.0]].concat()
    };
    let lookups = |connected: f64| {
        let visit = Visit::new().tell(crate::Kind::Resource, &row(connected), &["https://a.example/a.js", "script", "h2", ""]).hide();
        let resource = visit.named("browser.resource_timing").into_iter().next().unwrap();
        ["domain_lookup_start", "domain_lookup_end", "connect_start", "secure_connection_start", "connect_end", "request_start"]
            .map(|phase| resource.of(&["browser.resource_timing.", phase].concat()).to_owned())
    };
    assert_eq!(lookups(10.0), ["", "", "", "", "", "20"]);
    assert_eq!(lookups(19.0), ["10", "10", "10", "10", "19", "20"]);
}

#[test]
fn our_own_requests_are_not_the_pages() {
    let own = [ENDPOINT, "/v1/beacon"].concat();
    assert_eq!(told(Visit::new().resource(&own).resource("https://shop.example/a.js")), ["https://shop.example/a.js"]);
}

#[test]
fn an_endpoint_on_the_pages_origin_hides_none_of_its_resources() {
    for endpoint in ["https://shop.example", ""] {
        let start = Start { endpoint: endpoint.to_owned(), ..Start::default() };
        let own = [endpoint, "/v1/beacon"].concat();
        let visit = Visit::start(&start).resource(&own).resource("https://shop.example/a.js");
        assert_eq!(told(visit), ["https://shop.example/a.js"], "endpoint {endpoint:?}");
    }
}

#[test]
fn a_host_that_begins_like_the_endpoint_is_another() {
    let other = "https://rum.example.evil.example/a.js";
    assert_eq!(told(Visit::new().resource(other)), [other]);
}

#[test]
fn rows_of_one_packet_keep_their_texts() {
    let row = |at: f64| [at, 5.0, 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.];
    let numbers = [row(1.0), row(2.0), row(3.0)].concat();
    let own = [ENDPOINT, "/v1/beacon"].concat();
    let texts = ["https://a.example/a.css", "css", "h2", "", &own, "fetch", "h2", "", "https://a.example/b.png", "img", "", "blocking"];
    let visit = Visit::new().tell(crate::Kind::Resource, &numbers, &texts).hide();
    let rows: Vec<_> = visit
        .named("browser.resource_timing")
        .iter()
        .map(|event| (event.at_ms, event.of("url.full").to_owned(), event.of("browser.resource_timing.initiator_type").to_owned()))
        .collect();
    let expected = [(1.0, "https://a.example/a.css".to_owned(), "css".to_owned()), (3.0, "https://a.example/b.png".to_owned(), "img".to_owned())];
    assert_eq!(rows, expected);
}

/// What is told and what is counted as dropped, of so many resources, errors and long tasks each.
fn check_bound(visit: Visit, each: usize, expected: [usize; 3]) -> Visit {
    let before = |visit: &Visit| ["browser.resource_timing", "exception", "browser.long_task"].map(|name| visit.named(name).len());
    let (told, lost) = (before(&visit), visit.lost("dropped_records"));
    let repeats = visit.repeats(None);
    let mut visit = visit;
    for n in 0..each {
        visit = visit.resource("https://cdn.example/a.png").failure(&"x".repeat(n + 3)).tell(crate::Kind::LongTask, &[1.0, 60.0], &["self"]);
        visit = visit.after(if n % 20 == 0 { 5000.0 } else { 1.0 });
    }
    let visit = visit.hide().after(5000.0).route("replace", &["https://shop.example/cart?", &each.to_string()].concat()).after(5000.0);
    let now = before(&visit);
    let new: [usize; 3] = core::array::from_fn(|n| now[n] - told[n]);
    assert_eq!(new, expected);
    // Of resources nothing is lost, for they are in the sums, and of errors nothing, for they are counted.
    assert_eq!(visit.repeats(None) - repeats, (each - expected[1]) as f64);
    let dropped = each - expected[2];
    assert_eq!(visit.lost("dropped_records") - lost, dropped as f64);
    visit
}

#[test]
fn a_view_has_bounds_and_the_rest_is_counted() {
    let visit = check_bound(Visit::new(), 300, [100, 50, 50]);
    let visit = check_bound(visit, 10, [0, 0, 0]);
    let visit = visit.route("push", "https://shop.example/pay").route("push", "https://shop.example/cart");
    check_bound(visit, 60, [60, 50, 50]);
}

#[test]
fn a_view_that_returns_has_its_own_bounds() {
    let visit = check_bound(Visit::new(), 60, [60, 50, 50]);
    check_bound(visit.hide().restore(), 10, [10, 10, 10]);
}

#[test]
fn what_a_page_has_opened_is_told_when_it_has_changed() {
    let opened = |visit: Visit, counts: [f64; 3]| visit.tell(crate::Kind::Opened, &counts, &[]).hide();
    let visit = opened(Visit::new(), [0.0; 3]);
    assert!(visit.named("vitrum.connections").is_empty());
    let visit = opened(opened(visit, [1.0, 0.0, 2.0]), [1.0, 0.0, 2.0]);
    let visit = opened(visit, [1.0, 1.0, 2.0]);
    let line = |event: &super::Event| ["beacons", "event_sources", "web_sockets"].map(|key| event.of(&["vitrum.connections.", key].concat()).to_owned());
    let told: Vec<_> = visit.named("vitrum.connections").iter().map(line).collect();
    assert_eq!(told, [["1", "", "2"], ["1", "1", "2"]]);
}

#[test]
fn the_cache_is_told_of() {
    for (sizes, told) in [
        ([0.0, 100.0, 300.0], "hit"),
        ([300.0, 5000.0, 9000.0], "revalidated"),
        ([5300.0, 5000.0, 9000.0], ""),
        ([0.0, 0.0, 0.0], ""),
    ] {
        let mut numbers = [0.0; 18];
        numbers[14..17].copy_from_slice(&sizes);
        let visit = Visit::new().tell(crate::Kind::Resource, &numbers, &["https://shop.example/a.png", "img", "", ""]).hide();
        assert_eq!(visit.named("browser.resource_timing")[0].of("vitrum.resource.cache"), told, "{sizes:?}");
    }
}

/// One resource: URL, kind, and of its numbers duration, `responseStart`, `transferSize`, `decodedBodySize` and status.
fn load(visit: Visit, url: &str, kind: &str, [duration, response, transfer, decoded, status]: [f64; 5]) -> Visit {
    let mut numbers = [0.0; 18];
    (numbers[0], numbers[1], numbers[12], numbers[14]) = (visit.now, duration, response, transfer);
    (numbers[15], numbers[16], numbers[17]) = (decoded, decoded, status);
    visit.tell(crate::Kind::Resource, &numbers, &[url, kind, "h2", ""])
}

/// Origin, kind, and the sums that are not 0.
fn sums(visit: &Visit) -> Vec<String> {
    let keys = ["origin", "count", "failed", "cached", "transfer_size", "blocking_duration", "longest_duration"];
    let line = |event: &super::Event| {
        let sums: Vec<_> = keys.iter().map(|key| event.of(&["vitrum.resource_group.", key].concat())).collect();
        [&[event.of("browser.resource_timing.initiator_type")], &sums[..]].concat().join(" ")
    };
    visit.named("vitrum.resource_group").iter().map(line).collect()
}

#[test]
fn what_a_view_loads_is_added_up_by_origin_and_kind() {
    let visit = load(Visit::new(), "https://shop.example/a.png?x=1", "img", [20.0, 5.0, 1300.0, 1000.0, 200.0]);
    let visit = load(visit, "https://shop.example/b.png", "img", [50.0, 5.0, 0.0, 1000.0, 200.0]);
    let visit = load(visit, "https://shop.example/c.png", "img", [10.0, 0.0, 0.0, 0.0, 0.0]);
    let visit = load(visit, "https://cdn.example/a.js", "script", [10.0, 0.0, 0.0, 0.0, 0.0]);
    let script = |url: &'static str, duration: f64| ([1000.0, duration, 0.0], ["", url, ""]);
    let visit = visit.long_frame(1000.0, 200.0, &[script("https://cdn.example/a.js", 100.0), script("https://tag.example/b.js", 50.0)]);
    let visit = visit.hide().hide();
    let expected = [
        "img https://shop.example 3 1 1 1300  50",
        "script https://cdn.example 1    75 10",
        "script https://tag.example     38 ",
    ];
    assert_eq!(sums(&visit), expected);
    let visit = load(visit, "https://shop.example/d.png", "img", [20.0, 5.0, 700.0, 1000.0, 404.0]).route("push", "https://shop.example/pay");
    let visit = load(visit, "https://shop.example/d.png", "img", [20.0, 5.0, 700.0, 1000.0, 200.0]).hide();
    // Of the new route all was told for itself, and nothing failed.
    assert_eq!(sums(&visit)[3..], ["img https://shop.example 4 2 1 2000  50"]);
}

#[test]
fn beyond_the_budget_the_slowest_and_the_failed_are_told_in_full() {
    let mut visit = Visit::new();
    for _ in 0..150 {
        visit = load(visit, "https://shop.example/a.png", "img", [20.0, 5.0, 1300.0, 1000.0, 200.0]);
    }
    let visit = load(visit, "https://shop.example/slow.png", "img", [900.0, 5.0, 1300.0, 1000.0, 200.0]);
    let visit = load(visit, "https://shop.example/gone.png", "img", [5.0, 5.0, 300.0, 100.0, 404.0]);
    let visit = load(visit, "https://shop.example/b.png", "img", [20.0, 5.0, 1300.0, 1000.0, 200.0]).hide();
    assert_eq!(visit.named("browser.resource_timing").len(), 102);
    assert_eq!(told(visit)[100..], ["https://shop.example/slow.png", "https://shop.example/gone.png"]);
}
