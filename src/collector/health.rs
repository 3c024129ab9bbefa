//! `GET /healthz`: what is stored, what was refused and why, and how long the queue is.

use crate::app::Collector;
use crate::counts::Counted;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    records: u64,
    #[serde(flatten)]
    counted: Counted,
    queue: usize,
    version: &'static str,
}

pub(crate) async fn tell(State(collector): State<Arc<Collector>>) -> Response {
    let health = Health {
        status: "ok",
        records: collector.store.records(),
        counted: collector.counts.now(),
        queue: collector.store.queue_length(),
        version: env!("CARGO_PKG_VERSION"),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(health)).into_response()
}
