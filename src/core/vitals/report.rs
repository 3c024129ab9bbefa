//! How a value becomes a report: what it belongs to, when it is due, and what is told with it.

use super::flags::{ALL_CHANGES, ENTRIES};
use super::Life;
use crate::page::View;
use std::rc::Rc;

/// The vitals, by the number of their bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Vital {
    Lcp,
    Inp,
    Cls,
    Fcp,
    Ttfb,
}

impl Vital {
    /// Name as it travels, and the thresholds: good up to the first, poor above the second. Source: web.dev, "How the
    /// Core Web Vitals metrics thresholds were defined", and web-vitals' `*Thresholds`.
    pub(crate) fn terms(self) -> (&'static [u8], f64, f64) {
        match self {
            Self::Lcp => (b"lcp", 2500.0, 4000.0),
            Self::Inp => (b"inp", 200.0, 500.0),
            Self::Cls => (b"cls", 0.1, 0.25),
            Self::Fcp => (b"fcp", 1800.0, 3000.0),
            Self::Ttfb => (b"ttfb", 800.0, 1800.0),
        }
    }
}

/// What kind of navigation a value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// The document's load, of whichever kind that was.
    Hard,
    /// A return from the back/forward cache.
    Restored,
    /// A soft navigation that the browser told of.
    Soft,
    /// A change of the route, taken for one.
    Route,
}

/// A navigation, and so an instance of each metric.
pub(crate) struct Navigation {
    /// Tells apart the instances of a metric; 0 is the document's.
    pub(super) number: f64,
    pub(crate) kind: Type,
    /// The browser's `navigationId`, 0 without.
    id: f64,
    /// `interactionId` of what caused it.
    interaction: f64,
    pub(crate) start: f64,
    url: Vec<u8>,
    /// The view it belongs to: the one it opened, whatever route the user is on when its values are known.
    pub(crate) view: Rc<View>,
}

impl Navigation {
    pub(super) fn new(kind: Type, id: f64, start: f64, url: &[u8], view: &Rc<View>) -> Rc<Self> {
        Self::of(kind, (id, f64::NAN), start, url, view)
    }

    pub(super) fn soft(start: f64, id: f64, interaction: f64, url: &[u8], view: &Rc<View>) -> Rc<Self> {
        Self::of(Type::Soft, (id, interaction), start, url, view)
    }

    /// The page came back, on the route on which it was left.
    pub(super) fn restored(&self, start: f64, life: &Life, view: &Rc<View>) -> Rc<Self> {
        Self::of(Type::Restored, (self.id(life), self.interaction), start, &self.url, view)
    }

    #[inline(never)]
    fn of(kind: Type, (id, interaction): (f64, f64), start: f64, url: &[u8], view: &Rc<View>) -> Rc<Self> {
        Rc::new(Self { number: start, kind, id, interaction, start, url: url.into(), view: view.clone() })
    }

    pub(super) fn interaction(&self) -> f64 {
        self.interaction
    }

    /// The document's own entry may come after its first vitals.
    fn id(&self, life: &Life) -> f64 {
        if self.kind == Type::Hard { life.navigation_id } else { self.id }
    }
}

/// A value that is to be told.
pub(crate) struct Report {
    pub(crate) meter: u32,
    pub(crate) vital: Vital,
    pub(crate) navigation: Rc<Navigation>,
    /// Vital, number of the navigation, rating (0 good, 1 needs improvement, 2 poor), `navigationId`,
    /// `navigationInteractionId` (NaN if none), `navigationStartTime`, value, delta, list of entries (negative if none);
    /// then the attribution of the vital.
    pub(crate) numbers: Vec<f64>,
    /// Type and URL of the navigation, then the texts of the attribution; divided by U+0000.
    pub(crate) text: Vec<u8>,
}

/// So many numbers of a report are the same for all vitals.
pub(crate) const COMMON: usize = 9;

impl Report {
    pub(super) fn text(&mut self, text: &[u8]) {
        self.text.push(0);
        self.text.extend_from_slice(text);
    }
}

/// What is to become of entries that the page has in its hands: number `index` of the packet joins a list, or the list
/// is let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) meter: u32,
    pub(crate) index: Option<u32>,
    pub(crate) list: u32,
}

/// What the page is to be told, in order.
pub(crate) enum Told {
    Hold(Hold),
    Report(Report),
}

/// The list of the candidate for the largest paint, which the page always keeps: it is asked for its resource later.
pub(super) const CANDIDATE: u32 = 0;
/// The first number that is free for other lists.
pub(super) const LISTS: u32 = 1;

/// Where a vital tells what it has to say.
pub(crate) struct Sink<'a> {
    pub(super) life: &'a mut Life,
    /// Reports of our own.
    pub(super) own: &'a mut Vec<Report>,
    pub(super) told: &'a mut Vec<Told>,
    pub(super) flags: u32,
    pub(super) meter: u32,
    /// Number of the row in its packet, which stands for its entry.
    pub(super) index: u32,
}

impl Sink<'_> {
    pub(super) fn is(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn report(&mut self, report: Report) {
        if report.meter == 0 {
            self.own.push(report);
        } else {
            self.told.push(Told::Report(report));
        }
    }

    fn hold(&mut self, hold: Hold) {
        self.told.push(Told::Hold(hold));
    }

    /// Has the page keep the entry of this row, if anyone wants to see it.
    pub(super) fn keep(&mut self, list: u32) {
        if self.is(ENTRIES) || list == CANDIDATE {
            self.hold(Hold { meter: self.meter, index: Some(self.index), list });
        }
    }

    pub(super) fn drop(&mut self, list: u32) {
        if self.is(ENTRIES) || list == CANDIDATE {
            self.hold(Hold { meter: self.meter, index: None, list });
        }
    }
}

/// A metric: a value, and what was told of it. Source: web-vitals, `bindReporter`.
pub(crate) struct Metric {
    pub(super) navigation: Rc<Navigation>,
    /// Negative while it is not known.
    pub(super) value: f64,
    /// The value that was told last; NaN before.
    reported: f64,
}

impl Metric {
    pub(super) fn new(navigation: &Rc<Navigation>, value: f64) -> Self {
        Self { navigation: Rc::clone(navigation), value, reported: f64::NAN }
    }

    /// The report of this value, if it is one that has not been told, and `is_forced` or all changes are wanted.
    pub(super) fn due(&mut self, vital: Vital, list: f64, is_forced: bool, sink: &Sink<'_>) -> Option<Report> {
        let delta = if self.reported.is_nan() { self.value } else { self.value - self.reported };
        let is_new = self.reported.is_nan() || delta != 0.0;
        if !(self.value >= 0.0 && is_new && (is_forced || sink.is(ALL_CHANGES))) {
            return None;
        }
        self.reported = self.value;
        let navigation = &self.navigation;
        let (_, good, poor) = vital.terms();
        let rating = f64::from(u8::from(self.value > good) + u8::from(self.value > poor));
        let (id, start) = (navigation.id(sink.life), navigation.start);
        let kind: &[u8] = match navigation.kind {
            Type::Hard => &sink.life.kind,
            Type::Restored => b"back-forward-cache",
            Type::Soft | Type::Route => b"soft-navigation",
        };
        let mut report = Report {
            meter: sink.meter,
            vital,
            navigation: Rc::clone(navigation),
            numbers: vec![f64::from(vital as u8), navigation.number, rating, id, navigation.interaction, start, self.value, delta, list],
            text: kind.into(),
        };
        report.text(if navigation.url.is_empty() { &sink.life.url } else { &navigation.url });
        Some(report)
    }
}
