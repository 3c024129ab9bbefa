//! The life of errors: told, told again, grouped, counted, mended, seen again, and forgotten.

use crate::clock;
use crate::testing::{Answer, Bench, attribute, elsewhere, log, logs_of, logs_on_terms, request, with};
use axum::body::Body;
use axum::http::Method;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use prost::Message;
use serde_json::{Value, json};

const PRINT: &str = "0123456789abcdef";

fn error(uid: &str, fingerprint: &str, time_ms: i64) -> LogRecord {
    let told = [("exception.type", "TypeError"), ("exception.message", "x is undefined"), ("vitrum.error.fingerprint", fingerprint)];
    with(log("exception", uid, time_ms), told.map(|(key, value)| attribute(key, value)))
}

fn repeats(uid: &str, fingerprint: &str, count: i64, time_ms: i64) -> LogRecord {
    let told = [attribute("vitrum.error.fingerprint", fingerprint), attribute("vitrum.error.count", count)];
    with(log("vitrum.error_repeats", uid, time_ms), told)
}

/// The same of another session, whose user the site has named.
fn of(session: &str, mut log: LogRecord) -> LogRecord {
    log.attributes.retain(|entry| entry.key != "session.id");
    with(log, [attribute("session.id", session), attribute("user.hash", format!("user of {session}").as_str())])
}

async fn send(bench: &Bench, version: &str, logs: Vec<LogRecord>) {
    let terms: Vec<KeyValue> = if version.is_empty() { vec![] } else { vec![attribute("service.version", version)] };
    let body = logs_on_terms(&terms, logs).encode_to_vec();
    let answer = bench.post("/v1/logs", &[("content-type", "application/x-protobuf")], body).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
}

async fn list(bench: &Bench, query: &str) -> Vec<Value> {
    let answer = bench.get(&format!("/api/errors?{query}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["errors"].as_array().unwrap().clone()
}

/// What is too much for a page to be told apart is counted all the same.
#[tokio::test]
async fn what_nobody_can_tell_apart_is_counted() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    let mut others = repeats("p.2", "", 700, now);
    others.attributes.retain(|entry| entry.key != "vitrum.error.fingerprint");
    send(&bench, "", vec![of("s", error("p.1", PRINT, now)), of("s", others)]).await;
    send(&bench, "", vec![of("s", repeats("p.3", "fedcba9876543210", 5, now))]).await;
    let answer = bench.get("/api/errors?range=24h").await.json();
    assert_eq!((&answer["total"], &answer["unknown"]), (&json!(1), &json!(705)));
}

/// What is told of sampled sessions only stands for the others, too.
#[tokio::test]
async fn a_failed_load_weighs_as_its_session_does() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    let load = with(error("p.2", "fedcba9876543210", now), [attribute("vitrum.error.source", "resource")]);
    let body = logs_on_terms(&[attribute("vitrum.sample.rate", 0.1)], vec![of("s", error("p.1", PRINT, now)), of("s", load)]).encode_to_vec();
    assert_eq!(bench.post("/v1/logs", &[("content-type", "application/x-protobuf")], body).await.status.as_u16(), 200);
    let mut counts: Vec<_> = list(&bench, "range=24h").await.into_iter().map(|group| group["count"].clone()).collect();
    counts.sort_by_key(Value::to_string);
    assert_eq!(counts, [json!(1), json!(10)]);
}

#[tokio::test]
async fn what_happened_again_weighs_as_what_it_was() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    let load = with(error("p.1", PRINT, now), [attribute("vitrum.error.source", "resource")]);
    let logs = vec![of("s", load), of("s", repeats("p.2", PRINT, 9, now))];
    let body = logs_on_terms(&[attribute("vitrum.sample.rate", 0.1)], logs).encode_to_vec();
    assert_eq!(bench.post("/v1/logs", &[("content-type", "application/x-protobuf")], body).await.status.as_u16(), 200);
    let groups = list(&bench, "range=24h").await;
    assert_eq!((&groups[0]["count"], &groups[0]["sessions"]), (&json!(100), &json!(10)));
}

