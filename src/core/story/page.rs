//! What a page does, as the shim tells of it: each deed happens now, unless it says when.

use super::{Consent, Done, Kind, PAGE, TIME_ORIGIN, Visit};

/// An event of an interaction, and what goes with it.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) id: f64,
    pub(super) at: f64,
    pub(super) duration: f64,
    /// When its handlers began and ended.
    pub(super) processing: [f64; 2],
    pub(super) is_key: bool,
    pub(super) target: &'a str,
}

impl Visit {
    /// The document's entry, complete.
    pub(super) fn navigation(self, kind: &str, response_start: f64, activation: f64, was_discarded: bool) -> Self {
        let mut numbers = [0.0; 30];
        (numbers[0], numbers[11], numbers[22], numbers[26]) = (1500.4, response_start, 1500.0, activation);
        numbers[27] = f64::from(u8::from(was_discarded));
        self.tell(Kind::Navigation, &numbers, &[PAGE, kind, "h2", ""])
    }

    /// The same while the document still loads, as it is told for whoever needs to know.
    pub(super) fn loading(self, response_start: f64) -> Self {
        let mut numbers = [0.0; 30];
        (numbers[11], numbers[28]) = (response_start, 1.0);
        self.tell_for(u32::MAX, Kind::Navigation, &numbers, &[PAGE, "navigate", "h2", ""])
    }

    pub(super) fn first_paint(self) -> Self {
        let now = self.now;
        self.tell(Kind::Paint, &[now], &[])
    }

    pub(super) fn largest_paint(self) -> Self {
        self.largest_picture("", "", [-1.0, 0.0])
    }

    /// The largest paint is a picture at this URL, which was asked for and had loaded at these times.
    pub(super) fn largest_picture(self, target: &str, url: &str, [request, loaded]: [f64; 2]) -> Self {
        let now = self.now;
        self.tell(Kind::LargestPaint, &[now, now, -1.0, 1.0, request, loaded], &[target, url])
    }

    /// The user has acted, or the page was hidden: the largest paint is final.
    pub(super) fn settled(self) -> Self {
        let now = self.now;
        self.tell(Kind::Settled, &[now], &[])
    }

    pub(super) fn shift(self, value: f64) -> Self {
        self.shift_of(value, "")
    }

    pub(super) fn shift_of(self, value: f64, target: &str) -> Self {
        let now = self.now;
        self.tell(Kind::Shift, &[now, value, 0.0], &[target])
    }

    /// A pointer's interaction that begins now, of which it is known at once how long it took.
    pub(super) fn interaction(self, id: f64, duration: f64) -> Self {
        let at = self.now;
        self.input(Input { id, at, duration, processing: [at, at], is_key: false, target: "" })
    }

    pub(super) fn input(mut self, input: Input<'_>) -> Self {
        let Input { id, at, duration, processing: [start, end], is_key, target } = input;
        self.interactions = self.interactions.max(id);
        let numbers = [id, at, duration, start, end, f64::from(u8::from(is_key)), self.interactions];
        self.tell(Kind::Interaction, &numbers, &[target])
    }

    /// A long frame from this time on, with its layout at its end, and its scripts with invoker, URL and function.
    pub(super) fn long_frame(self, at: f64, duration: f64, scripts: &[([f64; 3], [&str; 3])]) -> Self {
        let end = at + duration;
        let frame = [at, duration, duration - 50.0, end - 10.0, end - 5.0, 0.0];
        let numbers: Vec<f64> = scripts.iter().flat_map(|(numbers, _)| *numbers).collect();
        let texts: Vec<&str> = scripts.iter().flat_map(|(_, texts)| *texts).collect();
        self.tell(Kind::LongFrame, &frame, &[]).tell(Kind::Script, &numbers, &texts)
    }

    /// A soft navigation that the browser tells of, caused by this interaction and painted after so long: at once for
    /// most, and for INP when the events before it have been told.
    pub(super) fn soft_navigation(self, id: f64, interaction: f64, painted_after: f64, url: &str) -> Self {
        let (now, count) = (self.now, self.interactions);
        let row = |is_deferred: f64| [now, id, interaction, now + painted_after, is_deferred, count];
        self.tell(Kind::SoftNavigation, &row(0.0), &[url]).tell(Kind::SoftNavigation, &row(1.0), &[url])
    }

