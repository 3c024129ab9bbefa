//! What leaves is cleaned here, once, last before it is encoded. Default deny: of a URL, the values do not leave.
//!
//! Texts are UTF-8 in bytes. They are cut at ASCII bytes only, or at the border of a character, so they stay UTF-8.

use crate::url::{after, after_last, before};
use vitrum_wire::Policy;
use vitrum_wire::limits::{STACK_BYTES, VALUE_BYTES};

/// Appends the text as its policy lets it leave.
///
/// Where identifiers are not allowed (`is_bare`) a URL in free text is told by its last part only.
pub(crate) fn scrub(out: &mut Vec<u8>, policy: Policy, text: &[u8], is_bare: bool) {
    match policy {
        Policy::Plain => out.extend_from_slice(cut(text, VALUE_BYTES)),
        Policy::Url => push_url(out, cut(text, VALUE_BYTES)),
        Policy::Selector => push_selector(out, cut(text, VALUE_BYTES)),
        Policy::Text => push_text(out, cut(text, STACK_BYTES), is_bare),
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

/// A URL without credentials, and with only the names of parameters of its path, query and fragment.
fn push_url(out: &mut Vec<u8>, url: &[u8]) {
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
    let (head, tail) = base.split_at_checked(slashes.map_or(0, |at| at + 2)).unwrap_or_default();
    out.extend_from_slice(head);
    if head.is_empty() {
        out.extend_from_slice(tail);
    } else {
        let authority = before(tail, b"/");
        out.extend_from_slice(after_last(authority, b'@'));
        out.extend_from_slice(after(tail, authority));
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
        // Without a value it may be one itself: also padded base64 ends in nothing but `=`.
        if after(part, name).iter().any(|byte| *byte != b'=') && is_name(name) {
            out.push(separator);
            out.extend_from_slice(name);
            separator = b'&';
        }
    }
}

/// A selector, in which each name that may be made of data is `?`: three digits or more tell of a row, a person or a build
/// (and are not stable either), and what has anything but letters, digits, `-` and `_` in it is no plain name.
fn push_selector(out: &mut Vec<u8>, mut selector: &[u8]) {
    while let Some(&first) = selector.first() {
        let is_sign = matches!(first, b'>' | b'.' | b'#');
        let name = before(selector.get(usize::from(is_sign)..).unwrap_or_default(), b">.#");
        if is_sign {
            out.push(first);
        }
        let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_plain = digits < 3 && name.len() <= 40 && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        out.extend_from_slice(if is_plain { name } else { b"?" });
        selector = selector.get(name.len() + usize::from(is_sign)..).unwrap_or_default();
    }
}

/// Whether a parameter's name looks like one, and not like data put in its place.
fn is_name(name: &[u8]) -> bool {
    const NAME_BYTES: usize = 40;
    !name.is_empty()
        && name.len() <= NAME_BYTES
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']'))
}

/// Free text, in which every URL is treated as one. A position (`:line:column`) after a URL stays.
fn push_text(out: &mut Vec<u8>, mut text: &[u8], is_bare: bool) {
    while let Some(&first) = text.first() {
        let word = before(text, b" \t\r\n\"'`<>");
        // Brackets before a URL are not its own, and what closes a sentence or a bracket after it is not either.
        if word.is_empty() || first == b'(' {
            out.push(first);
            text = text.get(1..).unwrap_or_default();
            continue;
        }
        text = after(text, word);
        if !is_url(word) {
            out.extend_from_slice(word);
            continue;
        }
        let mut url = word;
        while let [head @ .., b')' | b',' | b'.' | b':'] = url {
            url = head;
        }
        let closing = after(word, url);
        let (url, position) = split_position(url);
        if is_bare {
            out.extend_from_slice(after_last(before(url, b"?#;"), b'/'));
        } else {
            push_url(out, url);
        }
        out.extend_from_slice(position);
        out.extend_from_slice(closing);
    }
}

/// Whether a word may be a URL: an absolute one, a path with something after it, a scheme with data, or anything with a
/// value in it.
fn is_url(word: &[u8]) -> bool {
    let scheme = before(word, b":");
    let place = before(word, b"?#;");
    let has_data = [b"data".as_slice(), b"blob", b"javascript", b"mailto"].contains(&scheme) && scheme.len() < word.len();
    let has_more = place.len() < word.len() && (place.contains(&b'/') || word.contains(&b'='));
    has_data || has_more || word.starts_with(b"//") || word.windows(3).any(|three| three == b"://")
}

