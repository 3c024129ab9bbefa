//! Reading a beacon back: frame, inflate, and the official schema for what is inside.

use crate::dictionary;
use crate::frame::{Encoding, MAGIC};
use crate::pack::field;
use crate::tables;
use crate::unpack::{self, unpack};
use crate::writer::bytes_field;
use crate::{Batch, pack};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use opentelemetry_proto::tonic::collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest};
use prost::Message;

/// The message `Beacon` (WIRE.md): a batch id and the two export requests.
#[derive(Clone, PartialEq, Message, serde::Serialize)]
pub struct Beacon {
    /// Identity of the batch: the same id is the same batch, sent again.
    #[prost(string, tag = "1")]
    pub batch_id: String,
    /// Events.
    #[prost(message, optional, tag = "2")]
    pub logs: Option<ExportLogsServiceRequest>,
    /// Requests of the page.
    #[prost(message, optional, tag = "3")]
    pub traces: Option<ExportTraceServiceRequest>,
}

/// Why a body is not a beacon. The collector has the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not begin with the frame's magic byte, or ends before the encoding.
    NotABeacon,
    /// The second byte names no encoding that is known.
    UnknownEncoding(u8),
    /// It was compressed with a version of the dictionary that is not known; nothing else is wrong with it.
    UnknownDictionary(u8),
    /// The payload cannot be decompressed.
    CorruptCompression,
    /// The payload is larger than allowed when decompressed.
    TooLarge,
    /// The payload is not the protobuf message.
    CorruptMessage,
    /// A table in it is not as WIRE.md says.
    CorruptTable,
    /// There is no batch id, so it could not be recognised when sent again.
    NoBatchId,
}

impl From<tables::Fault> for Refusal {
    fn from(fault: tables::Fault) -> Self {
        match fault {
            tables::Fault::Malformed => Self::CorruptTable,
            tables::Fault::TooLarge => Self::TooLarge,
        }
    }
}

impl From<unpack::Fault> for Refusal {
    fn from(fault: unpack::Fault) -> Self {
        match fault {
            unpack::Fault::Malformed => Self::CorruptMessage,
            unpack::Fault::TooLarge => Self::TooLarge,
        }
    }
}

impl Beacon {
    /// The same batch packed, as an agent would send it: of the first resource and scope.
    #[must_use]
    pub fn packed(&self) -> Vec<u8> {
        let logs = self.logs.as_ref().and_then(|request| request.resource_logs.first());
        let spans = self.traces.as_ref().and_then(|request| request.resource_spans.first());
        let resource = logs.map(|logs| &logs.resource).or_else(|| spans.map(|spans| &spans.resource)).and_then(Option::as_ref);
        let attributes = resource.map(|resource| in_order(&resource.encode_to_vec(), &[])).unwrap_or_default();
        let logs = logs.and_then(|logs| logs.scope_logs.first()).map(|scope| messages(&scope.log_records, &LOG_ORDER)).unwrap_or_default();
        let spans = spans.and_then(|spans| spans.scope_spans.first()).map(|scope| messages(&scope.spans, &SPAN_ORDER)).unwrap_or_default();
        pack(&Batch { id: self.batch_id.as_bytes(), resource: &attributes, logs: &logs, spans: &spans })
    }
}

/// The tags that an agent writes before and among the attributes, where the schema's order is another. The first attribute of a
/// log record is its name.
const LOG_ORDER: [u64; 6] = [0x09, 0x10, 0x62, 0x32, 0x4a, 0x52];
const SPAN_ORDER: [u64; 8] = [0x0a, 0x12, 0x22, 0x2a, 0x30, 0x39, 0x41, 0x7a];

fn messages(messages: &[impl Message], order: &[u64]) -> Vec<u8> {
    let mut out = Vec::new();
    for message in messages {
        bytes_field(&mut out, 2, &in_order(&message.encode_to_vec(), order));
    }
    out
}

/// The fields of a message, those of these tags first: of each, one.
fn in_order(message: &[u8], order: &[u64]) -> Vec<u8> {
    let mut fields = Vec::new();
    let mut rest = message;
    loop {
        let before = rest;
        let Some((tag, ..)) = field(&mut rest) else { break };
        fields.push((tag, before.get(..before.len() - rest.len()).unwrap_or_default()));
    }
    let mut out = Vec::new();
    for tag in order {
        match fields.iter().position(|(read, _)| read == tag) {
            Some(at) => out.extend_from_slice(fields.remove(at).1),
            // A span without a parent says so.
            None if *tag == 0x22 => out.extend_from_slice(&[0x22, 0]),
            None => {}
        }
    }
    fields.iter().for_each(|(_, bytes)| out.extend_from_slice(bytes));
    out
}