#[tokio::test]
async fn a_change_that_does_not_come_is_not_waited_for() {
    let bench = Bench::with(|settings, _| settings.body_timeout = std::time::Duration::ZERO);
    let never = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let path = format!("/api/errors/{PRINT}/state");
    let asked = bench.send(request(Method::POST, &path, &[("content-type", "application/json")], never));
    let answer = tokio::time::timeout(std::time::Duration::from_secs(10), asked).await.expect("an answer");
    assert_eq!(answer.status.as_u16(), 408);
}

async fn change(bench: &Bench, headers: &[(&str, &str)], body: Value) -> Answer {
    let path = format!("/api/errors/{PRINT}/state");
    let headers = [headers, &[("content-type", "application/json")]].concat();
    bench.send(request(Method::POST, &path, &headers, Body::from(body.to_string()))).await
}

async fn state(bench: &Bench) -> Value {
    let group = bench.get(&format!("/api/errors/{PRINT}")).await.json();
    json!([group["state"], group["resolved_version"], group["regressed_version"]])
}

#[tokio::test]
async fn what_has_one_cause_is_one_group_however_often_it_comes() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    let logs = || {
        vec![
            of("s", error("p.1", PRINT, now - 30)),
            of("s", repeats("p.2", PRINT, 40, now - 20)),
            of("t", elsewhere(error("q.1", PRINT, now), "other", "/cart")),
            error("r.1", "fedcba9876543210", now - 10),
        ]
    };
    for _ in 0..2 {
        send(&bench, "1.0.0", logs()).await;
    }
    let groups = list(&bench, "range=1h").await;
    assert_eq!(groups.len(), 2);
    let group = &groups[0];
    for (key, expected) in [
        ("fingerprint", json!(PRINT)),
        ("service", json!("shop")),
        ("type", json!("TypeError")),
        ("message", json!("x is undefined")),
        ("count", json!(42)),
        ("sessions", json!(2)),
        ("users", json!(2)),
        ("first_ms", json!(now - 30)),
        ("last_ms", json!(now)),
        ("is_new", json!(true)),
        ("new_in", Value::Null),
        ("origin", Value::Null),
        ("state", json!("open")),
        ("view_id", json!("other")),
        ("path", json!("/cart")),
        ("releases", json!([{"version": "1.0.0", "count": 42, "first_ms": now - 30, "last_ms": now}])),
    ] {
        assert_eq!(group[key], expected, "{key}");
    }
    let trend: f64 = group["trend"].as_array().unwrap().iter().map(|count| count.as_f64().unwrap()).sum();
    assert_eq!((group["trend"].as_array().unwrap().len(), trend), (60, 42.0));
    let overview = bench.get("/api/overview?range=1h").await.json();
    assert_eq!((&overview["errors"][0]["count"], &overview["routes"]), (&json!(42), &json!([])));
    let over_time: f64 = overview["views_over_time"].as_array().unwrap().iter().map(|at| at["errors"].as_f64().unwrap()).sum();
    assert_eq!(over_time, 43.0, "the chart counts what the list counts");
}

#[tokio::test]
async fn what_only_happened_again_waits_for_the_record_that_says_what_it_was() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    send(&bench, "", vec![repeats("p.2", PRINT, 5, now)]).await;
    assert_eq!(list(&bench, "").await, [] as [Value; 0]);
    assert_eq!(bench.get(&format!("/api/errors/{PRINT}")).await.status.as_u16(), 404);
    send(&bench, "", vec![error("p.1", PRINT, now - 10)]).await;
    assert_eq!(list(&bench, "").await[0]["count"], 6);
    send(&bench, "", vec![repeats("p.3", PRINT, -7, now), repeats("p.4", PRINT, i64::MAX, now), repeats("p.5", "", 3, now)]).await;
    assert_eq!(list(&bench, "").await[0]["count"], 6 + 1 + 1_000_000, "no record counts for less than one or for ever");
}

