//! Jobs that may have a task whose id never came.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use rusqlite::{OptionalExtension as _, Row, params_from_iter};
use serde_json::Value;

use crate::batch::journal::{Journal, broken};
use crate::batch::state::State;
use crate::database::{all, from_row, one};
use crate::error::CliError;

/// By how much the clocks of the API and of whoever noted the request may differ.
pub const SLACK: Duration = Duration::from_secs(60);

/// What stands in the message of an unknown job before what was found in the list.
pub const MARK: &str = "; in the API's list of tasks there ";

/// A job that may have a task which the journal does not know.
#[derive(Clone, Debug)]
pub struct LostTask {
    pub seq: i64,
    pub id: String,
    pub api: String,
    pub document: String,
    pub model: String,
    /// The account that it was sent by, where there are several.
    pub account: Option<String>,
    /// Its request, without the bytes of pictures.
    pub request: Value,
    /// The most pictures that it may make.
    pub most: u32,
    /// Whether its outcome is unknown; it may also be on the wire just now.
    pub is_unknown: bool,
    /// Whether the task of its last request is known.
    pub has_task: bool,
    /// Whether it was sent before without being known to be lost.
    pub is_resent: bool,
    /// When its last request was sent.
    pub sent: SystemTime,
}

/// The jobs that a task in an API's list may be of. Those that were sent again count as well: a
/// task may be of the earlier request.
const LOST: &str = "SELECT seq, id, api, document, model, request, worst, state, task_id,
    lost_attempts, time FROM jobs
    WHERE (state IN ('unknown', 'submitting') AND task_id IS NULL) OR lost_attempts > 0";

impl Journal {
    /// The jobs that may have a task which the journal does not know; none where no job is
    /// unknown.
    pub fn lost_tasks(&self) -> Result<Vec<LostTask>, CliError> {
        let sql = "SELECT 1 FROM jobs WHERE state = 'unknown' AND task_id IS NULL LIMIT 1";
        let any = one(&self.sql, sql, [], |_| Ok(())).optional();
        if any.map_err(broken)?.is_none() {
            return Ok(Vec::new());
        }
        let found: Vec<_> = all(&self.sql, LOST, [], lost).map_err(broken)?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Which of these tasks the journal knows.
    pub fn known_tasks(&self, tasks: &[String]) -> Result<HashSet<String>, CliError> {
        let mut known = HashSet::new();
        // SQLite takes so many values, and more.
        for tasks in tasks.chunks(500) {
            let places = vec!["?"; tasks.len()].join(", ");
            let sql = format!("SELECT task_id FROM jobs WHERE task_id IN ({places})");
            let found = all(&self.sql, &sql, params_from_iter(tasks), |row| row.get(0));
            let found: Vec<String> = found.map_err(broken)?;
            known.extend(found);
        }
        Ok(known)
    }

    /// Says of an unknown job why no task was found for it, behind what its message says before
    /// [`MARK`].
    pub fn task_not_found(&self, seq: i64, why: &str) -> Result<(), CliError> {
        let sql = "SELECT coalesce(message, '') FROM jobs WHERE seq = ? AND state = 'unknown'";
        let said = one(&self.sql, sql, [seq], |row| row.get(0)).optional();
        let said: Option<String> = said.map_err(broken)?;
        let Some(said) = said else {
            return Ok(());
        };
        let said = said.split(MARK).next().unwrap_or_default();
        let sql = "UPDATE jobs SET message = :message WHERE seq = :seq";
        let message = format!("{said}{MARK}{why}");
        let change = self.change(sql, &[(":message", &message), (":seq", &seq)]);
        change.commit()
    }
}

/// A job, if it is known when it was sent.
fn lost(row: &Row<'_>) -> rusqlite::Result<Option<LostTask>> {
    let time: Option<String> = row.get("time")?;
    let Some(sent) = time.and_then(|time| humantime::parse_rfc3339(&time).ok()) else {
        return Ok(None);
    };
    let (request, state): (String, State) = (row.get("request")?, row.get("state")?);
    let task_id: Option<String> = row.get("task_id")?;
    Ok(Some(
        from_row!(row => LostTask: seq, id, api, document, model;
        account = None,
        request = serde_json::from_str(&request).unwrap_or_default(),
        most = row.get("worst")?,
        is_unknown = state == State::Unknown,
        has_task = task_id.is_some(),
        is_resent = row.get::<_, i64>("lost_attempts")? > 0,
        sent = sent),
    ))
}
