//! A worker: claims jobs, so many at a time, and has them run, until nothing is left to do.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use indicatif::ProgressBar;
use inkstone::{StopSignal, answers_with_task};
use inkstone_fleet::{BatchRow, Claim, Claimed, Error, Held, Store, UnknownRow, Worker};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};
use tr::tr;
use tracing::Instrument as _;

use crate::args::batch::fleet::WorkerArgs;
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::job_result::{JobEnding, JobResult};
use crate::batch::execution::job_run;
use crate::batch::execution::run_state::{RunState, waiting_for};
use crate::batch::execution::targets::{self, TargetSettings, Targets};
use crate::batch::fleet::backend::FleetBackend;
use crate::batch::fleet::counters::add;
use crate::batch::fleet::intake;
use crate::batch::fleet::kept;
use crate::batch::fleet::made_before::{self, StoredBefore};
use crate::batch::fleet::metrics;
use crate::batch::fleet::session::Session;
use crate::batch::fleet::spool::{REMEMBERED, Spool};
use crate::batch::incoming;
use crate::batch::state::State;
use crate::batch::stop_reason::StopReason;
use crate::batch::task_search::{self, Search};
use crate::client::interrupt::{Interrupt, Interrupted, Signal, until};
use crate::console;
use crate::error::CliError;
use crate::output::files;

/// How often a lease is renewed while it lasts.
const RENEWALS: u32 = 4;

/// How long after the first signal nobody waits for an answer of the journal any more.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long it takes at most from then on until a result is in a file that the journal does
/// not take: a pause, a connection and a statement, each of two seconds.
const KEEPING: Duration = Duration::from_secs(7);

/// How often the tasks of unknown jobs are looked for: they are listed for a day.
const SEARCHES: Duration = Duration::from_secs(15 * 60);

/// What a worker did.
pub struct Worked {
    /// How many jobs it carried out, or a part of.
    pub jobs: u64,
    pub stop: Option<StopReason>,
}

/// Works on a batch with its store, under this name, until it ends or a signal comes. With
/// `retry_unknown`, unknown jobs whose tasks are not found are sent again.
pub async fn work(
    (session, batch, store, name): (&Session, &BatchRow, &Store, String),
    (args, retry_unknown): (&WorkerArgs, bool),
    interrupt: &mut Interrupt,
) -> Result<Worked, CliError> {
    let unusable_spool = |error: std::io::Error| {
        CliError::usage(tr!("no files can be made for the spool: {error}", error))
            .hint(tr!("give another directory with --spool"))
    };
    let spool = Spool::new(args).map_err(unusable_spool)?;
    incoming::prepare(spool.own()).map_err(unusable_spool)?;
    files::prepare(spool.own()).map_err(unusable_spool)?;
    let worker = Worker {
        name,
        lease: args.lease,
        accounts: intake::accounts(args),
    };
    let listener = metrics::listen(args.metrics).await?;
    if let Some(directory) = spool.shared() {
        let taking = kept::take_in(session, (&worker, &batch.id), directory);
        // What is noted twice changes nothing.
        let taken = interrupt.or(taking).await;
        taken.map_err(|Interrupted| task_search::interrupted())??;
    }
    let apis = session.apis().await?;
    let settings = TargetSettings {
        address: &args.address,
        timeout: args.timeout,
        incoming: incoming::directory(spool.own()),
        accounts: worker
            .accounts
            .iter()
            .map(|name| intake::named(name))
            .collect(),
    };
    let targets = Targets::open(apis, batch.sandbox, &settings).await?;
    let backend = FleetBackend::new((session, batch), store, &worker, &spool);
    let bar = ProgressBar::hidden();
    let context = BatchContext {
        backend: &backend,
        targets: &targets,
        uploads: batch.uploads,
        stop: StopSignal::new(),
        bar: &bar,
    };
    let told = (args, listener.as_ref());
    let worked = work_and_search(&context, told, retry_unknown, interrupt).await;
    let stop = worked.as_ref().ok().and_then(|worked| worked.stop.as_ref());
    if context.stop.is_given() || stop == Some(&StopReason::Interrupted) {
        session.give_up();
    }
    leave(session, &worker).await;
    made_before::tell(&backend);
    worked
}

/// What is still being sent is unknown now; all else is anybody's at once.
async fn leave(session: &Session, worker: &Worker) {
    if let Err(error) = session.sweep(Some(&worker.name)).await {
        console::warning(&tr!(
            "the journal could not be told that this worker ended: {error}",
            error
        ));
    }
}

/// A name that no other worker has: of the machine, the process, and at random.
pub fn name() -> Result<String, CliError> {
    let random = getrandom::u32()
        .map_err(|error| CliError::usage(tr!("no random number can be had: {error}", error)))?;
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host: String = host
        .trim()
        .chars()
        .filter(|c| c.is_ascii_graphic())
        .take(60)
        .collect();
    Ok(format!("{host}-{}-{random:08x}", std::process::id()))
}

