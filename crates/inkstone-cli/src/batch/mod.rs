//! `inkstone batch`: many requests, none of them sent twice.
//!
//! [`jobs`] checks every line of the jobs file before anything is sent and puts it into
//! the [`journal`]. [`execution`] sends the jobs, so many at once, within the budget of
//! [`pricing`], and saves the pictures. At the end, a [`summary`] and a contact [`sheet`]
//! are written.

mod budget;
mod conclusion;
mod ending;
mod execution;
#[cfg(feature = "fleet")]
mod fleet;
#[cfg(not(feature = "fleet"))]
#[path = "no_fleet.rs"]
mod fleet;
mod incoming;
pub mod jobs;
mod journal;
mod plan;
mod reserve;
mod salvage;
mod sheet;
mod state;
pub mod status;
mod stop_reason;
mod summary;
mod task_search;
mod together;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use indicatif::ProgressBar;
use inkstone::StopSignal;

use tr::tr;

use crate::args::batch::{BatchArgs, BatchCommand};
use crate::batch::execution::backend::Backend as _;
use crate::batch::execution::batch_progress::BatchProgress;
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::directory::Directory;
use crate::batch::execution::scheduler;
use crate::batch::execution::stored_replies;
use crate::batch::execution::targets::{TargetSettings, Targets};
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::jobs::read_jobs;
use crate::batch::journal::{Journal, open};
use crate::batch::reserve::note;
use crate::batch::reserve::records::{self, Records};
use crate::batch::stop_reason::StopReason;
use crate::batch::task_search::Search;
use crate::batch::together::Together;
use crate::client::interrupt::Interrupt;
use crate::client::local_sandbox::mixed;
use crate::client::runtime;
use crate::console;
use crate::error::CliError;
use crate::output::files;
use crate::pricing::prices::Prices;

/// Sends a batch, or does what else there is to do with one.
pub fn run_command(command: &BatchCommand, verbose: bool) -> Result<(), CliError> {
    match command {
        BatchCommand::Run(args) => run(args, verbose),
        BatchCommand::Fleet(command) => fleet::run_command(command),
    }
}

fn run(args: &BatchArgs, verbose: bool) -> Result<(), CliError> {
    let prices = Prices::load(args.prices.as_deref())?;
    let jobs = JobsFile::open(args)?;
    if args.dry_run {
        return plan::print(args, &jobs, &prices);
    }
    if let Some(journal) = &args.journal {
        return fleet::run(journal, args, &jobs, &prices);
    }
    if args.is_for_a_store() {
        let out = args.out.display();
        return Err(CliError::usage(tr!(
            "--out {out} is a store, which needs --journal postgres://…",
            out
        )));
    }
    if args.resume {
        open::check_resumable(&args.out)?;
    }
    files::prepare_out(&args.out)?;
    let mut journal = Journal::open(&args.out, args.resume)?;
    begin(&journal, args, &jobs, &prices)?;
    prepare_incoming(&journal, &args.out)?;
    stored_replies::clean(&args.out);
    let began = Instant::now();
    let ended = runtime::run(async {
        let mut interrupt = Interrupt::new();
        let worked = work(&mut journal, (args, &jobs), verbose, &mut interrupt).await;
        let ending = ending::Ending {
            journal: &journal,
            out: &args.out,
            shown: args.out.display().to_string(),
            prices: &prices,
            is_sandbox: args.sandbox,
            as_json: args.is_for_programs(),
            began,
        };
        ending.conclude(worked, &mut interrupt).await
    });
    incoming::clean(&args.out);
    ended
}

/// Makes room for files on their way, and keeps those that may be what an unknown job paid for.
fn prepare_incoming(journal: &Journal, out: &Path) -> Result<(), CliError> {
    let unwritable = |error| files::unwritable_out(out, &error);
    if journal.has_unknown()? {
        let (count, path) = incoming::set_aside(out).map_err(unwritable)?;
        if count > 0 {
            console::warning(&tr!(
                "a run that was killed left a whole picture of a reply that had not ended: {path}"
                    | "a run that was killed left {n} whole pictures of replies that had not ended: {path}"
                        % count,
                path = path.display()
            ));
        }
    }
    incoming::prepare(out).map_err(unwritable)
}