#[tokio::test]
async fn other_senders_get_a_fingerprint_here() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    let told = |uid: &str, message: &str, stack: &str| {
        let told = [("exception.type", "Error"), ("exception.message", message), ("exception.stacktrace", stack)];
        with(log("exception", uid, now), told.map(|(key, value)| attribute(key, value)))
    };
    let stack = "Error: x\n    at pay (https://shop.example/a.js:1:20)";
    let logs = vec![
        told("a.1", "Order 1 failed", stack),
        told("a.2", "Order 2 failed", &stack.replace(":20", ":99")),
        told("a.3", "Order 3 failed", "pay@https://shop.example/a.js:1:20"),
        told("a.4", "Cart failed", stack),
        with(log("exception", "a.5", now), [attribute("exception.type", 7i64)]),
    ];
    send(&bench, "", logs).await;
    let groups = list(&bench, "sort=count").await;
    assert_eq!(groups.iter().map(|group| group["count"].clone()).collect::<Vec<_>>(), [3, 1, 1]);
    assert!(groups.iter().all(|group| group["fingerprint"].as_str().unwrap().len() == 16));
}

#[tokio::test]
async fn what_is_mended_and_seen_in_a_later_release_has_regressed() {
    let bench = Bench::new();
    let now = clock::now_ms() - 60_000;
    send(&bench, "1.0.0", vec![error("p.1", PRINT, now)]).await;
    send(&bench, "1.1.0", vec![log("session.start", "p.2", now + 1)]).await;
    assert_eq!(change(&bench, &[], json!({"state": "resolved", "version": "1.1.0"})).await.status.as_u16(), 204);
    assert_eq!(state(&bench).await, json!(["resolved", "1.1.0", null]));
    assert_eq!((list(&bench, "state=open").await.len(), list(&bench, "state=resolved").await.len()), (0, 1));

    let later = clock::now_ms() + 1000;
    send(&bench, "1.0.0", vec![error("q.1", PRINT, later)]).await;
    send(&bench, "1.1.0", vec![error("q.2", PRINT, later)]).await;
    send(&bench, "1.2.0", vec![error("q.3", "fedcba9876543210", later)]).await;
    assert_eq!(state(&bench).await[0], "resolved", "an old tab, and the release itself, prove nothing");
    send(&bench, "1.2.0", vec![of("late", error("q.4", PRINT, later + 5))]).await;
    assert_eq!(state(&bench).await, json!(["regressed", "1.1.0", "1.2.0"]));
    let group = list(&bench, "state=open").await.into_iter().find(|group| group["fingerprint"] == PRINT).unwrap();
    assert_eq!((&group["count"], &group["regressed_count"], &group["regressed_ms"]), (&json!(4), &json!(1), &json!(later + 5)));
    assert_eq!((list(&bench, "state=open").await.len(), list(&bench, "state=resolved").await.len()), (2, 0));

    // The session in which it was seen again is forgotten, and it is mended as before.
    send(&bench, "1.2.0", vec![of("late", log("vitrum.deletion_request", "q.5", later))]).await;
    assert_eq!(state(&bench).await[0], "resolved");
    assert_eq!(change(&bench, &[], json!({"state": "open"})).await.status.as_u16(), 204);
    assert_eq!(state(&bench).await[0], "open");
}

