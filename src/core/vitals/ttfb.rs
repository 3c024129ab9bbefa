//! Time to First Byte, with redirects and workers in it. Sources: W3C Navigation Timing; web.dev/articles/ttfb;
//! web-vitals 6.2, `onTTFB` with attribution.

use super::report::{LISTS, Metric, Navigation, Sink, Vital};
use std::rc::Rc;

pub(crate) struct Ttfb {
    metric: Metric,
}

impl Ttfb {
    pub(super) fn new(navigation: &Rc<Navigation>) -> Self {
        Self { metric: Metric::new(navigation, -1.0) }
    }

    /// The document's own, which is told when the load is over, so that all of its entry is known. Its five parts add up
    /// to it: waiting (redirects, the start of a worker), cache, lookup, connection, request.
    pub(super) fn known(&mut self, sink: &mut Sink<'_>) {
        let life = &sink.life;
        if !life.is_valid || !life.is_loaded {
            return;
        }
        let value = life.since_activation(life.response_start);
        self.metric.value = value;
        let [waited, looked_up, connecting, connected] = [life.waited, life.looked_up, life.connecting, life.connected].map(|at| life.since_activation(at));
        let parts = [waited, looked_up - waited, connecting - looked_up, connected - connecting, value - connected];
        self.report(f64::from(LISTS), &parts, sink);
    }

    /// A route, or a return from the back/forward cache: there is nothing to wait for. Where the document's own is not
    /// told, these are not either.
    pub(super) fn soft(&mut self, navigation: &Rc<Navigation>, sink: &mut Sink<'_>) {
        if self.metric.value < 0.0 {
            return;
        }
        self.metric = Metric::new(navigation, 0.0);
        self.report(-1.0, &[0.0; 5], sink);
    }

    /// The list stands for the document's own entry.
    fn report(&mut self, list: f64, parts: &[f64; 5], sink: &mut Sink<'_>) {
        if let Some(mut report) = self.metric.due(Vital::Ttfb, list, true, sink) {
            report.numbers.extend_from_slice(parts);
            sink.report(report);
        }
    }
}