/// Brings the journal up to date with the jobs file and the flags.
fn begin(
    journal: &Journal,
    args: &BatchArgs,
    jobs: &JobsFile,
    prices: &Prices,
) -> Result<(), CliError> {
    let is_untouched = journal.is_untouched()?;
    if is_untouched {
        journal.begin(args.sandbox)?;
    } else if !args.resume {
        return Err(already_begun(&args.out));
    } else if journal.is_rehearsal()?.is_some_and(|it| it != args.sandbox) {
        return Err(mixed(!args.sandbox, &args.out.display().to_string()));
    }
    note::take_in(&args.out, journal)?;
    let stranded = journal.mark_stranded(
        "the program ended while the request was being sent; it may have been billed",
    );
    stranded.commit()?;
    journal.saved_if_done().commit()?;
    journal.keep_unknown().commit()?;
    salvage::look_again(journal, &args.out, args.retry_unknown)?;
    journal.requeue_unsent().commit()?;
    let intake = journal.intake(prices, &args.worker.address, Some(&args.out))?;
    let taken = read_jobs::take_in(jobs, intake);
    if taken.is_err() && is_untouched {
        open::remove(&args.out);
    }
    taken?;
    plan::check(journal, args)
}

fn already_begun(out: &Path) -> CliError {
    let out = out.display();
    CliError::usage(tr!("{out} already holds a batch", out)).hint(tr!(
        "continue it with --resume, which sends nothing twice; \
         or start another batch in another directory"
    ))
}

/// Runs the jobs that are not finished.
async fn work(
    journal: &mut Journal,
    (args, jobs): (&BatchArgs, &JobsFile),
    verbose: bool,
    interrupt: &mut Interrupt,
) -> Result<Option<StopReason>, CliError> {
    if journal.apis()?.is_empty() && !journal.has_unknown()? {
        return Ok(None);
    }
    let reserve = Records::reserve(&args.out, args.worker.concurrency)
        .map_err(|error| files::unwritable_out(&args.out, &error))?;
    let stop = send(journal, (args, jobs), verbose, &reserve, interrupt).await;
    if !journal.is_in(&args.out) {
        return Err(removed(journal, &args.out, stop.err()));
    }
    // The files of the running jobs are gone: there may be room again.
    let kept = reserve.count();
    drop(reserve);
    if kept > 0 {
        note::take_in(&args.out, journal)?;
    }
    records::remove(&args.out);
    let stranded = journal
        .mark_stranded("interrupted while the request was being sent; it may have been billed");
    stranded.commit()?;
    journal.keep_unknown().commit()?;
    stop
}

/// Sends the jobs, and saves their pictures.
async fn send(
    journal: &Journal,
    (args, jobs): (&BatchArgs, &JobsFile),
    verbose: bool,
    reserve: &Records,
    interrupt: &mut Interrupt,
) -> Result<Option<StopReason>, CliError> {
    let settings = TargetSettings {
        address: &args.worker.address,
        timeout: args.worker.timeout,
        incoming: incoming::directory(&args.out),
        accounts: vec![None],
    };
    let directory = Directory {
        journal,
        jobs,
        out: &args.out,
        reserve,
        syncs: Together::default(),
    };
    if args.resume && !args.sandbox {
        look_for_tasks(&directory, &settings, args.retry_unknown, interrupt).await?;
    }
    let mut asked_again = journal.ask_again()?;
    // Only now, and only where all were looked for: what has a task is not sent again, unless
    // its API says that it knows none.
    if args.retry_unknown {
        journal.requeue_unknown().commit()?;
    } else {
        asked_again.clear();
    }
    let apis = journal.apis()?;
    if apis.is_empty() {
        return Ok(None);
    }
    let targets = Targets::open(apis, args.sandbox, &settings).await?;
    let mut budget = plan::budget(journal, args)?;
    let mut progress = BatchProgress::start(journal, verbose, args.sandbox)?;
    let bar = progress.bar();
    let context = BatchContext {
        backend: &directory,
        targets: &targets,
        uploads: args.upload,
        stop: StopSignal::new(),
        bar: &bar,
    };
    let limits = (usize::from(args.worker.concurrency), args.worker.grace);
    loop {
        let stop = scheduler::run(&context, limits, &mut budget, &mut progress, interrupt).await?;
        let looked = match stop {
            None => task_search::look_unless_interrupted(&context, interrupt).await?,
            Some(_) => Some(Search::default()),
        };
        // What became unknown meanwhile may have a task to be waited for.
        match looked {
            None => return Ok(Some(StopReason::Interrupted)),
            Some(search) if search.found > 0 => {}
            Some(_) if stop.is_none() && !asked_again.is_empty() => {
                for job in asked_again.drain(..) {
                    journal.requeue_if_unknown(job);
                }
                budget = plan::budget(journal, args)?;
            }
            Some(_) => return Ok(stop),
        }
    }
}

