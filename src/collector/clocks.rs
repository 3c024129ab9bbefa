//! Brings the clocks of services and pages together.

use crate::row::Row;
use vitrum_wire::Key;

/// How far a span has to be moved to lie within what the page saw of it: 0 as long as both clocks may be right.
///
/// Clocks differ by seconds, so what a server says of its time may lie outside of the request that it answered. Then it is
/// put into the middle of it, as Jaeger does, for the way there and back is taken to be as long.
pub(crate) fn shift(span: &Row, page: &Row) -> f64 {
    /// Browsers round to as much, and clocks of one data centre differ by less.
    const TOLERANCE_MS: f64 = 2.0;
    let (from_ms, to_ms, is_whole) = seen(page);
    let begins_within = (from_ms - TOLERANCE_MS..=to_ms + TOLERANCE_MS).contains(&span.start_ms);
    let spare_ms = to_ms - from_ms - span.duration_ms;
    // A server may go on with what the page no longer waits for.
    let ends_within = span.end_ms() <= to_ms + TOLERANCE_MS || !is_whole || spare_ms < 0.0;
    if begins_within && ends_within { 0.0 } else { from_ms + spare_ms.max(0.0) / 2.0 - span.start_ms }
}

/// From when to when the page saw a server at work, and whether it heard all of its answer.
fn seen(page: &Row) -> (f64, f64, bool) {
    let phases = (page.number(Key::RequestStart), page.number(Key::ResponseEnd));
    match phases {
        // The load goes on long after its answer; its phases count from where it begins.
        (Some(from_ms), Some(to_ms)) if page.kind == "navigation" && from_ms <= to_ms => {
            (page.start_ms + from_ms, page.start_ms + to_ms, true)
        }
        _ => (page.start_ms, page.end_ms(), page.number(Key::StatusCode).is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::Attributes;
    use serde_json::json;

    fn row(kind: &'static str, from_ms: f64, to_ms: f64, detail: &[(&str, f64)]) -> Row {
        let detail: Attributes = detail.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        Row::new(kind, from_ms, to_ms - from_ms, detail)
    }

    #[test]
    fn a_span_is_moved_only_where_a_clock_must_be_wrong() {
        let whole = [("http.response.status_code", 200.0)];
        for (from_ms, to_ms, request, moved_to_ms) in [
            (130.0, 300.0, &whole[..], 130.0),
            (119.0, 371.0, &whole, 119.0),
            (130.0, 900.0, &whole, 130.0),
            (-5000.0, -4900.0, &whole, 195.0),
            (300.0, 400.0, &whole, 195.0),
            (9000.0, 9500.0, &whole, 120.0),
            // The page gave up on these.
            (300.0, 400.0, &[], 300.0),
            (9000.0, 9500.0, &[], 120.0),
        ] {
            let shift = shift(&row("span", from_ms, to_ms, &[]), &row("request", 120.0, 370.0, request));
            assert_eq!(from_ms + shift, moved_to_ms, "{from_ms} {to_ms} {request:?}");
        }
    }

    #[test]
    fn a_document_is_served_before_its_load_is_over() {
        let phases = [("browser.resource_timing.request_start", 20.0), ("browser.resource_timing.response_end", 80.0)];
        let served = row("span", 3000.0, 3040.0, &[]);
        assert_eq!(3000.0 + shift(&served, &row("navigation", 0.0, 900.0, &phases)), 30.0);
        assert_eq!(3000.0 + shift(&served, &row("navigation", 0.0, 900.0, &[])), 430.0);
    }
}
