//! Whom pages load from: what came from each registrable domain, and what its scripts cost.

use crate::overview::Range;
use crate::summaries::Scope;
use crate::weight::Count;
use rusqlite::{Connection, Row, ToSql, named_params};
use serde::Serialize;

/// What pages loaded from one domain. One that is its own page's and elsewhere another's stands twice.
#[derive(Debug, Serialize)]
pub(crate) struct Party {
    domain: String,
    /// Whether the pages are of this domain themselves.
    first_party: bool,
    requests: Count,
    failed: Count,
    transfer_bytes: u64,
    /// How long its scripts kept the main thread busy in long frames.
    blocking_ms: f64,
    longest_ms: f64,
    /// Page views that loaded something of it.
    views: Count,
}

/// The domains, and the range that they are of.
#[derive(Debug, Serialize)]
pub(crate) struct Parties {
    range: Range,
    domains: Vec<Party>,
}

/// A page whose navigation is not stored (yet) has no domain to compare with, so what it loaded is left out. Sums are of
/// type REAL, which do not overflow whatever senders say.
const SQL: &str = "WITH loaded AS (SELECT view_id, site(origin) AS domain, total(count) AS count, total(failed) AS failed, \
        total(transfer_bytes) AS transfer_bytes, max(longest_ms) AS longest_ms, total(blocking_ms) AS blocking_ms, \
        min({weight}) AS weight FROM resource_group WHERE {those} AND {weight} > 0.0 GROUP BY 1, 2), \
    page AS (SELECT view_id, site(CAST(attributes ->> '$.\"url.full\"' AS TEXT)) AS domain, min(time_nano) FROM record \
        WHERE kind = 'browser.navigation' AND view_id IN (SELECT view_id FROM loaded) GROUP BY view_id) \
    SELECT loaded.domain, loaded.domain IS page.domain, total(count * weight), total(failed * weight), \
        CAST(total(transfer_bytes * weight) AS INTEGER), total(blocking_ms * weight) AS blocking, max(longest_ms), total(weight) \
    FROM loaded JOIN page USING (view_id) WHERE loaded.domain IS NOT NULL GROUP BY 1, 2 \
    ORDER BY blocking DESC, 5 DESC, 3 DESC, 1 LIMIT :limit";

impl Parties {
    /// Of all views of a range; those that block the longest come first.
    pub(crate) fn query(scope: &Scope<'_>, limit: u32) -> rusqlite::Result<Self> {
        let sql = SQL.replace("{those}", "{within}").replace("{weight}", "resource_group.weight");
        let domains = scope.rows(&sql, named_params! { ":limit": limit }, Party::read)?;
        Ok(Self { range: scope.range, domains })
    }
}

