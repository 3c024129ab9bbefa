//! The spans of a view: itself, what the user did in it, and the requests that followed.

use super::Agent;
use crate::actions::{Action, Actions};
use crate::consent::Consent;
use crate::network::{Entry, Request, Requests};
use crate::observation::Texts;
use crate::page::View;
use crate::scrub::cut;
use crate::template::template;
use crate::time::PageTime;
use crate::url::path;
use vitrum_wire::limits::VALUE_BYTES;
use vitrum_wire::{Key, Policy, SpanContext, SpanKind};

/// What the spans of a page are made of.
#[derive(Default)]
pub(crate) struct Traces {
    pub(super) requests: Requests,
    pub(super) actions: Actions,
    /// Trace and root of the view before: requests may outlive their route.
    before: Vec<u8>,
    before_root: Vec<u8>,
    /// When the view began, and what it is; nothing once it has been told.
    start: f64,
    name: &'static [u8],
    /// The action that led to it.
    cause: Option<(Vec<u8>, Vec<u8>)>,
    /// What the page has been told of its trace.
    told: Option<Vec<u8>>,
}

impl Traces {
    pub(super) fn told(&self) -> &[u8] {
        self.told.as_deref().unwrap_or_default()
    }
}

impl Agent {
    /// Begins the spans of a view. `before` is the one that it follows, if one does.
    pub(super) fn begin_trace(&mut self, start: f64, name: &'static [u8], before: Option<&View>) {
        let Self { traces, .. } = self;
        traces.cause = None;
        if let Some(before) = before {
            let action = traces.actions.follow(&before.trace_id, start, start);
            traces.cause = action.map(|action| (before.trace_id.clone(), action.span.clone()));
            (traces.before, traces.before_root) = (before.trace_id.clone(), before.root.clone());
        }
        (traces.start, traces.name) = (start, name);
    }

    /// What the page is to know of the trace, if that has changed: also a session that is not sampled says so in its
    /// headers, so that the back end does not draw again.
    pub(super) fn next_trace(&mut self) -> bool {
        let Self { outbox, view, traces, .. } = self;
        let is_granted = outbox.consent == Consent::Granted;
        let mut text = Vec::new();
        // A header is something that leaves: only where records with identifiers may.
        if is_granted || outbox.consent == Consent::Pending && outbox.lot.rate > 0.0 {
            text = view.trace();
            text.extend_from_slice(if !is_granted { b"" } else if outbox.lot.is_sampled { b"01" } else { b"00" });
        }
        let is_news = traces.told.as_ref() != Some(&text);
        traces.told = Some(text);
        is_news
    }

    /// Tells the view itself, once: when it has loaded or is painted, or else at its end.
    pub(super) fn tell_root(&mut self, now: PageTime, end: f64) {
        let Self { traces, view, outbox, .. } = self;
        let View { trace_id, root, parent, template, .. } = &**view;
        let context = SpanContext { trace_id, span_id: root, parent_id: parent };
        let name = core::mem::take(&mut traces.name);
        if name.is_empty() {
            return;
        }
        let name = [name, template].concat();
        if let Some(draft) = outbox.span(SpanKind::Internal, context, cut(&name, VALUE_BYTES), (traces.start, end), false, view) {
            if let Some((trace_id, span_id)) = &traces.cause {
                draft.record.link(trace_id, span_id);
            }
            outbox.take(now);
        }
    }

    /// Takes in a request that has ended.
    pub(super) fn request(&mut self, now: PageTime, row: [f64; 4], texts: &mut Texts<'_>) {
        let mut request = Request::new(row, texts, &self.view);
        if !self.outbox.wants(None) {
            return;
        }
        self.request_crumb(&request);
        let Self { traces, view, .. } = self;
        let (trace_id, _) = request.context();
        request.parent = match traces.actions.follow(&trace_id, request.start, request.end) {
            Some(action) => action.span.clone(),
            None if trace_id == view.trace_id => view.root.clone(),
            // One that outlives its route keeps its trace.
            None if trace_id == traces.before => traces.before_root.clone(),
            None => Vec::new(),
        };
        if let Some(oldest) = traces.requests.wait(request) {
            self.tell_request(now, &oldest, None);
        }
    }

    /// Takes in what the user did.
    pub(super) fn act(&mut self, now: PageTime, at: f64, texts: &[u8]) {
        let mut parts = Texts(texts);
        self.crumb(at, b"action", &[(Policy::Plain, parts.next()), (Policy::Selector, parts.next())]);
        if let Some(action) = self.traces.actions.begin(at, texts, &self.view, &mut self.ids) {
            self.tell_action(now, &action);
        }
    }

    /// Tells what has waited long enough, and at the end of a page what waits.
    pub(super) fn tell_overdue(&mut self, now: PageTime, is_last: bool) {
        while let Some(request) = self.traces.requests.overdue(now, is_last) {
            self.tell_request(now, &request, None);
        }
        while let Some(action) = self.traces.actions.over(now.0, is_last) {
            self.tell_action(now, &action);
        }
    }

    /// Tells a request, with its entry if there is one, if the terms allow it.
    pub(super) fn tell_request(&mut self, now: PageTime, request: &Request, entry: Option<Entry<'_>>) -> bool {
        let (mut trace_id, mut span_id) = request.context();
        if span_id.is_empty() {
            (trace_id, span_id) = (request.view.trace_id.clone(), self.ids.draw(8));
        }
        let end = request.end_with(entry.as_ref());
        let failed = request.has_failed(request.status_with(entry.as_ref()));
        let (answer, answerer) = request.answer(entry.as_ref());
        let mut pattern = Vec::new();
        template(&mut pattern, path(&self.outbox.ruled(request.place())), &self.rules);
        let Self { traces, outbox, .. } = self;
        traces.actions.follow(&trace_id, request.start, end);
        let context = SpanContext { trace_id: &trace_id, span_id: &span_id, parent_id: &request.parent };
        let name = [request.method().0, b" ", &pattern].concat();
        if let Some(draft) = outbox.span(SpanKind::Client, context, cut(&name, VALUE_BYTES), (request.start, end), failed, &request.view) {
            request.describe(draft, entry);
            if !answerer.is_empty() {
                draft.record.link(&answer, &answerer);
            }
            outbox.take(now);
            return true;
        }
        false
    }

    fn tell_action(&mut self, now: PageTime, action: &Action) {
        let View { trace_id, root, .. } = &*action.view;
        let context = SpanContext { trace_id, span_id: &action.span, parent_id: root };
        let mut texts = Texts(&action.texts);
        let kind = texts.next();
        if let Some(draft) = self.outbox.span(SpanKind::Internal, context, cut(kind, VALUE_BYTES), (action.start, action.end), false, &action.view) {
            draft.text(Key::ActionType, kind);
            draft.text(Key::CssSelector, texts.next());
            self.outbox.take(now);
        }
    }
}
