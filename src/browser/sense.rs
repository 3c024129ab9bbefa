//! From the page to the core. The shim writes packets as the core reads them, so there is only their number to turn
//! into a kind, and the list of what is to be watched.

use vitrum_core::Kind;

/// The kind with this number; `js/kinds.ts` has the same numbers.
pub(crate) fn kind(number: u8) -> Option<Kind> {
    Kind::ALL.get(usize::from(number)).copied()
}

/// A PerformanceObserver to register: the kind of its packets, the `type` to observe, and its `durationThreshold` in
/// milliseconds for the types that know it. All are observed with `buffered`, which gives what happened before.
///
/// The navigation's entry comes first, for it says since when times count. Events shorter than 40 ms (the default of
/// web-vitals) cannot be the slowest of an interaction that matters.
pub(crate) const ENTRY_TYPES: [(Kind, &str, f64); 9] = [
    (Kind::Navigation, "navigation", 0.0),
    (Kind::Paint, "paint", 0.0),
    (Kind::LargestPaint, "largest-contentful-paint", 0.0),
    (Kind::Shift, "layout-shift", 0.0),
    (Kind::Interaction, "first-input", 0.0),
    (Kind::Interaction, "event", 40.0),
    (Kind::LongTask, "longtask", 0.0),
    (Kind::LongFrame, "long-animation-frame", 0.0),
    (Kind::Resource, "resource", 0.0),
];
