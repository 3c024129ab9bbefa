//! What the agent makes of each row that is its own: records, routes, requests, consent.

use super::Agent;
use crate::consent::Consent;
use crate::delivery::Answer;
use crate::draft::Draft;
use crate::health::Loss;
use crate::entry::timing;
use crate::groups::{Budget, Groups, Sample};
use crate::limits::REPEATS;
use crate::observation::{Kind, Texts};
use crate::page::{View, navigation};
use crate::sampling::{self, Kept, Lot};
use crate::scrub::Scanner;
use crate::time::{PageTime, WallTime};
use crate::url::{before, is_in, origin, path};
use crate::resources;
use vitrum_wire::{Key, Name, Policy, Value};

/// What a task takes beyond this blocks the user. Source: web.dev/articles/tbt.
const BLOCKING_MS: f64 = 50.0;

/// The place of the end of the load among the numbers of a document's entry.
const LOADED: usize = 22;

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
                    draft.text(Key::Url, texts.next());
                    timing(draft, phases, Key::NavigationType, texts);
                    self.outbox.take(now);
                }
                self.failed.loaded_at = row.get(LOADED).copied().unwrap_or_default();
                self.tell_root(now, self.failed.loaded_at);
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
            (Kind::LongFrame, [duration, blocked, ..]) => {
                self.frame = (*duration, *blocked);
                if let Some(draft) = self.long(*duration, at, Name::LongAnimationFrame) {
                    resources::long_frame(draft, row);
                    self.outbox.take(now);
                }
            }
            // Of what a frame blocked, its scripts have their share by the time they took.
            (Kind::Script, [duration, _]) if self.frame.0 > 0.0 => {
                texts.next();
                self.groups.add_script(texts.next(), duration / self.frame.0 * self.frame.1);
                texts.next();
            }
            (Kind::Failure, rest) => {
                if let Ok(rest) = rest.try_into() {
                    self.failure(now, at, rest, texts);
                }
            }
            (Kind::Repeat, [times]) => self.repeat(now, at, *times),
            (Kind::Crumb, [kind]) => self.page_crumb(at, *kind, texts.next()),
            (Kind::Flag, _) => self.flag(texts.next(), texts.next()),
            (Kind::Request, [end, status, by]) => self.request(now, [at, *end, *status, *by], texts),
            (Kind::Action, _) => self.act(now, at, texts.0),
            (Kind::Opened, _) if row != self.opened => {
                self.opened = row.into();
                if let Some(draft) = self.outbox.log(now.0, Name::Connections, &self.view) {
                    draft.phases(Key::Beacons, row);
                    self.outbox.take(now);
                }
            }
            (Kind::Route, [share]) => self.route(now, at, *share, texts),
            (Kind::RoutePainted, [painted]) if at == self.route_at => {
                if let Some(draft) = self.outbox.log(at, Name::RouteTransition, &self.view) {
                    draft.number(Key::RouteDuration, *painted - at);
                    draft.flag(Key::Heuristic, true);
                    self.outbox.take(now);
                }
                self.tell_root(now, *painted);
            }
            (Kind::Hidden, _) => {
                self.is_hiding = true;
                self.tell_sums(now);
                self.tell_root(now, at);
            }
            (Kind::Restored, _) => self.navigation(now, now.0, b""),
            (Kind::Consent, _) => self.consent(now, Consent::from_number(at), texts),
            (Kind::Active, [wall]) => self.go_on(now, WallTime(*wall), texts.next()),
            (Kind::User, _) => self.user(at, texts.next()),
            (Kind::Forget, _) => self.part(now),
            (Kind::Woke, _) => self.woken_at = PageTime::NEVER,
            (Kind::Delivered, [status, retry_after, wish @ ..]) => {
                let chance = f64::from(u32::from_le_bytes(self.ids.next_id().first_chunk().copied().unwrap_or_default())) / f64::from(u32::MAX);
                self.outbox.delivered(now, Answer { batch: at, status: *status, retry_after: *retry_after }, chance);
                self.outbox.lot.wish(now, wish);
                if self.outbox.delivery.is_blocked() {
                    // Someone keeps it from leaving, and that is theirs to do.
                    let lost = self.outbox.delivery.len() as f64;
                    self.outbox.health.count(Loss::Batch as usize, lost);
                    self.outbox.clear();
                    self.outbox.lot = Lot::NONE;
                }
            }
            (Kind::Recalled, [path]) => self.outbox.recalled(now, *path as u8, at, texts.0),
            (Kind::Online, _) => self.outbox.delivery.revive(now),
            (Kind::Reviewed, [dropped]) => {
                self.outbox.draft().scrubber.count_by(Scanner::Hook, *dropped as u32);
                self.outbox.reviewed(now, at, texts.0);
            }
            (Kind::Custom, [part, number]) => self.custom(now, at, (*part, *number), texts),
            (Kind::Lost, [times]) => self.outbox.health.count(at as usize, *times),
            _ => {}
        }
    }

    /// Takes in a part of what the site tells.
    fn custom(&mut self, now: PageTime, at: f64, (part, number): (f64, f64), texts: &mut Texts<'_>) {
        const EVENT: f64 = 0.0;
        const TEXT: f64 = 1.0;
        const NUMBER: f64 = 2.0;
        const TRUTH: f64 = 3.0;
        let (name, text) = (texts.next(), texts.next());
        if part == EVENT {
            self.is_telling = false;
            if let Some(draft) = self.outbox.log(at, Name::Custom, &self.view) {
                draft.text(Key::EventName, name);
                self.is_telling = true;
            }
        }
        if !self.is_telling {
            return;
        }
        let draft = self.outbox.draft();
        if part == TEXT {
            draft.own_text(Key::Custom, name, text);
        } else if part == NUMBER {
            draft.record.own_attribute(Key::Custom, name, Value::Number(number));
        } else if part == TRUTH {
            draft.record.own_attribute(Key::Custom, name, Value::Bool(number > 0.0));
        } else if part != EVENT {
            self.is_telling = false;
            self.outbox.take(now);
        }
    }

    /// Begins a record of which each view has only so many.
    fn bounded(&mut self, bound: Bound, at: f64, name: Name) -> Option<&mut Draft> {
        let (count, most) = match bound {
            Bound::LongTasks => (&mut self.long_tasks, REPEATS),
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

    /// Tells what has added up in this view, if it has changed: how long the main thread was blocked (of each long task
    /// what is over 50 ms), and what was loaded. The latest counts.
    fn tell_sums(&mut self, now: PageTime) {
        for group in self.groups.changed() {
            if let Some(draft) = self.outbox.row(now.0, Name::ResourceGroup, &self.view) {
                draft.text(Key::GroupOrigin, &group.origin);
                draft.text(Key::InitiatorType, &group.kind);
                draft.phases(Key::GroupCount, &group.totals);
                self.outbox.take(now);
            }
        }
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

    /// What the page has loaded. Our own requests are not the page's; the others are told with their request, or for
    /// themselves, and a page with thousands by its first.
    fn resource(&mut self, now: PageTime, at: f64, phases: &[f64], texts: &mut Texts<'_>) {
        let mut rest = Texts(texts.0);
        let url = rest.next();
        let own = Texts(rest.0);
        for _ in 0..3 {
            rest.next();
        }
        let all = core::mem::replace(&mut texts.0, rest.0);
        // Our own, at either endpoint.
        let is_ours = |endpoint: &[u8]| url.strip_prefix(endpoint).is_some_and(|rest| is_in(b"/v1/beacon /v1/logs /v1/traces", rest));
        if self.endpoint.split(|byte| *byte == b'\n').any(is_ours) {
            return;
        }
        let mut texts_of = Texts(own.0);
        let kind = texts_of.next();
        texts_of.next();
        let sample = Sample::of(phases, texts_of.next(), origin(url) == origin(&self.url));
        let is_told = if let Some(request) = self.traces.requests.of_entry(at, url) {
            self.tell_request(now, &request, Some((phases, own)))
        } else if self.outbox.wants(Some(Name::ResourceTiming))
            && self.budget.admits(sample.duration_ms, sample.is_failed)
            && let Some(draft) = self.outbox.row(at, Name::ResourceTiming, &self.view)
        {
            draft.text(Key::Url, url);
            timing(draft, phases, Key::InitiatorType, &mut Texts(all.get(url.len() + 1..).unwrap_or_default()));
            self.outbox.take(now);
            true
        } else {
            false
        };
        self.groups.add(url, kind, &sample, is_told);
    }

    /// A new path is a new view; a new query or fragment is the same view still.
    fn route(&mut self, now: PageTime, at: f64, share: f64, texts: &mut Texts<'_>) {
        let (kind, url) = (texts.next(), texts.next());
        if url == self.url {
            return;
        }
        self.terms.rate = share;
        // The lot was drawn where the session began; a rule of the site for this place may want more of them.
        if share > self.session.rate && sampling::is_sampled(&self.session.id, share) {
            self.outbox.lot.keep(Kept::Rule);
        }
        let is_hash_change = before(url, b"#") == before(&self.url, b"#");
        self.url = url.into();
        if path(url) != self.view.path {
            self.open_view(now, at, b"route ");
            if self.vitals.route(at, url, &self.view) {
                self.route_at = at;
            }
        }
        self.crumb(at, b"navigation", &[(Policy::Url, url)]);
        // A page may rewrite its query or fragment with every scroll.
        if let Some(draft) = self.bounded(Bound::Routes, at, Name::Navigation) {
            navigation(draft, url, b"", kind, is_hash_change);
            self.outbox.take(now);
        }
    }

    /// A new view, with bounds of its own.
    pub(super) fn open_view(&mut self, now: PageTime, at: f64, name: &'static [u8]) {
        self.tell_sums(now);
        self.tell_repeats(now);
        self.failed.errors.turn();
        self.outbox.end_rows();
        self.tell_root(now, at);
        (self.longest_task, self.blocked, self.told_blocked) = (0.0, 0.0, 0.0);
        let shown = self.outbox.ruled(&self.url);
        let view = View::new((&self.url, &shown), &self.rules, b"", &mut self.ids);
        let before = core::mem::replace(&mut self.view, view.into());
        self.begin_trace(at, name, Some(&before));
        (self.long_tasks, self.routes) = (0, 0);
        (self.groups, self.budget) = (Groups::default(), Budget::new());
    }

    pub(super) fn navigation(&mut self, now: PageTime, at: f64, referrer: &[u8]) {
        let url = self.url.clone();
        self.crumb(at, b"navigation", &[(Policy::Url, &url)]);
        if let Some(draft) = self.outbox.log(at, Name::Navigation, &self.view) {
            navigation(draft, &self.url, referrer, b"", false);
            self.outbox.take(now);
        }
    }
}

/// What is bounded for each view.
enum Bound {
    LongTasks,
    Routes,
}
