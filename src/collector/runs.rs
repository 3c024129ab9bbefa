//! Which of the numbers that count up from 0 have come, as runs without a gap: of a page that loses nothing, one.

use crate::limits;
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// The runs, in their order. In the database as JSON, such as `[[0,57,1800000000000]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Runs(Vec<Run>);

/// First and last number of a run, and when the earliest of them came, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Run(u32, u32, i64);

impl Runs {
    /// Takes in that a number has come; once more says nothing new.
    pub(crate) fn add(&mut self, number: u32, now_ms: i64) {
        let at = self.0.partition_point(|run| run.1 < number);
        if self.0.get(at).is_some_and(|run| run.0 <= number) {
            return;
        }
        self.0.insert(at, Run(number, number, now_ms));
        self.join(at, 1);
        if at > 0 {
            self.join(at - 1, 1);
        }
        // What is between the two that are closest counts as come then: never is more said to be missing than is.
        if self.0.len() > limits::PAGE_RUNS
            && let Some(closest) = (0..self.0.len() - 1).min_by_key(|&at| self.distance(at))
        {
            self.join(closest, u32::MAX);
        }
    }

    /// How many have come.
    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|run| u64::from(run.1 - run.0) + 1).sum()
    }

    /// How many have not, from the first that is expected on. What is on its way is not missing: a number counts only when
    /// a higher one had come by the given time.
    pub(crate) fn missing(&self, first: u32, settled_ms: i64) -> u64 {
        let mut missing = 0;
        let mut earliest_ms = i64::MAX;
        for (at, run) in self.0.iter().enumerate().rev() {
            earliest_ms = earliest_ms.min(run.2);
            let below = at.checked_sub(1).and_then(|below| self.0.get(below)).map_or(0, |below| below.1 + 1);
            if earliest_ms <= settled_ms {
                missing += u64::from(run.0.saturating_sub(below.max(first)));
            }
        }
        missing
    }

    /// Makes one of a run and the next, if they are not farther apart than this.
    fn join(&mut self, at: usize, distance: u32) {
        let (Some(&lower), Some(&upper)) = (self.0.get(at), self.0.get(at + 1)) else { return };
        if upper.0 - lower.1 <= distance {
            self.0.remove(at + 1);
            self.0[at] = Run(lower.0, upper.1, lower.2.min(upper.2));
        }
    }

    fn distance(&self, at: usize) -> u32 {
        self.0[at + 1].0 - self.0[at].1
    }
}

impl FromSql for Runs {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(|error| FromSqlError::Other(error.into()))
    }
}

impl ToSql for Runs {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(self).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(numbers: impl IntoIterator<Item = u32>) -> Runs {
        let mut runs = Runs::default();
        numbers.into_iter().for_each(|number| runs.add(number, 0));
        runs
    }

    #[test]
    fn numbers_in_any_order_are_the_same_runs() {
        let expected = Runs(vec![Run(0, 3, 0), Run(5, 5, 0), Run(7, 8, 0)]);
        for order in [[0, 1, 2, 3, 5, 7, 8], [8, 7, 5, 3, 2, 1, 0], [0, 2, 8, 1, 5, 3, 7]] {
            let found = runs(order.into_iter().chain(order));
            assert_eq!((&found, found.count()), (&expected, 7), "{order:?}");
        }
        assert_eq!(serde_json::to_string(&expected).unwrap(), "[[0,3,0],[5,5,0],[7,8,0]]");
    }

    #[test]
    fn what_is_between_and_before_is_missing() {
        let found = runs([2, 3, 6, 9]);
        assert_eq!(found.missing(0, 0), 6);
        assert_eq!(found.missing(1, 0), 5);
        assert_eq!(found.missing(2, 0), 4);
        assert_eq!(found.missing(5, 0), 3);
        assert_eq!(found.missing(9, 0), 0);
        assert_eq!(found.missing(99, 0), 0);
        assert_eq!(Runs::default().missing(0, 0), 0);
    }

    #[test]
    fn a_number_is_missing_only_when_a_higher_one_has_been_there_for_a_while() {
        let mut runs = Runs::default();
        runs.add(1, 100);
        runs.add(4, 200);
        runs.add(5, 50);
        for (settled_ms, missing) in [(49, 0), (50, 3), (100, 3), (200, 3)] {
            assert_eq!(runs.missing(0, settled_ms), missing, "{settled_ms}");
        }
        let mut late = Runs::default();
        late.add(1, 100);
        late.add(4, 200);
        for (settled_ms, missing) in [(99, 0), (100, 1), (199, 1), (200, 3)] {
            assert_eq!(late.missing(0, settled_ms), missing, "{settled_ms}");
        }
        // What fills the gap makes it none, and keeps the time of the first.
        (2..4).for_each(|number| late.add(number, 900));
        assert_eq!((late.missing(0, 100), late.missing(0, 99), late.missing(0, i64::MAX)), (1, 0, 1));
    }

    #[test]
    fn more_runs_than_may_be_are_joined_where_least_is_lost() {
        let found = runs((0..=limits::PAGE_RUNS as u32).map(|n| if n == 0 { 0 } else { n * 10 - 5 }));
        assert_eq!(found.0.len(), limits::PAGE_RUNS);
        assert_eq!(found.0[0], Run(0, 5, 0));
        let all = runs((0..1000).map(|n| n * 7));
        assert!(all.0.len() <= limits::PAGE_RUNS && all.missing(0, 0) < 6000);
    }
}
