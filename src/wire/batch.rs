//! A batch: the records of one page load since the last, in the two export requests of OTLP.

use crate::names::Key;
use crate::record::{Value, attribute_bytes};
use crate::writer::{bytes_field, length_field, varint_len};

/// The scope that all records are in: field 1 of `ScopeLogs` and of `ScopeSpans`, a message whose field 1 is the name.
const SCOPE: &[u8] = b"\x0a\x08\x0a\x06vitrum";

/// One payload of a beacon, before compression.
pub struct Batch<'a> {
    /// Identity of the batch: sent again, it is the same batch.
    pub id: &'a [u8],
    /// The attributes of the resource, see [`Batch::resource_attribute`].
    pub resource: &'a [u8],
    /// Encoded log records, see [`crate::Record::append_to`].
    pub logs: &'a [u8],
    /// Encoded spans.
    pub spans: &'a [u8],
}

impl Batch<'_> {
    /// The bytes of the message `Beacon` (WIRE.md).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        bytes_field(&mut out, 1, self.id);
        self.export(&mut out, 2, self.logs);
        self.export(&mut out, 3, self.spans);
        out
    }

    /// Adds an attribute to those of a resource.
    pub fn resource_attribute(resource: &mut Vec<u8>, key: Key, value: Value<'_>) {
        attribute_bytes(resource, 1, key, value);
    }

    /// `ExportLogsServiceRequest` and `ExportTraceServiceRequest` have the same field numbers all the way down to the
    /// records, so one function writes both.
    fn export(&self, out: &mut Vec<u8>, field: u64, records: &[u8]) {
        if records.is_empty() {
            return;
        }
        let in_scope = SCOPE.len() + records.len();
        let in_resource = field_len(self.resource.len()) + field_len(in_scope);
        length_field(out, field, field_len(in_resource));
        length_field(out, 1, in_resource);
        bytes_field(out, 1, self.resource);
        length_field(out, 2, in_scope);
        out.extend_from_slice(SCOPE);
        out.extend_from_slice(records);
    }
}

/// What a field with a content of this length takes.
fn field_len(len: usize) -> usize {
    1 + varint_len(len as u64) + len
}
