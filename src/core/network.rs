//! The page's own requests: what is known of each when it has ended, and what its entry in the timeline adds.

use crate::draft::Draft;
use crate::entry::{ENCODED, RESPONSE_END, STATUS, in_protocol, timing};
use crate::ids::{push_decimal, read_bytes};
use crate::limits::{ANSWERED_WAIT, ERROR_NAME_BYTES, FAILED_WAIT, METHOD_BYTES, REQUESTS};
use crate::observation::Texts;
use crate::page::View;
use crate::scrub::cut;
use crate::time::PageTime;
use crate::url::{after, before, host_and_port};
use std::rc::Rc;
use vitrum_wire::Key;

/// A request that waits for its entry.
pub(crate) struct Request {
    pub(crate) start: f64,
    /// 0 as long as only its entry can tell.
    pub(crate) end: f64,
    pub(crate) status: f64,
    is_xhr: bool,
    /// The span that it belongs to, 8 bytes; empty if that is gone.
    pub(crate) parent: Vec<u8>,
    /// The view in which it ended.
    pub(crate) view: Rc<View>,
    /// Five texts, as [`crate::Kind::Request`] says.
    texts: Vec<u8>,
}

/// An entry of the timeline: its numbers after the start, and its texts after the URL.
pub(crate) type Entry<'a> = (&'a [f64], Texts<'a>);

impl Request {
    pub(crate) fn new(row: [f64; 4], texts: &mut Texts<'_>, view: &Rc<View>) -> Self {
        let [start, end, status, by] = row;
        let all = texts.0;
        for _ in 0..5 {
            texts.next();
        }
        let length = all.len() - texts.0.len();
        Self { start, end, status, is_xhr: by == 1.0, parent: Vec::new(), view: view.clone(), texts: all.get(..length).unwrap_or_default().into() }
    }

    /// When it is told without an entry.
    fn due(&self) -> f64 {
        self.end + if self.status > 0.0 { ANSWERED_WAIT.0 } else { FAILED_WAIT.0 }
    }

    pub(crate) fn url(&self) -> &[u8] {
        Texts(&self.texts).next()
    }

    /// The method, `_OTHER` if it is none that is registered. Source: OpenTelemetry, "HTTP client span".
    pub(crate) fn method(&self) -> (&[u8], &[u8]) {
        const KNOWN: &[u8] = b" GET POST PUT PATCH DELETE HEAD OPTIONS QUERY TRACE CONNECT ";
        let mut texts = Texts(&self.texts);
        texts.next();
        let method = cut(texts.next(), METHOD_BYTES);
        let is_known = KNOWN.split(|byte| *byte == b' ').any(|known| known == method) && !method.is_empty();
        (if is_known { method } else { b"_OTHER" }, method)
    }

