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
    let texts = ["https://a.example/1", "css", "h2", "", &own, "fetch", "h2", "", "https://a.example/3", "img", "", "blocking"];
    let visit = Visit::new().tell(crate::Kind::Resource, &numbers, &texts).hide();
    let rows: Vec<_> = visit
        .named("browser.resource_timing")
        .iter()
        .map(|event| (event.at_ms, event.of("url.full").to_owned(), event.of("browser.resource_timing.initiator_type").to_owned()))
        .collect();
    let expected = [(1.0, "https://a.example/1".to_owned(), "css".to_owned()), (3.0, "https://a.example/3".to_owned(), "img".to_owned())];
    assert_eq!(rows, expected);
}

/// What is told and what is counted as dropped, of so many resources, errors and long tasks each.
fn check_bound(visit: Visit, each: usize, expected: [usize; 3]) -> Visit {
    let before = |visit: &Visit| ["browser.resource_timing", "exception", "browser.long_task"].map(|name| visit.named(name).len());
    let (told, lost) = (before(&visit), visit.lost("dropped_records"));
    let mut visit = visit;
    for n in 0..each {
        visit = visit.resource("https://cdn.example/a.png").failure("x").tell(crate::Kind::LongTask, &[1.0, 60.0], &["self"]);
        visit = visit.after(if n % 20 == 0 { 5000.0 } else { 1.0 });
    }
    let visit = visit.hide().after(5000.0).route("replace", &["https://shop.example/cart?", &each.to_string()].concat()).after(5000.0);
    let now = before(&visit);
    let new: [usize; 3] = core::array::from_fn(|n| now[n] - told[n]);
    assert_eq!(new, expected);
    let dropped = each * 3 - expected.iter().sum::<usize>();
    assert_eq!(visit.lost("dropped_records") - lost, dropped as f64);
    visit
}

#[test]
fn a_view_has_bounds_and_the_rest_is_counted() {
    let visit = check_bound(Visit::new(), 300, [200, 50, 50]);
    let visit = check_bound(visit, 10, [0, 0, 0]);
    let visit = visit.route("push", "https://shop.example/pay").route("push", "https://shop.example/cart");
    check_bound(visit, 60, [60, 50, 50]);
}

#[test]
fn a_view_that_returns_has_its_own_bounds() {
    let visit = check_bound(Visit::new(), 60, [60, 50, 50]);
    check_bound(visit.hide().restore(), 10, [10, 10, 10]);
}
