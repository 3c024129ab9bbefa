//! What went wrong: told in full once, then counted; and what the page did before that.

use super::Agent;
use crate::crumbs::Crumbs;
use crate::errors::{self, Errors};
use crate::health::Loss;
use crate::ids::push_decimal;
use crate::limits::{CAUSES, CONTEXTS, FLAG_BYTES, FLAGS};
use crate::network::Request;
use crate::observation::Texts;
use crate::scrub::cut;
use crate::stack::{self, Origin};
use crate::time::PageTime;
use vitrum_wire::{Key, Name, Policy};

/// What is known for errors to come.
#[derive(Default)]
pub(crate) struct Failures {
    pub(super) errors: Errors,
    pub(super) crumbs: Crumbs,
    /// Names and values.
    pub(super) flags: Vec<(Vec<u8>, Vec<u8>)>,
    /// When the load was over; 0 as long as it is not.
    pub(super) loaded_at: f64,
    /// Whether errors of extensions are left out.
    pub(super) drops_extensions: bool,
}

impl Agent {
    /// Takes in an error, a failed load, or a report.
    pub(super) fn failure(&mut self, now: PageTime, at: f64, row: &[f64; 8], texts: &mut Texts<'_>) {
        let [key, times, handled, state, memory, heap, causes, contexts] = *row;
        let (source, connection, url, selector) = (texts.next(), texts.next(), texts.next(), texts.next());
        let mut chain = Vec::new();
        for _ in 0..CAUSES.min(causes as usize) {
            chain.push((texts.next(), texts.next(), texts.next()));
        }
        let contexts = CONTEXTS.min(contexts as usize);
        let mut context = Texts(texts.0);
        for _ in 0..contexts * 2 {
            texts.next();
        }
        if !self.outbox.wants(Some(Name::Exception)) {
            return;
        }
        let Self { failed, outbox, traces, view, .. } = self;
        let Failures { errors, crumbs, flags, loaded_at, drops_extensions } = failed;
        let mut read = stack::read(&chain, &self.url);
        read.fingerprint = stack::about(read.fingerprint, url);
        let fingerprint = read.fingerprint;
        let is_wanted = read.origin != Origin::Extension || !*drops_extensions;
        if key > 0.0 {
            errors.learn(key, is_wanted.then_some(fingerprint));
        }
        if !is_wanted {
            return;
        }
        if !errors.admits(now, fingerprint) {
            errors.count(fingerprint, times);
            return outbox.expect(now);
        }
        let action = traces.actions.follow(&view.trace_id, at, at);
        let (kind, message, _) = chain.first().copied().unwrap_or_default();
        let span = action.map_or(&view.root, |action| &action.span);
        let Some(draft) = outbox.failure(at, view, span, errors::is_grave(source)) else {
            // The terms or a bound have it counted elsewhere, with all its times.
            return outbox.health.count(Loss::Record as usize, times - 1.0);
        };
        errors::describe(draft, source, (kind, message), &read, handled > 0.0);
        if *loaded_at > 0.0 {
            draft.phases(Key::SinceLoad, &[(at - *loaded_at).max(0.0)]);
        }
        let states: [&[u8]; 3] = [b"", b"hidden", b"unloading"];
        draft.text(Key::PageState, states.get(state as usize).copied().unwrap_or_default());
        if draft.is_identified {
            let mut action = Texts(action.map_or(b"", |action| &action.texts));
            draft.text(Key::ActionType, action.next());
            draft.text(Key::CssSelector, if selector.is_empty() { action.next() } else { selector });
            draft.text(Key::Url, url);
            draft.text(Key::ConnectionType, connection);
            for (key, number) in [(Key::DeviceMemory, memory), (Key::HeapUsed, heap)] {
                if number > 0.0 {
                    draft.number(key, number);
                }
            }
            for _ in 0..contexts {
                draft.own_text(Key::ErrorContext, context.next(), context.next());
            }
            for (name, value) in flags {
                draft.own_text(Key::Flag, name, value);
            }
            // They are scrubbed already, each by what it is.
            if !crumbs.text().is_empty() {
                draft.record.attribute(Key::Breadcrumbs, vitrum_wire::Value::Text(crumbs.text()));
            }
        }
        outbox.take(now);
        if state > 1.0 {
            // Of a page that goes nothing is sent later.
            outbox.hurry(now);
            self.is_hiding = true;
        }
        errors.told(fingerprint);
        if times > 1.0 {
            errors.count(fingerprint, times - 1.0);
        }
        self.crumb(at, b"error", &[(Policy::Plain, errors::name(kind)), (Policy::Text, message)]);
    }