    fn rest(&self) -> Texts<'_> {
        let mut texts = Texts(&self.texts);
        texts.next();
        texts.next();
        texts
    }

    /// The name of the error that ended it.
    pub(crate) fn failure(&self) -> &[u8] {
        cut(self.rest().next(), ERROR_NAME_BYTES)
    }

    /// Trace and span, 16 and 8 bytes.
    pub(crate) fn context(&self) -> (Vec<u8>, Vec<u8>) {
        let mut rest = self.rest();
        rest.next();
        read_traceparent(rest.next())
    }

    /// Trace and span of the server that answered, if it says so; empty if not.
    pub(crate) fn answer(&self, entry: Option<&Entry<'_>>) -> (Vec<u8>, Vec<u8>) {
        let mut rest = self.rest();
        rest.next();
        rest.next();
        let (trace_id, span_id) = read_traceparent(rest.next());
        match entry {
            Some((_, texts)) if span_id.is_empty() => read_traceparent(in_protocol(&mut Texts(texts.0)).2),
            _ => (trace_id, span_id),
        }
    }

    /// Its URL, if that is a place: of others (`data:`, `blob:`) all is data.
    pub(crate) fn place(&self) -> &[u8] {
        let url = self.url();
        if after(url, before(url, b":")).starts_with(b"://") { url } else { b"" }
    }

    /// Its end: of the last byte, if its entry says when that was. One that failed ended when the page heard of it.
    pub(crate) fn end_with(&self, entry: Option<&Entry<'_>>) -> f64 {
        let last = entry.and_then(|(numbers, _)| numbers.get(RESPONSE_END)).copied().unwrap_or_default();
        let last = if self.failure().is_empty() { last } else { 0.0 };
        last.max(self.end).max(self.start)
    }

    /// The status it was answered with, if anyone knows.
    pub(crate) fn status_with(&self, entry: Option<&Entry<'_>>) -> f64 {
        let told = entry.and_then(|(numbers, _)| numbers.get(STATUS)).copied().unwrap_or_default();
        if self.status > 0.0 { self.status } else { told }
    }

    /// Whether it has failed. A page that aborts its own request has not.
    pub(crate) fn has_failed(&self, status: f64) -> bool {
        let failure = self.failure();
        status >= 400.0 || status == 0.0 && !failure.is_empty() && failure != b"AbortError"
    }

    /// Source: OpenTelemetry semantic conventions, "HTTP client span".
    pub(crate) fn describe(&self, draft: &mut Draft, entry: Option<Entry<'_>>) {
        let (method, original) = self.method();
        draft.text(Key::Method, method);
        if method != original {
            // One that the page has made up may be made of data.
            draft.text(Key::MethodOriginal, if original.iter().all(u8::is_ascii_alphabetic) { original } else { b"" });
        }
        let url = self.url();
        draft.text(Key::Url, url);
        let place = draft.scrubber.ruled(self.place());
        let (host, port) = host_and_port(&place);
        draft.text(Key::ServerAddress, host);
        let port = port.iter().fold(0.0, |number, digit| number * 10.0 + f64::from(digit & 15));
        draft.phases(Key::ServerPort, &[port]);
        let status = self.status_with(entry.as_ref());
        draft.phases(Key::StatusCode, &[status]);
        let mut digits = Vec::new();
        if status >= 400.0 {
            push_decimal(&mut digits, status as u32);
        }
        let failure = self.failure();
        draft.text(Key::ErrorType, if failure.is_empty() { &digits } else { failure });
        match entry {
            Some((numbers, mut texts)) => {
                draft.phases(Key::BodySize, numbers.get(ENCODED..=ENCODED).unwrap_or_default());
                let (protocol, ..) = in_protocol(&mut Texts(texts.0));
                // "h2", "h3", "http/1.1".
                let version = protocol.strip_prefix(b"h").map_or(protocol, |rest| rest.strip_prefix(b"ttp/").unwrap_or(rest));
                draft.text(Key::ProtocolVersion, version);
                timing(draft, numbers.get(..STATUS).unwrap_or_default(), Key::InitiatorType, &mut texts);
            }
            None => draft.text(Key::InitiatorType, if self.is_xhr { b"xmlhttprequest" } else { b"fetch" }),
        }
    }
}

/// The requests that wait.
#[derive(Default)]
pub(crate) struct Requests(Vec<Request>);

impl Requests {
    /// Takes in one that has ended. If there are too many, gives the oldest to be told as it is.
    pub(crate) fn wait(&mut self, request: Request) -> Option<Request> {
        self.0.push(request);
        (self.0.len() > REQUESTS).then(|| self.0.remove(0))
    }

    /// The one that an entry is of: of those with its URL the one that began last before it. Clocks are coarse, and the
    /// entry begins when the browser has read the page's arguments.
    pub(crate) fn of_entry(&mut self, start: f64, url: &[u8]) -> Option<Request> {
        const TOLERANCE: f64 = 2.0;
        let url = before(url, b"#");
        let mut best: Option<(usize, f64)> = None;
        for (index, request) in self.0.iter().enumerate() {
            let distance = (request.start - start).abs();
            let is_earlier = request.start <= start + TOLERANCE;
            if is_earlier && best.is_none_or(|(_, least)| distance < least) && before(request.url(), b"#") == url {
                best = Some((index, distance));
            }
        }
        best.map(|(index, _)| self.0.remove(index))
    }

    /// One that has waited long enough, or (at the end of a page) any that has ended.
    pub(crate) fn overdue(&mut self, now: PageTime, is_last: bool) -> Option<Request> {
        let index = self.0.iter().position(|request| request.end > 0.0 && (is_last || request.due() <= now.0))?;
        Some(self.0.remove(index))
    }

