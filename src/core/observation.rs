//! What the agent is told.
//!
//! An observation is a packet as the page makes it: its kind, rows of numbers, and texts. There is no second form for
//! the core: each row is taken apart by name where it is used, which saves the wasm a decoder and gives replays a
//! format of one line an observation.

/// What happened. Each says the numbers of its rows, and the texts that go with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The agent starts. `sampleRate`, consent ([`crate::Consent`]), number of bad options, `performance.timeOrigin`,
    /// since when the page is or first was hidden (infinite if never), what the agent's own meter measures (as in
    /// [`Kind::Listen`]), how long a session lasts without a sign of life and at most, whether the browser is automated
    /// (`navigator.webdriver`), whether UUIDs in texts may leave, how many records of a kind there may be a minute, whether
    /// the site wants to see what leaves ([`crate::Effect::Review`]), what ways there are (bits: 1 the browser can hold requests for
    /// the page's end, 2 there is a second endpoint), in which form batches travel (0
    /// beacons, 1 requests of OTLP in gzip, 2 requests of OTLP as they are, 3 these without tables), and whether errors of extensions are left out. Texts:
    /// `service`, `version`, `environment`, absolute URL of the endpoint, the trace that requests are in so far (trace, root
    /// span and the server's span before that, in hexadecimal digits, with a dash between), URL of the document, referrer,
    /// what [`crate::Effect::Remember`] left in an earlier page of this site, 32 hexadecimal digits that a new session is to
    /// be called by, the rules of URL templates, and names of parameters whose values may
    /// leave, the rules of scrubbing (one a line), and what the site calls the cohort (names and values, `tier=gold,region=eu`).
    Start,
    /// The document's entry of the performance timeline, as far as it is known: the values of `Key::ResourceDuration` to
    /// `Key::NavigationRedirectCount`, then `activationStart`, whether `document.wasDiscarded`, whether the document is
    /// still being parsed, and `navigationId`. Texts: URL, type, protocol, and `blocking` or nothing.
    Navigation,
    /// A resource: `startTime`, then the values of `Key::ResourceDuration` to `Key::StatusCode`. Texts: URL,
    /// `initiatorType`, protocol (with `Server-Timing` and a `traceparent` in it on lines of their own, where there are
    /// any), and `blocking` or nothing.
    Resource,
    /// First contentful paint: its time.
    Paint,
    /// A candidate for the largest contentful paint: `startTime`, `renderTime`, `interactionId` of an
    /// `interaction-contentful-paint` (0 if it is not told; -1 for the document's), whether there is an entry of what was
    /// painted, start of its resource's request (-1 if it has none) and end of its response. Texts: the element, the URL
    /// of the resource.
    LargestPaint,
    /// What is known by now of the resource of the last candidate: its last two numbers.
    LargestResource,
    /// The user acted, or the page was hidden, at this time: what is the largest paint then is final.
    Settled,
    /// A layout shift: its time, its value, and `hadRecentInput`. Text: the first element that it moved.
    Shift,
    /// An event that took long, or the first input: `interactionId` (0 if it belongs to none), start, duration,
    /// `processingStart`, `processingEnd`, whether a key was pressed, and `performance.interactionCount`. Text: its target.
    Interaction,
    /// A soft navigation: start, `navigationId`, `interactionId`, time of its paint, whether this is told when the events
    /// before it have been (for INP, or else at once for the others), and `performance.interactionCount`. Text: its URL.
    SoftNavigation,
    /// A task of over 50 ms: start and duration. Text: whose task it was.
    LongTask,
    /// A long animation frame: the values of `Key::FrameStart` to `Key::FrameFirstInput`.
    LongFrame,
    /// A script of the long frame told last: start, duration, and how much of it was forced layout. Texts: invoker, URL,
    /// function.
    Script,
    /// An error, a load that failed, or a report: its time, the number by which [`Kind::Repeat`] means it (0 if it never does), how often
    /// it has happened, whether the page has dealt with it, the page's state (0 visible, 1 hidden, 2 unloading), gibibytes of
    /// the device, bytes of the heap (0 where the browser does not tell), how many errors are told (it and its causes), and how
    /// many pairs of context. Texts: how it was caught, `effectiveType` of the connection, URL and selector of what it is about,
    /// then name, message and stack of each error, and name and value of each pair.
    Failure,
    /// A request was answered or failed: start, end (0 if only its resource will tell of that), status (0 if none), and
    /// 1 if it is of `XMLHttpRequest`, not `fetch`. Texts: absolute URL, method in capitals, the error's name if any, its
    /// `traceparent` (whether it was sent or not), the server's `traceresponse`.
    Request,
    /// How many beacons, event sources and web sockets the page has opened so far.
    Opened,
    /// The user did something that requests may follow: its time. Texts: type of the event, selector of its target.
    Action,
    /// The document's URL changed without a load: time, and the share of sessions that are to be reported there. Texts: `push`, `replace`, `reload` or `traverse`, and the URL.
    Route,
    /// Such a change is painted: its time, and the time of the paint.
    RoutePainted,
    /// The page is hidden or about to go, and what is not sent now may never be: time, whether this is a change of its
    /// visibility (1) or its end (0), and `performance.interactionCount`.
    Hidden,
    /// It came back from the back/forward cache: time and `performance.interactionCount`.
    Restored,
    /// It has been painted after that: time, and since when it is hidden (infinite if it is not).
    Repainted,
    /// Someone wants to hear of vitals: what and how (bits, as `vitals::flags` has them), and the shortest duration of an
    /// event in milliseconds. The meter is new: the next number.
    Listen,
    /// The user's consent ([`crate::Consent`]). Texts: who said so, and what is remembered of a session, if it may be read.
    Consent,
    /// The user is there: time, and the time since the epoch (that of a page may stand still while the machine sleeps). It is told before what the user does, but not each time. Text: what is remembered by now of a
    /// session, by any page of the site.
    Active,
    /// Who the user is: whether the text is a hash. Text: what the site calls the user; nothing if it is nobody any more.
    User,
    /// The user wants to be forgotten: time.
    Forget,
    /// The time asked for with [`crate::Effect::Wake`] has come. One number, unused.
    Woke,
    /// A batch's fate: its number, and the status it was answered with: 0 if it was not, 1 if the browser has taken it and nobody
    /// will hear of it, -1 if the browser did not take it, -2 if there is no network; and the seconds that `Retry-After` names. And what the collector wishes: the
    /// share of sessions, its floor and its ceiling, and the seconds in which half of that is forgotten; 0 if it wishes nothing.
    Delivered,
    /// What the site has made of what it was shown: how many bytes of it are log records, and how many records it has dropped.
    /// In place of texts: the records.
    Reviewed,
    /// A batch that was stored: when it was made, in milliseconds since the epoch, and where it goes ([`crate::Effect::Send`]). In
    /// place of texts: its body.
    Recalled,
    /// The network is back, as far as the browser knows. One number, unused.
    Online,
    /// The site tells something, a row for each part of it: time, which part, and its number. Parts: 0 the event, 1 a text, 2 a
    /// number, 3 a truth, 4 its end. Texts: the name of the event or part, and its text.
    Custom,
    /// An error has happened again whose texts were not read: the number that [`Kind::Failure`] gave it (0 for none), and how often.
    Repeat,
    /// What happened, for errors that may follow: its time, and what it is: 0 the site's own word, 1 a line of the console,
    /// 2 a change of visibility. Text: what it says.
    Crumb,
    /// A flag of the site is set. One number, unused. Texts: its name, and its value; nothing if it is not set any more.
    Flag,
    /// Something was lost before it came here: reason ([`crate::Loss`]) and how often.
    Lost,
}

