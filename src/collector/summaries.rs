//! What the overview is made of: one query each.

use crate::overview::Range;
use crate::thresholds::VITALS;
use crate::weight::{Count, LEAST};
use rusqlite::{Connection, Row, ToSql, named_params};
use serde::Serialize;

/// Rows of the list of routes, and of views: what fits a screen.
const LISTED: u32 = 20;
const LISTED_VIEWS: u32 = 50;

#[derive(Debug, Serialize)]
pub(crate) struct VitalSummary {
    name: &'static str,
    unit: &'static str,
    count: Count,
    p75: Option<f64>,
    good: Count,
    needs_improvement: Count,
    poor: Count,
}

#[derive(Debug, Serialize)]
pub(crate) struct Bucket {
    at_ms: i64,
    views: Count,
    sessions: Count,
    errors: Count,
}

#[derive(Debug, Serialize)]
pub(crate) struct RouteSummary {
    path: String,
    views: Count,
    lcp_p75: Option<f64>,
    inp_p75: Option<f64>,
    cls_p75: Option<f64>,
    errors: Count,
}

#[derive(Debug, Serialize)]
pub(crate) struct ViewSummary {
    id: String,
    path: String,
    url: String,
    time_ms: i64,
    session_id: String,
    same_document: bool,
    lcp: Option<f64>,
    requests: u64,
    failed_requests: u64,
    errors: u64,
}

/// What all queries of one overview have in common.
pub(crate) struct Scope<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) range: Range,
    pub(crate) service: Option<&'a str>,
}

/// Which of a bucket's counts.
type Place = fn(&mut Bucket) -> &mut Count;

/// To follow any table that has a time and a service.
const WITHIN: &str = "time_ms >= :from AND time_ms < :to AND (:service IS NULL OR service = :service)";

