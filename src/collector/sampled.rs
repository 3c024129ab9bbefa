//! What the dashboard makes of a population of which it was told a part: each count as it was, within what chance allows.

use crate::admission::Admission;
use crate::clock;
use crate::insert::Batch;
use crate::testing::{Bench, attribute, elsewhere, log, logs_on_terms, span, traces_of, vital, with};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Status;
use prost::Message;
use serde_json::{Value, json};

const SESSIONS: usize = 3000;

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// From 0 to below 1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A session of one page view: its largest paint, perhaps an error, and five files of a third party.
struct Session {
    id: String,
    lcp_ms: f64,
    has_error: bool,
}

impl Session {
    /// Those of a low rate are slow, and so are those with an error: what is not weighed right is seen.
    fn of(chance: &mut Chance, rate: f64, number: usize) -> Self {
        let has_error = chance.next() < 0.2;
        let lcp_ms = 1000.0 + 2000.0 * chance.next() + if rate < 0.5 { 1500.0 } else { 0.0 } + if has_error { 2500.0 } else { 0.0 };
        Self { id: format!("{rate}-{number}"), lcp_ms, has_error }
    }

    fn logs(&self, now_ms: i64) -> Vec<LogRecord> {
        let id = |n: usize| format!("{}.{n}", self.id);
        let mut logs = vec![
            with(log("browser.navigation", &id(0), now_ms), [attribute("url.full", "https://shop.example/")]),
            vital("lcp", &self.id, self.lcp_ms, &id(1), now_ms),
            with(
                log("vitrum.resource_group", &id(2), now_ms),
                [
                    attribute("vitrum.resource_group.origin", "https://tags.example"),
                    attribute("vitrum.resource_group.count", 5i64),
                    attribute("vitrum.resource_group.blocking_duration", 10i64),
                ],
            ),
        ];
        if self.has_error {
            logs.push(with(log("exception", &id(3), now_ms), [attribute("exception.type", "TypeError")]));
        }
        logs.into_iter()
            .map(|mut log| {
                log.attributes.retain(|entry| entry.key != "session.id");
                elsewhere(with(log, [attribute("session.id", self.id.as_str())]), &self.id, "/cart")
            })
            .collect()
    }
}

async fn store(bench: &Bench, terms: &[KeyValue], logs: Vec<LogRecord>) {
    let mut admission = Admission::new(clock::now_ms(), None);
    admission.logs(logs_on_terms(terms, logs));
    let (records, rejected) = admission.finish();
    assert_eq!(rejected.count(), 0);
    bench.store.write(Batch { records, arrival: None }).await.unwrap();
}

/// What is sent of the population, and the population itself.
async fn population(bench: &Bench, seed: u64, rates: &[f64]) -> Vec<Session> {
    let (mut chance, mut all) = (Chance(seed), Vec::new());
    let now_ms = clock::now_ms() - 1000;
    for &rate in rates {
        let (mut sampled, mut kept) = (Vec::new(), Vec::new());
        for number in 0..SESSIONS {
            let session = Session::of(&mut chance, rate, number);
            if chance.next() < rate {
                sampled.extend(session.logs(now_ms));
            } else if session.has_error {
                kept.extend(session.logs(now_ms));
            }
            all.push(session);
        }
        let terms = [attribute("vitrum.sample.rate", rate)];
        for (terms, logs) in [(&terms[..], sampled), (&[attribute("vitrum.sample.kept", "error")], kept)] {
            for part in logs.chunks(900) {
                store(bench, terms, part.to_vec()).await;
            }
        }
    }
    all
}

fn sum(overview: &Value, key: &str) -> f64 {
    overview["views_over_time"].as_array().unwrap().iter().map(|bucket| bucket[key].as_f64().unwrap()).sum()
}

/// Which share of the population is faster.
fn rank(all: &[Session], lcp_ms: f64) -> f64 {
    all.iter().filter(|session| session.lcp_ms < lcp_ms).count() as f64 / all.len() as f64
}

