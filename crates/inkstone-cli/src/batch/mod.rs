//! `inkstone batch`: many requests, of which none is sent twice.
//!
//! [`reading`] checks every line of the jobs file before anything is sent and puts
//! it in the [`journal`]; [`pool`] keeps so many [`flight`]s on their way, within
//! the [`budget`]; [`saving`] brings the pictures to disk. At the end there are a
//! [`summary`] and a contact [`sheet`].

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod budget;
mod count;
mod flight;
mod job;
mod journal;
mod lines;
pub mod money;
pub mod names;
mod plan;
mod pool;
mod prices;
mod reading;
mod replies;
mod saving;
mod sheet;
mod state;
mod summary;
mod target;
mod ticker;

use std::path::Path;

use crate::args::Batch;
use crate::batch::flight::Crew;
use crate::batch::journal::Journal;
use crate::batch::pool::Stop;
use crate::batch::prices::Prices;
use crate::batch::target::Targets;
use crate::batch::ticker::Ticker;
use crate::exit::Failure;
use crate::files;
use crate::runtime;
use crate::sandbox;

pub fn run(args: &Batch, verbose: bool) -> Result<(), Failure> {
    let prices = Prices::load(args.prices.as_deref())?;
    is_file(&args.jobs)?;
    if args.dry_run {
        return plan::print(args, &prices);
    }
    let unwritable = |error: std::io::Error| {
        let out = args.out.display();
        Failure::usage(format!(
            "no file can be made in {out}: {error}; nothing was sent"
        ))
        .hint("give another directory with --out")
    };
    files::prepare(&args.out).map_err(unwritable)?;
    let journal = Journal::open(&args.out)?;
    begin(&journal, args, &prices)?;
    saving::prepare(&args.out).map_err(unwritable)?;
    let worked = work(&journal, args, verbose).and_then(|stop| {
        sheet::write(&journal, &args.out)?;
        summary::write(&journal, &args.out, &prices, stop)?;
        Ok(stop)
    });
    saving::clean(&args.out);
    summary::conclude(&journal, worked?)
}

/// The jobs file is read twice, so it has to be there the second time.
fn is_file(jobs: &Path) -> Result<(), Failure> {
    let found = std::fs::metadata(jobs).map_err(|error| reading::unreadable(jobs, &error))?;
    match found.is_file() {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "{} is no file: it is read more than once",
            jobs.display()
        ))
        .hint("write the jobs to a file first")),
    }
}

/// Brings the journal up to date with the jobs file and the flags.
fn begin(journal: &Journal, args: &Batch, prices: &Prices) -> Result<(), Failure> {
    let is_untouched = journal.is_untouched()?;
    if is_untouched {
        journal.clear()?;
    } else if !args.resume {
        let out = args.out.display();
        return Err(
            Failure::usage(format!("{out} holds a batch that was begun")).hint(
                "go on with it with --resume, which sends nothing twice; \
             or begin another one in another directory",
            ),
        );
    }
    journal
        .strand("the program ended while the request was on its way; it may have been billed")?;
    journal.requeue_unsent()?;
    let taken = reading::take_in(&args.jobs, args.api, journal.intake(prices)?);
    if taken.is_err() && is_untouched {
        journal::remove(&args.out);
    }
    taken?;
    if args.retry_unknown {
        journal.requeue_unknown()?;
    }
    plan::check(journal, args)
}

/// Does what there is to do.
fn work(journal: &Journal, args: &Batch, verbose: bool) -> Result<Option<Stop>, Failure> {
    let apis = journal.apis()?;
    if apis.is_empty() {
        return Ok(None);
    }
    let mut stop = None;
    runtime::run(async {
        // It serves until it is dropped, when all is done.
        let sandbox = match args.sandbox {
            true => Some(sandbox::start(0).await?),
            false => None,
        };
        let targets = match &sandbox {
            Some(sandbox) => Targets::sandbox(apis, sandbox.url(), args)?,
            None => Targets::find(apis, args)?,
        };
        let crew = Crew {
            journal,
            targets: &targets,
            jobs: &args.jobs,
            out: &args.out,
            api: args.api,
        };
        let mut budget = plan::budget(journal, args)?;
        let mut ticker = Ticker::start(journal, verbose)?;
        let concurrency = usize::from(args.concurrency);
        stop = pool::run(&crew, concurrency, &mut budget, &mut ticker).await?;
        journal.strand("interrupted while the request was on its way; it may have been billed")?;
        Ok(())
    })?;
    Ok(stop)
}
