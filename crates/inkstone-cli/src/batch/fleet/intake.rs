//! Puts the jobs file into the shared journal. The jobs are checked as for any batch, in a
//! journal that is dropped afterwards.

use inkstone::ApiFacts;
use inkstone_fleet::{NewBatch, NewJob, TakenIn};
use serde_json::Value;
use tr::tr;

use crate::args::batch::BatchArgs;
use crate::args::batch::fleet::WorkerArgs;
use crate::batch::fleet::session::Session;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::jobs::lines::Place;
use crate::batch::jobs::messages::Messages;
use crate::batch::jobs::read_jobs;
use crate::batch::journal::Journal;
use crate::batch::plan;
use crate::client::local_sandbox::mixed;
use crate::error::CliError;
use crate::input;
use crate::pricing::prices::Prices;

/// The accounts that workers with these flags have the keys of, as the journal calls them.
pub fn accounts(args: &WorkerArgs) -> Vec<String> {
    match args.account.is_empty() {
        true => vec![DEFAULT_ACCOUNT.to_owned()],
        false => args.account.clone(),
    }
}

/// An account as the environment's variables name it: the default one by nothing.
pub fn named(account: &str) -> Option<String> {
    (account != DEFAULT_ACCOUNT).then(|| account.to_owned())
}

/// The account whose keys have no name of their own.
const DEFAULT_ACCOUNT: &str = "default";

/// How many bytes of requests go to the database at a time.
const CHUNK: usize = 4 << 20;

/// How many jobs, at most.
const CHUNK_JOBS: usize = 500;

/// How many ids are told of which the journal has other requests.
const MOST_CHANGED: usize = 20;

/// The longest request in the journal, in bytes.
const LONGEST: usize = 64 << 20;

/// Where pictures go, in words that hold on every machine.
pub fn out(args: &BatchArgs) -> Result<String, CliError> {
    let text = args.out.to_str();
    if let Some(url) = text.filter(|_| args.is_for_a_store()) {
        return Ok(url.to_owned());
    }
    let absolute = std::path::absolute(&args.out);
    let absolute = absolute
        .ok()
        .and_then(|path| path.to_str().map(str::to_owned));
    absolute.ok_or_else(|| {
        let out = args.out.display();
        CliError::usage(tr!(
            "--out {out} is not a path that can be written down",
            out
        ))
    })
}

/// Checks all jobs, and puts them into the journal.
pub async fn take_in(
    session: &Session,
    args: &BatchArgs,
    jobs: &JobsFile,
    prices: &Prices,
) -> Result<(), CliError> {
    let checked = Journal::temporary()?;
    let intake = checked.intake(prices, &args.worker.address, None)?;
    read_jobs::take_in(jobs, intake)?;
    plan::check(&checked, args)?;
    let batch = NewBatch {
        out: out(args)?,
        uploads: args.upload,
        sandbox: args.sandbox,
        max_images: args.max_images,
        max_cost: args.max_cost.map(|most| most.0),
        is_resumed: args.resume,
    };
    let version = session.version().await;
    // Where there is nothing to resume, nothing is made.
    if !args.resume || version? > 0 {
        session.migrate().await?;
    }
    let accounts = accounts(&args.worker);
    let mut after = 0;
    let next = || chunk(&checked, (jobs, &accounts), &mut after);
    match session.take_in(&batch, next).await? {
        TakenIn::All => Ok(()),
        refused => Err(not_taken(args, refused)),
    }
}

/// The next jobs after `after`.
fn chunk(
    checked: &Journal,
    (jobs, accounts): (&JobsFile, &[String]),
    after: &mut i64,
) -> Result<Vec<NewJob>, CliError> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while chunk.len() < CHUNK_JOBS && bytes < CHUNK {
        let Some((seq, place, row)) = checked.copied_out(*after)? else {
            break;
        };
        *after = seq;
        let (body, named) = body(jobs, place, &row)?;
        bytes += body.len();
        // In turns, which spreads each model evenly.
        let turn = usize::try_from(seq).unwrap_or_default() % accounts.len();
        let text = |member: &str| row[member].as_str().unwrap_or_default();
        let limit = ApiFacts::find(text("api")).and_then(|facts| facts.rate(text("model")));
        chunk.push(NewJob {
            account: named.unwrap_or_else(|| accounts[turn].clone()),
            limit,
            row,
            body,
        });
    }
    Ok(chunk)
}

/// The whole request of a job, and the account that it names.
fn body(jobs: &JobsFile, place: Place, row: &Value) -> Result<(Vec<u8>, Option<String>), CliError> {
    let read = jobs.read_at(place);
    let read = read.map_err(|error| input::unreadable(&jobs.path, &error))?;
    let file = jobs.path.display();
    let job =
        read.map_err(|_| CliError::usage(tr!("{file} was changed while it was read", file)))?;
    let body = job.body.to_string().into_bytes();
    if body.len() > LONGEST {
        let most = LONGEST >> 20;
        return Err(CliError::invalid(tr!(
            "job {id} is longer than the {most} MiB that a shared journal takes; nothing \
                 was sent",
            id = row["id"],
            most
        ))
        .hint(tr!("give its pictures as URLs")));
    }
    Ok((body, job.account))
}

fn not_taken(args: &BatchArgs, refused: TakenIn) -> CliError {
    match refused {
        TakenIn::NotBegun => CliError::usage(tr!(
            "the journal holds no batch that --resume could continue; nothing was sent"
        )),
        TakenIn::OtherOut(out) => CliError::usage(tr!(
            "the pictures of this batch go to {out}, not to {given}; nothing was sent",
            out,
            given = args.out.display()
        )),
        TakenIn::OtherSandbox => mixed(!args.sandbox, &tr!("the journal")),
        TakenIn::Changed(ids) => {
            let mut told = Messages::new(MOST_CHANGED);
            ids.into_iter().for_each(|id| told.add(|| id));
            CliError::invalid(tr!(
                "the journal has other requests under ids of this file; nothing was sent"
            ))
            .details(told.finish())
            .hint(tr!("restore the old requests, or give these other ids"))
        }
        TakenIn::Begun | TakenIn::All => CliError::usage(tr!("the journal already holds a batch"))
            .hint(tr!(
                "continue it with --resume, which sends nothing twice; or start another batch in \
                 another database"
            )),
    }
}
