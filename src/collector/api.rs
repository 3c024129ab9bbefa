//! What the dashboard asks for, as JSON.

use crate::app::Collector;
use crate::clock;
use crate::form::Form;
use crate::gaps::Gaps;
use crate::limits;
use crate::overview::{Overview, Range};
use crate::parties::Parties;
use crate::records::{KindCount, StoredRecord};
use crate::refusal::Refusal;
use crate::summaries::Scope;
use crate::view::View;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

pub(crate) type Shared = State<Arc<Collector>>;
pub(crate) type Asked<T> = Result<Query<T>, QueryRejection>;

#[derive(Deserialize)]
pub(crate) struct OverviewQuery {
    #[serde(default = "default_range")]
    range: String,
    service: Option<String>,
}

fn default_range() -> String {
    "1h".to_owned()
}

#[derive(Deserialize)]
pub(crate) struct RecordsQuery {
    kind: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn overview(State(collector): Shared, query: Asked<OverviewQuery>) -> Response {
    within(&collector, query, Overview::query).await
}

pub(crate) async fn third_parties(State(collector): Shared, query: Asked<OverviewQuery>) -> Response {
    within(&collector, query, |scope| Parties::query(scope, limits::LISTED_DOMAINS)).await
}

pub(crate) async fn gaps(State(collector): Shared, query: Asked<OverviewQuery>) -> Response {
    within(&collector, query, |scope| Gaps::query(scope, clock::now_ms())).await
}

/// What is asked over a range of time, and of one service or all.
async fn within<T: Serialize + Send + 'static>(
    collector: &Collector,
    query: Asked<OverviewQuery>,
    ask: impl FnOnce(&Scope<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> Response {
    let asked = unpack(query).and_then(|query| Ok((range_of(&query.range)?, query.service.filter(|service| !service.is_empty()))));
    let (range, service) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return collector.refuse(&refusal, Form::Api),
    };
    answer(collector, move |connection| ask(&Scope { connection, range, service: service.as_deref() }).map(Ok)).await
}

pub(crate) async fn view(State(collector): Shared, Path(id): Path<String>) -> Response {
    answer(&collector, move |connection| Ok(View::query(connection, &id)?.ok_or(Refusal::ViewUnknown { id }))).await
}

pub(crate) async fn records(State(collector): Shared, query: Asked<RecordsQuery>) -> Response {
    let RecordsQuery { kind, limit } = match unpack(query) {
        Ok(query) => query,
        Err(refusal) => return collector.refuse(&refusal, Form::Api),
    };
    let limit = limit.unwrap_or(limits::LISTED_RECORDS_DEFAULT).min(limits::LISTED_RECORDS);
    answer(&collector, move |connection| {
        Ok(Ok(json!({ "records": StoredRecord::latest(connection, kind.as_deref(), limit)? })))
    })
    .await
}

pub(crate) async fn kinds(State(collector): Shared) -> Response {
    answer(&collector, |connection| Ok(Ok(json!({ "kinds": KindCount::all(connection)? })))).await
}

/// The range of that name, up to now.
pub(crate) fn range_of(name: &str) -> Result<Range, Refusal> {
    Range::named(name, clock::now_ms()).ok_or_else(|| Refusal::RangeUnknown { found: name.to_owned() })
}

pub(crate) fn unpack<T>(query: Asked<T>) -> Result<T, Refusal> {
    query.map(|Query(query)| query).map_err(|error| Refusal::QueryUnreadable { cause: error.body_text() })
}

pub(crate) async fn answer<T: Serialize + Send + 'static>(
    collector: &Collector,
    query: impl FnOnce(&Connection) -> rusqlite::Result<Result<T, Refusal>> + Send + 'static,
) -> Response {
    let refusal = match collector.store.read(query).await {
        Ok(Ok(found)) => return ([(header::CACHE_CONTROL, "no-store")], Json(found)).into_response(),
        Ok(Err(refusal)) => refusal,
        Err(error) => {
            tracing::error!(%error, "the database did not answer a query");
            Refusal::ReadFailed
        }
    };
    collector.refuse(&refusal, Form::Api)
}

#[cfg(test)]
mod tests {
    use crate::clock;
    use crate::testing::{Bench, attribute, log, span, vital, with, elsewhere};
    use opentelemetry_proto::tonic::logs::v1::LogRecord;
    use opentelemetry_proto::tonic::trace::v1::{Span, Status};
    use serde_json::{Value, json};

    fn navigation(uid: &str, time_ms: i64) -> LogRecord {
        with(
            log("browser.navigation", uid, time_ms),
            [attribute("url.full", "https://shop.example/"), attribute("browser.navigation.same_document", false)],
        )
    }

