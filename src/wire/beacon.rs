//! Reading a beacon back: frame, inflate, and the official schema for what is inside.

use crate::frame::{Encoding, MAGIC};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
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
    /// The payload cannot be decompressed.
    CorruptCompression,
    /// The payload is larger than allowed when decompressed.
    TooLarge,
    /// The payload is not the protobuf message.
    CorruptMessage,
    /// There is no batch id, so it could not be recognised when sent again.
    NoBatchId,
}

/// The beacon in a request's body, if its payload takes no more than `limit_bytes` decompressed.
///
/// # Errors
/// [`Refusal`] says what is wrong with the body.
pub fn open(body: &[u8], limit_bytes: usize) -> Result<Beacon, Refusal> {
    let [MAGIC, encoding, payload @ ..] = body else { return Err(Refusal::NotABeacon) };
    let inflated;
    let message = match *encoding {
        encoding if encoding == Encoding::Identity as u8 => payload,
        encoding if encoding == Encoding::Deflate as u8 => {
            inflated = decompress_to_vec_with_limit(payload, limit_bytes).map_err(|error| match error.status {
                TINFLStatus::HasMoreOutput => Refusal::TooLarge,
                _ => Refusal::CorruptCompression,
            })?;
            &inflated
        }
        other => return Err(Refusal::UnknownEncoding(other)),
    };
    if message.len() > limit_bytes {
        return Err(Refusal::TooLarge);
    }
    let beacon = Beacon::decode(message).map_err(|_| Refusal::CorruptMessage)?;
    if beacon.batch_id.is_empty() { Err(Refusal::NoBatchId) } else { Ok(beacon) }
}
