//! One page view: everything that happened in it, as the rows of a waterfall.

use crate::attributes::{self, Attributes};
use crate::limits;
use crate::record::SPAN;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use serde::Serialize;
use serde_json::Value;
use vitrum_wire::{Key, Name};

#[derive(Debug, Serialize)]
pub(crate) struct View {
    id: String,
    url: String,
    path: String,
    time_ms: i64,
    session_id: String,
    service: String,
    version: Option<String>,
    environment: Option<String>,
    user_agent: Option<String>,
    same_document: bool,
    rows: Vec<Row>,
    #[serde(skip)]
    time_nano: i64,
}

/// A bar or mark of the waterfall; its times are relative to the view's start.
#[derive(Debug, Serialize)]
struct Row {
    kind: &'static str,
    label: String,
    start_ms: f64,
    duration_ms: f64,
    failed: bool,
    detail: Attributes,
}

/// A record, as far as its row needs it.
struct Stored {
    kind: String,
    time_nano: i64,
    duration_ms: f64,
    failed: bool,
    attributes: Attributes,
}

impl View {
    /// The view of that id, if its navigation is stored.
    pub(crate) fn query(connection: &Connection, id: &str) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT view_id, coalesce(path, ''), time_ms, coalesce(session_id, ''), service, version, environment, \
                   CAST(resource ->> '$.\"user_agent.original\"' AS TEXT), attributes, time_nano \
                   FROM record WHERE view_id = ?1 AND kind = 'browser.navigation' ORDER BY time_nano LIMIT 1";
        let Some(mut view) = connection.prepare_cached(sql)?.query_row([id], Self::read).optional()? else {
            return Ok(None);
        };

        // Of the records of one vital only the latest is drawn, which is the one that the table of vitals points at.
        let sql = "SELECT kind, time_nano, duration_ms, failed, attributes FROM record WHERE view_id = ?1 \
                   AND (kind != 'browser.web_vital' OR identity IN (SELECT record FROM vital WHERE view_id = ?1)) \
                   ORDER BY time_nano LIMIT ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query((id, limits::VIEW_ROWS))?;
        let mut bytes = 0;
        while bytes < limits::LISTED_BYTES
            && let Some(row) = rows.next()?
        {
            bytes += row.get_ref(4)?.as_str()?.len();
            view.rows.push(Stored::read(row)?.row(view.time_nano));
        }
        view.rows.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
        Ok(Some(view))
    }

    fn read(row: &SqlRow<'_>) -> rusqlite::Result<Self> {
        let attributes = object(&row.get::<_, String>(8)?);
        Ok(Self {
            id: row.get(0)?,
            url: attributes::text(&attributes, Key::Url).unwrap_or_default(),
            path: row.get(1)?,
            time_ms: row.get(2)?,
            session_id: row.get(3)?,
            service: row.get(4)?,
            version: row.get(5)?,
            environment: row.get(6)?,
            user_agent: row.get(7)?,
            same_document: attributes.get(Key::SameDocument.text()).and_then(Value::as_bool).unwrap_or_default(),
            rows: Vec::new(),
            time_nano: row.get(9)?,
        })
    }
}

impl Stored {
    fn read(row: &SqlRow<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            kind: row.get(0)?,
            time_nano: row.get(1)?,
            duration_ms: row.get(2)?,
            failed: row.get(3)?,
            attributes: object(&row.get::<_, String>(4)?),
        })
    }

    fn row(self, view_nano: i64) -> Row {
        let text = |key| attributes::text(&self.attributes, key).unwrap_or_default();
        let at_ms = (self.time_nano - view_nano) as f64 / 1e6;
        let name = Name::ALL.iter().find(|name| name.text() == self.kind);
        let (kind, label, start_ms, duration_ms) = match name {
            _ if self.kind == SPAN => {
                let method = self.attributes.get("span.name").and_then(Value::as_str).unwrap_or_default();
                ("request", format!("{method} {}", text(Key::Url)), at_ms, self.duration_ms)
            }
            Some(Name::NavigationTiming) => ("navigation", text(Key::Url), at_ms, self.duration_ms),
            Some(Name::ResourceTiming) => ("resource", text(Key::Url), at_ms, self.duration_ms),
            Some(Name::Exception) => {
                let parts = [text(Key::ExceptionType), text(Key::ExceptionMessage)];
                let named: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                ("error", named.join(": "), at_ms, 0.0)
            }
            Some(Name::LongTask) => ("long_task", text(Key::LongTaskName), at_ms, self.duration_ms),
            Some(Name::LongAnimationFrame) => ("long_animation_frame", "frame".to_owned(), at_ms, self.duration_ms),
            Some(Name::WebVital) => {
                let value = attributes::number(&self.attributes, Key::VitalValue).unwrap_or_default();
                let name = text(Key::VitalName);
                // Loading is measured from the time origin; an interaction and a shift happen when they happen.
                let (start_ms, duration_ms) = match name.as_str() {
                    "inp" => (at_ms, value),
                    "cls" => (at_ms, 0.0),
                    _ => (0.0, value),
                };
                ("vital", name, start_ms, duration_ms)
            }
            _ => ("event", self.kind.clone(), at_ms, 0.0),
        };
        Row { kind, label, start_ms, duration_ms, failed: self.failed, detail: self.attributes }
    }
}

fn object(text: &str) -> Attributes {
    serde_json::from_str(text).unwrap_or_default()
}