#[tokio::test]
async fn counts_and_percentiles_are_those_of_all_whatever_the_rates() {
    let rates = [1.0, 0.5, 0.3, 0.1];
    // Four standard deviations of how many are told, each weighing 1/rate.
    let spread = |count: f64| 4.0 * rates.iter().map(|rate| count / 4.0 * (1.0 - rate) / rate).sum::<f64>().sqrt();
    for seed in [1, 20_261_130, 3] {
        let bench = Bench::new();
        let all = population(&bench, seed, &rates).await;
        let overview = bench.get("/api/overview?range=1h").await.json();
        assert_eq!(overview["is_estimate"], true);

        let total = all.len() as f64;
        let near = |found: f64, expected: f64, what: &str| {
            assert!((found - expected).abs() <= spread(expected), "seed {seed}: {what} {found} of {expected}");
        };
        near(sum(&overview, "views"), total, "views");
        near(sum(&overview, "sessions"), total, "sessions");
        near(overview["routes"][0]["views"].as_f64().unwrap(), total, "views of the route");
        let lcp = &overview["vitals"][0];
        near(lcp["count"].as_f64().unwrap(), total, "values of LCP");
        let good = all.iter().filter(|session| session.lcp_ms <= 2500.0).count() as f64;
        let poor = all.iter().filter(|session| session.lcp_ms > 4000.0).count() as f64;
        near(lcp["good"].as_f64().unwrap(), good, "good");
        near(lcp["poor"].as_f64().unwrap(), poor, "poor");
        let parts = ["good", "needs_improvement", "poor"].map(|part| lcp[part].as_f64().unwrap());
        assert!((parts.iter().sum::<f64>() - lcp["count"].as_f64().unwrap()).abs() < 1e-6);

        // Every error is told, so there is nothing to estimate.
        let errors = all.iter().filter(|session| session.has_error).count();
        assert_eq!(sum(&overview, "errors"), errors as f64);
        assert_eq!(overview["errors"][0]["count"], errors);
        assert_eq!(overview["errors"][0]["sessions"], errors);
        assert_eq!(overview["routes"][0]["errors"], errors);

        for p75 in [&lcp["p75"], &overview["routes"][0]["lcp_p75"]] {
            let rank = rank(&all, p75.as_f64().unwrap());
            assert!((0.73..0.77).contains(&rank), "seed {seed}: p75 has the rank {rank}");
        }
        // What all that was told would give without weights, to see that this could fail.
        let plain = "SELECT p75(value, 1) FROM vital WHERE name = 'lcp'";
        let unweighed = bench.store.read(move |connection| connection.query_row(plain, [], |row| row.get(0))).await.unwrap();
        assert!(!(0.73..0.77).contains(&rank(&all, unweighed)), "seed {seed}: {unweighed}");

        let party = bench.get("/api/third-parties").await.json()["domains"][0].clone();
        near(party["views"].as_f64().unwrap(), total, "views of a third party");
        near(party["requests"].as_f64().unwrap() / 5.0, total, "its requests");
        near(party["blocking_ms"].as_f64().unwrap() / 10.0, total, "its blocking");
    }
}

