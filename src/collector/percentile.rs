//! `p75(value, weight)`, an aggregate for SQL: SQLite as it is bundled has none.

use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};

/// Makes `p75` known to a connection.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_aggregate_function("p75", 2, flags, P75)
}

/// The 75th percentile by nearest rank: the smallest value that three quarters of all weight do not exceed. So it is always
/// one that was measured, as in the reports of CrUX; of no values, or of none that weighs anything, it is NULL.
struct P75;

/// Each value with its weight.
type Weighed = Vec<(f64, f64)>;

impl Aggregate<Weighed, Option<f64>> for P75 {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Weighed> {
        Ok(Vec::new())
    }

    fn step(&self, context: &mut Context<'_>, values: &mut Weighed) -> rusqlite::Result<()> {
        let (value, weight) = (context.get::<Option<f64>>(0)?, context.get::<Option<f64>>(1)?.unwrap_or(1.0));
        values.extend(value.filter(|_| weight > 0.0).map(|value| (value, weight)));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, values: Option<Weighed>) -> rusqlite::Result<Option<f64>> {
        let mut values = values.unwrap_or_default();
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let all: f64 = values.iter().map(|(_, weight)| weight).sum();
        // Weights such as 1/0.3 are no exact numbers: what is short of the mark by a rounding has reached it.
        let mark = all * (0.75 - 1e-12);
        let mut below = 0.0;
        let at_mark = values.iter().find(|(_, weight)| {
            below += weight;
            below >= mark
        });
        Ok(at_mark.map(|(value, _)| *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &str, expected: Option<f64>) {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        let sql =
            format!("WITH given (value, weight) AS (VALUES {values}) SELECT p75(value, weight) FROM given WHERE value != 'none'");
        let found: Option<f64> = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, expected, "{values}");
    }

    #[test]
    fn the_nearest_rank_is_taken() {
        check("('none', 1)", None);
        check("(7, 1)", Some(7.0));
        check("(2.5, 1), (1, 1)", Some(2.5));
        check("(3, 1), (1, 1), (2, 1)", Some(3.0));
        check("(4, 1), (1, 1), (3, 1), (2, 1)", Some(3.0));
        check("(5, 1), (4, 1), (1, 1), (3, 1), (2, 1)", Some(4.0));
    }

    #[test]
    fn a_value_counts_as_often_as_it_weighs() {
        check("(1, 3), (9, 1)", Some(1.0));
        check("(1, 2.9), (9, 1)", Some(9.0));
        check("(9, 1), (1, 1), (5, 2)", Some(5.0));
        check("(1, 3.3333333333333335), (2, 3.3333333333333335), (3, 3.3333333333333335), (4, 3.3333333333333335)", Some(3.0));
    }

    #[test]
    fn what_weighs_nothing_does_not_count() {
        check("(9, 0), (1, 1)", Some(1.0));
        check("(9, 0), (8, 0)", None);
        check("(9, -1), (1, NULL)", Some(1.0));
    }
}
