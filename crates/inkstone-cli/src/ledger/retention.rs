//! What of an order stays, and for how long.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// What of an order stays, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// A day after its answer it is forgotten, and its pictures are removed.
    Day,
    /// It is forgotten after a day, but its pictures stay.
    Pictures,
    /// It stays for as long as the ledger does, and so do its pictures.
    Order,
}

impl Retention {
    /// Whether its pictures stay.
    pub fn keeps_pictures(self) -> bool {
        self != Self::Day
    }

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Pictures => "pictures",
            Self::Order => "order",
        }
    }
}

impl ToSql for Retention {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Retention {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        let all = [Self::Day, Self::Pictures, Self::Order];
        let found = all.into_iter().find(|own| own.name() == name);
        found.ok_or(FromSqlError::InvalidType)
    }
}
