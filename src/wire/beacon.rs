//! Reading a beacon back: frame, inflate, and the official schema for what is inside.

use crate::dictionary;
use crate::frame::{Encoding, MAGIC};
use crate::tables;
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

/// The beacon in a request's body, if its payload takes no more than `limit_bytes` decompressed, and what its tables stand for neither.
///
/// # Errors
/// [`Refusal`] says what is wrong with the body.
pub fn open(body: &[u8], limit_bytes: usize) -> Result<Beacon, Refusal> {
    let [MAGIC, encoding, payload @ ..] = body else { return Err(Refusal::NotABeacon) };
    let inflated;
    let message = match *encoding {
        encoding if encoding == Encoding::Identity as u8 => payload,
        encoding if encoding == Encoding::Deflate as u8 => {
            inflated = inflate(payload, Vec::new(), limit_bytes)?;
            &inflated
        }
        encoding if encoding == Encoding::Dictionary as u8 => {
            // One that ends before its version is cut off, like one that ends later.
            let (version, payload) = payload.split_first().ok_or(Refusal::CorruptCompression)?;
            let dictionary = dictionary::of(*version).ok_or(Refusal::UnknownDictionary(*version))?;
            inflated = inflate(payload, dictionary, limit_bytes)?;
            &inflated
        }
        other => return Err(Refusal::UnknownEncoding(other)),
    };
    if message.len() > limit_bytes {
        return Err(Refusal::TooLarge);
    }
    let mut beacon = Beacon::decode(message).map_err(|_| Refusal::CorruptMessage)?;
    if let Some(logs) = &mut beacon.logs {
        tables::expand(logs, limit_bytes)?;
    }
    if beacon.batch_id.is_empty() { Err(Refusal::NoBatchId) } else { Ok(beacon) }
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
    use crate::frame::{dictionary_header, header};
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

    /// A frame whose payload was compressed after these bytes.
    fn after(before: &[u8], version: u8, text: &[u8]) -> Vec<u8> {
        let mut compressor = CompressorOxide::new(128);
        let mut body = dictionary_header(version).to_vec();
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
            let body = after(&dictionary, *version, &message(&id));
            assert!(body.len() < compress_to_vec(&message(&id), 9).len() / 2);
            assert_eq!(open(&body, id.len() + 10).unwrap().batch_id, id);
        }
    }

    /// Around the first size of the buffer, and where it has to grow more than once.
    #[test]
    fn texts_of_every_length_are_opened_with_a_dictionary() {
        let dictionary = dictionary::of(dictionary::CURRENT).unwrap();
        for len in [1, 2, 100, 8000, 65_536, 200_000] {
            let long = message(&"p".repeat(len));
            let body = after(&dictionary, dictionary::CURRENT, &long);
            assert_eq!(open(&body, long.len()).unwrap().batch_id.len(), len);
            assert_eq!(open(&body, long.len() - 1), Err(Refusal::TooLarge));
        }
    }

    #[test]
    fn what_was_compressed_after_something_else_is_not_read_as_if_it_were_not() {
        let name = "vitrum.deletion_request";
        let dictionary = dictionary::of(dictionary::CURRENT).unwrap();
        let shorter = &dictionary[..dictionary.len() - 1000];
        let mut body = after(shorter, dictionary::CURRENT, &message(name));
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
        assert_eq!(dictionary_header(7), [0x56, 2, 7]);
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
            (after(b"", dictionary::CURRENT, &long), Refusal::TooLarge),
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
