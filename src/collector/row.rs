//! A row of a view's waterfall, from the record that tells of it.

use crate::attributes::{self, Attributes};
use crate::record::SPAN;
use crate::trace::{self, SpanId};
use rusqlite::Row as SqlRow;
use serde::Serialize;
use vitrum_wire::{Key, Name};

/// A bar or mark of the waterfall; its times are relative to the view's start.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) kind: &'static str,
    label: String,
    pub(crate) start_ms: f64,
    pub(crate) duration_ms: f64,
    failed: bool,
    /// The place among the rows of the one that this belongs to.
    pub(crate) parent: Option<usize>,
    /// Of spans that the page did not send: who did.
    service: Option<String>,
    /// How far it was moved, because the clock of its service is not that of the page.
    pub(crate) shifted_ms: f64,
    pub(crate) detail: Attributes,
    #[serde(skip)]
    pub(crate) sender: Sender,
    /// Of spans.
    #[serde(skip)]
    pub(crate) span: Option<SpanId>,
}

/// Who told of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The view itself.
    View,
    /// Another view, of the same page or of any other.
    OtherView,
    /// Not a page: a service behind it.
    Service,
}

impl Row {
    /// What [`Row::read`] needs, in its order.
    pub(crate) const COLUMNS: &str = "kind, time_nano, duration_ms, failed, attributes, service, view_id";

    /// The column whose text may be long.
    pub(crate) const LONG: usize = 4;

    /// The row of a record, in the waterfall of the view that began at this time.
    pub(crate) fn read(row: &SqlRow<'_>, view_id: &str, view_nano: i64) -> rusqlite::Result<Self> {
        let kind: String = row.get(0)?;
        let detail: Attributes = serde_json::from_str(&row.get::<_, String>(Self::LONG)?).unwrap_or_default();
        let at_ms = (row.get::<_, i64>(1)? - view_nano) as f64 / 1e6;
        let sender = match row.get::<_, Option<String>>(6)? {
            Some(id) if id == view_id => Sender::View,
            Some(_) => Sender::OtherView,
            None => Sender::Service,
        };
        let is_span = kind == SPAN;
        let (kind, label, start_ms, duration_ms) = if is_span {
            let (kind, label) = span(&detail, sender);
            (kind, label, at_ms, row.get(2)?)
        } else {
            event(&kind, &detail, at_ms, row.get(2)?)
        };
        Ok(Self {
            kind,
            label,
            start_ms,
            duration_ms,
            failed: row.get(3)?,
            parent: None,
            service: if sender == Sender::Service { row.get(5)? } else { None },
            shifted_ms: 0.0,
            span: if is_span { SpanId::own(&detail) } else { None },
            detail,
            sender,
        })
    }

    /// One that says nothing but when it was.
    #[cfg(test)]
    pub(crate) fn new(kind: &'static str, start_ms: f64, duration_ms: f64, detail: Attributes) -> Self {
        Self {
            kind,
            label: String::new(),
            start_ms,
            duration_ms,
            failed: false,
            parent: None,
            service: None,
            shifted_ms: 0.0,
            detail,
            sender: Sender::Service,
            span: None,
        }
    }

    pub(crate) fn end_ms(&self) -> f64 {
        self.start_ms + self.duration_ms
    }

    /// A number of its details.
    pub(crate) fn number(&self, key: Key) -> Option<f64> {
        attributes::number(&self.detail, key)
    }
}

/// Kind and label of a span.
fn span(detail: &Attributes, sender: Sender) -> (&'static str, String) {
    let name = trace::name(detail);
    match attributes::text(detail, Key::Url) {
        _ if sender == Sender::Service => ("span", name.to_owned()),
        _ if attributes::text(detail, Key::ActionType).is_some() => {
            let target = attributes::text(detail, Key::CssSelector);
            ("action", target.map_or_else(|| name.to_owned(), |target| format!("{name} {target}")))
        }
        Some(url) if trace::is_client(detail) => {
            // The name has the method and what stands for the path.
            ("request", format!("{} {url}", name.split(' ').next().unwrap_or_default()))
        }
        _ if trace::is_client(detail) => ("request", name.to_owned()),
        _ => ("span", name.to_owned()),
    }
}

/// Kind, label, start and duration of an event.
fn event(kind: &str, detail: &Attributes, at_ms: f64, duration_ms: f64) -> (&'static str, String, f64, f64) {
    let text = |key| attributes::text(detail, key).unwrap_or_default();
    match Name::ALL.iter().find(|name| name.text() == kind) {
        Some(Name::NavigationTiming) => ("navigation", text(Key::Url), at_ms, duration_ms),
        Some(Name::ResourceTiming) => ("resource", text(Key::Url), at_ms, duration_ms),
        Some(Name::Exception) => {
            let parts = [text(Key::ExceptionType), text(Key::ExceptionMessage)];
            let named: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            ("error", named.join(": "), at_ms, 0.0)
        }
        Some(Name::LongTask) => ("long_task", text(Key::LongTaskName), at_ms, duration_ms),
        Some(Name::LongAnimationFrame) => ("long_animation_frame", "frame".to_owned(), at_ms, duration_ms),
        Some(Name::WebVital) => {
            let value = attributes::number(detail, Key::VitalValue).unwrap_or_default();
            let name = text(Key::VitalName);
            // Loading is measured from the time origin; an interaction and a shift happen when they happen.
            let (start_ms, duration_ms) = match name.as_str() {
                "inp" => (at_ms, value),
                "cls" => (at_ms, 0.0),
                _ => (0.0, value),
            };
            ("vital", name, start_ms, duration_ms)
        }
        _ => ("event", kind.to_owned(), at_ms, 0.0),
    }
}
