//! The front door: everything that JavaScript may call, and nothing else.
//!
//! One observation is one round: room for its numbers and its text is asked for, both are written straight into the
//! wasm's memory, and [`observe`] is called. Measured against getters one by one this is a third cheaper with strings.
#![allow(unsafe_code, reason = "wasm-bindgen's exports expand to it; there is none of our own")]

use wasm_bindgen::prelude::wasm_bindgen;

/// The page's heap is small and its life short: a free list suits it, at a tenth of the size of the standard allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    // SAFETY: the agent runs on the page's one thread; it never starts another and shares no memory.
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// Room for `len` numbers; the address of the first.
#[wasm_bindgen]
#[must_use]
pub fn numbers(len: usize) -> *mut f64 {
    vitrum_browser::numbers_buffer(len)
}

/// Room for `len` bytes of UTF-8; the address of the first.
#[wasm_bindgen]
#[must_use]
pub fn text(len: usize) -> *mut u8 {
    vitrum_browser::text_buffer(len)
}

/// Takes in the observation of this kind that was written, of whose text `text_bytes` are used. `now_ms` is
/// `performance.now()`; `meter` is the listener that it was observed for, 0 for the agent itself.
#[wasm_bindgen]
pub fn observe(kind: u8, now_ms: f64, text_bytes: usize, meter: u32) {
    vitrum_browser::observe(kind, now_ms, text_bytes, meter);
}
