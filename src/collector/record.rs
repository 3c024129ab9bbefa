//! A record as it is stored: one row from one log record or span, with what the dashboard asks for in columns.

use crate::attributes::{self, Attributes, hex};
use crate::fault::Fault;
use crate::identity;
use crate::limits;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::{Span, status::StatusCode};
use serde_json::Value;
use std::sync::Arc;
use vitrum_wire::{Key, Name};

/// The kind under which spans are stored; log records have their event's name.
pub(crate) const SPAN: &str = "span";

/// The kind of a log record that is no event.
const LOG: &str = "log";

/// What OpenTelemetry calls a service that does not say its name.
const UNKNOWN_SERVICE: &str = "unknown_service";

const NANO_PER_MS: i64 = 1_000_000;

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The same for the same record, however often it comes.
    pub(crate) identity: String,
    pub(crate) kind: String,
    /// When it happened, or when it was received if that cannot be.
    pub(crate) time_ms: i64,
    /// When it happened by its own clock: what places the records of one page to each other.
    pub(crate) time_nano: i64,
    pub(crate) duration_ms: f64,
    pub(crate) failed: bool,
    pub(crate) source: Arc<Source>,
    pub(crate) session_id: Option<String>,
    pub(crate) view_id: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) attributes: Attributes,
    pub(crate) vital: Option<Vital>,
}

/// What all records of one resource have in common.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) service: String,
    pub(crate) version: Option<String>,
    pub(crate) environment: Option<String>,
    /// All attributes of the resource, as a JSON object.
    pub(crate) resource: String,
}

/// The web vital that a record tells of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vital {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) value: f64,
    /// Number of the record among those of its page; decides between two of the same time.
    pub(crate) sequence: i64,
}

impl Source {
    pub(crate) fn new(resource: Attributes) -> Self {
        Self {
            service: attributes::text(&resource, Key::ServiceName).unwrap_or_else(|| UNKNOWN_SERVICE.to_owned()),
            version: attributes::text(&resource, Key::ServiceVersion),
            environment: attributes::text(&resource, Key::Environment),
            resource: Value::Object(resource).to_string(),
        }
    }
}

impl Record {
    pub(crate) fn from_log(
        log: LogRecord,
        identity: String,
        source: Arc<Source>,
        received_ms: i64,
    ) -> Result<Self, Fault> {
        let uid = identity::uid(&log).map(str::to_owned);
        let mut attributes = attributes::to_json(log.attributes)?;

        let event = attributes.get("event.name").and_then(Value::as_str);
        let kind = [log.event_name.as_str(), event.unwrap_or_default(), LOG].into_iter().find(|name| !name.is_empty());
        let kind = kind.unwrap_or(LOG).to_owned();
        if log.body.is_some() {
            let body = attributes::value_to_json(log.body, limits::VALUE_BYTES, limits::VALUE_DEPTH)?;
            attributes.insert("body".to_owned(), body);
        }
        let stamp = if log.time_unix_nano > 0 { log.time_unix_nano } else { log.observed_time_unix_nano };
        let vital =
            (kind == Name::WebVital.text()).then(|| Vital::of(&attributes, &identity, uid.as_deref())).flatten();
        let failed = kind == Name::Exception.text() || attributes::number(&attributes, Key::StatusCode) >= Some(400.0);
        let duration_ms = duration_ms(&kind, &attributes);
        Ok(Self::new(identity, kind, stamp, received_ms, source, attributes).with(duration_ms, failed, vital))
    }

    pub(crate) fn from_span(span: Span, source: Arc<Source>, received_ms: i64) -> Result<Self, Fault> {
        let valid = |id: &[u8], len| id.len() == len && id.iter().any(|byte| *byte != 0);
        if !valid(&span.trace_id, 16) || !valid(&span.span_id, 8) {
            return Err(Fault::SpanWithoutId);
        }
        let (trace_id, span_id) = (hex(&span.trace_id), hex(&span.span_id));
        let mut attributes = attributes::to_json(span.attributes)?;
        let identity = format!("span:{trace_id}:{span_id}");
        attributes.insert("trace_id".to_owned(), trace_id.into());
        attributes.insert("span_id".to_owned(), span_id.into());
        if span.name.len() > limits::VALUE_BYTES {
            return Err(Fault::ValueTooLong);
        }
        attributes.insert("span.name".to_owned(), span.name.into());
        let failed = span.status.is_some_and(|status| status.code() == StatusCode::Error);
        let (start, end) = (span.start_time_unix_nano, span.end_time_unix_nano);
        let duration_ms = end.saturating_sub(start) as f64 / NANO_PER_MS as f64;
        Ok(Self::new(identity, SPAN.to_owned(), start, received_ms, source, attributes).with(duration_ms, failed, None))
    }

