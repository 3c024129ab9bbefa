//! Whether an error is mended: someone says in which release, and a later one in which it is seen says otherwise.

use crate::releases;
use crate::weight::Count;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

/// What the list and the page of an error show. Its fields stand among those of the group, so their names are their own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum State {
    Open,
    Resolved { resolved_version: Option<String>, resolved_ms: i64 },
    /// It was resolved in one release, and first seen in this later one since.
    Regressed { resolved_version: Option<String>, regressed_version: Option<String>, regressed_ms: i64, regressed_count: Count },
}

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum Change {
    Open,
    /// Without a version where the service says none.
    Resolved { version: Option<String> },
}

impl State {
    /// Of a group that someone said is mended then.
    pub(crate) fn of(
        connection: &Connection,
        service: &str,
        fingerprint: &str,
        resolved: Option<(i64, Option<String>)>,
    ) -> rusqlite::Result<Self> {
        let Some((resolved_ms, mended)) = resolved else { return Ok(Self::Open) };
        let sql = "SELECT version, min(time_ms), total(count) FROM occurrence \
                   WHERE service = ?1 AND fingerprint = ?2 AND time_ms > ?3 GROUP BY version ORDER BY 2";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query((service, fingerprint, resolved_ms))?;
        let mut again: Option<(Option<String>, i64)> = None;
        let mut count = 0.0;
        while let Some(row) = rows.next()? {
            let version: Option<String> = row.get(0)?;
            if releases::is_later(connection, service, version.as_deref(), mended.as_deref())? {
                count += row.get::<_, f64>(2)?;
                let at_ms = row.get(1)?;
                again.get_or_insert((version, at_ms));
            }
        }
        Ok(match again {
            None => Self::Resolved { resolved_version: mended, resolved_ms },
            Some((regressed_version, regressed_ms)) => {
                Self::Regressed { resolved_version: mended, regressed_version, regressed_ms, regressed_count: Count(count) }
            }
        })
    }

    pub(crate) fn is_resolved(&self) -> bool {
        matches!(self, Self::Resolved { .. })
    }
}

impl Change {
    /// Makes it so; false where there is no such group.
    pub(crate) fn make(&self, connection: &Connection, service: &str, fingerprint: &str, now_ms: i64) -> rusqlite::Result<bool> {
        let sql = "UPDATE error_group SET resolved_ms = ?3, resolved_version = ?4 WHERE service = ?1 AND fingerprint = ?2";
        let (at_ms, version) = match self {
            Self::Open => (None, None),
            Self::Resolved { version } => (Some(now_ms), version.as_deref().filter(|version| !version.is_empty())),
        };
        Ok(connection.prepare_cached(sql)?.execute((service, fingerprint, at_ms, version))? > 0)
    }
}

/// The service that is meant: the one that is named, or else the one that had this error last.
pub(crate) fn service_of(connection: &Connection, fingerprint: &str, named: Option<&str>) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT service FROM error_group WHERE fingerprint = ?1 AND (?2 IS NULL OR service = ?2) ORDER BY last_ms DESC LIMIT 1";
    connection.prepare_cached(sql)?.query_row((fingerprint, named), |row| row.get(0)).optional()
}
