//! What has become of a batch, read without touching it.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tr::tr;

use crate::batch::journal::FILE;
use crate::database::{all, is_in_use};
use crate::error::CliError;

/// How many jobs of the batch in `directory` are in each state; while it runs, its journal is
/// its own.
pub fn read(directory: &Path) -> Result<Value, CliError> {
    let path = directory.join(FILE);
    if !path.exists() {
        let directory = directory.display();
        return Err(CliError::usage(tr!(
            "{directory} holds no batch",
            directory
        )));
    }
    let jobs = match states(&path) {
        Ok(jobs) => Some(jobs),
        Err(error) if is_in_use(&error) => None,
        Err(error) => {
            let path = path.display();
            return Err(CliError::usage(tr!(
                "{path} can't be read: {error}",
                path,
                error
            )));
        }
    };
    let summary = std::fs::read(directory.join("summary.json")).ok();
    let summary: Value = summary
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    Ok(json!({
        "running": jobs.is_none(),
        "jobs": jobs,
        "cost": summary["cost"],
        "exit_code": summary["exit_code"],
    }))
}

fn states(path: &Path) -> Result<BTreeMap<String, u64>, rusqlite::Error> {
    let sql = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    sql.busy_timeout(std::time::Duration::ZERO)?;
    let text = "SELECT state, count(*) FROM jobs GROUP BY state";
    all(&sql, text, [], |row| row.try_into())
}
