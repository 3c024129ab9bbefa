//! Which pages may send: the origins on the list, and those of the collector's own host. Asked before a body is read.

use crate::app::Collector;
use crate::authority::{self, Authority};
use crate::limits;
use crate::otlp;
use crate::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// In the list: every origin, also that of a sandboxed page (`null`).
const ANY: &str = "*";

/// Refuses pages that are not on the list, answers their browsers' preflights, and signs the answers to all others.
///
/// There are no credentials: the collector has no cookies, and a beacon of the agent needs no preflight.
pub(crate) async fn admit(State(collector): State<Arc<Collector>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = match &origin {
        Some(origin) if !allowed(origin, request.headers(), &collector.settings.allowed_origins) => {
            let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
            if collector.refused_origins.is_first(&origin) {
                tracing::warn!(?origin, "pages of this origin may not send; --allow-origin would let them");
            }
            let form = otlp::form(request.uri().path(), request.headers());
            let mut response = collector.refuse(&Refusal::OriginNotAllowed { origin }, form);
            vary(&mut response);
            return response;
        }
        Some(_) if is_preflight(&request) => preflight(),
        _ => next.run(request).await,
    };
    vary(&mut response);
    if let Some(origin) = origin {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("retry-after");
        response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response
}

/// Origins that were refused once, up to a number.
#[derive(Debug, Default)]
pub(crate) struct RefusedOrigins(Mutex<BTreeSet<String>>);

impl RefusedOrigins {
    /// Whether the operator is to be told of it.
    fn is_first(&self, origin: &str) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.len() < limits::LOGGED_ORIGINS && known.insert(origin.to_owned())
    }
}

/// An origin of the command line, as browsers write it.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text == ANY {
        return Ok(text.to_owned());
    }
    let parsed = text.split_once("://").and_then(|(scheme, rest)| {
        let scheme = scheme.to_ascii_lowercase();
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let mut authority = Authority::parse(rest.strip_suffix('/').unwrap_or(rest))?;
        if matches!((scheme.as_str(), authority.port), ("http", Some(80)) | ("https", Some(443))) {
            authority.port = None;
        }
        (!scheme.is_empty() && scheme.bytes().all(known)).then(|| format!("{scheme}://{authority}"))
    });
    parsed.ok_or_else(|| {
        "an origin is scheme://host or scheme://host:port, such as https://shop.example, or *".to_owned()
    })
}

fn vary(response: &mut Response) {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, content-encoding, traceparent")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(limits::PREFLIGHT_S)),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn allowed(origin: &HeaderValue, headers: &HeaderMap, list: &[String]) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    let listed = list.iter().any(|entry| entry == ANY || entry.trim_end_matches('/').eq_ignore_ascii_case(origin));
    listed || authority::is_own(origin, headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Answer, Bench, beacon, log, request};
    use axum::body::{Body, Bytes};
    use futures_util::stream;

    fn bench(list: &[&str]) -> Bench {
        Bench::with(|settings, _| settings.allowed_origins = list.iter().map(|&origin| origin.to_owned()).collect())
    }

    async fn send(bench: &Bench, headers: &[(&str, &str)]) -> Answer {
        bench.post("/v1/beacon", headers, beacon("b", vec![log("a", "p.1", 1000)], vec![])).await
    }

    #[tokio::test]
    async fn a_listed_origin_is_echoed() {
        for list in [&["https://other.example", "https://shop.example/"][..], &["*"]] {
            let answer = send(&bench(list), &[("origin", "https://shop.example")]).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
            assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after"));
            assert_eq!(answer.header("vary"), Some("Origin"));
            assert_eq!(answer.header("cache-control"), None);
        }
    }

    #[tokio::test]
    async fn the_own_host_and_no_origin_at_all_need_no_list() {
        let bench = bench(&[]);
        let own = send(&bench, &[("origin", "http://127.0.0.1:4318"), ("host", "127.0.0.1:4318")]).await;
        assert_eq!(own.status, StatusCode::NO_CONTENT);
        let none = send(&bench, &[]).await;
        assert_eq!((none.status, none.header("access-control-allow-origin")), (StatusCode::NO_CONTENT, None));
        assert_eq!(none.header("vary"), Some("Origin"));
    }

    #[tokio::test]
    async fn another_origin_is_refused_before_its_body_is_read() {
        let bench = bench(&["https://shop.example"]);
        for origin in ["https://evil.example", "null", "https://shop.example.evil.example", "http://shop.example"] {
            let unreadable = stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> {
                panic!("the body was read")
            });
            let headers = [("origin", origin), ("host", "collector.example")];
            let answer = bench.send(request(Method::POST, "/v1/beacon", &headers, Body::from_stream(unreadable))).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            let advice = if origin == "null" { "'*'" } else { origin };
            assert!(answer.text().contains(&format!("--allow-origin {advice} ")), "{}", answer.text());
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
        assert_eq!(bench.get("/healthz").await.json()["refused"]["origin_not_allowed"], 4);
    }

    #[tokio::test]
    async fn a_preflight_is_answered_with_what_may_be_sent() {
        let bench = bench(&["https://shop.example"]);
        for path in ["/v1/beacon", "/v1/logs", "/v1/traces"] {
            let headers = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
            let answer = bench.send(request(Method::OPTIONS, path, &headers, Body::empty())).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
            assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
            let named = answer.header("access-control-allow-headers");
            assert_eq!(named, Some("content-type, content-encoding, traceparent"));
            assert_eq!(answer.header("access-control-max-age"), Some("7200"));
        }
        let headers = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
        let answer = bench.send(request(Method::OPTIONS, "/v1/logs", &headers, Body::empty())).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn refusals_are_readable_by_pages_that_are_allowed() {
        let answer = bench(&["*"]).post("/v1/beacon", &[("origin", "https://shop.example")], b"rubbish".to_vec()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
    }

    #[test]
    fn an_origin_of_the_command_line_becomes_that_of_browsers() {
        for (given, expected) in [
            (" https://Shop.example/ ", "https://shop.example"),
            ("HTTPS://shop.example:443", "https://shop.example"),
            ("http://shop.example:80/", "http://shop.example"),
            ("http://shop.example:443", "http://shop.example:443"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("*", "*"),
        ] {
            assert_eq!(parse(given), Ok(expected.to_owned()));
        }
        for given in ["", "shop.example", "null", "https://", "https://shop.example/path", "https://*.example", "://a"]
        {
            assert!(parse(given).unwrap_err().starts_with("an origin is scheme://host"), "{given}");
        }
    }

    #[test]
    fn the_first_refusal_of_an_origin_is_told_but_not_of_endless_ones() {
        let refused = RefusedOrigins::default();
        assert!(refused.is_first("https://a.example") && !refused.is_first("https://a.example"));
        let told = (0..1000).filter(|n| refused.is_first(&format!("https://{n}.example"))).count();
        assert_eq!(told, limits::LOGGED_ORIGINS - 1);
    }
}