/// Parts a word from the `:12:34` at its end.
fn split_position(word: &[u8]) -> (&[u8], &[u8]) {
    let mut end = word.len();
    for _ in 0..2 {
        let digits = after_last(word.get(..end).unwrap_or_default(), b':').len();
        let start = end - digits;
        let is_position = start > 0 && digits > 0 && word.get(start..end).unwrap_or_default().iter().all(u8::is_ascii_digit);
        if !is_position {
            break;
        }
        end = start - 1;
    }
    word.split_at_checked(end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(policy: Policy, text: &str, expected: &str) {
        let mut out = Vec::new();
        scrub(&mut out, policy, text.as_bytes(), false);
        assert_eq!(core::str::from_utf8(&out), Ok(expected), "{text}");
    }

    #[test]
    fn of_a_url_the_names_stay() {
        check(Policy::Url, "https://a.example/p", "https://a.example/p");
        check(
            Policy::Url,
            "https://a.example/p?email=x@y.z&page=2#access_token=abc",
            "https://a.example/p?email&page#access_token",
        );
        check(Policy::Url, "https://a.example/?a=1;b=2", "https://a.example/?a&b");
        check(Policy::Url, "https://user:secret@a.example:8080/p@q", "https://a.example:8080/p@q");
        check(Policy::Url, "https://user:se@cret@a.example/", "https://a.example/");
        check(Policy::Url, "//user@a.example/p?x=1", "//a.example/p?x");
        check(Policy::Url, "/p?x=1", "/p?x");
        check(Policy::Url, "", "");
    }

    #[test]
    fn what_may_be_a_value_goes() {
        check(Policy::Url, "https://a.example/?someone@example.com", "https://a.example/");
        check(Policy::Url, "https://a.example/#eyJhbGciOi", "https://a.example/");
        check(Policy::Url, "https://a.example/?someone@example.com=1&ok=2", "https://a.example/?ok");
        check(Policy::Url, "https://a.example/#/route?token=1", "https://a.example/?token");
        check(Policy::Url, "data:text/plain,secret", "data:");
        check(Policy::Url, "blob:https://a.example/0b1c", "blob:");
        check(Policy::Url, "javascript:alert(1)", "javascript:");
        check(Policy::Url, "mailto:someone@example.com", "mailto:");
        check(Policy::Url, "https://a.example/?dXNlckBleGFtcGxlLmNvbQ==", "https://a.example/");
        check(Policy::Url, "https://a.example/cart;jsessionid=ABC?x=1", "https://a.example/cart?jsessionid?x");
    }

    #[test]
    fn of_a_selector_the_plain_names_stay() {
        for plain in ["", "#pay", "main>img.hero", "html>body>div.row.col-12>h1", "x-row_2", "#h2>a.b9.c08", ">", "#", "div.#a>"] {
            check(Policy::Selector, plain, plain);
        }
        check(Policy::Selector, "tr#order-12345>td.name", "tr#?>td.name");
        check(Policy::Selector, "#a12.b123>p", "#a12.?>p");
        check(Policy::Selector, "div.css-1x2y3z.md:w-1/2>a", "div.?.?>a");
        check(Policy::Selector, "#someone@example.com", "#?.com");
        check(Policy::Selector, "#größe>p", "#?>p");
        check(Policy::Selector, &["div.", &"a".repeat(40), ".", &"b".repeat(41)].concat(), &["div.", &"a".repeat(40), ".?"].concat());
    }

    #[test]
    fn urls_in_text_are_cut_and_positions_kept() {
        check(Policy::Text, "TypeError: x is undefined", "TypeError: x is undefined");
        check(
            Policy::Text,
            "at f (https://a.example/app.js?v=secret:10:5)\n    at https://u:p@a.example/b.js:1:2",
            "at f (https://a.example/app.js?v:10:5)\n    at https://a.example/b.js:1:2",
        );
        check(Policy::Text, "GET \"/api?email=x@y.z\" failed, why?", "GET \"/api?email\" failed, why?");
        check(Policy::Text, "data:text/plain,secret", "data:");
        check(Policy::Text, "GET //user:planted@a.example/p failed", "GET //a.example/p failed");
        check(
            Policy::Text,
            "https://a.example/x?ids=1,2&email=a@b.c&token=t: 500, see (https://b.example/p?f=(a)&ssn=1).",
            "https://a.example/x?ids&email&token: 500, see (https://b.example/p?f&ssn).",
        );
        check(Policy::Text, "/reset?someone@example.com /app#eyJhbGciOi", "/reset /app");
        check(
            Policy::Text,
            "at eval (eval at f (https://a.example/x.js?v=1:2:3), <anonymous>:4:5)",
            "at eval (eval at f (https://a.example/x.js?v:2:3), <anonymous>:4:5)",
        );
        check(Policy::Text, "f@https://a.example/b.js:1:2", "f@https://a.example/b.js:1:2");
        check(Policy::Text, "12:30 is a time? größer", "12:30 is a time? größer");
    }

    #[test]
    fn where_identifiers_are_not_allowed_a_url_is_its_last_part() {
        let mut out = Vec::new();
        let text = b"at f (https://a.example/orders/12345/page.js?x=1:2:3) /orders/12345?y=1";
        scrub(&mut out, Policy::Text, text, true);
        assert_eq!(core::str::from_utf8(&out), Ok("at f (page.js:2:3) 12345"));
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("aé".as_bytes(), 2), b"a");
        assert_eq!(cut("aé".as_bytes(), 3), "aé".as_bytes());
        assert_eq!(cut("aé".as_bytes(), 9), "aé".as_bytes());
        assert_eq!(cut("aé".as_bytes(), 0), b"");
    }
}
