//! What the agent makes of each row that is its own: records, routes, requests, consent.

use super::Agent;
use crate::consent::Consent;
use crate::draft::Draft;
use crate::health::Loss;
use crate::limits::{ERROR_NAME_BYTES, METHOD_BYTES, REPEATS, RESOURCES};
use crate::network::{self, may_propagate, traceparent};
use crate::observation::{Kind, Texts};
use crate::page::{View, navigation};
use crate::scrub::cut;
use crate::time::PageTime;
use crate::url::{before, path};
use crate::{errors, resources};
use vitrum_wire::{Key, Name};

/// What a task takes beyond this blocks the user. Source: web.dev/articles/tbt.
const BLOCKING_MS: f64 = 50.0;

impl Agent {
    /// Takes in one row of our own. The patterns have the numbers in the order that [`Kind`] says.
    pub(super) fn take(&mut self, now: PageTime, kind: Kind, row: &[f64], texts: &mut Texts<'_>) {
        let [at, rest @ ..] = row else { return };
        let at = *at;
        match (kind, rest) {
            (Kind::Navigation, _) if !self.is_navigation_told && self.vitals.life.is_loaded => {
                self.is_navigation_told = true;
                let phases = row.get(..26).unwrap_or_default();
                if let Some(draft) = self.outbox.log(0.0, Name::NavigationTiming, &self.view) {
                    resources::timing(draft, phases, Key::NavigationType, texts);
                    self.outbox.take(now);
                }
            }
            (Kind::Resource, phases) => self.resource(now, at, phases, texts),
            (Kind::LongTask, [duration]) => {
                self.blocked += (duration - BLOCKING_MS).max(0.0);
                let name = texts.next();
                if let Some(draft) = self.long(*duration, at, Name::LongTask) {
                    resources::long_task(draft, *duration, name);
                    self.outbox.take(now);
                }
            }
            (Kind::LongFrame, [duration, ..]) => {
                if let Some(draft) = self.long(*duration, at, Name::LongAnimationFrame) {
                    resources::long_frame(draft, row);
                    self.outbox.take(now);
                }
            }
            (Kind::Failure, _) => {
                if let Some(draft) = self.bounded(Bound::Failures, at, Name::Exception) {
                    errors::describe(draft, texts);
                    self.outbox.take(now);
                }
            }
            (Kind::RequestStarted, _) => {
                // A header is something that leaves: only where records with identifiers may.
                let is_allowed = self.outbox.is_collecting() && self.outbox.consent == Consent::Granted;
                if is_allowed && may_propagate(texts.next(), &self.url, &self.propagate_to) {
                    self.header = traceparent(&self.view.trace_id, &self.ids.next_id());
                }
            }
            (Kind::RequestEnded, [end, status]) => self.request(now, (at, *end), *status, texts),
            (Kind::Route, _) => self.route(now, at, texts),
            (Kind::RoutePainted, [painted]) if at == self.route_at => {
                if let Some(draft) = self.outbox.log(at, Name::RouteTransition, &self.view) {
                    draft.number(Key::RouteDuration, *painted - at);
                    draft.flag(Key::Heuristic, true);
                    self.outbox.take(now);
                }
            }
            (Kind::Hidden, _) => {
                self.is_hiding = true;
                self.tell_blocked(now);
            }
            (Kind::Restored, _) => self.navigation(now, now.0, b""),
            (Kind::Consent, _) => self.consent(Consent::from_number(at)),
            (Kind::Woke, _) => self.woken_at = PageTime::NEVER,
            (Kind::Delivered, [status]) => self.outbox.delivered(now, at, *status),
            (Kind::Lost, [times]) => self.outbox.health.count(at as usize, *times),
            _ => {}
        }
    }

    /// Begins a record of which each view has only so many.
    fn bounded(&mut self, bound: Bound, at: f64, name: Name) -> Option<&mut Draft> {
        let (count, most) = match bound {
            Bound::Resources => (&mut self.resources, RESOURCES),
            Bound::LongTasks => (&mut self.long_tasks, REPEATS),
            Bound::Failures => (&mut self.failures, REPEATS),
            Bound::Routes => (&mut self.routes, REPEATS),
        };
        if !self.outbox.wants(Some(name)) {
            return None;
        }
        *count += 1;
        if *count > most {
            self.outbox.health.count(Loss::Record as usize, 1.0);
            return None;
        }
        self.outbox.log(at, name, &self.view)
    }

