//! Frames, as the engines write them: one a line, the innermost first.

use crate::url::{after, after_last, before, find, has, split_position};

/// What of a line can be told. Where there is nothing to tell it is empty.
pub(super) struct Frame<'a> {
    /// The function, without what only one engine says of it.
    pub(super) name: &'a [u8],
    /// Where its source is from; of code that `eval` made, where that was called. Of what is data and no place the scheme.
    pub(super) url: &'a [u8],
    /// `12:34`, `12`, or `wasm-function[3]:0x2f`.
    pub(super) position: &'a [u8],
}

/// The innermost frames of a stack, at most so many.
pub(super) fn frames<'a>(stack: &'a [u8], message: &[u8], limit: usize) -> Vec<Frame<'a>> {
    let (mut told, mut is_v8) = (Vec::new(), false);
    for line in without_head(stack, message).split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        // In what V8 writes the rest of a head may look like a frame of another's.
        if !is_v8 && line.starts_with(b"at ") {
            is_v8 = true;
            told.clear();
        }
        if let Some(frame) = if is_v8 { of_v8(line) } else { of_others(line) }
            && told.len() < limit
            // JavaScriptCore has lines of nothing but `@`.
            && frame.name.len() + frame.url.len() + frame.position.len() > 0
        {
            told.push(frame);
        }
    }
    told
}

/// V8 writes name and message first, and in a message may be anything, also lines that look like frames. Other engines do
/// not, but libraries that make stacks alike do.
fn without_head<'a>(stack: &'a [u8], message: &[u8]) -> &'a [u8] {
    let name = before(stack, b":\n");
    let told = after(stack, name);
    let told = told.strip_prefix(b": ").unwrap_or(told);
    let without = |text: &'a [u8]| text.strip_prefix(message).filter(|rest| matches!(rest, [] | [b'\n', ..]));
    if message.is_empty() { stack } else { without(told).or_else(|| without(stack)).unwrap_or(stack) }
}

fn of_v8(line: &[u8]) -> Option<Frame<'_>> {
    let line = line.strip_prefix(b"at ")?;
    let line = line.strip_prefix(b"async ").unwrap_or(line);
    let (name, mut place) = line.strip_suffix(b")").and_then(|line| split(line, b" (")).unwrap_or((b"", line));
    if name.is_empty() && !is_place(place) && split_position(place).1.is_empty() {
        return None;
    }
    // `eval at f (url:1:2), <anonymous>:3:4`, or with a call of `eval` in place of the URL.
    while let Some((_, inner)) = place.strip_prefix(b"eval at ").and_then(|inner| split(inner, b" (")) {
        place = until(inner, b"), ");
    }
    while let [head @ .., b')'] = place {
        place = head;
    }
    Some(frame(name, place))
}

fn of_others(line: &[u8]) -> Option<Frame<'_>> {
    let (name, place) = split(line, b"@").unwrap_or((b"", line));
    // What made it is told before a `*` (SpiderMonkey): `async*f`, `setTimeout handler*f`.
    let name = after_last(name, b'*');
    let mut found = frame(name.strip_prefix(b"async ").unwrap_or(name), place);
    // `url line 5 > eval:1:2`, and one within another.
    let outer = until(place, b" line ");
    let line = before(after(place, outer).strip_prefix(b" line ").unwrap_or_default(), b" ");
    if !line.is_empty() && line.iter().all(u8::is_ascii_digit) {
        (found.url, found.position) = (outer, line);
    }
    let is_told = found.position.is_empty() && !place.is_empty() && !place.starts_with(b"[");
    (!is_told).then_some(found)
}

/// Parts a name from a place at the first of these signs that has a place after it, or else the last.
fn split<'a>(line: &'a [u8], sign: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (mut found, mut start) = (None, 0);
    while let Some(at) = find(line.get(start..).unwrap_or_default(), sign) {
        let end = start + at;
        start = end + sign.len();
        let place = line.get(start..).unwrap_or_default();
        found = Some((line.get(..end).unwrap_or_default(), place));
        if is_place(place) {
            break;
        }
    }
    found
}

/// Whether it begins as a URL does, or as what stands in place of one: `<anonymous>`, `[native code]`, `eval at f (...)`. A
/// colon alone tells nothing, as names of functions may have one.
fn is_place(text: &[u8]) -> bool {
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let end = text.iter().position(|byte| !is_scheme(byte)).unwrap_or_default();
    let (scheme, rest) = text.split_at_checked(end).unwrap_or_default();
    end > 0 && rest.starts_with(b"://") || matches!(scheme, b"data" | b"blob") || matches!(text, [b'<' | b'[', ..]) || text.starts_with(b"eval at ")
}

fn frame<'a>(name: &'a [u8], place: &'a [u8]) -> Frame<'a> {
    let name = until(name, b" [as ");
    // `global code`, `module code`, `eval code` (JavaScriptCore).
    let name = match name.strip_suffix(b" code") {
        Some(b"eval") => name.get(..4).unwrap_or_default(),
        Some(_) => b"",
        None if name == b"<anonymous>" => b"",
        None => name,
    };
    let (url, position) = split_position(place);
    let position = position.strip_prefix(b":").unwrap_or(position);
    let scheme = before(url, b":");
    let url = match (scheme, url.first()) {
        (b"data" | b"blob", _) => url.get(..scheme.len() + 1).unwrap_or_default(),
        // `debugger eval code` is of a console.
        (_, Some(b'<' | b'[')) => b"",
        _ if position.is_empty() || has(url, b' ') => b"",
        _ => url,
    };
    Frame { name, url, position }
}

/// The part of a text before the first of these words.
fn until<'a>(text: &'a [u8], words: &[u8]) -> &'a [u8] {
    find(text, words).and_then(|end| text.get(..end)).unwrap_or(text)
}
