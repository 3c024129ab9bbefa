//! The page's own requests: their headers and their spans.

use super::{Event, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The span of one request of this URL that was answered so after 250 ms.
fn span(url: &str, status: f64, error: &str) -> Event {
    let visit = Visit::new().at(1000.0).fetch(url).at(1250.0).answered(status, error).hide();
    let [span] = visit.named("span").try_into().unwrap();
    span
}

#[test]
fn a_request_is_a_client_span() {
    let span = span("https://me:secret@api.example:8443/v1/users?id=7", 200.0, "");
    assert_eq!(span.at_ms, 1000.0);
    for (key, value) in [
        ("name", "GET /v1/users"),
        ("kind", "3"),
        ("status", "0"),
        ("duration_ms", "250"),
        ("http.request.method", "GET"),
        ("url.full", "https://api.example:8443/v1/users?id"),
        ("server.address", "api.example"),
        ("server.port", "8443"),
        ("http.response.status_code", "200"),
        ("error.type", ""),
        ("url.template", "/cart"),
    ] {
        assert_eq!(span.of(key), value, "{key}");
    }
    assert_eq!((span.of("trace").len(), span.of("span").len()), (32, 16));
    assert_eq!((span.of("session.id").len(), span.of("vitrum.view.id").len()), (32, 16));
}

#[test]
fn a_failure_is_told_as_one_and_an_abort_is_not() {
    for (status, error, status_code, error_type) in [
        (200.0, "", "0", ""),
        (304.0, "", "0", ""),
        (404.0, "", "2", "404"),
        (503.0, "", "2", "503"),
        (0.0, "TypeError", "2", "TypeError"),
        (0.0, "AbortError", "0", "AbortError"),
    ] {
        let span = span("https://shop.example/api", status, error);
        assert_eq!((span.of("status"), span.of("error.type")), (status_code, error_type), "{status} {error}");
        assert_eq!(span.number("http.response.status_code"), Some(status).filter(|status| *status > 0.0));
        assert!(!span.has("server.port"));
    }
}

#[test]
fn the_requests_of_a_view_are_one_trace_of_many_spans() {
    let mut visit = Visit::new();
    for _ in 0..20 {
        visit = visit.fetch("https://shop.example/a").answered(200.0, "").fetch("https://other.example/").answered(200.0, "");
    }
    let visit = visit.route("push", "https://shop.example/pay").fetch("https://shop.example/b").answered(200.0, "").hide();
    let spans = visit.named("span");
    let traces: Vec<_> = spans.iter().map(|span| span.of("trace")).collect();
    assert!(traces[..40].iter().all(|trace| *trace == traces[0]) && traces[40] != traces[0]);
    let mut ids: Vec<_> = spans.iter().map(|span| span.of("span")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 41);
}

/// The server was told of this trace, whatever view the page shows when it answers.
#[test]
fn a_span_is_in_the_trace_that_its_header_named() {
    let visit = Visit::new();
    let trace = visit.trace().to_owned();
    let visit = visit.fetch("https://shop.example/api").route("push", "https://shop.example/pay").answered(200.0, "").hide();
    let [span] = visit.named("span").try_into().unwrap();
    assert_eq!([span.of("trace"), "-", span.of("parent"), "01"].concat(), trace);
    assert_ne!(visit.trace()[..32], trace[..32]);
}

/// Start, end, and what there is before the first of the numbers of an entry that a story gives.
fn entry(start: f64, response_end: f64) -> [f64; 18] {
    let mut numbers = [0.0; 18];
    (numbers[0], numbers[1], numbers[13], numbers[15], numbers[17]) = (start, response_end - start, response_end, 321.0, 200.0);
    numbers
}

#[test]
fn a_request_is_told_with_its_entry_to_its_last_byte() {
    let visit = Visit::new().at(1000.0).fetch("https://shop.example/users/7?x=1").at(1100.0).answered(200.0, "");
    let texts = ["https://shop.example/users/7?x=1", "fetch", "h2\ndb;dur=5\n00-0123456789abcdef0123456789abcdef-00000000000000aa-01", ""];
    let visit = visit.at(1900.0).tell(crate::Kind::Resource, &entry(1000.3, 1850.0), &texts).hide();
    assert!(visit.named("browser.resource_timing").is_empty(), "it is told once");
    let [span] = visit.named("span").try_into().unwrap();
    for (key, value) in [
        ("duration_ms", "850"),
        ("browser.resource_timing.initiator_type", "fetch"),
        ("browser.resource_timing.next_hop_protocol", "h2"),
        ("network.protocol.version", "2"),
        ("vitrum.server_timing", "db;dur=5"),
        ("http.response.body.size", "321"),
        ("http.response.status_code", "200"),
        ("link", "0123456789abcdef0123456789abcdef-00000000000000aa"),
    ] {
        assert_eq!(span.of(key), value, "{key}");
    }
    assert_eq!(span.attributes.iter().filter(|(key, _)| key == "http.response.status_code").count(), 1);
}

#[test]
fn requests_of_one_url_have_each_its_own_entry() {
    let url = "https://shop.example/poll";
    let mut visit = Visit::new();
    for n in 0..5 {
        visit = visit.at(1000.0 + 20.0 * f64::from(n)).fetch(url);
    }
    for _ in 0..5 {
        visit = visit.at(1200.0).answered(200.0, "");
    }
    // The first is the slowest, so its entry comes last.
    for n in (0..5).rev() {
        visit = visit.tell(crate::Kind::Resource, &entry(1000.2 + 20.0 * f64::from(n), 2000.0 - 100.0 * f64::from(n)), &[url, "fetch", "h2", ""]);
    }
    let spans = visit.hide().named("span");
    let mut times: Vec<_> = spans.iter().map(|span| (span.at_ms, span.of("duration_ms").to_owned())).collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let expected: Vec<_> = (0..5).map(|n| (1000.0 + 20.0 * f64::from(n), (1000 - 120 * n).to_string())).collect();
    assert_eq!(times, expected);
}

#[test]
fn of_a_request_that_only_its_entry_tells_of_nothing_is_told_without_it() {
    let url = "https://shop.example/api";
    let pending = |visit: Visit| visit.tell(crate::Kind::Request, &[500.0, 0.0, 0.0, 0.0], &[url, "POST", "", "", ""]);
    assert!(pending(Visit::new()).after(100_000.0).hide().named("span").is_empty());
    let visit = pending(Visit::new()).tell(crate::Kind::Resource, &entry(500.0, 700.0), &[url, "fetch", "h2", ""]).hide();
    let [span] = visit.named("span").try_into().unwrap();
    assert_eq!((span.of("name"), span.of("http.response.status_code"), span.of("duration_ms")), ("POST /api", "200", "200"));
}

#[test]
fn a_failure_without_an_entry_is_told_soon_and_a_download_when_it_is_over() {
    let visit = Visit::new().at(1000.0).fetch("https://shop.example/a").fetch("https://shop.example/b").at(1100.0).answered(200.0, "").answered(0.0, "TypeError");
    let visit = visit.at(8000.0);
    assert_eq!(visit.named("span").iter().map(|span| span.of("url.full")).collect::<Vec<_>>(), ["https://shop.example/b"]);
    assert_eq!(visit.hide().named("span").len(), 2);
}

#[test]
fn the_servers_answer_is_a_link() {
    let answer = "00-0123456789abcdef0123456789abcdef-00000000000000aa-01";
    let visit = Visit::new().tell(crate::Kind::Request, &[500.0, 600.0, 200.0, 1.0], &["https://shop.example/", "GET", "", "", answer]).hide();
    assert_eq!(visit.named("span")[0].of("link"), &answer[3..52]);
}

/// The view is the root, what the user did its child, and the requests that followed are children of that.
#[test]
fn a_visit_reads_as_one_trace() {
    let begun = "00112233445566778899aabbccddeeff-0102030405060708";
    let start = Start { trace: [begun, "-a1a2a3a4a5a6a7a8"].concat(), ..Start::default() };
    let visit = Visit::start(&start);
    assert_eq!(visit.trace(), [begun, "01"].concat());
    let visit = visit.at(500.0).fetch("https://shop.example/a").answered(200.0, "").navigation("navigate", 100.0, 0.0, false);
    let visit = visit.at(3000.0).tell(crate::Kind::Action, &[3000.0], &["click", "#pay"]).at(3050.0).fetch("https://shop.example/pay");
    let visit = visit.at(3400.0).answered(201.0, "").route("push", "https://shop.example/thanks/1234567").at(3450.0).route_painted(50.0);
    let visit = visit.fetch("https://shop.example/late").answered(200.0, "").failure("x").hide();
    let line = |event: &Event| ["name", "trace", "span", "parent", "link", "duration_ms"].map(|key| event.of(key).to_owned());
    let views: Vec<_> = visit.named("view").iter().map(line).collect();
    let spans: Vec<_> = visit.named("span").iter().map(line).collect();
    let trace = &begun[..32];
    let [load, route, click] = views.try_into().unwrap();
    assert_eq!(load, ["load /cart", trace, &begun[33..], "a1a2a3a4a5a6a7a8", "", "1500"]);
    assert_eq!([&click[0], &click[1], &click[3], &click[5]], ["click", trace, &begun[33..], "400"]);
    assert_eq!([&route[0], &route[3], &route[4], &route[5]], ["route /thanks/:id", "", &[trace, &click[2]].join("-"), "50"]);
    let [first, pay, late] = spans.try_into().unwrap();
    assert_eq!([&first[0], &first[1], &first[3]], ["GET /a", trace, &begun[33..]]);
    assert_eq!([&pay[0], &pay[1], &pay[3]], ["GET /pay", trace, &click[2]]);
    assert_eq!([&late[0], &late[1], &late[3]], ["GET /late", &route[1], &route[2]]);
    let failure = &visit.named("exception")[0];
    assert_eq!(failure.context, [route[1].clone(), route[2].clone()]);
}

/// A visitor who turns to another tab has still clicked.
#[test]
fn what_was_under_way_when_the_page_hid_is_of_the_action() {
    let visit = Visit::new().at(3000.0).tell(crate::Kind::Action, &[3000.0], &["click", "#pay"]).fetch("https://shop.example/pay");
    let visit = visit.at(3200.0).hide().at(4000.0).answered(200.0, "").hide();
    let clicks: Vec<_> = visit.named("view").into_iter().filter(|view| view.of("name") == "click").collect();
    let pay = &visit.named("span")[0];
    assert_eq!((clicks.len(), pay.of("parent")), (1, clicks[0].of("span")));
    assert_eq!(clicks[0].of("duration_ms"), "1000");
}

#[test]
fn the_terms_of_headers_follow_consent_and_sampling() {
    use crate::Consent;
    let terms = |consent: Consent, sample_rate: f64| {
        let visit = Visit::start(&Start { consent, sample_rate, ..Start::default() });
        visit.trace().get(49..).map(str::to_owned)
    };
    assert_eq!(terms(Consent::Granted, 1.0).as_deref(), Some("01"));
    assert_eq!(terms(Consent::Granted, 0.0).as_deref(), Some("00"), "the back end does not draw again");
    assert_eq!(terms(Consent::Pending, 1.0).as_deref(), Some(""), "watched, without a header");
    for (consent, rate) in [(Consent::Pending, 0.0), (Consent::Minimal, 1.0), (Consent::Denied, 1.0)] {
        assert_eq!(terms(consent, rate), None);
    }
    let visit = Visit::new().consent(Consent::Denied);
    assert_eq!(visit.trace(), "", "not watched any more");
}

/// Of what is no place on a network all is data, however many slashes are in it.
#[test]
fn the_name_of_a_request_has_nothing_of_its_data() {
    for (url, name) in [
        ("data:text/plain,a/b/anna-schmidt", "GET "),
        ("data:image/jpeg;base64,/9j/4AAQ/Kd/w/anna", "GET "),
        ("blob:https://shop.example/anna", "GET "),
        ("capacitor://localhost/api/cart", "GET /api/cart"),
        ("https://shop.example/api/cart", "GET /api/cart"),
    ] {
        assert_eq!(span(url, 200.0, "").of("name"), name, "{url}");
    }
}
