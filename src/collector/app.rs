//! The collector as one service: which path is answered by whom, and what its operator chose.

use crate::body::Bounds;
use crate::budget::{Budget, Meters};
use crate::capture::Capture;
use crate::counts::Counts;
use crate::form::Form;
use crate::origin::RefusedOrigins;
use crate::refusal::Refusal;
use crate::resolved::Resolved;
use crate::store::Store;
use crate::{api, beacon, dashboard, error_api, health, host, limits, live, origin, otlp, source_map_intake};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// What may be chosen; the default is what the command line has.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Origins whose pages may send, such as `https://shop.example`; `*` is every one. The collector's own always may.
    pub allowed_origins: Vec<String>,
    /// Hosts that a request may name besides localhost, 127.0.0.1 and [::1]; with no list any. For a collector that only
    /// this machine can reach, whose pages must not be read under other names.
    pub allowed_hosts: Option<Vec<String>>,
    /// Largest body as it arrives, in bytes.
    pub max_body_bytes: usize,
    /// Largest body once decompressed, in bytes.
    pub max_decompressed_bytes: usize,
    /// From the headers of a request to the end of its body.
    pub body_timeout: Duration,
    /// What each service may send before its pages are asked for less.
    pub budget: Budget,
    /// What who uploads source maps must know; without one none are taken.
    pub token: Option<String>,
    /// A folder to keep each accepted body in.
    pub capture: Option<PathBuf>,
    /// Turns true when the collector stops: dashboards, which listen for as long as they are open, are let go then.
    pub stopping: Option<watch::Receiver<bool>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            allowed_hosts: None,
            max_body_bytes: limits::BODY_BYTES,
            max_decompressed_bytes: limits::DECOMPRESSED_BYTES,
            body_timeout: limits::BODY_TIMEOUT,
            budget: Budget::default(),
            token: None,
            capture: None,
            stopping: None,
        }
    }
}

impl Settings {
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds {
            body_bytes: self.max_body_bytes,
            decompressed_bytes: self.max_decompressed_bytes,
            timeout: self.body_timeout,
        }
    }
}

/// What the handlers share.
pub(crate) struct Collector {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) counts: Counts,
    pub(crate) meters: Meters,
    pub(crate) capture: Option<Capture>,
    /// For requests to the intake whose body has arrived.
    pub(crate) intake: Semaphore,
    /// For open dashboards.
    pub(crate) listeners: Arc<Semaphore>,
    pub(crate) refused_origins: RefusedOrigins,
    pub(crate) resolved: Resolved,
    /// For source maps on their way.
    pub(crate) map_uploads: Semaphore,
}

impl Collector {
    /// Counts a refusal and answers with it.
    pub(crate) fn refuse(&self, refusal: &Refusal, form: Form) -> Response {
        self.counts.refused(refusal);
        tracing::debug!(reason = refusal.reason(), sentence = refusal.sentence(), "refused");
        refusal.answer(form)
    }
}

/// The collector over a store, to be served on a socket or asked directly.
pub fn app(store: Store, settings: Settings) -> Router {
    let capture = settings.capture.as_deref().map(Capture::new);
    let collector = Arc::new(Collector {
        store,
        settings,
        counts: Counts::default(),
        meters: Meters::default(),
        capture,
        intake: Semaphore::new(limits::CONCURRENT_REQUESTS),
        listeners: Arc::new(Semaphore::new(limits::LISTENERS)),
        refused_origins: RefusedOrigins::default(),
        resolved: Resolved::default(),
        map_uploads: Semaphore::new(limits::MAP_UPLOADS),
    });
    let intake = Router::new()
        .route("/v1/beacon", post(beacon::take))
        .route("/v1/logs", post(otlp::take_logs))
        .route("/v1/traces", post(otlp::take_traces))
        .method_not_allowed_fallback(method_unknown)
        .layer(middleware::from_fn_with_state(collector.clone(), origin::admit));
    let own = Router::new()
        .route("/api/errors/{fingerprint}/state", post(error_api::change))
        .method_not_allowed_fallback(method_unknown)
        .layer(middleware::from_fn_with_state(collector.clone(), error_api::admit));
    let shown = Router::new()
        .route("/healthz", get(health::tell))
        .route("/api/overview", get(api::overview))
        .route("/api/third-parties", get(api::third_parties))
        .route("/api/gaps", get(api::gaps))
        .route("/api/views/{id}", get(api::view))
        .route("/api/records", get(api::records))
        .route("/api/kinds", get(api::kinds))
        .route("/api/errors", get(error_api::list))
        .route("/api/errors/{fingerprint}", get(error_api::group))
        .route("/api/sourcemaps", post(source_map_intake::take))
        .route("/api/live", get(live::listen))
        .fallback(unrouted)
        .method_not_allowed_fallback(method_unknown);
    intake
        .merge(own)
        .merge(shown)
        .layer(middleware::from_fn_with_state(collector.clone(), host::admit))
        .layer(middleware::map_response(secure))
        .with_state(collector)
}

