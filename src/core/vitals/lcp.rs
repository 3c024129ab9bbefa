//! Largest Contentful Paint: the last candidate before the user acts or the page hides. Source: web.dev/articles/lcp.

use super::UNKNOWN;

pub(crate) struct Lcp {
    candidate: f64,
    is_final: bool,
}

impl Lcp {
    pub(crate) fn new() -> Self {
        Self { candidate: UNKNOWN, is_final: false }
    }

    pub(crate) fn candidate(&mut self, value: f64) {
        if !self.is_final {
            self.candidate = value;
        }
    }

    pub(crate) fn finish(&mut self) {
        self.is_final = true;
    }

    pub(crate) fn value(&self) -> f64 {
        if self.is_final { self.candidate } else { UNKNOWN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_last_candidate_before_the_end_counts() {
        let mut lcp = Lcp::new();
        lcp.candidate(100.0);
        lcp.candidate(300.0);
        assert!(lcp.value().is_nan());
        lcp.finish();
        lcp.candidate(900.0);
        assert_eq!(lcp.value(), 300.0);
    }
}
