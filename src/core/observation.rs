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
    /// since when the page is or first was hidden (infinite if never), whether layout shifts are measured. Texts:
    /// `service`, `version`, `environment`, absolute URL of the endpoint, `propagateTo` (one a line), URL of the
    /// document, referrer, and what [`crate::Effect::Remember`] left in an earlier page of this tab.
    Start,
    /// The document's entry of the performance timeline, complete: the values of `Key::ResourceDuration` to
    /// `Key::NavigationRedirectCount`, then `activationStart` and whether `document.wasDiscarded`. Texts: URL, type,
    /// protocol, and `blocking` or nothing.
    Navigation,
    /// A resource: `startTime`, then the values of `Key::ResourceDuration` to `Key::StatusCode`. Texts: URL,
    /// `initiatorType`, protocol, and `blocking` or nothing.
    Resource,
    /// First contentful paint: its time.
    Paint,
    /// A candidate for the largest contentful paint: its time.
    LargestPaint,
    /// A layout shift: its time, its value, and `hadRecentInput`.
    Shift,
    /// An event that belongs to an interaction: `interactionId`, duration, and `performance.interactionCount`.
    Interaction,
    /// A task of over 50 ms: start and duration. Text: whose task it was.
    LongTask,
    /// A long animation frame: the values of `Key::FrameStart` to `Key::FrameFirstInput`.
    LongFrame,
    /// An error that nobody caught: its time. Texts: its name, message and stack.
    Failure,
    /// The page calls `fetch`, and a trace header could be added: one number, unused. Text: absolute URL. Answered with
    /// [`crate::Effect::Propagate`] if the header is wanted.
    RequestStarted,
    /// The response came, or the request failed: start, end, status (0 if none). Texts: absolute URL, method in
    /// capitals, the error's name if any, the header that it was given if any.
    RequestEnded,
    /// The document's URL changed without a load: time. Texts: `push`, `replace`, `reload` or `traverse`, and the URL.
    Route,
    /// The page is hidden or about to go, and what is not sent now may never be: time.
    Hidden,
    /// It came back from the back/forward cache: time.
    Restored,
    /// The user clicked or pressed a key for the first time: time.
    FirstInput,
    /// The user's consent ([`crate::Consent`]).
    Consent,
    /// The time asked for with [`crate::Effect::Wake`] has come. One number, unused.
    Woke,
    /// A batch's fate: its number, and the status it was answered with; 0 if it was not.
    Delivered,
    /// Something was lost before it came here: reason ([`crate::Loss`]) and how often.
    Lost,
}

impl Kind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 20] = [
        Self::Start,
        Self::Navigation,
        Self::Resource,
        Self::Paint,
        Self::LargestPaint,
        Self::Shift,
        Self::Interaction,
        Self::LongTask,
        Self::LongFrame,
        Self::Failure,
        Self::RequestStarted,
        Self::RequestEnded,
        Self::Route,
        Self::Hidden,
        Self::Restored,
        Self::FirstInput,
        Self::Consent,
        Self::Woke,
        Self::Delivered,
        Self::Lost,
    ];
}

/// How many numbers a row has, in the order of the kinds.
pub(crate) const ROWS: [u8; 20] = [6, 28, 18, 1, 1, 3, 3, 2, 6, 1, 1, 3, 1, 1, 1, 1, 1, 1, 2, 2];

/// One packet.
#[derive(Clone, Copy)]
pub struct Observation<'a> {
    /// What happened.
    pub kind: Kind,
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