/// The beacon in a request's body, if its payload takes no more than `limit_bytes` decompressed, and what it and its tables stand for neither.
///
/// # Errors
/// [`Refusal`] says what is wrong with the body.
pub fn open(body: &[u8], limit_bytes: usize) -> Result<Beacon, Refusal> {
    let mut beacon = read(body, limit_bytes)?;
    if let Some(logs) = &mut beacon.logs {
        tables::expand(logs, limit_bytes)?;
    }
    if beacon.batch_id.is_empty() { Err(Refusal::NoBatchId) } else { Ok(beacon) }
}

/// The same with its tables as they came.
///
/// # Errors
/// [`Refusal`] says what is wrong with the body.
pub fn read(body: &[u8], limit_bytes: usize) -> Result<Beacon, Refusal> {
    let [MAGIC, encoding, payload @ ..] = body else { return Err(Refusal::NotABeacon) };
    match *encoding {
        encoding if encoding == Encoding::Identity as u8 => message(payload, limit_bytes),
        encoding if encoding == Encoding::Deflate as u8 => message(&inflate(payload, Vec::new(), limit_bytes)?, limit_bytes),
        encoding if encoding == Encoding::Packed as u8 => {
            // One that ends before its version is cut off, like one that ends later.
            let (version, payload) = payload.split_first().ok_or(Refusal::CorruptCompression)?;
            let dictionary = dictionary::of(*version).ok_or(Refusal::UnknownDictionary(*version))?;
            Ok(unpack(&inflate(payload, dictionary.to_vec(), limit_bytes)?, limit_bytes)?)
        }
        other => Err(Refusal::UnknownEncoding(other)),
    }
}

fn message(message: &[u8], limit_bytes: usize) -> Result<Beacon, Refusal> {
    if message.len() > limit_bytes {
        return Err(Refusal::TooLarge);
    }
    Beacon::decode(message).map_err(|_| Refusal::CorruptMessage)
}