/// What became of a claim, and of a job.
#[derive(Default)]
struct Progress {
    jobs: u64,
    state: RunState,
    is_over: bool,
}

/// Works, and looks for the tasks of unknown jobs: at first, and once nothing else is left. Those
/// whose tasks are known are waited for again, and never sent again within the day that an API
/// knows a task.
async fn work_and_search(
    context: &BatchContext<'_, FleetBackend<'_>>,
    told: (&WorkerArgs, Option<&TcpListener>),
    retry_unknown: bool,
    interrupt: &mut Interrupt,
) -> Result<Worked, CliError> {
    let journal = context.backend.journal;
    let accounts = &context.backend.worker.accounts;
    let asking = journal.insist(async || journal.ask_again(accounts).await);
    let asked = interrupt.or(asking).await;
    asked.map_err(|Interrupted| task_search::interrupted())??;
    if retry_unknown {
        let retried = interrupt.or(send_again(context)).await;
        retried.map_err(|Interrupted| task_search::interrupted())??;
    }
    let mut jobs = 0;
    let stored = StoredBefore::new();
    loop {
        let worked = run((context, &stored), told, interrupt).await?;
        jobs += worked.jobs;
        let stop = match worked.stop {
            None => match task_search::look_unless_interrupted(context, interrupt).await? {
                None => Some(StopReason::Interrupted),
                Some(search) if search.found == 0 => None,
                Some(_) => continue,
            },
            stop => stop,
        };
        return Ok(Worked { jobs, stop });
    }
}

/// Has unknown jobs sent again whose tasks were looked for, and not found.
async fn send_again(context: &BatchContext<'_, FleetBackend<'_>>) -> Result<(), CliError> {
    let journal = context.backend.journal;
    // First: what becomes unknown meanwhile is not looked for.
    let unknown = journal.insist(async || journal.unknown().await).await?;
    let search = task_search::look(context).await?.complete()?;
    let (again, left): (Vec<_>, Vec<_>) = unknown
        .into_iter()
        .partition(|job| is_looked_for(job, &search));
    let again: Vec<Held> = again.into_iter().map(|job| job.held).collect();
    journal
        .insist(async || journal.retry_unknown(&again).await)
        .await?;
    if !left.is_empty() {
        console::warning(&tr!(
            "{n} unknown job was not looked for in an API's list of tasks, and is not sent again: \
             have a worker with the key of its account do that"
                | "{n} unknown jobs were not looked for in an API's list of tasks, and are not \
                   sent again: have workers with the keys of their accounts do that"
                    % left.len()
        ));
    }
    Ok(())
}

/// Whether no task of a job can be in a list that nobody looked into.
fn is_looked_for(job: &UnknownRow, search: &Search) -> bool {
    let operation = targets::operation(&job.api, &job.document);
    let has_no_task = operation.is_ok_and(|operation| !answers_with_task(operation));
    has_no_task || !job.may_be_listed || search.looked_for.contains(&job.held.seq)
}

async fn run(
    (context, stored): (&BatchContext<'_, FleetBackend<'_>>, &StoredBefore),
    (args, listener): (&WorkerArgs, Option<&TcpListener>),
    interrupt: &mut Interrupt,
) -> Result<Worked, CliError> {
    let journal = context.backend.journal;
    let mut running = FuturesUnordered::new();
    let mut progress = Progress::default();
    // A claim whose answer nobody waits for would keep a job until its lease lapses.
    let mut claiming = FuturesUnordered::new();
    let mut beside = pin!(beside(context, listener));
    let mut farewell = Farewell::default();
    loop {
        let may_claim = progress.goes_on()
            && claiming.is_empty()
            && running.len() < usize::from(args.concurrency);
        // Only now: to find this takes time.
        let is_full = may_claim && !running.is_empty() && context.backend.spool.is_full();
        if may_claim && !is_full {
            claiming.push(claim(context.backend));
        }
        if running.is_empty() && claiming.is_empty() {
            break;
        }
        tokio::select! {
            biased;
            signal = interrupt.wait() => {
                if signal == Signal::CtrlC && context.stop.is_given() {
                    break;
                }
                interrupt.rearm();
                context.stop.give();
                progress.state.stop(StopReason::Interrupted);
                farewell.begin(signal, args.grace);
                if !running.is_empty() {
                    console::progress(&waiting_for(running.len()));
                }
            }
            () = until(farewell.deadline) => break,
            () = until(farewell.patience) => {
                journal.give_up();
                farewell.patience = None;
            }
            () = &mut beside => {}
            // There may be room by then.
            () = sleep(REMEMBERED), if is_full => {}
            Some((seq, result)) = running.next(), if !running.is_empty() => {
                context.backend.ended(seq);
                progress.ended(result);
            }
            Some(claimed) = claiming.next(), if !claiming.is_empty() => {
                if let Some(claimed) = progress.claimed(claimed) {
                    running.push(carry_out(context, stored, claimed));
                }
            }
        }
    }
    // After a second ctrl-c, this breaks off the running jobs.
    drop(running);
    Ok(Worked {
        jobs: progress.jobs,
        stop: progress.state.conclude()?,
    })
}

