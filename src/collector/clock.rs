//! The collector's clock: the only place that asks what time it is, for receipts and for ranges up to now.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970. A machine whose clock is before that is taken to be at 0.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_later_than_this_line_was_written_and_counts_milliseconds() {
        let year_2026_ms = 1_767_225_600_000;
        assert!((year_2026_ms..100_000_000_000_000).contains(&now_ms()), "{}", now_ms());
    }
}
