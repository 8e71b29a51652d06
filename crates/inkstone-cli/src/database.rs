//! Opens what a program keeps on disk for itself alone.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error};

/// Opens a database, and locks it until the connection is closed. What is committed is on
/// the disk.
pub fn connect(path: &Path) -> Result<Connection, Error> {
    let sql = Connection::open(path)?;
    // Otherwise a query is prepared anew for every other value, which takes longer than to run
    // it.
    sql.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    sql.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    sql.pragma_update(None, "journal_mode", "WAL")?;
    sql.pragma_update(None, "synchronous", "FULL")?;
    // In exclusive mode the first write takes the lock and keeps it.
    sql.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    Ok(sql)
}
