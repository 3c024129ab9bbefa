//! First Contentful Paint. Sources: W3C Paint Timing; web.dev/articles/fcp; web-vitals 6.2, `onFCP` with attribution.

use super::report::{LISTS, Metric, Navigation, Sink, Type, Vital};
use std::rc::Rc;

pub(crate) struct Fcp {
    metric: Metric,
    /// The document's own first paint comes once.
    is_known: bool,
    at: f64,
}

impl Fcp {
    pub(super) fn new(navigation: &Rc<Navigation>) -> Self {
        Self { metric: Metric::new(navigation, -1.0), is_known: false, at: 0.0 }
    }

    /// The first paint. Whether it counts: not if the page was hidden before.
    pub(super) fn paint(&mut self, at: f64, is_on: bool, sink: &mut Sink<'_>) -> bool {
        if core::mem::replace(&mut self.is_known, true) || at >= sink.life.first_hidden {
            return false;
        }
        (self.metric.value, self.at) = (sink.life.since_activation(at), at);
        if is_on {
            sink.keep(LISTS);
            self.report(f64::from(LISTS), sink);
            sink.drop(LISTS);
        }
        true
    }

    /// The page has been painted after its return, so long after it.
    pub(super) fn repainted(&mut self, value: f64, is_on: bool, sink: &mut Sink<'_>) {
        self.metric.value = value;
        if is_on {
            self.report(-1.0, sink);
        }
    }

    pub(super) fn soft(&mut self, navigation: &Rc<Navigation>, value: f64, sink: &mut Sink<'_>) {
        self.metric = Metric::new(navigation, value.max(0.0));
        self.report(-1.0, sink);
    }

    pub(super) fn restore(&mut self, navigation: &Rc<Navigation>) {
        self.metric = Metric::new(navigation, -1.0);
    }

    /// With its two parts, and how far the document was loaded.
    fn report(&mut self, list: f64, sink: &mut Sink<'_>) {
        let value = self.metric.value;
        let Some(mut report) = self.metric.due(Vital::Fcp, list, true, sink) else { return };
        let life = &sink.life;
        let (first_byte, state) = match self.metric.navigation.kind {
            Type::Soft | Type::Route => (0.0, 3.0),
            _ if life.is_valid && list >= 0.0 => (life.since_activation(life.response_start), life.load_state(self.at)),
            _ => (0.0, life.load_state(life.restored_at)),
        };
        report.numbers.extend_from_slice(&[first_byte, value - first_byte, state]);
        sink.report(report);
    }
}
