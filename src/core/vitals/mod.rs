//! The web vitals of one page view: their values, when they are due, and their records.

mod cls;
mod inp;
mod lcp;

use crate::draft::Draft;
use crate::page::View;
use crate::time::PageTime;
pub(crate) use cls::Cls;
pub(crate) use inp::Inp;
pub(crate) use lcp::Lcp;
use vitrum_wire::Key;

/// A vital's name, and its thresholds: good up to the first, poor above the second.
/// Source: web.dev, "How the Core Web Vitals metrics thresholds were defined", and web-vitals' `*Thresholds`.
const VITALS: [(&[u8], f64, f64); 5] = [
    (b"lcp", 2500.0, 4000.0),
    (b"inp", 200.0, 500.0),
    (b"cls", 0.1, 0.25),
    (b"fcp", 1800.0, 3000.0),
    (b"ttfb", 800.0, 1800.0),
];

/// A value that is not known; unlike any other it does not equal itself.
const UNKNOWN: f64 = f64::NAN;

/// The vitals of one page view.
pub(crate) struct Vitals {
    /// The view they belong to: the document's, whatever route the user is on when they are known.
    pub(crate) view: View,
    /// Random, the first part of their identifiers; not the view's, which consent may forbid to tell.
    id: Vec<u8>,
    navigation_type: &'static [u8],
    /// Nothing painted after this time counts.
    first_hidden: PageTime,
    activation: f64,
    measures_shifts: bool,
    fcp: f64,
    ttfb: f64,
    pub(crate) lcp: Lcp,
    pub(crate) cls: Cls,
    pub(crate) inp: Inp,
    reported: [f64; 5],
}

/// A value that is to be reported.
pub(crate) struct Report {
    vital: &'static (&'static [u8], f64, f64),
    value: f64,
    delta: f64,
}

impl Vitals {
    pub(crate) fn new(view: View, id: Vec<u8>, first_hidden: PageTime, measures_shifts: bool) -> Self {
        Self {
            view,
            id,
            navigation_type: b"navigate",
            first_hidden,
            activation: 0.0,
            measures_shifts,
            fcp: UNKNOWN,
            ttfb: UNKNOWN,
            lcp: Lcp::new(),
            cls: Cls::new(),
            inp: const { Inp::new() },
            reported: [UNKNOWN; 5],
        }
    }

    /// The page came back from the back/forward cache as a new view: shifts and interactions begin anew. Its paints
    /// are not measured.
    pub(crate) fn restore(&mut self, view: View, id: Vec<u8>) {
        (self.view, self.id) = (view, id);
        self.navigation_type = b"back-forward-cache";
        self.lcp = Lcp::new();
        self.cls = Cls::new();
        self.inp = const { Inp::new() };
        // FCP and TTFB count as reported: they were the first view's.
        self.reported = [UNKNOWN, UNKNOWN, UNKNOWN, self.fcp, self.ttfb];
    }

    /// Takes TTFB (start of the response), the kind of navigation and the activation of a prerendered page.
    pub(crate) fn navigation(&mut self, kind: &[u8], response_start: f64, activation: f64, was_discarded: bool) {
        self.activation = activation;
        self.navigation_type = match kind {
            _ if was_discarded => b"restore",
            b"reload" => b"reload",
            b"back_forward" => b"back-forward",
            _ if activation > 0.0 => b"prerender",
            _ => b"navigate",
        };
        if response_start > 0.0 {
            self.ttfb = self.since_activation(response_start);
        }
    }

    pub(crate) fn first_paint(&mut self, at: f64) {
        if at < self.first_hidden.0 {
            self.fcp = self.since_activation(at);
        }
    }

    pub(crate) fn largest_paint(&mut self, at: f64) {
        if at < self.first_hidden.0 {
            self.lcp.candidate(self.since_activation(at));
        }
    }

    pub(crate) fn hidden(&mut self, at: f64) {
        self.lcp.finish();
        self.first_hidden.0 = self.first_hidden.0.min(at);
    }

    /// The next value that is known and not yet reported so. CLS and INP are known when the page hides.
    pub(crate) fn next_report(&mut self, hiding: bool) -> Option<Report> {
        let mut values = [self.lcp.value(), UNKNOWN, UNKNOWN, self.fcp, self.ttfb];
        if hiding {
            // As in web-vitals: a page that never painted has no layout to hold still.
            let cls = if self.measures_shifts && self.fcp >= 0.0 { self.cls.value() } else { UNKNOWN };
            values = [self.lcp.value(), self.inp.value(), cls, self.fcp, self.ttfb];
        }
        for ((vital, value), reported) in VITALS.iter().zip(values).zip(&mut self.reported) {
            let before = *reported;
            if value >= 0.0 && value != before {
                *reported = value;
                return Some(Report { vital, value, delta: if before >= 0.0 { value - before } else { value } });
            }
        }
        None
    }

    /// Source: OpenTelemetry semantic conventions, event `browser.web_vital`.
    pub(crate) fn describe(&self, draft: &mut Draft, report: &Report) {
        let (name, good, poor) = report.vital;
        let mut id = self.id.clone();
        id.push(b'.');
        id.extend_from_slice(name);
        let rating: &[u8] = match report.value {
            value if value <= *good => b"good",
            value if value <= *poor => b"needs-improvement",
            _ => b"poor",
        };
        draft.text(Key::VitalName, name);
        draft.number(Key::VitalValue, report.value);
        draft.number(Key::VitalDelta, report.delta);
        draft.text(Key::VitalId, &id);
        draft.text(Key::VitalRating, rating);
        draft.text(Key::VitalNavigationType, self.navigation_type);
    }

    fn since_activation(&self, at: f64) -> f64 {
        (at - self.activation).max(0.0)
    }
}
