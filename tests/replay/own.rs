//! What the agent sends of the vitals that it measures for itself: its last record of each has to say what web-vitals told
//! last.

use crate::compare::unequal;
use crate::story::Page;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value as Any};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vitrum_wire::beacon;

/// A beacon takes no more when it is opened.
const LIMIT_BYTES: usize = 1 << 20;
const PREFIX: &str = "browser.web_vital.";

/// The attributes of a record that reports have too.
const FIELDS: [(&str, &str); 3] = [("value", "value"), ("rating", "rating"), ("navigation_type", "navigationType")];

/// The records of vitals in these batches, in order, each by the names of its attributes.
pub(crate) fn records<'a>(bodies: impl Iterator<Item = &'a Vec<u8>>) -> Vec<BTreeMap<String, Value>> {
    let opened = bodies.filter_map(|body| beacon::open(body, LIMIT_BYTES).expect("what the agent sends can be opened").logs);
    let resources = opened.flat_map(|request| request.resource_logs);
    let logs = resources.flat_map(|part| part.scope_logs).flat_map(|scope| scope.log_records);
    logs.filter(|log| log.event_name == "browser.web_vital").map(|log| log.attributes.iter().filter_map(attribute).collect()).collect()
}

fn attribute(KeyValue { key, value, .. }: &KeyValue) -> Option<(String, Value)> {
    let name = key.strip_prefix(PREFIX)?.to_owned();
    let value = match value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => json!(text),
        Any::IntValue(number) => json!(*number as f64),
        Any::DoubleValue(number) => json!(number),
        _ => return None,
    };
    Some((name, value))
}

/// The last of each instance, in the order in which the instances began.
fn last<T: Copy>(all: impl Iterator<Item = (Value, T)>) -> Vec<T> {
    let mut instances: Vec<(Value, T)> = Vec::new();
    for (id, each) in all {
        match instances.iter_mut().find(|(known, _)| *known == id) {
            Some((_, last)) => *last = each,
            None => instances.push((id, each)),
        }
    }
    instances.into_iter().map(|(_, last)| last).collect()
}

/// A number rounded as WIRE.md says: to whole milliseconds, and a CLS to four digits.
fn as_it_travels(metric: &str, told: &Value) -> Value {
    let digits = if metric == "CLS" { 10_000.0 } else { 1.0 };
    told.as_f64().map_or_else(|| told.clone(), |number| json!((number * digits).round() / digits))
}

/// In what the records differ from what web-vitals told last of each instance, to those who gave this set of options.
pub(crate) fn differences(records: &[BTreeMap<String, Value>], page: &Page, set: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for metric in crate::metric::NAMES {
        let of = |record: &&BTreeMap<String, Value>| record["name"] == metric.to_lowercase();
        let sent = last(records.iter().filter(of).map(|record| (record["id"].clone(), record)));
        let reports = page.reports.iter().filter(|report| report.metric == metric && report.set == set);
        let expected = last(reports.map(|report| (report.fields["instance"].clone(), &report.fields)));
        let own = format!("the agent's own {metric}");
        if sent.len() != expected.len() {
            let values = |all: Vec<&Value>| format!("{} instances {all:?}", all.len());
            let (left, right) = (expected.iter().map(|fields| &fields["value"]).collect(), sent.iter().map(|record| &record["value"]).collect());
            lines.push(format!("{own}: web-vitals told {}, the agent {}", values(left), values(right)));
        }
        for (number, (fields, record)) in expected.iter().zip(&sent).enumerate() {
            let expected = FIELDS.iter().map(|(_, field)| ((*field).to_owned(), as_it_travels(metric, &fields[*field]))).collect();
            let told = FIELDS.iter().filter_map(|(key, field)| Some(((*field).to_owned(), record.get(*key)?.clone()))).collect();
            lines.extend(unequal(metric, &expected, &told).into_iter().map(|line| format!("{own}, instance {number}: {line}")));
        }
    }
    lines
}