// An attribute has the type that its sender gave it: texts are cast, and a flag counts only where it is JSON's `true`.
impl Scope<'_> {
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        more: &[(&str, &dyn ToSql)],
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let sql = sql.replace("{within}", WITHIN);
        let Range { from_ms, to_ms, .. } = self.range;
        let common = named_params! { ":from": from_ms, ":to": to_ms, ":service": self.service };
        let all: Vec<_> = common.iter().chain(more).copied().collect();
        self.connection.prepare_cached(&sql)?.query_map(all.as_slice(), read)?.collect()
    }

    /// All that ever sent something: the choice must not change with what is chosen.
    pub(crate) fn services(&self) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM service ORDER BY name")?;
        statement.query_map([], |row| row.get(0))?.collect()
    }

    pub(crate) fn records(&self) -> rusqlite::Result<u64> {
        let counts = self.rows("SELECT count(*) FROM record WHERE {within}", &[], |row| row.get::<_, u64>(0))?;
        Ok(counts.into_iter().sum())
    }

    /// Whether what follows is estimated: some of the records stand for others, or only for themselves.
    pub(crate) fn is_estimate(&self) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM record WHERE weight <> 1.0 AND {within})";
        Ok(self.rows(sql, &[], |row| row.get(0))?.contains(&true))
    }

    pub(crate) fn vitals(&self) -> rusqlite::Result<Vec<VitalSummary>> {
        let sql = "SELECT total(weight), p75(value, weight), total(weight) FILTER (WHERE value <= :good), \
                   total(weight) FILTER (WHERE value > :good AND value <= :fair), total(weight) FILTER (WHERE value > :fair) \
                   FROM vital WHERE name = :name AND {within}";
        let mut summaries = Vec::new();
        for (name, unit, good, fair) in VITALS {
            let more = named_params! { ":name": name, ":good": good, ":fair": fair };
            summaries.extend(self.rows(sql, more, |row| {
                let (count, p75, good, needs_improvement) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(VitalSummary { name, unit, count, p75, good, needs_improvement, poor: row.get(4)? })
            })?);
        }
        Ok(summaries)
    }

    pub(crate) fn views_over_time(&self) -> rusqlite::Result<Vec<Bucket>> {
        let Range { from_ms, to_ms, bucket_ms } = self.range;
        let length = usize::try_from((to_ms - from_ms) / bucket_ms).unwrap_or_default();
        let mut buckets: Vec<_> = (from_ms..to_ms)
            .step_by(usize::try_from(bucket_ms).unwrap_or(1))
            .take(length)
            .map(|at_ms| Bucket { at_ms, views: Count(0.0), sessions: Count(0.0), errors: Count(0.0) })
            .collect();
        let distinct = |id: &str| {
            format!(
                "SELECT at, total(weight) FROM (SELECT (time_ms - :from) / :bucket AS at, {LEAST} AS weight FROM record \
                 WHERE kind = 'browser.navigation' AND {id} IS NOT NULL AND {{within}} GROUP BY at, {id}) GROUP BY at"
            )
        };
        let errors = "SELECT (time_ms - :from) / :bucket AS at, total(count) FROM occurrence WHERE {within} GROUP BY at";
        let places: [(&str, Place); 3] = [
            (&distinct("view_id"), |bucket| &mut bucket.views),
            (&distinct("session_id"), |bucket| &mut bucket.sessions),
            (errors, |bucket| &mut bucket.errors),
        ];
        for (sql, of) in places {
            let sums = self.rows(sql, named_params! { ":bucket": bucket_ms }, |row| Ok((row.get::<_, usize>(0)?, row.get(1)?)))?;
            for (index, sum) in sums {
                buckets.get_mut(index).map(of).into_iter().for_each(|count| *count = sum);
            }
        }
        Ok(buckets)
    }

    pub(crate) fn routes(&self) -> rusqlite::Result<Vec<RouteSummary>> {
        let sql = "WITH route AS (SELECT path, total(weight) FILTER (WHERE view_id IS NOT NULL) AS views FROM \
                       (SELECT path, view_id, {least} AS weight FROM record \
                       WHERE kind = 'browser.navigation' AND path IS NOT NULL AND {within} GROUP BY path, view_id) GROUP BY path), \
                   speed AS (SELECT path, p75(value, weight) FILTER (WHERE name = 'lcp') AS lcp, \
                       p75(value, weight) FILTER (WHERE name = 'inp') AS inp, p75(value, weight) FILTER (WHERE name = 'cls') AS cls \
                       FROM vital WHERE name IN ('lcp', 'inp', 'cls') AND {within} GROUP BY path), \
                   fault AS (SELECT path, total(count) AS errors FROM occurrence WHERE {within} GROUP BY path) \
                   SELECT route.path, views, lcp, inp, cls, coalesce(errors, 0.0) \
                   FROM route LEFT JOIN speed USING (path) LEFT JOIN fault USING (path) \
                   ORDER BY lcp DESC NULLS LAST, views DESC, route.path LIMIT :limit";
        self.rows(&sql.replace("{least}", LEAST), named_params! { ":limit": LISTED }, |row| {
            let (path, views, lcp_p75, inp_p75) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(RouteSummary { path, views, lcp_p75, inp_p75, cls_p75: row.get(4)?, errors: row.get(5)? })
        })
    }

    /// One row a view, however often its URL changed; SQLite takes the bare columns from the row of `min`.
    pub(crate) fn views(&self) -> rusqlite::Result<Vec<ViewSummary>> {
        let sql = "SELECT view_id, coalesce(path, ''), coalesce(CAST(attributes ->> '$.\"url.full\"' AS TEXT), ''), min(time_ms), \
                   coalesce(session_id, ''), attributes -> '$.\"browser.navigation.same_document\"' IS 'true', \
                   (SELECT value FROM vital WHERE vital.view_id = view.view_id AND name = 'lcp'), \
                   (SELECT count(*) FROM record WHERE record.view_id = view.view_id AND kind = 'span' AND span_kind = 'client'), \
                   (SELECT count(*) FROM record WHERE record.view_id = view.view_id AND kind = 'span' AND span_kind = 'client' \
                       AND failed), \
                   (SELECT count(*) FROM record WHERE record.view_id = view.view_id AND kind = 'exception') \
                   FROM record AS view WHERE kind = 'browser.navigation' AND view_id IS NOT NULL AND {within} \
                   GROUP BY view_id ORDER BY min(time_ms) DESC, time_nano DESC LIMIT :limit";
        self.rows(sql, named_params! { ":limit": LISTED_VIEWS }, |row| {
            Ok(ViewSummary {
                id: row.get(0)?,
                path: row.get(1)?,
                url: row.get(2)?,
                time_ms: row.get(3)?,
                session_id: row.get(4)?,
                same_document: row.get(5)?,
                lcp: row.get(6)?,
                requests: row.get(7)?,
                failed_requests: row.get(8)?,
                errors: row.get(9)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::clock;
    use crate::testing::{Bench, attribute, elsewhere, log, with};
    use axum::http::StatusCode;

    #[tokio::test]
    async fn attributes_of_unexpected_types_are_shown_as_text() {
        let now = clock::now_ms() - 1000;
        let navigation = |uid: &str, url, same_document: &str| {
            let flag = attribute("browser.navigation.same_document", same_document);
            elsewhere(with(log("browser.navigation", uid, now), [url, flag]), uid, "/")
        };
        let fault = |uid: &str, kind, message| with(log("exception", uid, now), [kind, message]);
        let bench = Bench::new();
        let logs = vec![
            navigation("p.0", attribute("url.full", 7i64), "perhaps"),
            navigation("p.1", attribute("url.full", true), ""),
            elsewhere(with(log("browser.navigation", "p.2", now), [attribute("browser.navigation.same_document", 0.5)]), "p.2", "/"),
            elsewhere(with(log("browser.navigation", "p.3", now), [attribute("browser.navigation.same_document", true)]), "p.3", "/"),
            fault("p.4", attribute("exception.type", true), attribute("exception.message", 42i64)),
            fault("p.5", attribute("exception.type", 1.5), attribute("exception.message", false)),
        ];
        bench.beacon("b", logs, vec![]).await;
        let answer = bench.get("/api/overview").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let overview = answer.json();
        let mut messages: Vec<_> =
            overview["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect();
        messages.sort_unstable();
        assert_eq!(messages, ["0", "42"]);
        let views = overview["views"].as_array().unwrap();
        assert_eq!(views.iter().filter(|view| view["same_document"] == true).count(), 1);
        assert_eq!(views.iter().filter(|view| view["url"] == "7").count(), 1);
    }

    #[tokio::test]
    async fn a_view_whose_url_changes_is_one_view() {
        let now = clock::now_ms() - 1000;
        let bench = Bench::new();
        let logs = (0..3).map(|count| log("browser.navigation", &format!("p.{count}"), now + count));
        bench.beacon("b", logs.collect(), vec![]).await;
        let overview = bench.get("/api/overview").await.json();
        assert_eq!(overview["views"].as_array().unwrap().len(), 1);
        assert_eq!(overview["views"][0]["time_ms"], now);
        assert_eq!(overview["routes"][0]["views"], 1);
        let counts = overview["views_over_time"].as_array().unwrap().iter();
        assert_eq!(counts.map(|bucket| bucket["views"].as_u64().unwrap()).sum::<u64>(), 1);
    }

    #[tokio::test]
    async fn an_error_is_shown_where_it_was_last() {
        let now = clock::now_ms() - 1000;
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let bench = Bench::new();
            let logs = order.map(|n| elsewhere(log("exception", &format!("p.{n}"), now + n), &format!("view {n}"), &format!("/{n}")));
            bench.beacon("b", logs.to_vec(), vec![]).await;
            let error = bench.get("/api/overview").await.json()["errors"][0].clone();
            assert_eq!((&error["path"], &error["view_id"], &error["count"]), (&"/2".into(), &"view 2".into(), &3.into()));
        }
    }

    #[tokio::test]
    async fn a_view_whose_browser_is_a_number_is_shown() {
        let bench = Bench::new();
        let mut request = crate::testing::logs_of("shop", vec![log("browser.navigation", "p.0", 1000)]);
        request.resource_logs[0].resource.as_mut().unwrap().attributes.push(attribute("user_agent.original", 5i64));
        let body = prost::Message::encode_to_vec(&request);
        bench.post("/v1/logs", &[("content-type", "application/x-protobuf")], body).await;
        assert_eq!(bench.get("/api/views/view").await.json()["user_agent"], "5");
    }
}
