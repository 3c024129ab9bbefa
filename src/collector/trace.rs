//! Where a record is in its trace: kept among its attributes, so that whoever reads records sees it.

use crate::attributes::{Attributes, hex, text_of};
use crate::fault::Fault;
use crate::limits;
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use serde::Serialize;
use serde_json::{Value, json};

const TRACE_ID: &str = "trace_id";
const SPAN_ID: &str = "span_id";
const PARENT_ID: &str = "parent_span_id";
const NAME: &str = "span.name";
const KIND: &str = "span.kind";
const LINKS: &str = "span.links";

/// What [`SpanKind`] calls the requests of a page.
pub(crate) const CLIENT: &str = "client";

/// A span, as others name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct SpanId {
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
}

impl SpanId {
    /// Of the bytes that travel; nothing where they are not ids.
    pub(crate) fn of(trace_id: &[u8], span_id: &[u8]) -> Option<Self> {
        Some(Self { trace_id: id(trace_id, 16)?, span_id: id(span_id, 8)? })
    }

    /// By what the record of the span is known.
    pub(crate) fn identity(&self) -> String {
        format!("span:{}:{}", self.trace_id, self.span_id)
    }

    /// The span that these attributes are of, or in which their event happened.
    pub(crate) fn own(attributes: &Attributes) -> Option<Self> {
        Self::read(attributes, SPAN_ID)
    }

    /// The one that it belongs to, which is of the same trace.
    pub(crate) fn parent(attributes: &Attributes) -> Option<Self> {
        Self::read(attributes, PARENT_ID)
    }

    /// Those that it has to do with besides.
    pub(crate) fn links(attributes: &Attributes) -> impl Iterator<Item = Self> {
        let links = attributes.get(LINKS).and_then(Value::as_array).into_iter().flatten();
        links.filter_map(|link| Self::read(link.as_object()?, SPAN_ID))
    }

    fn read(attributes: &Attributes, span_id: &str) -> Option<Self> {
        let text = |key| text_of(attributes, key).map(str::to_owned);
        Some(Self { trace_id: text(TRACE_ID)?, span_id: text(span_id)? })
    }
}

/// Adds what a span says of itself beside its attributes.
pub(crate) fn describe(span: &Span, own: &SpanId, attributes: &mut Attributes) -> Result<(), Fault> {
    if span.name.len() > limits::VALUE_BYTES {
        return Err(Fault::ValueTooLong);
    }
    if span.links.len() > limits::LINKS {
        return Err(Fault::TooManyLinks);
    }
    happened_in(&own.trace_id, Some(&own.span_id), attributes);
    let mut add = |key: &str, value: Value| drop(attributes.insert(key.to_owned(), value));
    add(NAME, span.name.as_str().into());
    if let Some(kind) = kind(span) {
        add(KIND, kind.into());
    }
    if let Some(parent) = id(&span.parent_span_id, 8) {
        add(PARENT_ID, parent.into());
    }
    // A link that names no span is of no use to anyone.
    let links = span.links.iter().filter_map(|link| SpanId::of(&link.trace_id, &link.span_id));
    let links: Vec<_> = links.map(|link| json!(link)).collect();
    if !links.is_empty() {
        add(LINKS, links.into());
    }
    Ok(())
}

/// Adds the trace of an event, and its span if it names one.
pub(crate) fn happened_in(trace_id: &str, span_id: Option<&str>, attributes: &mut Attributes) {
    attributes.insert(TRACE_ID.to_owned(), trace_id.into());
    if let Some(span_id) = span_id {
        attributes.insert(SPAN_ID.to_owned(), span_id.into());
    }
}

/// What kind of span it is, unless it does not say.
pub(crate) fn kind(span: &Span) -> Option<&'static str> {
    match span.kind() {
        SpanKind::Unspecified => None,
        SpanKind::Internal => Some("internal"),
        SpanKind::Server => Some("server"),
        SpanKind::Client => Some(CLIENT),
        SpanKind::Producer => Some("producer"),
        SpanKind::Consumer => Some("consumer"),
    }
}

/// The name of a span.
pub(crate) fn name(attributes: &Attributes) -> &str {
    text_of(attributes, NAME).unwrap_or_default()
}

/// Whether a span is that of a request, told by who makes it.
pub(crate) fn is_client(attributes: &Attributes) -> bool {
    text_of(attributes, KIND) == Some(CLIENT)
}

/// An id of so many bytes as hexadecimal digits; one of zeros is none.
pub(crate) fn id(bytes: &[u8], len: usize) -> Option<String> {
    (bytes.len() == len && bytes.iter().any(|byte| *byte != 0)).then(|| hex(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{link, span};

    fn described(span: &Span) -> Result<Attributes, Fault> {
        let mut attributes = Attributes::new();
        let own = SpanId::of(&span.trace_id, &span.span_id).unwrap();
        describe(span, &own, &mut attributes).map(|()| attributes)
    }

    #[test]
    fn a_span_keeps_its_place_in_the_trace() {
        let mut span = Span { parent_span_id: vec![9; 8], ..span(1, 2, 1000) };
        span.links = vec![link(3, 4), link(0, 4), link(3, 0)];
        let attributes = described(&span).unwrap();
        let of = |trace: &str, span: &str| SpanId { trace_id: trace.repeat(16), span_id: span.repeat(8) };
        assert_eq!(SpanId::own(&attributes), Some(of("01", "02")));
        assert_eq!(SpanId::parent(&attributes), Some(of("01", "09")));
        assert_eq!(SpanId::links(&attributes).collect::<Vec<_>>(), [of("03", "04")]);
        assert_eq!((name(&attributes), is_client(&attributes)), ("GET", true));
    }

    #[test]
    fn what_a_span_does_not_say_is_left_out() {
        let span = Span { kind: 0, parent_span_id: vec![0; 8], ..span(1, 2, 1000) };
        let attributes = described(&span).unwrap();
        assert_eq!(attributes.keys().collect::<Vec<_>>(), [NAME, SPAN_ID, TRACE_ID]);
        assert!(SpanId::parent(&attributes).is_none() && SpanId::links(&attributes).next().is_none());
    }

    #[test]
    fn too_long_a_name_and_too_many_links_are_faults() {
        let long = Span { name: "x".repeat(limits::VALUE_BYTES + 1), ..span(1, 2, 1000) };
        assert_eq!(described(&long).err(), Some(Fault::ValueTooLong));
        let linked = |count| Span { links: vec![link(1, 2); count], ..span(1, 2, 1000) };
        assert_eq!(described(&linked(limits::LINKS)).err(), None);
        assert_eq!(described(&linked(limits::LINKS + 1)).err(), Some(Fault::TooManyLinks));
    }
}
