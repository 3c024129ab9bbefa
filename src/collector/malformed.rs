//! What is wrong with a beacon, with the status and the sentence that say so.

use crate::limits;
use crate::refusal::Refusal;
use crate::short::Flaw;
use axum::http::StatusCode;
use vitrum_wire::{beacon, dictionary};

/// Status, word for the counts, and sentence, as those of [`Refusal`].
pub(crate) fn describe(refusal: beacon::Refusal, limit_bytes: usize) -> (StatusCode, &'static str, String) {
    let (reason, sentence) = match refusal {
        beacon::Refusal::TooLarge => return Refusal::DecompressedTooLarge { limit_bytes }.describe(),
        beacon::Refusal::UnknownDictionary(version) => {
            return Refusal::DictionaryUnknown { version, known: dictionary::VERSIONS }.describe();
        }
        beacon::Refusal::NotABeacon => (
            "not_a_beacon",
            "The body is not a beacon of the Vitrum agent, which begins with V or {; send OTLP to /v1/logs or /v1/traces.".to_owned(),
        ),
        beacon::Refusal::UnknownEncoding(byte) => (
            "beacon_encoding_unknown",
            format!(
                "The beacon's second byte is {byte}, where 0 (as it is), 1 (raw deflate) or 2 (raw deflate with a dictionary) \
                 is known; update the collector."
            ),
        ),
        beacon::Refusal::CorruptCompression => (
            "compression_corrupt",
            "The beacon's payload cannot be decompressed as raw deflate: it is damaged or cut off; do not send it again."
                .to_owned(),
        ),
        beacon::Refusal::CorruptMessage => (
            "protobuf_corrupt",
            "The beacon's payload is not the protobuf message Beacon of WIRE.md; do not send it again.".to_owned(),
        ),
        beacon::Refusal::CorruptTable => (
            "table_corrupt",
            "A record has a table that is not as WIRE.md says; do not send it again.".to_owned(),
        ),
        beacon::Refusal::NoBatchId => (
            "no_batch_id",
            "The beacon has no batch id, by which it would be known when sent again; see WIRE.md for its form.".to_owned(),
        ),
    };
    (StatusCode::BAD_REQUEST, reason, sentence)
}

/// The same for a beacon whose dictionary is not known here. Nothing is wrong with it, so it is a conflict: who sent it has
/// the same records without a dictionary.
pub(crate) fn unknown_dictionary(version: u8, known: &[u8]) -> (StatusCode, &'static str, String) {
    let known = match known {
        [] => "none".to_owned(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(u8::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    };
    let sentence = format!(
        "The beacon's dictionary is version {version}, but this collector knows {known}; send the same without a dictionary, \
         or update the collector."
    );
    (StatusCode::CONFLICT, "dictionary_unknown", sentence)
}

/// The same for a short visit.
pub(crate) fn short(flaw: &Flaw) -> (StatusCode, &'static str, String) {
    let (reason, sentence) = match flaw {
        Flaw::TooLarge => {
            let sentence = format!("The short visit is larger than the {} bytes that are taken; tell of fewer errors.", limits::SHORT_BYTES);
            return (StatusCode::PAYLOAD_TOO_LARGE, "short_too_large", sentence);
        }
        Flaw::NoObject(cause) => (
            "short_corrupt",
            format!("The body begins as a short visit, but is not a JSON object ({cause}); it may be cut off, so do not send it again."),
        ),
        Flaw::UnknownVersion => (
            "short_version_unknown",
            "The short visit's version is not 1, the only one that this collector knows; update the collector.".to_owned(),
        ),
        Flaw::Absent(field) => {
            ("short_field_absent", format!("The short visit has no field {field}; see WIRE.md for those that it needs."))
        }
        Flaw::Wrong(field, expected) => {
            ("short_field_wrong", format!("The short visit's field {field} is not {expected}; see WIRE.md for its form."))
        }
    };
    (StatusCode::BAD_REQUEST, reason, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_that_is_not_known_is_a_conflict_and_the_known_are_told() {
        for (known, told) in [(&[][..], "knows none;"), (&[1], "knows 1;"), (&[1, 2], "knows 1 and 2;"), (&[1, 2, 5], "knows 1, 2 and 5;")] {
            let refusal = Refusal::DictionaryUnknown { version: 7, known };
            let sentence = refusal.sentence();
            assert_eq!((refusal.status(), refusal.reason()), (StatusCode::CONFLICT, "dictionary_unknown"));
            assert!(sentence.starts_with("The beacon's dictionary is version 7, but this collector ") && sentence.contains(told), "{sentence}");
        }
    }
}
