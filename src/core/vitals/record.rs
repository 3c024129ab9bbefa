//! The record of a vital: its value, and what explains it. Source: OpenTelemetry semantic conventions, event
//! `browser.web_vital`; the attribution is called as web-vitals calls it.

use super::report::{COMMON, Report, Type, Vital};
use crate::draft::Draft;
use crate::ids::push_decimal;
use crate::observation::Texts;
use vitrum_wire::Key;

const RATINGS: [&[u8]; 3] = [b"good", b"needs-improvement", b"poor"];
const STATES: [&[u8]; 4] = [b"loading", b"dom-interactive", b"dom-content-loaded", b"complete"];
const SUBPARTS: [&[u8]; 3] = [b"input-delay", b"processing-duration", b"presentation-delay"];

/// Writes the report; `id` is the first part of its identifier.
pub(crate) fn describe(draft: &mut Draft, id: &[u8], report: &Report) {
    let (name, ..) = report.vital.terms();
    let (common, parts) = report.numbers.split_at_checked(COMMON).unwrap_or_default();
    let &[_, number, rating, _, _, _, value, delta, _] = common else { return };
    let mut texts = Texts(&report.text);
    let kind = texts.next();
    texts.next();
    let mut full = id.to_vec();
    full.push(b'.');
    full.extend_from_slice(name);
    if number != 0.0 {
        push_decimal(&mut full, number as u32);
    }
    draft.text(Key::VitalName, name);
    // Whole milliseconds, as all that explains them; a CLS to four digits.
    let digits = if report.vital == Vital::Cls { 10_000.0 } else { 1.0 };
    let told = |number: f64| (number * digits + 0.5).floor() / digits;
    draft.number(Key::VitalValue, told(value));
    draft.number(Key::VitalDelta, told(delta));
    draft.text(Key::VitalId, &full);
    draft.text(Key::VitalRating, word(&RATINGS, rating));
    draft.text(Key::VitalNavigationType, kind);
    if report.navigation.kind == Type::Route {
        draft.flag(Key::Heuristic, true);
    }
    match (report.vital, parts) {
        (Vital::Lcp, _) => {
            draft.phases(Key::FirstByte, parts);
            draft.text(Key::VitalTarget, texts.next());
            draft.text(Key::LcpUrl, texts.next());
        }
        (Vital::Inp, [_, _, _, is_key, at, paint, state, more @ ..]) => {
            draft.phases(Key::InpInputDelay, parts.get(..3).unwrap_or_default());
            draft.phases(Key::InpTime, &[*at, *paint]);
            // Without an entry nothing is known of it.
            if *paint > 0.0 {
                draft.text(Key::InpType, if *is_key != 0.0 { b"keyboard" } else { b"pointer" });
            }
            draft.text(Key::LoadState, word(&STATES, *state));
            draft.text(Key::VitalTarget, texts.next());
            if let [_, _, _, _, subpart, share, _, _, _, _, ..] = more {
                draft.phases(Key::InpScripting, more.get(..4).unwrap_or_default());
                if *subpart >= 0.0 {
                    draft.text(Key::ScriptSubpart, word(&SUBPARTS, *subpart));
                    draft.phases(Key::ScriptShare, &[*share]);
                    draft.text(Key::ScriptInvoker, texts.next());
                    draft.text(Key::ScriptUrl, texts.next());
                    draft.text(Key::ScriptFunction, texts.next());
                }
            }
        }
        (Vital::Cls, [at, value, state, _]) => {
            draft.text(Key::VitalTarget, texts.next());
            draft.phases(Key::ClsTime, &[*at]);
            draft.number(Key::ClsValue, *value);
            draft.text(Key::LoadState, word(&STATES, *state));
        }
        (Vital::Fcp, [_, _, state]) => {
            draft.phases(Key::FcpRest, parts.get(1..2).unwrap_or_default());
            draft.phases(Key::FirstByte, parts.get(..1).unwrap_or_default());
            draft.text(Key::LoadState, word(&STATES, *state));
        }
        (Vital::Ttfb, _) => draft.phases(Key::TtfbWaiting, parts),
        _ => {}
    }
}

fn word(words: &[&'static [u8]], number: f64) -> &'static [u8] {
    words.get(number as usize).copied().unwrap_or_default()
}