    fn exception(uid: &str, message: &str, time_ms: i64) -> LogRecord {
        with(
            log("exception", uid, time_ms),
            [attribute("exception.type", "TypeError"), attribute("exception.message", message)],
        )
    }

    /// A record moved to another view, with a path of its own.
    fn failed(span: Span) -> Span {
        Span { status: Some(Status { code: 2, ..Status::default() }), ..span }
    }

    #[tokio::test]
    async fn the_overview_of_nothing_has_all_its_parts() {
        let overview = Bench::new().get("/api/overview?range=15m").await.json();
        let buckets = overview["views_over_time"].as_array().unwrap();
        assert_eq!(buckets.len(), 30);
        assert!(buckets.iter().all(|bucket| bucket["views"] == 0 && bucket["sessions"] == 0 && bucket["errors"] == 0));
        assert_eq!(buckets[0]["at_ms"], overview["range"]["from_ms"]);
        let vital = |name: &str, unit: &str| json!({"name": name, "unit": unit, "count": 0, "p75": null, "good": 0, "needs_improvement": 0, "poor": 0});
        let vitals =
            [vital("lcp", "ms"), vital("inp", "ms"), vital("cls", ""), vital("fcp", "ms"), vital("ttfb", "ms")];
        assert_eq!(overview["vitals"], json!(vitals));
        for part in ["services", "routes", "errors", "views"] {
            assert_eq!(overview[part], json!([]), "{part}");
        }
        assert_eq!(overview["records"], 0);
    }

    #[tokio::test]
    async fn the_overview_sums_up_what_came() {
        let bench = Bench::new();
        let now = clock::now_ms() - 1000;
        let logs = vec![
            navigation("p.0", now),
            elsewhere(navigation("q.0", now - 10), "other", "/cart"),
            vital("lcp", "v1", 2500.0, "p.1", now),
            elsewhere(vital("lcp", "v2", 3000.0, "q.1", now), "other", "/cart"),
            elsewhere(vital("lcp", "v3", 4001.0, "q.2", now), "third", "/cart"),
            vital("cls", "v4", 0.3, "p.2", now),
            exception("p.3", "x is undefined", now - 5),
            exception("p.4", "x is undefined", now),
            elsewhere(exception("q.3", "y is undefined", now - 1), "other", "/cart"),
        ];
        bench.beacon("b", logs, vec![span(1, 1, now), failed(span(1, 2, now))]).await;
        let overview = bench.get("/api/overview?range=1h&service=shop").await.json();

        assert_eq!((&overview["services"], &overview["records"]), (&json!(["shop"]), &json!(11)));
        let lcp = json!({"name": "lcp", "unit": "ms", "count": 3, "p75": 4001.0, "good": 1, "needs_improvement": 1, "poor": 1});
        assert_eq!(overview["vitals"][0], lcp);
        assert_eq!(overview["vitals"][2]["poor"], 1);
        let sum = |key: &str| {
            overview["views_over_time"].as_array().unwrap().iter().map(|at| at[key].as_u64().unwrap()).sum::<u64>()
        };
        assert_eq!((sum("views"), sum("errors")), (2, 3));
        assert!((1..=2).contains(&sum("sessions")));
        let routes = json!([
            {"path": "/cart", "views": 1, "lcp_p75": 4001.0, "inp_p75": null, "cls_p75": null, "errors": 1},
            {"path": "/", "views": 1, "lcp_p75": 2500.0, "inp_p75": null, "cls_p75": 0.3, "errors": 2},
        ]);
        assert_eq!(overview["routes"], routes);
        let told = ["type", "message", "count", "sessions", "last_ms", "path", "view_id"];
        let errors = overview["errors"].as_array().unwrap().iter().map(|error| json!(told.map(|key| error[key].clone())));
        let expected = json!([
            ["TypeError", "x is undefined", 2, 1, now, "/", "view"],
            ["TypeError", "y is undefined", 1, 1, now - 1, "/cart", "other"],
        ]);
        assert_eq!(json!(errors.collect::<Vec<_>>()), expected);
        let view = json!({"id": "view", "path": "/", "url": "https://shop.example/", "time_ms": now, "session_id": "session",
            "same_document": false, "lcp": 2500.0, "requests": 2, "failed_requests": 1, "errors": 2});
        assert_eq!((&overview["views"][0], overview["views"].as_array().unwrap().len()), (&view, 2));

        let other = bench.get("/api/overview?range=1h&service=blog").await.json();
        assert_eq!((&other["services"], &other["records"], &other["views"]), (&json!(["shop"]), &json!(0), &json!([])));
    }

