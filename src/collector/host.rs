//! Which names the collector answers to. One that listens on this machine only could else be read by any page whose own
//! name is made to lead here (DNS rebinding): to the browser such a page and the collector are one origin.

use crate::app::Collector;
use crate::authority::Authority;
use crate::form::Form;
use crate::otlp;
use crate::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// The names of this machine, to which nobody else's name server answers.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses requests that name another host; those that name none come from no browser.
pub(crate) async fn admit(State(collector): State<Arc<Collector>>, request: Request, next: Next) -> Response {
    let foreign = collector.settings.allowed_hosts.as_deref().and_then(|list| foreign(&request, list));
    let Some(host) = foreign else { return next.run(request).await };
    let path = request.uri().path();
    let form = if path.starts_with("/api/") { Form::Api } else { otlp::form(path, request.headers()) };
    collector.refuse(&Refusal::HostNotAllowed { host }, form)
}

/// The first host of the request that is neither local nor on the list.
fn foreign(request: &Request, list: &[String]) -> Option<String> {
    let headers = request.headers().get_all(header::HOST).iter().map(|host| String::from_utf8_lossy(host.as_bytes()));
    // A request to a proxy has its host in the first line, too.
    let mut named = headers.chain(request.uri().authority().map(|authority| authority.as_str().into()));
    let known = |host: &str| LOCAL.contains(&host) || list.iter().any(|entry| entry.eq_ignore_ascii_case(host));
    let foreign = named.find(|text| !Authority::parse(text).is_some_and(|authority| known(&authority.host)));
    foreign.map(std::borrow::Cow::into_owned)
}

/// A host of the command line, in the form in which it is compared; a port is of no account.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let authority = Authority::parse(text.trim());
    authority
        .map(|authority| authority.host)
        .ok_or_else(|| "a host is a name or address, such as vitrum.example".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, request};
    use axum::body::Body;
    use axum::http::Method;

    async fn status(bench: &Bench, path: &str, host: &str) -> u16 {
        bench.send(request(Method::GET, path, &[("host", host)], Body::empty())).await.status.as_u16()
    }

    #[tokio::test]
    async fn only_local_names_and_those_of_the_list_are_answered() {
        let bench = Bench::with(|settings, _| settings.allowed_hosts = Some(vec!["vitrum.example".to_owned()]));
        for host in ["localhost", "LOCALHOST:4318", "127.0.0.1:1", "[::1]:4318", "[::1]", "vitrum.example:443"] {
            assert_eq!(status(&bench, "/healthz", host).await, 200, "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:4318", "10.0.0.1", "", "a b"] {
            for path in ["/", "/healthz", "/api/kinds", "/v1/beacon", "/nothing"] {
                assert_eq!(status(&bench, path, host).await, 421, "{host} {path}");
            }
        }
        assert_eq!(bench.get("/healthz").await.status.as_u16(), 200);
        let refused = bench.send(request(Method::GET, "http://evil.example/healthz", &[], Body::empty())).await;
        assert!(refused.text().contains("--allow-host evil.example "), "{}", refused.text());
        let headers = [("host", "evil.example"), ("origin", "http://evil.example")];
        let refused = bench.send(request(Method::GET, "/api/kinds", &headers, Body::empty())).await;
        assert!(refused.json()["error"].as_str().unwrap().starts_with("The host evil.example is not"));
    }

    #[tokio::test]
    async fn without_a_list_any_name_is_answered() {
        assert_eq!(status(&Bench::new(), "/healthz", "vitrum.example").await, 200);
    }

    #[test]
    fn a_host_of_the_command_line_has_no_port() {
        assert_eq!(parse(" Vitrum.example:8080"), Ok("vitrum.example".to_owned()));
        assert!(parse("http://vitrum.example").is_err() && parse("").is_err());
    }
}
