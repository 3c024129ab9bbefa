//! What is wrong with a beacon, with the status and the sentence that say so.

use crate::refusal::Refusal;
use axum::http::StatusCode;
use vitrum_wire::beacon;

/// Status, word for the counts, and sentence, as those of [`Refusal`].
pub(crate) fn describe(refusal: beacon::Refusal, limit_bytes: usize) -> (StatusCode, &'static str, String) {
    let (reason, sentence) = match refusal {
        beacon::Refusal::TooLarge => return Refusal::DecompressedTooLarge { limit_bytes }.describe(),
        beacon::Refusal::NotABeacon => (
            "not_a_beacon",
            "The body is not a beacon of the Vitrum agent, which begins with V; send OTLP to /v1/logs or /v1/traces.".to_owned(),
        ),
        beacon::Refusal::UnknownEncoding(byte) => (
            "beacon_encoding_unknown",
            format!("The beacon's second byte is {byte}, where 0 (as it is) or 1 (raw deflate) is known; update the collector."),
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
        beacon::Refusal::NoBatchId => (
            "no_batch_id",
            "The beacon has no batch id, by which it would be known when sent again; see WIRE.md for its form.".to_owned(),
        ),
    };
    (StatusCode::BAD_REQUEST, reason, sentence)
}
