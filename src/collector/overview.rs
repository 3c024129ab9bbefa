//! The dashboard's first page: a range of time, and everything that is summed up over it.

use crate::error_groups::{GroupSummary, Groups, Wanted};
use crate::summaries::{Bucket, RouteSummary, Scope, ViewSummary, VitalSummary};
use serde::Serialize;

/// The range as the URL names it, its length and that of a bucket in milliseconds. Some 30 to 60 buckets make a chart.
const RANGES: &[(&str, i64, i64)] = &[
    ("15m", 15 * MINUTE_MS, MINUTE_MS / 2),
    ("1h", 60 * MINUTE_MS, MINUTE_MS),
    ("24h", 24 * 60 * MINUTE_MS, 30 * MINUTE_MS),
    ("7d", 7 * 24 * 60 * MINUTE_MS, 180 * MINUTE_MS),
];

/// Groups of errors here; the page of errors has more.
const LISTED_ERRORS: usize = 10;

const MINUTE_MS: i64 = 60_000;

/// From the first moment to before the last; whole buckets, so that a bar does not change its meaning as time goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Range {
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    pub(crate) bucket_ms: i64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Overview {
    range: Range,
    services: Vec<String>,
    records: u64,
    /// Whether not every session was told, so that what is counted here is estimated, but for records and views.
    is_estimate: bool,
    vitals: Vec<VitalSummary>,
    views_over_time: Vec<Bucket>,
    routes: Vec<RouteSummary>,
    errors: Vec<GroupSummary>,
    views: Vec<ViewSummary>,
}

impl Range {
    /// The range of that name up to now, if there is one.
    pub(crate) fn named(name: &str, now_ms: i64) -> Option<Self> {
        let (_, length_ms, bucket_ms) = *RANGES.iter().find(|range| range.0 == name)?;
        let to_ms = (now_ms.div_euclid(bucket_ms) + 1) * bucket_ms;
        Some(Self { from_ms: to_ms - length_ms, to_ms, bucket_ms })
    }
}

impl Overview {
    /// Over one service, or over all.
    pub(crate) fn query(scope: &Scope<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            range: scope.range,
            services: scope.services()?,
            records: scope.records()?,
            is_estimate: scope.is_estimate()?,
            vitals: scope.vitals()?,
            views_over_time: scope.views_over_time()?,
            routes: scope.routes()?,
            errors: Groups::query(scope, &Wanted { most: LISTED_ERRORS, ..Wanted::default() })?.groups,
            views: scope.views()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_whole_buckets_and_has_now_in_its_last() {
        for (name, length_ms, _) in RANGES {
            let now_ms = 1_800_000_012_345;
            let range = Range::named(name, now_ms).unwrap();
            assert_eq!(range.to_ms - range.from_ms, *length_ms);
            assert_eq!(range.from_ms % range.bucket_ms, 0);
            assert!((range.to_ms - range.bucket_ms..range.to_ms).contains(&now_ms));
            assert!((25..=60).contains(&(length_ms / range.bucket_ms)));
        }
        assert_eq!(Range::named("2h", 0), None);
    }
}
