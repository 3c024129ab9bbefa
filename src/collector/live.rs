//! `GET /api/live`: tells open dashboards of each commit, as Server-Sent Events.

use crate::app::Collector;
use crate::form::Form;
use crate::limits;
use crate::refusal::Refusal;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// Where one dashboard is.
struct Listener {
    commits: watch::Receiver<u64>,
    stopping: Option<watch::Receiver<bool>>,
    /// Records there were when it was last told.
    told: u64,
    /// Whether it was just told, and should be left in peace for a moment.
    pause: bool,
    /// Free again once the stream is dropped, which it is when the dashboard leaves.
    _place: OwnedSemaphorePermit,
}

pub(crate) async fn listen(State(collector): State<Arc<Collector>>) -> Response {
    match collector.listeners.clone().try_acquire_owned() {
        Ok(place) => events(&collector, place).into_response(),
        Err(_) => collector.refuse(&Refusal::ListenersFull, Form::Api),
    }
}

fn events(
    collector: &Collector,
    place: OwnedSemaphorePermit,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut commits = collector.store.commits();
    let told = *commits.borrow_and_update();
    let listener =
        Listener { commits, stopping: collector.settings.stopping.clone(), told, pause: false, _place: place };
    let events = stream::unfold(listener, async |mut listener| {
        let records = listener.next().await?;
        let event = Event::default().event("stored").data(format!("{{\"records\":{records}}}"));
        Some((Ok(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(limits::LIVE_KEEP_ALIVE))
}

impl Listener {
    /// How many records were stored since the last time; nothing when the collector stops.
    async fn next(&mut self) -> Option<u64> {
        let Self { commits, stopping, told, pause, .. } = self;
        let commit = async {
            if *pause {
                tokio::time::sleep(limits::LIVE_PAUSE).await;
            }
            commits.changed().await.ok()?;
            Some(*commits.borrow_and_update())
        };
        let stop = async {
            match stopping {
                Some(stopping) => drop(stopping.wait_for(|stopping| *stopping).await),
                None => std::future::pending().await,
            }
        };
        let records = tokio::select! {
            () = stop => None,
            records = commit => records,
        }?;
        let new = records.saturating_sub(*told);
        (*told, *pause) = (records, true);
        Some(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, beacon, log, request};
    use axum::body::Body;
    use axum::http::{Method, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[tokio::test]
    async fn an_open_dashboard_is_told_of_commits() {
        let (stop, stopping) = watch::channel(false);
        let bench = Bench::with(|settings, _| settings.stopping = Some(stopping));
        let listening =
            bench.router.clone().oneshot(request(Method::GET, "/api/live", &[], Body::empty())).await.unwrap();
        assert_eq!(listening.headers()["content-type"], "text/event-stream");
        let mut events = listening.into_body();
        let now = 1000;
        bench.beacon("b", vec![log("a", "p.1", now), log("a", "p.2", now)], vec![]).await;
        let event = events.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(event, "event: stored\ndata: {\"records\":2}\n\n");
        // What is stored during the pause comes as one event.
        for uid in ["p.3", "p.4"] {
            bench.post("/v1/beacon", &[], beacon(uid, vec![log("a", uid, now)], vec![])).await;
        }
        let event = events.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(event, "event: stored\ndata: {\"records\":2}\n\n");
        stop.send_replace(true);
        assert!(events.frame().await.is_none());
    }

    #[tokio::test]
    async fn there_are_only_so_many_places_and_who_leaves_frees_one() {
        let bench = Bench::new();
        let listen = || bench.router.clone().oneshot(request(Method::GET, "/api/live", &[], Body::empty()));
        let mut open = Vec::new();
        for _ in 0..limits::LISTENERS {
            let listening = listen().await.unwrap();
            assert_eq!(listening.status(), StatusCode::OK);
            open.push(listening);
        }
        let refused = bench.get("/api/live").await;
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, Some("5")));
        assert!(refused.json()["error"].as_str().unwrap().starts_with("64 dashboards are listening"));
        open.pop();
        assert_eq!(listen().await.unwrap().status(), StatusCode::OK);
    }
}
