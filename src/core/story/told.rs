//! What a batch tells, read with the official schema and written as texts, so that a story can be compared at a glance.

use super::Visit;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use vitrum_wire::beacon::{self, Beacon};

/// A log record, or a span under the name `span` (a request's) or `view` (any other), with its own fields as attributes
/// `trace`, `span`, `parent`, `link`, `name`, `kind`, `status` and `duration_ms`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) at_ms: f64,
    pub(super) severity: i32,
    /// Trace and span in which an event happened.
    pub(super) context: [String; 2],
    pub(super) attributes: Vec<(String, String)>,
}

impl Event {
    /// The value under a key as text; empty if there is none.
    pub(super) fn of(&self, key: &str) -> &str {
        self.attributes.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.attributes.iter().any(|(name, _)| name == key)
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.of(key).parse().ok()
    }
}

impl Visit {
    /// Each batch once, in the order in which they were made.
    pub(super) fn beacons(&self) -> Vec<Beacon> {
        let mut bodies: Vec<(u32, &[u8])> = self.sends().into_iter().map(|(_, batch, _, body)| (batch, body)).collect();
        bodies.sort();
        bodies.dedup();
        bodies.iter().map(|(_, body)| beacon::open(body, 1 << 20).unwrap_or_else(|refusal| panic!("{refusal:?}"))).collect()
    }

    /// All that was told: events, then requests as events of the name `span`.
    pub(super) fn events(&self) -> Vec<Event> {
        self.beacons().iter().flat_map(events_of).collect()
    }

    pub(super) fn named(&self, name: &str) -> Vec<Event> {
        self.events().into_iter().filter(|event| event.name == name).collect()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.events().into_iter().map(|event| event.name).collect()
    }

    /// The sum of one count of health.
    pub(super) fn lost(&self, count: &str) -> f64 {
        let key = ["vitrum.health.", count].concat();
        self.named("vitrum.health").iter().filter_map(|event| event.number(&key)).sum()
    }
}

/// All events of a batch, then all its spans.
pub(super) fn events_of(beacon: &Beacon) -> Vec<Event> {
    let logs = beacon.logs.iter().flat_map(|request| &request.resource_logs).flat_map(|part| &part.scope_logs);
    let spans = beacon.traces.iter().flat_map(|request| &request.resource_spans).flat_map(|part| &part.scope_spans);
    let logs = logs.flat_map(|part| &part.log_records).map(|log| Event {
        name: log.event_name.clone(),
        at_ms: since_origin_ms(log.time_unix_nano),
        severity: log.severity_number,
        context: [hex(&log.trace_id), hex(&log.span_id)],
        attributes: texts(&log.attributes),
    });
    let spans = spans.flat_map(|part| &part.spans).map(|span| {
        let mut attributes = texts(&span.attributes);
        for (key, value) in [
            ("trace", hex(&span.trace_id)),
            ("span", hex(&span.span_id)),
            ("parent", hex(&span.parent_span_id)),
            ("link", span.links.iter().map(|link| [hex(&link.trace_id), hex(&link.span_id)].join("-")).collect()),
            ("name", span.name.clone()),
            ("kind", span.kind.to_string()),
            ("status", span.status.as_ref().map_or(0, |status| status.code).to_string()),
            ("duration_ms", ((span.end_time_unix_nano as i64 - span.start_time_unix_nano as i64) as f64 / 1e6).round().to_string()),
        ] {
            attributes.push((key.to_owned(), value));
        }
        let name = if span.kind == 3 { "span" } else { "view" };
        Event { name: name.to_owned(), at_ms: since_origin_ms(span.start_time_unix_nano), severity: 0, context: Default::default(), attributes }
    });
    logs.chain(spans).collect()
}

/// The attributes of the resource of a batch's events.
pub(super) fn resource(beacon: &Beacon) -> Vec<(String, String)> {
    let logs = beacon.logs.as_ref().map(|logs| &logs.resource_logs[0].resource);
    let spans = beacon.traces.as_ref().map(|spans| &spans.resource_spans[0].resource);
    texts(&logs.or(spans).unwrap().as_ref().unwrap().attributes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn since_origin_ms(unix_nanos: u64) -> f64 {
    (unix_nanos as f64 / 1e6 - super::TIME_ORIGIN).round()
}

fn texts(attributes: &[KeyValue]) -> Vec<(String, String)> {
    attributes.iter().map(|attribute| (attribute.key.clone(), text(attribute.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => panic!("the agent writes no such value: {other:?}"),
    }
}
