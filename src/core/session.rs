//! A session: the visits of one browser to a site without a long pause, in however many tabs.

use crate::ids::{Ids, push_hex, read_hex};
use crate::time::{Span, WallTime};

/// Digits of the identifier in what is remembered,
const ID: usize = 32;
/// of the share of sessions that were reported when it began, in billionths,
const RATE: usize = 8;
const BILLION: f64 = 1e9;
/// and of each of the two times.
const TIME: usize = 12;

/// The clocks of two pages may differ by so much: that of one that has slept is behind.
const DRIFT_MS: f64 = 60_000.0;

/// How long a session lasts: without a sign of life, and at most; and the share of those that begin now that is reported.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) idle: Span,
    pub(crate) most: Span,
    pub(crate) rate: f64,
}

/// A session and its age.
#[derive(Clone)]
pub(crate) struct Session {
    /// 32 hexadecimal digits.
    pub(crate) id: Vec<u8>,
    /// The session before, if it ended by time; else empty.
    pub(crate) previous_id: Vec<u8>,
    /// Whether it begins here, and not with another page.
    pub(crate) is_new: bool,
    /// The share of sessions that were reported when it began.
    pub(crate) rate: f64,
    started: WallTime,
    /// The last sign of life.
    seen: WallTime,
}

impl Session {
    /// Goes on with the session that is remembered, unless it has ended; then with a new one, called by this seed. To be asked
    /// for is a sign of life.
    pub(crate) fn resume(remembered: &[u8], seed: &[u8], now: WallTime, terms: Terms, ids: &mut Ids) -> Self {
        let (id, rate, started, seen) = read(remembered);
        let idle = now.0 - seen;
        if !id.is_empty() && now.0 - started < terms.most.0 && (-DRIFT_MS..terms.idle.0).contains(&idle) {
            // A site that switches us off, or on again, does so for sessions that live, too.
            let rate = if terms.rate * rate > 0.0 { rate } else { terms.rate };
            return Self { id: id.into(), previous_id: Vec::new(), is_new: false, rate, started: WallTime(started), seen: now };
        }
        // The page may have needed its name before we were there.
        let is_named = seed.len() == ID && seed.iter().all(u8::is_ascii_hexdigit);
        let name = if is_named { seed.into() } else { ids.hex(ID / 2) };
        Self { id: name, previous_id: id.into(), is_new: true, rate: terms.rate, started: now, seen: now }
    }

    /// The user is there. Goes on with this session, with what another page has made of it meanwhile, or with a new one.
    pub(crate) fn go_on(&self, remembered: &[u8], now: WallTime, terms: Terms, ids: &mut Ids) -> Self {
        let (id, _, _, seen) = read(remembered);
        // What is remembered is of this session still, or cannot be read: storage may be forbidden.
        let is_same = id.is_empty() || id == self.id;
        let mut own = self.clone();
        if !id.is_empty() {
            own.seen.0 = own.seen.0.max(seen);
        }
        let text = own.remember();
        let next = Self::resume(if is_same { &text } else { remembered }, b"", now, terms, ids);
        own.seen = now;
        if next.id == own.id { own } else { next }
    }

    /// What is to be remembered: the identifier, the share, the start, and the last sign of life. `js/trace.ts` reads it, too.
    pub(crate) fn remember(&self) -> Vec<u8> {
        let mut text = self.id.clone();
        push_hex(&mut text, &((self.rate * BILLION + 0.5) as u32).to_be_bytes());
        for time in [self.started, self.seen] {
            // Six bytes of milliseconds last until the year 10889.
            push_hex(&mut text, (time.0 as u64).to_be_bytes().get(8 - TIME / 2..).unwrap_or_default());
        }
        text
    }
}