    fn new(
        identity: String,
        kind: String,
        stamp_nano: u64,
        received_ms: i64,
        source: Arc<Source>,
        mut attributes: Attributes,
    ) -> Self {
        let time_nano = i64::try_from(stamp_nano).unwrap_or(i64::MAX);
        let stated_ms = time_nano / NANO_PER_MS;
        let plausible = (received_ms - limits::PAST_MS..=received_ms + limits::FUTURE_MS).contains(&stated_ms);
        if !plausible && stamp_nano > 0 {
            attributes.insert("vitrum.stated_time_ms".to_owned(), stated_ms.into());
        }
        Self {
            time_ms: if plausible { stated_ms } else { received_ms },
            time_nano: if stamp_nano > 0 { time_nano } else { received_ms * NANO_PER_MS },
            session_id: attributes::text(&attributes, Key::SessionId),
            view_id: attributes::text(&attributes, Key::ViewId),
            path: attributes::text(&attributes, Key::Path),
            identity,
            kind,
            source,
            attributes,
            duration_ms: 0.0,
            failed: false,
            vital: None,
        }
    }

    fn with(self, duration_ms: f64, failed: bool, vital: Option<Vital>) -> Self {
        Self { duration_ms, failed, vital, ..self }
    }
}

impl Vital {
    fn of(attributes: &Attributes, identity: &str, uid: Option<&str>) -> Option<Self> {
        Some(Self {
            id: attributes::text(attributes, Key::VitalId).unwrap_or_else(|| identity.to_owned()),
            name: attributes::text(attributes, Key::VitalName)?,
            value: attributes::number(attributes, Key::VitalValue)?,
            sequence: uid.and_then(|uid| uid.rsplit('.').next()?.parse().ok()).unwrap_or_default(),
        })
    }
}

/// How long the thing took, where its kind has a length.
fn duration_ms(kind: &str, attributes: &Attributes) -> f64 {
    let keys: &[Key] = match kind {
        _ if kind == Name::NavigationTiming.text() => &[Key::ResourceDuration, Key::ResponseEnd],
        _ if kind == Name::ResourceTiming.text() => &[Key::ResourceDuration],
        _ if kind == Name::LongTask.text() => &[Key::LongTaskDuration],
        _ if kind == Name::LongAnimationFrame.text() => &[Key::FrameDuration],
        _ => &[],
    };
    keys.iter().find_map(|key| attributes::number(attributes, *key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{attribute, log, span, vital};

    const NOW_MS: i64 = 1_800_000_000_000;

    fn source(service: &str) -> Arc<Source> {
        Arc::new(Source::new(attributes::to_json(vec![attribute("service.name", service)]).unwrap()))
    }

    fn stored(log: LogRecord) -> Record {
        Record::from_log(log, "log:p.1".to_owned(), source("shop"), NOW_MS).unwrap()
    }

    #[test]
    fn a_span_is_known_by_its_ids_and_needs_them() {
        let record = Record::from_span(span(1, 2, NOW_MS), source("shop"), NOW_MS).unwrap();
        assert_eq!(record.identity, format!("span:{}:{}", "01".repeat(16), "02".repeat(8)));
        assert_eq!((record.kind.as_str(), record.duration_ms), (SPAN, 250.0));
        let refused = Record::from_span(span(0, 2, NOW_MS), source("shop"), NOW_MS);
        assert_eq!(refused.err(), Some(Fault::SpanWithoutId));
    }

    #[test]
    fn an_impossible_time_becomes_that_of_receipt_and_is_kept_beside() {
        let day_ms = 24 * 3_600_000;
        for (stated_ms, stored_ms) in [
            (NOW_MS - day_ms, NOW_MS - day_ms),
            (NOW_MS - day_ms - 1, NOW_MS),
            (NOW_MS + 600_000, NOW_MS + 600_000),
            (NOW_MS + 600_001, NOW_MS),
        ] {
            let record = stored(log("a", "p.1", stated_ms));
            assert_eq!(record.time_ms, stored_ms);
            let kept = record.attributes.get("vitrum.stated_time_ms").and_then(Value::as_i64);
            assert_eq!(kept, (stated_ms != stored_ms).then_some(stated_ms));
        }
        let timeless = stored(LogRecord { time_unix_nano: 0, ..log("a", "p.1", 0) });
        assert_eq!((timeless.time_ms, timeless.time_nano), (NOW_MS, NOW_MS * NANO_PER_MS));
        assert_eq!(stored(LogRecord { time_unix_nano: u64::MAX, ..log("a", "p.1", 0) }).time_ms, NOW_MS);
    }

    #[test]
    fn a_vital_is_read_from_its_event() {
        let record = stored(vital("lcp", "v1", 1234.5, "page.12", NOW_MS));
        let expected = Vital { id: "v1".to_owned(), name: "lcp".to_owned(), value: 1234.5, sequence: 12 };
        assert_eq!(record.vital, Some(expected));
        assert_eq!(stored(log("exception", "p.2", NOW_MS)).vital, None);
    }

    #[test]
    fn a_service_without_a_name_has_that_of_opentelemetry() {
        assert_eq!(Source::new(Attributes::new()).service, "unknown_service");
    }
}
