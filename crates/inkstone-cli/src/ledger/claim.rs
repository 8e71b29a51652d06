//! What an order that comes in is: a new one, which is to be sent, or one that is known.

use std::fs::Metadata;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::database::{all, from_row, one, run};
use crate::ledger::account::{self, Budget, Spending};
use crate::ledger::answer::{Answer, Ending, Failure, OrderState};
use crate::ledger::clock::{now, seconds};
use crate::ledger::matching::{self, Candidate};
use crate::ledger::retention::Retention;
use crate::ledger::running::{Attachment, Awaited, Running, UnderWay};
use crate::ledger::unfinished::{COLUMNS, Unfinished, unfinished};
use crate::ledger::{Ledger, LedgerError};
use crate::output::files::{self, number};

/// How many orders with the same body are looked at, the latest first.
const MOST_CANDIDATES: usize = 512;

/// An order that comes in.
pub struct Claim {
    pub caller: String,
    pub identity: Identity,
    /// Of API, document and body.
    pub hash: String,
    pub api: &'static str,
    pub document: &'static str,
    pub model: String,
    /// What the names of its files begin with.
    pub stem: String,
    /// The request without the bytes of pictures, as JSON.
    pub request: String,
    /// The most that it may make and cost.
    pub worst: Spending,
    pub budget: Budget,
    /// How long after its answer an order is found again by its body.
    pub window: Duration,
    pub retention: Retention,
    /// The directory for its pictures. What is paid for without room there would have no place.
    pub out: PathBuf,
}

/// How an order is known again.
#[derive(Clone)]
pub enum Identity {
    /// By the caller's id of it.
    Key(String),
    /// By its body, and the number of the caller's attempt: 0 is the first.
    Attempt(u32),
}

/// What an order is that comes in.
pub enum Taken {
    /// A new one, which is noted as being sent: it is to be sent.
    New(UnderWay, Attachment),
    /// An earlier one, which is to be gone on with.
    Again(UnderWay, Attachment, Box<Unfinished>),
    /// Another one.
    Known(Claimed),
}

/// What an order is, for its caller.
pub enum Claimed {
    /// One that is under way, from now on or before.
    UnderWay(Awaited, Attachment),
    /// One that is answered.
    Answered(Arc<Answer>, Attachment),
    /// Another body was sent under this key.
    Conflict,
    /// Beyond the budget, and why.
    OverBudget(String),
    /// There is no room for its pictures, and why.
    NoRoom(String),
}

/// An earlier order.
struct Found {
    seq: i64,
    hash: String,
    state: OrderState,
    attempt: u32,
    delivered: bool,
}

impl Found {
    /// Whether nothing was made or billed: it is sent again.
    fn is_refused(&self) -> bool {
        self.state == OrderState::Ended(Ending::Refused)
    }
}

const FOUND: &str = "seq, hash, state, attempt, delivered";

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(from_row!(row => Found: seq, hash, state, attempt, delivered))
}

impl Ledger {
    /// Finds out what an order is. A new one is noted as being sent.
    pub async fn claim(&self, claim: Claim) -> Result<Taken, LedgerError> {
        let (running, path, own) = (self.running.clone(), self.path.clone(), self.number);
        let taken = self.run(move |sql| {
            let is_other = |found: &Metadata| own.is_some() && number(found) != own;
            let gone = || path.metadata().map_or(true, |found| is_other(&found));
            decide(sql, &running, &claim, gone)
        });
        let gone = || format!("{} was removed or replaced meanwhile", self.path.display());
        taken.await?.ok_or_else(|| LedgerError(gone()))
    }
}

/// What an order is; `None` for a new one where the ledger is gone or another, as `is_gone` says: after a
/// restart nobody would know of it.
fn decide(
    sql: &Connection,
    running: &Arc<Running>,
    claim: &Claim,
    is_gone: impl FnOnce() -> bool,
) -> rusqlite::Result<Option<Taken>> {
    let found = match &claim.identity {
        Identity::Key(key) => by_key(sql, &claim.caller, key)?,
        Identity::Attempt(attempt) => by_body(sql, running, claim, *attempt)?,
    };
    match found {
        Some(found) if found.hash != claim.hash => Ok(Some(Taken::Known(Claimed::Conflict))),
        Some(found) if !found.is_refused() => repeat(sql, running, claim, &found).map(Some),
        _ if is_gone() => Ok(None),
        found => begin(sql, running, claim, found.map(|found| found.seq)).map(Some),
    }
}

fn by_key(sql: &Connection, caller: &str, key: &str) -> rusqlite::Result<Option<Found>> {
    let text = format!("SELECT {FOUND} FROM orders WHERE caller = ? AND key = ?");
    one(sql, &text, [caller, key], found).optional()
}

