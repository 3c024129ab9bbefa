//! Puts a batch into the tables, each record once.

use crate::arrival::{self, Arrival};
use crate::limits;
use crate::record::Record;
use crate::{occurrence, releases};
use rusqlite::{Connection, params};
use vitrum_wire::Name;

/// What one request brings to store.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) records: Vec<Record>,
    /// What it has of its page's numbers, if it is of a page.
    pub(crate) arrival: Option<Arrival>,
}

impl Batch {
    /// Stores what is not stored yet, and says how many records that was. To be called within a transaction.
    pub(crate) fn insert(&self, connection: &Connection) -> rusqlite::Result<u64> {
        if let Some(arrival) = &self.arrival {
            arrival.insert(connection)?;
        }
        let mut stored = 0;
        for record in &self.records {
            if !is_deleted(connection, record)? && insert_record(connection, record)? {
                if record.kind == Name::DeletionRequest.text() {
                    delete_session(connection, record)?;
                }
                insert_vital(connection, record)?;
                if let Some(group) = &record.group {
                    group.insert(connection, record)?;
                }
                if let Some(occurrence) = &record.occurrence {
                    occurrence.insert(connection, record)?;
                }
                stored += 1;
            }
        }
        // Who invents a service for each record gets the first of them only into the list.
        let mut statement =
            connection.prepare_cached("INSERT OR IGNORE INTO service (name) SELECT ?1 WHERE (SELECT count(*) FROM service) < ?2")?;
        let mut last = None;
        for service in self.records.iter().map(|record| record.source.service.as_str()) {
            if last != Some(service) {
                statement.execute((service, limits::LISTED_SERVICES))?;
                last = Some(service);
            }
        }
        releases::insert(connection, &self.records)?;
        Ok(stored)
    }
}

/// Whether its session is one that was to be deleted: also what comes late is not kept.
fn is_deleted(connection: &Connection, record: &Record) -> rusqlite::Result<bool> {
    let Some(session) = &record.session_id else { return Ok(false) };
    let mut statement = connection
        .prepare_cached("SELECT 1 FROM record WHERE session_id = ?1 AND kind = 'vitrum.deletion_request' LIMIT 1")?;
    statement.exists([session])
}

/// Deletes what there is of the session, but for the request itself: it keeps the rest away.
fn delete_session(connection: &Connection, request: &Record) -> rusqlite::Result<()> {
    let Some(session) = &request.session_id else { return Ok(()) };
    arrival::excuse(connection, session)?;
    occurrence::delete_session(connection, session)?;
    for statement in [
        "DELETE FROM vital WHERE record IN (SELECT identity FROM record WHERE session_id = ?1)",
        "DELETE FROM resource_group WHERE view_id IN (SELECT view_id FROM record WHERE session_id = ?1)",
        "DELETE FROM record WHERE session_id = ?1 AND kind <> 'vitrum.deletion_request'",
    ] {
        connection.prepare_cached(statement)?.execute([session])?;
    }
    Ok(())
}

/// Whether the record is new.
fn insert_record(connection: &Connection, record: &Record) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(
        "INSERT OR IGNORE INTO record (identity, kind, time_ms, time_nano, duration_ms, failed, service, version, \
         environment, session_id, view_id, path, trace_id, span_kind, attributes, resource, weight) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    let inserted = statement.execute(params![
        record.identity,
        record.kind,
        record.time_ms,
        record.time_nano,
        record.duration_ms,
        record.failed,
        record.source.service,
        record.source.version,
        record.source.environment,
        record.session_id,
        record.view_id,
        record.path,
        record.trace_id,
        record.span_kind,
        serde_json::Value::Object(record.attributes.clone()).to_string(),
        record.source.resource,
        record.weight(),
    ])?;
    Ok(inserted > 0)
}

