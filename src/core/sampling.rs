//! Which sessions are reported: a lot, drawn by the session's own name, that every tab and the back end finds again.

use crate::ids::read_hex;
use crate::time::PageTime;

/// Whether a session is among the sampled. The identifier is random and uniform, so its first 32 bits are a number
/// that every tab, and the back end, finds again.
pub(crate) fn is_sampled(session_id: &[u8], rate: f64) -> bool {
    read_hex(session_id.get(..8).unwrap_or_default()) < rate * 4_294_967_296.0
}

/// Why a session is told that is not sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// There was an error, or a request failed.
    Error,
    /// It came to where a rule of the site wants it.
    Rule,
}

impl Kept {
    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Self::Error => b"error",
            Self::Rule => b"rule",
        }
    }
}

/// What the collector asks for when more comes than it wants (WIRE.md, "Transport").
struct Wish {
    /// The share of sessions that it wants to hear of, when it said so; and the bounds of it.
    rate: f64,
    floor: f64,
    ceiling: f64,
    at: PageTime,
    /// In how many milliseconds half of it is forgotten.
    half_life: f64,
}

impl Wish {
    fn share(&self, now: PageTime) -> f64 {
        let mut less = 1.0 - self.rate;
        let mut halves = (now.0 - self.at.0) / self.half_life;
        // Before it, and after so many, it is as if nothing was said.
        if !(0.0..32.0).contains(&halves) {
            return 1.0;
        }
        while halves >= 1.0 {
            less /= 2.0;
            halves -= 1.0;
        }
        // Between two halves a line is near enough: no power is worth its kilobytes.
        (1.0 - less * (1.0 - halves / 2.0)).max(self.floor).min(self.ceiling)
    }
}

/// The lot of this session.
pub(crate) struct Lot {
    /// The share of sessions that were reported when this one began. With 0 nothing is gathered.
    pub(crate) rate: f64,
    pub(crate) is_sampled: bool,
    /// Why it is told nevertheless, since when there was a reason.
    pub(crate) kept: Option<Kept>,
    wish: Option<Wish>,
}

impl Lot {
    pub(crate) const NONE: Self = Self { rate: 0.0, is_sampled: false, kept: None, wish: None };

    /// The share of sessions that are reported now, of which this one may be.
    pub(crate) fn share(&self, now: PageTime) -> f64 {
        self.wish.as_ref().map_or(self.rate, |wish| self.rate.min(wish.share(now)))
    }

    /// Looks again whether this session is among them.
    pub(crate) fn draw(&mut self, session_id: &[u8], now: PageTime) {
        self.is_sampled = is_sampled(session_id, self.share(now));
    }

    pub(crate) fn keep(&mut self, why: Kept) {
        self.kept.get_or_insert(why);
    }

    pub(crate) fn is_told(&self) -> bool {
        self.is_sampled || self.kept.is_some()
    }

    /// Takes in a wish: share, floor, ceiling, and the seconds in which half of it is forgotten; none if these are 0. What is
    /// no number is none either.
    pub(crate) fn wish(&mut self, now: PageTime, numbers: &[f64]) {
        if let [rate, floor, ceiling, seconds] = *numbers
            && seconds > 0.0
            && [rate, floor, ceiling].iter().all(|share| (0.0..=1.0).contains(share))
        {
            self.wish = Some(Wish { rate, floor, ceiling, at: now, half_life: seconds * 1000.0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn all_or_none_at_the_ends() {
        for id in [b"00000000", b"ffffffff", b"7fffffff"] {
            assert!(is_sampled(id, 1.0), "{id:?}");
            assert!(!is_sampled(id, 0.0), "{id:?}");
        }
    }

    #[test]
    fn the_share_is_the_rate() {
        let mut ids = Ids::new(&[7; 16]);
        let sampled = (0..20_000).filter(|_| is_sampled(&ids.hex(16), 0.25)).count();
        assert!((4700..5300).contains(&sampled), "{sampled}");
    }

    /// A million sessions: the share is the rate within 0.2 %, and in each of 16 cohorts, told apart by the other end of the
    /// identifier, within 0.5 %.
    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn no_cohort_is_told_more_often_than_another() {
        let mut ids = Ids::new(b"a million of ids");
        for rate in [0.5, 0.1] {
            let mut cohorts = [[0.0_f64; 2]; 16];
            for _ in 0..1_000_000 {
                let id = ids.hex(16);
                let [all, sampled] = &mut cohorts[read_hex(&id[31..]) as usize];
                *all += 1.0;
                *sampled += f64::from(u8::from(is_sampled(&id, rate)));
            }
            let [all, sampled] = cohorts.iter().fold([0.0; 2], |[all, sampled], [a, s]| [all + a, sampled + s]);
            assert!((sampled / all - rate).abs() < 0.002, "{sampled} of {all}");
            for (cohort, [all, sampled]) in cohorts.iter().enumerate() {
                assert!((sampled / all - rate).abs() < 0.005, "cohort {cohort}: {sampled} of {all}");
            }
        }
    }

    /// The share that a wish for a tenth leaves after so many half lives of a minute.
    #[test]
    fn a_wish_fades() {
        let mut lot = Lot { rate: 1.0, ..Lot::NONE };
        lot.wish(PageTime(0.0), &[0.1, 0.0, 1.0, 60.0]);
        for (minutes, share) in [(0.0, 0.1), (0.5, 0.325), (1.0, 0.55), (2.0, 0.775), (3.0, 0.8875), (40.0, 1.0)] {
            let told = lot.share(PageTime(minutes * 60_000.0));
            assert!((told - share).abs() < 1e-9, "{minutes} {told}");
        }
    }

    #[test]
    fn a_wish_keeps_to_its_bounds_and_to_the_rate_of_the_site() {
        for (rate, wish, share) in [
            (1.0, [0.001, 0.05, 1.0, 60.0], 0.05),
            (1.0, [0.9, 0.0, 0.5, 60.0], 0.5),
            (0.2, [0.5, 0.0, 1.0, 60.0], 0.2),
            (0.2, [0.1, 0.0, 1.0, 60.0], 0.1),
            // None of these is a wish.
            (0.2, [0.1, 0.0, 1.0, 0.0], 0.2),
            (0.2, [-0.1, 0.0, 1.0, 60.0], 0.2),
            (0.2, [f64::NAN, 0.0, 1.0, 60.0], 0.2),
            (0.2, [0.1, 0.0, 7.0, 60.0], 0.2),
        ] {
            let mut lot = Lot { rate, ..Lot::NONE };
            lot.wish(PageTime(5.0), &wish);
            assert!((lot.share(PageTime(5.0)) - share).abs() < 1e-9, "{rate} {wish:?}");
        }
    }

    /// Who is told at a smaller share is told at any greater one: weights add up while the share changes.
    #[test]
    fn the_sampled_of_a_smaller_share_are_among_those_of_a_greater() {
        let mut ids = Ids::new(&[9; 16]);
        for _ in 0..10_000 {
            let id = ids.hex(16);
            assert!(!is_sampled(&id, 0.2) || is_sampled(&id, 0.3));
        }
    }
}
