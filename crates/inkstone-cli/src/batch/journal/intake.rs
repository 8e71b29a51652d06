//! Puts the jobs file into the journal: all of it, or nothing.

use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde_json::Value;
use tr::tr;

use crate::args::address::AddressArgs;
use crate::batch::jobs::job::Job;
use crate::batch::jobs::lines::Place;
use crate::batch::journal::made_before::{self, MadeBefore, Picture};
use crate::batch::journal::{Journal, broken};
use crate::batch::state::State;
use crate::database::{all, from_row, one, run};
use crate::error::CliError;
use crate::output::input;
use crate::output::names::safe_stem;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;
use crate::request::picture_count::asked;

/// A pass over the jobs file, rolled back unless it is [finished](Self::finish).
pub struct Intake<'a> {
    transaction: rusqlite::Transaction<'a>,
    prices: &'a Prices,
    address: &'a AddressArgs,
    /// The directory of the batch, if it has one.
    out: Option<&'a Path>,
    /// Whether a sandbox stands in for the APIs, if that is known.
    is_rehearsal: Option<bool>,
    /// Read once a job is new, or is said not to be done: of pictures that the journal knows
    /// nothing of.
    made_before: OnceCell<HashMap<String, MadeBefore>>,
    adopted: Adopted,
}

/// How many jobs were sent before this journal was made, or after it was copied, and are done.
#[derive(Debug, Default)]
pub struct Adopted {
    /// Those whose pictures are there.
    pub there: Cell<u64>,
    /// Those with pictures that are gone and can't be fetched again.
    pub gone: Cell<u64>,
}

impl Journal {
    /// Begins a pass over the jobs file.
    pub fn intake<'a>(
        &'a self,
        prices: &'a Prices,
        address: &'a AddressArgs,
        out: Option<&'a Path>,
    ) -> Result<Intake<'a>, CliError> {
        let transaction = self.sql.unchecked_transaction().map_err(broken)?;
        let forget = "UPDATE jobs SET line = NULL WHERE line IS NOT NULL";
        transaction.execute(forget, []).map_err(broken)?;
        Ok(Intake {
            transaction,
            prices,
            address,
            out,
            is_rehearsal: self.is_rehearsal()?,
            made_before: OnceCell::new(),
            adopted: Adopted::default(),
        })
    }
}

/// The job that the journal has under an id.
struct Known {
    seq: i64,
    line: Option<i64>,
    hash: String,
    state: State,
}