#[tokio::test]
async fn only_the_dashboard_may_change_what_is_mended() {
    let bench = Bench::with(|settings, _| settings.allowed_origins = vec!["*".to_owned()]);
    send(&bench, "1.0.0", vec![error("p.1", PRINT, clock::now_ms())]).await;
    let resolve = || json!({"state": "resolved", "version": "1.0.0"});
    let host = ("host", "collector.example");
    for headers in [
        &[("origin", "https://shop.example"), host][..],
        &[("origin", "null"), host],
        &[("origin", "https://collector.example.evil.example"), host],
        &[("origin", "https://collector.example"), ("sec-fetch-site", "cross-site"), host],
        &[("sec-fetch-site", "same-site"), host],
    ] {
        let answer = change(&bench, headers, resolve()).await;
        assert_eq!(answer.status.as_u16(), 403, "{headers:?}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let preflight = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    let answer = bench.send(request(Method::OPTIONS, &format!("/api/errors/{PRINT}/state"), &preflight, Body::empty())).await;
    assert!(!answer.status.is_success() && answer.header("access-control-allow-origin").is_none());
    // A form of another site, in a browser that says no origin, can send no JSON.
    let form = [("content-type", "text/plain")];
    let answer = bench.post(&format!("/api/errors/{PRINT}/state"), &form, resolve().to_string().into_bytes()).await;
    assert_eq!(answer.status.as_u16(), 400);
    assert_eq!(state(&bench).await[0], "open");
    for headers in [&[("origin", "https://collector.example"), host][..], &[("sec-fetch-site", "same-origin")], &[]] {
        assert_eq!(change(&bench, headers, resolve()).await.status.as_u16(), 204, "{headers:?}");
    }
    for (path, body, status) in [
        ("/api/errors/none/state", resolve(), 404),
        (&*format!("/api/errors/{PRINT}/state"), json!({"state": "gone"}), 400),
        (&format!("/api/errors/{PRINT}/state"), json!({"service": "blog", "state": "open"}), 404),
    ] {
        let json = [("content-type", "application/json")];
        assert_eq!(bench.post(path, &json, body.to_string().into_bytes()).await.status.as_u16(), status, "{path} {body}");
    }
}

#[tokio::test]
async fn a_session_that_is_forgotten_leaves_nothing_in_its_groups() {
    let bench = Bench::new();
    let now = clock::now_ms() - 1000;
    let logs = vec![
        of("s", error("p.1", PRINT, now - 50)),
        of("s", repeats("p.2", PRINT, 9, now)),
        of("s", error("p.3", PRINT, now - 5)),
        of("t", error("q.1", PRINT, now - 20)),
        of("s", error("p.4", "fedcba9876543210", now)),
    ];
    send(&bench, "1.0.0", logs).await;
    send(&bench, "1.0.0", vec![of("s", log("vitrum.deletion_request", "p.9", now)), of("s", error("p.10", PRINT, now))]).await;
    let groups = list(&bench, "").await;
    assert_eq!(groups.len(), 1);
    let told = |key: &str| groups[0][key].clone();
    assert_eq!((told("count"), told("sessions"), told("users")), (json!(1), json!(1), json!(1)));
    assert_eq!((told("first_ms"), told("last_ms")), (json!(now - 20), json!(now - 20)));
    let group = bench.get(&format!("/api/errors/{PRINT}")).await.json();
    assert_eq!((&group["shown"]["record"], group["occurrences"].as_array().unwrap().len()), (&json!("log:q.1"), 1));
    let left = |connection: &rusqlite::Connection| {
        connection.query_row("SELECT count(*) FROM occurrence WHERE session_id = 's'", [], |row| row.get::<_, i64>(0))
    };
    assert_eq!(bench.store.read(left).await, Ok(0));
}

#[tokio::test]
async fn one_group_says_whom_it_happens_to_and_shows_one_occurrence() {
    let bench = Bench::new();
    let now = clock::now_ms() - 5000;
    let origin = with(elsewhere(log("browser.navigation", "00000000000000aa.0", now - 3000), "view", "/"), []);
    let told = |uid: &str, time_ms, path: &str| {
        let stack = "TypeError: x\n    at a (https://shop.example/a.js:1:20)\nCaused by: Error: y\n    at b (https://shop.example/b.js:2:3)";
        let more = [
            attribute("exception.stacktrace", stack),
            attribute("vitrum.error.breadcrumbs", "12 navigation /cart\n2000 action click #pay"),
            attribute("vitrum.flag.cart", "new"),
            attribute("vitrum.error.handled", false),
        ];
        elsewhere(with(error(uid, PRINT, time_ms), more), "view", path)
    };
    let logs = vec![origin, told("00000000000000aa.1", now, "/cart"), told("00000000000000aa.2", now - 9, "/pay")];
    let chrome = attribute("user_agent.original", "Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36");
    let terms = [attribute("service.version", "1.0.0"), attribute("vitrum.cohort.tier", "gold"), chrome];
    let body = logs_on_terms(&terms, logs).encode_to_vec();
    bench.post("/v1/logs", &[("content-type", "application/x-protobuf")], body).await;
    let group = bench.get(&format!("/api/errors/{PRINT}?range=1h&service=shop")).await.json();
    assert_eq!(group["browsers"], json!([{"name": "Chrome 156", "count": 2}]));
    assert_eq!(group["routes"], json!([{"name": "/cart", "count": 1}, {"name": "/pay", "count": 1}]));
    assert_eq!(group["flags"], json!([{"name": "cart", "value": "new", "count": 2}]));
    assert_eq!(group["cohorts"], json!([{"name": "tier", "value": "gold", "count": 2}]));
    assert_eq!(group["known_releases"], json!(["1.0.0"]));
    let shown = &group["shown"];
    assert_eq!((&shown["record"], &shown["page_ms"]), (&json!("log:00000000000000aa.1"), &json!(3000.0)));
    assert_eq!(shown["breadcrumbs"], "12 navigation /cart\n2000 action click #pay");
    assert_eq!(shown["attributes"]["vitrum.error.handled"], false);
    let stack = &shown["stack"];
    assert_eq!((&stack["has_maps"], &stack["missing"]), (&json!(false), &json!(["/a.js", "/b.js"])));
    assert_eq!((&stack["parts"][1]["title"], &stack["parts"][1]["is_cause"]), (&json!("Error: y"), &json!(true)));
    assert_eq!(stack["parts"][0]["frames"][0]["place"], json!({"url": "https://shop.example/a.js", "line": 1, "column": 20}));

    let other = bench.get(&format!("/api/errors/{PRINT}?record=log:00000000000000aa.2")).await.json();
    assert_eq!(other["shown"]["path"], "/pay");
    let foreign = bench.get(&format!("/api/errors/{PRINT}?record=log:00000000000000aa.0")).await.json();
    assert_eq!(foreign["shown"], Value::Null, "a record that is no occurrence of it");
    for path in ["/api/errors/fedcba9876543210", &*format!("/api/errors/{PRINT}?service=blog")] {
        assert_eq!(bench.get(path).await.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_list_can_be_narrowed_and_sorted() {
    let bench = Bench::new();
    let now = clock::now_ms() - 60_000;
    let foreign = |log| with(log, [attribute("vitrum.error.origin", "extension")]);
    let mut logs = vec![error("a.1", "aaaaaaaaaaaaaaaa", now - 500), foreign(error("b.1", "bbbbbbbbbbbbbbbb", now - 50))];
    logs.extend((0..3).map(|n| of(&format!("s{n}"), error(&format!("a.{}", n + 2), "aaaaaaaaaaaaaaaa", now - 100))));
    logs.extend([repeats("b.2", "bbbbbbbbbbbbbbbb", 50, now - 40), error("c.1", "cccccccccccccccc", now)]);
    send(&bench, "1.0.0", logs).await;
    let body = logs_of("blog", vec![error("d.1", "dddddddddddddddd", now - 10)]).encode_to_vec();
    bench.post("/v1/logs", &[("content-type", "application/x-protobuf")], body).await;
    for (query, expected) in [
        ("", "cdba"),
        ("sort=count", "bacd"),
        ("sort=sessions", "acdb"),
        ("sort=users", "acdb"),
        ("sort=first", "cdba"),
        ("service=shop", "cba"),
        ("service=blog", "d"),
        ("origin=extension", "b"),
        ("origin=own&service=shop", "ca"),
        ("origin=cross-origin", ""),
    ] {
        let found: String = list(&bench, query).await.iter().map(|group| group["fingerprint"].as_str().unwrap()[..1].to_owned()).collect();
        assert_eq!(found, expected, "{query}");
    }
    let told = bench.get("/api/errors?range=1h&origin=own").await.json();
    assert_eq!((&told["origins"], &told["total"]), (&json!({"own": 3, "extension": 1}), &json!(3)));
    for query in ["origin=moon", "sort=colour", "state=lost", "range=2h"] {
        assert_eq!(bench.get(&format!("/api/errors?{query}")).await.status.as_u16(), 400, "{query}");
    }
}

#[tokio::test]
async fn an_error_first_seen_in_the_latest_release_is_new_in_it() {
    let bench = Bench::new();
    let now = clock::now_ms() - 60_000;
    send(&bench, "1.0.0", vec![error("a.1", "aaaaaaaaaaaaaaaa", now)]).await;
    assert_eq!(list(&bench, "").await[0]["new_in"], Value::Null, "with one release there is nothing to compare");
    send(&bench, "1.1.0", vec![error("b.1", "bbbbbbbbbbbbbbbb", now + 10), error("a.2", "aaaaaaaaaaaaaaaa", now + 5)]).await;
    let new: Vec<_> = list(&bench, "").await.iter().map(|group| group["new_in"].clone()).collect();
    assert_eq!(new, [json!("1.1.0"), Value::Null]);
}
