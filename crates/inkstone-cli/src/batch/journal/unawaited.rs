//! A change that is committed with whatever comes next.

use rusqlite::{Connection, Error, ToSql};

/// A change that nobody waits for.
pub(super) struct Unawaited {
    pub sql: String,
    pub values: Vec<(&'static str, i64)>,
}

impl Unawaited {
    pub fn make(&self, sql: &Connection) -> Result<(), Error> {
        let values = self.values.iter();
        let values: Vec<(&str, &dyn ToSql)> = values
            .map(|(name, value)| (*name, value as &dyn ToSql))
            .collect();
        let mut statement = sql.prepare_cached(&self.sql)?;
        statement.execute(values.as_slice()).map(drop)
    }
}
