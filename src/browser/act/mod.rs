//! From the core to the page: each effect, done.

#[cfg(all(target_arch = "wasm32", getrandom_backend = "custom"))]
mod random;
pub(crate) mod shim;

use crate::sense::ENTRY_TYPES;
use vitrum_core::{Effect, PageTime, Rung};

/// Does it. If that settles the fate of a batch at once, gives what [`vitrum_core::Kind::Delivered`] takes: its number, the status
/// that stands for it, and no wish.
pub(crate) fn perform(effect: Effect<'_>, now: PageTime) -> Option<[f64; 7]> {
    match effect {
        Effect::Sense(true) => shim::wrap(),
        Effect::Watch { meter, flags, threshold_ms } => {
            for (name, kind, listeners) in &ENTRY_TYPES {
                if listeners & flags != 0 {
                    let (at, length) = place(name.as_bytes());
                    shim::watch(meter as i32, *kind as i32, at, length, threshold_ms);
                }
            }
        }
        Effect::Hold { meter, index, list } => shim::hold(meter as i32, index.map_or(-1, |index| index as i32), list as i32),
        Effect::Report { meter, numbers, text } => {
            let (at, length) = place(text);
            shim::report(meter as i32, numbers.as_ptr() as i32, numbers.len() as i32, at, length);
        }
        Effect::Sense(false) => shim::rest(),
        Effect::Send { batch, rung, path, is_second, body } => {
            let (at, length) = place(body);
            let how = how(path, is_second);
            match rung {
                Rung::Fetch => shim::post(batch as i32, at, length, how),
                Rung::Keepalive => shim::post(batch as i32, at, length, how | KEEPALIVE),
                Rung::Beacon => return Some([f64::from(batch), shim::beacon(at, length, how), 0.0, 1.0, 0.0, 1.0, 0.0]),
            }
        }
        Effect::Later { batch, path, is_second, body } => {
            let (at, length) = place(body);
            shim::later(batch as i32, at, length, how(path, is_second));
        }
        Effect::Store { is_last, path, made, body } => {
            let (at, length) = place(&body);
            shim::store(at, length, made, i32::from(path), i32::from(is_last));
        }
        Effect::Recall => shim::recall(),
        Effect::Review { logs, spans } => {
            let ((at, length), (of_spans, spans_length)) = (place(logs), place(spans));
            shim::review(at, length, of_spans, spans_length);
        }
        Effect::Trace(text) => {
            let (at, length) = place(text);
            shim::trace(at, length);
        }
        Effect::Wake(at) => shim::wake(at.0 - now.0),
        Effect::Remember(text) => {
            let (at, length) = place(text);
            shim::remember(at, length);
        }
        Effect::Forget => shim::remember(0, 0),
    }
    None
}

/// The bits of how a batch is sent; `js/send.ts` has the same.
fn how(path: u8, is_second: bool) -> i32 {
    const SECOND: i32 = 4;
    i32::from(path) | if is_second { SECOND } else { 0 }
}

const KEEPALIVE: i32 = 8;

/// Where in memory bytes are, and how many.
fn place(bytes: &[u8]) -> (i32, i32) {
    (bytes.as_ptr() as i32, bytes.len() as i32)
}