    /// Takes in that one has happened again.
    pub(super) fn repeat(&mut self, now: PageTime, key: f64, times: f64) {
        if self.outbox.wants(Some(Name::Exception)) {
            self.failed.errors.count_key(key, times);
            self.outbox.expect(now);
        }
    }

    /// Tells how often errors have happened again. Where there is no room they stay counted.
    pub(super) fn tell_repeats(&mut self, now: PageTime) {
        let Self { failed, outbox, view, .. } = self;
        while failed.errors.has_news() && outbox.has_room() {
            let Some(draft) = outbox.log(now.0, Name::ErrorRepeats, view) else { return };
            let Some((fingerprint, times)) = failed.errors.next() else { return };
            if let Some(fingerprint) = fingerprint {
                errors::fingerprint(draft, fingerprint);
            }
            draft.number(Key::ErrorCount, times);
            outbox.take(now);
        }
    }

    /// Remembers what happened, each part of it scrubbed by its policy, where views may be told.
    pub(super) fn crumb(&mut self, at: f64, kind: &[u8], parts: &[(Policy, &[u8])]) {
        if !self.outbox.wants(Some(Name::Navigation)) {
            return;
        }
        let scrubber = &mut self.outbox.draft().scrubber;
        // What acts here is not counted: the same is in a record of its own, mostly.
        let acted = scrubber.acted;
        let mut text = Vec::new();
        for (policy, part) in parts {
            if !text.is_empty() {
                text.push(b' ');
            }
            scrubber.scrub(&mut text, *policy, part, false);
        }
        scrubber.acted = acted;
        self.failed.crumbs.add(at, kind, &text);
    }

    pub(super) fn request_crumb(&mut self, request: &Request) {
        let mut status = Vec::new();
        if request.status > 0.0 {
            push_decimal(&mut status, request.status as u32);
        }
        let outcome = if status.is_empty() { (Policy::Text, request.failure()) } else { (Policy::Plain, status.as_slice()) };
        let parts = [(Policy::Plain, request.method().0), outcome, (Policy::Url, request.url())];
        self.crumb(request.end.max(request.start), b"request", &parts);
    }

    /// Takes in what the page tells of what happened.
    pub(super) fn page_crumb(&mut self, at: f64, kind: f64, text: &[u8]) {
        const VISIBILITY: f64 = 2.0;
        if kind == VISIBILITY {
            self.outbox.is_hidden = text == b"hidden";
        }
        let kinds: [&[u8]; 3] = [b"custom", b"console", b"visibility"];
        self.crumb(at, kinds.get(kind as usize).copied().unwrap_or_default(), &[(Policy::Text, text)]);
    }

    /// What was gathered is of nobody any more.
    pub(super) fn forget_failures(&mut self) {
        self.failed.errors = Errors::default();
        self.failed.crumbs.clear();
    }

    /// Sets a flag of the site's, or forgets it.
    pub(super) fn flag(&mut self, name: &[u8], value: &[u8]) {
        let flags = &mut self.failed.flags;
        if let Some(place) = flags.iter().position(|flag| flag.0 == name) {
            flags.remove(place);
        }
        if !value.is_empty() && flags.len() < FLAGS {
            flags.push((cut(name, FLAG_BYTES).into(), cut(value, FLAG_BYTES).into()));
        }
    }
}
