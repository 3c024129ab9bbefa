//! `decode`: a captured body as readable JSON.

use crate::body::Coding;
use crate::limits;
use crate::refusal::Refusal;
use crate::short::Short;
use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use prost::Message;
use serde::Serialize;
use serde_json::{Map, Value};
use vitrum_wire::{beacon, frame};

/// What is in a body: a beacon, a short visit (as the records that it becomes), or OTLP logs or traces as protobuf or JSON; gzip and zlib are seen by their first bytes.
///
/// # Errors
/// A sentence that says why it is none of these.
pub fn decode(body: Vec<u8>) -> Result<String, String> {
    let plain = match body.as_slice() {
        [] => return Err("The file is empty, where a beacon or a request of OTLP was expected.".to_owned()),
        [0x1f, 0x8b, ..] => Coding::Gzip.decode(body, limits::DECODE_BYTES),
        // The first byte of zlib with the usual window, and a check of both: RFC 1950, 2.2.
        [0x78, second, ..] if (0x7800 + u16::from(*second)) % 31 == 0 => {
            Coding::Deflate.decode(body, limits::DECODE_BYTES)
        }
        _ => Ok(body),
    };
    let plain = plain.map_err(|refusal| refusal.sentence())?;
    match plain.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(&frame::MAGIC) if plain.first() == Some(&frame::MAGIC) => {
            let opened = beacon::open(&plain, limits::DECODE_BYTES);
            pretty(&opened.map_err(|refusal| Refusal::Beacon(refusal, limits::DECODE_BYTES).sentence())?)
        }
        Some(b'{') => from_json(&plain),
        _ => from_protobuf(&plain),
    }
}

fn from_json(text: &[u8]) -> Result<String, String> {
    let corrupt =
        |message, error: serde_json::Error| Refusal::JsonCorrupt { message, cause: error.to_string() }.sentence();
    let object: Map<String, Value> = serde_json::from_slice(text).map_err(|error| corrupt("an object", error))?;
    if object.contains_key("resourceLogs") {
        let request: ExportLogsServiceRequest =
            serde_json::from_slice(text).map_err(|error| corrupt("ExportLogsServiceRequest", error))?;
        pretty(&request)
    } else if object.contains_key("resourceSpans") {
        let request: ExportTraceServiceRequest =
            serde_json::from_slice(text).map_err(|error| corrupt("ExportTraceServiceRequest", error))?;
        pretty(&request)
    } else if object.contains_key("page") && object.contains_key("v") {
        pretty(&Short::open(text).map_err(|flaw| Refusal::Short(flaw).sentence())?.logs())
    } else {
        Err("The file is JSON, but has neither the resourceLogs nor the resourceSpans of OTLP.".to_owned())
    }
}

/// The two requests have the same numbers down to the records, where the first field is a time in one and an id in the
/// other, so bytes of the one are not taken for the other.
fn from_protobuf(bytes: &[u8]) -> Result<String, String> {
    if let Ok(logs) = ExportLogsServiceRequest::decode(bytes) {
        return pretty(&logs);
    }
    match ExportTraceServiceRequest::decode(bytes) {
        Ok(traces) => pretty(&traces),
        Err(_) => Err("The file is neither a beacon nor a request of OTLP, as protobuf or as JSON.".to_owned()),
    }
}

fn pretty(message: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(message).map_err(|error| format!("The contents have no form in JSON: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::short::tests::visit;
    use crate::testing::{beacon, beacon_message, framed, framed_after_dictionary, log, logs_of, span, traces_of};
    use flate2::Compression;
    use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Read;
    use vitrum_wire::dictionary;

    fn all(mut reader: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn check(body: Vec<u8>, pointer: &str, expected: &str) {
        let text = decode(body).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json.pointer(pointer).and_then(Value::as_str), Some(expected), "{text}");
    }

    #[test]
    fn whatever_is_captured_can_be_read() {
        const EVENT: &str = "/resourceLogs/0/scopeLogs/0/logRecords/0/eventName";
        const TRACE: &str = "/resourceSpans/0/scopeSpans/0/spans/0/traceId";
        let trace_id = "07".repeat(16);
        let (logs, traces) = (logs_of("shop", vec![log("a", "p.1", 1000)]), traces_of("shop", vec![span(7, 7, 1000)]));
        let records = || (vec![log("a", "p.1", 1000)], vec![]);

        check(beacon("b1", records().0, records().1), "/batch_id", "b1");
        check(visit().to_string().into_bytes(), EVENT, "browser.navigation");
        let message = beacon_message("b1", records().0, records().1);
        let deflated = all(DeflateEncoder::new(message.as_slice(), Compression::best()));
        check(framed(1, &deflated), &format!("/logs{EVENT}"), "a");
        check(framed_after_dictionary(dictionary::CURRENT, &message), &format!("/logs{EVENT}"), "a");

        for (bytes, json, pointer, expected) in [
            (logs.encode_to_vec(), serde_json::to_vec(&logs).unwrap(), EVENT, "a"),
            (traces.encode_to_vec(), serde_json::to_vec(&traces).unwrap(), TRACE, trace_id.as_str()),
        ] {
            check(all(GzEncoder::new(bytes.as_slice(), Compression::best())), pointer, expected);
            check(all(ZlibEncoder::new(bytes.as_slice(), Compression::best())), pointer, expected);
            check(bytes, pointer, expected);
            check(json, pointer, expected);
        }
    }

    #[test]
    fn whatever_is_something_else_gets_a_sentence() {
        for (body, expected) in [
            (&b""[..], "The file is empty"),
            (b"{\"a\": 1}", "neither the resourceLogs"),
            (b"{\"resourceLogs\": 1}", "not ExportLogsServiceRequest"),
            (b"{", "not an object"),
            (b"{\"v\": 1, \"page\": 7}", "field page is not a text"),
            (b"V\x07", "second byte is 7"),
            (b"V\x02\x07", "dictionary is version 7"),
            (b"\x1f\x8bno gzip", "cannot be decompressed as gzip"),
            (b"<html>a page</html>", "neither a beacon nor"),
        ] {
            let sentence = decode(body.to_vec()).unwrap_err();
            assert!(sentence.contains(expected), "{sentence}");
        }
    }
}
