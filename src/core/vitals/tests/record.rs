//! The record of each vital, attribute by attribute.

use super::super::flags::SOFT;
use super::super::record::describe;
use super::*;
use crate::draft::Draft;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::ScopeLogs;
use prost::Message;
use vitrum_wire::{Name, Severity};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Keys and values of a report's record, without the first part that all keys of its kind have.
pub(super) fn of(report: &Report) -> Vec<(String, String)> {
    let mut draft = Draft::new();
    draft.is_identified = true;
    draft.record.begin_log(Name::WebVital, 0, Severity::Info);
    describe(&mut draft, b"0123456789abcdef", report);
    let mut bytes = Vec::new();
    draft.record.append_to(&mut bytes);
    let log = ScopeLogs::decode(bytes.as_slice()).unwrap().log_records.remove(0);
    let pair = |key: &str, value: Value| {
        let key = key.strip_prefix("browser.web_vital.").or_else(|| key.strip_prefix("vitrum.web_vital.attribution.")).unwrap_or(key);
        let text = match value {
            Value::StringValue(text) => text,
            Value::IntValue(number) => number.to_string(),
            Value::DoubleValue(number) => number.to_string(),
            Value::BoolValue(flag) => flag.to_string(),
            other => panic!("{other:?}"),
        };
        (key.to_owned(), text)
    };
    log.attributes.into_iter().map(|attribute| pair(&attribute.key, attribute.value.unwrap().value.unwrap())).collect()
}

/// Whether the last report makes this record.
fn check_record(bench: &Bench, expected: &[(&str, &str)]) {
    let told: Vec<(&str, &str)> = bench.last().record.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(told, expected);
}

fn settled(paint: &[f64; 6], texts: &[&str]) -> Bench {
    let bench = Bench::own(LCP).at(5000.0).document(&[(RESPONSE, 100.4), (LOADED, 4000.0)]);
    bench.tell(Kind::LargestPaint, paint, texts).tell(Kind::Settled, &[5000.0], &[])
}

#[test]
fn of_a_largest_paint() {
    check_record(
        &settled(&[2600.0, 2600.0, -1.0, 1.0, 300.4, 750.4], &["main>img.hero", "https://cdn.example/a.png?sig=secret"]),
        &[
            ("name", "lcp"),
            ("value", "2600"),
            ("delta", "2600"),
            ("id", "0123456789abcdef.lcp"),
            ("rating", "needs-improvement"),
            ("navigation_type", "navigate"),
            ("time_to_first_byte", "100"),
            ("resource_load_delay", "200"),
            ("resource_load_duration", "450"),
            ("element_render_delay", "1850"),
            ("target", "main>img.hero"),
            ("url", "https://cdn.example/a.png?sig"),
        ],
    );
    // A text: what there is nothing to say of is not said.
    check_record(
        &settled(&[900.5, 900.5, -1.0, 1.0, -1.0, 0.0], &["", ""]),
        &[
            ("name", "lcp"),
            ("value", "901"),
            ("delta", "901"),
            ("id", "0123456789abcdef.lcp"),
            ("rating", "good"),
            ("navigation_type", "navigate"),
            ("time_to_first_byte", "100"),
            ("element_render_delay", "800"),
        ],
    );
}

#[test]
fn of_a_first_paint() {
    let marks = [(RESPONSE, 120.0), (INTERACTIVE, 600.0), (CONTENT_LOADED, 700.0)];
    check_record(
        &Bench::own(FCP).at(5000.0).document(&marks).tell(Kind::Paint, &[3100.0], &[]),
        &[
            ("name", "fcp"),
            ("value", "3100"),
            ("delta", "3100"),
            ("id", "0123456789abcdef.fcp"),
            ("rating", "poor"),
            ("navigation_type", "navigate"),
            ("first_byte_to_fcp", "2980"),
            ("time_to_first_byte", "120"),
            ("load_state", "dom-content-loaded"),
        ],
    );
}

#[test]
fn of_a_first_byte() {
    let phases = [(FETCH, 10.0), (LOOKUP, 30.0), (CONNECT, 70.0), (CONNECTED, 150.0), (RESPONSE, 400.0), (LOADED, 4000.0)];
    check_record(
        &Bench::own(TTFB).at(5000.0).document(&phases),
        &[
            ("name", "ttfb"),
            ("value", "400"),
            ("delta", "400"),
            ("id", "0123456789abcdef.ttfb"),
            ("rating", "good"),
            ("navigation_type", "navigate"),
            ("waiting_duration", "10"),
            ("cache_duration", "20"),
            ("dns_duration", "40"),
            ("connection_duration", "80"),
            ("request_duration", "250"),
        ],
    );
}

#[test]
fn of_a_layout_shift() {
    let shifts = [1000.6, 0.125, 0.0, 1100.0, 0.0625, 0.0];
    check_record(
        &Bench::own(CLS).tell(Kind::Paint, &[1.0], &[]).tell(Kind::Shift, &shifts, &["#banner>p", "#b"]).hide(0.0),
        &[
            ("name", "cls"),
            ("value", "0.1875"),
            ("delta", "0.1875"),
            ("id", "0123456789abcdef.cls"),
            ("rating", "needs-improvement"),
            ("navigation_type", "navigate"),
            ("target", "#banner>p"),
            ("largest_shift_time", "1001"),
            ("largest_shift_value", "0.125"),
            ("load_state", "complete"),
        ],
    );
    let common = [("name", "cls"), ("value", "0"), ("delta", "0"), ("id", "0123456789abcdef.cls"), ("rating", "good")];
    let expected = [&common[..], &[("navigation_type", "navigate")]].concat();
    check_record(&Bench::own(CLS).tell(Kind::Paint, &[1.0], &[]).hide(0.0), &expected);
}