/// Whatever has no route of its own is a file of the dashboard, or nothing.
async fn unrouted(collector: State<Arc<Collector>>, request: Request) -> Response {
    let path = request.uri().path();
    let form = if path.starts_with("/api/") { Form::Api } else { Form::Text };
    if form == Form::Api || path.starts_with("/v1/") {
        return collector.refuse(&Refusal::PathUnknown { path: path.to_owned() }, form);
    }
    match *request.method() {
        Method::GET | Method::HEAD => dashboard::show(collector, request).await,
        _ => method_unknown(collector, request).await,
    }
}

async fn method_unknown(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let form = if path.starts_with("/api/") { Form::Api } else { otlp::form(&path, request.headers()) };
    collector.refuse(&Refusal::MethodUnknown { method, path }, form)
}

/// What the dashboard shows comes from pages of others, so nothing but the dashboard's own files may run or be framed.
async fn secure(mut response: Response) -> Response {
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::limits;
    use crate::store::FILE;
    use crate::testing::{Bench, beacon, log, request};
    use axum::body::Body;
    use axum::http::Method;
    use futures_util::{FutureExt, stream};
    use serde_json::json;

    #[tokio::test]
    async fn health_has_all_its_fields_from_the_start() {
        let health = Bench::new().get("/healthz").await;
        let version = env!("CARGO_PKG_VERSION");
        let expected = json!({"status": "ok", "records": 0, "refused": {}, "rejected_records": {}, "queue": 0, "version": version});
        assert_eq!((health.status.as_u16(), health.json()), (200, expected));
    }

    #[tokio::test]
    async fn what_is_not_there_is_said_in_the_form_that_was_asked_for() {
        let bench = Bench::new();
        for (method, path, status, sentence) in [
            (Method::GET, "/v1/beacon", 405, "/v1/beacon does not answer to GET"),
            (Method::POST, "/v1/metrics", 404, "There is nothing at /v1/metrics"),
            (Method::GET, "/nothing.js", 404, "There is nothing at /nothing.js"),
            (Method::POST, "/", 405, "/ does not answer to POST"),
        ] {
            let answer = bench.send(request(method, path, &[], Body::empty())).await;
            assert_eq!(answer.status, status, "{path}");
            assert!(answer.text().starts_with(sentence), "{}", answer.text());
        }
        for (method, path, status) in [(Method::GET, "/api/nothing", 404), (Method::PUT, "/api/kinds", 405)] {
            let answer = bench.send(request(method, path, &[], Body::empty())).await;
            assert_eq!(answer.status, status, "{path}");
            assert!(answer.json()["error"].as_str().unwrap().contains(path));
        }
    }

    #[tokio::test]
    async fn every_answer_forbids_foreign_scripts_and_sniffing() {
        for path in ["/", "/healthz", "/api/kinds", "/nothing"] {
            let answer = Bench::new().get(path).await;
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
    }

    #[tokio::test]
    async fn slow_bodies_keep_nobody_out_and_too_much_work_is_told_to_come_back() {
        let bench = Bench::new();
        let send = |body| Box::pin(bench.send(request(Method::POST, "/v1/beacon", &[], body)));
        let mut slow: Vec<_> = (0..=limits::CONCURRENT_REQUESTS)
            .map(|_| send(Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>())))
            .collect();
        assert!(slow.iter_mut().all(|sending| sending.now_or_never().is_none()));
        bench.beacon("b", vec![log("a", "p.0", 1000)], vec![]).await;

        let foreign = rusqlite::Connection::open(bench.folder.path().join(FILE)).unwrap();
        foreign.execute_batch("BEGIN IMMEDIATE").unwrap();
        let body = || Body::from(beacon("c", vec![log("a", "p.1", 1000)], vec![]));
        let mut working: Vec<_> = (0..limits::CONCURRENT_REQUESTS).map(|_| send(body())).collect();
        assert!(working.iter_mut().all(|sending| sending.now_or_never().is_none()));
        let refused = send(body()).await;
        assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, Some("5")));
        assert_eq!(bench.get("/healthz").await.json()["refused"]["busy"], 1);
        foreign.execute_batch("COMMIT").unwrap();
        for sending in working {
            assert_eq!(sending.await.status.as_u16(), 204);
        }
    }
}
