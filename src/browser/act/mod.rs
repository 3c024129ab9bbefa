//! From the core to the page: each effect, done.

#[cfg(all(target_arch = "wasm32", getrandom_backend = "custom"))]
mod random;
pub(crate) mod shim;

use crate::sense::ENTRY_TYPES;
use vitrum_core::{Effect, PageTime, Rung};

/// Does it. If that settles the fate of a batch at once, gives its number and the status that stands for it.
pub(crate) fn perform(effect: Effect<'_>, now: PageTime) -> Option<[f64; 2]> {
    match effect {
        Effect::Sense(true) => {
            shim::wrap();
            for (kind, name, threshold_ms) in ENTRY_TYPES {
                shim::watch(kind as u8, name, threshold_ms);
            }
        }
        Effect::Sense(false) => shim::rest(),
        Effect::Send { batch, rung: Rung::Fetch, body } => shim::post(batch, body),
        Effect::Send { batch, rung: Rung::Beacon, body } => return Some([f64::from(batch), shim::beacon(body)]),
        Effect::Propagate(traceparent) => shim::propagate(traceparent),
        Effect::Wake(at) => shim::wake(at.0 - now.0),
        Effect::Remember(text) => shim::remember(text),
        Effect::Forget => shim::remember(b""),
    }
    None
}
