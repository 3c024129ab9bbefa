//! What leaves is cleaned here, once, last before it is encoded. Default deny: of a URL only what is known to be harmless
//! leaves, and what looks like a person or a key in a text gives way to a word that says what it was.
//!
//! Texts are UTF-8 in bytes. They are cut at ASCII bytes only, or at the border of a character, so they stay UTF-8. Whatever
//! is done to one takes time in proportion to its length: nothing is read twice but a bounded stretch ahead.

mod number;
mod place;
mod rule;
mod scan;
mod token;

use crate::ids::push_decimal;
use crate::template::push_segment;
use crate::url::{after, after_last, before, tally};
use vitrum_wire::Policy;
use vitrum_wire::limits::{STACK_BYTES, VALUE_BYTES};

/// What acts, in the order of [`NAMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Scanner {
    Email,
    Phone,
    Ip,
    Card,
    Iban,
    Ssn,
    Jwt,
    Secret,
    Key,
    Uuid,
    /// A segment of a URL's path.
    Path,
    /// The value of a parameter.
    Value,
    /// A rule of the site.
    Rule,
    /// A long number.
    Number,
    /// What a parser quotes of a text.
    Quote,
    /// The site's `beforeSend`, which has dropped a record.
    Hook,
}

/// What a scanner is called when its count is told, and what it leaves in place of what it found, after a colon.
const NAMES: &[u8] = b"email phone ip card iban ssn jwt secret key uuid path value rule number quote hook";

/// How many scanners there are.
pub(crate) const SCANNERS: usize = Scanner::Hook as usize + 1;

impl Scanner {
    pub(crate) fn name(self) -> &'static [u8] {
        name(self as usize)
    }
}

fn name(number: usize) -> &'static [u8] {
    NAMES.split(|byte| *byte == b' ').nth(number).unwrap_or_default()
}

/// What cleans, with the site's say in it.
#[derive(Default)]
pub(crate) struct Scrubber {
    /// Names of parameters whose values may leave, one a line.
    pub(crate) allowed: Vec<u8>,
    /// Whether a UUID gives way as well. It may be a person's, but more often it is that of a request or a build.
    pub(crate) masks_uuids: bool,
    /// What is done before all else; see `rule.rs`.
    pub(crate) rules: Vec<u8>,
    /// How often each scanner acted.
    pub(crate) acted: [u32; SCANNERS],
}

impl Scrubber {
    /// Appends the text as its policy lets it leave.
    ///
    /// Where identifiers are not allowed (`is_bare`) a URL in free text is told by its last part only.
    ///
    /// It is cut last: in what was cut before, half of a secret would not be known as one.
    pub(crate) fn scrub(&mut self, out: &mut Vec<u8>, policy: Policy, text: &[u8], is_bare: bool) {
        let start = out.len();
        let ruled;
        let mut text = text;
        if !matches!(policy, Policy::Plain | Policy::Selector) && !self.rules.is_empty() {
            ruled = self.ruled(text);
            text = &ruled;
        }
        let mut limit = VALUE_BYTES;
        match policy {
            Policy::Plain => out.extend_from_slice(text),
            Policy::Url => self.push_url(out, text, false),
            Policy::Selector => push_selector(out, text),
            Policy::Code => self.push_code(out, text, is_bare),
            Policy::Text => {
                limit = STACK_BYTES;
                self.push_text(out, text, is_bare);
            }
        }
        let len = cut(out.get(start..).unwrap_or_default(), limit).len();
        out.truncate(start + len);
    }

    /// What a browser calls a script by: a function, what invoked it, or a URL.
    fn push_code(&mut self, out: &mut Vec<u8>, text: &[u8], is_bare: bool) {
        let is_name = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.'));
        let element = before(text, b"#/[");
        let tail = after_last(text, b'.');
        if is_name(text) {
            self.push_part(out, text, false);
        } else if after(text, element).starts_with(b"#") && tail.len() < text.len() {
            // An element and its listener: `BUTTON#pay.onclick`, `LI#row-7.onhtmx:afterSwap`.
            push_selector(out, text.get(..text.len() - tail.len() - 1).unwrap_or_default());
            out.push(b'.');
            self.push_text(out, tail, is_bare);
        } else {
            self.push_text(out, text, is_bare);
        }
    }

    /// What has acted so far and how often: names and numbers.
    pub(crate) fn told(&self) -> Vec<u8> {
        let mut told = Vec::new();
        for (number, count) in self.acted.iter().enumerate() {
            if *count > 0 {
                if !told.is_empty() {
                    told.push(b' ');
                }
                told.extend_from_slice(name(number));
                told.push(b' ');
                push_decimal(&mut told, *count);
            }
        }
        told
    }

    fn count(&mut self, scanner: Scanner) {
        self.count_by(scanner, 1);
    }

    pub(crate) fn count_by(&mut self, scanner: Scanner, times: u32) {
        if let Some(count) = self.acted.get_mut(scanner as usize) {
            *count += times;
        }
    }
}

/// The text, cut between two characters.
pub(crate) fn cut(text: &[u8], limit_bytes: usize) -> &[u8] {
    const CONTINUATION: u8 = 0b1000_0000;
    let mut end = limit_bytes;
    while text.get(end).is_some_and(|byte| byte & 0b1100_0000 == CONTINUATION) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// The text, cut between two words: half of a secret would not be known as one.
pub(crate) fn cut_words(text: &[u8], limit_bytes: usize) -> &[u8] {
    let head = cut(text, limit_bytes);
    let half = if head.len() < text.len() { after_last(head, b' ').len() } else { 0 };
    head.get(..head.len() - half).unwrap_or_default()
}

/// The byte at this place of a text; 0, which is in none, beyond its end.
#[inline(never)]
fn byte(text: &[u8], at: usize) -> u8 {
    tally(1);
    text.get(at).copied().unwrap_or_default()
}

/// Whether a name is none that is made of data: three digits or more tell of a row, a person or a build (and are not stable
/// either), what changes as chance does of a key, and what has anything but letters, digits, `-` and `_` in it is no plain name.
fn is_plain(name: &[u8]) -> bool {
    let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
    let mut told = Vec::new();
    push_segment(&mut told, name);
    (digits < 3 || name.is_empty())
        && name.len() <= 40
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && told == name
}

/// A selector. In a step with a name that may be made of data all names but the element's give way to one `?`: the name may
/// have had signs in it.
fn push_selector(out: &mut Vec<u8>, selector: &[u8]) {
    for (number, step) in selector.split(|byte| *byte == b'>').enumerate() {
        if number > 0 {
            out.push(b'>');
        }
        let element = before(step, b".#");
        let names = after(step, element);
        out.extend_from_slice(if is_plain(element) { element } else { b"?" });
        if names.split(|byte| matches!(byte, b'.' | b'#')).all(is_plain) {
            out.extend_from_slice(names);
        } else {
            out.extend_from_slice(names.get(..1).unwrap_or_default());
            out.push(b'?');
        }
    }
}

#[cfg(test)]
mod tests;
