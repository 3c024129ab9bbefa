//! The releases of a service, and which of two is the later.

use crate::limits;
use crate::record::Record;
use rusqlite::{Connection, OptionalExtension};

/// Keeps when each release was first seen.
pub(crate) fn insert(connection: &Connection, records: &[Record]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO release (service, version, first_ms) VALUES (?1, ?2, ?3) \
         ON CONFLICT (service, version) DO UPDATE SET first_ms = excluded.first_ms WHERE excluded.first_ms < first_ms",
    )?;
    let mut last: Option<(&str, &str, i64)> = None;
    for record in records {
        let Some(version) = record.source.version.as_deref() else { continue };
        let seen = (record.source.service.as_str(), version, record.time_ms);
        // Records come in the order of their time, or nearly so: one write a request.
        if last.is_none_or(|last| (last.0, last.1) != (seen.0, seen.1) || seen.2 < last.2) {
            statement.execute(seen)?;
            last = Some(seen);
        }
    }
    Ok(())
}

/// The latest first.
pub(crate) fn of(connection: &Connection, service: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT version FROM release WHERE service = ?1 ORDER BY first_ms DESC, version DESC LIMIT ?2";
    let mut versions: Vec<String> = connection
        .prepare_cached(sql)?
        .query_map((service, limits::LISTED_RELEASES), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // By their numbers where they have some: the fix of an old release may be published after a newer one.
    if let Some(mut numbered) = versions.iter().map(|version| Some((numbers(version)?, version.clone()))).collect::<Option<Vec<_>>>() {
        numbered.sort_by(|a, b| b.0.cmp(&a.0));
        versions = numbered.into_iter().map(|(_, version)| version).collect();
    }
    Ok(versions)
}

/// Whether something that was mended in one release was seen in a later one. What was seen without a release may be in any, so
/// it is later only than what was mended without one.
pub(crate) fn is_later(connection: &Connection, service: &str, seen: Option<&str>, mended: Option<&str>) -> rusqlite::Result<bool> {
    let Some(mended) = mended else { return Ok(true) };
    let Some(seen) = seen else { return Ok(false) };
    if let (Some(seen), Some(mended)) = (numbers(seen), numbers(mended))
        && seen != mended
    {
        return Ok(seen > mended);
    }
    let first = |version: &str| {
        let mut statement = connection.prepare_cached("SELECT first_ms FROM release WHERE service = ?1 AND version = ?2")?;
        statement.query_row((service, version), |row| row.get::<_, i64>(0)).optional()
    };
    Ok(seen != mended && first(seen)? > first(mended)?)
}

/// `1.12.3` and `v2.0`, as numbers; what follows a hyphen or a plus is left out. Other names, such as hashes, have no order but
/// that of time.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let version = version.strip_prefix('v').unwrap_or(version);
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<_>>>().filter(|numbers| numbers.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn a_release_is_later_by_its_numbers_or_by_when_it_was_first_seen() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        for (version, first_ms) in [("2.0.0", 1), ("1.9.10", 2), ("1.10.0", 3), ("8f3c1a", 10), ("0b77aa", 20), ("2.0.0-b", 30)] {
            let sql = "INSERT INTO release (service, version, first_ms) VALUES ('shop', ?1, ?2)";
            connection.execute(sql, (version, first_ms)).unwrap();
        }
        let later = |seen, mended| is_later(&connection, "shop", seen, mended).unwrap();
        for (seen, mended, expected) in [
            (Some("1.10.0"), Some("1.9.10"), true),
            (Some("1.9.10"), Some("1.10.0"), false),
            (Some("v2.1"), Some("2.0.0"), true),
            (Some("1.10.0"), Some("2.0.0"), false),
            (Some("2.0.0"), Some("2.0.0"), false),
            (Some("2.0.0-b"), Some("2.0.0"), true),
            (Some("0b77aa"), Some("8f3c1a"), true),
            (Some("8f3c1a"), Some("0b77aa"), false),
            (Some("0b77aa"), Some("2.0.0"), true),
            (Some("unseen"), Some("2.0.0"), false),
            (None, Some("2.0.0"), false),
            (None, None, true),
            (Some("1.0.0"), None, true),
        ] {
            assert_eq!(later(seen, mended), expected, "{seen:?} after {mended:?}");
        }
        assert_eq!(of(&connection, "shop").unwrap(), ["2.0.0-b", "0b77aa", "8f3c1a", "1.10.0", "1.9.10", "2.0.0"]);
        connection.execute_batch("DELETE FROM release WHERE version NOT LIKE '%.%'").unwrap();
        assert_eq!(of(&connection, "shop").unwrap()[1..], ["2.0.0".to_owned(), "1.10.0".to_owned(), "1.9.10".to_owned()]);
    }
}
