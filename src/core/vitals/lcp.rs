//! Largest Contentful Paint: the last candidate before the user acts or the page hides. Sources: W3C Largest Contentful
//! Paint; web.dev/articles/lcp; web-vitals 6.2, `onLCP` with attribution.

use super::flags::SOFT;
use super::report::{CANDIDATE, Metric, Navigation, Sink, Type, Vital};
use crate::observation::Texts;
use std::rc::Rc;

pub(crate) struct Lcp {
    metric: Metric,
    is_final: bool,
    /// Whether nobody listens to candidates any more, because the first was final and there are no soft navigations.
    is_deaf: bool,
    /// When this instance began: what happened before cannot end it.
    born: f64,
    /// Whether there is an entry behind the value; the paint after a return has none.
    has_entry: bool,
    /// Start of the request (or of the load, where the request's is not told) and end of the response of the resource
    /// that was painted.
    resource: Option<(f64, f64)>,
    target: Vec<u8>,
    url: Vec<u8>,
}

impl Lcp {
    pub(super) fn new(now: f64, navigation: &Rc<Navigation>) -> Self {
        Self {
            metric: Metric::new(navigation, -1.0),
            is_final: false,
            is_deaf: false,
            born: now,
            has_entry: false,
            resource: None,
            target: Vec::new(),
            url: Vec::new(),
        }
    }

    /// A candidate, of the document (no `interaction`: -1) or of an interaction that caused a soft navigation. It counts
    /// if it was rendered before the page was hidden for the first time.
    pub(super) fn paint(&mut self, (at, render): (f64, f64), interaction: f64, has_entry: bool, resource: &[f64], texts: &mut Texts<'_>, sink: &mut Sink<'_>) {
        let (target, url) = (texts.next(), texts.next());
        let navigation = &self.metric.navigation;
        let mut value = sink.life.since_activation(at);
        if interaction >= 0.0 {
            // What is painted by other interactions is not this navigation's; 0 is a browser that does not tell.
            let is_ours = navigation.kind == Type::Soft && (interaction == 0.0 || interaction == navigation.interaction());
            if !is_ours {
                return;
            }
            value = (render - at).max(0.0);
        }
        if self.is_deaf || render >= sink.life.first_hidden {
            return;
        }
        self.metric.value = value;
        self.has_entry = has_entry;
        (self.target, self.url) = (target.into(), url.into());
        self.resource(resource);
        sink.drop(CANDIDATE);
        if has_entry {
            sink.keep(CANDIDATE);
        }
        self.report(false, sink);
    }

    /// What the page knows by now of the resource that was painted.
    pub(super) fn resource(&mut self, row: &[f64]) {
        if let [start, end] = row {
            self.resource = (*start >= 0.0).then_some((*start, *end));
        }
    }

    /// The user acted, or the page was hidden, at this time.
    pub(super) fn settle(&mut self, since: f64, sink: &mut Sink<'_>) {
        if !self.is_final && since >= self.born {
            self.is_final = true;
            self.is_deaf = !sink.is(SOFT);
            self.report(true, sink);
        }
    }

    pub(super) fn soft(&mut self, now: f64, navigation: &Rc<Navigation>, sink: &mut Sink<'_>) {
        if !self.is_final {
            self.report(true, sink);
        }
        *self = Self::new(now, navigation);
    }

    pub(super) fn restore(&mut self, now: f64, navigation: &Rc<Navigation>) {
        let is_deaf = self.is_deaf;
        *self = Self::new(now, navigation);
        self.is_deaf = is_deaf;
    }

    /// The page has been painted after its return, so long after it.
    pub(super) fn repainted(&mut self, value: f64, sink: &mut Sink<'_>) {
        self.metric.value = value;
        self.is_final = true;
        self.report(true, sink);
    }

    /// Four parts that add up to the value: time to first byte, delay of the resource's load, its duration, delay of the
    /// rendering. Source: web.dev/articles/optimize-lcp.
    fn report(&mut self, is_forced: bool, sink: &mut Sink<'_>) {
        let value = self.metric.value;
        let list = if self.has_entry { f64::from(CANDIDATE) } else { -1.0 };
        let Some(mut report) = self.metric.due(Vital::Lcp, list, is_forced, sink) else { return };
        let is_soft = self.metric.navigation.kind == Type::Soft;
        let mut parts = [0.0, 0.0, 0.0, value];
        if self.has_entry && (sink.life.is_valid || is_soft) {
            let (start, response) = if is_soft { (self.metric.navigation.start, 0.0) } else { (sink.life.activation, sink.life.response_start) };
            let first_byte = (response - start).max(0.0);
            let (request, loaded) = self.resource.map_or((0.0, 0.0), |(request, loaded)| (request - start, loaded - start));
            let request = request.max(first_byte);
            // A video is still loading when its first frame is painted.
            let loaded = loaded.max(request).min(value);
            parts = [first_byte, request - first_byte, loaded - request, value - loaded];
        }
        report.numbers.extend_from_slice(&parts);
        if self.has_entry {
            report.text(&self.target);
            report.text(&self.url);
        }
        sink.report(report);
    }
}