/// Looks for the tasks of jobs that an earlier run left unknown. Fails if the others are to be
/// sent again and not all could be looked for.
async fn look_for_tasks(
    directory: &Directory<'_>,
    settings: &TargetSettings<'_>,
    is_retry: bool,
    interrupt: &mut Interrupt,
) -> Result<(), CliError> {
    let lost = directory.lost_tasks().await?;
    if lost.is_empty() {
        return Ok(());
    }
    let apis: BTreeSet<String> = lost.into_iter().map(|job| job.api).collect();
    let targets = match Targets::find(apis.into_iter().collect(), settings) {
        Ok(targets) => targets,
        Err(error) if is_retry => return Err(error),
        Err(error) => {
            console::warning(&tr!(
                "the tasks of unknown jobs are not looked for: {why}",
                why = error.message
            ));
            return Ok(());
        }
    };
    let context = BatchContext {
        backend: directory,
        targets: &targets,
        uploads: false,
        stop: StopSignal::new(),
        bar: &ProgressBar::hidden(),
    };
    let looked = task_search::look_unless_interrupted(&context, interrupt).await?;
    let search = looked.ok_or_else(task_search::interrupted)?;
    match is_retry {
        true => search.complete().map(drop),
        false => Ok(()),
    }
}

/// Writes the journal again, which was removed while the batch ran, or whose directory was; the
/// error says where it is now.
fn removed(journal: &mut Journal, out: &Path, earlier: Option<CliError>) -> CliError {
    let was_removed = |file: &str| {
        let path = out.join(file);
        tr!(
            "{path} was removed while the batch ran",
            path = path.display()
        )
    };
    let (message, stranded) = match journal.has_directory(out) {
        true => (
            was_removed(journal::FILE),
            "the journal was removed while the request was being sent; it may have been billed",
        ),
        false
            if !out.join(journal::identity::FILE).exists() && out.join(journal::FILE).exists() =>
        {
            (
                was_removed(journal::identity::FILE),
                "batch.id was removed while the request was being sent; it may have been billed",
            )
        }
        false => (
            tr!(
                "{directory} was removed while the batch ran, and what was saved in it",
                directory = out.display()
            ),
            "the directory was removed while the request was being sent; it may have been billed",
        ),
    };
    let stranded = journal.mark_stranded(stranded).commit();
    let elsewhere = std::env::temp_dir().join(format!("inkstone-{}", std::process::id()));
    let written = journal.write_again(out);
    let written = written.or_else(|_| journal.write_again(&elsewhere));
    let others = stranded.err().into_iter().chain(earlier);
    let mut error = others.fold(CliError::unsaved(message), CliError::and);
    match written {
        Ok(path) => {
            let details = &mut error.details;
            details.push(tr!(
                "the journal is written again: {path}",
                path = path.display()
            ));
            // Where it was only moved, two journals of one batch would go on.
            if let Err(why) = journal.continued_in(path.parent().unwrap_or(out)) {
                details.push(tr!(
                    "an earlier one, should it be elsewhere, can't be told: {why}; don't go on with it",
                    why
                ));
            }
            error.hint(tr!(
                "continue with --resume and this directory: no job is sent twice"
            ))
        }
        Err(why) => {
            error
                .details
                .push(tr!("the journal can't be written again: {why}", why));
            error.hint(tr!(
                "don't start the batch anew without looking into the API's console"
            ))
        }
    }
}