/// One that is under way, or of which pictures are still to be had, is found whatever its age.
fn by_body(
    sql: &Connection,
    running: &Running,
    claim: &Claim,
    attempt: u32,
) -> rusqlite::Result<Option<Found>> {
    let text = format!(
        "SELECT {FOUND}, answered IS NULL OR answered >= ? OR reply IS NOT NULL AS is_recent
        FROM orders WHERE caller = ? AND hash = ? AND key IS NULL
            AND (is_recent OR state = 'unknown' AND task_id IS NOT NULL)
        ORDER BY time DESC, seq DESC LIMIT {MOST_CANDIDATES}"
    );
    let since = now().saturating_sub(seconds(claim.window));
    let values = (since, &claim.caller, &claim.hash);
    let found = |row: &Row<'_>| Ok((row.get("is_recent")?, found(row)?));
    let rows: Vec<(bool, Found)> = all(sql, &text, values, found)?;
    // Somebody may wait for the task of an unknown one again.
    let counts =
        |(is_recent, found): &(bool, Found)| *is_recent || running.find(found.seq).is_some();
    let rows = rows.into_iter().filter(counts).map(|(_, found)| found);
    let mut rows: Vec<Found> = rows.collect();
    let candidate = |found: &Found| Candidate {
        seq: found.seq,
        attempt: found.attempt,
        is_refused: found.is_refused(),
        is_lost: !found.delivered && !running.is_attached(found.seq),
    };
    let candidates: Vec<_> = rows.iter().map(candidate).collect();
    let chosen = matching::choose(&candidates, attempt);
    Ok(rows
        .iter()
        .position(|found| Some(found.seq) == chosen)
        .map(|index| rows.swap_remove(index)))
}

/// The answer of an order that is known, the wait for it, or what is left to do.
fn repeat(
    sql: &Connection,
    running: &Arc<Running>,
    claim: &Claim,
    found: &Found,
) -> rusqlite::Result<Taken> {
    note_attempt(sql, claim, found.seq)?;
    let attachment = Attachment::new(running, found.seq);
    let text = format!("SELECT {COLUMNS} FROM orders WHERE seq = ?");
    let order = one(sql, &text, [found.seq], unfinished)?;
    // Somebody may wait for the task of an order that was answered with it.
    let is_answered = order.answer.is_some() && !order.is_open();
    if let Some(awaited) = running.find(found.seq).filter(|_| !is_answered) {
        return Ok(Taken::Known(Claimed::UnderWay(awaited, attachment)));
    }
    if order.is_open() {
        let under_way = UnderWay::again(running, found.seq, order.answer.as_ref());
        return Ok(Taken::Again(under_way, attachment, Box::new(order)));
    }
    let unknown = || Failure::unknown("what became of the request was not noted");
    let answer = order.answer.unwrap_or_else(|| Answer::failed(unknown()));
    let answered = Claimed::Answered(Arc::new(answer), attachment);
    Ok(Taken::Known(answered))
}

fn note_attempt(sql: &Connection, claim: &Claim, seq: i64) -> rusqlite::Result<()> {
    let Identity::Attempt(attempt) = claim.identity else {
        return Ok(());
    };
    let text = "UPDATE orders SET attempt = max(attempt, ?) WHERE seq = ?";
    run(sql, text, (attempt, seq))
}

/// Notes an order as being sent: in the row of one that was refused, or in a new row.
fn begin(
    sql: &Connection,
    running: &Arc<Running>,
    claim: &Claim,
    refused: Option<i64>,
) -> rusqlite::Result<Taken> {
    if let Some(why) = account::objection(sql, &claim.caller, &claim.budget, &claim.worst)? {
        return Ok(Taken::Known(Claimed::OverBudget(why)));
    }
    // Beside that of the orders under way.
    let pictures = claim.worst.images.saturating_add(running.count() as u64);
    if let Err(error) = files::check_room(&claim.out, pictures) {
        let why = format!("{}: {error}", claim.out.display());
        return Ok(Taken::Known(Claimed::NoRoom(why)));
    }
    account::add(sql, &claim.caller, &claim.worst, 1)?;
    if let Some(seq) = refused {
        run(sql, "DELETE FROM orders WHERE seq = ?", [seq])?;
    }
    let seq = insert(sql, claim)?;
    let attachment = Attachment::new(running, seq);
    Ok(Taken::New(UnderWay::begin(running, seq), attachment))
}

fn insert(sql: &Connection, claim: &Claim) -> rusqlite::Result<i64> {
    let (key, attempt) = match &claim.identity {
        Identity::Key(key) => (Some(key), 0),
        Identity::Attempt(attempt) => (None, *attempt),
    };
    let mut statement = sql.prepare_cached(
        "INSERT INTO orders (caller, key, hash, attempt, state, time, api, document, model,
            request, images, cost, currency, stem, retention)
        VALUES (?, ?, ?, ?, 'sending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    let worst = &claim.worst;
    statement.insert(params![
        claim.caller,
        key,
        claim.hash,
        attempt,
        now(),
        claim.api,
        claim.document,
        claim.model,
        claim.request,
        worst.images,
        worst.cost.map(|cost| cost.0),
        worst.currency,
        claim.stem,
        claim.retention,
    ])
}
