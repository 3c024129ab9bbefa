//! In what a report differs from what is expected of it.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Both compute with the numbers that the browser told: what they may differ by is the rounding of sums.
const TIME_MS: f64 = 1e-6;
const SCORE: f64 = 1e-9;
/// What is a score in reports of the CLS.
const SCORES: [&str; 3] = ["value", "delta", "attribution.largestShiftValue"];

/// After a return from the cache, the paint is measured by a look at the clock: web-vitals and the page's shim have looked
/// in the same frame, each for itself.
const LOOK_MS: f64 = 16.0;
const LOOKED: [&str; 4] = ["value", "delta", "attribution.firstByteToFCP", "attribution.elementRenderDelay"];

/// Numbers that count or name something.
const EXACT: [&str; 6] =
    ["instance", "entries", "navigationId", "navigationInteractionId", "attribution.processedEventEntries", "attribution.longAnimationFrameEntries"];

fn tolerance(metric: &str, kind: &Value, field: &str) -> f64 {
    let is_looked = kind == "back-forward-cache" && ["FCP", "LCP"].contains(&metric);
    match field {
        _ if EXACT.contains(&field) => 0.0,
        _ if metric == "CLS" && SCORES.contains(&field) => SCORE,
        _ if is_looked && LOOKED.contains(&field) => LOOK_MS,
        _ => TIME_MS,
    }
}

/// A line for each field that is not as expected, with both values.
pub(crate) fn unequal(metric: &str, expected: &BTreeMap<String, Value>, told: &BTreeMap<String, Value>) -> Vec<String> {
    let kind = expected.get("navigationType").unwrap_or(&Value::Null);
    let fields: BTreeSet<&String> = expected.keys().chain(told.keys()).collect();
    let is_equal = |field: &str| match (expected.get(field), told.get(field)) {
        (Some(Value::Number(left)), Some(Value::Number(right))) => {
            let [left, right] = [left, right].map(|each| each.as_f64().unwrap_or(f64::NAN));
            (left - right).abs() <= tolerance(metric, kind, field)
        }
        (left, right) => left == right,
    };
    let shown = |value: Option<&Value>| value.map_or_else(|| "missing".to_owned(), Value::to_string);
    let wrong = fields.into_iter().filter(|field| !is_equal(field));
    wrong.map(|field| format!("{field} is {} for web-vitals and {} for the core", shown(expected.get(field)), shown(told.get(field)))).collect()
}