/// The text of a raw DEFLATE stream that is all of these bytes: what follows it would be lost unseen. It stands after the
/// dictionary while it is written, for that is where the stream's distances lead.
fn inflate(payload: &[u8], dictionary: Vec<u8>, limit_bytes: usize) -> Result<Vec<u8>, Refusal> {
    let mut state = DecompressorOxide::new();
    let (dictionary_bytes, mut text) = (dictionary.len(), dictionary);
    let limit_bytes = limit_bytes.saturating_add(dictionary_bytes);
    let expected = payload.len().saturating_mul(4).max(1).saturating_add(dictionary_bytes);
    text.resize(expected.min(limit_bytes), 0);
    let (mut read, mut written) = (0, dictionary_bytes);
    loop {
        let rest = payload.get(read..).unwrap_or_default();
        let (status, consumed, produced) =
            decompress(&mut state, rest, &mut text, written, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        (read, written) = (read + consumed, written + produced);
        match status {
            TINFLStatus::Done if read == payload.len() => {
                text.truncate(written);
                text.drain(..dictionary_bytes);
                return Ok(text);
            }
            TINFLStatus::HasMoreOutput if text.len() >= limit_bytes => return Err(Refusal::TooLarge),
            TINFLStatus::HasMoreOutput => text.resize(text.len().saturating_mul(2).min(limit_bytes), 0),
            _ => return Err(Refusal::CorruptCompression),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{header, packed_header};
    use miniz_oxide::deflate::compress_to_vec;
    use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn message(id: &str) -> Vec<u8> {
        Beacon { batch_id: id.to_owned(), logs: None, traces: None }.encode_to_vec()
    }

    fn framed(encoding: u8, payload: &[u8]) -> Vec<u8> {
        [&[MAGIC, encoding], payload].concat()
    }

    /// A batch without records, packed.
    fn packed(id: &str) -> Vec<u8> {
        pack(&Batch { id: id.as_bytes(), resource: b"", logs: b"", spans: b"" })
    }

    /// A frame whose payload was compressed after these bytes.
    fn after(before: &[u8], version: u8, text: &[u8]) -> Vec<u8> {
        let mut compressor = CompressorOxide::new(128);
        let mut body = packed_header(version).to_vec();
        compress_to_output(&mut compressor, before, TDEFLFlush::Sync, |_| true);
        compress_to_output(&mut compressor, text, TDEFLFlush::Finish, |part| {
            body.extend_from_slice(part);
            true
        });
        body
    }

    #[test]
    fn a_text_that_stands_in_the_dictionary_is_told_by_its_place() {
        for version in dictionary::VERSIONS {
            let dictionary = dictionary::of(*version).unwrap();
            let id: String = dictionary.iter().map(|byte| char::from(byte & 0x7f)).collect();
            let body = after(dictionary, *version, &packed(&id));
            assert!(body.len() < compress_to_vec(&message(&id), 9).len() / 2);
            assert_eq!(open(&body, id.len() + 10).unwrap().batch_id, id);
        }
    }

    /// Around the first size of the buffer, and where it has to grow more than once.
    #[test]
    fn texts_of_every_length_are_opened_with_a_dictionary() {
        let dictionary = dictionary::of(dictionary::CURRENT).unwrap();
        for len in [1, 2, 100, 8000, 65_536, 200_000] {
            let long = packed(&"p".repeat(len));
            let body = after(dictionary, dictionary::CURRENT, &long);
            assert_eq!(open(&body, long.len()).unwrap().batch_id.len(), len);
            assert_eq!(open(&body, long.len() - 1), Err(Refusal::TooLarge));
        }
    }

    #[test]
    fn what_was_compressed_after_something_else_is_not_read_as_if_it_were_not() {
        let name = "browser.resource_timing.response_start";
        let dictionary = dictionary::of(dictionary::CURRENT).unwrap();
        let shorter = &dictionary[..dictionary.len() - 1000];
        let mut body = after(shorter, dictionary::CURRENT, &packed(name));
        assert_ne!(open(&body, 1000).map(|beacon| beacon.batch_id), Ok(name.to_owned()), "the dictionary would be of no use");
        // Without a dictionary there is nothing before the text to point at.
        body.splice(1..3, [Encoding::Deflate as u8]);
        assert_eq!(open(&body, 1000), Err(Refusal::CorruptCompression));
    }

    #[test]
    fn what_follows_the_stream_is_not_passed_over() {
        let payload = compress_to_vec(&message("p.b0"), 6);
        let followed = [payload.as_slice(), &framed(1, &payload)].concat();
        assert_eq!(open(&framed(1, &followed), 100), Err(Refusal::CorruptCompression));
        assert_eq!(open(&framed(1, &payload[..payload.len() - 1]), 100), Err(Refusal::CorruptCompression));
    }

    #[test]
    fn a_long_text_is_opened_up_to_the_limit() {
        let long = message(&"p".repeat(50_000));
        let body = framed(1, &compress_to_vec(&long, 6));
        assert!(open(&body, long.len()).is_ok());
        assert_eq!(open(&body, long.len() - 1), Err(Refusal::TooLarge));
    }

    #[test]
    fn what_is_not_compressed_is_opened_as_well() {
        for body in [framed(0, &message("p.b0")), framed(1, &compress_to_vec(&message("p.b0"), 6))] {
            assert_eq!(open(&body, 100).unwrap().batch_id, "p.b0");
        }
        assert_eq!((header(Encoding::Identity), header(Encoding::Deflate)), ([0x56, 0], [0x56, 1]));
        assert_eq!(packed_header(7), [0x56, 2, 7]);
    }

    #[test]
    fn what_is_no_beacon_is_refused_for_its_reason() {
        let long = message(&"x".repeat(1000));
        for (body, refusal) in [
            (vec![], Refusal::NotABeacon),
            (vec![MAGIC], Refusal::NotABeacon),
            (b"{}".to_vec(), Refusal::NotABeacon),
            (framed(3, &message("b")), Refusal::UnknownEncoding(3)),
            (framed(2, b"\x00"), Refusal::UnknownDictionary(0)),
            (framed(2, b"\xff\x00"), Refusal::UnknownDictionary(255)),
            (framed(2, b""), Refusal::CorruptCompression),
            (framed(2, &[dictionary::CURRENT]), Refusal::CorruptCompression),
            (after(b"", dictionary::CURRENT, &packed(&"x".repeat(1000))), Refusal::TooLarge),
            (framed(b'V', b""), Refusal::UnknownEncoding(b'V')),
            (framed(1, b"no deflate"), Refusal::CorruptCompression),
            (framed(1, b""), Refusal::CorruptCompression),
            (framed(0, b"\xff"), Refusal::CorruptMessage),
            (framed(0, &message("b")[..2]), Refusal::CorruptMessage),
            (framed(0, b"\x0a\x01\xff"), Refusal::CorruptMessage),
            (framed(0, b""), Refusal::NoBatchId),
            (framed(0, &long), Refusal::TooLarge),
            (framed(1, &compress_to_vec(&long, 6)), Refusal::TooLarge),
        ] {
            assert_eq!(open(&body, 500).err(), Some(refusal), "{body:?}");
        }
    }

    #[test]
    fn the_limit_is_what_may_be_and_not_more() {
        let message = message("0123456789");
        for body in [framed(0, &message), framed(1, &compress_to_vec(&message, 6))] {
            assert!(open(&body, message.len()).is_ok());
            assert_eq!(open(&body, message.len() - 1).err(), Some(Refusal::TooLarge));
        }
    }
}
