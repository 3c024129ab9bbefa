//! The functions of `js/shim.ts`: what web-sys cannot express, or would make larger.

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg_attr(not(test), wasm_bindgen(raw_module = "./shim.js"))]
#[cfg_attr(test, wasm_bindgen(inline_js = "
    // Stands for the shim in tests: keeps what was asked for where a test can read it.
    export const asked = [];
    const ask = (name) => (...args) => { asked.push([name, ...args.map((arg) => arg.slice ? arg.slice() : arg)]); return 200; };
    export const watch = ask('watch'), wrap = ask('wrap'), rest = ask('rest'), post = ask('post'), beacon = ask('beacon');
    export const propagate = ask('propagate'), remember = ask('remember'), wake = ask('wake');
    export const random = (buffer) => crypto.getRandomValues(buffer);
    export const take = () => asked.splice(0);
"))]
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
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "elsewhere getrandom asks the system"))]
    pub(crate) fn random(buffer: &mut [u8]);
    /// Keeps a text in `sessionStorage`, or removes it if it is empty.
    pub(crate) fn remember(text: &[u8]);
    /// Tells after this time that it has passed.
    pub(crate) fn wake(delay_ms: f64);

    /// What was asked for since the last call: lists of a name and its arguments.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub(crate) fn take() -> js_sys::Array;
}
