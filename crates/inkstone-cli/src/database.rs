//! Opens what a program keeps on disk for itself alone.

use std::path::Path;

use rusqlite::{Connection, Error};

/// Opens a database, and locks it until the connection is closed. What is committed is on
/// the disk.
pub fn connect(path: &Path) -> Result<Connection, Error> {
    let sql = Connection::open(path)?;
    sql.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    sql.pragma_update(None, "journal_mode", "WAL")?;
    sql.pragma_update(None, "synchronous", "FULL")?;
    // In exclusive mode the first write takes the lock and keeps it.
    sql.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    Ok(sql)
}
