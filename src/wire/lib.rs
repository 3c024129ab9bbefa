//! What travels: the names of things, the records, and their bytes. `WIRE.md` beside this file is the normative text.
//!
//! The encoder is our own because its size is the agent's size. Reading is done with the official OpenTelemetry schema
//! only (feature `decode`), so a fault of the encoder cannot hide behind a matching fault of a decoder.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod batch;
#[cfg(feature = "decode")]
pub mod beacon;
mod cells;
pub mod dictionary;
pub mod frame;
pub mod limits;
mod names;
mod pack;
mod record;
mod table;
#[cfg(feature = "decode")]
pub mod tables;
#[cfg(feature = "decode")]
mod typical;
#[cfg(feature = "decode")]
mod unpack;
mod writer;

pub use batch::Batch;
pub use names::{Key, Name, Policy};
pub use pack::pack;
pub use record::{Record, Severity, SpanContext, SpanKind, SpanStatus, Value};
pub use table::Table;
