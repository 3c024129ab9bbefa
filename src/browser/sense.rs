//! From the page to the core. The shim writes packets as the core reads them, so there is only their number to turn
//! into a kind, and the list of what is to be watched.

use vitrum_core::Kind;

/// The kind with this number; `js/kinds.ts` has the same numbers.
pub(crate) fn kind(number: u8) -> Option<Kind> {
    Kind::ALL.get(usize::from(number)).copied()
}

/// Type of entries, the kind of their packets, and who observes them: meters with any of these flags
/// ([`vitrum_core::Kind::Listen`]; the first five are LCP, INP, CLS, FCP, TTFB, the sixth soft navigations, the last the
/// agent itself). Everything is observed with `buffered`, which gives what happened before.
pub(crate) const ENTRY_TYPES: [(&str, Kind, u32); 11] = [
    ("navigation", Kind::Navigation, 0b10000 | OWN),
    ("paint", Kind::Paint, 0b01100),
    ("largest-contentful-paint", Kind::LargestPaint, 0b00001),
    ("layout-shift", Kind::Shift, 0b00100),
    ("event", Kind::Interaction, 0b00010),
    ("first-input", Kind::Interaction, 0b00010),
    ("interaction-contentful-paint", Kind::LargestPaint, 1 << 5),
    ("soft-navigation", Kind::SoftNavigation, 1 << 5),
    ("long-animation-frame", Kind::LongFrame, 0b00010 | OWN),
    ("longtask", Kind::LongTask, OWN),
    ("resource", Kind::Resource, 0b00001 | OWN),
];

/// The flag of the agent's own meter.
const OWN: u32 = 1 << 9;
