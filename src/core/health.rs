//! What could not be used, counted by reason. Nothing of it is ever thrown at the page.

use crate::draft::Draft;
use vitrum_wire::Key;

/// Why something is not in the data. In the order of the keys from `Key::DroppedRecords`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Loss {
    /// A record over a bound of `limits`.
    Record,
    /// A batch given up after its last try.
    Batch,
    /// An option replaced by its default.
    Option,
    /// A fault in one of our own callbacks.
    Callback,
    /// Entries of the timeline that the browser had no room for before we were there.
    Entry,
}

/// The counts since they were last reported.
#[derive(Default)]
pub(crate) struct Health {
    counts: [f64; 5],
}

impl Health {
    pub(crate) fn count(&mut self, loss: usize, times: f64) {
        if let Some(count) = self.counts.get_mut(loss) {
            *count += times;
        }
    }

    pub(crate) fn is_well(&self) -> bool {
        self.counts == [0.0; 5]
    }

    /// Tells the counts, once, and what was more than a minute may have.
    pub(crate) fn describe(&mut self, limited: &[u8], draft: &mut Draft) {
        draft.phases(Key::DroppedRecords, &core::mem::take(&mut self.counts));
        draft.text(Key::Limited, limited);
    }
}