impl Kind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 37] = [
        Self::Start,
        Self::Navigation,
        Self::Resource,
        Self::Paint,
        Self::LargestPaint,
        Self::LargestResource,
        Self::Settled,
        Self::Shift,
        Self::Interaction,
        Self::SoftNavigation,
        Self::LongTask,
        Self::LongFrame,
        Self::Script,
        Self::Failure,
        Self::Request,
        Self::Opened,
        Self::Action,
        Self::Route,
        Self::RoutePainted,
        Self::Hidden,
        Self::Restored,
        Self::Repainted,
        Self::Listen,
        Self::Consent,
        Self::Active,
        Self::User,
        Self::Forget,
        Self::Woke,
        Self::Delivered,
        Self::Reviewed,
        Self::Recalled,
        Self::Online,
        Self::Custom,
        Self::Repeat,
        Self::Crumb,
        Self::Flag,
        Self::Lost,
    ];
}

/// How many numbers a row has, in the order of the kinds.
pub(crate) const ROWS: [u8; 37] = [15, 30, 18, 1, 6, 2, 1, 3, 7, 6, 2, 6, 3, 9, 4, 3, 1, 2, 2, 3, 2, 2, 2, 1, 2, 1, 1, 1, 7, 2, 2, 1, 3, 2, 2, 1, 2];

/// One packet.
#[derive(Clone, Copy)]
pub struct Observation<'a> {
    /// What happened.
    pub kind: Kind,
    /// For whom it was observed: 0 for the agent itself, else who came with [`Kind::Listen`], counted from 1.
    pub meter: u32,
    /// Rows of numbers, as long as the kind says.
    pub numbers: &'a [f64],
    /// The texts, in UTF-8, divided by U+0000, which none of them contains.
    pub text: &'a [u8],
}

/// The texts of a packet, one after the other; empty when there are no more.
pub(crate) struct Texts<'a>(pub(crate) &'a [u8]);

impl<'a> Texts<'a> {
    pub(crate) fn next(&mut self) -> &'a [u8] {
        let text = crate::url::before(self.0, b"\0");
        self.0 = self.0.get(text.len() + 1..).unwrap_or_default();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn texts_come_one_by_one_and_then_are_empty() {
        let mut texts = Texts(b"a\0\0bc");
        assert_eq!([texts.next(), texts.next(), texts.next(), texts.next(), texts.next()], [&b"a"[..], b"", b"bc", b"", b""]);
        assert_eq!(Texts(b"").next(), b"");
    }

    #[test]
    fn every_kind_has_rows() {
        assert_eq!(ROWS.len(), Kind::ALL.len());
        assert!(ROWS.iter().all(|numbers| *numbers > 0));
    }
}
