//! A session: the visits of one tab without a long pause.

use crate::ids::{Ids, push_hex, read_hex};
use crate::limits::{SESSION_IDLE, SESSION_MAX};
use crate::time::WallTime;

/// Digits of the identifier in what the tab remembers,
const ID: usize = 32;
/// and of each of the two times.
const TIME: usize = 12;

/// A session and its age.
pub(crate) struct Session {
    /// 32 hexadecimal digits.
    pub(crate) id: Vec<u8>,
    /// The session of this tab before, if it ended by time; else empty.
    pub(crate) previous_id: Vec<u8>,
    /// Whether it began with this page.
    pub(crate) is_new: bool,
    started: WallTime,
}

impl Session {
    /// Goes on with the session that the tab remembers, unless it has ended; then with a new one, called by this seed.
    pub(crate) fn resume(remembered: &[u8], seed: &[u8], now: WallTime, ids: &mut Ids) -> Self {
        let (id, times) = remembered.split_at_checked(ID).unwrap_or_default();
        // Anyone can write to the tab's storage, and what stands there is sent.
        let id = if id.iter().all(u8::is_ascii_hexdigit) { id } else { b"" };
        let (started, seen) = times.split_at_checked(TIME).unwrap_or_default();
        let (started, seen) = (read_hex(started), read_hex(seen));
        let idle = now.0 - seen;
        if !id.is_empty() && now.0 - started < SESSION_MAX.0 && (0.0..SESSION_IDLE.0).contains(&idle) {
            return Self { id: id.into(), previous_id: Vec::new(), is_new: false, started: WallTime(started) };
        }
        // The page may have needed its name before we were there.
        let is_named = seed.len() == ID && seed.iter().all(u8::is_ascii_hexdigit);
        Self { id: if is_named { seed.into() } else { ids.hex(ID / 2) }, previous_id: id.into(), is_new: true, started: now }
    }

    /// What the tab is to remember: the identifier, the start, and the last sign of life.
    pub(crate) fn remember(&self, now: WallTime) -> Vec<u8> {
        let mut text = self.id.clone();
        for time in [self.started, now] {
            // Six bytes of milliseconds last until the year 10889.
            push_hex(&mut text, (time.0 as u64).to_be_bytes().get(8 - TIME / 2..).unwrap_or_default());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const MINUTE: f64 = 60_000.0;

    /// Whether a session first seen at 0 and last at `seen` minutes still lives at `now` minutes.
    fn check(seen: f64, now: f64, lives: bool) {
        let mut ids = Ids::new(&[3; 16]);
        let epoch = 1.7e12;
        let first = Session::resume(b"", b"", WallTime(epoch), &mut ids);
        let remembered = first.remember(WallTime(epoch + seen * MINUTE));
        let second = Session::resume(&remembered, b"", WallTime(epoch + now * MINUTE), &mut ids);
        assert_eq!(second.id == first.id, lives, "seen {seen}, now {now}");
        assert_eq!(second.is_new, !lives);
        assert_eq!(second.previous_id, if lives { vec![] } else { first.id });
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
        for garbage in ["", "x", "0123456789abcdef0123456789abcde"] {
            let session = Session::resume(garbage.as_bytes(), garbage.as_bytes(), WallTime(1.7e12), &mut Ids::new(&[3; 16]));
            assert!(session.is_new && session.id.len() == 32 && session.previous_id.is_empty(), "{garbage}");
        }
    }

    #[test]
    fn a_new_session_is_called_by_its_seed() {
        let seed = b"0123456789abcdef0123456789abcdef";
        assert_eq!(Session::resume(b"", seed, WallTime(1.7e12), &mut Ids::new(&[3; 16])).id, seed);
    }
}