/// Until when a worker that was told to end waits.
#[derive(Default)]
struct Farewell {
    /// For answers of the journal.
    patience: Option<Instant>,
    /// For running jobs.
    deadline: Option<Instant>,
}

impl Farewell {
    fn begin(&mut self, signal: Signal, grace: Duration) {
        let patience = grace.saturating_sub(KEEPING).min(FAREWELL);
        self.patience = Instant::now().checked_add(patience);
        if signal == Signal::Terminate {
            let end = Instant::now().checked_add(grace);
            self.deadline = self.deadline.or(end);
        }
    }
}

/// Claims a job, or waits as long as there is none.
async fn claim(backend: &FleetBackend<'_>) -> Result<Claim, Error> {
    let journal = backend.journal;
    let claimed = journal
        .insist(async || journal.claim(backend.worker).await)
        .await?;
    if let Claim::Wait(pause) | Claim::Paused(pause) = claimed {
        sleep(pause).await;
    }
    Ok(claimed)
}

/// What a worker does beside its jobs, for ever.
async fn beside(context: &BatchContext<'_, FleetBackend<'_>>, listener: Option<&TcpListener>) {
    tokio::join!(
        heartbeat(context.backend),
        search(context),
        metrics::serve(listener, context.backend)
    );
}

/// Renews the leases of all running jobs, again and again.
async fn heartbeat(backend: &FleetBackend<'_>) {
    loop {
        sleep(backend.worker.lease / RENEWALS).await;
        let held = backend.all_held();
        match backend.journal.renew(backend.worker, &held).await {
            Ok(renewed) if renewed < held.len() => {
                add(&backend.counters.leases_lost, (held.len() - renewed) as u64);
                // Their results are kept beside, should somebody else have claimed them.
                tracing::debug!(
                    target: "inkstone::fleet",
                    lost = held.len() - renewed,
                    "leases lapsed, or their jobs ended"
                );
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(target: "inkstone::fleet", %error, "no lease was renewed");
            }
        }
    }
}

/// Looks for the tasks of unknown jobs, again and again.
async fn search(context: &BatchContext<'_, FleetBackend<'_>>) {
    loop {
        sleep(SEARCHES).await;
        if let Err(error) = task_search::look(context).await {
            let error = error.message;
            tracing::info!(target: "inkstone::fleet", error, "no tasks are looked for");
        }
    }
}

async fn carry_out(
    context: &BatchContext<'_, FleetBackend<'_>>,
    stored: &StoredBefore,
    claimed: Box<Claimed>,
) -> (i64, Result<JobResult, CliError>) {
    let (seq, state) = (claimed.job.seq, claimed.job.state.clone());
    let mut record = match context.backend.begin(*claimed) {
        Ok(record) => record,
        Err(why) => {
            let noted = context.backend.is_damaged(seq, &state, &why).await;
            return (seq, noted.map(|()| JobResult::damaged()));
        }
    };
    let span = tracing::info_span!(
        target: "inkstone::fleet",
        "job",
        job = record.id,
        state,
        api = record.api,
        model = record.model,
        account = record.account,
        ending = tracing::field::Empty,
    );
    let work = async {
        let state = State::find(&state).unwrap_or(State::Queued);
        let result = match made_before::adopt((context, stored), state, &mut record).await {
            Ok(State::Done) => Ok(record.result(0, JobEnding::Done)),
            Ok(state) => job_run::go_on(context, state, record).await,
            Err(error) => Err(error),
        };
        let ending = result.as_ref().map(|result| format!("{:?}", result.ending));
        let ending = ending.unwrap_or_else(|error| error.message.clone());
        tracing::Span::current().record("ending", ending);
        result
    };
    (seq, work.instrument(span).await)
}

impl Progress {
    /// Whether there may be more jobs to claim.
    fn goes_on(&self) -> bool {
        !self.is_over && self.state.goes_on()
    }

    /// The job to be carried out, if there is one.
    fn claimed(&mut self, claimed: Result<Claim, Error>) -> Option<Box<Claimed>> {
        match claimed {
            Ok(Claim::Job(claimed)) => return Some(claimed),
            Ok(Claim::Wait(_) | Claim::Paused(_)) => {}
            Ok(Claim::Budget) => self.state.stop(StopReason::Budget),
            Ok(Claim::Finished) => self.is_over = true,
            Err(error) => self.state.failed(error.into()),
        }
        None
    }

    fn ended(&mut self, result: Result<JobResult, CliError>) {
        self.jobs += 1;
        match result {
            Ok(result) => self.state.ended(result.ending),
            Err(error) => self.state.failed(error),
        }
    }
}
