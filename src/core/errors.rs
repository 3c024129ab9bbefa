//! Errors: which of them are told in full, how often each has happened again, and what a record says of one.

use crate::draft::Draft;
use crate::ids::push_hex;
use crate::limits::{KEYS, REPEATS, SAME_A_MINUTE};
use crate::stack::{Origin, Read};
use crate::time::PageTime;
use crate::url::is_in;
use vitrum_wire::Key;

const MINUTE_MS: f64 = 60_000.0;

/// One that has happened.
struct Known {
    fingerprint: u64,
    /// Whether this view has told of it in full.
    is_told: bool,
    /// How often it has happened since that was told.
    again: f64,
    /// When it was told in full for the first time within a minute, and how often since.
    since: PageTime,
    times: u32,
}

/// Those of a view, and those of earlier views that it has room for.
#[derive(Default)]
pub(crate) struct Errors {
    known: Vec<Known>,
    /// The numbers by which the page means them; nothing where it is one that the site does not want.
    keys: Vec<(f64, Option<u64>)>,
    /// How often any happened for which there is no room.
    others: f64,
}

impl Errors {
    /// By this number the page means it from now on.
    pub(crate) fn learn(&mut self, key: f64, fingerprint: Option<u64>) {
        let known = self.keys.iter().position(|known| known.0 == key);
        if let Some(place) = known.or_else(|| (self.keys.len() >= KEYS).then_some(0)) {
            self.keys.remove(place);
        }
        self.keys.push((key, fingerprint));
    }

    /// Whether it is to be told in full: once a view, of so many different ones, and each so often a minute. [`Errors::told`]
    /// says that it was, and else [`Errors::count`] takes note.
    pub(crate) fn admits(&mut self, now: PageTime, fingerprint: u64) -> bool {
        if let Some(known) = self.known.iter_mut().find(|known| known.fingerprint == fingerprint) {
            if now.0 - known.since.0 >= MINUTE_MS {
                (known.since, known.times) = (now, 0);
            }
            return !known.is_told && known.times < SAME_A_MINUTE;
        }
        let one = Known { fingerprint, is_told: false, again: 0.0, since: now, times: 0 };
        if self.known.len() < REPEATS as usize {
            self.known.push(one);
        } else if let Some(old) = self.known.iter_mut().find(|known| !known.is_told && known.again == 0.0) {
            *old = one;
        } else {
            return false;
        }
        true
    }

    /// It was told in full.
    pub(crate) fn told(&mut self, fingerprint: u64) {
        for known in self.known.iter_mut().filter(|known| known.fingerprint == fingerprint) {
            known.is_told = true;
            known.times += 1;
        }
    }

    /// It has happened, and is not told in full.
    pub(crate) fn count(&mut self, fingerprint: u64, times: f64) {
        match self.known.iter_mut().find(|known| known.fingerprint == fingerprint) {
            Some(known) => known.again += times,
            None => self.others += times,
        }
    }

    /// The same for what the page means by a number.
    pub(crate) fn count_key(&mut self, key: f64, times: f64) {
        match self.keys.iter().find(|known| known.0 == key) {
            Some((_, Some(fingerprint))) => self.count(*fingerprint, times),
            Some((_, None)) => {}
            None => self.others += times,
        }
    }

    /// Gives one that has happened again, and how often; nothing instead of a fingerprint for all without room together.
    pub(crate) fn next(&mut self) -> Option<(Option<u64>, f64)> {
        if let Some(known) = self.known.iter_mut().find(|known| known.again > 0.0) {
            return Some((Some(known.fingerprint), core::mem::take(&mut known.again)));
        }
        let others = core::mem::take(&mut self.others);
        (others > 0.0).then_some((None, others))
    }

    pub(crate) fn has_news(&self) -> bool {
        self.others > 0.0 || self.known.iter().any(|known| known.again > 0.0)
    }

    /// The view is another.
    pub(crate) fn turn(&mut self) {
        for known in &mut self.known {
            known.is_told = false;
        }
    }
}

