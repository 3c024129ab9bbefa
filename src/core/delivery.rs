//! Batches that are sealed, until their fate is known: by which way each leaves, when it is tried again and where, and
//! when it is given up. Source: WIRE.md, "Transport".

use crate::effect::{Effect, Rung};
use crate::limits::{ATTEMPTS, BREAKER, BREAKS, FAILURES, FLIGHT, FLIGHT_BYTES, RETRY_DELAY, RETRY_MOST, SWITCH};
use crate::time::{PageTime, Span};
use core::ops::Range;

/// A batch that is sealed: what it says never changes again.
pub(crate) struct Parcel {
    pub(crate) number: u32,
    /// Where it goes: 0 `/v1/beacon`, 1 `/v1/logs`, 2 `/v1/traces`.
    pub(crate) path: u8,
    pub(crate) body: Vec<u8>,
    /// The payload, while it may have to be written otherwise.
    pub(crate) plain: Vec<u8>,
    /// When it was made, in milliseconds since the epoch.
    pub(crate) made: f64,
    attempts: u32,
    /// When it may be tried; never while it is under way.
    due: PageTime,
    /// Its first way was refused, and the next is to be tried.
    is_refused: bool,
    /// It is to be kept for another time.
    is_stored: bool,
    /// Whether the browser holds it, or what it will be, for the page's end.
    is_held: bool,
    /// Whether it is under way in a manner that outlives the page.
    is_leaving: bool,
}

/// Something to do about batches, by their places.
pub(crate) enum Step {
    Send(usize, Rung),
    /// The browser is to hold this, or the batch that is still open, for the page's end; or nothing for this number any more.
    Hold(usize),
    Open(usize),
    Release(u32),
    Store(Parcel, bool),
    Recall,
}

/// What stands for an answer of the browser's own: it has taken a beacon, and nobody will hear of it; it has refused to; and it
/// knows that there is no network.
const TAKEN: f64 = 1.0;
const REFUSED: f64 = -1.0;
const OFFLINE: f64 = -2.0;

/// What an answer says: number of the batch, status (0 without an answer), and the seconds to wait that it names.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) batch: f64,
    pub(crate) status: f64,
    pub(crate) retry_after: f64,
}

/// The batches that have not arrived.
#[derive(Default)]
pub(crate) struct Delivery {
    parcels: Vec<Parcel>,
    /// Whether the browser can hold requests for the page's end, and the numbers of those that it holds.
    pub(crate) can_hold: bool,
    held: Vec<u32>,
    /// Whether there is a second endpoint, and whether it is used.
    pub(crate) has_second: bool,
    pub(crate) is_second: bool,
    /// Failures since the last success, until when nothing is tried, and how often it has come to that.
    failures: u32,
    pause: PageTime,
    breaks: u32,
    has_answered: bool,
    /// Whether the user allows that something is stored.
    pub(crate) may_store: bool,
    /// Whether earlier pages, or this one, may have stored batches.
    pub(crate) has_stored: bool,
    is_recalling: bool,
    /// Bytes that left by ways on which nobody hears when they have arrived, and since when that is counted.
    flight: (PageTime, usize),
    /// Whether the receiver knows our dictionary, as far as that is known.
    pub(crate) knows: Option<bool>,
    /// How many were given up.
    pub(crate) lost: f64,
}

impl Delivery {
    pub(crate) fn add(&mut self, (number, path): (u32, u8), body: Vec<u8>, plain: Vec<u8>, made: f64, due: PageTime) {
        self.parcels.push(Parcel { number, path, body, plain, made, attempts: 0, due, is_refused: false, is_stored: false, is_held: false, is_leaving: false });
    }

    pub(crate) fn len(&self) -> usize {
        self.parcels.len()
    }

    /// Lets go of the oldest.
    pub(crate) fn drop_first(&mut self) {
        self.parcels.remove(0);
    }

    pub(crate) fn clear(&mut self) {
        self.parcels.clear();
    }

    /// Makes everything due, because the page may go. Also what is under way: its requests may die with the page, and the
    /// collector stores a batch once however often it comes. Of another receiver that is not known.
    pub(crate) fn hurry(&mut self, now: PageTime) {
        for parcel in self.parcels.iter_mut().filter(|parcel| !parcel.is_leaving) {
            parcel.due = now;
        }
    }

    /// The network is back, the browser says.
    pub(crate) fn revive(&mut self, now: PageTime) {
        (self.failures, self.pause) = (0, now);
        self.hurry(now);
        self.is_recalling = self.has_stored;
    }

