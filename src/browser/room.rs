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

/// What the agent's own meter measures in these tests: what every Chromium does, and the agent's own entries.
const MEASURES: f64 = 0b10_0001_1111 as f64;

/// Writes a packet of the agent's own as `js/packet.ts` does.
fn tell(kind: Kind, numbers: &[f64], texts: &[&str]) {
    tell_for(0, kind, numbers, texts);
}

/// The same for this meter.
fn tell_for(meter: u32, kind: Kind, numbers: &[f64], texts: &[&str]) {
    let performance = web_sys::window().unwrap().performance().unwrap();
    let text = texts.join("\0");
    let to_text = text_buffer(text.len()) as u32;
    let to_numbers = numbers_buffer(numbers.len()) as u32;
    let memory = wasm_bindgen::memory().unchecked_into::<Memory>().buffer();
    Uint8Array::new_with_byte_offset_and_length(&memory, to_text, text.len() as u32).copy_from(text.as_bytes());
    Float64Array::new_with_byte_offset_and_length(&memory, to_numbers, numbers.len() as u32).copy_from(numbers);
    observe(kind as u8, performance.now(), text.len(), meter);
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
    start_with(consent, MEASURES);
}

fn start_with(consent: Consent, measures: f64) {
    attach(wasm_bindgen::memory());
    let numbers = [1.0, f64::from(consent as u8), 0.0, 1.7e12, f64::INFINITY, measures, 1.8e6, 1.44e7, 0.0, 0.0, 1e9, 0.0, 0.0, 0.0, 0.0];
    tell(Kind::Start, &numbers, &["shop", "", "", "https://rum.example", "", "https://shop.example/a", "", ""]);
}

fn body(argument: &JsValue) -> Beacon {
    open(&argument.unchecked_ref::<Uint8Array>().to_vec(), 100_000).unwrap()
}

/// Of everything watched since the last look: type of entries, number of their kind, threshold, meter.
fn watched() -> Vec<(String, f64, f64, f64)> {
    let calls = take().into_iter().map(JsCast::unchecked_into::<Array>);
    let number = |call: &Array, place: u32| call.get(place).as_f64().unwrap();
    let watch = |call: Array| (call.get(1).as_string().unwrap(), number(&call, 2), number(&call, 3), number(&call, 4));
    calls.filter(|call| call.get(0) == "watch").map(watch).collect()
}

/// What a meter with these flags watches.
fn expected(flags: u32, threshold: f64, meter: f64) -> Vec<(String, f64, f64, f64)> {
    let of = ENTRY_TYPES.iter().filter(|(_, _, listeners)| listeners & flags != 0);
    of.map(|(name, kind, _)| ((*name).to_owned(), f64::from(*kind as u8), threshold, meter)).collect()
}

#[wasm_bindgen_test]
fn at_the_start_everything_is_watched_and_the_browser_knows_every_type() {
    take();
    start(Consent::Granted);
    let calls: Array = take();
    let names: Vec<_> = calls.iter().map(|call| call.unchecked_into::<Array>().get(0).as_string().unwrap()).collect();
    assert_eq!(names.first().map(String::as_str), Some("wrap"));
    start(Consent::Granted);
    let told = watched();
    assert_eq!(told, expected(MEASURES as u32, 40.0, 0.0));
    let observer = Reflect::get(&js_sys::global(), &"PerformanceObserver".into()).unwrap();
    let known: Array = Reflect::get(&observer, &"supportedEntryTypes".into()).unwrap().unchecked_into();
    for (name, ..) in &told {
        assert!(known.includes(&JsValue::from(name), 0), "Chromium has no entries of type {name}");
    }
    // With soft navigations, everything.
    start_with(Consent::Granted, MEASURES + 32.0);
    let types: Vec<_> = watched().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(types, ENTRY_TYPES.map(|(name, ..)| name));
}

