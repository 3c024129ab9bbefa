//! The text that both ends have before the first byte travels: what most batches say, for the compressor to point at.
//!
//! A batch is small and mostly names, so half of what DEFLATE spends on it is spent on saying each name once. A preset
//! dictionary (zlib's `deflateSetDictionary`) has said them already. It is written here from the vocabulary by the
//! encoder that writes batches, because then the agent holds no copy of it.
//!
//! **A version that was released is never changed.** Pages keep an agent for as long as caches and open tabs do, and DEFLATE
//! cannot tell one dictionary from another: a batch opened with the wrong one is opened wrongly. `dictionary/{version}.bin`
//! has the bytes of each, WIRE.md their hashes, and `tests/tidy` is red when what is written here is not the file of
//! [`CURRENT`]. Then, if that version was released: raise `CURRENT`, add its number to [`VERSIONS`], have [`of`] give the
//! older one from its file (feature `decode`, so the agent still holds none), and let the new one be written to a file of
//! its own beside it.

use crate::batch::Batch;
use crate::names::{Key, Name};
use crate::record::{Record, Severity, Value};
use crate::table::Table;

/// All that a reader knows, the newest last.
pub const VERSIONS: &[u8] = &[CURRENT];

/// The one that a sender of this version has, and the only one.
pub const CURRENT: u8 = 1;

/// The bytes of a version, if it is known.
#[must_use]
pub fn of(version: u8) -> Option<Vec<u8>> {
    (version == CURRENT).then(written)
}

/// A distance is cheaper the nearer it is, so what is in every record comes last. A key stands as it does in a record, with
/// its lengths around it and the type of its value after it: what is found is found in one piece.
fn written() -> Vec<u8> {
    let (mut records, mut record) = (Vec::new(), Record::default());
    for name in Name::ALL.iter().rev() {
        record.begin_log(*name, 0, Severity::Info);
        record.append_to(&mut records);
    }
    for key in Key::ALL.iter().rev().filter(|key| !KEYS.contains(key)) {
        record.attribute(*key, Value::Number(TYPICAL));
    }
    for key in FLAGS {
        record.attribute(*key, Value::Bool(false));
    }
    for (key, word) in KEYS.iter().zip(WORDS.split(|byte| *byte == b'\n')) {
        record.attribute(*key, Value::Text(word));
    }
    // What a page loads, side by side, as it mostly is: a connection that stood already.
    let mut table = Table::default();
    for at in 0..4 {
        table.begin(at, f64::from(at));
        table.text(Key::InitiatorType, b"script");
        table.text(Key::NextHopProtocol, b"h2");
        table.timing(&[1.0; 17]);
    }
    record.attribute(Key::Table, Value::Text(&table.written()));
    record.append_to(&mut records);
    Batch { id: b"", resource: b"", logs: &records, spans: b"" }.encode()
}

/// A time or a size that takes two bytes, as most do.
const TYPICAL: f64 = 1000.0;

/// What is true or false.
const FLAGS: &[Key] = &[Key::Heuristic, Key::Handled, Key::HashChange, Key::SameDocument];

/// Declares which words a key mostly has: keys and words apart, which is half of what a table of pairs would add to the
/// wasm.
macro_rules! words {
    ($($key:ident: $($word:literal)+;)+) => {
        const KEYS: &[Key] = &[$($({ _ = $word; Key::$key },)+)+];
        const WORDS: &[u8] = concat!($($($word, "\n",)+)+).as_bytes();
    };
}

// The agent's own words and the browsers', and the beginnings of what pages say. Not the agent's version: each release
// would be a new dictionary.
words! {
    Environment: "production";
    Synthetic: "test";
    ExceptionType: "TypeError" "Error";
    NavigationType: "navigate";
    NavigationKind: "push";
    SdkName: "vitrum";
    SdkLanguage: "webjs";
    Scrubbed: "path 10 value 10";
    Cache: "hit";
    LongTaskName: "self";
    ScriptSubpart: "processing-duration";
    InpType: "pointer";
    ActionType: "click";
    RenderBlocking: "non-blocking";
    Method: "POST" "GET";
    NextHopProtocol: "http/1.1" "h3" "h2";
    InitiatorType: "link" "xmlhttprequest" "img" "script" "fetch";
    LoadState: "dom-interactive" "dom-content-loaded" "complete";
    VitalNavigationType: "soft-navigation" "navigate";
    VitalRating: "poor" "needs-improvement" "good";
    VitalId: "0000000000000000.lcp";
    VitalName: "ttfb" "fcp" "cls" "inp" "lcp";
    Url: "https://";
    Template: "/";
    ViewId: "0000000000000000";
    SessionId: "00000000000000000000000000000000";
    RecordId: "0000000000000000.10";
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn has(text: &[u8]) -> bool {
        of(CURRENT).unwrap().windows(text.len()).any(|part| part == text)
    }

    #[test]
    fn every_name_is_in_it() {
        assert!(Key::ALL.iter().map(|key| key.bytes()).chain(Name::ALL.iter().map(|name| name.bytes())).all(has));
        assert!(!has(b"no.such.name"));
    }

    #[test]
    fn every_word_stands_after_its_key() {
        assert_eq!(KEYS.len(), WORDS.iter().filter(|byte| **byte == b'\n').count(), "a word has a line end in it");
        assert!(has(b"browser.web_vital.rating\x12\x06\x0a\x04good"));
        assert!(has(b"browser.navigation.type\x12\x06\x0a\x04push"));
        assert!(has(b"browser.resource_timing.fetch_start\x12\x03\x18"));
    }

    /// Beyond the window of DEFLATE nothing could be pointed at.
    #[test]
    fn it_fits_into_the_window_with_a_batch_of_usual_size() {
        assert!(of(CURRENT).unwrap().len() < 32_768 - 16_384);
    }

    #[test]
    fn what_is_known_is_given_and_nothing_else() {
        for version in 0..=u8::MAX {
            assert_eq!(of(version).is_some(), VERSIONS.contains(&version), "{version}");
        }
    }
}
