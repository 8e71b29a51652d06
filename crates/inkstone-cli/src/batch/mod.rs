//! `inkstone batch`: many requests, none of them sent twice.
//!
//! [`jobs`] checks every line of the jobs file before anything is sent and puts it into
//! the [`journal`]. [`execution`] sends the jobs, so many at once, within the budget of
//! [`pricing`], and saves the pictures. At the end, a [`summary`] and a contact [`sheet`]
//! are written.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod budget;
mod conclusion;
mod execution;
mod incoming;
mod jobs;
mod journal;
mod plan;
mod sheet;
mod state;
mod stop_reason;
mod summary;

use std::path::Path;

use crate::args::batch::BatchArgs;
use crate::batch::execution::batch_progress::BatchProgress;
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::scheduler;
use crate::batch::execution::stored_replies;
use crate::batch::execution::targets::Targets;
use crate::batch::jobs::read_jobs;
use crate::batch::journal::Journal;
use crate::batch::stop_reason::StopReason;
use crate::client::local_sandbox;
use crate::client::runtime;
use crate::error::CliError;
use crate::output::files;
use crate::pricing::prices::Prices;

pub fn run(args: &BatchArgs, verbose: bool) -> Result<(), CliError> {
    let prices = Prices::load(args.prices.as_deref())?;
    check_is_file(&args.jobs)?;
    if args.dry_run {
        return plan::print(args, &prices);
    }
    files::prepare_out(&args.out)?;
    let journal = Journal::open(&args.out)?;
    begin(&journal, args, &prices)?;
    incoming::prepare(&args.out).map_err(|error| files::unwritable_out(&args.out, &error))?;
    stored_replies::clean(&args.out);
    let worked = work(&journal, args, verbose).and_then(|stop| {
        sheet::write(&journal, &args.out)?;
        summary::write(&journal, &args.out, &prices, stop)?;
        Ok(stop)
    });
    incoming::clean(&args.out);
    conclusion::conclude(&journal, worked?)
}

/// The jobs file is read twice, which a pipe does not allow.
fn check_is_file(jobs: &Path) -> Result<(), CliError> {
    let found = std::fs::metadata(jobs).map_err(|error| read_jobs::unreadable(jobs, &error))?;
    match found.is_file() {
        true => Ok(()),
        false => Err(CliError::usage(format!(
            "{} is not a file, and it has to be read more than once",
            jobs.display()
        ))
        .hint("write the jobs to a file first")),
    }
}

/// Brings the journal up to date with the jobs file and the flags.
fn begin(journal: &Journal, args: &BatchArgs, prices: &Prices) -> Result<(), CliError> {
    let is_untouched = journal.is_untouched()?;
    if is_untouched {
        journal.clear()?;
    } else if !args.resume {
        return Err(already_begun(&args.out));
    }
    journal.mark_stranded(
        "the program ended while the request was being sent; it may have been billed",
    )?;
    journal.requeue_unsent()?;
    let taken = read_jobs::take_in(&args.jobs, args.api, journal.intake(prices, &args.address)?);
    if taken.is_err() && is_untouched {
        journal::remove(&args.out);
    }
    taken?;
    if args.retry_unknown {
        journal.requeue_unknown()?;
    }
    plan::check(journal, args)
}

fn already_begun(out: &Path) -> CliError {
    let out = out.display();
    CliError::usage(format!("{out} already holds a batch")).hint(
        "continue it with --resume, which sends nothing twice; \
         or start another batch in another directory",
    )
}

/// Runs the jobs that are not finished.
fn work(
    journal: &Journal,
    args: &BatchArgs,
    verbose: bool,
) -> Result<Option<StopReason>, CliError> {
    let apis = journal.apis()?;
    if apis.is_empty() {
        return Ok(None);
    }
    runtime::run(async {
        // It serves until it is dropped, when all jobs have ended.
        let sandbox = match args.sandbox {
            true => Some(local_sandbox::start().await?),
            false => None,
        };
        let targets = match &sandbox {
            Some(sandbox) => Targets::sandbox(apis, sandbox.url(), args)?,
            None => Targets::find(apis, args)?,
        };
        let context = BatchContext {
            journal,
            targets: &targets,
            jobs: &args.jobs,
            out: &args.out,
            api: args.api,
        };
        let mut budget = plan::budget(journal, args)?;
        let mut progress = BatchProgress::start(journal, verbose)?;
        let concurrency = usize::from(args.concurrency);
        let stop = scheduler::run(&context, concurrency, &mut budget, &mut progress).await?;
        journal.mark_stranded(
            "interrupted while the request was being sent; it may have been billed",
        )?;
        Ok(stop)
    })
}