impl Intake<'_> {
    /// Takes in the job at `place`; returns why it is not accepted, if it is not.
    pub fn take(&self, job: &Job, place: Place) -> Result<Option<String>, CliError> {
        let hash = job.hash();
        match self.known(&job.id)? {
            Some(Known {
                line: Some(first), ..
            }) => return Ok(Some(tr!("line {first} has the same id", first))),
            Some(Known {
                hash: old, state, ..
            }) if old != hash => {
                let state = state.shown();
                return Ok(Some(tr!(
                    "the journal has another request with this id, which is {state}: restore the \
                     old request, or give this one another id, such as {other}",
                    state,
                    other = format!("{:?}", format!("{}-b", job.id))
                )));
            }
            Some(Known { seq, state, .. }) => {
                // A journal that was restored from a copy does not know what was made since.
                let made = match self.may_lack(seq, state)? {
                    true => self.made_before(job)?,
                    false => None,
                };
                if let Some(made) = made
                    && let Some(why) = self.objection(job, made)
                {
                    return Ok(Some(why));
                }
                self.update(job, place)?;
                if let Some(made) = made
                    && (!is_under_way(state) || made.is_whole(asked(&job.body)))
                {
                    self.adopt(job, made)?;
                }
            }
            None => {
                let made = self.made_before(job)?;
                if let Some(made) = made
                    && let Some(why) = self.objection(job, made)
                {
                    return Ok(Some(why));
                }
                self.insert(job, place, &hash)?;
                if let Some(made) = made {
                    self.adopt(job, made)?;
                }
            }
        }
        Ok(None)
    }

    /// Why the pictures that the directory has under a job's id are not its own, if they are not.
    fn objection(&self, job: &Job, made: &MadeBefore) -> Option<String> {
        if self.is_rehearsal.is_some_and(|it| it != made.is_rehearsal) {
            return Some(tr!(
                "the directory has {file} of a batch that is sent elsewhere: one of the \
                 two is a rehearsal with --sandbox; give another directory",
                file = made.any_file()
            ));
        }
        if made.api != job.operation.api || !input::is_kept_of(&made.request, &shortened(job)) {
            return Some(tr!(
                "the directory has {file}, a picture of another request with this id: \
                 give this one another id, such as {other}",
                file = made.any_file(),
                other = format!("{:?}", format!("{}-b", job.id))
            ));
        }
        None
    }

    /// Whether a job of the journal may have pictures that the journal does not know of: it is not
    /// done, and none of its pictures has a name.
    fn may_lack(&self, seq: i64, state: State) -> Result<bool, CliError> {
        let is_open = matches!(state, State::Queued | State::Unknown);
        if !is_open && !is_under_way(state) {
            return Ok(false);
        }
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM pictures WHERE job = ?)";
        one(&self.transaction, sql, [seq], |row| row.get(0)).map_err(broken)
    }

    fn quote(&self, job: &Job) -> Quote {
        let address = Some(self.address);
        Quote::at(self.prices, job.operation, &job.model, &job.body, address)
    }

    /// The pictures of a job that the directory has already, and the journal knows nothing of.
    fn made_before(&self, job: &Job) -> Result<Option<&MadeBefore>, CliError> {
        let Some(out) = self.out else {
            return Ok(None);
        };
        if self.made_before.get().is_none() {
            let known = self.known_files()?;
            let is_known = |file: &str| known.contains(&file.to_lowercase());
            let made = made_before::read(out, is_known);
            let made = made.map_err(|error| unreadable(out, &error))?;
            // Nobody else sets it.
            let _ = self.made_before.set(made);
        }
        Ok(self.made_before.get().and_then(|made| made.get(&job.id)))
    }

    /// The names of the pictures that the journal knows, in small letters.
    fn known_files(&self) -> Result<HashSet<String>, CliError> {
        all(&self.transaction, "SELECT taken FROM pictures", [], |row| {
            row.get(0)
        })
        .map_err(broken)
    }

    /// Counts a job as done: it was sent before this journal was made, or after it was copied.
    /// Pictures that are gone are to be fetched again, where it is known from where.
    fn adopt(&self, job: &Job, made: &MadeBefore) -> Result<(), CliError> {
        let lost = made.lost();
        let count = match (made.has_to_fetch(), lost.as_slice()) {
            (false, []) => Some(&self.adopted.there),
            (false, _) => Some(&self.adopted.gone),
            (true, _) => None,
        };
        if let Some(count) = count {
            count.set(count.get() + 1);
        }
        let sql = "UPDATE jobs SET state = :state, made = :made, time = :time,
                request_id = :request_id, unmade = :unmade, reply = :reply,
                stage = NULL, message = NULL
            WHERE id = :id RETURNING seq";
        let values = named_params! {
            ":state": match made.has_to_fetch() {
                false => State::Done,
                true => State::Replied,
            },
            ":made": made.count(),
            ":time": made.time,
            ":request_id": made.request_id,
            ":unmade": made.unmade(asked(&job.body), "directory"),
            ":reply": made.reply(),
            ":id": job.id,
        };
        let seq = one(&self.transaction, sql, values, |row| row.get(0));
        let seq: i64 = seq.map_err(broken)?;
        let sql = "INSERT INTO pictures (job, number, file, taken, saved) VALUES (?, ?, ?, ?, ?)";
        for (number, (Picture { file, .. }, is_there)) in made.pictures().enumerate() {
            let row = (seq, number, file, file.to_lowercase(), is_there);
            run(&self.transaction, sql, row).map_err(broken)?;
        }
        Ok(())
    }

    fn known(&self, id: &str) -> Result<Option<Known>, CliError> {
        let sql = "SELECT seq, line, hash, state FROM jobs WHERE id = ?";
        let known = |row: &Row<'_>| Ok(from_row!(row => Known: seq, line, hash, state));
        let known = one(&self.transaction, sql, [id], known);
        known.optional().map_err(broken)
    }

    fn insert(&self, job: &Job, place: Place, hash: &str) -> Result<(), CliError> {
        let sql = "INSERT INTO jobs (id, stem, line, offset, length, hash, api, document, model,
                request, worst, price, inputs, currency)
            VALUES (:id, :stem, :line, :offset, :length, :hash, :api, :document, :model,
                :request, :worst, :price, :inputs, :currency)";
        let quote = self.quote(job);
        let worst = quote.worst();
        let values = named_params! {
            ":id": job.id,
            ":stem": safe_stem::stem(&job.id),
            ":line": place.number,
            ":offset": place.offset,
            ":length": place.length,
            ":hash": hash,
            ":api": job.operation.api,
            ":document": job.operation.name,
            ":model": job.model,
            ":request": shortened(job).to_string(),
            ":worst": worst.pictures,
            ":price": worst.price.map(|price| price.0),
            ":inputs": worst.price.map(|_| worst.inputs.0),
            ":currency": worst.price.map(|_| &quote.currency),
        };
        run(&self.transaction, sql, values).map_err(broken)
    }

    /// Notes the new line of a known job, and its price if it was not sent yet. A journal of
    /// an earlier version may lack that of its inputs.
    fn update(&self, job: &Job, place: Place) -> Result<(), CliError> {
        let sql = "UPDATE jobs SET line = :line, offset = :offset, length = :length,
                document = :document,
                price = CASE state WHEN 'queued' THEN :price ELSE price END,
                inputs = CASE state WHEN 'queued' THEN :inputs ELSE coalesce(inputs, :inputs) END,
                currency = CASE state WHEN 'queued' THEN :currency ELSE currency END
            WHERE id = :id";
        let quote = self.quote(job);
        let worst = quote.worst();
        let values = named_params! {
            ":id": job.id,
            ":line": place.number,
            ":offset": place.offset,
            ":length": place.length,
            ":document": job.operation.name,
            ":price": worst.price.map(|price| price.0),
            ":inputs": worst.price.map(|_| worst.inputs.0),
            ":currency": worst.price.map(|_| &quote.currency),
        };
        run(&self.transaction, sql, values).map_err(broken)
    }

    /// Commits the pass. A job that was never sent and is no longer in the file is
    /// deleted; other missing jobs stay.
    /// Returns how many jobs were sent before, and are not now.
    pub fn finish(self) -> Result<Adopted, CliError> {
        let forget = "DELETE FROM jobs WHERE line IS NULL AND state = 'queued' AND lost = 0";
        self.transaction.execute(forget, []).map_err(broken)?;
        // A job that was to be sent again has no line any more.
        let restore = "UPDATE jobs SET state = 'unknown', lost = lost - worst,
                lost_attempts = lost_attempts - 1
            WHERE line IS NULL AND state = 'queued'";
        self.transaction.execute(restore, []).map_err(broken)?;
        self.transaction.commit().map_err(broken)?;
        Ok(self.adopted)
    }
}

/// Whether the pictures of a job in this state are still to be had without another request.
fn is_under_way(state: State) -> bool {
    matches!(state, State::Waiting | State::Replied)
}

fn shortened(job: &Job) -> Value {
    input::shortened(&job.body, &job.inputs)
}

/// The error where it can't be known which jobs are paid for.
fn unreadable(out: &Path, error: &io::Error) -> CliError {
    CliError::usage(tr!(
        "what {directory} has already can't be read: {error}; nothing was sent",
        directory = out.display(),
        error
    ))
}