#[wasm_bindgen_test]
fn what_is_told_leaves_by_beacon_when_the_page_hides() {
    start(Consent::Granted);
    assert!(asked().iter().any(|(name, _)| name == "remember"), "the site knows its session");
    let chain = ["TypeError", "größer als 10", "at f (https://shop.example/a.js?v=1:2:3)"];
    tell(Kind::Failure, &[5.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], &[&["error", "", "", ""][..], &chain].concat());
    assert!(asked().iter().all(|(name, _)| name == "wake"), "a visible page waits for company");
    tell(Kind::Hidden, &[6.0, 1.0, 0.0], &[]);
    let calls = asked();
    let (_, sent) = calls.iter().find(|(name, _)| name == "beacon").expect("a beacon");
    let logs = &body(sent).logs.unwrap().resource_logs[0].scope_logs[0].log_records;
    let names: Vec<_> = logs.iter().map(|log| log.event_name.as_str()).collect();
    assert_eq!(names, ["session.start", "browser.navigation", "exception"]);
    tell(Kind::Hidden, &[7.0, 0.0, 0.0], &[]);
    assert!(asked().iter().all(|(name, _)| name != "beacon"), "a beacon that was taken is not sent again");
}

#[wasm_bindgen_test]
fn two_pages_draw_different_identifiers() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        start(Consent::Granted);
        tell(Kind::Hidden, &[1.0, 1.0, 0.0], &[]);
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
    tell(Kind::Hidden, &[6.0, 1.0, 0.0], &[]);
    // But that requests are not watched any more, and that what was remembered is forgotten.
    assert_eq!(asked(), ["trace", "remember"].map(|name| (name.to_owned(), JsValue::from(""))));
}

#[wasm_bindgen_test]
fn a_packet_of_no_known_kind_is_nothing() {
    start(Consent::Granted);
    tell(Kind::Woke, &[0.0; 9], &[]);
    asked();
    observe(200, 1.0, 0, 0);
    observe(Kind::Failure as u8, 1.0, 1_000_000, 0);
    assert!(asked().iter().all(|(name, _)| name == "wake"));
}

/// Somebody listens before the agent is started, with entries and all changes, to first paints and interactions.
#[wasm_bindgen_test]
fn a_listener_is_told_with_its_entries_before_the_agents_start_and_after_it() {
    start_with(Consent::Denied, 0.0);
    take();
    let meter = 1;
    tell_for(meter, Kind::Listen, &[f64::from(2 + 64 + 128), 16.0], &[]);
    assert_eq!(watched(), expected(2 + 64 + 128, 16.0, f64::from(meter)));
    let lines = |calls: Array| -> Vec<String> {
        let text = |call: JsValue| js_sys::JSON::stringify(&call).unwrap().as_string().unwrap();
        calls.iter().map(text).collect()
    };
    tell_for(meter, Kind::Interaction, &[7.0, 100.0, 80.0, 110.0, 150.0, 1.0, 1.0], &["#größe"]);
    // The last is the list of the events of its group, which nobody holds.
    let parts = "10,40,30,1,100,180,3,0,0,0,80,-1,0,0,0,536870913";
    let report = |value: f64, delta: f64, list: u32, parts: &str| {
        let numbers = format!("1,0,0,0,null,0,{value},{delta},{list},{parts}");
        format!("[\"report\",{meter},[{numbers}],\"navigate\\u0000\\u0000#größe\\u0000\"]")
    };
    // List 0 is the largest paint's, and no matter here.
    let calls: Vec<_> = lines(take()).into_iter().filter(|line| !line.ends_with(",-1,0]")).collect();
    assert_eq!(calls, [format!("[\"hold\",{meter},0,3]"), report(80.0, 80.0, 3, parts)]);

    start(Consent::Granted);
    take();
    tell_for(meter, Kind::Interaction, &[7.0, 100.0, 120.0, 110.0, 150.0, 1.0, 1.0], &["#other"]);
    let parts = "10,40,70,1,100,220,3,0,0,0,120,-1,0,0,0,536870914";
    let calls = lines(take());
    assert_eq!(calls, [format!("[\"hold\",{meter},0,4]"), format!("[\"hold\",{meter},-1,3]"), report(120.0, 40.0, 4, parts)]);
}
