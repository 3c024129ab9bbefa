//! One error: whom it happens to, and one occurrence in full, with its stack as it was written.

use crate::attributes::Attributes;
use crate::error_groups::GroupSummary;
use crate::error_sums::Share;
use crate::limits;
use crate::releases;
use crate::resolved::{Resolved, Stack};
use crate::summaries::Scope;
use crate::trace::SpanId;
use rusqlite::{OptionalExtension, Row as SqlRow};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use vitrum_wire::Key;

#[derive(Debug, Serialize)]
pub(crate) struct ErrorGroup {
    range: crate::overview::Range,
    #[serde(flatten)]
    summary: GroupSummary,
    /// Of the service, the latest first: in which it may be said to be mended.
    known_releases: Vec<String>,
    browsers: Vec<Share>,
    routes: Vec<Share>,
    /// Flags and cohorts of the latest occurrences.
    flags: Vec<Flag>,
    cohorts: Vec<Flag>,
    /// Of how many occurrences those are.
    sample: usize,
    /// The latest first.
    occurrences: Vec<Happened>,
    shown: Option<Shown>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Flag {
    name: String,
    value: String,
    count: usize,
}

/// One of the list.
#[derive(Debug, Serialize)]
struct Happened {
    record: String,
    time_ms: i64,
    path: Option<String>,
    view_id: Option<String>,
    session_id: Option<String>,
    trace_id: Option<String>,
    user: Option<String>,
    version: Option<String>,
    browser: Option<String>,
    #[serde(skip)]
    told: (Attributes, Attributes),
}

/// The one that is shown.
#[derive(Debug, Serialize)]
struct Shown {
    record: String,
    time_ms: i64,
    /// Since the page's time origin, by which its breadcrumbs are timed; only where its page told of that.
    page_ms: Option<f64>,
    view_id: Option<String>,
    session_id: Option<String>,
    span: Option<SpanId>,
    path: Option<String>,
    version: Option<String>,
    environment: Option<String>,
    #[serde(serialize_with = "whole")]
    stack: Arc<Stack>,
    breadcrumbs: String,
    /// All else that it says.
    attributes: Attributes,
    resource: Attributes,
}

fn whole<S: Serializer>(stack: &Arc<Stack>, serializer: S) -> Result<S::Ok, S::Error> {
    stack.serialize(serializer)
}

impl ErrorGroup {
    /// With the occurrence that is named, or else the latest.
    pub(crate) fn query(
        scope: &Scope<'_>,
        service: &str,
        fingerprint: &str,
        record: Option<&str>,
        resolved: &Resolved,
    ) -> rusqlite::Result<Option<Self>> {
        let Some((summary, sum)) = GroupSummary::of(scope, service, fingerprint)? else { return Ok(None) };
        let asked = Asked { scope, service, fingerprint };
        let occurrences = asked.occurrences()?;
        let latest = record.unwrap_or(&summary.latest);
        let shown = asked.shown(latest, resolved)?;
        Ok(Some(Self {
            range: scope.range,
            known_releases: releases::of(scope.connection, service)?,
            browsers: sum.browsers,
            routes: sum.routes,
            flags: flags(&occurrences, |told| &told.0, Key::Flag),
            cohorts: flags(&occurrences, |told| &told.1, Key::Cohort),
            sample: occurrences.len(),
            summary,
            occurrences,
            shown,
        }))
    }
}

/// The latest of a group within a range.
pub(crate) const OCCURRENCES: &str = "SELECT record, occurrence.time_ms, occurrence.path, view_id, occurrence.session_id, trace_id, \
    user, occurrence.version, browser, attributes, resource FROM occurrence JOIN record ON record.identity = occurrence.record \
    WHERE occurrence.service = ?1 AND fingerprint = ?2 AND occurrence.time_ms >= ?3 AND occurrence.time_ms < ?4 AND is_told \
    ORDER BY occurrence.time_ms DESC LIMIT ?5";

/// One record, if it is of the group.
pub(crate) const SHOWN: &str = "SELECT identity, record.time_ms, time_nano, view_id, record.session_id, record.path, record.version, \
    environment, attributes, resource FROM record JOIN occurrence ON occurrence.service = ?2 AND fingerprint = ?3 \
    AND occurrence.time_ms = record.time_ms AND occurrence.record = record.identity WHERE record.identity = ?1 AND is_told";

/// Which group, and when.
struct Asked<'a> {
    scope: &'a Scope<'a>,
    service: &'a str,
    fingerprint: &'a str,
}

