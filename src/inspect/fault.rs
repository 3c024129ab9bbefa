//! Why a body cannot be read, and the sentence for each reason.

use std::fmt::{self, Display, Formatter};
use vitrum_wire::beacon::Refusal;

/// What is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no array of bytes.
    NotBytes,
    /// It is not a beacon.
    Refused(Refusal),
    /// A key stands twice among the attributes of one record, so that the object would hide one of them.
    TwoValues(String),
    /// The records are of more than one resource: an agent has one.
    TwoResources,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Display for Fault {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str("Vitrum: ")?;
        match self {
            Self::NotBytes => out.write_str("a body is given as an ArrayBuffer or a Uint8Array."),
            Self::Refused(Refusal::NotABeacon) => {
                out.write_str("this is not a beacon: its first byte is not 0x56, or it ends there.")
            }
            Self::Refused(Refusal::UnknownEncoding(encoding)) => {
                write!(out, "the encoding {encoding} of this beacon is not known; there are 0 (identity), 1 (deflate) and 2 (deflate with a dictionary).")
            }
            Self::Refused(Refusal::UnknownDictionary(version)) => {
                write!(out, "this beacon was compressed with version {version} of the dictionary, which is not known.")
            }
            Self::Refused(Refusal::CorruptCompression) => out.write_str("the payload is not raw DEFLATE, as its second byte says."),
            Self::Refused(Refusal::TooLarge) => out.write_str("the payload is larger than 1 MiB when decompressed."),
            Self::Refused(Refusal::CorruptMessage) => out.write_str("the payload is not the protobuf message Beacon."),
            Self::Refused(Refusal::CorruptTable) => out.write_str("a table in it is not as WIRE.md says."),
            Self::Refused(Refusal::NoBatchId) => out.write_str("the beacon has no batch id."),
            Self::TwoValues(key) => write!(out, "the attribute {key} stands twice in one record."),
            Self::TwoResources => out.write_str("the records of this beacon are of more than one resource."),
        }
    }
}

impl std::error::Error for Fault {}