    /// When the next one is overdue.
    pub(crate) fn due(&self) -> PageTime {
        let ended = self.0.iter().filter(|request| request.end > 0.0);
        PageTime(ended.fold(f64::INFINITY, |first, request| first.min(request.due())))
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The bytes of trace and span in a `traceparent`, or a `traceresponse`, of version 00; empty if it is none.
fn read_traceparent(header: &[u8]) -> (Vec<u8>, Vec<u8>) {
    // Version, trace (32 digits), span (16), flags, with a dash between.
    let read = |start: usize, bytes: usize| read_bytes(header.get(start..start + 2 * bytes).unwrap_or_default(), bytes);
    let (trace_id, span_id) = (read(3, 16), read(36, 8));
    if trace_id.is_empty() || !header.starts_with(b"00-") { (Vec::new(), Vec::new()) } else { (trace_id, span_id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const PARENT: &str = "00-abababababababababababababababab-0102030405060708-01";

    fn view() -> Rc<View> {
        Rc::new(View::new((b"https://shop.example/", b""), b"", b"", &mut Ids::new(&[7; 16])))
    }

    fn request(start: f64, end: f64, status: f64, texts: [&str; 5]) -> Request {
        let text = texts.join("\0");
        Request::new([start, end, status, 0.0], &mut Texts(text.as_bytes()), &view())
    }

    #[test]
    fn a_request_takes_its_own_texts_and_leaves_the_others() {
        let mut texts = Texts(b"https://a.example/\0GET\0\0p\0\0next");
        let request = Request::new([1.0, 2.0, 200.0, 1.0], &mut texts, &view());
        assert_eq!((request.url(), request.method().0, texts.next()), (&b"https://a.example/"[..], &b"GET"[..], &b"next"[..]));
    }

    #[test]
    fn a_method_that_is_not_registered_is_another() {
        for (given, told) in [("GET", "GET"), ("QUERY", "QUERY"), ("CHICKEN", "_OTHER"), ("GE", "_OTHER"), ("", "_OTHER"), ("GET POST", "_OTHER")] {
            let request = request(0.0, 1.0, 200.0, ["https://a.example/", given, "", "", ""]);
            assert_eq!(request.method(), (told.as_bytes(), given.as_bytes()));
        }
    }

    #[test]
    fn only_a_failure_is_a_failure() {
        for (status, error, failed) in [
            (200.0, "", false),
            (399.0, "", false),
            (400.0, "", true),
            (503.0, "", true),
            (0.0, "TypeError", true),
            (0.0, "TimeoutError", true),
            (0.0, "AbortError", false),
            (0.0, "", false),
        ] {
            assert_eq!(request(0.0, 1.0, status, ["", "", error, "", ""]).has_failed(status), failed, "{status} {error}");
        }
    }

    #[test]
    fn trace_and_span_are_read_from_a_header_of_version_0() {
        assert_eq!(read_traceparent(PARENT.as_bytes()), (vec![0xab; 16], vec![1, 2, 3, 4, 5, 6, 7, 8]));
        for bad in ["", "00-", &PARENT[1..], &PARENT.replace("00-", "01-"), &PARENT[..50]] {
            let (trace_id, span_id) = read_traceparent(bad.as_bytes());
            assert!(trace_id.is_empty() || span_id.is_empty(), "{bad}");
        }
    }

    fn started(requests: &mut Requests, start: f64, url: &str) {
        assert!(requests.wait(request(start, start + 50.0, 200.0, [url, "GET", "", PARENT, ""])).is_none());
    }

    #[test]
    fn an_entry_finds_the_request_that_began_last_before_it() {
        let mut requests = Requests::default();
        for (start, url) in [(100.0, "https://a.example/"), (120.0, "https://a.example/#x"), (121.0, "https://b.example/"), (500.0, "https://a.example/")] {
            started(&mut requests, start, url);
        }
        let mut start = |at: f64, url: &str| requests.of_entry(at, url.as_bytes()).map(|request| request.start);
        assert_eq!(start(99.5, "https://b.example/"), None);
        assert_eq!(start(120.4, "https://a.example/"), Some(120.0));
        assert_eq!(start(120.4, "https://a.example/"), Some(100.0));
        assert_eq!(start(120.4, "https://a.example/"), None);
        assert_eq!(start(499.0, "https://a.example/"), Some(500.0), "the clock is coarse");
        assert_eq!(start(2000.0, "https://b.example/#y"), Some(121.0));
    }

    #[test]
    fn what_has_no_entry_is_told_after_a_while_or_at_the_end() {
        let mut requests = Requests::default();
        started(&mut requests, 100.0, "https://a.example/");
        requests.wait(request(100.0, 0.0, 0.0, ["https://b.example/", "GET", "", "", ""]));
        requests.wait(request(100.0, 150.0, 0.0, ["https://c.example/", "GET", "TypeError", "", ""]));
        let ripe = 150.0 + ANSWERED_WAIT.0;
        assert_eq!(requests.due(), PageTime(150.0 + FAILED_WAIT.0));
        assert_eq!(requests.overdue(PageTime(ripe - 1.0), false).map(|request| request.status), Some(0.0));
        assert_eq!(requests.due(), PageTime(ripe));
        assert!(requests.overdue(PageTime(ripe - 1.0), false).is_none());
        assert!(requests.overdue(PageTime(ripe), false).is_some());
        assert!(requests.overdue(PageTime(1e9), true).is_none(), "nobody knows how it ended");
        assert_eq!(requests.due(), PageTime::NEVER);
    }

    #[test]
    fn no_more_than_the_bound_wait() {
        let mut requests = Requests::default();
        for n in 0..REQUESTS {
            started(&mut requests, n as f64, "https://a.example/");
        }
        let first = requests.wait(request(1e6, 1e6, 200.0, ["https://b.example/", "GET", "", "", ""]));
        assert_eq!(first.map(|request| request.start), Some(0.0));
    }
}
