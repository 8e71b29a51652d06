//! Sums over the jobs, and the jobs as the reports show them.

use std::collections::BTreeMap;

use inkstone::Image;
use rusqlite::{OptionalExtension as _, Row};
use serde::Serialize;
use serde_json::Value;

use tr::tr;

use crate::batch::journal::{Journal, broken};
use crate::batch::state::State;
use crate::database::{all, from_row, one};
use crate::error::CliError;
use crate::output::sidecar;
use crate::pricing::money::Money;

/// The pictures that came, which count as paid for.
const SETTLED: &str = "CASE state WHEN 'done' THEN made WHEN 'replied' THEN made ELSE 0 END";

/// The most that may have been made where the outcome is unknown or still to come: they count as
/// paid for as well.
const RESERVED: &str = "lost + CASE state
    WHEN 'unknown' THEN worst WHEN 'submitting' THEN worst
    WHEN 'waiting' THEN worst ELSE 0 END";

/// How often the pictures that a job brings along count as paid for, because a reply came.
const SETTLED_ATTEMPTS: &str = "state IN ('done', 'replied')";

/// How often they do because that is not known.
const RESERVED_ATTEMPTS: &str = "lost_attempts + (state IN ('unknown', 'submitting', 'waiting'))";

/// Pictures, and what they cost.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Spending {
    pub images: u64,
    /// How many of them have no known price.
    pub unpriced: u64,
    /// By currency.
    pub cost: BTreeMap<String, Money>,
}

/// A job as the summary and the contact sheet show it.
#[derive(Debug, Serialize)]
pub struct Entry {
    #[serde(skip)]
    pub seq: i64,
    pub id: String,
    pub api: String,
    pub model: String,
    #[serde(skip)]
    pub request: Value,
    pub state: State,
    pub stage: Option<String>,
    pub status: Option<u16>,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub message: Option<String>,
    #[serde(rename = "reply")]
    pub reply_file: Option<String>,
    /// Where pictures are that are paid for and not saved, for as long as they are there: of a
    /// reply that is in the journal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    pub task_id: Option<String>,
    /// Why there are fewer pictures than were asked for.
    pub unmade: Option<String>,
}

/// Where a job is among all.
#[derive(Debug)]
pub struct JobPlace {
    pub seq: i64,
    pub id: String,
    pub state: State,
    /// How many jobs come before it.
    pub position: u64,
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let request: String = row.get("request")?;
    let reply: Option<String> = row.get("unsaved")?;
    let status: Option<u16> = row.get("status")?;
    let find = |reply: String| Image::find_in_reply(status.unwrap_or(200), reply.as_bytes());
    let images = reply.map_or_else(Vec::new, find);
    Ok(
        from_row!(row => Entry: seq, id, model, api, state, stage, status, code, request_id,
        message, reply_file, task_id, unmade;
        urls = images.iter().filter_map(sidecar::url).map(str::to_owned).collect(),
        request = serde_json::from_str(&request).unwrap_or_default()),
    )
}

const ENTRY: &str = "request, seq, id, model, api, state, stage, status, code, request_id,
    coalesce(message, unmade) AS message, reply_file, task_id, unmade,
    iif(state = 'replied', reply, NULL) AS unsaved";

impl Spending {
    /// In words, as in "1.20 CNY and 2 pictures at unknown cost".
    pub fn text(&self) -> String {
        let cost = self.cost.iter();
        let mut parts: Vec<_> = cost
            .map(|(currency, sum)| format!("{sum} {currency}"))
            .collect();
        if self.unpriced > 0 {
            parts.push(tr!(
                "{n} picture at unknown cost" | "{n} pictures at unknown cost" % self.unpriced
            ));
        }
        match parts.is_empty() {
            true => tr!("nothing spent"),
            false => parts.join(&tr!(" and ")),
        }
    }
}

impl Journal {
    /// How many jobs there are in each state.
    pub fn states(&self) -> Result<BTreeMap<State, u64>, CliError> {
        let sql = "SELECT state, count(*) FROM jobs GROUP BY state";
        let rows: Vec<(State, u64)> =
            all(&self.sql, sql, [], |row| row.try_into()).map_err(broken)?;
        // Names that are not known are all of one state.
        let mut states = BTreeMap::new();
        for (state, count) in rows {
            *states.entry(state).or_default() += count;
        }
        Ok(states)
    }

    /// What has been spent so far, in this run and those before it.
    pub fn spent(&self) -> Result<Spending, CliError> {
        let pictures = format!("{SETTLED} + {RESERVED}");
        let attempts = format!("({SETTLED_ATTEMPTS}) + {RESERVED_ATTEMPTS}");
        self.sum(&pictures, &attempts, "true")
    }

    /// What may have been spent on pictures that did not come: the worst case.
    pub fn reserved(&self) -> Result<Spending, CliError> {
        self.sum(RESERVED, RESERVED_ATTEMPTS, "true")
    }

