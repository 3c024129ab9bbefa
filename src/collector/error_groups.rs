//! The list of errors: what has one cause is one group, with how often, to whom, since when and in which releases it happened.

use crate::error_state::State;
use crate::error_sums::{self, Release, Sum};
use crate::limits;
use crate::overview::Range;
use crate::releases;
use crate::summaries::Scope;
use crate::weight::Count;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

#[derive(Debug, Serialize)]
pub(crate) struct Groups {
    range: Range,
    services: Vec<String>,
    /// How many there are of each origin in this range, whatever is listed; `own` is the page's.
    origins: BTreeMap<String, usize>,
    #[serde(rename = "errors")]
    pub(crate) groups: Vec<GroupSummary>,
    /// How many fit what was asked for, of which those listed are the first.
    total: usize,
    /// How often something went wrong of which nothing else is known: it was too much for its page to tell it apart, or what it was
    /// has not arrived.
    unknown: Count,
}

/// Counts are those of the range; what was seen first and last is told whenever it was.
#[derive(Debug, Serialize)]
pub(crate) struct GroupSummary {
    pub(crate) fingerprint: String,
    pub(crate) service: String,
    pub(crate) r#type: String,
    pub(crate) message: String,
    pub(crate) source: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) count: Count,
    pub(crate) sessions: Count,
    /// Of those whom the site has named.
    pub(crate) users: u64,
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    /// First seen within the range.
    pub(crate) is_new: bool,
    /// The latest release, where it was first seen in that, and that is not the only one.
    pub(crate) new_in: Option<String>,
    /// In which it was seen within the range, the latest first.
    pub(crate) releases: Vec<Release>,
    /// How often in each bucket of the range.
    pub(crate) trend: Vec<Count>,
    #[serde(flatten)]
    pub(crate) state: State,
    /// Where it was last.
    path: String,
    view_id: String,
    #[serde(skip)]
    pub(crate) latest: String,
    #[serde(skip)]
    first_version: Option<String>,
}

/// Which of them, in which order.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) origin: Option<String>,
    pub(crate) is_resolved: Option<bool>,
    pub(crate) sort: Sort,
    pub(crate) most: usize,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// Seen last.
    #[default]
    Last,
    /// First seen last.
    First,
    Count,
    Sessions,
    Users,
}

/// How the page's own errors are called where the others are by their origin.
pub(crate) const OWN: &str = "own";

impl Default for Wanted {
    fn default() -> Self {
        Self { origin: None, is_resolved: None, sort: Sort::Last, most: limits::LISTED_ERRORS as usize }
    }
}

/// A group of which nothing was told but that it happened again has no name to list it by.
const GROUPS: &str = "SELECT fingerprint, service, first_ms, first_version, last_ms, origin, latest, resolved_ms, resolved_version \
    FROM error_group WHERE service = ?1 AND fingerprint = ?2 AND latest IS NOT NULL";

impl Groups {
    pub(crate) fn query(scope: &Scope<'_>, wanted: &Wanted) -> rusqlite::Result<Self> {
        let (mut all, mut unknown) = (Vec::new(), Count(0.0));
        for ((service, fingerprint), sum) in error_sums::of_all(scope)? {
            let count = sum.count;
            match GroupSummary::read(scope, &service, &fingerprint, sum)? {
                Some((group, _)) => all.push(group),
                None => unknown.0 += count.0,
            }
        }
        let mut origins = BTreeMap::new();
        for group in &all {
            *origins.entry(group.origin().to_owned()).or_default() += 1;
        }
        let mut groups: Vec<_> = all
            .into_iter()
            .filter(|group| wanted.origin.as_deref().is_none_or(|origin| group.origin() == origin))
            .filter(|group| wanted.is_resolved.is_none_or(|is_resolved| group.state.is_resolved() == is_resolved))
            .collect();
        groups.sort_by(|a, b| wanted.sort.compare(a, b));
        let total = groups.len();
        groups.truncate(wanted.most);
        for group in &mut groups {
            group.complete(scope)?;
        }
        Ok(Self { range: scope.range, services: scope.services()?, origins, groups, total, unknown })
    }
}

impl Sort {
    fn compare(self, a: &GroupSummary, b: &GroupSummary) -> Ordering {
        let count = |a: Count, b: Count| b.0.total_cmp(&a.0);
        let first = match self {
            Self::Last => Ordering::Equal,
            Self::First => b.first_ms.cmp(&a.first_ms),
            Self::Count => count(a.count, b.count),
            Self::Sessions => count(a.sessions, b.sessions),
            Self::Users => b.users.cmp(&a.users).then(count(a.sessions, b.sessions)),
        };
        first.then(b.last_ms.cmp(&a.last_ms)).then_with(|| a.fingerprint.cmp(&b.fingerprint))
    }
}

