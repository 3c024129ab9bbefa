//! The parts of a URL. Not a parser: what the page passes has been through the browser's.

/// Scheme, host and port of an absolute URL.
pub(crate) fn origin(url: &[u8]) -> &[u8] {
    let mut slashes = 0;
    until(url, &mut |byte| {
        slashes += u8::from(byte == b'/');
        slashes == 3 || slashes == 2 && (byte == b'?' || byte == b'#')
    })
}

/// Its path, without query and fragment.
pub(crate) fn path(url: &[u8]) -> &[u8] {
    before(after(url, origin(url)), b"?#;")
}

/// Host and port as they stand in an absolute URL; the port is empty when it is the scheme's own.
pub(crate) fn host_and_port(url: &[u8]) -> (&[u8], &[u8]) {
    let origin = origin(url);
    let authority = after_last(after_last(origin, b'/'), b'@');
    let port = after_last(authority, b':');
    // Without a colon the whole is the host; within brackets the colon is one of an IPv6 address.
    match authority.len().checked_sub(port.len() + 1) {
        Some(colon) if !port.ends_with(b"]") => (authority.get(..colon).unwrap_or_default(), port),
        _ => (authority, b""),
    }
}

/// The part of a text before the first of these bytes.
pub(crate) fn before<'a>(text: &'a [u8], stops: &[u8]) -> &'a [u8] {
    #[allow(clippy::manual_contains, reason = "`contains` brings in a search made for long texts, 450 bytes of it")]
    until(text, &mut |byte| stops.iter().any(|stop| *stop == byte))
}

/// Whether a text has this byte in it.
pub(crate) fn has(text: &[u8], sign: u8) -> bool {
    before(text, &[sign]).len() < text.len()
}

/// What comes after this beginning of a text.
pub(crate) fn after<'a>(text: &'a [u8], head: &[u8]) -> &'a [u8] {
    text.get(head.len()..).unwrap_or_default()
}

/// The part of a text after the last of these bytes; all of it if there is none.
pub(crate) fn after_last(text: &[u8], stop: u8) -> &[u8] {
    let mut tail = text;
    while let Some(place) = tail.iter().position(|byte| *byte == stop) {
        tail = tail.get(place + 1..).unwrap_or_default();
    }
    tail
}

/// Whether it ends as scripts do.
pub(crate) fn is_script(url: &[u8]) -> bool {
    const ENDINGS: &[u8] = b"js mjs cjs ts jsx tsx vue svelte wasm";
    let file = after_last(before(url, b"?#"), b'/');
    let ending = after_last(file, b'.');
    ending.len() < file.len() && is_in(ENDINGS, ending)
}

/// Parts a word from the `:12:34` at its end, or from `:wasm-function[1]:0x2f` (WebAssembly Web API, conventions for
/// developer tools).
pub(crate) fn split_position(word: &[u8]) -> (&[u8], &[u8]) {
    const FUNCTION: &[u8] = b":wasm-function[";
    const PLACE_BYTES: usize = 32;
    let mut end = word.len();
    if let Some(start) = find(word, FUNCTION) {
        let place = word.get(start + FUNCTION.len()..).unwrap_or_default();
        if place.len() < PLACE_BYTES && place.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'x' | b']' | b':')) {
            end = start;
        }
    }
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

/// Where these words begin in a text.
pub(crate) fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    tally(text.len());
    (0..text.len()).find(|at| text.get(*at..).unwrap_or_default().starts_with(words))
}

/// Whether a word is in a list of words with spaces between.
pub(crate) fn is_in(list: &[u8], word: &[u8]) -> bool {
    list.split(|byte| *byte == b' ').any(|one| one == word)
}

fn until<'a>(text: &'a [u8], stops: &mut dyn FnMut(u8) -> bool) -> &'a [u8] {
    let end = text.iter().position(|byte| stops(*byte)).unwrap_or(text.len());
    tally(end);
    text.get(..end).unwrap_or_default()
}

/// Counts the bytes that are looked at, where it is tested that work grows with a text and no faster. Shipped, it is nothing.
pub(crate) fn tally(bytes: usize) {
    #[cfg(test)]
    LOOKED_AT.set(LOOKED_AT.get() + bytes);
    #[cfg(not(test))]
    let _ = bytes;
}

#[cfg(test)]
std::thread_local! {
    pub(crate) static LOOKED_AT: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::str::from_utf8;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn an_absolute_url_is_origin_and_path() {
        for (url, origin_of, path_of) in [
            ("https://shop.example/a/b?c=d#e", "https://shop.example", "/a/b"),
            ("https://shop.example", "https://shop.example", ""),
            ("https://shop.example?x=/y/z", "https://shop.example", ""),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", "/"),
            ("", "", ""),
        ] {
            assert_eq!(from_utf8(origin(url.as_bytes())), Ok(origin_of), "{url}");
            assert_eq!(from_utf8(path(url.as_bytes())), Ok(path_of), "{url}");
        }
    }

    #[test]
    fn a_port_is_told_from_an_address() {
        for (url, host, port) in [
            ("https://a.example/x", "a.example", ""),
            ("https://u:p@a.example:8080/x", "a.example", "8080"),
            ("http://[::1]:81/", "[::1]", "81"),
            ("http://[::1]/", "[::1]", ""),
            ("", "", ""),
        ] {
            assert_eq!(host_and_port(url.as_bytes()), (host.as_bytes(), port.as_bytes()), "{url}");
        }
    }
}
