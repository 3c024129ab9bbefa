//! What is good and what is poor of the vitals.

/// Name, unit, and the thresholds up to which a value is good, and not yet poor (web.dev/articles/vitals, read 2026-11-21).
pub(crate) const VITALS: [(&str, &str, f64, f64); 5] = [
    ("lcp", "ms", 2500.0, 4000.0),
    ("inp", "ms", 200.0, 500.0),
    ("cls", "", 0.1, 0.25),
    ("fcp", "ms", 1800.0, 3000.0),
    ("ttfb", "ms", 800.0, 1800.0),
];

/// The word for a value of the vital of this name; none for a name that is not known.
pub(crate) fn rating(name: &str, value: f64) -> &'static str {
    match VITALS.iter().find(|vital| vital.0 == name) {
        None => "",
        Some((_, _, good, _)) if value <= *good => "good",
        Some((_, _, _, fair)) if value <= *fair => "needs-improvement",
        Some(_) => "poor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_at_a_threshold_is_still_the_better() {
        for (name, value, word) in [
            ("lcp", 2500.0, "good"),
            ("lcp", 2500.1, "needs-improvement"),
            ("lcp", 4000.0, "needs-improvement"),
            ("cls", 0.26, "poor"),
            ("fid", 1.0, ""),
        ] {
            assert_eq!(rating(name, value), word, "{name} {value}");
        }
    }
}