    /// Which batch leaves next, and how.
    fn next(&mut self, now: PageTime, is_parting: bool) -> Option<(usize, Rung)> {
        if !is_parting {
            let found = self.parcels.iter().position(|parcel| parcel.due <= now && !parcel.is_stored)?;
            return (now >= self.pause && !self.is_probing()).then_some((found, Rung::Fetch));
        }
        if now.0 - self.flight.0.0 > FLIGHT.0 {
            self.flight = (now, 0);
        }
        loop {
            let found = self.parcels.iter().position(|parcel| parcel.due <= now && !parcel.is_stored)?;
            let parcel = self.parcels.get_mut(found)?;
            // Nobody would hear whether a receiver that does not answer has it, and it must not come to one twice.
            if parcel.path > 0 && self.failures > 0 && self.may_store {
                parcel.is_stored = true;
                continue;
            }
            // The document's quota is the page's, too: what is over our half of it waits for another time.
            if self.flight.1 + parcel.body.len() <= FLIGHT_BYTES && (!parcel.is_refused || !parcel.is_held) {
                self.flight.1 += parcel.body.len();
                return Some((found, if parcel.is_refused || parcel.path > 0 { Rung::Keepalive } else { Rung::Beacon }));
            }
            // What the browser holds leaves with the page, or by us if it stays.
            parcel.due = now.plus(FLIGHT);
            parcel.is_stored = !parcel.is_held;
        }
    }

    /// The next thing to do about batches; `may` says whether any may leave.
    pub(crate) fn next_step(&mut self, now: PageTime, is_parting: bool, may: bool) -> Option<Step> {
        if may && let Some((index, rung)) = self.next(now, is_parting) {
            let parcel = self.parcels.get_mut(index)?;
            parcel.due = PageTime::NEVER;
            parcel.attempts += 1;
            if parcel.path > 0 && rung == Rung::Keepalive {
                // What the browser holds of it would come, too.
                (parcel.is_leaving, parcel.is_held) = (true, false);
            }
            return Some(Step::Send(index, rung));
        }
        while let Some(index) = self.parcels.iter().position(|parcel| parcel.is_stored) {
            let parcel = self.parcels.get_mut(index)?;
            // What may not be stored waits for its next try here, as long as it has one.
            if !self.may_store && parcel.attempts < ATTEMPTS {
                (parcel.is_stored, parcel.due) = (false, now.plus(FLIGHT));
                continue;
            }
            let parcel = self.parcels.swap_remove(index);
            if self.may_store {
                self.has_stored = true;
                return Some(Step::Store(parcel, is_parting));
            }
            self.lost += 1.0;
        }
        if !may {
            return None;
        }
        if self.may_store && core::mem::take(&mut self.is_recalling) {
            self.has_stored = false;
            return Some(Step::Recall);
        }
        if !self.can_hold || is_parting {
            return None;
        }
        let index = self.parcels.iter().position(|parcel| !parcel.is_held && !parcel.is_leaving)?;
        let parcel = self.parcels.get_mut(index)?;
        parcel.is_held = true;
        let number = parcel.number;
        self.hold(number);
        Some(Step::Hold(index))
    }

