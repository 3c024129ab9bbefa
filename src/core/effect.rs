//! What the agent asks to be done.

use crate::time::PageTime;

/// By which way a batch leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// `fetch` without keepalive: the page is visible and will hear the answer.
    Fetch,
    /// `sendBeacon`: the page may be gone in a moment.
    Beacon,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect<'a> {
    /// Register the observers and wrappers, or take them off.
    Sense(bool),
    /// Send a body. Answer with [`crate::Kind::Delivered`].
    Send {
        /// Number of the batch, for the answer.
        batch: u32,
        /// The way it takes.
        rung: Rung,
        /// The beacon (WIRE.md).
        body: &'a [u8],
    },
    /// Put this `traceparent` on the request that is being started now.
    Propagate(&'a [u8]),
    /// Answer with [`crate::Kind::Woke`] at this time; replaces the last such wish.
    Wake(PageTime),
    /// Keep this text in the tab's storage.
    Remember(&'a [u8]),
    /// Remove what was kept there.
    Forget,
}