    pub(super) fn failure(self, message: &str) -> Self {
        let now = self.now;
        let texts = ["error", "", "", "", "TypeError", message, "at f (https://shop.example/app.js?v=1:2:3)"];
        self.tell(Kind::Failure, &[now, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], &texts)
    }

    pub(super) fn resource(self, url: &str) -> Self {
        let mut numbers = [0.0; 18];
        (numbers[0], numbers[1], numbers[17]) = (self.now, 12.5, 200.0);
        self.tell(Kind::Resource, &numbers, &[url, "img", "h3", "blocking"])
    }

    /// What the page was told last of its trace.
    pub(super) fn trace(&self) -> &str {
        let trace = |done: &'_ Done| matches!(done, Done::Trace(_));
        match self.done.iter().rfind(|done| trace(done)) {
            Some(Done::Trace(text)) => text,
            _ => "",
        }
    }

    /// The page calls `fetch`, which makes a new span of the trace that it knows.
    pub(super) fn fetch(mut self, url: &str) -> Self {
        self.spans += 1;
        let trace = self.trace().get(..32).unwrap_or_default();
        let parent = format!("00-{trace}-{:016x}-01", self.spans);
        self.open.push((self.now, url.to_owned(), parent));
        self
    }

    /// The request that was begun first ends so.
    pub(super) fn answered(mut self, status: f64, error: &str) -> Self {
        let (start, url, header) = self.open.remove(0);
        let now = self.now;
        self.tell(Kind::Request, &[start, now, status, 0.0], &[&url, "GET", error, &header, ""])
    }

    pub(super) fn route(self, kind: &str, url: &str) -> Self {
        let share = self.share;
        self.route_of_share(kind, url, share)
    }

    /// The same, where a rule of the site wants to hear of this share of sessions.
    pub(super) fn route_of_share(self, kind: &str, url: &str, share: f64) -> Self {
        let now = self.now;
        self.tell(Kind::Route, &[now, share], &[kind, url])
    }

    /// The route that was changed to so long ago is painted.
    pub(super) fn route_painted(self, ago: f64) -> Self {
        let now = self.now;
        self.tell(Kind::RoutePainted, &[now - ago, now], &[])
    }

    /// The page's visibility changes to hidden.
    pub(super) fn hide(self) -> Self {
        self.settled().hidden(0, 1.0)
    }

    /// The page goes, or has reason to think so (`pagehide`).
    pub(super) fn leave(self) -> Self {
        self.settled().hidden(0, 0.0)
    }

    /// What a meter is told of that, apart from its largest paint.
    pub(super) fn hidden(self, meter: u32, is_change: f64) -> Self {
        let numbers = [self.now, is_change, self.interactions];
        self.tell_for(meter, Kind::Hidden, &numbers, &[])
    }

    /// The page returns from the back/forward cache.
    pub(super) fn restore(self) -> Self {
        let numbers = [self.now, self.interactions];
        self.tell(Kind::Restored, &numbers, &[])
    }

    /// It is painted, and visible.
    pub(super) fn repaint(self) -> Self {
        let now = self.now;
        self.tell(Kind::Repainted, &[now, f64::INFINITY], &[])
    }

    /// The page's own code listens to a vital: the meter's number is this.
    pub(super) fn listen(self, meter: u32, flags: u32, threshold_ms: f64) -> Self {
        self.tell_for(meter, Kind::Listen, &[f64::from(flags), threshold_ms], &[])
    }

    pub(super) fn consent(self, consent: Consent) -> Self {
        self.consent_by(consent, "", "")
    }

    /// The same, told by this source, when this is remembered of a session.
    pub(super) fn consent_by(self, consent: Consent, source: &str, remembered: &str) -> Self {
        self.tell(Kind::Consent, &[f64::from(consent as u8)], &[source, remembered])
    }

    /// The user is there, when this is remembered of a session.
    pub(super) fn active(self, remembered: &str) -> Self {
        let now = self.now;
        self.tell(Kind::Active, &[now, TIME_ORIGIN + now], &[remembered])
    }
}
