//! A service whose visitors do as they are asked, by a virtual clock: how much of it arrives, and whether it settles.

use crate::budget::{Budget, Meters};
use crate::sampled::Chance;
use crate::weight::Terms;

const BUDGET: Budget = Budget { records: 6000, floor: 0.001, ceiling: 1.0, fade_s: 60 };
/// Records of one batch, seconds between two, and how many a session has: it lasts two minutes.
const BATCH: u64 = 5;
const PAUSE_S: i64 = 10;
const BATCHES: i64 = 12;
/// New sessions a second at which everything that is told is just the budget.
const FITTING: f64 = BUDGET.records as f64 / 60.0 / (BATCH as f64 * BATCHES as f64);

struct Session {
    begun_s: i64,
    /// It is among the sampled where this is below the rate.
    lot: f64,
    /// The least rate that it has known: what it has dropped it does not take up again.
    rate: f64,
    has_error: bool,
}

/// The visitors of one service and the collector, second by second.
struct Story {
    meters: Meters,
    chance: Chance,
    now_s: i64,
    sessions: Vec<Session>,
    /// The last wish, and when it was told.
    wish: Option<(f64, i64)>,
    /// The share of visitors who know of it when they come.
    knowing: f64,
    errors: f64,
}

impl Story {
    fn new(seed: u64, knowing: f64, errors: f64) -> Self {
        let (meters, sessions) = (Meters::default(), Vec::new());
        Self { meters, chance: Chance(seed), now_s: 1_800_000_000, sessions, wish: None, knowing, errors }
    }

    /// So many minutes under a load, as a multiple of what fits; gives what arrived in each, as a multiple of the budget.
    fn minutes(&mut self, count: usize, load: f64) -> Vec<f64> {
        (0..count).map(|_| (0..60).map(|_| self.second(load)).sum::<u64>() as f64 / BUDGET.records as f64).collect()
    }

    fn second(&mut self, load: f64) -> u64 {
        self.now_s += 1;
        let coming = FITTING * load;
        for _ in 0..coming as usize + usize::from(self.chance.next() < coming.fract()) {
            let rate = if self.chance.next() < self.knowing { self.remembered() } else { 1.0 };
            let (lot, has_error) = (self.chance.next(), self.chance.next() < self.errors);
            self.sessions.push(Session { begun_s: self.now_s, lot, rate, has_error });
        }
        let mut arrived = 0;
        for session in &mut self.sessions {
            let age_s = self.now_s - session.begun_s;
            let is_sampled = session.lot < session.rate;
            if age_s % PAUSE_S != 0 || !(is_sampled || session.has_error) {
                continue;
            }
            let terms = if is_sampled { Terms::Share(session.rate) } else { Terms::Kept };
            let wish = self.meters.take(BUDGET, "shop", terms, BATCH, self.now_s * 1000);
            arrived += BATCH;
            if let Some(wish) = wish {
                assert_ne!(terms, Terms::Kept, "what is kept is not asked to stop");
                session.rate = session.rate.min(wish.rate);
                self.wish = Some((wish.rate, self.now_s));
            }
        }
        self.sessions.retain(|session| self.now_s - session.begun_s < PAUSE_S * (BATCHES - 1));
        arrived
    }

    fn remembered(&self) -> f64 {
        let Some((rate, told_s)) = self.wish else { return 1.0 };
        1.0 - (1.0 - rate) * 0.5f64.powf((self.now_s - told_s) as f64 / f64::from(BUDGET.fade_s))
    }
}

#[test]
fn ten_times_the_budget_settles_within_it_and_recovers() {
    for (seed, knowing) in [(1, 1.0), (2, 0.5), (3, 0.9), (4, 1.0)] {
        let mut story = Story::new(seed, knowing, 0.0);
        let before = story.minutes(5, 0.5);
        assert!(story.wish.is_none() && before[3] > 0.4, "seed {seed}: what fits is not asked for less: {before:?}");

        let under_load = story.minutes(25, 10.0);
        let settled = &under_load[8..];
        assert!(settled.iter().all(|volume| (0.7..1.3).contains(volume)), "seed {seed}: {under_load:.2?}");

        let after = story.minutes(12, 0.5);
        assert!(after[8..].iter().all(|volume| (0.4..0.6).contains(volume)), "seed {seed}: {after:.2?}");
        assert!(story.now_s - story.wish.unwrap().1 > 300, "seed {seed}: nobody is asked any more");
    }
}

#[test]
fn what_is_kept_takes_of_the_budget_but_goes_on() {
    let mut story = Story::new(7, 1.0, 0.04);
    let under_load = story.minutes(25, 10.0);
    // 4 % of ten times the budget are sessions with an error, all of which are told.
    assert!(under_load[8..].iter().all(|volume| (0.7..1.3).contains(volume)), "{under_load:.2?}");

    let mut storm = Story::new(8, 1.0, 0.5);
    let volume = storm.minutes(20, 10.0);
    assert!(volume[10..].iter().all(|volume| (4.5..5.5).contains(volume)), "{volume:.2?}");
    assert_eq!(storm.wish.map(|(rate, _)| rate), Some(BUDGET.floor));
}

#[test]
fn twice_the_budget_and_a_load_that_changes_settle_too() {
    let mut story = Story::new(9, 1.0, 0.0);
    for load in [2.0, 6.0, 1.5] {
        let volume = story.minutes(15, load);
        assert!(volume[10..].iter().all(|volume| (0.7..1.3).contains(volume)), "load {load}: {volume:.2?}");
    }
}
