//! What the agent asks to be done.

use crate::time::PageTime;

/// By which way a batch leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// `fetch` without keepalive: the page is visible and will hear the answer.
    Fetch,
    /// `sendBeacon`: the page may be gone in a moment.
    Beacon,
    /// `fetch` with keepalive, then: beacons are refused, or cannot carry the headers.
    Keepalive,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<'a> {
    /// Register the observers and listeners, or take them off.
    Sense(bool),
    /// Send a body. Answer with [`crate::Kind::Delivered`].
    Send {
        /// Number of the batch, for the answer.
        batch: u32,
        /// The way it takes.
        rung: Rung,
        /// Where it goes: 0 `/v1/beacon`, 1 `/v1/logs`, 2 `/v1/traces`.
        path: u8,
        /// Whether to the second endpoint.
        is_second: bool,
        /// The beacon (WIRE.md), or the request of OTLP.
        body: &'a [u8],
    },
    /// Have the browser hold this request for the end of the page (`fetchLater`), in place of what it holds for this batch;
    /// without a body it is to hold nothing for it any more.
    Later {
        /// Number of the batch.
        batch: u32,
        /// As in [`Effect::Send`].
        path: u8,
        /// As in [`Effect::Send`].
        is_second: bool,
        /// As in [`Effect::Send`].
        body: &'a [u8],
    },
    /// Store a body for another time, or another page.
    Store {
        /// Whether the page may be gone in a moment.
        is_last: bool,
        /// As in [`Effect::Send`].
        path: u8,
        /// When it was made, in milliseconds since the epoch.
        made: f64,
        /// As in [`Effect::Send`].
        body: Vec<u8>,
    },
    /// Take all that is stored, and answer with a [`crate::Kind::Recalled`] for each.
    Recall,
    /// Show the site what is about to leave, log records and spans as they are encoded. Answer with
    /// [`crate::Kind::Reviewed`].
    Review {
        /// Field 2 of `ScopeLogs`, repeated.
        logs: &'a [u8],
        /// Field 2 of `ScopeSpans`, repeated.
        spans: &'a [u8],
    },
    /// Requests are in this trace from now on: trace and root span in hexadecimal digits with a dash between, then the flags
    /// of `traceparent`, or nothing if no header may leave. Without a text they are not to be watched.
    Trace(&'a [u8]),
    /// Answer with [`crate::Kind::Woke`] at this time; replaces the last such wish.
    Wake(PageTime),
    /// Keep this text where all pages of the site find it.
    Remember(&'a [u8]),
    /// Remove what was kept there.
    Forget,
    /// Register the observers of a new meter.
    Watch {
        /// Its number.
        meter: u32,
        /// What it measures, as bits (see [`crate::Kind::Listen`]).
        flags: u32,
        /// The shortest duration of an event in milliseconds.
        threshold_ms: f64,
    },
    /// Add the entry with this number in the packet that was told last to a list of this meter; without a number, let go
    /// of the list.
    Hold {
        /// Number of the meter.
        meter: u32,
        /// Number of the entry.
        index: Option<u32>,
        /// Number of the list.
        list: u32,
    },
    /// Tell a listener of a vital. `js/metrics.ts` says what the numbers and texts are.
    Report {
        /// Number of the meter.
        meter: u32,
        /// Vital, number of the navigation, rating, `navigationId`, `navigationInteractionId` (NaN if none),
        /// `navigationStartTime`, value, delta, list of entries (negative if none); then the vital's attribution.
        numbers: &'a [f64],
        /// Type and URL of the navigation, then the texts of the attribution; divided by U+0000.
        text: &'a [u8],
    },
}
