//! URLs, alone and in texts.

use super::token::{is_of_token, uuid};
use super::{Scanner, Scrubber};
use crate::template::push_segment;
use crate::url::{after, after_last, before, has, is_in};

/// Schemes after which there is data and no place.
const DATA: &[u8] = b"data blob javascript mailto tel";

impl Scrubber {
    /// A URL without credentials, with a path of which what may be data has given way as in a template, and with only the
    /// names of parameters of its path, query and fragment, unless the site allows their values. Of a script (`is_code`) the
    /// path is what its source is found by.
    pub(super) fn push_url(&mut self, out: &mut Vec<u8>, url: &[u8], is_code: bool) {
        let scheme = before(url, b":/?#");
        let rest = after(url, scheme);
        if rest.starts_with(b":") && !rest.starts_with(b"://") && !scheme.is_empty() {
            // What follows is data and not a place: data, blob, javascript, mailto, tel.
            out.extend_from_slice(scheme);
            return out.push(b':');
        }
        let base = before(url, b"?#;");
        let mut rest = after(url, base);

        // The host begins after `//`, and after the last `@` in the authority, if there is one.
        let slashes = base.windows(2).position(|pair| pair == b"//");
        let (head, mut path) = base.split_at_checked(slashes.map_or(0, |at| at + 2)).unwrap_or_default();
        out.extend_from_slice(head);
        if !head.is_empty() {
            let authority = before(path, b"/");
            out.extend_from_slice(after_last(authority, b'@'));
            path = after(path, authority);
        }
        loop {
            let segment = before(path, b"/");
            self.push_part(out, segment, is_code);
            let [b'/', tail @ ..] = after(path, segment) else {
                break;
            };
            out.push(b'/');
            path = tail;
        }

        let mut separator = b'?';
        while let Some(&first) = rest.first() {
            if first != b'&' && first != b';' {
                separator = first;
            }
            rest = rest.get(1..).unwrap_or_default();
            let part = before(rest, b"&;?#");
            rest = after(rest, part);
            let name = before(part, b"=");
            let value = after(part, name);
            // Without a value it may be one itself: also padded base64 ends in nothing but `=`.
            if value.iter().any(|byte| *byte != b'=') && is_name(name) {
                out.push(separator);
                out.extend_from_slice(name);
                separator = b'&';
                if self.allowed.split(|byte| *byte == b'\n').any(|line| line == name) {
                    self.push_value(out, value);
                    continue;
                }
            }
            self.count(Scanner::Value);
        }
    }

    /// One part of a path, or what stands there instead.
    pub(super) fn push_part(&mut self, out: &mut Vec<u8>, part: &[u8], is_code: bool) {
        let start = out.len();
        if is_code && is_of_script(part) {
            return out.extend_from_slice(part);
        }
        push_segment(out, part);
        if out.get(start..) != Some(part) {
            self.count(Scanner::Path);
        }
    }

    /// A value that may leave, with the `=` before it, as what the scanners leave of it. They know the signs of text only, so
    /// it is put into them and back: a space is `+` in a query (URL Standard, application/x-www-form-urlencoded).
    fn push_value(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let start = out.len();
        let mut text = Vec::new();
        let mut rest = value;
        while let Some((first, mut tail)) = rest.split_first() {
            let is_encoded = tail.starts_with(b"20") && *first == b'%';
            if is_encoded {
                tail = tail.get(2..).unwrap_or_default();
            }
            text.push(if is_encoded || *first == b'+' { b' ' } else { *first });
            rest = tail;
        }
        self.push_text(out, &text, false);
        for byte in out.iter_mut().skip(start) {
            if *byte == b' ' {
                *byte = b'+';
            }
        }
    }
}

/// Where in a word of a text a URL begins that goes to its end, if there is one: with a scheme, or else at the beginning, if
/// the word is a path with something after it, or anything with a value in it.
pub(super) fn find(word: &[u8]) -> Option<usize> {
    let place = before(word, b"?#;");
    let (mut start, mut is_plain) = (0, true);
    for (at, byte) in word.iter().enumerate() {
        if *byte == b':' {
            let scheme = word.get(start..at).unwrap_or_default();
            let has_data = at + 1 < word.len() && is_in(DATA, scheme);
            if has_data || word.get(at + 1..at + 3) == Some(b"//") {
                // One within another is a part of it; and what has a digit in it is no scheme but for the scanners.
                let begin = if is_plain { start } else { at };
                return Some(if begin > place.len() || word.starts_with(b"/") { 0 } else { begin });
            }
        }
        let is_scheme = byte.is_ascii_alphabetic() || matches!(*byte, b'-' | b'.');
        is_plain = is_plain && is_scheme;
        if !is_scheme && !is_of_token(*byte) {
            (start, is_plain) = (at + 1, true);
        }
    }
    // A regular expression begins as a path does, but has other signs in it.
    let is_path = has(place, b'/') && before(place, b"+*^|\\()").len() == place.len();
    let is_whole = matches!(word, [b'/', first, ..] if *first == b'/' || is_path && first.is_ascii_alphanumeric());
    (place.len() < word.len() && (is_path || has(word, b'=')) || is_whole).then_some(0)
}

/// Whether a part of a script's path is none that may be a person's: no bare number or UUID, and no address. What a builder
/// has drawn by chance is the build's, and `library@1.2.3` and `@owner` are names of packages.
fn is_of_script(part: &[u8]) -> bool {
    const PART_BYTES: usize = 128;
    let is_address = part.iter().enumerate().any(|(at, sign)| {
        let rest = part.get(at + 1..).unwrap_or_default();
        let is_version = at == 0 || rest.first().is_some_and(u8::is_ascii_digit);
        *sign == b'@' && !is_version || *sign == b'%' && (rest.starts_with(b"40") || rest.starts_with(b"25"))
    });
    part.len() <= PART_BYTES && part.iter().any(u8::is_ascii_alphabetic) && !is_address && uuid(part, 0) < part.len()
}

/// Whether a parameter's name looks like one, and not like data put in its place.
fn is_name(name: &[u8]) -> bool {
    const NAME_BYTES: usize = 40;
    let mut told = Vec::new();
    push_segment(&mut told, name);
    !name.is_empty()
        && told == name
        && name.len() <= NAME_BYTES
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']'))
}