impl Asked<'_> {
    fn occurrences(&self) -> rusqlite::Result<Vec<Happened>> {
        let range = self.scope.range;
        let mut statement = self.scope.connection.prepare_cached(OCCURRENCES)?;
        let given = (self.service, self.fingerprint, range.from_ms, range.to_ms, limits::LISTED_OCCURRENCES);
        let mut rows = statement.query(given)?;
        let (mut found, mut left_bytes) = (Vec::new(), limits::LISTED_BYTES);
        while left_bytes > 0
            && let Some(row) = rows.next()?
        {
            let (told, of) = (row.get_ref(9)?.as_str()?, row.get_ref(10)?.as_str()?);
            left_bytes = left_bytes.saturating_sub(told.len() + of.len());
            found.push(Happened {
                record: row.get(0)?,
                time_ms: row.get(1)?,
                path: row.get(2)?,
                view_id: row.get(3)?,
                session_id: row.get(4)?,
                trace_id: row.get(5)?,
                user: row.get(6)?,
                version: row.get(7)?,
                browser: row.get(8)?,
                told: (serde_json::from_str(told).unwrap_or_default(), serde_json::from_str(of).unwrap_or_default()),
            });
        }
        Ok(found)
    }

    /// Nothing where the record is not of this group.
    fn shown(&self, record: &str, resolved: &Resolved) -> rusqlite::Result<Option<Shown>> {
        let read = |row: &SqlRow<'_>| {
            let object = |at| Ok::<Attributes, rusqlite::Error>(serde_json::from_str(&row.get::<_, String>(at)?).unwrap_or_default());
            let shown = Shown {
                record: row.get(0)?,
                time_ms: row.get(1)?,
                page_ms: None,
                view_id: row.get(3)?,
                session_id: row.get(4)?,
                span: None,
                path: row.get(5)?,
                version: row.get(6)?,
                environment: row.get(7)?,
                stack: Arc::default(),
                breadcrumbs: String::new(),
                attributes: object(8)?,
                resource: object(9)?,
            };
            Ok((shown, row.get::<_, i64>(2)?))
        };
        let given = (record, self.service, self.fingerprint);
        let Some((mut shown, time_nano)) = self.scope.connection.prepare_cached(SHOWN)?.query_row(given, read).optional()? else {
            return Ok(None);
        };
        let mut take = |key: Key| match shown.attributes.remove(key.text()) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (stack, breadcrumbs) = (take(Key::ExceptionStack), take(Key::Breadcrumbs));
        shown.stack = resolved.stack(self.scope.connection, &shown.record, self.service, shown.version.as_deref(), &stack)?;
        shown.breadcrumbs = breadcrumbs;
        shown.span = SpanId::own(&shown.attributes);
        shown.page_ms = self.origin_nano(&shown.record)?.map(|origin| (time_nano - origin) as f64 / 1e6);
        Ok(Some(shown))
    }

    /// The time origin of the page that a record is of: the first of its navigations says it.
    fn origin_nano(&self, record: &str) -> rusqlite::Result<Option<i64>> {
        let Some((page, _)) = record.strip_prefix("log:").and_then(|uid| uid.rsplit_once('.')) else { return Ok(None) };
        let sql = "SELECT time_nano FROM record WHERE identity >= ?1 AND identity < ?2 AND kind = 'browser.navigation' \
                   AND attributes -> '$.\"browser.navigation.same_document\"' IS NOT 'true' ORDER BY time_nano LIMIT 1";
        // The sign after the dot.
        let range = (format!("log:{page}."), format!("log:{page}/"));
        self.scope.connection.prepare_cached(sql)?.query_row(range, |row| row.get(0)).optional()
    }
}

/// Each name and value under a prefix, the most frequent first.
fn flags(occurrences: &[Happened], of: fn(&(Attributes, Attributes)) -> &Attributes, prefix: Key) -> Vec<Flag> {
    let prefix = format!("{}.", prefix.text());
    let mut counts = BTreeMap::<(String, String), usize>::new();
    for (key, value) in occurrences.iter().flat_map(|happened| of(&happened.told)) {
        if let Some(name) = key.strip_prefix(&prefix) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            *counts.entry((name.to_owned(), value)).or_default() += 1;
        }
    }
    let mut flags: Vec<_> = counts.into_iter().map(|((name, value), count)| Flag { name, value, count }).collect();
    flags.sort_by_key(|flag| Reverse(flag.count));
    flags.truncate(limits::LISTED_VALUES as usize);
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes;
    use crate::testing::attribute;

    #[test]
    fn flags_are_counted_by_name_and_value() {
        let happened = |told: Vec<_>| Happened {
            record: String::new(),
            time_ms: 0,
            path: None,
            view_id: None,
            session_id: None,
            trace_id: None,
            user: None,
            version: None,
            browser: None,
            told: (attributes::to_json(told).unwrap(), Attributes::new()),
        };
        let on = || happened(vec![attribute("vitrum.flag.cart", "new"), attribute("vitrum.flag.dark", true), attribute("vitrum.flagged", 1i64)]);
        let all = [on(), on(), happened(vec![attribute("vitrum.flag.cart", "old")])];
        let flag = |name: &str, value: &str, count| Flag { name: name.to_owned(), value: value.to_owned(), count };
        assert_eq!(flags(&all, |told| &told.0, Key::Flag), [flag("cart", "new", 2), flag("dark", "true", 2), flag("cart", "old", 1)]);
        assert_eq!(flags(&all, |told| &told.1, Key::Cohort), []);
    }
}
