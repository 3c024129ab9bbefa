//! A record while a subject writes it. Everything written is scrubbed on the way.

use crate::scrub::Scrubber;
use vitrum_wire::{Key, Policy, Record, Table, Value};

/// The record that is being written.
pub(crate) struct Draft {
    pub(crate) record: Record,
    /// Records that are told as one, and whether this is one of them.
    pub(crate) table: Table,
    pub(crate) is_row: bool,
    /// Whether the record may tell a URL.
    pub(crate) is_identified: bool,
    pub(crate) scrubber: Scrubber,
    /// Reused for every text.
    clean: Vec<u8>,
}

impl Draft {
    pub(crate) fn new() -> Self {
        Self { record: Record::default(), table: Table::default(), is_row: false, is_identified: false, scrubber: Scrubber { masks_uuids: true, ..Scrubber::default() }, clean: Vec::new() }
    }

    /// Adds a text, unless it is empty or nothing is left of it.
    pub(crate) fn text(&mut self, key: Key, text: &[u8]) {
        let policy = key.policy();
        if text.is_empty() || policy == Policy::Url && !self.is_identified {
            return;
        }
        self.clean.clear();
        self.scrubber.scrub(&mut self.clean, policy, text, !self.is_identified);
        if self.is_row {
            self.table.text(key, &self.clean);
        } else if !self.clean.is_empty() {
            self.record.attribute(key, Value::Text(&self.clean));
        }
    }

    /// Adds what the site itself says, under a name of its own.
    pub(crate) fn own_text(&mut self, key: Key, own: &[u8], text: &[u8]) {
        self.clean.clear();
        self.scrubber.scrub(&mut self.clean, key.policy(), text, !self.is_identified);
        self.record.own_attribute(key, own, Value::Text(&self.clean));
    }

    pub(crate) fn number(&mut self, key: Key, number: f64) {
        self.record.attribute(key, Value::Number(number));
    }

    /// Adds numbers under consecutive keys, without those that are 0, which in every timing API means "did not happen"
    /// or "not told". They travel whole: a double would cost nine bytes that do not compress (WIRE.md, "Numbers").
    pub(crate) fn phases(&mut self, first: Key, numbers: &[f64]) {
        for (key, number) in Key::ALL.iter().skip(first as usize).zip(numbers) {
            let whole = (number + 0.5).floor();
            if self.is_row {
                self.table.sum(*key, whole);
            } else if whole != 0.0 {
                self.number(*key, whole);
            }
        }
    }

    pub(crate) fn flag(&mut self, key: Key, flag: bool) {
        self.record.attribute(key, Value::Bool(flag));
    }
}
