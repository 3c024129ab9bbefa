//! Time as the page knows it. Not `std::time`: `Instant` panics on wasm32-unknown-unknown and cannot express the epoch.

/// Milliseconds since the page's time origin, as `performance.now()` gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
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

    /// Nanoseconds since the epoch, as a multiple of 2^17, or 131 microseconds: about what a page's clock can tell apart (100
    /// microseconds in Chromium, a millisecond in others). So two bytes of eight are zero, and two bytes less of each record do
    /// not compress.
    #[must_use]
    pub fn unix_nanos(self) -> u64 {
        const UNIT: u64 = 1 << 17;
        // Beyond this, it is what 64 bits hold.
        const MOST_MICROS: f64 = 18_446_744_073_709_480.0;
        ((self.0 * 1000.0).clamp(0.0, MOST_MICROS) as u64 * 1000 + UNIT / 2) / UNIT * UNIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_wall_time_is_nanoseconds_to_an_eighth_of_a_millisecond() {
        for (origin, at, nanos) in [
            (1_700_000_000_000.0, 0.0, 1_700_000_000_000_000_000),
            (1_700_000_000_000.5, 0.25, 1_700_000_000_000_750_000),
            (0.0, -5.0, 0),
            (f64::NAN, 0.0, 0),
            (f64::INFINITY, 0.0, u64::MAX),
        ] {
            let told = WallTime(origin).at(PageTime(at)).unix_nanos();
            assert!(told.abs_diff(nanos) <= 1 << 17 && told.is_multiple_of(1 << 17), "{origin} {at}: {told}");
        }
    }

    #[test]
    fn never_is_later_than_everything() {
        assert!(PageTime::NEVER > PageTime(f64::MAX) && PageTime::NEVER.plus(Span(1.0)) == PageTime::NEVER);
        assert_eq!(PageTime(1.5).plus(Span(2.0)), PageTime(3.5));
    }
}
