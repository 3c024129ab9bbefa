//! Free text, in one pass: URLs word by word, all else byte by byte, and across words.

use super::{Scanner, Scrubber, byte, cut, number, place, token};
use crate::template::{Look, kind};
use crate::url::{after, after_last, before, find, is_script, split_position};
use vitrum_wire::limits::STACK_BYTES;

/// What a word ends with.
const SPACES: &[u8] = b" \t\r\n\"'`<>";

/// So many bytes at the end of what may have been cut are read but not told: with the rest of it they could be something
/// else. No local part of an address is longer (RFC 5321, section 4.5.3.1), and no number.
const MARGIN_BYTES: usize = 64;

/// How names end whose value is a secret.
const SECRETS: &[u8] = b"token password passwd pwd secret apikey api_key api-key authorization sid cvc cvv";

/// What stands before credentials in a header (RFC 9110, section 11.4).
const SCHEMES: &[u8] = b"bearer basic";

/// What stands after a quotation.
const QUOTED: &[u8] = b" is not valid JSON";
/// V8 quotes some forty signs at most, of up to three bytes each (`JsonParser::LookUpErrorMessageForJsonToken`).
const QUOTED_BYTES: usize = 160;

/// What is found at a place: so many bytes that stay, and so many after them that give way, to what.
type Found = (usize, usize, Scanner);

/// Nothing.
const STAYS: Found = (1, 0, Scanner::Rule);

impl Scrubber {
    /// Free text, in which every URL is treated as one, and what tells of a person or is a secret gives way. A position
    /// (`:line:column`) after a URL stays.
    pub(super) fn push_text(&mut self, out: &mut Vec<u8>, text: &[u8], is_bare: bool) {
        let start = out.len();
        let certain = text.len() - if text.len() < STACK_BYTES { 0 } else { MARGIN_BYTES };
        let mut told = usize::MAX;
        let (mut at, mut word_end, mut token_end, mut url_at) = (0, 0, 0, None);
        // An address takes back what was written of it, so there is more than will be told.
        while at < text.len() && out.len() - start < STACK_BYTES + MARGIN_BYTES {
            let rest = text.get(at..).unwrap_or_default();
            if at >= certain {
                told = told.min(out.len());
            }
            // Brackets before a URL are not its own.
            if at >= word_end && !rest.starts_with(b"(") {
                let word = before(rest, SPACES);
                word_end = at + word.len();
                url_at = place::find(word).map(|start| at + start);
            }
            if url_at == Some(at) && at < word_end {
                self.push_place(out, text.get(at..word_end).unwrap_or_default(), is_bare);
                at = word_end;
                continue;
            }
            let (kept, masked, scanner) = self.find(text, at, &mut token_end, out, start);
            out.extend_from_slice(rest.get(..kept).unwrap_or_default());
            if masked > 0 {
                out.push(b':');
                out.extend_from_slice(scanner.name());
                self.count(scanner);
            }
            at += kept + masked;
        }
        let len = cut(out, told).len();
        out.truncate(len);
    }

    /// A URL as it stands in a text.
    fn push_place(&mut self, out: &mut Vec<u8>, word: &[u8], is_bare: bool) {
        // What closes a sentence or a bracket after it is not its own.
        let mut url = word;
        while let [head @ .., b')' | b',' | b'.' | b':'] = url {
            url = head;
        }
        let closing = after(word, url);
        let (url, position) = split_position(url);
        let is_code = !position.is_empty() && is_script(url);
        if is_bare {
            self.push_part(out, after_last(before(url, b"?#;"), b'/'), is_code);
        } else {
            self.push_url(out, url, is_code);
        }
        out.extend_from_slice(position);
        out.extend_from_slice(closing);
    }

