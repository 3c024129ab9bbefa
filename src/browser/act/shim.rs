//! The functions of `js/shim.ts`: what web-sys cannot express, or would make larger. Bytes are given as their place in
//! memory, which the shim reads before it returns, and numbers as `i32`: so there is nothing to convert in between, and
//! the wasm imports the shim's own functions.

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg_attr(not(test), wasm_bindgen(raw_module = "./shim.js"))]
#[cfg_attr(test, wasm_bindgen(inline_js = "
    // Stands for the shim in tests: keeps what was asked for where a test can read it.
    let memory, asked = [];
    export const attach = (given) => { memory = given; };
    const bytes = (at, length) => new Uint8Array(memory.buffer, at, length).slice();
    const text = (at, length) => new TextDecoder().decode(bytes(at, length));
    export const watch = (meter, kind, at, length, threshold) => asked.push(['watch', text(at, length), kind, threshold, meter]);
    export const hold = (meter, index, list) => asked.push(['hold', meter, index, list]);
    export const report = (meter, numbers, count, at, length) =>
      asked.push(['report', meter, [...new Float64Array(memory.buffer, numbers, count)], text(at, length)]);
    export const wrap = () => asked.push(['wrap']);
    export const rest = () => asked.push(['rest']);
    export const post = (batch, at, length, how) => asked.push(['post', bytes(at, length), batch, how]);
    export const later = (batch, at, length, how) => asked.push(['later', bytes(at, length), batch, how]);
    export const store = (at, length, made, path, isLast) => asked.push(['store', bytes(at, length), made, path, isLast]);
    export const recall = () => asked.push(['recall']);
    export const beacon = (at, length) => { asked.push(['beacon', bytes(at, length)]); return 1; };
    export const review = (at, length, spans, spansLength) => asked.push(['review', bytes(at, length), bytes(spans, spansLength)]);
    export const trace = (at, length) => asked.push(['trace', text(at, length)]);
    export const random = (at, length) => { crypto.getRandomValues(new Uint8Array(memory.buffer, at, length)); };
    export const remember = (at, length) => asked.push(['remember', text(at, length)]);
    export const wake = (delay) => asked.push(['wake', delay]);
    export const take = () => asked.splice(0);
"))]
extern "C" {
    /// Has the PerformanceObserver of a meter observe a type of entries, whose packets are of this kind.
    pub(crate) fn watch(meter: i32, kind: i32, entry_type: i32, length: i32, threshold_ms: f64);
    /// Listens for errors, routes and actions.
    pub(crate) fn wrap();
    /// Takes back what [`watch`] and [`wrap`] did.
    pub(crate) fn rest();
    /// Adds an entry of the last packet to a list of this meter, or (-1) lets go of the list.
    pub(crate) fn hold(meter: i32, index: i32, list: i32);
    /// Tells a listener of a vital.
    pub(crate) fn report(meter: i32, numbers: i32, count: i32, text: i32, length: i32);
    /// Sends a batch by the page's own `fetch`, and tells its fate later. How: bits of where it goes, and of keepalive.
    pub(crate) fn post(batch: i32, body: i32, length: i32, how: i32);
    /// Sends a batch by `sendBeacon`. The status that stands for the browser's answer ([`vitrum_core::Kind::Delivered`]).
    pub(crate) fn beacon(body: i32, length: i32, how: i32) -> f64;
    /// Has the browser hold a batch for the page's end, or (without a body) hold it no more.
    pub(crate) fn later(batch: i32, body: i32, length: i32, how: i32);
    /// Stores a batch for another time; at once, if the page may be gone in a moment.
    pub(crate) fn store(body: i32, length: i32, made: f64, path: i32, is_last: i32);
    /// Tells later of what is stored.
    pub(crate) fn recall();
    /// Shows the site what is about to leave, and tells later what it has made of it: log records and spans.
    pub(crate) fn review(logs: i32, length: i32, spans: i32, spans_length: i32);
    /// Says in which trace requests are from now on, and on what terms; without a text they are not to be watched.
    pub(crate) fn trace(text: i32, length: i32);
    /// Fills the buffer from `crypto.getRandomValues`.
    #[cfg_attr(not(getrandom_backend = "custom"), allow(dead_code, reason = "elsewhere getrandom asks the system"))]
    pub(crate) fn random(buffer: i32, length: i32);
    /// Keeps a text where all pages of the site find it, or removes it if it is empty.
    pub(crate) fn remember(text: i32, length: i32);
    /// Tells after this time that it has passed.
    pub(crate) fn wake(delay_ms: f64);

    /// Gives the stand-in the memory to read from.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub(crate) fn attach(memory: wasm_bindgen::JsValue);
    /// What was asked for since the last call: lists of a name and its arguments.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub(crate) fn take() -> js_sys::Array;
}
