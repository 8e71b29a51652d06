//! Runs so many jobs at a time, in the order of the file, until there is a reason to
//! stop. Jobs that were started are always waited for.

use futures_util::StreamExt as _;
use futures_util::future::Either;
use futures_util::stream::FuturesUnordered;

use crate::batch::budget::Budget;
use crate::batch::execution::batch_progress::BatchProgress;
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::job_result::{JobEnding, JobResult};
use crate::batch::execution::job_run;
use crate::batch::execution::queue::{Queue, Step};
use crate::batch::stop_reason::{MOST_FAILURES, StopReason};
use crate::client::interrupt::{Interrupt, Interrupted};
use crate::console::counted;
use crate::error::CliError;

/// Runs all jobs that are not finished.
pub async fn run(
    context: &BatchContext<'_>,
    concurrency: usize,
    budget: &mut Budget,
    progress: &mut BatchProgress,
) -> Result<Option<StopReason>, CliError> {
    let mut scheduler = Scheduler::new(context, budget);
    let mut running = FuturesUnordered::new();
    let mut interrupt = Interrupt::new();
    loop {
        while running.len() < concurrency
            && let Some(step) = scheduler.next(running.is_empty())
        {
            running.push(start(context, step));
        }
        match interrupt.or(running.next()).await {
            Ok(Some(result)) => scheduler.finished(result),
            Ok(None) => break,
            // The first ctrl-c waits for running jobs, the second doesn't.
            Err(Interrupted) if scheduler.stop != Some(StopReason::Interrupted) => {
                scheduler.stop = Some(StopReason::Interrupted);
                interrupt = Interrupt::new();
                announce_interruption(progress, running.len());
            }
            Err(Interrupted) => break,
        }
        progress.tick(context.journal)?;
    }
    // After a second ctrl-c, this breaks off the running jobs.
    drop(running);
    match scheduler.error {
        Some(error) => Err(error),
        None => Ok(scheduler.stop),
    }
}

fn start<'a>(
    context: &'a BatchContext<'a>,
    step: Step,
) -> impl Future<Output = Result<JobResult, CliError>> + 'a {
    match step {
        Step::Fetch(record) => Either::Left(Either::Left(job_run::fetch(context, record))),
        Step::Wait(record) => Either::Left(Either::Right(job_run::resume(context, record))),
        Step::Submit(record) => Either::Right(job_run::submit(context, record)),
    }
}

fn announce_interruption(progress: &BatchProgress, running: usize) {
    let running = counted(running, "running job");
    progress.say(&format!(
        "waiting for {running}; press ctrl-c again to quit at once, with their \
         outcome unknown"
    ));
}

/// The jobs to be run, and whether to go on.
struct Scheduler<'a> {
    queue: Queue<'a>,
    budget: &'a mut Budget,
    stop: Option<StopReason>,
    /// How many jobs failed in a row.
    failures: usize,
    /// Why the batch can't go on.
    error: Option<CliError>,
}

impl<'a> Scheduler<'a> {
    fn new(context: &BatchContext<'a>, budget: &'a mut Budget) -> Self {
        Self {
            queue: Queue::new(context.journal),
            budget,
            stop: None,
            failures: 0,
            error: None,
        }
    }

    /// The next step, if one can start now. `is_idle` means that no running job could still
    /// return a part of the budget.
    fn next(&mut self, is_idle: bool) -> Option<Step> {
        if self.stop.is_some() || self.error.is_some() {
            return None;
        }
        let step = self.queue.next().unwrap_or_else(|error| {
            self.error = Some(error);
            None
        })?;
        let Step::Submit(record) = step else {
            return Some(step);
        };
        if self.budget.reserve(record.worst, record.price) {
            return Some(Step::Submit(record));
        }
        self.queue.put_back(record);
        if is_idle {
            self.stop = Some(StopReason::Budget);
        }
        None
    }

    fn finished(&mut self, result: Result<JobResult, CliError>) {
        let result = match result {
            Ok(result) => result,
            Err(error) => {
                self.error.get_or_insert(error);
                return;
            }
        };
        self.budget.settle(result.worst, result.spent, result.price);
        match result.ending {
            JobEnding::Done | JobEnding::Refused => self.failures = 0,
            JobEnding::Account | JobEnding::Disk | JobEnding::Failed => self.failures += 1,
        }
        let stop = match result.ending {
            JobEnding::Account => Some(StopReason::Account),
            JobEnding::Disk => Some(StopReason::Disk),
            _ if self.failures >= MOST_FAILURES => Some(StopReason::Failures),
            _ => None,
        };
        self.stop = self.stop.or(stop);
    }
}
