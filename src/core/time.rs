//! Time as the page knows it. Not `std::time`: `Instant` panics on wasm32-unknown-unknown and cannot express the epoch.

/// Milliseconds since the page's time origin, as `performance.now()` gives them.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PageTime(pub f64);

impl PageTime {
    /// Later than anything that happens.
    pub const NEVER: Self = Self(f64::INFINITY);

    /// This much later.
    #[must_use]
    pub fn plus(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Span(pub f64);

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct WallTime(pub f64);

impl WallTime {
    /// The wall time of a time of the page that has this time origin.
    #[must_use]
    pub fn at(self, time: PageTime) -> Self {
        Self(self.0 + time.0)
    }

    /// Nanoseconds since the epoch, exact to the microsecond (a double holds no more of today's times).
    #[must_use]
    pub fn unix_nanos(self) -> u64 {
        ((self.0 * 1000.0) as u64).saturating_mul(1000)
    }
}
