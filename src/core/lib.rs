//! What the agent decides.
//!
//! The agent is a state machine. It is told what the page did and asked what to do next:
//!
//! 1. [`Agent::start`] with what is known at the start,
//! 2. [`Agent::observe`] for each thing that happened,
//! 3. [`Agent::next_effect`] until there is none, doing each,
//! 4. back to 2; the outcome of an effect is an observation too.
//!
//! It owns no clock, no page, no network and no randomness: time comes with each observation, random bytes come once,
//! at the start. The same observations give the same effects, so a whole visit replays natively. It never panics and
//! returns nothing to handle: what it cannot use is counted and the counts are sent.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod actions;
mod agent;
mod consent;
mod crumbs;
mod deflate;
mod delivery;
mod draft;
mod effect;
mod entry;
mod errors;
mod groups;
mod gzip;
mod health;
mod ids;
mod limits;
mod network;
mod observation;
mod outbox;
mod pace;
mod page;
mod resources;
mod sampling;
mod scrub;
mod session;
mod stack;
#[cfg(test)]
mod story;
mod template;
mod time;
mod url;
mod vitals;

pub use agent::Agent;
pub use consent::Consent;
pub use deflate::deflate;
pub use effect::{Effect, Rung};
pub use gzip::gzip;
pub use health::Loss;
pub use observation::{Kind, Observation};
pub use time::{PageTime, Span, WallTime};
