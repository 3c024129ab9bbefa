//! The page's own requests: their trace headers and their spans.

use crate::draft::Draft;
use crate::ids::{push_decimal, push_hex, read_hex};
use crate::url::{host_and_port, origin};
use vitrum_wire::Key;

/// Whether a request that ended so has failed. A page that aborts its own has not.
pub(crate) fn has_failed(status: f64, error: &[u8]) -> bool {
    status >= 400.0 || status == 0.0 && !error.is_empty() && error != b"AbortError"
}

/// Source: OpenTelemetry semantic conventions, "HTTP client span".
pub(crate) fn describe(draft: &mut Draft, url: &[u8], method: &[u8], status: f64, error: &[u8]) {
    draft.text(Key::Method, method);
    draft.text(Key::Url, url);
    let (host, port) = host_and_port(url);
    draft.text(Key::ServerAddress, host);
    let port = port.iter().fold(0.0, |number, digit| number * 10.0 + f64::from(digit & 15));
    draft.phases(Key::ServerPort, &[port]);
    draft.phases(Key::StatusCode, &[status]);
    let mut digits = Vec::new();
    if status >= 400.0 {
        push_decimal(&mut digits, status as u32);
    }
    draft.text(Key::ErrorType, if error.is_empty() { &digits } else { error });
}

/// The bytes of the trace's and of the span's identifier in a `traceparent` that we made; empty if there is none.
pub(crate) fn read_traceparent(header: &[u8]) -> (Vec<u8>, Vec<u8>) {
    // Version, trace (32 digits), span (16), flags, with a dash between.
    let read = |start: usize, end: usize| {
        let digits = header.get(start..end).unwrap_or_default();
        digits.chunks_exact(2).map(|digits| read_hex(digits) as u8).collect()
    };
    (read(3, 35), read(36, 52))
}

/// W3C Trace Context, version 00, sampled: only sampled sessions get this far.
pub(crate) fn traceparent(trace_id: &[u8], span_id: &[u8]) -> Vec<u8> {
    let mut header = b"00-".to_vec();
    push_hex(&mut header, trace_id);
    header.push(b'-');
    push_hex(&mut header, span_id);
    header.extend_from_slice(b"-01");
    header
}

/// Whether a request to this URL may carry a trace header: to the page's own origin, or to a listed prefix that ends
/// at a border of the URL (so that `https://a.example` does not allow `https://a.example.evil.example`).
pub(crate) fn may_propagate(url: &[u8], page_url: &[u8], prefixes: &[u8]) -> bool {
    origin(url) == origin(page_url)
        || prefixes.split(|byte| *byte == b'\n').any(|prefix| {
            let at_border = prefix.ends_with(b"/") || matches!(url.get(prefix.len()), None | Some(b'/' | b'?' | b'#'));
            !prefix.is_empty() && url.starts_with(prefix) && at_border
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn trace_headers_go_to_the_own_origin_and_to_listed_prefixes() {
        let page = b"https://shop.example/a";
        let listed = b"https://api.example\nhttps://cdn.example/v1/";
        for (url, allowed) in [
            ("https://shop.example/b", true),
            ("https://shop.example", true),
            ("https://shop.example:8443/b", false),
            ("http://shop.example/b", false),
            ("https://shop.example.evil.example/", false),
            ("https://api.example/x", true),
            ("https://api.example?x", true),
            ("https://api.example:8443/x", false),
            ("https://api.example.evil.example/", false),
            ("https://cdn.example/v1/a", true),
            ("https://cdn.example/v2/a", false),
        ] {
            assert_eq!(may_propagate(url.as_bytes(), page, listed), allowed, "{url}");
        }
        assert!(!may_propagate(b"https://other.example/", page, b""));
    }

    #[test]
    fn a_trace_header_is_as_the_standard_says() {
        assert_eq!(
            traceparent(&[0xab; 16], &[1; 8]),
            b"00-abababababababababababababababab-0101010101010101-01"
        );
    }

    #[test]
    fn a_span_is_found_again_in_its_header() {
        let span_id = [0, 1, 0x9f, 0xff, 16, 32, 64, 128];
        assert_eq!(read_traceparent(&traceparent(&[7; 16], &span_id)), (vec![7; 16], span_id.to_vec()));
        assert_eq!(read_traceparent(b""), (vec![], vec![]));
    }

    #[test]
    fn only_a_failure_is_a_failure() {
        for (status, error, failed) in [
            (200.0, "", false),
            (399.0, "", false),
            (400.0, "", true),
            (503.0, "", true),
            (0.0, "TypeError", true),
            (0.0, "AbortError", false),
            (0.0, "", false),
        ] {
            assert_eq!(has_failed(status, error.as_bytes()), failed, "{status} {error}");
        }
    }
}
