//! Opens what a program keeps on disk for itself alone, and runs statements there. Each is
//! prepared once.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::FromSql;
use rusqlite::{Connection, Error, ErrorCode, Params, Result, Row};
use tr::tr;

use crate::error::CliError;

/// Opens a database, and locks it until the connection is closed. What is committed is on
/// the disk.
pub fn connect(path: &Path) -> Result<Connection> {
    let sql = Connection::open(path)?;
    // Otherwise a query is prepared anew for every other value, which takes longer than to run
    // it.
    sql.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    sql.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    sql.pragma_update(None, "journal_mode", "WAL")?;
    sql.pragma_update(None, "synchronous", "FULL")?;
    // A journal has more statements than are kept by default.
    sql.set_prepared_statement_cache_capacity(64);
    // In exclusive mode the first write takes the lock and keeps it.
    sql.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    Ok(sql)
}

/// The first row that a statement finds; an error where there is none.
pub fn one<T>(
    sql: &Connection,
    text: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<T> {
    sql.prepare_cached(text)?.query_row(values, read)
}

/// All rows that a statement finds.
pub fn all<T, C: FromIterator<T>>(
    sql: &Connection,
    text: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<C> {
    sql.prepare_cached(text)?.query_map(values, read)?.collect()
}

/// Runs a statement that finds nothing.
pub fn run(sql: &Connection, text: &str, values: impl Params) -> Result<()> {
    sql.prepare_cached(text)?.execute(values).map(drop)
}

/// The columns of a row by their names, quickest in the order of the statement: SQLite would look
/// at all names for each.
pub struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub fn of(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    pub fn get<T: FromSql>(&mut self, name: &str) -> Result<T> {
        let statement = self.row.as_ref();
        let is_next = statement
            .column_name(self.next)
            .is_ok_and(|next| next == name);
        let index = match is_next {
            true => self.next,
            false => statement.column_index(name)?,
        };
        self.next = index + 1;
        self.row.get(index)
    }
}

/// A struct of a row, whose columns have the names of its fields; those behind `;` are given.
macro_rules! from_row {
    ($row:ident => $kind:ident: $($column:ident),* $(; $($field:ident = $value:expr),*)?) => {{
        let mut columns = $crate::database::Columns::of($row);
        $kind {
            $($column: columns.get(stringify!($column))?,)*
            $($($field: $value,)*)?
        }
    }};
}
pub(crate) use from_row;

/// Has an enum be a text in a row: the name that its `name` gives, and its `find` finds. A name that
/// is not known reads as `$otherwise`, or not at all.
macro_rules! by_name {
    ($kind:ident, $otherwise:expr) => {
        impl rusqlite::types::ToSql for $kind {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }

        impl rusqlite::types::FromSql for $kind {
            fn column_result(
                value: rusqlite::types::ValueRef<'_>,
            ) -> rusqlite::types::FromSqlResult<Self> {
                let found = Self::find(value.as_str()?).or($otherwise);
                found.ok_or(rusqlite::types::FromSqlError::InvalidType)
            }
        }
    };
}
pub(crate) use by_name;

/// Whether another process has the database.
pub fn is_in_use(error: &Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// The error of a database that another process has.
pub fn in_use(path: &Path) -> CliError {
    let path = path.display();
    CliError::usage(tr!(
        "another inkstone is using this directory: {path} is locked",
        path
    ))
}