    /// What is asked for by that.
    pub(crate) fn effect(&self, step: Step) -> Option<Effect<'_>> {
        let is_second = self.is_second;
        Some(match step {
            Step::Send(index, rung) => {
                let Parcel { number, path, body, .. } = self.parcels.get(index)?;
                Effect::Send { batch: *number, rung, path: *path, is_second, body }
            }
            Step::Hold(index) => {
                let Parcel { number, path, body, .. } = self.parcels.get(index)?;
                Effect::Later { batch: *number, path: *path, is_second, body }
            }
            Step::Release(batch) => Effect::Later { batch, path: 0, is_second, body: b"" },
            Step::Store(Parcel { path, made, body, .. }, is_last) => Effect::Store { is_last, path, made, body },
            Step::Recall => Effect::Recall,
            Step::Open(_) => return None,
        })
    }

    /// Says that the browser holds what this batch will be.
    pub(crate) fn hold(&mut self, number: u32) {
        if self.held.iter().all(|held| *held != number) {
            self.held.push(number);
        }
    }

    /// What the browser need not hold any more: a batch that is none of ours, nor the one that is open.
    pub(crate) fn release(&mut self, open: Range<u32>) -> Option<u32> {
        let is_ours = |number: &u32| open.contains(number) || self.parcels.iter().any(|parcel| parcel.number == *number && !parcel.is_leaving);
        let index = self.held.iter().position(|number| !is_ours(number))?;
        Some(self.held.swap_remove(index))
    }

    /// After many failures one alone shows whether it goes again.
    fn is_probing(&self) -> bool {
        self.failures >= FAILURES && self.parcels.iter().any(|parcel| parcel.due == PageTime::NEVER)
    }

    /// When there is something to do next.
    pub(crate) fn next_due(&self) -> PageTime {
        if self.is_probing() {
            return PageTime::NEVER;
        }
        let first = self.parcels.iter().fold(PageTime::NEVER, |first, parcel| PageTime(first.0.min(parcel.due.0)));
        if first < self.pause { self.pause } else { first }
    }

    /// Takes in a batch's fate; `chance` is drawn between 0 and 1. Gives the payload of one that is to be written without a dictionary.
    pub(crate) fn answered(&mut self, now: PageTime, answer: Answer, chance: f64) -> Option<(u32, Vec<u8>)> {
        const NO_DICTIONARY: f64 = 409.0;
        let Answer { batch, status, retry_after } = answer;
        let index = self.parcels.iter().position(|parcel| f64::from(parcel.number) == batch)?;
        let parcel = self.parcels.get_mut(index)?;
        parcel.is_leaving = false;
        if (200.0..300.0).contains(&status) || status == TAKEN && self.failures == 0 {
            self.parcels.swap_remove(index);
            return None;
        }
        if status == TAKEN {
            // The receiver did not answer before; it will know the batch if it comes again.
            parcel.is_stored = true;
            return None;
        }
        if status == NO_DICTIONARY && !parcel.plain.is_empty() {
            self.knows = Some(false);
            parcel.due = now;
            parcel.is_held = false;
            return Some((parcel.number, core::mem::take(&mut parcel.plain)));
        }
        if (400.0..500.0).contains(&status) && status != 408.0 && status != 429.0 {
            self.parcels.swap_remove(index);
            self.lost += 1.0;
            return None;
        }
        if status == REFUSED && !parcel.is_refused {
            parcel.is_refused = true;
            parcel.due = now;
            return None;
        }
        // What nobody hears of, and what finds no way at all, is better stored than lost.
        if status < 0.0 || parcel.is_refused {
            parcel.is_stored = status == OFFLINE || !parcel.is_held;
            parcel.due = now.plus(FLIGHT);
            return None;
        }
        // Each waits for some time of its own, or all would come back at once when the receiver does: full jitter.
        // Source: aws.amazon.com/builders-library, "Timeouts, retries, and backoff with jitter".
        let most = RETRY_MOST.0.min(RETRY_DELAY.0 * f64::from(1 << parcel.attempts.min(10) >> 1));
        parcel.due = now.plus(Span((most * chance).max(retry_after * 1000.0)));
        parcel.is_stored = parcel.attempts >= ATTEMPTS;
        None
    }

    /// What an answer says of the receiver, for all that goes there.
    pub(crate) fn heard(&mut self, now: PageTime, status: f64) {
        if [TAKEN, REFUSED, OFFLINE].contains(&status) {
            return;
        }
        // Whoever keeps it from leaving gives no answer.
        self.has_answered |= status > 0.0;
        if status > 0.0 && status < 500.0 && status != 408.0 && status != 429.0 {
            (self.failures, self.breaks) = (0, 0);
            if (200.0..300.0).contains(&status) {
                self.knows = self.knows.or(Some(true));
                for parcel in &mut self.parcels {
                    parcel.plain.clear();
                }
                self.is_recalling = self.has_stored;
            }
            return;
        }
        self.failures += 1;
        if self.has_second && self.failures.is_multiple_of(SWITCH) {
            self.is_second = !self.is_second;
        }
        // What was under way before the pause says nothing new.
        if self.failures >= FAILURES && now >= self.pause {
            self.pause = now.plus(Span(BREAKER.0 * f64::from(1 << self.breaks.min(4))));
            self.breaks += 1;
        }
    }

    /// Whether nothing was ever answered and nothing will be: someone keeps it from leaving.
    pub(crate) fn is_blocked(&self) -> bool {
        !self.has_answered && self.breaks >= BREAKS
    }

    /// Puts what was written anew in place of what was.
    pub(crate) fn rewrite(&mut self, number: u32, body: Vec<u8>) {
        if let Some(parcel) = self.parcels.iter_mut().find(|parcel| parcel.number == number) {
            parcel.body = body;
        }
    }
}