#[tokio::test]
async fn a_kept_session_counts_in_errors_alone() {
    let bench = Bench::new();
    let now_ms = clock::now_ms() - 1000;
    let session = Session { id: "s".to_owned(), lcp_ms: 9000.0, has_error: true };
    store(&bench, &[attribute("vitrum.sample.kept", "error")], session.logs(now_ms)).await;
    let overview = bench.get("/api/overview").await.json();
    assert_eq!(["views", "sessions", "errors"].map(|key| sum(&overview, key)), [0.0, 0.0, 1.0]);
    assert_eq!((&overview["vitals"][0]["count"], &overview["vitals"][0]["p75"]), (&json!(0), &Value::Null));
    let route = json!({"path": "/cart", "views": 0, "lcp_p75": null, "inp_p75": null, "cls_p75": null, "errors": 1});
    assert_eq!(overview["routes"], json!([route]));
    assert_eq!((&overview["errors"][0]["count"], &overview["errors"][0]["sessions"]), (&json!(1), &json!(1)));
    // In the list it is seen as it is: a list is no rate.
    assert_eq!((&overview["views"][0]["lcp"], &overview["views"][0]["errors"]), (&json!(9000.0), &json!(1)));
    assert_eq!(bench.get("/api/third-parties").await.json()["domains"], json!([]));
    let party = bench.get("/api/views/s").await.json()["parties"][0].clone();
    assert_eq!((&party["requests"], &party["views"]), (&json!(5), &json!(1)));
}

#[tokio::test]
async fn where_all_is_told_nothing_is_an_estimate() {
    let bench = Bench::new();
    let now_ms = clock::now_ms() - 1000;
    let mut failed = traces_of("shop", vec![span(1, 1, now_ms)]);
    failed.resource_spans[0].scope_spans[0].spans[0].status = Some(Status { code: 2, ..Status::default() });
    bench.post("/v1/traces", &[("content-type", "application/x-protobuf")], failed.encode_to_vec()).await;
    store(&bench, &[], vec![log("browser.navigation", "p.0", now_ms)]).await;
    assert_eq!(bench.get("/api/overview").await.json()["is_estimate"], false);
    store(&bench, &[attribute("vitrum.sample.rate", 0.25)], vec![elsewhere(log("browser.navigation", "q.0", now_ms), "q", "/")]).await;
    let overview = bench.get("/api/overview?service=shop").await.json();
    assert_eq!((&overview["is_estimate"], &overview["routes"][0]["views"]), (&json!(true), &json!(5)));
    assert_eq!(bench.get("/api/overview?service=blog").await.json()["is_estimate"], false);
    let view = bench.get("/api/overview").await.json()["views"].clone();
    assert_eq!(view.as_array().unwrap().len(), 2);
}

/// The collector asked for less while all of these sessions went on, and a tenth of them still tells.
#[tokio::test]
async fn a_rate_that_changes_within_a_session_counts_it_once() {
    let now_ms = clock::now_ms() - 1000;
    for is_reversed in [false, true] {
        let bench = Bench::new();
        let (mut first, mut rest, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..100 {
            let session = Session { id: format!("s{number}"), lcp_ms: 1000.0, has_error: false };
            let later = || {
                let renamed = session.logs(now_ms + 10).into_iter().zip(10..).map(|(mut log, n)| {
                    log.attributes.retain(|entry| entry.key != "log.record.uid");
                    with(log, [attribute("log.record.uid", format!("{}.{n}", session.id).as_str())])
                });
                renamed.collect::<Vec<_>>()
            };
            first.extend(session.logs(now_ms));
            match number % 10 {
                0 => rest.extend(later()),
                1 => kept.extend(later()),
                _ => {}
            }
        }
        let rate = |rate: f64| vec![attribute("vitrum.sample.rate", rate)];
        let mut told = vec![(rate(1.0), first), (rate(0.1), rest), (vec![attribute("vitrum.sample.kept", "error")], kept)];
        if is_reversed {
            told.reverse();
        }
        for (terms, logs) in told {
            store(&bench, &terms, logs).await;
        }
        let overview = bench.get("/api/overview").await.json();
        assert_eq!((sum(&overview, "sessions"), &overview["routes"][0]["views"]), (100.0, &json!(100)), "{is_reversed}");
        assert_eq!((sum(&overview, "views"), &overview["vitals"][0]["count"]), (100.0, &json!(100)), "{is_reversed}");
        assert_eq!(bench.get("/api/third-parties").await.json()["domains"][0]["requests"], 500, "{is_reversed}");
    }
}