/// Whether it is the name of a kind of errors, and not made of data.
fn is_name(name: &[u8]) -> bool {
    const NAME_BYTES: usize = 40;
    let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits < 3 && name.len() <= NAME_BYTES && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

/// The name of a kind of errors, if it is one.
pub(crate) fn name(given: &[u8]) -> &[u8] {
    if is_name(given) && !given.is_empty() { given } else { b"Error" }
}

/// Whether it is a reason to tell of a session that is not sampled. What a load or a policy did without, and what the browser
/// advises, happens to whole groups of users with each page: they would all be told.
pub(crate) fn is_grave(source: &[u8]) -> bool {
    !is_in(b"resource csp deprecation intervention", source)
}

pub(crate) fn fingerprint(draft: &mut Draft, fingerprint: u64) {
    let mut digits = Vec::new();
    push_hex(&mut digits, &fingerprint.to_be_bytes());
    draft.text(Key::Fingerprint, &digits);
}

/// Source: OpenTelemetry semantic conventions, "Exceptions in logs".
pub(crate) fn describe(draft: &mut Draft, source: &[u8], (kind, message): (&[u8], &[u8]), read: &Read, is_handled: bool) {
    draft.text(Key::ExceptionType, name(kind));
    draft.text(Key::ExceptionMessage, message);
    draft.text(Key::ExceptionStack, &read.text);
    draft.flag(Key::Handled, is_handled);
    draft.text(Key::ErrorSource, source);
    let origin: &[u8] = match read.origin {
        Origin::Page => b"",
        Origin::ThirdParty => b"third-party",
        Origin::Extension => b"extension",
        Origin::CrossOrigin => b"cross-origin",
    };
    draft.text(Key::ErrorOrigin, origin);
    fingerprint(draft, read.fingerprint);
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// What becomes of one: told in full, or counted.
    fn happens(errors: &mut Errors, at: f64, fingerprint: u64) -> bool {
        let is_full = errors.admits(PageTime(at), fingerprint);
        if is_full {
            errors.told(fingerprint);
        } else {
            errors.count(fingerprint, 1.0);
        }
        is_full
    }

    fn counts(errors: &mut Errors) -> Vec<(Option<u64>, f64)> {
        core::iter::from_fn(|| errors.next()).collect()
    }

    #[test]
    fn each_is_told_once_a_view_and_then_counted() {
        let mut errors = Errors::default();
        let told = (0..1000).filter(|at| happens(&mut errors, f64::from(*at), 7)).count();
        assert_eq!((told, counts(&mut errors)), (1, vec![(Some(7), 999.0)]));
        assert!(!errors.has_news() && counts(&mut errors).is_empty());
        errors.turn();
        assert!(happens(&mut errors, 1000.0, 7) && !happens(&mut errors, 1001.0, 7));
    }

    #[test]
    fn there_are_so_many_different_ones_a_view_and_the_others_are_counted_together() {
        let mut errors = Errors::default();
        let each = u64::from(REPEATS) + 10;
        let told = (0..3 * each).filter(|n| happens(&mut errors, 0.0, n % each)).count();
        assert_eq!(told, REPEATS as usize);
        let counts = counts(&mut errors);
        assert_eq!(counts.len(), REPEATS as usize + 1);
        assert_eq!(counts.last(), Some(&(None, 30.0)));
        assert_eq!(told as f64 + counts.iter().map(|(_, times)| times).sum::<f64>(), 3.0 * each as f64);
        // The next view has room for others, in the place of those whose counts are told.
        errors.turn();
        assert!(happens(&mut errors, 0.0, each + 1));
    }

    #[test]
    fn in_changing_views_one_is_told_so_often_a_minute() {
        let mut errors = Errors::default();
        let mut told = 0;
        for view in 0..100 {
            errors.turn();
            told += u32::from(happens(&mut errors, f64::from(view) * 100.0, 7));
        }
        assert_eq!((told, counts(&mut errors)), (SAME_A_MINUTE, vec![(Some(7), f64::from(100 - SAME_A_MINUTE))]));
        errors.turn();
        assert!(happens(&mut errors, MINUTE_MS, 7));
    }

    #[test]
    fn the_page_means_them_by_numbers_of_which_the_last_are_known() {
        let mut errors = Errors::default();
        happens(&mut errors, 0.0, 7);
        errors.learn(1.0, Some(7));
        errors.learn(2.0, None);
        errors.count_key(1.0, 5.0);
        errors.count_key(2.0, 5.0);
        errors.count_key(3.0, 4.0);
        assert_eq!(counts(&mut errors), [(Some(7), 5.0), (None, 4.0)]);
        for key in 10..10 + KEYS {
            errors.learn(1.0, Some(7));
            errors.learn(key as f64, Some(8));
        }
        errors.count_key(1.0, 1.0);
        errors.count_key(2.0, 1.0);
        assert_eq!(counts(&mut errors), [(Some(7), 1.0), (None, 1.0)], "what is learned anew is kept");
        assert_eq!(errors.keys.len(), KEYS);
    }
}
