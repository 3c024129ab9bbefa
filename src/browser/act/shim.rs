//! The functions of `js/shim.ts`: what web-sys cannot express, or would make larger.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "./shim.js")]
extern "C" {
    /// Registers a PerformanceObserver for a type of entries, whose packets are of this kind.
    pub(crate) fn watch(kind: u8, entry_type: &str, threshold_ms: f64);
    /// Wraps `fetch`, and listens for errors, routes, input and the end of the page.
    pub(crate) fn wrap();
    /// Takes back what [`watch`] and [`wrap`] did.
    pub(crate) fn rest();
    /// Sends a batch by the page's own `fetch`, and tells its fate later.
    pub(crate) fn post(batch: u32, body: &[u8]);
    /// Sends a batch by `sendBeacon`. The status that stands for the browser's answer: 200 for true.
    pub(crate) fn beacon(body: &[u8]) -> f64;
    /// Gives the request that is being started this trace header.
    pub(crate) fn propagate(traceparent: &[u8]);
    /// Fills the buffer from `crypto.getRandomValues`.
    pub(crate) fn random(buffer: &mut [u8]);
    /// Keeps a text in `sessionStorage`, or removes it if it is empty.
    pub(crate) fn remember(text: &[u8]);
    /// Tells after this time that it has passed.
    pub(crate) fn wake(delay_ms: f64);
}
