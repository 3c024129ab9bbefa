//! Which numbers of its page a beacon brings. Whoever counts finds what did not arrive (`gaps.rs`).

use crate::limits;
use crate::runs::Runs;
use crate::weight::Terms;
use crate::{attributes, identity};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use rusqlite::{Connection, OptionalExtension, params};
use vitrum_wire::beacon::Beacon;

/// The numbers of one batch. It has arrived whatever becomes of its records: also what admission leaves out, what is of a
/// session that was deleted, and what was there before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    pub(crate) page: String,
    pub(crate) service: String,
    /// A batch from before the agent was there has none.
    pub(crate) batch: Option<u32>,
    pub(crate) records: Vec<u32>,
    /// Whether it is of a session that is not sampled: of that, only the last before an error is told.
    pub(crate) is_kept: bool,
    pub(crate) received_ms: i64,
}

impl Arrival {
    /// Nothing where the batch's id is not one of the agent.
    pub(crate) fn of(beacon: &Beacon, received_ms: i64) -> Option<Self> {
        let (page, batch) = numbered(&beacon.batch_id, ".b")?;
        let logs = || beacon.logs.iter().flat_map(|logs| &logs.resource_logs);
        let spans = beacon.traces.iter().flat_map(|traces| &traces.resource_spans);
        let resource = logs().map(|logs| &logs.resource).chain(spans.map(|spans| &spans.resource)).flatten().next();
        let attributes = attributes::to_json(resource.map(|resource| resource.attributes.clone()).unwrap_or_default());
        let source = crate::record::Source::new(attributes.unwrap_or_default());
        let number = |log: &LogRecord| numbered(identity::uid(log)?, ".").filter(|(of, _)| *of == page).map(|(_, number)| number);
        let records = logs().flat_map(|logs| &logs.scope_logs).flat_map(|scope| &scope.log_records).filter_map(number).collect();
        let is_kept = source.terms == Terms::Kept;
        Some(Self { page: page.to_owned(), service: source.service, batch: Some(batch), records, is_kept, received_ms })
    }

    /// Adds the numbers to those of the page: one row is read and written for each beacon.
    pub(crate) fn insert(&self, connection: &Connection) -> rusqlite::Result<()> {
        let known = connection
            .prepare_cached("SELECT records, batches, records_from, batches_from FROM page WHERE id = ?1")?
            .query_row([&self.page], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let (mut records, mut batches, mut records_from, mut batches_from): (Runs, Runs, _, _) = known.unwrap_or_default();
        self.records.iter().for_each(|number| records.add(*number, self.received_ms));
        self.batch.iter().for_each(|number| batches.add(*number, self.received_ms));
        if self.is_kept {
            lower(&mut records_from, self.records.iter().min());
            lower(&mut batches_from, self.batch.iter().min());
        }
        let missing = records.missing(records_from.unwrap_or_default(), i64::MAX)
            + batches.missing(batches_from.unwrap_or_default(), i64::MAX);
        connection
            .prepare_cached(
                "INSERT INTO page (id, service, time_ms, records, batches, records_from, batches_from, records_told, \
                 batches_told, has_gap) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
                 ON CONFLICT (id) DO UPDATE SET time_ms = max(time_ms, excluded.time_ms), records = excluded.records, \
                 batches = excluded.batches, records_from = excluded.records_from, batches_from = excluded.batches_from, \
                 records_told = excluded.records_told, batches_told = excluded.batches_told, \
                 has_gap = excluded.has_gap AND NOT is_excused",
            )?
            .execute(params![
                self.page,
                self.service,
                self.received_ms,
                records,
                batches,
                records_from,
                batches_from,
                records.count(),
                batches.count(),
                missing > 0,
            ])?;
        Ok(())
    }
}

/// From now on nothing of the pages of this session is missing: the agent lets go of what it has gathered when the user
/// wants to be forgotten.
pub(crate) fn excuse(connection: &Connection, session_id: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE page SET is_excused = 1, has_gap = 0 \
               WHERE id IN (SELECT substr(identity, 5, 16) FROM record WHERE session_id = ?1 AND identity LIKE 'log:%')";
    connection.prepare_cached(sql)?.execute([session_id])?;
    Ok(())
}

/// The page and the number in such an id, if it is one of the agent: `{page}.{n}` or `{page}.b{n}`.
fn numbered<'a>(id: &'a str, infix: &str) -> Option<(&'a str, u32)> {
    let (page, rest) = id.split_at_checked(16)?;
    let is_page = page.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let digits = rest.strip_prefix(infix).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number = digits.parse().ok().filter(|number| *number < limits::PAGE_NUMBERS)?;
    is_page.then_some((page, number))
}

fn lower(from: &mut Option<u32>, number: Option<&u32>) {
    if let Some(&number) = number {
        *from = Some(from.unwrap_or(number).min(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attribute, log, logs_on_terms, span, traces_of};

    #[test]
    fn an_id_of_the_agent_is_a_page_and_a_number() {
        for (id, infix, expected) in [
            ("0123456789abcdef.0", ".", Some(0)),
            ("0123456789abcdef.57", ".", Some(57)),
            ("0123456789abcdef.b3", ".b", Some(3)),
            ("0123456789abcdef.b3", ".", None),
            ("0123456789abcdef.99999", ".", Some(99_999)),
            // Who says that a hundred thousand came before would make the rest of them missing.
            ("0123456789abcdef.100000", ".", None),
            ("0123456789abcdef.4294967296", ".", None),
            ("0123456789abcdef.+1", ".", None),
            ("0123456789abcdef.", ".", None),
            ("0123456789abcdeg.1", ".", None),
            ("0123456789ABCDEF.1", ".", None),
            ("p.1", ".", None),
            ("\u{e9}123456789abcde.1", ".", None),
            ("01J9ZQ4T7GQ0V8N6K2R5M3X1YB", ".", None),
            ("", ".", None),
        ] {
            assert_eq!(numbered(id, infix).map(|(_, number)| number), expected, "{id}");
        }
    }

    #[test]
    fn all_that_a_beacon_has_of_its_page_has_arrived() {
        let page = "0123456789abcdef";
        let logs = ["0123456789abcdef.4", "fedcba9876543210.5", "other", "", "0123456789abcdef.6"].map(|uid| log("a", uid, 1));
        let logs = Some(logs_on_terms(&[attribute("vitrum.sample.kept", "error")], logs.to_vec()));
        let beacon = Beacon { batch_id: format!("{page}.b2"), logs, traces: None };
        let expected = Arrival {
            page: page.to_owned(),
            service: "shop".to_owned(),
            batch: Some(2),
            records: vec![4, 6],
            is_kept: true,
            received_ms: 9,
        };
        assert_eq!(Arrival::of(&beacon, 9), Some(expected));
        let spans = Beacon { batch_id: format!("{page}.b3"), logs: None, traces: Some(traces_of("blog", vec![span(1, 1, 1)])) };
        let found = Arrival::of(&spans, 9).unwrap();
        assert_eq!((found.service.as_str(), found.batch, found.records.len(), found.is_kept), ("blog", Some(3), 0, false));
        assert_eq!(Arrival::of(&Beacon { batch_id: "b".to_owned(), logs: None, traces: None }, 9), None);
    }
}
