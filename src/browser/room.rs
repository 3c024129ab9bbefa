//! The room as the page sees it, in a real browser: packets in by the buffers, effects out to a shim that keeps them.

use crate::act::shim::{attach, take};
use crate::sense::ENTRY_TYPES;
use crate::{numbers_buffer, observe, text_buffer};
use js_sys::{Array, Float64Array, Reflect, Uint8Array, WebAssembly::Memory};
use vitrum_core::{Consent, Kind};
use vitrum_wire::beacon::{Beacon, open};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Writes a packet as `js/packet.ts` does.
fn tell(kind: Kind, numbers: &[f64], texts: &[&str]) {
    let performance = web_sys::window().unwrap().performance().unwrap();
    let text = texts.join("\0");
    let to_text = text_buffer(text.len()) as u32;
    let to_numbers = numbers_buffer(numbers.len()) as u32;
    let memory = wasm_bindgen::memory().unchecked_into::<Memory>().buffer();
    Uint8Array::new_with_byte_offset_and_length(&memory, to_text, text.len() as u32).copy_from(text.as_bytes());
    Float64Array::new_with_byte_offset_and_length(&memory, to_numbers, numbers.len() as u32).copy_from(numbers);
    observe(kind as u8, performance.now(), text.len());
}

/// What was asked for: names, and the first argument where there is one.
fn asked() -> Vec<(String, JsValue)> {
    let pairs = take().into_iter().map(|call| {
        let call: Array = call.unchecked_into();
        (call.get(0).as_string().unwrap(), call.get(1))
    });
    pairs.collect()
}

fn start(consent: Consent) {
    attach(wasm_bindgen::memory());
    let numbers = [1.0, f64::from(consent as u8), 0.0, 1.7e12, f64::INFINITY, 1.0];
    tell(Kind::Start, &numbers, &["shop", "", "", "https://rum.example", "", "https://shop.example/a", "", ""]);
}

fn body(argument: &JsValue) -> Beacon {
    open(&argument.unchecked_ref::<Uint8Array>().to_vec(), 100_000).unwrap()
}

#[wasm_bindgen_test]
fn at_the_start_everything_is_watched_and_the_browser_knows_every_type() {
    take();
    start(Consent::Granted);
    let calls: Array = take();
    let names: Vec<_> = calls.iter().map(|call| call.unchecked_into::<Array>().get(0).as_string().unwrap()).collect();
    assert_eq!(names.first().map(String::as_str), Some("wrap"));
    let types: Vec<_> = calls
        .iter()
        .map(|call| call.unchecked_into::<Array>())
        .filter(|call| call.get(0) == "watch")
        .map(|call| call.get(1).as_string().unwrap())
        .collect();
    assert_eq!(types, ENTRY_TYPES.map(|(_, name, _)| name));
    let observer = Reflect::get(&js_sys::global(), &"PerformanceObserver".into()).unwrap();
    let known: Array = Reflect::get(&observer, &"supportedEntryTypes".into()).unwrap().unchecked_into();
    for name in types {
        assert!(known.includes(&JsValue::from(&name), 0), "Chromium has no entries of type {name}");
    }
}

#[wasm_bindgen_test]
fn what_is_told_leaves_by_beacon_when_the_page_hides() {
    start(Consent::Granted);
    asked();
    tell(Kind::Failure, &[5.0], &["TypeError", "größer als 10", "at f (https://shop.example/a.js?v=1:2:3)"]);
    assert!(asked().iter().all(|(name, _)| name == "wake"), "a visible page waits for company");
    tell(Kind::Hidden, &[6.0], &[]);
    let calls = asked();
    let (_, sent) = calls.iter().find(|(name, _)| name == "beacon").expect("a beacon");
    let logs = &body(sent).logs.unwrap().resource_logs[0].scope_logs[0].log_records;
    let names: Vec<_> = logs.iter().map(|log| log.event_name.as_str()).collect();
    assert_eq!(names, ["session.start", "browser.navigation", "exception"]);
    assert!(calls.iter().any(|(name, _)| name == "remember"), "the tab knows its session");
    tell(Kind::Hidden, &[7.0], &[]);
    assert!(asked().iter().all(|(name, _)| name != "beacon"), "a beacon that was taken is not sent again");
}

#[wasm_bindgen_test]
fn two_pages_draw_different_identifiers() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        start(Consent::Granted);
        tell(Kind::Hidden, &[1.0], &[]);
        let calls = asked();
        let (_, sent) = calls.iter().find(|(name, _)| name == "beacon").expect("a beacon");
        ids.push(body(sent).batch_id);
    }
    assert_ne!(ids[0], ids[1]);
}

#[wasm_bindgen_test]
fn without_consent_nothing_is_asked_for() {
    asked();
    start(Consent::Denied);
    tell(Kind::Failure, &[5.0], &["TypeError", "", ""]);
    tell(Kind::Hidden, &[6.0], &[]);
    assert!(asked().is_empty());
}

#[wasm_bindgen_test]
fn a_packet_of_no_known_kind_is_nothing() {
    start(Consent::Granted);
    asked();
    observe(200, 1.0, 0);
    observe(Kind::Failure as u8, 1.0, 1_000_000);
    assert!(asked().iter().all(|(name, _)| name == "wake"));
}
