//! Interaction to Next Paint: the slowest interaction, but for one outlier in fifty. Source: web.dev/articles/inp.

use super::UNKNOWN;

/// So many of the slowest are kept: enough for the 98th percentile of 500 interactions.
const KEPT: usize = 10;
/// One outlier is forgiven for so many interactions.
const INTERACTIONS_PER_OUTLIER: f64 = 50.0;

pub(crate) struct Inp {
    /// Identifier and duration, slowest first; a duration of 0 is a free place.
    slowest: [(f64, f64); KEPT],
    count: f64,
}

impl Inp {
    pub(crate) const fn new() -> Self {
        Self { slowest: [(0.0, 0.0); KEPT], count: 0.0 }
    }

    /// An event of an interaction, of which there were `count` so far. An interaction lasts as long as its longest event.
    pub(crate) fn interaction(&mut self, id: f64, duration: f64, count: f64) {
        self.count = self.count.max(count);
        let mut carried = (id, duration);
        for kept in &mut self.slowest {
            if kept.0 == id && kept.1 >= carried.1 {
                return;
            }
            if kept.1 < carried.1 {
                core::mem::swap(kept, &mut carried);
                // What was known of this interaction was shorter, and goes.
                if carried.0 == id {
                    return;
                }
            }
        }
    }

    pub(crate) fn value(&self) -> f64 {
        let outliers = (self.count / INTERACTIONS_PER_OUTLIER) as usize;
        // With fewer kept than outliers forgiven, the shortest that is kept.
        let known = self.slowest.iter().take_while(|(_, duration)| *duration > 0.0);
        known.take(outliers + 1).last().map_or(UNKNOWN, |(_, duration)| *duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(interactions: &[(f64, f64)], count: f64, expected: f64) {
        let mut inp = Inp::new();
        for (id, duration) in interactions {
            inp.interaction(*id, *duration, count);
        }
        assert!(inp.value() == expected || inp.value().is_nan() && expected.is_nan(), "{interactions:?}: {}", inp.value());
    }

    #[test]
    fn the_slowest_counts() {
        check(&[], 0.0, UNKNOWN);
        check(&[(1.0, 48.0), (2.0, 200.0), (3.0, 56.0)], 3.0, 200.0);
    }

    #[test]
    fn the_events_of_one_interaction_are_one() {
        check(&[(1.0, 48.0), (1.0, 120.0), (1.0, 8.0)], 50.0, 120.0);
    }

    #[test]
    fn one_outlier_in_fifty_is_forgiven() {
        check(&[(1.0, 900.0), (2.0, 100.0)], 49.0, 900.0);
        check(&[(1.0, 900.0), (2.0, 100.0)], 50.0, 100.0);
        check(&[(1.0, 900.0), (2.0, 100.0)], 5000.0, 100.0);
    }

    #[test]
    fn only_the_ten_slowest_are_kept() {
        let many: Vec<_> = (0..100).map(|n| (f64::from(n), f64::from(n))).collect();
        check(&many, 100.0, 97.0);
        check(&many, 5000.0, 90.0);
    }

    #[test]
    fn an_interaction_that_grew_is_kept_once() {
        check(&[(1.0, 50.0), (2.0, 60.0), (3.0, 70.0), (1.0, 100.0)], 150.0, 60.0);
        check(&[(1.0, 50.0), (2.0, 60.0), (2.0, 65.0)], 50.0, 50.0);
    }
}
