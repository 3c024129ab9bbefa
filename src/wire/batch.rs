//! A batch: the records of one page load since the last, in the two export requests of OTLP.

use crate::names::Key;
use crate::record::{Value, attribute_bytes};
use crate::writer::bytes_field;

/// Name of the instrumentation scope that all records are in.
const SCOPE: &[u8] = b"vitrum";

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
        for (field, records) in [(2, self.logs), (3, self.spans)] {
            if !records.is_empty() {
                bytes_field(&mut out, field, &export(self.resource, records));
            }
        }
        out
    }

    /// Adds an attribute to those of a resource.
    pub fn resource_attribute(resource: &mut Vec<u8>, key: Key, value: Value<'_>) {
        attribute_bytes(resource, 1, key, value);
    }
}

/// `ExportLogsServiceRequest` and `ExportTraceServiceRequest` have the same field numbers all the way down to the
/// records, so one function writes both.
fn export(resource: &[u8], records: &[u8]) -> Vec<u8> {
    let mut scope = Vec::new();
    bytes_field(&mut scope, 1, SCOPE);

    let mut in_scope = Vec::new();
    bytes_field(&mut in_scope, 1, &scope);
    in_scope.extend_from_slice(records);

    let mut in_resource = Vec::new();
    bytes_field(&mut in_resource, 1, resource);
    bytes_field(&mut in_resource, 2, &in_scope);

    let mut request = Vec::new();
    bytes_field(&mut request, 1, &in_resource);
    request
}

