//! What a view has loaded of one origin and kind. Where each resource was told for itself they are added up here; where there was
//! more, the agent adds it up and tells it again when it has grown, and the latest record counts.

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
    /// Whether the agent has added it up, or it is a resource.
    is_told: bool,
}

/// No body has more bytes, nor have all of a view: such numbers can be added up.
const MOST_BYTES: i64 = 1 << 60;
const MOST_BODY_BYTES: f64 = (1_i64 << 50) as f64;

impl Group {
    /// What one resource adds, or a request; of those that failed the agent tells the sums.
    pub(crate) fn of_resource(attributes: &Attributes, duration_ms: f64) -> Option<Self> {
        let url = attributes::text(attributes, Key::Url)?;
        let (scheme, rest) = url.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
        let host = rest.split(['/', '?', '#']).next()?;
        Some(Self {
            origin: format!("{scheme}://{host}"),
            initiator: attributes::text(attributes, Key::InitiatorType)?,
            count: 1,
            failed: 0,
            transfer_bytes: attributes::number(attributes, Key::TransferSize).unwrap_or_default().clamp(0.0, MOST_BODY_BYTES) as i64,
            longest_ms: duration_ms.max(0.0),
            blocking_ms: 0.0,
            is_told: false,
        })
    }

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
            is_told: true,
        })
    }

    /// Stores it, unless a later one is stored already; adds it where it is of a resource, unless that is in what is told. Without a view there is no page that it could be of.
    pub(crate) fn insert(&self, connection: &Connection, record: &Record) -> rusqlite::Result<()> {
        let Some(view_id) = &record.view_id else { return Ok(()) };
        let mut statement = connection.prepare_cached(
            "INSERT INTO resource_group (view_id, origin, initiator, time_ms, time_nano, sequence, service, count, \
             failed, transfer_bytes, longest_ms, blocking_ms, weight, is_told) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
             ON CONFLICT (view_id, origin, initiator) DO UPDATE SET time_ms = excluded.time_ms, \
             time_nano = excluded.time_nano, sequence = excluded.sequence, service = excluded.service, \
             count = excluded.count + iif(excluded.is_told, 0, resource_group.count), failed = excluded.failed, \
             transfer_bytes = iif(excluded.is_told, excluded.transfer_bytes, min(?15, excluded.transfer_bytes + resource_group.transfer_bytes)), \
             longest_ms = iif(excluded.is_told, excluded.longest_ms, max(excluded.longest_ms, resource_group.longest_ms)), \
             blocking_ms = excluded.blocking_ms, is_told = excluded.is_told \
             WHERE iif(excluded.is_told, NOT resource_group.is_told \
             OR (excluded.time_nano, excluded.sequence) > (resource_group.time_nano, resource_group.sequence), NOT resource_group.is_told)",
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
            self.is_told,
            MOST_BYTES,
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
            is_told: true,
        };
        assert_eq!(group, Some(expected));
    }

    #[test]
    fn a_resource_is_of_its_origin_and_kind() {
        let of = |url: &str| {
            let all = [attribute("url.full", url), attribute("browser.resource_timing.initiator_type", "img"), attribute("browser.resource_timing.transfer_size", 700i64)];
            Group::of_resource(&attributes::to_json(all.into()).unwrap(), 9.0)
        };
        for url in ["data", "moz-extension://0b1c/x", "", "://"] {
            assert_eq!(of(url), None, "{url}");
        }
        let group = of("https://cdn.example:81/a?b").unwrap();
        assert_eq!((group.origin.as_str(), group.initiator.as_str(), group.count, group.transfer_bytes, group.longest_ms, group.is_told), ("https://cdn.example:81", "img", 1, 700, 9.0, false));
    }
}
