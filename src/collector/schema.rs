//! The tables, and how an older file becomes a newer one.

use crate::occurrence;
use rusqlite::Connection;

/// One step a version; `user_version` says how many a file has seen. Steps are only ever added.
const STEPS: &[&str] = &[
    "
    -- identity: 'log:' and log.record.uid, 'span:' and both ids, or 'hash:' and the hash of a record without an id.
    -- time_ms is never implausible; time_nano is what the record's own clock said, and orders the records of a page.
    CREATE TABLE record (
        identity TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        time_ms INTEGER NOT NULL,
        time_nano INTEGER NOT NULL,
        duration_ms REAL NOT NULL,
        failed INTEGER NOT NULL,
        service TEXT NOT NULL,
        version TEXT,
        environment TEXT,
        session_id TEXT,
        view_id TEXT,
        path TEXT,
        attributes TEXT NOT NULL,
        resource TEXT NOT NULL
    ) STRICT;
    CREATE INDEX record_by_kind ON record (kind, time_ms, service, path, session_id);
    CREATE INDEX record_by_time ON record (time_ms, service);
    CREATE INDEX record_by_view ON record (view_id, kind, failed) WHERE view_id IS NOT NULL;

    CREATE TABLE vital (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        value REAL NOT NULL,
        time_ms INTEGER NOT NULL,
        time_nano INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        service TEXT NOT NULL,
        view_id TEXT,
        path TEXT,
        record TEXT NOT NULL REFERENCES record (identity)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX vital_by_name ON vital (name, time_ms, service, path, value);
    CREATE INDEX vital_by_view ON vital (view_id, name, value) WHERE view_id IS NOT NULL;

    CREATE TABLE batch (id TEXT NOT NULL PRIMARY KEY, received_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE service (name TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
",
    "
    -- Records are known by themselves: a batch that comes again may bring some that were not in it before.
    DROP TABLE batch;
",
    "
    -- span_kind: in OpenTelemetry's words; spans of pages were requests before there were others.
    ALTER TABLE record ADD COLUMN trace_id TEXT;
    ALTER TABLE record ADD COLUMN span_kind TEXT;
    UPDATE record SET trace_id = CAST(attributes ->> '$.trace_id' AS TEXT), span_kind = iif(view_id IS NULL, NULL, 'client')
        WHERE kind = 'span';
    DROP INDEX record_by_view;
    CREATE INDEX record_by_view ON record (view_id, kind, span_kind, failed) WHERE view_id IS NOT NULL;
    -- Who asks for a trace asks for its spans, or for the view that began it.
    CREATE INDEX record_by_trace ON record (trace_id, kind) WHERE kind = 'span' OR kind = 'browser.navigation';

    CREATE TABLE resource_group (
        view_id TEXT NOT NULL,
        origin TEXT NOT NULL,
        initiator TEXT NOT NULL,
        time_ms INTEGER NOT NULL,
        time_nano INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        service TEXT NOT NULL,
        count INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        transfer_bytes INTEGER NOT NULL,
        longest_ms REAL NOT NULL,
        blocking_ms REAL NOT NULL,
        PRIMARY KEY (view_id, origin, initiator)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX resource_group_by_time ON resource_group (time_ms, service);
",
    "
    CREATE INDEX record_by_session ON record (session_id) WHERE session_id IS NOT NULL;
    CREATE INDEX record_by_deletion ON record (session_id) WHERE kind = 'vitrum.deletion_request';
",
    "
    -- weight: how many of its kind a record stands for (weight.rs). What was stored before is weighed by its resource.
    ALTER TABLE record ADD COLUMN weight REAL NOT NULL DEFAULT 1.0;
    ALTER TABLE vital ADD COLUMN weight REAL NOT NULL DEFAULT 1.0;
    ALTER TABLE resource_group ADD COLUMN weight REAL NOT NULL DEFAULT 1.0;
    UPDATE record SET weight = CASE
            WHEN kind = 'exception' OR (kind = 'span' AND failed) THEN 1.0
            WHEN resource ->> '$.\"vitrum.sample.kept\"' IS NOT NULL THEN 0.0
            WHEN resource ->> '$.\"vitrum.sample.rate\"' BETWEEN 0.000001 AND 1.0 THEN 1.0 / (resource ->> '$.\"vitrum.sample.rate\"')
            ELSE 1.0 END
        WHERE resource LIKE '%vitrum.sample.%';
    UPDATE vital SET weight = (SELECT weight FROM record WHERE identity = vital.record)
        WHERE record IN (SELECT identity FROM record WHERE weight <> 1.0);
    UPDATE resource_group SET weight = (SELECT max(weight) FROM record
            WHERE record.view_id = resource_group.view_id AND kind = 'vitrum.resource_group')
        WHERE view_id IN (SELECT view_id FROM record WHERE weight <> 1.0 AND kind = 'vitrum.resource_group');
    DROP INDEX record_by_kind;
    CREATE INDEX record_by_kind ON record (kind, time_ms, service, path, session_id, view_id, weight);
    DROP INDEX vital_by_name;
    CREATE INDEX vital_by_name ON vital (name, time_ms, service, path, value, weight);
    -- Whether counts are estimates is asked with each overview, and mostly of sites that tell all.
    CREATE INDEX record_by_estimate ON record (time_ms, service) WHERE weight <> 1.0;
",
    "
    -- page: which numbers of its records and batches have come (arrival.rs), as runs. Where a session was not sampled, none
    -- before the first that was kept is expected. time_ms: when it was last heard of.
    CREATE TABLE page (
        id TEXT NOT NULL PRIMARY KEY,
        service TEXT NOT NULL,
        time_ms INTEGER NOT NULL,
        records TEXT NOT NULL DEFAULT '[]',
        batches TEXT NOT NULL DEFAULT '[]',
        records_from INTEGER,
        batches_from INTEGER,
        records_told INTEGER NOT NULL DEFAULT 0,
        batches_told INTEGER NOT NULL DEFAULT 0,
        has_gap INTEGER NOT NULL DEFAULT 0,
        is_excused INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX page_by_time ON page (time_ms, service, records_told, batches_told);
    CREATE INDEX page_by_gap ON page (time_ms, service) WHERE has_gap;
    -- Of pages that began to tell before there was this table, nobody counted the first.
    INSERT INTO page (id, service, time_ms, is_excused)
        SELECT substr(identity, 5, 16), service, max(time_ms), 1 FROM record
        WHERE identity LIKE 'log:________________.%' GROUP BY 1;
",
    "
    -- occurrence: what counts of an error, one row for each record that tells of one, or of how often it has happened again
    -- (is_told is false then). Sums over a range are made of these rows, so whatever is deleted is out of every sum;
    -- those of one group lie together, in the order of time.
    CREATE TABLE occurrence (
        service TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        time_ms INTEGER NOT NULL,
        record TEXT NOT NULL,
        is_told INTEGER NOT NULL,
        count REAL NOT NULL,
        weight REAL NOT NULL,
        session_id TEXT,
        user TEXT,
        version TEXT,
        path TEXT,
        browser TEXT,
        PRIMARY KEY (service, fingerprint, time_ms, record)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX occurrence_by_time ON occurrence (time_ms, service, fingerprint, session_id, user, count, weight, version, path);
    CREATE INDEX occurrence_by_session ON occurrence (session_id, service, fingerprint) WHERE session_id IS NOT NULL;

    -- first_ms outlives the records, so that an old error is not new. latest: the record that told of it last; of one that only
    -- happened again so far there is none. resolved_ms: when someone said that it is mended, and in which release.
    CREATE TABLE error_group (
        service TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        first_ms INTEGER NOT NULL,
        first_version TEXT,
        last_ms INTEGER NOT NULL,
        latest TEXT,
        latest_ms INTEGER NOT NULL,
        origin TEXT,
        resolved_ms INTEGER,
        resolved_version TEXT,
        PRIMARY KEY (service, fingerprint)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX error_group_by_fingerprint ON error_group (fingerprint, last_ms);

    CREATE TABLE release (
        service TEXT NOT NULL,
        version TEXT NOT NULL,
        first_ms INTEGER NOT NULL,
        PRIMARY KEY (service, version)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX release_by_time ON release (service, first_ms);
    INSERT INTO release SELECT service, version, min(time_ms) FROM record WHERE version IS NOT NULL GROUP BY 1, 2;

    INSERT INTO occurrence SELECT service, fingerprint_of(attributes), time_ms, identity, 1, weight, weight, session_id,
        CAST(coalesce(attributes ->> '$.\"user.hash\"', attributes ->> '$.\"user.id\"') AS TEXT), version, path,
        browser_of(CAST(resource ->> '$.\"user_agent.original\"' AS TEXT)) FROM record WHERE kind = 'exception';
    -- SQLite takes the bare columns from the row of `min`, or of `max`, where there is but one of them.
    INSERT INTO error_group (service, fingerprint, first_ms, first_version, last_ms, latest_ms)
        SELECT service, fingerprint, min(time_ms), version, 0, 0 FROM occurrence GROUP BY 1, 2;
    UPDATE error_group SET (last_ms, latest_ms, latest) = (SELECT max(time_ms), time_ms, record FROM occurrence
        WHERE occurrence.service = error_group.service AND occurrence.fingerprint = error_group.fingerprint);
    UPDATE error_group SET origin =
        (SELECT CAST(attributes ->> '$.\"vitrum.error.origin\"' AS TEXT) FROM record WHERE identity = error_group.latest);
",
    "
    -- Maps and what they are of, deflated. file: how the upload calls the script, see source_maps.rs. service: '' is any.
    CREATE TABLE source_map (
        release TEXT NOT NULL,
        service TEXT NOT NULL,
        file TEXT NOT NULL,
        map BLOB NOT NULL,
        script BLOB,
        uploaded_ms INTEGER NOT NULL,
        PRIMARY KEY (release, service, file)
    ) STRICT;
    CREATE INDEX source_map_by_size ON source_map (release, uploaded_ms, length(map) + coalesce(length(script), 0));
",
    "
    -- is_told: whether the agent has said this sum, or it is what the resources told so far add up to.
    ALTER TABLE resource_group ADD COLUMN is_told INTEGER NOT NULL DEFAULT 1;
",
    "
    -- Who is forgotten has the vitals of their records looked for, also by the database itself, as they refer to them.
    CREATE INDEX vital_by_record ON vital (record);
",
];

/// Brings the file to the newest version.
pub(crate) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    occurrence::register(connection)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let seen: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if seen > STEPS.len() {
        let newer =
            format!("the file is of version {seen}, newer than this collector's {}; update the collector", STEPS.len());
        return Err(rusqlite::Error::ToSqlConversionFailure(newer.into()));
    }
    for step in STEPS.iter().skip(seen) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len())?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_brought_up_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        let version: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, STEPS.len());
    }

    #[test]
    fn a_file_of_the_first_version_keeps_its_records() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection.execute_batch("INSERT INTO service VALUES ('shop'); INSERT INTO batch VALUES ('b', 1)").unwrap();
        migrate(&mut connection).unwrap();
        let name: String = connection.query_row("SELECT name FROM service", [], |row| row.get(0)).unwrap();
        assert_eq!(name, "shop");
        assert!(!connection.table_exists(None, "batch").unwrap());
    }

    #[test]
    fn the_spans_of_the_second_version_are_found_by_their_trace() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&STEPS[..2].concat()).unwrap();
        connection.pragma_update(None, "user_version", 2).unwrap();
        for (identity, view_id, attributes) in [
            ("'a'", "'view'", r#"'{"trace_id":"t1"}'"#),
            ("'b'", "NULL", r#"'{"trace_id":"t1"}'"#),
            ("'c'", "'view'", "'{}'"),
        ] {
            let values = format!("{identity}, 'span', 1, 1, 0.0, 0, 'shop', {view_id}, {attributes}, '{{}}'");
            let columns =
                "identity, kind, time_ms, time_nano, duration_ms, failed, service, view_id, attributes, resource";
            connection.execute_batch(&format!("INSERT INTO record ({columns}) VALUES ({values})")).unwrap();
        }
        migrate(&mut connection).unwrap();
        let sql = "SELECT group_concat(identity || coalesce(span_kind, '-')) FROM record WHERE kind = 'span' AND trace_id = 't1'";
        let found: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, "aclient,b-");
        let plan: String = connection.query_row(&["EXPLAIN QUERY PLAN ", sql].concat(), [], |row| row.get(3)).unwrap();
        assert!(plan.contains("record_by_trace"), "{plan}");
    }

    #[test]
    fn what_the_fourth_version_stored_is_weighed_by_its_resource() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&STEPS[..4].concat()).unwrap();
        connection.pragma_update(None, "user_version", 4).unwrap();
        for (identity, kind, failed, resource) in [
            ("a", "browser.web_vital", 0, r#"{"vitrum.sample.rate":0.25}"#),
            ("b", "exception", 1, r#"{"vitrum.sample.rate":0.25}"#),
            ("c", "span", 1, r#"{"vitrum.sample.kept":"error"}"#),
            ("d", "browser.web_vital", 0, r#"{"vitrum.sample.kept":"error"}"#),
            ("e", "browser.web_vital", 0, r#"{"service.name":"shop"}"#),
            ("f", "browser.web_vital", 0, r#"{"vitrum.sample.rate":0}"#),
            ("g", "vitrum.resource_group", 0, r#"{"vitrum.sample.rate":0.5}"#),
        ] {
            let sql = "INSERT INTO record (identity, kind, time_ms, time_nano, duration_ms, failed, service, view_id, attributes, \
                       resource) VALUES (?1, ?2, 1, 1, 0.0, ?3, 'shop', ?1, '{}', ?4)";
            connection.execute(sql, (identity, kind, failed, resource)).unwrap();
            let vital = "INSERT INTO vital (id, name, value, time_ms, time_nano, sequence, service, record) \
                         SELECT ?1, 'lcp', 1.0, 1, 1, 0, 'shop', ?1 WHERE ?2 = 'browser.web_vital'";
            connection.execute(vital, (identity, kind)).unwrap();
        }
        connection.execute_batch("INSERT INTO resource_group VALUES ('g', 'o', '', 1, 1, 0, 'shop', 1, 0, 0, 0.0, 0.0)").unwrap();
        migrate(&mut connection).unwrap();
        let all = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let weights = "SELECT group_concat(identity || weight, ' ' ORDER BY identity) FROM record";
        assert_eq!(all(weights), "a4.0 b1.0 c1.0 d0.0 e1.0 f1.0 g2.0");
        assert_eq!(all("SELECT group_concat(id || weight, ' ' ORDER BY id) FROM vital"), "a4.0 d0.0 e1.0 f1.0");
        assert_eq!(all("SELECT CAST(weight AS TEXT) FROM resource_group"), "2.0");
        let plan: String = connection
            .query_row("EXPLAIN QUERY PLAN SELECT 1 FROM record WHERE weight <> 1.0 AND time_ms >= 1 AND time_ms < 2", [], |row| row.get(3))
            .unwrap();
        assert!(plan.contains("record_by_estimate"), "{plan}");
    }

    #[test]
    fn pages_from_before_they_were_counted_have_no_gaps() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&STEPS[..5].concat()).unwrap();
        connection.pragma_update(None, "user_version", 5).unwrap();
        for identity in ["log:00000000000000aa.7", "log:00000000000000aa.8", "log:p.1", "hash:00000000000000bb.1", "span:1:2"] {
            let sql = "INSERT INTO record (identity, kind, time_ms, time_nano, duration_ms, failed, service, attributes, resource) \
                       VALUES (?1, 'a', 1, 1, 0.0, 0, 'shop', '{}', '{}')";
            connection.execute(sql, [identity]).unwrap();
        }
        migrate(&mut connection).unwrap();
        let found: String = connection.query_row("SELECT group_concat(id || is_excused) FROM page", [], |row| row.get(0)).unwrap();
        assert_eq!(found, "00000000000000aa1");
    }

    #[test]
    fn the_errors_of_the_sixth_version_are_in_groups() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&STEPS[..6].concat()).unwrap();
        connection.pragma_update(None, "user_version", 6).unwrap();
        for (identity, time_ms, kind, version, message) in [
            ("a", 30, "exception", "1.0", "x is 1"),
            ("b", 10, "exception", "0.9", "x is 2"),
            ("c", 20, "exception", "1.0", "gone"),
            ("d", 5, "session.start", "0.8", ""),
        ] {
            let sql = "INSERT INTO record (identity, kind, time_ms, time_nano, duration_ms, failed, service, version, session_id, path, \
                       attributes, resource) VALUES (?1, ?2, ?3, 1, 0.0, 0, 'shop', ?4, 's', '/', ?5, ?6)";
            let attributes = serde_json::json!({"exception.message": message, "user.hash": "u", "vitrum.error.origin": "extension"});
            let resource = r#"{"user_agent.original":"Mozilla/5.0 Firefox/153.0"}"#;
            connection.execute(sql, (identity, kind, time_ms, version, attributes.to_string(), resource)).unwrap();
        }
        migrate(&mut connection).unwrap();
        let all = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let groups = "SELECT group_concat(concat_ws(' ', first_ms, first_version, last_ms, latest, latest_ms, origin), ', ' ORDER BY first_ms) FROM error_group";
        assert_eq!(all(groups), "10 0.9 30 a 30 extension, 20 1.0 20 c 20 extension");
        let told = "SELECT group_concat(concat_ws(' ', record, time_ms, is_told, count, weight, session_id, user, version, path, browser), ', ' ORDER BY record) FROM occurrence";
        assert_eq!(all(told), "a 30 1 1.0 1.0 s u 1.0 / Firefox 153, b 10 1 1.0 1.0 s u 0.9 / Firefox 153, c 20 1 1.0 1.0 s u 1.0 / Firefox 153");
        assert_eq!(all("SELECT group_concat(version || first_ms, ' ' ORDER BY first_ms) FROM release"), "0.85 0.910 1.020");
    }

    #[test]
    fn a_file_from_the_future_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", STEPS.len() + 1).unwrap();
        let error = migrate(&mut connection).unwrap_err().to_string();
        assert!(error.contains("newer than this collector's"), "{error}");
    }
}
