//! Records of one event and view that are told as one, side by side (WIRE.md, "Tables"): gathered row by row, and written when
//! something else begins or a batch is made.

use super::Outbox;
use crate::draft::Draft;
use crate::page::View;
use std::rc::Rc;
use vitrum_wire::{Key, Name, Severity, Table, Value};

/// What all of them have in common, and number and time of the first.
pub(crate) struct Rows {
    name: Name,
    view: Rc<View>,
    id: u32,
    at: f64,
}

/// More than what stands around the rows: names, identities, the view.
const AROUND_BYTES: usize = 400;

impl Outbox {
    /// Begins a record as [`Outbox::log`] does, for events that come in numbers. Who looks at what leaves, the site or
    /// a person, is shown each for itself.
    pub(crate) fn row(&mut self, at: f64, name: Name, view: &Rc<View>) -> Option<&mut Draft> {
        if self.is_reviewed || self.form > 2 {
            return self.log(at, name, view);
        }
        if !self.admits(Some(name)) {
            return None;
        }
        if self.rows.as_ref().is_none_or(|rows| rows.name != name || !Rc::ptr_eq(&rows.view, view)) {
            self.end_rows();
            self.rows = Some(Rows { name, view: view.clone(), id: self.records, at });
        }
        self.draft.is_identified = self.consent.allows_identifiers();
        self.draft.is_row = true;
        self.draft.table.begin(self.records, at);
        self.records += 1;
        Some(&mut self.draft)
    }

    /// Writes the rows so far among the other records.
    pub(crate) fn end_rows(&mut self) {
        let record = self.rows_record();
        self.logs.extend_from_slice(&record);
        self.drop_rows();
    }

    pub(super) fn drop_rows(&mut self) {
        self.rows = None;
        self.draft.table = Table::default();
    }

    pub(super) fn rows_len(&self) -> usize {
        if self.rows.is_some() { self.draft.table.len() + AROUND_BYTES } else { 0 }
    }

    /// The rows so far as a record; nothing if there are none.
    pub(super) fn rows_record(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(Rows { name, view, id, at }) = self.rows.take() {
            self.begin_as(id, at, name, Severity::Info, (&view, &view.root));
            let table = self.draft.table.written();
            self.draft.record.attribute(Key::Table, Value::Text(&table));
            self.draft.record.append_to(&mut out);
            self.rows = Some(Rows { name, view, id, at });
        }
        out
    }
}
