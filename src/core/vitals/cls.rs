//! Cumulative Layout Shift: the worst session window. Source: web.dev/articles/cls and "Evolving the CLS metric".

/// A window ends when no shift came for so long,
const GAP_MS: f64 = 1000.0;
/// or when it has lasted so long.
const CAP_MS: f64 = 5000.0;

pub(crate) struct Cls {
    worst: f64,
    window: f64,
    started: f64,
    last: f64,
}

impl Cls {
    pub(crate) fn new() -> Self {
        Self { worst: 0.0, window: 0.0, started: f64::NEG_INFINITY, last: f64::NEG_INFINITY }
    }

    pub(crate) fn shift(&mut self, at: f64, value: f64) {
        if at >= self.last + GAP_MS || at >= self.started + CAP_MS {
            self.window = 0.0;
            self.started = at;
        }
        self.window += value;
        self.last = at;
        self.worst = self.worst.max(self.window);
    }

    pub(crate) fn value(&self) -> f64 {
        self.worst
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(shifts: &[(f64, f64)], expected: f64) {
        let mut cls = Cls::new();
        for (at, value) in shifts {
            cls.shift(*at, *value);
        }
        assert!((cls.value() - expected).abs() < 1e-9, "{shifts:?}: {}", cls.value());
    }

    #[test]
    fn shifts_within_a_second_of_each_other_add_up() {
        check(&[], 0.0);
        check(&[(0.0, 0.1), (999.0, 0.1), (1998.0, 0.1)], 0.3);
        check(&[(0.0, 0.1), (1000.0, 0.2)], 0.2);
    }

    #[test]
    fn a_window_lasts_five_seconds() {
        let every_900: Vec<_> = (0..12).map(|n| (f64::from(n) * 900.0, 0.1)).collect();
        check(&every_900, 0.6);
    }

    #[test]
    fn the_worst_window_counts() {
        check(&[(0.0, 0.3), (5000.0, 0.1), (5100.0, 0.1)], 0.3);
    }
}
