//! What touches the page. The runtime holds the agent and drives it; `sense` turns what the shim packed into
//! observations; `act` does what the agent asks.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod act;
#[cfg(all(test, target_arch = "wasm32"))]
mod room;
mod runtime;
mod sense;

pub use runtime::{numbers_buffer, observe, text_buffer};