/// Identifier, share, start and last sign of life of what is remembered; no identifier if it is none.
fn read(remembered: &[u8]) -> (&[u8], f64, f64, f64) {
    // Anyone can write to the site's storage, and what stands there is sent.
    if remembered.len() != ID + RATE + 2 * TIME || !remembered.iter().all(u8::is_ascii_hexdigit) {
        return (b"", 0.0, 0.0, 0.0);
    }
    let (id, rest) = remembered.split_at_checked(ID).unwrap_or_default();
    let (rate, times) = rest.split_at_checked(RATE).unwrap_or_default();
    let (started, seen) = times.split_at_checked(TIME).unwrap_or_default();
    (id, (read_hex(rate) / BILLION).min(1.0), read_hex(started), read_hex(seen))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const MINUTE: f64 = 60_000.0;
    const EPOCH: f64 = 1.7e12;
    const TERMS: Terms = Terms { idle: Span(30.0 * MINUTE), most: Span(240.0 * MINUTE), rate: 0.25 };

    fn at(minutes: f64) -> WallTime {
        WallTime(EPOCH + minutes * MINUTE)
    }

    /// Whether a session first seen at 0 and last at `seen` minutes still lives at `now` minutes, for a page that begins and
    /// for one that was there all the time.
    fn check(seen: f64, now: f64, lives: bool) {
        let mut ids = Ids::new(&[3; 16]);
        let first = Session { seen: at(seen), ..Session::resume(b"", b"", at(0.0), TERMS, &mut ids) };
        for second in [
            Session::resume(&first.remember(), b"", at(now), TERMS, &mut ids),
            first.go_on(b"", at(now), TERMS, &mut ids),
            first.go_on(&first.remember(), at(now), TERMS, &mut ids),
        ] {
            assert_eq!(second.id == first.id, lives, "seen {seen}, now {now}");
            if !lives {
                assert!(second.is_new);
                assert_eq!(second.previous_id, first.id);
            }
            assert!(second.remember().ends_with(&at(now).hex()), "it is a sign of life");
        }
    }

    impl WallTime {
        fn hex(self) -> Vec<u8> {
            let mut text = Vec::new();
            push_hex(&mut text, &(self.0 as u64).to_be_bytes()[2..]);
            text
        }
    }

    #[test]
    fn a_session_lives_30_minutes_after_its_last_sign() {
        check(0.0, 29.9, true);
        check(0.0, 30.0, false);
        check(20.0, 49.0, true);
    }

    #[test]
    fn a_session_ends_after_4_hours_however_lively() {
        check(239.0, 239.9, true);
        check(239.0, 240.0, false);
    }

    #[test]
    fn a_session_of_the_future_is_not_believed() {
        check(10.0, 5.0, false);
    }

    #[test]
    fn garbage_is_as_good_as_nothing() {
        let mut ids = Ids::new(&[3; 16]);
        let first = Session::resume(b"", b"", at(0.0), TERMS, &mut ids);
        for garbage in ["", "x", "0123456789abcdef0123456789abcde", &"é".repeat(28)] {
            let session = Session::resume(garbage.as_bytes(), garbage.as_bytes(), at(0.0), TERMS, &mut ids);
            assert!(session.is_new && session.id.len() == 32 && session.previous_id.is_empty(), "{garbage}");
            assert_eq!(first.go_on(garbage.as_bytes(), at(1.0), TERMS, &mut ids).id, first.id, "{garbage}");
        }
    }

    #[test]
    fn a_new_session_is_called_by_its_seed() {
        let seed = b"0123456789abcdef0123456789abcdef";
        assert_eq!(Session::resume(b"", seed, at(0.0), TERMS, &mut Ids::new(&[3; 16])).id, seed);
    }

    #[test]
    fn another_tab_keeps_it_alive_or_has_begun_a_new_one() {
        let mut ids = Ids::new(&[3; 16]);
        let first = Session::resume(b"", b"", at(0.0), TERMS, &mut ids);
        // The other tab was used at 25 minutes; this one again at 50.
        let elsewhere = first.go_on(b"", at(25.0), TERMS, &mut ids);
        assert_eq!(first.go_on(&elsewhere.remember(), at(50.0), TERMS, &mut ids).id, first.id);
        // The other tab was used at 40 minutes, when the session had ended.
        let renewed = first.go_on(b"", at(40.0), TERMS, &mut ids);
        let here = first.go_on(&renewed.remember(), at(50.0), TERMS, &mut ids);
        assert_eq!((here.id == renewed.id, here.is_new), (true, false));
        // And that has ended too.
        let here = first.go_on(&renewed.remember(), at(80.0), TERMS, &mut ids);
        assert_eq!((here.is_new, &here.previous_id), (true, &renewed.id));
    }
}
