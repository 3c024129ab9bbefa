//! What pages have sent that did not arrive: numbers that are absent though higher ones of the page came.
//!
//! Of a page that lost its last batch, or all of them, nothing tells; and spans have no number.

use crate::limits;
use crate::overview::Range;
use crate::runs::Runs;
use crate::summaries::Scope;
use serde::Serialize;

/// The gaps of the pages that were last heard of within a range.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Gaps {
    range: Range,
    pages: u64,
    /// Pages of which something is missing.
    pages_with_gaps: u64,
    records: Tally,
    batches: Tally,
}

/// How many there were by their numbers, and how many of those are missing.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    sent: u64,
    missing: u64,
}

impl Gaps {
    /// As they are at this time, in milliseconds since 1970.
    pub(crate) fn query(scope: &Scope<'_>, now_ms: i64) -> rusqlite::Result<Self> {
        let sums = "SELECT count(*), CAST(total(records_told) AS INTEGER), CAST(total(batches_told) AS INTEGER) \
                    FROM page WHERE {within}";
        let told = scope.rows(sums, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let (pages, records, batches) = told.into_iter().next().unwrap_or_default();
        let mut gaps = Self {
            range: scope.range,
            pages,
            pages_with_gaps: 0,
            records: Tally { sent: records, missing: 0 },
            batches: Tally { sent: batches, missing: 0 },
        };
        let settled_ms = now_ms - limits::SETTLED_MS;
        let runs = "SELECT records, records_from, batches, batches_from FROM page WHERE has_gap AND {within}";
        let missing = scope.rows(runs, &[], |row| {
            let of = |runs: Runs, from: Option<u32>| runs.missing(from.unwrap_or_default(), settled_ms);
            Ok((of(row.get(0)?, row.get(1)?), of(row.get(2)?, row.get(3)?)))
        })?;
        for (records, batches) in missing {
            gaps.records.add(records);
            gaps.batches.add(batches);
            gaps.pages_with_gaps += u64::from(records + batches > 0);
        }
        Ok(gaps)
    }
}

impl Tally {
    fn add(&mut self, missing: u64) {
        self.sent += missing;
        self.missing += missing;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::Admission;
    use crate::arrival::Arrival;
    use crate::insert::Batch;
    use crate::schema;
    use crate::testing::{Bench, attribute, log, logs_on_terms, with};
    use opentelemetry_proto::tonic::common::v1::KeyValue;
    use opentelemetry_proto::tonic::logs::v1::LogRecord;
    use rusqlite::Connection;
    use serde_json::json;
    use vitrum_wire::beacon::Beacon;

    const P: &str = "00000000000000aa";
    const Q: &str = "00000000000000bb";
    const LATER_MS: i64 = 10 * limits::SETTLED_MS;

    struct Pages(Connection);

    impl Pages {
        fn new() -> Self {
            let mut connection = Connection::open_in_memory().unwrap();
            schema::migrate(&mut connection).unwrap();
            Self(connection)
        }

        /// A beacon of a page, with its records of these numbers.
        fn take(&self, page: &str, batch: u32, records: impl IntoIterator<Item = u32>, received_ms: i64) {
            let logs = records.into_iter().map(|n| log("a", &format!("{page}.{n}"), 1000)).collect();
            self.take_logs(page, batch, &[], logs, received_ms);
        }

        fn take_logs(&self, page: &str, batch: u32, terms: &[KeyValue], logs: Vec<LogRecord>, received_ms: i64) {
            let logs = logs_on_terms(terms, logs);
            let beacon = Beacon { batch_id: format!("{page}.b{batch}"), logs: Some(logs.clone()), traces: None };
            let arrival = Arrival::of(&beacon, received_ms);
            let mut admission = Admission::new(received_ms, None);
            admission.logs(logs);
            Batch { records: admission.finish().0, arrival }.insert(&self.0).unwrap();
        }

        fn gaps(&self, now_ms: i64) -> Gaps {
            let range = Range { from_ms: 0, to_ms: i64::MAX, bucket_ms: 1 };
            Gaps::query(&Scope { connection: &self.0, range, service: Some("shop") }, now_ms).unwrap()
        }

        /// Sent and missing records, and the same of batches.
        fn check(&self, records: (u64, u64), batches: (u64, u64)) {
            let gaps = self.gaps(LATER_MS);
            assert_eq!((gaps.records.sent, gaps.records.missing), records, "records");
            assert_eq!((gaps.batches.sent, gaps.batches.missing), batches, "batches");
        }
    }

    #[test]
    fn a_batch_that_did_not_arrive_is_found_by_the_next() {
        let pages = Pages::new();
        pages.take(P, 0, 0..5, 0);
        pages.take(P, 2, 9..12, 1000);
        pages.take(Q, 1, 3..4, 1000);
        pages.check((5 + 4 + 3 + 4, 4 + 3), (3 + 2, 1 + 1));
        assert_eq!((pages.gaps(LATER_MS).pages, pages.gaps(LATER_MS).pages_with_gaps), (2, 2));
        // It was only late.
        pages.take(P, 1, 5..9, 2000);
        pages.check((12 + 4, 3), (3 + 2, 1));
        assert_eq!(pages.gaps(LATER_MS).pages_with_gaps, 1);
    }

    #[test]
    fn what_is_on_its_way_is_not_missing() {
        let pages = Pages::new();
        pages.take(P, 0, 0..5, 0);
        pages.take(P, 2, 9..12, 1000);
        assert_eq!(pages.gaps(1000 + limits::SETTLED_MS - 1).records.missing, 0);
        assert_eq!(pages.gaps(1000 + limits::SETTLED_MS).records.missing, 4);
        // Of what comes after the last, nobody knows yet.
        pages.take(Q, 0, 0..5, 0);
        assert_eq!(pages.gaps(LATER_MS).records.missing, 4);
    }

    #[test]
    fn what_comes_twice_counts_once() {
        let pages = Pages::new();
        for _ in 0..3 {
            pages.take(P, 0, 0..5, 0);
            pages.take(P, 1, (4..7).chain(4..7), 0);
        }
        pages.check((7, 0), (2, 0));
    }

    #[test]
    fn what_is_left_out_or_deleted_has_arrived() {
        let pages = Pages::new();
        let uid = |n: u32| format!("{P}.{n}");
        let large = with(log("a", &uid(1), 1000), [attribute("x", "x".repeat(limits::VALUE_BYTES + 1).as_str())]);
        pages.take_logs(P, 0, &[], vec![log("a", &uid(0), 1000), large, log("a", &uid(2), 1000)], 0);
        pages.check((3, 0), (1, 0));
        assert_eq!(pages.0.query_row("SELECT count(*) FROM record", [], |row| row.get(0)), Ok(2));
        // Too many at once, and the last of them are left out.
        pages.take(Q, 0, 0..limits::RECORDS as u32 + 5, 0);
        pages.take(Q, 1, limits::RECORDS as u32 + 5..limits::RECORDS as u32 + 7, 0);
        pages.check((3 + limits::RECORDS as u64 + 7, 0), (3, 0));
    }

    #[test]
    fn who_is_forgotten_leaves_no_gap() {
        let pages = Pages::new();
        pages.take(P, 0, 0..5, 0);
        // What was gathered since is let go of by the page, and its numbers with it.
        pages.take_logs(P, 3, &[], vec![log("vitrum.deletion_request", &format!("{P}.20"), 1000)], 0);
        pages.check((6, 0), (2, 0));
        // Late, and not stored; still the page keeps no gap, nor makes a new one.
        pages.take(P, 5, 30..31, 0);
        pages.check((7, 0), (3, 0));
        assert_eq!(pages.0.query_row("SELECT count(*) FROM record", [], |row| row.get(0)), Ok(1));
    }

    #[test]
    fn what_an_unsampled_session_lets_go_of_is_not_missing() {
        let pages = Pages::new();
        let kept = [attribute("vitrum.sample.kept", "error")];
        let logs = |numbers: std::ops::Range<u32>| numbers.map(|n| log("a", &format!("{P}.{n}"), 1000)).collect::<Vec<_>>();
        pages.take_logs(P, 6, &kept, logs(30..40), 0);
        pages.check((10, 0), (1, 0));
        pages.take_logs(P, 8, &kept, logs(45..50), 0);
        pages.check((20, 5), (3, 1));
        // The one that was sealed before comes late.
        pages.take_logs(P, 5, &kept, logs(28..30), 0);
        pages.check((22, 5), (4, 1));
    }

    #[tokio::test]
    async fn the_gaps_of_a_range_are_told() {
        let bench = Bench::new();
        bench.beacon(&format!("{P}.b0"), vec![log("a", &format!("{P}.0"), 1000)], vec![]).await;
        bench.beacon(&format!("{P}.b2"), vec![log("a", &format!("{P}.7"), 1000)], vec![]).await;
        bench.beacon("another's", vec![log("a", "another's", 1000)], vec![]).await;
        let answer = bench.get("/api/gaps?range=15m&service=shop").await.json();
        assert_eq!((&answer["pages"], &answer["pages_with_gaps"]), (&json!(1), &json!(0)));
        assert_eq!(answer["records"], json!({"sent": 2, "missing": 0}));
        assert_eq!(answer["batches"], json!({"sent": 2, "missing": 0}));
        assert_eq!(answer["range"]["bucket_ms"], 30_000);
        assert_eq!(bench.get("/api/gaps?service=blog").await.json()["pages"], 0);
        assert_eq!(bench.get("/api/gaps?range=2h").await.status, 400);
    }
}
