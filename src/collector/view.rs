//! One page view: everything that happened in it and, by its trace, in the services behind it, as the rows of a waterfall.

use crate::attributes::{self, Attributes};
use crate::limits;
use crate::parties::Party;
use crate::row::{Row, Sender};
use crate::trace::SpanId;
use crate::tree;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, Statement, ToSql};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use vitrum_wire::Key;

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
    /// The view's own span, in the trace that it began or went on in.
    span: Option<SpanId>,
    cause: Option<Cause>,
    rows: Vec<Row>,
    parties: Vec<Party>,
    #[serde(skip)]
    time_nano: i64,
}

/// The action that led to a view, in the view before.
#[derive(Debug, Serialize)]
struct Cause {
    view_id: String,
    path: String,
    action: String,
    target: Option<String>,
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
        let mut reader = Reader { view: &view, rows: Vec::new(), left_bytes: limits::LISTED_BYTES };
        reader.own(connection)?;
        reader.of_traces(connection)?;
        let rows = reader.rows;
        view.rows = tree::grow(rows, view.span.as_ref());
        view.cause = view.find_cause(connection)?;
        view.parties = Party::of_view(connection, id, limits::LISTED_DOMAINS)?;
        Ok(Some(view))
    }

    fn read(row: &SqlRow<'_>) -> rusqlite::Result<Self> {
        let attributes: Attributes = serde_json::from_str(&row.get::<_, String>(8)?).unwrap_or_default();
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
            span: SpanId::own(&attributes),
            cause: None,
            rows: Vec::new(),
            parties: Vec::new(),
            time_nano: row.get(9)?,
        })
    }

    fn find_cause(&self, connection: &Connection) -> rusqlite::Result<Option<Cause>> {
        let root = self.rows.iter().find(|row| row.kind == "view");
        let Some(link) = root.and_then(|root| SpanId::links(&root.detail).next()) else { return Ok(None) };
        let sql =
            "SELECT view_id, coalesce(path, ''), attributes FROM record WHERE identity = ?1 AND view_id IS NOT NULL";
        let read = |row: &SqlRow<'_>| {
            let attributes: Attributes = serde_json::from_str(&row.get::<_, String>(2)?).unwrap_or_default();
            Ok(Cause {
                view_id: row.get(0)?,
                path: row.get(1)?,
                action: attributes::text(&attributes, Key::ActionType).unwrap_or_default(),
                target: attributes::text(&attributes, Key::CssSelector),
            })
        };
        connection.prepare_cached(sql)?.query_row([link.identity()], read).optional()
    }
}

/// Reads rows as long as they do not take too much together.
struct Reader<'a> {
    view: &'a View,
    rows: Vec<Row>,
    left_bytes: usize,
}

impl Reader<'_> {
    /// What the view sent. Of the records of one vital only the latest is drawn, which is the one that the table of vitals
    /// points at; sums of what was loaded are told for themselves. A request that outlived its route has the id of the view
    /// that it ended in, but belongs to the one in whose trace it is.
    fn own(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let sql = format!(
            "SELECT {} FROM record WHERE view_id = ?1 AND kind != 'vitrum.resource_group' \
             AND (kind != 'browser.web_vital' OR identity IN (SELECT record FROM vital WHERE view_id = ?1)) \
             AND (kind != 'span' OR trace_id IS ?2 OR NOT EXISTS (SELECT 1 FROM record AS other \
                 WHERE other.kind = 'browser.navigation' AND other.trace_id = record.trace_id)) \
             ORDER BY time_nano LIMIT ?3",
            Row::COLUMNS
        );
        let trace_id = self.view.span.as_ref().map(|span| &span.trace_id);
        self.take(&mut *connection.prepare_cached(&sql)?, &[&self.view.id, &trace_id, &limits::VIEW_ROWS])
    }

    /// What others sent of the traces that the view, its requests and their answers are in.
    fn of_traces(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut traces: BTreeSet<_> = self.view.span.iter().map(|span| span.trace_id.clone()).collect();
        for row in self.rows.iter().filter(|row| row.kind == "request" && row.sender == Sender::View) {
            traces.extend(row.span.iter().map(|span| span.trace_id.clone()));
            traces.extend(SpanId::links(&row.detail).map(|link| link.trace_id));
        }
        let sql = format!(
            "SELECT {} FROM record WHERE kind = 'span' AND trace_id = ?1 AND view_id IS NOT ?2 ORDER BY time_nano LIMIT ?3",
            Row::COLUMNS
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let own = self.rows.len();
        for trace_id in traces {
            let most = limits::TRACE_SPANS as usize - (self.rows.len() - own);
            self.take(&mut statement, &[&trace_id, &self.view.id, &most])?;
        }
        Ok(())
    }

    fn take(&mut self, statement: &mut Statement<'_>, given: &[&dyn ToSql]) -> rusqlite::Result<()> {
        let mut rows = statement.query(given)?;
        while self.left_bytes > 0
            && let Some(row) = rows.next()?
        {
            self.left_bytes = self.left_bytes.saturating_sub(row.get_ref(Row::LONG)?.as_str()?.len());
            self.rows.push(Row::read(row, &self.view.id, self.view.time_nano)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::clock;
    use crate::testing::{Bench, elsewhere, link, span};
    use crate::traced::{ACTION, ROOT, called, child, in_view, navigation, page};
    use serde_json::{Value, json};

    #[tokio::test]
    async fn a_request_is_shown_where_it_began_and_a_route_says_what_caused_it() {
        let bench = Bench::new();
        let now = clock::now_ms() - 5000;
        let next = elsewhere(navigation(8, 11, now + 200), "next", "/thanks");
        let mut route = in_view("next", called("route /thanks", 1, span(8, 11, now + 200)));
        route.links = vec![link(7, ACTION)];
        let late = in_view("next", child(ACTION, called("GET /late", 3, span(7, 12, now + 150))));
        bench.beacon("b", vec![navigation(7, ROOT, now), next], [page(now), vec![route, late]].concat()).await;
        let requests = async |view: &str| {
            let view = bench.get(&format!("/api/views/{view}")).await.json();
            view["rows"].as_array().unwrap().iter().filter(|row| row["kind"] == "request").count()
        };
        assert_eq!((requests("view").await, requests("next").await), (2, 0));
        let next = bench.get("/api/views/next").await.json();
        assert_eq!(next["cause"], json!({"view_id": "view", "path": "/", "action": "click", "target": "#pay"}));
        assert_eq!(bench.get("/api/views/view").await.json()["cause"], Value::Null);
    }
}