    /// Begins the record of a long task or frame: of the first of a view, and of each that is longer than all before.
    fn long(&mut self, duration: f64, at: f64, name: Name) -> Option<&mut Draft> {
        let is_longest = duration > self.longest_task;
        self.longest_task = self.longest_task.max(duration);
        if is_longest && self.long_tasks >= REPEATS {
            return self.outbox.log(at, name, &self.view);
        }
        self.bounded(Bound::LongTasks, at, name)
    }

    /// Tells how long the main thread of this view was blocked: of each long task what is over 50 ms. The latest counts.
    fn tell_blocked(&mut self, now: PageTime) {
        let blocked = self.blocked;
        if core::mem::replace(&mut self.told_blocked, blocked) < blocked
            && let Some(draft) = self.outbox.log(now.0, Name::Blocking, &self.view)
        {
            draft.phases(Key::BlockingDuration, &[blocked]);
            self.outbox.take(now);
        }
    }

    pub(super) fn listen(&mut self, now: PageTime, meter: u32, flags: f64, threshold_ms: f64) {
        if self.vitals.listen(now.0, flags as u32, &self.view) {
            self.listener = Some((meter, threshold_ms));
        } else {
            self.outbox.health.count(Loss::Option as usize, 1.0);
        }
    }

    /// Our own requests are not the page's, and a page with thousands of resources is told by its first.
    fn resource(&mut self, now: PageTime, at: f64, phases: &[f64], texts: &mut Texts<'_>) {
        let is_own = Texts(texts.0).next().strip_prefix(self.endpoint.as_slice()) == Some(b"/v1/beacon");
        if !is_own
            && let Some(draft) = self.bounded(Bound::Resources, at, Name::ResourceTiming)
        {
            resources::timing(draft, phases, Key::InitiatorType, texts);
            return self.outbox.take(now);
        }
        for _ in 0..4 {
            texts.next();
        }
    }

    fn request(&mut self, now: PageTime, times: (f64, f64), status: f64, texts: &mut Texts<'_>) {
        let (url, method) = (texts.next(), cut(texts.next(), METHOD_BYTES));
        let (error, header) = (cut(texts.next(), ERROR_NAME_BYTES), texts.next());
        let (mut trace_id, mut span_id) = network::read_traceparent(header);
        if span_id.is_empty() {
            (trace_id, span_id) = (self.view.trace_id.clone(), self.ids.draw(8));
        }
        let failed = network::has_failed(status, error);
        if let Some(draft) = self.outbox.span((&trace_id, &span_id), method, times, failed, &self.view) {
            network::describe(draft, url, method, status, error);
            self.outbox.take(now);
        }
    }

    /// A new path is a new view; a new query or fragment is the same view still.
    fn route(&mut self, now: PageTime, at: f64, texts: &mut Texts<'_>) {
        let (kind, url) = (texts.next(), texts.next());
        if url == self.url {
            return;
        }
        let is_hash_change = before(url, b"#") == before(&self.url, b"#");
        self.url = url.into();
        if path(url) != self.view.path {
            self.open_view(now);
            if self.vitals.route(at, url, &self.view) {
                self.route_at = at;
            }
        }
        // A page may rewrite its query or fragment with every scroll.
        if let Some(draft) = self.bounded(Bound::Routes, at, Name::Navigation) {
            navigation(draft, url, b"", kind, is_hash_change);
            self.outbox.take(now);
        }
    }

    /// A new view, with bounds of its own.
    pub(super) fn open_view(&mut self, now: PageTime) {
        self.tell_blocked(now);
        (self.longest_task, self.blocked, self.told_blocked) = (0.0, 0.0, 0.0);
        self.view = View::new(&self.url, &mut self.ids);
        (self.resources, self.long_tasks, self.failures, self.routes) = (0, 0, 0, 0);
    }

    pub(super) fn navigation(&mut self, now: PageTime, at: f64, referrer: &[u8]) {
        if let Some(draft) = self.outbox.log(at, Name::Navigation, &self.view) {
            navigation(draft, &self.url, referrer, b"", false);
            self.outbox.take(now);
        }
    }

    fn consent(&mut self, consent: Consent) {
        self.outbox.consent = consent;
        self.is_remembering = true;
        // What was gathered on other terms may say more than these allow.
        if matches!(consent, Consent::Denied | Consent::Minimal) {
            self.outbox.clear();
            self.is_forgetting = true;
        }
    }
}

/// What is bounded for each view.
enum Bound {
    Resources,
    LongTasks,
    Failures,
    Routes,
}
