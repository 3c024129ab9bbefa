//! An error as it happened: what counts in the group of its kind. A record that says how often one has happened again counts as
//! often, but tells nothing else.

use crate::attributes::{self, Attributes};
use crate::fingerprint;
use crate::limits;
use crate::record::Record;
use crate::user_agent;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, OptionalExtension, params};
use vitrum_wire::{Key, Name};

/// Sources whose errors are told of sampled sessions only; `errors.rs` of the core says why.
const LIGHT: [&str; 4] = ["resource", "csp", "deprecation", "intervention"];

/// What a record says of one error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Occurrence {
    fingerprint: String,
    /// How often.
    count: f64,
    /// Whether it says what happened, and not only that it happened again.
    is_told: bool,
    /// The page's own errors have none.
    origin: Option<String>,
    /// Whether it made its sender tell of the session, whatever the share is. What has only happened again tells no source.
    pub(crate) is_grave: bool,
    user: Option<String>,
}

impl Occurrence {
    pub(crate) fn of(kind: &str, attributes: &Attributes) -> Option<Self> {
        let is_told = kind == Name::Exception.text();
        if !is_told && kind != Name::ErrorRepeats.text() {
            return None;
        }
        let count = attributes::number(attributes, Key::ErrorCount).filter(|_| !is_told);
        Some(Self {
            // Of what happened again only the sender knows what it was, and of what was too much to be told apart nobody does.
            fingerprint: if is_told { fingerprint::of(attributes) } else { attributes::text(attributes, Key::Fingerprint).unwrap_or_default() },
            count: count.unwrap_or(1.0).clamp(1.0, limits::REPEATS),
            is_told,
            is_grave: !attributes::text(attributes, Key::ErrorSource).is_some_and(|source| LIGHT.contains(&source.as_str())),
            origin: attributes::text(attributes, Key::ErrorOrigin),
            user: attributes::text(attributes, Key::UserHash).or_else(|| attributes::text(attributes, Key::UserId)),
        })
    }

    /// What a repeat weighs: it tells no source, and is of what its group was told of.
    fn weight_as_told(&self, connection: &Connection, record: &Record) -> rusqlite::Result<f64> {
        let sql = "SELECT record.attributes ->> '$.\"vitrum.error.source\"' FROM error_group JOIN record ON record.identity = latest \
                   WHERE error_group.service = ?1 AND fingerprint = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let source: Option<Option<String>> = statement.query_row((&record.source.service, &self.fingerprint), |row| row.get(0)).optional()?;
        let is_light = source.flatten().is_some_and(|source| LIGHT.contains(&source.as_str()));
        Ok(if is_light { record.source.terms.weight(false) } else { record.weight() })
    }

    /// Stores it and what its group has of it. To be called once for each record.
    pub(crate) fn insert(&self, connection: &Connection, record: &Record) -> rusqlite::Result<()> {
        let weight = if self.is_told { record.weight() } else { self.weight_as_told(connection, record)? };
        let mut statement = connection.prepare_cached(
            "INSERT INTO occurrence (record, service, fingerprint, time_ms, is_told, count, weight, session_id, user, version, path, \
             browser) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute(params![
            record.identity,
            record.source.service,
            self.fingerprint,
            record.time_ms,
            self.is_told,
            self.count * weight,
            weight,
            record.session_id,
            self.user,
            record.source.version,
            record.path,
            record.source.browser,
        ])?;
        let mut statement = connection.prepare_cached(
            "INSERT INTO error_group (service, fingerprint, first_ms, first_version, last_ms, latest, latest_ms, origin) \
             VALUES (?1, ?2, ?3, ?4, ?3, ?5, ?6, ?7) ON CONFLICT (service, fingerprint) DO UPDATE SET \
             first_version = iif(excluded.first_ms < first_ms, excluded.first_version, first_version), \
             first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms), \
             origin = iif(excluded.latest_ms >= latest_ms, excluded.origin, origin), \
             latest = iif(excluded.latest_ms >= latest_ms, excluded.latest, latest), latest_ms = max(latest_ms, excluded.latest_ms)",
        )?;
        statement.execute(params![
            record.source.service,
            self.fingerprint,
            record.time_ms,
            record.source.version,
            self.is_told.then_some(&record.identity),
            if self.is_told { record.time_ms } else { 0 },
            self.origin,
        ])?;
        Ok(())
    }
}

/// Deletes what there is of a session; a group goes with the last of its occurrences, and any other is as if this session
/// had never been. To be called while its records are still there.
pub(crate) fn delete_session(connection: &Connection, session_id: &str) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT service, fingerprint FROM occurrence WHERE session_id = ?1")?;
    let groups: Vec<(String, String)> =
        statement.query_map([session_id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    connection.prepare_cached("DELETE FROM occurrence WHERE session_id = ?1")?.execute([session_id])?;
    for (service, fingerprint) in groups {
        for sql in [
            "DELETE FROM error_group WHERE service = ?1 AND fingerprint = ?2 \
             AND NOT EXISTS (SELECT 1 FROM occurrence WHERE service = ?1 AND fingerprint = ?2)",
            // SQLite takes the bare columns from the row of `min`, and of `max`.
            "UPDATE error_group SET (first_ms, first_version) = \
             (SELECT min(time_ms), version FROM occurrence WHERE service = ?1 AND fingerprint = ?2), \
             last_ms = (SELECT max(time_ms) FROM occurrence WHERE service = ?1 AND fingerprint = ?2), \
             (latest, latest_ms) = (SELECT record, coalesce(max(time_ms), 0) FROM occurrence \
             WHERE service = ?1 AND fingerprint = ?2 AND is_told) WHERE service = ?1 AND fingerprint = ?2",
        ] {
            connection.prepare_cached(sql)?.execute([&service, &fingerprint])?;
        }
    }
    Ok(())
}

/// What the step of the schema that makes the tables asks for, of what was stored before.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let fingerprint = |context: &Context<'_>| {
        let attributes: Attributes = serde_json::from_str(&context.get::<String>(0)?).unwrap_or_default();
        Ok(fingerprint::of(&attributes))
    };
    connection.create_scalar_function("fingerprint_of", 1, flags, fingerprint)?;
    let browser = |context: &Context<'_>| Ok(context.get::<Option<String>>(0)?.as_deref().and_then(user_agent::browser));
    connection.create_scalar_function("browser_of", 1, flags, browser)
}
