//! By what a log record is known when it comes again: its own id, or the hash of all that it is.

use crate::attributes::hex;
use crate::record::Source;
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use prost::Message;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use vitrum_wire::Key;

/// The identities of one request. Of equal records without an id it counts which one each is, so that two in a request
/// are two, and the same two when the request is sent again.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    equal_before: HashMap<[u8; 32], u64>,
}

impl Identities {
    /// The scope is in the bytes of its message.
    pub(crate) fn of(&mut self, log: &LogRecord, source: &Source, scope: &[u8]) -> String {
        if let Some(uid) = uid(log) {
            return format!("log:{uid}");
        }
        let mut hash = Sha256::new();
        for part in [source.resource.as_bytes(), scope, &log.encode_to_vec()] {
            // Without the length, the end of one part could stand for the start of the next.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let before = self.equal_before.entry(hash.clone().finalize().into()).or_default();
        hash.update(before.to_le_bytes());
        *before += 1;
        format!("hash:{}", hex(&hash.finalize()))
    }
}

/// The record's own id.
pub(crate) fn uid(log: &LogRecord) -> Option<&str> {
    let entry = log.attributes.iter().find(|entry| entry.key == Key::RecordId.text())?;
    match &entry.value.as_ref()?.value {
        Some(any_value::Value::StringValue(uid)) if !uid.is_empty() => Some(uid),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes;
    use crate::testing::{attribute, log};

    fn source(resource: &[(&str, &str)]) -> Source {
        let attributes = resource.iter().map(|(key, value)| attribute(key, *value)).collect();
        Source::new(attributes::to_json(attributes).unwrap())
    }

    #[test]
    fn a_record_is_known_by_its_uid_and_else_by_all_that_it_is() {
        let identity = |log: &LogRecord, resource: &[(&str, &str)], scope: &[u8]| {
            Identities::default().of(log, &source(resource), scope)
        };
        let shop = [("service.name", "shop")];
        assert_eq!(identity(&log("a", "p.1", 1000), &shop, b""), "log:p.1");
        let nameless = log("a", "", 1000);
        let known = identity(&nameless, &shop, b"");
        assert!(known.starts_with("hash:"));
        assert_eq!(known, identity(&nameless, &shop, b""));
        for other in [
            identity(&nameless, &[("service.name", "blog")], b""),
            identity(&nameless, &[("service.name", "shop"), ("host.name", "h")], b""),
            identity(&nameless, &shop, b"scope"),
            identity(&log("b", "", 1000), &shop, b""),
        ] {
            assert_ne!(known, other);
        }
    }

    #[test]
    fn equal_records_of_one_request_are_counted() {
        let (shop, nameless) = (source(&[("service.name", "shop")]), log("a", "", 1000));
        let request = || {
            let mut identities = Identities::default();
            [(); 3].map(|()| identities.of(&nameless, &shop, b""))
        };
        let [first, second, third] = request();
        assert!(first != second && second != third && first != third);
        assert_eq!(request(), [first, second, third]);
    }
}
