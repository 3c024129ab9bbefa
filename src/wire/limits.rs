//! The sizes both ends of the wire agree on.

/// Version of the wire format, sent as the resource attribute `vitrum.schema.version`.
pub const SCHEMA_VERSION: u8 = 1;

/// Longest attribute value in bytes of UTF-8; longer ones are cut at a character border. The collector refuses values
/// over 8 KiB (2026-11-21); a stack is allowed [`STACK_BYTES`].
pub const VALUE_BYTES: usize = 2048;

/// Longest stack in bytes of UTF-8. Some fifty frames of 160 bytes, more than any browser writes by default.
pub const STACK_BYTES: usize = 8192;
