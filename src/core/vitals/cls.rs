//! Cumulative Layout Shift: the worst session window. Sources: web.dev/articles/cls; web.dev, "Evolving the CLS metric";
//! web-vitals 6.2, `onCLS` with attribution.

use super::report::{LISTS, Metric, Navigation, Sink, Vital};
use std::rc::Rc;

/// A window ends when no shift came for so long,
const GAP_MS: f64 = 1000.0;
/// or when it has lasted so long.
const CAP_MS: f64 = 5000.0;

/// Shifts that count together.
#[derive(Clone)]
struct Window {
    value: f64,
    /// The list of its entries, and how many there are.
    list: u32,
    entries: u32,
    largest: Largest,
}

impl Window {
    fn new(list: u32) -> Self {
        Self { value: 0.0, list, entries: 0, largest: Largest { index: 0, at: 0.0, value: -1.0, target: Vec::new() } }
    }
}

/// The largest shift of a window.
#[derive(Clone)]
struct Largest {
    index: u32,
    at: f64,
    value: f64,
    /// The element that was shifted, empty if the browser did not tell.
    target: Vec<u8>,
}

pub(crate) struct Cls {
    metric: Metric,
    /// Whether it is measured and the page has painted: one that never did has no layout to hold still.
    pub(super) is_started: bool,
    window: Window,
    started: f64,
    last: f64,
    /// The worst window, as it was when it became the worst.
    worst: Window,
}

impl Cls {
    pub(super) fn new(navigation: &Rc<Navigation>) -> Self {
        let window = Window::new(LISTS);
        Self {
            metric: Metric::new(navigation, 0.0),
            is_started: false,
            worst: window.clone(),
            window,
            started: 0.0,
            last: 0.0,
        }
    }

    /// A shift that no input excuses.
    pub(super) fn shift(&mut self, at: f64, value: f64, target: &[u8], sink: &mut Sink<'_>) {
        let window = &mut self.window;
        // Of a value of 0 web-vitals keeps no window open, nor is one begun by a new navigation.
        if window.value == 0.0 || at - self.last >= GAP_MS || at - self.started >= CAP_MS {
            let list = window.list;
            if list != self.worst.list {
                sink.drop(list);
            }
            *window = Window::new(list + 1);
            self.started = at;
        }
        window.value += value;
        self.last = at;
        if value >= window.largest.value {
            window.largest = Largest { index: window.entries, at, value, target: target.into() };
        }
        window.entries += 1;
        sink.keep(window.list);
    }

    /// Takes over the window if it is the worst so far, and reports that if all changes are wanted.
    pub(super) fn changed(&mut self, sink: &mut Sink<'_>) {
        self.update(false, sink);
    }

    pub(super) fn hidden(&mut self, sink: &mut Sink<'_>) {
        self.update(true, sink);
    }

    pub(super) fn soft(&mut self, navigation: &Rc<Navigation>, sink: &mut Sink<'_>) {
        self.update(true, sink);
        self.restore(navigation);
    }

    /// The page has painted at last, after a return: web-vitals begins only now.
    pub(super) fn start(&mut self, navigation: &Rc<Navigation>, sink: &mut Sink<'_>) {
        self.is_started = true;
        self.metric = Metric::new(navigation, 0.0);
        self.changed(sink);
    }

    /// Counts anew; the next shift opens a window.
    pub(super) fn restore(&mut self, navigation: &Rc<Navigation>) {
        self.metric = Metric::new(navigation, 0.0);
        self.window.value = 0.0;
    }

    fn update(&mut self, is_forced: bool, sink: &mut Sink<'_>) {
        if self.window.value > self.metric.value {
            self.metric.value = self.window.value;
            if self.worst.list != self.window.list {
                sink.drop(self.worst.list);
            }
            self.worst = self.window.clone();
        }
        if !self.is_started {
            return;
        }
        let has_entries = self.metric.value > 0.0;
        let list = if has_entries { f64::from(self.worst.list) } else { -1.0 };
        let Some(mut report) = self.metric.due(Vital::Cls, list, is_forced, sink) else { return };
        let Largest { index, at, value, target } = &self.worst.largest;
        if has_entries {
            report.numbers.extend_from_slice(&[*at, *value, sink.life.load_state(*at), f64::from(*index)]);
            report.text(target);
        }
        sink.report(report);
    }
}
