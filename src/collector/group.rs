//! What a view has loaded of one origin and kind: the agent adds it up and tells it again when it has grown, and the
//! latest record counts.

use crate::attributes::{self, Attributes};
use crate::record::Record;
use rusqlite::{Connection, params};
use vitrum_wire::Key;

/// The sum of one record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    origin: String,
    /// What asked for it, such as `script` or `img`; empty where nobody says.
    initiator: String,
    count: i64,
    failed: i64,
    transfer_bytes: i64,
    longest_ms: f64,
    blocking_ms: f64,
}

impl Group {
    pub(crate) fn of(attributes: &Attributes) -> Option<Self> {
        let number = |key| attributes::number(attributes, key).unwrap_or_default().max(0.0);
        Some(Self {
            origin: attributes::text(attributes, Key::GroupOrigin)?,
            initiator: attributes::text(attributes, Key::InitiatorType).unwrap_or_default(),
            count: number(Key::GroupCount) as i64,
            failed: number(Key::GroupFailed) as i64,
            transfer_bytes: number(Key::GroupTransfer) as i64,
            longest_ms: number(Key::GroupLongest),
            blocking_ms: number(Key::GroupScripts),
        })
    }

    /// Stores it, unless a later one is stored already. Without a view there is no page that it could be of.
    pub(crate) fn insert(&self, connection: &Connection, record: &Record) -> rusqlite::Result<()> {
        let Some(view_id) = &record.view_id else { return Ok(()) };
        let mut statement = connection.prepare_cached(
            "INSERT INTO resource_group (view_id, origin, initiator, time_ms, time_nano, sequence, service, count, \
             failed, transfer_bytes, longest_ms, blocking_ms, weight) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
             ON CONFLICT (view_id, origin, initiator) DO UPDATE SET time_ms = excluded.time_ms, \
             time_nano = excluded.time_nano, sequence = excluded.sequence, service = excluded.service, \
             count = excluded.count, failed = excluded.failed, transfer_bytes = excluded.transfer_bytes, \
             longest_ms = excluded.longest_ms, blocking_ms = excluded.blocking_ms \
             WHERE (excluded.time_nano, excluded.sequence) > (resource_group.time_nano, resource_group.sequence)",
        )?;
        statement.execute(params![
            view_id,
            self.origin,
            self.initiator,
            record.time_ms,
            record.time_nano,
            record.sequence,
            record.source.service,
            self.count,
            self.failed,
            self.transfer_bytes,
            self.longest_ms,
            self.blocking_ms,
            record.weight(),
        ])?;
        // See `weight::LEAST`: also what is not the latest says so.
        let lighter = "UPDATE resource_group SET weight = ?4 WHERE view_id = ?1 AND origin = ?2 AND initiator = ?3 \
                       AND ?4 > 0.0 AND (weight > ?4 OR weight = 0.0)";
        connection.prepare_cached(lighter)?.execute(params![view_id, self.origin, self.initiator, record.weight()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::attribute;

    #[test]
    fn a_group_needs_its_origin_and_takes_any_number_for_a_number() {
        let of = |more: Vec<_>| Group::of(&attributes::to_json(more).unwrap());
        assert_eq!(of(vec![attribute("vitrum.resource_group.count", 3i64)]), None);
        let group = of(vec![
            attribute("vitrum.resource_group.origin", "https://cdn.example"),
            attribute("vitrum.resource_group.count", 3.0),
            attribute("vitrum.resource_group.transfer_size", f64::INFINITY),
            attribute("vitrum.resource_group.longest_duration", 12i64),
            attribute("vitrum.resource_group.failed", -1i64),
            attribute("vitrum.resource_group.blocking_duration", "long"),
        ]);
        let expected = Group {
            origin: "https://cdn.example".to_owned(),
            initiator: String::new(),
            count: 3,
            failed: 0,
            // JSON has no infinity.
            transfer_bytes: 0,
            longest_ms: 12.0,
            blocking_ms: 0.0,
        };
        assert_eq!(group, Some(expected));
    }
}