    #[tokio::test]
    async fn a_view_is_a_waterfall_relative_to_its_start() {
        let bench = Bench::new();
        // A clock that is two days slow: the places of the records to each other must not suffer.
        let now = clock::now_ms() - 2 * 24 * 3_600_000;
        let logs = vec![
            navigation("p.0", now),
            with(
                log("browser.navigation_timing", "p.1", now),
                [attribute("url.full", "https://shop.example/"), attribute("browser.resource_timing.duration", 800i64)],
            ),
            with(
                log("browser.resource_timing", "p.2", now + 100),
                [
                    attribute("url.full", "https://shop.example/a.js"),
                    attribute("browser.resource_timing.duration", 30.5),
                    attribute("http.response.status_code", 404i64),
                ],
            ),
            vital("lcp", "v1", 900.0, "p.3", now + 900),
            vital("lcp", "v1", 1200.0, "p.4", now + 1200),
            vital("inp", "v2", 80.0, "p.5", now + 2000),
            vital("cls", "v3", 0.1, "p.6", now + 2100),
            exception("p.7", "x is undefined", now + 300),
            with(log("browser.long_task", "p.8", now + 400), [attribute("browser.long_task.duration", 60i64)]),
            with(
                log("browser.long_animation_frame", "p.9", now + 500),
                [attribute("browser.long_animation_frame.duration", 70.0)],
            ),
            elsewhere(log("session.start", "q.1", now), "other", "/"),
            log("vitrum.health", "p.10", now + 3000),
        ];
        bench.beacon("b", logs, vec![failed(span(1, 1, now + 200))]).await;
        let view = bench.get("/api/views/view").await.json();
        assert_eq!(
            (&view["id"], &view["url"], &view["service"]),
            (&json!("view"), &json!("https://shop.example/"), &json!("shop"))
        );
        assert_eq!(
            (&view["user_agent"], &view["version"], &view["same_document"]),
            (&json!("Browser/1"), &Value::Null, &json!(false))
        );
        let rows: Vec<_> = view["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| json!([row["kind"], row["label"], row["start_ms"], row["duration_ms"], row["failed"]]))
            .collect();
        let expected = json!([
            ["event", "browser.navigation", 0.0, 0.0, false],
            ["navigation", "https://shop.example/", 0.0, 800.0, false],
            ["vital", "lcp", 0.0, 1200.0, false],
            ["resource", "https://shop.example/a.js", 100.0, 30.5, true],
            ["request", "GET https://api.example/items", 200.0, 250.0, true],
            ["error", "TypeError: x is undefined", 300.0, 0.0, true],
            ["long_task", "", 400.0, 60.0, false],
            ["long_animation_frame", "frame", 500.0, 70.0, false],
            ["vital", "inp", 2000.0, 80.0, false],
            ["vital", "cls", 2100.0, 0.0, false],
            ["event", "vitrum.health", 3000.0, 0.0, false],
        ]);
        assert_eq!(json!(rows), expected);
        assert_eq!(view["rows"][5]["detail"]["exception.type"], "TypeError");
    }

    #[tokio::test]
    async fn records_come_latest_first_and_as_many_as_asked_for() {
        let bench = Bench::new();
        let now = clock::now_ms() - 1000;
        bench.beacon("b", (0..5).map(|n| log("a", &format!("p.{n}"), now + n)).collect(), vec![span(1, 1, now)]).await;
        let listed = bench.get("/api/records?kind=a&limit=2").await.json();
        let record = &listed["records"][0];
        assert_eq!(listed["records"].as_array().unwrap().len(), 2);
        assert_eq!((&record["attributes"]["log.record.uid"], &record["time_ms"]), (&json!("p.4"), &json!(now + 4)));
        assert_eq!(
            (&record["view_id"], &record["session_id"], &record["path"]),
            (&json!("view"), &json!("session"), &json!("/"))
        );
        assert_eq!(bench.get("/api/records").await.json()["records"].as_array().unwrap().len(), 6);
    }

    #[tokio::test]
    async fn questions_that_have_no_answer_get_a_sentence() {
        let bench = Bench::new();
        for (path, status, sentence) in [
            ("/api/overview?range=2h", 400, "The range 2h is not known here; ask for 15m, 1h, 24h or 7d."),
            ("/api/records?limit=many", 400, "The query cannot be read"),
            ("/api/views/none", 404, "No view none is stored here"),
        ] {
            let answer = bench.get(path).await;
            assert_eq!(answer.status, status);
            assert!(answer.json()["error"].as_str().unwrap().starts_with(sentence), "{}", answer.text());
        }
    }
}