    /// What the scanners find at this place.
    fn find(&self, text: &[u8], at: usize, token_end: &mut usize, out: &mut Vec<u8>, start: usize) -> Found {
        let first = byte(text, at);
        let previous = at.checked_sub(1).map_or(0, |at| byte(text, at));
        let is_start = kind(previous) == 0;
        match first {
            b'@' | b'%' => {
                let end = mailbox(text, at);
                if end > 0 && is_local(out, start) {
                    while is_local(out, start) {
                        out.pop();
                    }
                    return (0, end - at, Scanner::Email);
                }
            }
            b'=' | b':' | b' ' => {
                let (kept, masked) = secret(text, at, out);
                if masked > 0 {
                    return (kept, masked, Scanner::Secret);
                }
            }
            // V8 quotes what it could not parse, and cuts it.
            b',' => {
                // What is quoted may have ends of lines in it, and is short.
                let quoted = cut(text.get(at..).unwrap_or_default(), QUOTED_BYTES);
                let begins = quoted.starts_with(b", \"") || quoted.starts_with(b", ...");
                let end = if begins { find(quoted, QUOTED).unwrap_or_default() } else { 0 };
                let is_markup = quoted.starts_with(b", \"<!DOCTYPE") || quoted.starts_with(b", \"<html");
                if end > 0 && !is_markup && before(quoted, b"\"").len() < end {
                    return (2, end - 2, Scanner::Quote);
                }
            }
            _ => {}
        }
        if is_start && kind(first) != 0 {
            let len = token::uuid(text, at);
            if len > 0 {
                return if self.masks_uuids { (0, len, Scanner::Uuid) } else { (len, 0, Scanner::Uuid) };
            }
            let len = token::harmless(text, at);
            if len > 0 {
                return (len, 0, Scanner::Rule);
            }
            let len = number::account(text, at);
            if len > 0 {
                return (0, len, Scanner::Iban);
            }
            let (len, is_jwt) = token::marked(text, at);
            if len > 0 {
                return (0, len, if is_jwt { Scanner::Jwt } else { Scanner::Key });
            }
        }
        if at >= *token_end && token::is_of_token(first) {
            *token_end = token::end(text, at);
            let word = text.get(at..*token_end).unwrap_or_default();
            if token::is_key(word) {
                return (0, word.len(), Scanner::Key);
            }
        }
        // What begins after two colons would have begun before them.
        let earlier = at.checked_sub(2).map_or(0, |at| byte(text, at));
        if is_start && previous != b'.' && (previous != b':' || first != b':' && earlier != b':') {
            let len = number::address(text, at);
            if len > 0 {
                return (0, len, Scanner::Ip);
            }
        }
        if kind(first) == 1 && kind(previous) != 1 || first == b'+' && is_start {
            let (len, scanner) = number::number(text, at);
            if len > 0 {
                return (0, len, scanner);
            }
        }
        STAYS
    }
}

/// Whether the last that was written may be of the local part of an address.
fn is_local(out: &[u8], start: usize) -> bool {
    let is_sign = |last: u8| kind(last) != 0 || !last.is_ascii() || matches!(last, b'.' | b'_' | b'%' | b'+' | b'-');
    out.len() > start && out.last().is_some_and(|last| is_sign(*last))
}

/// Where the domain ends of the address whose `@`, be it encoded and encoded again, is here; 0 if there is none. Its last
/// label begins with a letter, as no version of a library does.
fn mailbox(text: &[u8], mut at: usize) -> usize {
    if byte(text, at) == b'%' {
        at += 1;
        while byte(text, at) == b'2' && byte(text, at + 1) == b'5' {
            at += 2;
        }
        if byte(text, at) != b'4' || byte(text, at + 1) != b'0' {
            return 0;
        }
        at += 1;
    }
    let (mut end, mut previous, mut is_last) = (0, 0, false);
    loop {
        at += 1;
        let sign = byte(text, at);
        let is_letter = kind(sign) > 1 || !sign.is_ascii();
        if is_letter || kind(sign) == 1 {
            if previous == b'.' {
                is_last = is_letter;
            }
            if is_last {
                end = at + 1;
            }
        } else if sign != b'-' && (sign != b'.' || matches!(previous, 0 | b'.')) {
            return end;
        }
        previous = sign;
    }
}

/// The value of a name that tells of a secret: so many bytes before it, and its length, which is 0 if there is none. Where
/// it is not plainly a value, what looks like a word in a sentence is taken for one.
fn secret(text: &[u8], at: usize, out: &[u8]) -> (usize, usize) {
    const WORD_BYTES: usize = 16;
    let is_scheme = byte(text, at) == b' ';
    let mut name = out;
    for _ in 0..3 {
        if let [head @ .., b' ' | b'"' | b'\'' | b'\\'] = name
            && !is_scheme
        {
            name = head;
        }
    }
    // What has given way before is not the name of one.
    if name.ends_with(b":secret") || !token::ends_with(name, if is_scheme { SCHEMES } else { SECRETS }) {
        return (0, 0);
    }
    let mut start = at + 1;
    while matches!(byte(text, start), b' ' | b'"' | b'\'' | b'\\') {
        start += 1;
    }
    let quote = byte(text, start - 1);
    let is_quoted = matches!(quote, b'"' | b'\'');
    // What closes a sentence or a bracket is none, and not to be read to its end each time.
    if matches!(byte(text, start), b')' | b']' | b'}' | b',' | b'.') {
        return (0, 0);
    }
    let rest = text.get(start..).unwrap_or_default();
    let quotes = [b'\n', quote];
    let value = before(rest, if is_quoted { &quotes } else { SPACES });
    let look = Look::new(value);
    let is_plain = !is_scheme && (is_quoted || start == at + 1);
    let is_value = is_plain || look.digits + look.changes > 0 || before(value, b":").len() >= WORD_BYTES;
    let is_followed = look.len < 7 && token::ends_with(value, SCHEMES);
    (start - at, if is_value && !is_followed { look.len } else { 0 })
}