fn press(bench: Bench, is_key: f64) -> Bench {
    bench.tell(Kind::Interaction, &[1.0, 1000.0, 200.0, 1020.0, 1100.0, is_key, 1.0], &["#pay"])
}

/// What all records of that interaction have, up to its type.
fn common(kind: &str) -> Vec<(&str, &str)> {
    vec![
        ("name", "inp"),
        ("value", "200"),
        ("delta", "200"),
        ("id", "0123456789abcdef.inp"),
        ("rating", "good"),
        ("navigation_type", "navigate"),
        ("input_delay", "20"),
        ("processing_duration", "80"),
        ("presentation_delay", "100"),
        ("interaction_time", "1000"),
        ("next_paint_time", "1200"),
        ("interaction_type", kind),
        ("load_state", "complete"),
        ("target", "#pay"),
    ]
}

#[test]
fn of_an_interaction() {
    check_record(&press(Bench::own(INP), 0.0).hide(1.0), &common("pointer"));
    check_record(&press(Bench::own(INP), 1.0).hide(1.0), &common("keyboard"));
}

#[test]
fn of_an_interaction_that_waited_for_a_long_frame() {
    let framed = |bench: Bench| bench.tell(Kind::LongFrame, &[990.0, 190.0, 140.0, 1150.0, 1150.0, 0.0], &[]);
    let made_of = [("total_style_and_layout_duration", "30"), ("total_paint_duration", "20"), ("total_unattributed_duration", "150")];
    check_record(&press(framed(Bench::own(INP)), 0.0).hide(1.0), &[&common("pointer")[..], &made_of].concat());

    let invoker = "https://u:p@shop.example/a.js?v=secret";
    let bench = framed(Bench::own(INP)).tell(Kind::Script, &[1020.0, 80.0, 20.0], &[invoker, invoker, "submit"]);
    let made_of = [
        ("total_script_duration", "60"),
        ("total_style_and_layout_duration", "50"),
        ("total_paint_duration", "20"),
        ("total_unattributed_duration", "70"),
        ("longest_script.subpart", "processing-duration"),
        ("longest_script.intersecting_duration", "80"),
        ("longest_script.invoker", "https://shop.example/a.js?v"),
        ("longest_script.source_url", "https://shop.example/a.js?v"),
        ("longest_script.function", "submit"),
    ];
    check_record(&press(bench, 0.0).hide(1.0), &[&common("pointer")[..], &made_of].concat());
}

/// Identifier, type and mark of the last record.
fn check_instance(bench: &Bench, id: &str, kind: &str, is_guess: bool) {
    let of = |key: &str| bench.last().record.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str());
    let mark = if is_guess { "true" } else { "" };
    assert_eq!([of("id"), of("navigation_type"), of("vitrum.web_vital.heuristic")], [id, kind, mark]);
}

#[test]
fn each_instance_has_its_identifier_and_a_guess_is_marked() {
    let bench = Bench::own(FCP).at(900.0).tell(Kind::Paint, &[800.0], &[]);
    check_instance(&bench, "0123456789abcdef.fcp", "navigate", false);
    let bench = bench.at(9000.7).restore(0.0).at(9016.0).repaint();
    check_instance(&bench, "0123456789abcdef.fcp9000", "back-forward-cache", false);
    check_instance(&Bench::own(FCP | SOFT).at(5000.0).soft(7.0, 3.0, 20.0), "0123456789abcdef.fcp5000", "soft-navigation", false);
    let mut bench = Bench::own(INP);
    bench.vitals.route(900.0, b"https://shop.example/pay", &bench.view);
    check_instance(&press(bench, 0.0).hide(1.0), "0123456789abcdef.inp900", "soft-navigation", true);
}

#[test]
fn of_an_interaction_whose_longest_script_had_begun_before_it() {
    // The longer script ends soon after the press: the shorter one is what the user waited for.
    let bench = Bench::own(INP).at(3000.0).tell(Kind::LongFrame, &[900.0, 200.0, 100.0, 1099.0, 1099.0, 0.0], &[]);
    let scripts = ["TimerHandler", "https://shop.example/a.js", "tick", "BUTTON.onclick", "https://shop.example/b.js", "pay"];
    let bench = bench.tell(Kind::Script, &[900.0, 105.0, 0.0, 1020.0, 80.0, 0.0], &scripts);
    let bench = bench.event([1.0, 1000.0, 104.0, 1006.0, 1100.0, 0.0, 1.0], "#buy").hide(1.0);
    let record = &bench.last().record;
    let told = |name: &str| record.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(told("longest_script.invoker"), Some("BUTTON.onclick"));
    assert_eq!(told("longest_script.intersecting_duration"), Some("80"));
}
