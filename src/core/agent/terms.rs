//! The terms on which the agent works: whose session this is, and what the user allows. Both may change while a page is there.

use super::Agent;
use crate::consent::Consent;
use crate::limits::USER_BYTES;
use crate::observation::Texts;
use crate::scrub::cut;
use crate::session::Session;
use crate::time::{PageTime, WallTime};
use core::mem::take;
use vitrum_wire::{Key, Name, Policy};

impl Agent {
    /// Tells of a session that begins here, and of the view that is open, as soon as it is allowed: before the user has said
    /// so, it is not known whether a session is remembered.
    pub(super) fn open_session(&mut self, now: PageTime, at: f64) {
        if self.outbox.consent == Consent::Granted
            && take(&mut self.session.is_new)
            && let Some(draft) = self.outbox.log(now.0, Name::SessionStart, &self.view)
        {
            draft.text(Key::SessionPreviousId, &self.session.previous_id);
            self.outbox.take_first(now);
        }
        if !self.is_begun && self.outbox.wants(Some(Name::Navigation)) {
            self.is_begun = true;
            let referrer = take(&mut self.referrer);
            self.navigation(now, at, &referrer);
        }
    }

    /// Goes on in this session.
    fn enter(&mut self, session: Session) {
        let Self { outbox, .. } = self;
        outbox.lot.rate = session.rate;
        outbox.lot.draw(&session.id, outbox.now);
        self.session = session;
        self.is_remembering = true;
    }

    /// The user is there: the session lives on, or a new one begins, with a view of its own.
    pub(super) fn go_on(&mut self, now: PageTime, wall: WallTime, remembered: &[u8]) {
        if self.outbox.consent != Consent::Granted {
            return;
        }
        let next = self.session.go_on(remembered, wall, self.terms, &mut self.ids);
        let is_other = next.id != self.session.id;
        if is_other {
            // What was open ends in the session in which it began, and is told as that is.
            self.open_view(now, now.0, b"return ");
            let Self { outbox, view, .. } = self;
            if outbox.may_send() && !outbox.is_under_review() {
                outbox.close(now, view);
            } else if !outbox.may_send() {
                outbox.clear();
            }
            outbox.session_id.clone_from(&next.id);
            outbox.lot.kept = None;
            self.is_begun = false;
        }
        self.enter(next);
        self.open_session(now, now.0);
    }

    /// Takes in what the user allows now.
    pub(super) fn consent(&mut self, now: PageTime, consent: Consent, texts: &mut Texts<'_>) {
        let (source, remembered) = (texts.next(), texts.next());
        self.outbox.end_rows();
        let before = core::mem::replace(&mut self.outbox.consent, consent);
        self.is_remembering = true;
        match consent {
            // What was gathered on other terms may say more than these allow; and who is met again later is not known.
            Consent::Denied | Consent::Minimal => {
                self.outbox.clear();
                self.traces.requests.clear();
                self.traces.actions.clear();
                self.forget_failures();
                self.is_forgetting = true;
                self.remembered.clear();
                self.outbox.user.1.clear();
                if before != consent {
                    self.be_another(now);
                }
            }
            Consent::Granted if before != consent => {
                let wall = self.outbox.time_origin.at(now);
                let session = Session::resume(remembered, &self.session.id, wall, self.terms, &mut self.ids);
                self.outbox.rename_session(&session.id);
                self.enter(session);
                self.open_session(now, if before == Consent::Pending { 0.0 } else { now.0 });
            }
            _ => {}
        }
        self.crumb(now.0, b"consent", &[(Policy::Plain, consent.name())]);
        if before != consent
            && !source.is_empty()
            && let Some(draft) = self.outbox.log(now.0, Name::ConsentChange, &self.view)
        {
            draft.text(Key::ConsentState, consent.name());
            draft.text(Key::ConsentSource, source);
            self.outbox.take(now);
        }
    }

    /// From now on nothing has a name that it had before.
    fn be_another(&mut self, now: PageTime) {
        let wall = self.outbox.time_origin.at(now);
        let session = Session::resume(b"", b"", wall, self.terms, &mut self.ids);
        self.outbox.lot.kept = None;
        self.enter(session);
        self.outbox.session_id.clone_from(&self.session.id);
        self.outbox.rename_page(self.ids.hex(8));
        self.is_begun = false;
        self.renamed_at = now.0;
        self.open_view(now, now.0, b"return ");
    }

    /// Takes in who the user is.
    pub(super) fn user(&mut self, is_hash: f64, name: &[u8]) {
        self.outbox.end_rows();
        let key = if is_hash > 0.0 { Key::UserHash } else { Key::UserId };
        self.outbox.user = (key, if self.outbox.consent == Consent::Denied { Vec::new() } else { cut(name, USER_BYTES).into() });
    }

    /// The user wants to be forgotten: that is the last to be told of the session.
    pub(super) fn part(&mut self, now: PageTime) {
        self.outbox.clear();
        self.forget_failures();
        self.is_forgetting = true;
        if self.outbox.consent == Consent::Granted && let Some(draft) = self.outbox.log(now.0, Name::DeletionRequest, &self.view) {
            draft.text(Key::SessionPreviousId, &self.session.previous_id);
            self.outbox.take(now);
            self.outbox.seal(now);
        }
        self.is_parting = true;
        self.is_remembering = false;
    }
}
