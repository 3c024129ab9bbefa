//! What holds for any text: a secret does not leave from wherever it stands, work grows with the text and no faster, and
//! what was cleaned once is clean.

use super::{Policy, Scrubber, of};
use crate::ids::Ids;
use crate::url::LOOKED_AT;
use vitrum_wire::limits::STACK_BYTES;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

struct Chance(Ids);

impl Chance {
    fn of(seed: u8) -> Self {
        Self(Ids::new(&[seed; 16]))
    }

    fn below(&mut self, bound: usize) -> usize {
        (u64::from_le_bytes(self.0.next_id()) >> 32) as usize % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// One of each kind, with what shows of a half of it.
const SECRETS: [&str; 20] = [
    "someone.special@mail.example",
    "ann.smith%40mail.example",
    "+49 171 2345678",
    "0301-2345-6789",
    "198.51.100.217",
    "2001:db8::8a2e:370:7334",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "DE89 3704 0044 0532 0130 00",
    "GB29NWBK60161331926819",
    "078-05-1120",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
    "password=correct-horse",
    "Bearer a8f5f167f44f",
    "\"api_key\":\"Xy7-zz_\"",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "9f86d081884c7d659a2feaa0c55ad015",
    "https://u:hunter2@a.example/?card=4111",
];

/// What stands between words, as it may stand before and after a secret.
const FILLERS: [&str; 16] = [
    " ", "\n", " x ", "größe ", "foo(", ") ", " 12 ", "a.b ", ", ", "https://a.example/x.js:1:2 ", "🦀 ", "\t",
    " at f: ", "[", "] ", " 7 ",
];

fn filler(chance: &mut Chance, len: usize) -> String {
    let mut text = String::new();
    while text.len() < len {
        text.push_str(chance.pick(&FILLERS));
    }
    text
}

/// The part of a planted secret that must not be there: it begins after what names it.
fn beginning(secret: &str) -> &str {
    let from = secret.rfind(['=', ' ', '"']).filter(|_| secret.starts_with(['p', 'B', 'h'])).map_or(0, |at| at + 1);
    let secret = if secret.starts_with('"') { "Xy7-zz_" } else { &secret[from..] };
    &secret[..(secret.len() * 3).div_ceil(5)]
}

#[test]
fn no_secret_leaves_from_wherever_it_stands() {
    let mut chance = Chance::of(1);
    for round in 0..800 {
        let secret = SECRETS[round % SECRETS.len()];
        // Around the cut as well, and around where the page has cut it already.
        let len = chance.pick(&[0, 5, 60, STACK_BYTES - 60, STACK_BYTES - 20, STACK_BYTES]);
        let offset = len + chance.below(60);
        let mut text = filler(&mut chance, offset);
        text.push_str(chance.pick(&[" ", "\n", "(", "\"", ", "]));
        text.push_str(secret);
        if len > 0 {
            text.push_str(chance.pick(&[" ", "\n", ")", "\"", ","]));
            text.push_str(&filler(&mut chance, 70));
        }
        if chance.below(2) == 0 && text.len() > STACK_BYTES {
            let end = (STACK_BYTES..).find(|at| text.is_char_boundary(*at)).unwrap();
            text.truncate(end);
        }
        let clean = of(&mut Scrubber::default(), Policy::Text, &text, round % 7 == 0);
        assert!(!clean.contains(beginning(secret)), "{secret} in\n{text}\nis\n{clean}");
        assert!(clean.len() <= STACK_BYTES);
        if clean.len() + 100 < STACK_BYTES && !text.contains('?') {
            assert_eq!(of(&mut Scrubber::default(), Policy::Text, &clean, false), clean, "{text}");
        }
    }
}

const PIECES: [&str; 48] = [
    "a@", "@", "1-", "eyJ", "eyJ.", "+1 ", "+", "::", "AAAA", "%40", "%25", "ö", "1", "0", "4111", "SG.", "npm_", "token=",
    "password: ", "Bearer ",
    "\"", "'", " ", "\n", "(", ")", "/", "https://", ":", "DE89", ".", "a", "f", "Q", "-", "_", "b.c", "0x", "2026-11-21",
    "data:", "; ", "=", "🦀",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479", "192.0.2.1", "\\", "x", "12 ",
];

#[test]
fn what_is_clean_stays_as_it_is() {
    let mut chance = Chance::of(2);
    for _ in 0..40_000 {
        let mut text = String::new();
        for _ in 0..chance.below(14) {
            text.push_str(chance.pick(&PIECES));
        }
        // Names of parameters go when they have lost their values, and what has lost the signs of a
        // regular expression may be a path.
        let text = text.replace(';', ",").replace(')', "]").replace('/', if text.contains(['+', '\\']) { "|" } else { "/" });
        let once = of(&mut Scrubber::default(), Policy::Text, &text, false);
        let twice = of(&mut Scrubber::default(), Policy::Text, &once, false);
        assert_eq!(once, twice, "{text}");
    }
}

fn work(text: &str) -> usize {
    LOOKED_AT.set(0);
    of(&mut Scrubber::default(), Policy::Text, text, false);
    LOOKED_AT.get()
}

/// Work is counted in bytes looked at. Twice the text is to be twice the work.
fn is_in_proportion(piece: &str) {
    let text = |len: usize| piece.repeat(len / piece.len().max(1));
    let (half, whole) = (work(&text(2000)), work(&text(4000)));
    assert!(whole < half * 5 / 2 + 500, "{piece}: {half} for 2000 bytes, {whole} for 4000");
    assert!(whole < 4000 * 600, "{piece}: {whole}");
}

#[test]
fn work_grows_with_the_text_and_no_faster() {
    for piece in PIECES {
        is_in_proportion(piece);
    }
    let more = [
        "A1", "a-", "a1-", "AB12 ", "AB12CD", "4 ", "44-", "1.", "(1", "((", "a%2525", "token=\" ", "token='", "\\\" ",
        "a:", "1:", "f:", "eyJa.", "sk_a", "sk_ ", "a/", "://", "//", "?a=b&", "a;", "::f", "1 (", "%4", "token",
        "aA1", "..", ":1:2", "f47ac10b-58cc-4372-a567-0e02b2c3d47", "b.", "@a.", "@-",
    ];
    for piece in more {
        is_in_proportion(piece);
    }
    let mut chance = Chance::of(3);
    for _ in 0..600 {
        let piece: String = (0..2 + chance.below(4)).map(|_| chance.pick(&PIECES)).collect();
        is_in_proportion(&piece);
    }
}