/// Of the records of one vital the latest counts, in whatever order they come.
fn insert_vital(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let Some(vital) = &record.vital else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "INSERT INTO vital (id, name, value, time_ms, time_nano, sequence, service, view_id, path, record, weight) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, value = excluded.value, time_ms = excluded.time_ms, \
         time_nano = excluded.time_nano, sequence = excluded.sequence, service = excluded.service, \
         view_id = excluded.view_id, path = excluded.path, record = excluded.record \
         WHERE (excluded.time_nano, excluded.sequence) > (vital.time_nano, vital.sequence)",
    )?;
    statement.execute(params![
        vital.id,
        vital.name,
        vital.value,
        record.time_ms,
        record.time_nano,
        record.sequence,
        record.source.service,
        record.view_id,
        record.path,
        record.identity,
        record.weight(),
    ])?;
    // See `weight::LEAST`: also what is not the latest says so.
    let lighter = "UPDATE vital SET weight = ?2 WHERE id = ?1 AND ?2 > 0.0 AND (weight > ?2 OR weight = 0.0)";
    connection.prepare_cached(lighter)?.execute(params![vital.id, record.weight()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::Admission;
    use crate::schema;
    use crate::testing::{attribute, log, logs_of, vital, with};
    use opentelemetry_proto::tonic::logs::v1::LogRecord;

    fn database() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        connection
    }

    fn batch(logs: Vec<LogRecord>) -> Batch {
        let mut admission = Admission::new(1000, None);
        admission.logs(logs_of("shop", logs));
        Batch { records: admission.finish().0, arrival: None }
    }

    #[test]
    fn a_record_is_stored_once_in_whichever_batch_it_comes() {
        let connection = database();
        let logs = || vec![log("a", "p.1", 1000), log("a", "", 1000)];
        assert_eq!(batch(logs()).insert(&connection), Ok(2));
        assert_eq!(batch(logs()).insert(&connection), Ok(0));
        assert_eq!(batch([logs(), vec![log("a", "p.2", 1000)]].concat()).insert(&connection), Ok(1));
    }

    #[test]
    fn a_session_that_is_to_be_forgotten_is_gone_with_all_that_comes_late() {
        let connection = database();
        let of = |session: &str, uid: &str, name: &str| {
            let mut log = if name == "inp" { vital("inp", uid, 100.0, uid, 1000) } else { log(name, uid, 1000) };
            log.attributes.retain(|attribute| attribute.key != "session.id");
            with(log, [attribute("session.id", session)])
        };
        let logs = vec![of("s", "p.1", "exception"), of("s", "p.2", "inp"), of("t", "q.1", "exception"), of("t", "q.2", "inp")];
        assert_eq!(batch(logs).insert(&connection), Ok(4));
        assert_eq!(batch(vec![of("s", "p.3", "vitrum.deletion_request")]).insert(&connection), Ok(1));
        assert_eq!(batch(vec![of("s", "p.4", "exception"), of("s", "p.2", "inp")]).insert(&connection), Ok(0), "it comes late");
        let all = |statement: &str| connection.prepare(statement).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap();
        assert_eq!(all("SELECT kind FROM record WHERE session_id = 's'"), ["vitrum.deletion_request"]);
        assert_eq!(all("SELECT kind FROM record WHERE session_id = 't' ORDER BY identity"), ["exception", "browser.web_vital"]);
        assert_eq!(all("SELECT id FROM vital"), ["q.2"]);
    }

    #[test]
    fn who_invents_services_fills_no_list() {
        let connection = database();
        for count in 0..limits::LISTED_SERVICES + 50 {
            let mut admission = Admission::new(1000, None);
            admission.logs(logs_of(&format!("s{count}"), vec![log("a", &format!("p.{count}"), 1000)]));
            assert_eq!(Batch { records: admission.finish().0, arrival: None }.insert(&connection), Ok(1));
        }
        let listed: u32 = connection.query_row("SELECT count(*) FROM service", [], |row| row.get(0)).unwrap();
        assert_eq!(listed, limits::LISTED_SERVICES);
    }

    /// A million vitals are not looked through for each record of a session.
    #[test]
    fn who_is_forgotten_is_found_by_an_index() {
        let connection = database();
        let sql = "EXPLAIN QUERY PLAN DELETE FROM vital WHERE record IN (SELECT identity FROM record WHERE session_id = 's')";
        let plan: Vec<String> = connection.prepare(sql).unwrap().query_map([], |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        assert!(plan.iter().any(|step| step.contains("vital_by_record")) && !plan.iter().any(|step| step.starts_with("SCAN")), "{plan:?}");
    }

    #[test]
    fn the_latest_record_of_a_vital_counts_in_any_order() {
        let (early, late) = (vital("inp", "v", 100.0, "p.1", 1000), vital("inp", "v", 50.0, "p.2", 2000));
        let tie = vital("inp", "v", 80.0, "p.10", 2000);
        for order in [[&early, &late, &tie], [&tie, &late, &early], [&late, &tie, &early], [&late, &early, &tie]] {
            let connection = database();
            for record in order {
                batch(vec![record.clone()]).insert(&connection).unwrap();
            }
            let all: (i64, f64) = connection
                .query_row("SELECT count(*), max(value) FROM vital", [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap();
            assert_eq!(all, (1, 80.0));
        }
    }
}
