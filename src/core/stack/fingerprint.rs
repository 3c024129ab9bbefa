//! What is the same for errors of one cause, whatever the build, the visitor and the place in a file: type, message without
//! what may be data, and the innermost functions of the page, by their names and files.

use super::frame::Frame;
use super::Link;
use super::origin::is_own;
use crate::template::{Look, kind, template};
use crate::url::{after, after_last, before, has, is_in, is_script, origin, path};

/// So many functions tell one cause from another; those outside of them tell how one came there.
const FUNCTIONS: usize = 5;

/// So many functions outside of one are looked at for its neighbour.
const CALLERS: usize = 4;

/// Functions that are less than so many columns or lines apart are neighbours.
const NEIGHBOURS: u32 = 256;

/// What engines call a function by that says nothing of which it is.
const COMMON: &[u8] = b"anonymous Object prototype async new get set eval value";

/// How a quotation begins that is a name in the code, in messages of engines.
const CODE: &[u8] = b"(reading |(setting |(evaluating |access property ";

/// Stands for what gives way.
const DATA: u8 = 0;

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
struct Hash(u64);

impl Hash {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

pub(super) fn of(links: &[Link<'_>], page: &[u8]) -> u64 {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    for Link { name, message, frames } in links {
        push_names(&mut hash, name);
        push_message(&mut hash, message);
        push_frames(&mut hash, frames, page);
        hash.add(b"\n");
    }
    hash.0
}

/// The same of what is about this URL, of which only what is stable over builds and visitors counts: what did not load, and what
/// was blocked, is told apart by nothing else.
pub(crate) fn about(fingerprint: u64, url: &[u8]) -> u64 {
    let mut hash = Hash(fingerprint);
    let mut pattern = Vec::new();
    template(&mut pattern, path(url), b"");
    hash.add(origin(url));
    hash.add(&pattern);
    hash.0
}

/// What gives way is one, however many signs stand between. Words with a digit, URLs and paths, quotations and what was drawn by chance give way, and so does what is so short that a
/// minifier may have made it.
fn push_message(hash: &mut Hash, message: &[u8]) {
    let mut rest = message;
    let mut previous = b' ';
    let mut was_data = false;
    while let [first, tail @ ..] = rest {
        let (mut taken, mut is_data) = (1, was_data);
        let told = message.get(..message.len() - rest.len()).unwrap_or_default();
        if matches!(first, b'"' | b'\'' | b'`') && kind(previous) == 0 {
            // To the last one in the line, for what is quoted may have quotations in it.
            let is_end = |at: &usize| tail.get(*at) == Some(first) && kind(tail.get(at + 1).copied().unwrap_or_default()) == 0;
            let line = before(tail, b"\n");
            let is_code = CODE.split(|byte| *byte == b'|').any(|words| told.ends_with(words));
            if let Some(end) = (0..line.len()).rev().find(is_end).filter(|_| !is_code) {
                is_data = true;
                taken = end + 2;
            }
        } else if is_of_word(first) {
            let word = until(rest, is_of_word);
            let look = Look::new(word);
            let is_place = before(word, b"/@\\").len() < word.len();
            is_data = look.digits > 0 || is_place || look.is_restless();
            if !is_data {
                push_names(hash, word);
            }
            taken = word.len();
        }
        if is_data && !was_data {
            hash.add(&[DATA]);
        }
        was_data = is_data;
        previous = rest.get(taken - 1).copied().unwrap_or_default();
        rest = rest.get(taken..).unwrap_or_default();
    }
}

fn is_of_word(byte: &u8) -> bool {
    kind(*byte) != 0 || !byte.is_ascii() || has(b"_$.:/\\@%+-#&?~=", *byte)
}

/// The names of more than two letters in it, which no minifier has made. Whether there are any.
fn push_names(hash: &mut Hash, text: &[u8]) -> bool {
    let is_name = |byte: &u8| kind(*byte) != 0 || !byte.is_ascii() || matches!(byte, b'_' | b'$');
    let mut found = false;
    for name in text.split(|byte| !is_name(byte)) {
        if name.len() > 2 && !is_in(COMMON, name) {
            hash.add(name);
            hash.add(b" ");
            found = true;
        }
    }
    found
}

/// The innermost functions of the page's own scripts, or if there are none, of any.
///
/// Minifiers give other names in each build, and what is before a function in its file moves it. So one without a name is known
/// by how far it is from the nearest of those that have called it, exactly if that is a neighbour, which moves with it. If
/// nothing is known of any of them, it is by about how far the innermost is from its caller.
fn push_frames(hash: &mut Hash, frames: &[Frame<'_>], page: &[u8]) {
    let has_own = frames.iter().any(|frame| is_own(frame.url, page));
    let told: Vec<_> = frames.iter().filter(|frame| !has_own || is_own(frame.url, page)).collect();
    let mut seen = Vec::new();
    let (mut is_known, mut last_resort) = (false, 0);
    for (number, frame) in told.iter().enumerate() {
        let mut one = Hash(0);
        push_file(&mut one, frame.url);
        let mut key = Hash(0);
        if push_names(&mut one, after_last(frame.name, b'.')) {
            push_names(&mut one, frame.name);
            is_known = true;
        } else {
            let mut nearest = u32::MAX;
            for caller in told.iter().skip(number + 1).take(CALLERS) {
                if caller.url == frame.url {
                    nearest = nearest.min(distance(frame.position, caller.position));
                }
            }
            if nearest < NEIGHBOURS {
                is_known |= nearest > 0;
                one.add(&nearest.to_le_bytes());
            } else if number == 0 {
                last_resort = nearest.ilog2() / 3;
            }
            key.add(frame.position);
        }
        // What calls itself may do so any number of times.
        key.add(&one.0.to_le_bytes());
        if seen.iter().all(|other| *other != key.0) {
            seen.push(key.0);
            hash.add(&one.0.to_le_bytes());
        }
        if seen.len() == FUNCTIONS {
            break;
        }
    }
    if !is_known {
        hash.add(&last_resort.to_le_bytes());
    }
}

/// How many columns it is from one position to another in a file, or lines if they are in different ones.
fn distance(from: &[u8], to: &[u8]) -> u32 {
    let (line, other_line) = (before(from, b":"), before(to, b":"));
    if line != other_line {
        return read_decimal(line).abs_diff(read_decimal(other_line));
    }
    read_decimal(after(from, line)).abs_diff(read_decimal(after(to, line)))
}

/// The number in digits, whatever else is there.
fn read_decimal(digits: &[u8]) -> u32 {
    digits.iter().filter(|byte| byte.is_ascii_digit()).fold(0, |number: u32, digit| number.wrapping_mul(10).wrapping_add(u32::from(digit & 15)))
}

/// A script's name without what a build puts in it: eight characters of base64url before the ending (Rollup, esbuild), and
/// whatever has a digit in it.
fn push_file(hash: &mut Hash, url: &[u8]) {
    // What ends otherwise is a document: its name tells of what page, and not of what script.
    if !is_script(url) {
        return;
    }
    let file = after_last(before(url, b"?#"), b'/');
    let ending = after_last(file, b'.');
    let mut stem = file.get(..file.len() - ending.len()).unwrap_or_default();
    stem = stem.strip_suffix(b".").unwrap_or(stem);
    let (head, tail) = stem.split_at_checked(stem.len().saturating_sub(8)).unwrap_or_default();
    let look = Look::new(tail);
    let is_base64 = tail.iter().all(|byte| kind(*byte) != 0 || matches!(byte, b'-' | b'_'));
    if tail.len() == 8 && matches!(head, [] | [.., b'-' | b'.']) && is_base64 && look.capitals + look.digits > 0 {
        stem = head;
    }
    for part in stem.split(|byte| matches!(byte, b'-' | b'.' | b'_' | b'~')) {
        if !part.iter().any(u8::is_ascii_digit) && !part.is_empty() {
            hash.add(part);
            hash.add(b".");
        }
    }
    hash.add(ending);
}

/// The beginning of a text that is made of these bytes.
fn until(text: &[u8], is_in: fn(&u8) -> bool) -> &[u8] {
    let end = text.iter().position(|byte| !is_in(byte)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
