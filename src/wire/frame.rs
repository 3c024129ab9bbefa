//! The bytes before a beacon's payload. A beacon has no headers of its own (a typeless body is what keeps it free
//! of a preflight, and so alive when the page is not), so it says in its body what it is.

/// First byte of every beacon: `V`. No gzip, zlib, JSON or OTLP body begins with it.
pub const MAGIC: u8 = b'V';

/// Second byte: how the payload is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Encoding {
    /// The protobuf message as it is.
    Identity = 0,
    /// Raw DEFLATE (RFC 1951), without zlib or gzip wrapping.
    Deflate = 1,
    /// The batch packed (see [`crate::pack`]), then deflated with a preset dictionary, whose version is the third byte: see
    /// [`crate::dictionary`].
    Packed = 2,
}

/// The header of a beacon whose payload is coded so.
#[must_use]
pub const fn header(encoding: Encoding) -> [u8; 2] {
    [MAGIC, encoding as u8]
}

/// The header of a beacon whose payload is packed, with this version of the dictionary.
#[must_use]
pub const fn packed_header(version: u8) -> [u8; 3] {
    [MAGIC, Encoding::Packed as u8, version]
}