impl Party {
    /// Of one view, which stands for nothing but itself here.
    pub(crate) fn of_view(connection: &Connection, view_id: &str, limit: u32) -> rusqlite::Result<Vec<Self>> {
        let sql = SQL.replace("{those}", "view_id = :view").replace("{weight}", "1.0");
        let given: &[(&str, &dyn ToSql)] = named_params! { ":view": view_id, ":limit": limit };
        connection.prepare_cached(&sql)?.query_map(given, Self::read)?.collect()
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            domain: row.get(0)?,
            first_party: row.get(1)?,
            requests: row.get(2)?,
            failed: row.get(3)?,
            transfer_bytes: row.get(4)?,
            blocking_ms: row.get(5)?,
            longest_ms: row.get(6)?,
            views: row.get(7)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::clock;
    use crate::testing::{Bench, attribute, elsewhere, log, with};
    use opentelemetry_proto::tonic::logs::v1::LogRecord;
    use serde_json::{Value, json};

    fn page(uid: &str, view: &str, url: &str, time_ms: i64) -> LogRecord {
        elsewhere(with(log("browser.navigation", uid, time_ms), [attribute("url.full", url)]), view, "/")
    }

    /// So many requests of 1000 bytes, and 10 ms of blocking each.
    fn group(uid: &str, view: &str, (origin, initiator): (&str, &str), count: i64, time_ms: i64) -> LogRecord {
        let number = |name: &str, value: i64| attribute(&format!("vitrum.resource_group.{name}"), value);
        let log = with(
            log("vitrum.resource_group", uid, time_ms),
            [
                attribute("vitrum.resource_group.origin", origin),
                attribute("browser.resource_timing.initiator_type", initiator),
                number("count", count),
                number("failed", count / 2),
                number("transfer_size", count * 1000),
                number("longest_duration", count * 100),
                number("blocking_duration", count * 10),
            ],
        );
        elsewhere(log, view, "/")
    }

    async fn domains(bench: &Bench, query: &str) -> Value {
        bench.get(&format!("/api/third-parties{query}")).await.json()["domains"].clone()
    }

    #[tokio::test]
    async fn the_latest_of_each_view_is_added_up_by_domain() {
        let bench = Bench::new();
        let now = clock::now_ms() - 1000;
        let (cdn, own) = (("https://cdn.tags.example", "script"), ("https://img.shop.example:8443", "img"));
        let logs = vec![
            page("a.0", "a", "https://www.shop.example/cart", now),
            page("b.0", "b", "https://tags.example/", now),
            // The agent tells what there is so far, so the second holds the first.
            group("a.2", "a", cdn, 5, now + 20),
            group("a.1", "a", cdn, 2, now + 10),
            group("a.10", "a", own, 1, now + 10),
            group("a.9", "a", own, 9, now + 10),
            group("a.3", "a", ("https://api.tags.example", "fetch"), 1, now + 20),
            group("b.1", "b", cdn, 4, now),
            group("b.2", "b", ("data:", "img"), 4, now),
            group("c.1", "c", cdn, 4, now),
        ];
        bench.beacon("b", logs, vec![]).await;
        let row = |domain: &str, first_party: bool, requests: u64, failed: u64, longest_ms: f64| {
            json!({"domain": domain, "first_party": first_party, "requests": requests, "failed": failed,
                "transfer_bytes": requests * 1000, "blocking_ms": requests as f64 * 10.0, "longest_ms": longest_ms, "views": 1})
        };
        let expected = json!([
            row("tags.example", false, 6, 2, 500.0),
            row("tags.example", true, 4, 2, 400.0),
            row("shop.example", true, 1, 0, 100.0),
        ]);
        assert_eq!(domains(&bench, "?range=15m").await, expected);
        assert_eq!(domains(&bench, "?service=shop").await, expected);
        assert_eq!(domains(&bench, "?service=blog").await, json!([]));
        let parties = bench.get("/api/views/a").await.json()["parties"].clone();
        assert_eq!(parties, json!([expected[0], expected[2]]));
    }

    /// Of a page view whose resources were all told the agent says no sums.
    #[tokio::test]
    async fn what_was_told_for_itself_is_added_up_until_a_sum_is_told() {
        let bench = Bench::new();
        let now = clock::now_ms() - 1000;
        let loaded = |uid: &str, url: &str, status: i64| {
            let timing = |name: &str, value: i64| attribute(&format!("browser.resource_timing.{name}"), value);
            let log = with(log("browser.resource_timing", uid, now), [attribute("url.full", url), attribute("http.response.status_code", status)]);
            let kind = attribute("browser.resource_timing.initiator_type", "img");
            elsewhere(with(log, [kind, timing("transfer_size", 1000), timing("duration", 40)]), "a", "/")
        };
        let logs = vec![
            page("a.0", "a", "https://shop.example/", now),
            loaded("a.1", "https://cdn.example/a.png", 200),
            loaded("a.2", "https://cdn.example/b.png?c", 200),
            loaded("a.3", "https://img.cdn.example/b.png", 200),
            // Of these the agent tells sums.
            loaded("a.4", "https://cdn.example/gone.png", 404),
            loaded("a.5", "data:image/png", 200),
        ];
        bench.beacon("b", logs.clone(), vec![]).await;
        let expected = |requests: u64, longest_ms: f64| {
            json!([{"domain": "cdn.example", "first_party": false, "requests": requests, "failed": requests / 6, "transfer_bytes": requests * 1000,
                "blocking_ms": if requests > 3 { 60.0 } else { 0.0 }, "longest_ms": longest_ms, "views": 1}])
        };
        assert_eq!(domains(&bench, "").await, expected(3, 40.0));
        // Again, and by another way: each counts once.
        bench.beacon("b2", logs, vec![]).await;
        assert_eq!(domains(&bench, "").await, expected(3, 40.0));
        let told = group("a.6", "a", ("https://cdn.example", "img"), 6, now);
        bench.beacon("b3", vec![told, loaded("a.7", "https://cdn.example/c.png", 200)], vec![]).await;
        // One is of another host of that domain.
        let mut sum = expected(6, 600.0);
        sum[0]["requests"] = json!(7);
        sum[0]["failed"] = json!(3);
        sum[0]["transfer_bytes"] = json!(7000);
        assert_eq!(domains(&bench, "").await, sum);
    }

    #[tokio::test]
    async fn a_domain_is_counted_once_a_view_and_sums_do_not_overflow() {
        let bench = Bench::new();
        let now = clock::now_ms() - 1000;
        let mut logs = Vec::new();
        for view in ["a", "b", "c"] {
            logs.push(page(&format!("{view}.0"), view, "https://shop.example/", now));
            for (number, initiator) in ["script", "img", "css"].into_iter().enumerate() {
                let largest = attribute("vitrum.resource_group.transfer_size", i64::MAX);
                let mut log = group(&format!("{view}.{number}1"), view, ("https://t.example", initiator), 1, now);
                log.attributes.retain(|entry| entry.key != largest.key);
                logs.push(with(log, [largest]));
            }
        }
        bench.beacon("b", logs, vec![]).await;
        let domains = domains(&bench, "").await;
        assert_eq!((&domains[0]["views"], &domains[0]["requests"]), (&json!(3), &json!(9)));
        assert_eq!(domains[0]["transfer_bytes"], json!(i64::MAX));
    }

    #[tokio::test]
    async fn nothing_loaded_is_an_empty_list_and_a_wrong_range_is_told() {
        let bench = Bench::new();
        let answer = bench.get("/api/third-parties").await.json();
        assert_eq!(answer["domains"], json!([]));
        assert_eq!(answer["range"]["bucket_ms"], 60_000);
        assert_eq!(bench.get("/api/third-parties?range=2h").await.status, 400);
    }
}
