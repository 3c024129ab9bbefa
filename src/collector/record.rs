//! A record as it is stored: one row from one log record or span, with what the dashboard asks for in columns.

use crate::attributes::{self, Attributes};
use crate::fault::Fault;
use crate::group::Group;
use crate::identity;
use crate::limits;
use crate::occurrence::Occurrence;
use crate::trace::{self, SpanId};
use crate::user_agent;
use crate::weight::Terms;
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

/// Of a resource, from the header of the request where the sender does not say it.
pub(crate) const USER_AGENT: &str = "user_agent.original";

/// The route of senders that have no template for it.
const PATH: &str = "url.path";

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
    /// `url.template`, else `url.path`.
    pub(crate) path: Option<String>,
    pub(crate) trace_id: Option<String>,
    /// Of spans that say it.
    pub(crate) span_kind: Option<&'static str>,
    pub(crate) attributes: Attributes,
    /// Number of the record among those of its page; decides between two of the same time.
    pub(crate) sequence: i64,
    pub(crate) vital: Option<Vital>,
    pub(crate) group: Option<Group>,
    pub(crate) occurrence: Option<Occurrence>,
}

/// What all records of one resource have in common.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) service: String,
    pub(crate) version: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) terms: Terms,
    /// By its user agent.
    pub(crate) browser: Option<String>,
    /// All attributes of the resource, as a JSON object.
    pub(crate) resource: String,
}

/// The web vital that a record tells of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vital {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) value: f64,
}

impl Source {
    pub(crate) fn new(resource: Attributes) -> Self {
        Self {
            service: attributes::text(&resource, Key::ServiceName).unwrap_or_else(|| UNKNOWN_SERVICE.to_owned()),
            version: attributes::text(&resource, Key::ServiceVersion),
            environment: attributes::text(&resource, Key::Environment),
            terms: Terms::of(&resource),
            browser: attributes::text_of(&resource, USER_AGENT).and_then(user_agent::browser),
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
        let sequence = identity::uid(&log).and_then(|uid| uid.rsplit('.').next()?.parse().ok()).unwrap_or_default();
        let mut attributes = attributes::to_json(log.attributes)?;

        let event = attributes.get("event.name").and_then(Value::as_str);
        let kind = [log.event_name.as_str(), event.unwrap_or_default(), LOG].into_iter().find(|name| !name.is_empty());
        let kind = kind.unwrap_or(LOG).to_owned();
        if log.body.is_some() {
            let body = attributes::value_to_json(log.body, limits::VALUE_BYTES, limits::VALUE_DEPTH)?;
            attributes.insert("body".to_owned(), body);
        }
        let stamp = if log.time_unix_nano > 0 { log.time_unix_nano } else { log.observed_time_unix_nano };
        let trace_id = trace::id(&log.trace_id, 16);
        if let Some(trace_id) = &trace_id {
            trace::happened_in(trace_id, trace::id(&log.span_id, 8).as_deref(), &mut attributes);
        }
        let vital = (kind == Name::WebVital.text()).then(|| Vital::of(&attributes, &identity)).flatten();
        let occurrence = Occurrence::of(&kind, &attributes);
        let failed = kind == Name::Exception.text() || attributes::number(&attributes, Key::StatusCode) >= Some(400.0);
        let duration_ms = duration_ms(&kind, &attributes);
        let group = if kind == Name::ResourceGroup.text() {
            Group::of(&attributes)
        } else if kind == Name::ResourceTiming.text() && !failed {
            Group::of_resource(&attributes, duration_ms)
        } else {
            None
        };
        let record = Self::new(identity, kind, stamp, received_ms, source, attributes);
        Ok(Self { duration_ms, failed, trace_id, sequence, vital, group, occurrence, ..record })
    }

    pub(crate) fn from_span(span: Span, source: Arc<Source>, received_ms: i64) -> Result<Self, Fault> {
        let own = SpanId::of(&span.trace_id, &span.span_id).ok_or(Fault::SpanWithoutId)?;
        let mut attributes = attributes::to_json(span.attributes.clone())?;
        trace::describe(&span, &own, &mut attributes)?;
        let span_kind = trace::kind(&span);
        let failed = span.status.is_some_and(|status| status.code() == StatusCode::Error);
        let (start, end) = (span.start_time_unix_nano, span.end_time_unix_nano);
        let duration_ms = end.saturating_sub(start) as f64 / NANO_PER_MS as f64;
        let group = if failed { None } else { Group::of_resource(&attributes, duration_ms) };
        let record = Self::new(own.identity(), SPAN.to_owned(), start, received_ms, source, attributes);
        Ok(Self { duration_ms, failed, trace_id: Some(own.trace_id), span_kind, group, ..record })
    }

    /// How many of its kind it stands for.
    pub(crate) fn weight(&self) -> f64 {
        let is_fault = self.occurrence.as_ref().is_some_and(|occurrence| occurrence.is_grave) || (self.kind == SPAN && self.failed);
        self.source.terms.weight(is_fault)
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
            path: attributes::text(&attributes, Key::Template)
                .or_else(|| attributes::text_of(&attributes, PATH).map(str::to_owned)),
            identity,
            kind,
            source,
            attributes,
            duration_ms: 0.0,
            failed: false,
            trace_id: None,
            span_kind: None,
            sequence: 0,
            vital: None,
            group: None,
            occurrence: None,
        }
    }
}

impl Vital {
    fn of(attributes: &Attributes, identity: &str) -> Option<Self> {
        Some(Self {
            id: attributes::text(attributes, Key::VitalId).unwrap_or_else(|| identity.to_owned()),
            name: attributes::text(attributes, Key::VitalName)?,
            value: attributes::number(attributes, Key::VitalValue)?,
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
        let expected = Vital { id: "v1".to_owned(), name: "lcp".to_owned(), value: 1234.5 };
        assert_eq!((record.vital, record.sequence), (Some(expected), 12));
        assert_eq!(stored(log("exception", "p.2", NOW_MS)).vital, None);
    }

    #[test]
    fn the_route_is_the_template_and_else_the_path() {
        let path = |keys: &[&str]| {
            let attributes = keys.iter().map(|key| attribute(key, ["/of/", *key].concat().as_str())).collect();
            stored(LogRecord { attributes, ..log("a", "p.1", NOW_MS) }).path
        };
        assert_eq!(path(&["url.path", "url.template"]).as_deref(), Some("/of/url.template"));
        assert_eq!(path(&["url.path"]).as_deref(), Some("/of/url.path"));
        assert_eq!(path(&[]), None);
    }

    #[test]
    fn a_log_record_keeps_the_span_in_which_it_happened() {
        let in_trace =
            |trace_id: Vec<u8>, span_id: Vec<u8>| stored(LogRecord { trace_id, span_id, ..log("a", "p.1", NOW_MS) });
        let record = in_trace(vec![1; 16], vec![2; 8]);
        assert_eq!(record.trace_id, Some("01".repeat(16)));
        assert_eq!(SpanId::own(&record.attributes).map(|own| own.span_id), Some("02".repeat(8)));
        for (trace_id, span_id) in [(vec![], vec![]), (vec![0; 16], vec![2; 8]), (vec![1; 4], vec![2; 8])] {
            let record = in_trace(trace_id, span_id);
            assert_eq!((record.trace_id, record.attributes.get("span_id")), (None, None));
        }
    }

    #[test]
    fn a_service_without_a_name_has_that_of_opentelemetry() {
        assert_eq!(Source::new(Attributes::new()).service, "unknown_service");
    }
}