    /// What was spent on pictures that came, in words; and apart from it, what others may have
    /// cost.
    pub fn cost_text(&self) -> Result<String, CliError> {
        let settled = self.sum(SETTLED, SETTLED_ATTEMPTS, "true")?;
        let reserved = self.reserved()?;
        let spent = match settled.images {
            0 => tr!("nothing spent"),
            _ => settled.text(),
        };
        if reserved.images == 0 {
            return Ok(spent);
        }
        let reserved = reserved.text();
        Ok(tr!(
            "{spent}, and up to {reserved} reserved",
            spent,
            reserved
        ))
    }

    /// What the jobs that are still to be sent may cost at most.
    pub fn outstanding(&self) -> Result<Spending, CliError> {
        self.sum("worst", "1", "state = 'queued'")
    }

    fn sum(&self, images: &str, attempts: &str, which: &str) -> Result<Spending, CliError> {
        let sql = format!(
            "SELECT currency, sum({images}),
                sum(({images}) * price + ({attempts}) * coalesce(inputs, 0))
            FROM jobs WHERE {which} GROUP BY currency"
        );
        let rows = all(&self.sql, &sql, [], |row| row.try_into());
        let rows: Vec<(Option<String>, u64, Option<i64>)> = rows.map_err(broken)?;
        let mut spent = Spending::default();
        for (currency, images, cost) in rows {
            spent.images += images;
            match (currency, cost) {
                (Some(currency), Some(cost)) => {
                    spent.cost.insert(currency, Money(cost));
                }
                _ => spent.unpriced += images,
            }
        }
        Ok(spent)
    }

    /// How many pictures are on disk.
    pub fn saved_pictures(&self) -> Result<u64, CliError> {
        self.count("SELECT count(*) FROM pictures WHERE saved")
    }

    /// The models without a price.
    pub fn unpriced_models(&self) -> Result<Vec<String>, CliError> {
        self.column("SELECT DISTINCT model FROM jobs WHERE price IS NULL ORDER BY model")
    }

    /// The currencies of all prices.
    pub fn currencies(&self) -> Result<Vec<String>, CliError> {
        self.column("SELECT DISTINCT currency FROM jobs WHERE currency NOT NULL ORDER BY currency")
    }

    /// The APIs of unfinished jobs.
    pub fn apis(&self) -> Result<Vec<String>, CliError> {
        self.column(
            "SELECT DISTINCT api FROM jobs WHERE state IN ('queued', 'waiting', 'replied')
            ORDER BY api",
        )
    }

    /// Whether the outcome of a job is unknown.
    pub fn has_unknown(&self) -> Result<bool, CliError> {
        let states = self.states()?;
        Ok(states.get(&State::Unknown).is_some_and(|count| *count > 0))
    }

    fn column(&self, sql: &str) -> Result<Vec<String>, CliError> {
        all(&self.sql, sql, [], |row| row.get(0)).map_err(broken)
    }

    /// The states and stages of jobs that are not done, or not completely.
    pub fn endings(&self) -> Result<Vec<(State, Option<String>)>, CliError> {
        let sql = "SELECT DISTINCT state, stage FROM jobs
            WHERE state <> 'done' OR unmade IS NOT NULL";
        all(&self.sql, sql, [], |row| row.try_into()).map_err(broken)
    }

    /// How many jobs are done with fewer pictures than were asked for.
    pub fn done_in_part(&self) -> Result<u64, CliError> {
        self.count("SELECT count(*) FROM jobs WHERE state = 'done' AND unmade IS NOT NULL")
    }

    /// The first job after `seq`.
    pub fn entry(&self, after: i64) -> Result<Option<Entry>, CliError> {
        self.next_entry(after, "true")
    }

    /// The first job after `seq` that the summary lists: not one that is completely done, nor
    /// one that was never sent. The others are passed over without being read.
    pub fn listed_entry(&self, after: i64) -> Result<Option<Entry>, CliError> {
        self.next_entry(
            after,
            "state NOT IN ('queued') AND (state <> 'done' OR unmade IS NOT NULL)",
        )
    }

    fn next_entry(&self, after: i64, which: &str) -> Result<Option<Entry>, CliError> {
        let sql =
            format!("SELECT {ENTRY} FROM jobs WHERE seq > ? AND {which} ORDER BY seq LIMIT 1");
        let found = one(&self.sql, &sql, [after], entry);
        found.optional().map_err(broken)
    }

    /// The first of the jobs to look at, at most so many, and how many there are.
    pub fn to_look_at(&self, most: usize) -> Result<(Vec<JobPlace>, u64), CliError> {
        let count =
            self.count("SELECT count(*) FROM jobs WHERE state NOT IN ('done', 'queued')")?;
        let sql = "SELECT seq, id, state, position FROM (
                SELECT seq, id, state, row_number() OVER (ORDER BY seq) - 1 AS position FROM jobs
            ) WHERE state NOT IN ('done', 'queued') ORDER BY seq LIMIT ?";
        let place = |row: &Row<'_>| Ok(from_row!(row => JobPlace: seq, id, state, position));
        let places = all(&self.sql, sql, [most], place).map_err(broken)?;
        Ok((places, count))
    }

    /// How many jobs there are.
    pub fn jobs(&self) -> Result<u64, CliError> {
        self.count("SELECT count(*) FROM jobs")
    }

    fn count(&self, sql: &str) -> Result<u64, CliError> {
        one(&self.sql, sql, [], |row| row.get(0)).map_err(broken)
    }
}
