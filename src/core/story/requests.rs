//! The page's own requests: their headers and their spans.

use super::{Done, Event, Start, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Visit {
    fn headers(&self) -> Vec<String> {
        let header = |done: &Done| match done {
            Done::Propagate(header) => Some(header.clone()),
            _ => None,
        };
        self.done.iter().filter_map(header).collect()
    }
}

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
        ("name", "GET"),
        ("kind", "3"),
        ("status", "0"),
        ("duration_ms", "250"),
        ("http.request.method", "GET"),
        ("url.full", "https://api.example:8443/v1/users?id"),
        ("server.address", "api.example"),
        ("server.port", "8443"),
        ("http.response.status_code", "200"),
        ("error.type", ""),
        ("url.path", "/cart"),
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
fn the_own_origin_and_what_is_listed_get_the_spans_header() {
    let listed = "https://api.example\nhttps://cdn.example/v1/";
    for (url, expected) in [
        ("https://shop.example/api", true),
        ("https://api.example/x", true),
        ("https://cdn.example/v1/x", true),
        ("https://cdn.example/v2/x", false),
        ("https://shop.example.evil.example/", false),
        ("https://tracker.example/", false),
    ] {
        let start = Start { propagate_to: listed.to_owned(), ..Start::default() };
        let visit = Visit::start(&start).fetch(url).answered(200.0, "").hide();
        let [span] = visit.named("span").try_into().unwrap();
        let header = ["00-", span.of("trace"), "-", span.of("span"), "-01"].concat();
        assert_eq!(visit.headers(), if expected { vec![header] } else { vec![] }, "{url}");
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
    let visit = Visit::new().fetch("https://shop.example/api").route("push", "https://shop.example/pay").answered(200.0, "").hide();
    let [span] = visit.named("span").try_into().unwrap();
    let header = ["00-", span.of("trace"), "-", span.of("span"), "-01"].concat();
    assert_eq!(visit.headers(), [header]);
}

#[test]
fn the_pages_own_trace_header_is_left_alone() {
    // The shim then asks for none, and tells of the end only.
    let visit = Visit::new()
        .tell(crate::Kind::RequestEnded, &[500.0, 600.0, 200.0], &["https://shop.example/api", "POST", "", ""])
        .hide();
    assert_eq!(visit.headers(), Vec::<String>::new());
    assert_eq!(visit.named("span")[0].of("name"), "POST");
}