impl GroupSummary {
    /// One group, also where it did not happen within the range; and what else was summed up.
    pub(crate) fn of(scope: &Scope<'_>, service: &str, fingerprint: &str) -> rusqlite::Result<Option<(Self, Sum)>> {
        let sum = error_sums::of_one(scope, service, fingerprint)?;
        let Some((mut group, sum)) = Self::read(scope, service, fingerprint, sum)? else { return Ok(None) };
        group.complete(scope)?;
        Ok(Some((group, sum)))
    }

    fn read(scope: &Scope<'_>, service: &str, fingerprint: &str, mut sum: Sum) -> rusqlite::Result<Option<(Self, Sum)>> {
        let mut statement = scope.connection.prepare_cached(GROUPS)?;
        let mut rows = statement.query((service, fingerprint))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let resolved = row.get::<_, Option<i64>>(7)?.map(|at_ms| Ok::<_, rusqlite::Error>((at_ms, row.get(8)?))).transpose()?;
        let first_ms = row.get(2)?;
        let group = Self {
            fingerprint: row.get(0)?,
            service: row.get(1)?,
            r#type: String::new(),
            message: String::new(),
            source: None,
            origin: row.get(5)?,
            count: sum.count,
            sessions: sum.sessions,
            users: sum.users,
            first_ms,
            last_ms: row.get(4)?,
            is_new: first_ms >= scope.range.from_ms,
            new_in: None,
            releases: std::mem::take(&mut sum.releases),
            trend: std::mem::take(&mut sum.trend),
            state: State::of(scope.connection, service, fingerprint, resolved)?,
            path: String::new(),
            view_id: String::new(),
            latest: row.get(6)?,
            first_version: row.get(3)?,
        };
        Ok(Some((group, sum)))
    }

    fn origin(&self) -> &str {
        self.origin.as_deref().unwrap_or(OWN)
    }

    /// What only those that are shown need.
    fn complete(&mut self, scope: &Scope<'_>) -> rusqlite::Result<()> {
        let Scope { connection, .. } = scope;
        let sql = "SELECT coalesce(CAST(attributes ->> '$.\"exception.type\"' AS TEXT), ''), \
                   coalesce(CAST(attributes ->> '$.\"exception.message\"' AS TEXT), ''), \
                   CAST(attributes ->> '$.\"vitrum.error.source\"' AS TEXT), coalesce(path, ''), coalesce(view_id, '') \
                   FROM record WHERE identity = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let told = statement.query_row([&self.latest], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)));
        if let Some(told) = told.optional()? {
            (self.r#type, self.message, self.source, self.path, self.view_id) = told;
        }
        let mut known = releases::of(connection, &self.service)?.into_iter();
        let latest = known.next().filter(|_| known.next().is_some());
        self.new_in = latest.filter(|latest| self.first_version.as_ref() == Some(latest));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn the_list_and_one_group_are_answered_by_indexes() {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::schema::migrate(&mut connection).unwrap();
        let plan = |sql: &str| {
            let sql = (1..=5).fold(format!("EXPLAIN QUERY PLAN {sql}"), |sql, at| sql.replace(&format!("?{at}"), "1"));
            let mut statement = connection.prepare(&sql).unwrap();
            let rows = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
            rows.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
        };
        for (sql, index) in [
            ("SELECT time_ms, count, weight, session_id, user, version, service, fingerprint FROM occurrence WHERE time_ms >= 1 AND time_ms < 2 AND (NULL IS NULL OR service = NULL)", "COVERING INDEX occurrence_by_time (time_ms>? AND time_ms<?)"),
            ("SELECT path, total(count) FROM occurrence WHERE time_ms >= 1 AND time_ms < 2 GROUP BY path", "COVERING INDEX occurrence_by_time (time_ms>? AND time_ms<?)"),
            ("SELECT time_ms, count, weight, session_id, user, version, browser, path FROM occurrence WHERE service = 'a' AND fingerprint = 'b' AND time_ms >= 1 AND time_ms < 2", "PRIMARY KEY (service=? AND fingerprint=? AND time_ms>? AND time_ms<?)"),
            (GROUPS, "PRIMARY KEY (service=? AND fingerprint=?)"),
            ("SELECT DISTINCT service, fingerprint FROM occurrence WHERE session_id = 'a'", "COVERING INDEX occurrence_by_session (session_id=?)"),
            ("SELECT service FROM error_group WHERE fingerprint = 'a' ORDER BY last_ms DESC LIMIT 1", "error_group_by_fingerprint (fingerprint=?)"),
            ("SELECT version FROM release WHERE service = 'a' ORDER BY first_ms DESC, version DESC LIMIT 3", "COVERING INDEX release_by_time (service=?)"),
            (crate::error_group::OCCURRENCES, "PRIMARY KEY (service=? AND fingerprint=? AND time_ms>? AND time_ms<?)"),
            (crate::error_group::SHOWN, "PRIMARY KEY (service=? AND fingerprint=? AND time_ms=? AND record=?)"),
        ] {
            let found = plan(sql);
            assert!(found.contains(index) && !found.contains("SCAN"), "{sql}: {found}");
        }
        assert!(!plan(crate::error_group::OCCURRENCES).contains("TEMP B-TREE"), "they lie in the order of time");
    }
}
