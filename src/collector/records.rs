//! The records as they are stored, for tests and for who wants to look closer.

use crate::limits;
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde_json::Value;

/// A record, with its attributes and those of its resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoredRecord {
    /// Name of the event, or `span`.
    pub kind: String,
    /// When it happened, in milliseconds since 1970.
    pub time_ms: i64,
    /// `vitrum.view.id`.
    pub view_id: Option<String>,
    /// `session.id`.
    pub session_id: Option<String>,
    /// `url.template`, else `url.path`.
    pub path: Option<String>,
    /// `service.name`.
    pub service: String,
    /// All attributes, as a JSON object.
    pub attributes: Value,
    /// All attributes of the resource, as a JSON object.
    pub resource: Value,
}

/// How many records there are of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct KindCount {
    kind: String,
    count: u64,
}

impl StoredRecord {
    /// The latest first, of one kind or of all; fewer than the limit where their attributes are many megabytes.
    ///
    /// # Errors
    /// Those of the database.
    pub fn latest(connection: &Connection, kind: Option<&str>, limit: u32) -> rusqlite::Result<Vec<Self>> {
        let sql = "SELECT kind, time_ms, view_id, session_id, path, service, attributes, resource FROM record \
                   WHERE (?1 IS NULL OR kind = ?1) ORDER BY time_ms DESC, time_nano DESC, rowid DESC LIMIT ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query((kind, limit))?;
        let (mut records, mut bytes) = (Vec::new(), 0);
        while bytes < limits::LISTED_BYTES
            && let Some(row) = rows.next()?
        {
            bytes += row.get_ref(6)?.as_str()?.len() + row.get_ref(7)?.as_str()?.len();
            records.push(Self::read(row)?);
        }
        Ok(records)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let object =
            |index| Ok::<_, rusqlite::Error>(serde_json::from_str(&row.get::<_, String>(index)?).unwrap_or_default());
        Ok(Self {
            kind: row.get(0)?,
            time_ms: row.get(1)?,
            view_id: row.get(2)?,
            session_id: row.get(3)?,
            path: row.get(4)?,
            service: row.get(5)?,
            attributes: object(6)?,
            resource: object(7)?,
        })
    }
}

impl KindCount {
    pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<Self>> {
        let mut statement =
            connection.prepare_cached("SELECT kind, count(*) FROM record GROUP BY kind ORDER BY kind")?;
        statement.query_map([], |row| Ok(Self { kind: row.get(0)?, count: row.get(1)? }))?.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, attribute, log, logs_of, with};
    use prost::Message;

    #[tokio::test]
    async fn lists_end_at_some_megabytes() {
        let bench =
            Bench::with(|settings, _| (settings.max_body_bytes, settings.max_decompressed_bytes) = (1 << 25, 1 << 25));
        let stack = "x".repeat(limits::STACK_BYTES);
        let navigation = log("browser.navigation", "p", 1);
        let large =
            |n: i64| with(log("a", &format!("p.{n}"), 1000 + n), [attribute("exception.stacktrace", stack.as_str())]);
        let logs = logs_of("shop", std::iter::once(navigation).chain((0..300).map(large)).collect());
        let headers = [("content-type", "application/x-protobuf")];
        bench.post("/v1/logs", &headers, logs.encode_to_vec()).await;
        assert_eq!(bench.store.records(), 301);
        let listed = limits::LISTED_BYTES / limits::STACK_BYTES;
        let records = bench.get("/api/records?limit=1000").await.json()["records"].as_array().unwrap().len();
        assert!((listed - 10..=listed).contains(&records), "{records}");
        let rows = bench.get("/api/views/view").await.json()["rows"].as_array().unwrap().len();
        assert!((listed - 10..=listed + 1).contains(&rows), "{rows}");
    }
}
