//! `POST /api/sourcemaps`: takes one source map from who has the token. Nothing gives one out again.

use crate::app::Collector;
use crate::body::{self, Bounds, Coding};
use crate::clock;
use crate::form::Form;
use crate::limits;
use crate::refusal::Refusal;
use crate::source_maps::{Stored, Upload};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::Arc;

const BOUNDS: Bounds =
    Bounds { body_bytes: limits::MAP_BODY_BYTES, decompressed_bytes: limits::MAP_BYTES, timeout: limits::MAP_TIMEOUT };

pub(crate) async fn take(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    match store(&collector, request).await {
        Ok(stored) => Json(stored).into_response(),
        Err(refusal) => collector.refuse(&refusal, Form::Api),
    }
}

async fn store(collector: &Arc<Collector>, request: Request) -> Result<Stored, Refusal> {
    let (parts, body) = request.into_parts();
    // Before a byte of the body is read.
    authorize(&parts.headers, collector.settings.token.as_deref())?;
    let _place = collector.map_uploads.try_acquire().map_err(|_| Refusal::Busy)?;
    let coding = Coding::of(&parts.headers)?;
    let received = body::receive(body, BOUNDS).await?;
    let packing = tokio::task::spawn_blocking(move || {
        let text = coding.decode(received, BOUNDS.decompressed_bytes)?;
        let upload: Upload =
            serde_json::from_slice(&text).map_err(|error| Refusal::UploadUnreadable { cause: error.to_string() })?;
        upload.pack()
    });
    let packed = packing.await.unwrap_or(Err(Refusal::StorageFailed))?;
    let now_ms = clock::now_ms();
    let stored = collector.store.change(move |connection| packed.store(connection, now_ms, limits::MAPS_STORED_BYTES)).await?;
    collector.resolved.forget();
    Ok(stored)
}

/// `Authorization: Bearer TOKEN`. Hashes are compared, so that how long it takes says nothing of the token.
fn authorize(headers: &HeaderMap, token: Option<&str>) -> Result<(), Refusal> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Err(Refusal::NoToken) };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let is_same = Sha256::digest(given.trim()) == Sha256::digest(token);
    if is_same { Ok(()) } else { Err(Refusal::WrongToken) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Answer, Bench, request};
    use axum::body::{Body, Bytes};
    use axum::http::Method;
    use futures_util::stream;
    use serde_json::json;

    const MAP: &str = r#"{"version":3,"sources":["src/secret.js"],"sourcesContent":["const secret = 1"],"names":[],"mappings":"AAAA"}"#;

    fn bench() -> Bench {
        Bench::with(|settings, _| settings.token = Some("right".to_owned()))
    }

    async fn send(bench: &Bench, token: &str, body: serde_json::Value) -> Answer {
        let authorization = format!("Bearer {token}");
        bench.post("/api/sourcemaps", &[("authorization", &authorization)], body.to_string().into_bytes()).await
    }

    fn upload() -> serde_json::Value {
        json!({"release": "1.0", "file": "/assets/a.js", "map": MAP, "script": "const a=1"})
    }

    #[tokio::test]
    async fn a_map_needs_the_token_and_its_body_is_not_read_without() {
        let bench = bench();
        let stored = send(&bench, "right", upload()).await;
        assert_eq!(stored.status.as_u16(), 200, "{}", stored.text());
        assert_eq!(stored.json()["dropped_releases"], json!([]));
        let unreadable =
            || stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> { panic!("the body was read") });
        for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "right")], &[("authorization", "Bearer ")]] {
            let answer = bench.send(request(Method::POST, "/api/sourcemaps", headers, Body::from_stream(unreadable()))).await;
            assert_eq!(answer.status.as_u16(), 401);
            assert!(answer.json()["error"].as_str().unwrap().contains("VITRUM_TOKEN"), "{}", answer.text());
        }
        let none = send(&Bench::new(), "", upload()).await;
        assert_eq!(none.status.as_u16(), 403);
        assert!(none.json()["error"].as_str().unwrap().contains("--token"), "{}", none.text());
    }

    #[tokio::test]
    async fn what_cannot_be_taken_says_why() {
        let bench = bench();
        for (body, status, sentence) in [
            (json!({"release": "1.0", "file": "a.js", "map": "no"}), 422, "What came for a.js is not a source map"),
            (json!({"release": "", "file": "a.js", "map": MAP}), 400, "The upload cannot be read"),
            (json!({"release": "1.0", "file": "a.js", "mapp": MAP}), 400, "The upload cannot be read (unknown field"),
        ] {
            let answer = send(&bench, "right", body).await;
            assert_eq!(answer.status.as_u16(), status);
            assert!(answer.json()["error"].as_str().unwrap().starts_with(sentence), "{}", answer.text());
        }
        let headers = [("authorization", "Bearer right"), ("content-length", "99999999")];
        let large = bench.send(request(Method::POST, "/api/sourcemaps", &headers, Body::from(vec![b'x'; limits::MAP_BODY_BYTES + 1]))).await;
        assert_eq!(large.status.as_u16(), 413);
    }

    #[tokio::test]
    async fn no_route_gives_a_map_out() {
        let bench = bench();
        assert_eq!(send(&bench, "right", upload()).await.status.as_u16(), 200);
        for path in [
            "/api/sourcemaps", "/api/sourcemaps/1.0", "/api/sourcemaps?release=1.0&file=/assets/a.js", "/assets/a.js.map", "/assets/a.js",
            "/a.js.map", "/api/records", "/api/kinds", "/api/overview", "/api/errors", "/vitrum.sqlite", "/errors/a.js.map", "/healthz",
        ] {
            let answer = bench.send(request(Method::GET, path, &[("authorization", "Bearer right")], Body::empty())).await;
            let body = String::from_utf8_lossy(&answer.body);
            assert!(!body.contains("secret") && !body.contains("mappings"), "{path}: {body}");
        }
    }
}
