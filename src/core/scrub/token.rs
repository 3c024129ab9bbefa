//! Keys and other words drawn by chance, and those that look like them but stay.

use super::byte;
use crate::template::{Look, kind};
use crate::url::{before, tally};

/// How the keys of services begin that are given to browsers or pasted by mistake: Stripe, GitHub, Slack, Amazon Web
/// Services, Google, GitLab, npm, SendGrid.
const PREFIXES: &[u8] = b"sk_ pk_ rk_ ghp_ github_pat_ xox AKIA AIza glpat- npm_ SG.";

/// A key is at least so long, in bytes. Shorter words are too often names.
const KEY_BYTES: usize = 20;

/// A token of RFC 7519 is at least so long; it begins with `{"` in base64url.
const JWT_BYTES: usize = 12;

/// The length of what begins here and stays, although it is made of digits: a time of ISO 8601, an address of memory of up
/// to 64 bits; 0 if there is none.
pub(super) fn harmless(text: &[u8], start: usize) -> usize {
    let mut len = 2;
    if byte(text, start) == b'0' && byte(text, start + 1) == b'x' {
        while len < 19 && byte(text, start + len).is_ascii_hexdigit() {
            len += 1;
        }
        return if len > 18 { 0 } else { len };
    }
    // Of this century or the last, or else it may be a part of any number.
    let is_date = fits(text, start, b"dddd-dd-dd")
        && matches!((byte(text, start), byte(text, start + 1)), (b'1', b'9') | (b'2', b'0'))
        && byte(text, start + 5) < b'2'
        && byte(text, start + 8) < b'4'
        && byte(text, start + 10) != b'-'
        && kind(byte(text, start + 10)) != 1;
    if is_date { 10 } else { 0 }
}

/// The length of a UUID (RFC 9562) that begins here, or 0.
pub(super) fn uuid(text: &[u8], start: usize) -> usize {
    const SHAPE: &[u8] = b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if fits(text, start, SHAPE) && kind(byte(text, start + SHAPE.len())) == 0 { SHAPE.len() } else { 0 }
}

/// Whether a text has this shape: `d` is a digit, `x` a hexadecimal one, `c` a digit or a capital.
fn fits(text: &[u8], start: usize, shape: &[u8]) -> bool {
    shape.iter().enumerate().all(|(at, wanted)| {
        let given = byte(text, start + at);
        match wanted {
            b'd' => kind(given) == 1,
            b'x' => given.is_ascii_hexdigit(),
            b'c' => kind(given) == 1 || given.is_ascii_uppercase(),
            _ => given == *wanted,
        }
    })
}

/// Whether a token may have this sign in it: what base64 has, in both its alphabets (RFC 4648).
pub(super) fn is_of_token(sign: u8) -> bool {
    kind(sign) != 0 || matches!(sign, b'-' | b'_' | b'+' | b'/')
}

/// Where the word ends that begins here and may be a token. A UUID in it is a word for itself, and the sign before it is of
/// neither.
pub(super) fn end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while is_of_token(byte(text, at)) && (kind(byte(text, at)) != 0 || uuid(text, at + 1) == 0) {
        at += 1;
    }
    at
}

/// Whether this word was drawn by chance. Names have words in them that are longer than what is drawn, and seldom a digit.
pub(super) fn is_key(word: &[u8]) -> bool {
    tally(word.len());
    let look = Look::new(word);
    // A path has a digit here and there.
    let is_path = before(word, b"/").len() < word.len();
    let is_mixed = look.capitals == 0 && look.changes > 2 || look.changes > 3 && look.digits > 2 || look.digits * 2 > look.len;
    look.len >= KEY_BYTES && look.digits > 0 && look.changes > 0 && (look.is_restless() || !is_path && is_mixed)
}

/// The length of a token that begins here and says so itself, or 0, and whether it is a JSON Web Token.
pub(super) fn marked(text: &[u8], start: usize) -> (usize, bool) {
    let rest = text.get(start..).unwrap_or_default();
    let is_jwt = rest.starts_with(b"eyJ");
    if !is_jwt && !PREFIXES.split(|byte| *byte == b' ').any(|prefix| rest.starts_with(prefix)) {
        return (0, false);
    }
    // First the beginning alone: what is no token after all is not to be read to its end each time.
    let mut at = start;
    // One of Amazon's in thirty has none: its letters and digits are those of base32 (RFC 4648).
    let mut has_digit = fits(text, start, b"AKIAcccccccccccccccc") && kind(byte(text, start + KEY_BYTES)) == 0;
    let mut is_long = false;
    while matches!(byte(text, at), b'-' | b'_' | b'.') || kind(byte(text, at)) != 0 {
        has_digit |= kind(byte(text, at)) == 1;
        at += 1;
        is_long = at - start >= if is_jwt { JWT_BYTES } else { KEY_BYTES };
        if at - start == 2 * KEY_BYTES && !is_jwt && !has_digit {
            return (0, false);
        }
    }
    while byte(text, at - 1) == b'.' {
        at -= 1;
    }
    (if is_long && (is_jwt || has_digit) { at - start } else { 0 }, is_jwt)
}

/// Whether a text ends with one of these words, in capitals or not.
pub(super) fn ends_with(text: &[u8], words: &[u8]) -> bool {
    words.split(|byte| *byte == b' ').any(|word| {
        let start = text.len().saturating_sub(word.len());
        text.get(start..).unwrap_or_default().eq_ignore_ascii_case(word)
    })
}
