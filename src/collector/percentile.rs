//! `p75(value)`, an aggregate for SQL: SQLite as it is bundled has none.

use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};

/// Makes `p75` known to a connection.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_aggregate_function("p75", 1, flags, P75)
}

/// The 75th percentile by nearest rank: the smallest value that three quarters of all do not exceed. So it is always one
/// that was measured, as in the reports of CrUX; of no values it is NULL.
struct P75;

impl Aggregate<Vec<f64>, Option<f64>> for P75 {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Vec<f64>> {
        Ok(Vec::new())
    }

    fn step(&self, context: &mut Context<'_>, values: &mut Vec<f64>) -> rusqlite::Result<()> {
        values.extend(context.get::<Option<f64>>(0)?);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, values: Option<Vec<f64>>) -> rusqlite::Result<Option<f64>> {
        let mut values = values.unwrap_or_default();
        let rank = (values.len() * 3).div_ceil(4);
        let Some(index) = rank.checked_sub(1) else { return Ok(None) };
        let (_, value, _) = values.select_nth_unstable_by(index, f64::total_cmp);
        Ok(Some(*value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &str, expected: Option<f64>) {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        let sql = format!("WITH given (value) AS (VALUES {values}) SELECT p75(value) FROM given WHERE value != 'none'");
        let found: Option<f64> = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, expected, "{values}");
    }

    #[test]
    fn the_nearest_rank_is_taken() {
        check("('none')", None);
        check("(7)", Some(7.0));
        check("(2.5), (1)", Some(2.5));
        check("(3), (1), (2)", Some(3.0));
        check("(4), (1), (3), (2)", Some(3.0));
        check("(5), (4), (1), (3), (2)", Some(4.0));
    }
}
