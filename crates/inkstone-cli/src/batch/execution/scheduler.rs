//! Runs so many jobs at a time, in the order of the file, until there is a reason to
//! stop. Jobs that were started are always waited for.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;

use tr::tr;

use crate::batch::budget::Budget;
use crate::batch::execution::batch_progress::BatchProgress;
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::directory::Directory;
use crate::batch::execution::job_result::JobResult;
use crate::batch::execution::job_run;
use crate::batch::execution::queue::Queue;
use crate::batch::execution::run_state::{RunState, waiting_for};
use crate::batch::journal::Journal;
use crate::batch::journal::transitions::JobRecord;
use crate::batch::state::State;
use crate::batch::stop_reason::StopReason;
use crate::client::interrupt::{Interrupt, Signal, until};
use crate::error::CliError;

/// Runs all jobs that are not finished. Once a signal to end the program came, running jobs
/// may take as long as `grace`, unless somebody is there to press ctrl-c again.
pub async fn run(
    context: &BatchContext<'_, Directory<'_>>,
    (concurrency, grace): (usize, Duration),
    budget: &mut Budget,
    progress: &mut BatchProgress,
    interrupt: &mut Interrupt,
) -> Result<Option<StopReason>, CliError> {
    let mut scheduler = Scheduler {
        journal: context.backend.journal,
        out: context.backend.out,
        queue: Queue::new(context.backend.journal),
        budget,
        state: RunState::default(),
    };
    let mut running = FuturesUnordered::new();
    // When running jobs are broken off.
    let mut limit = None;
    loop {
        while running.len() < concurrency
            && let Some((state, record)) = scheduler.next(running.is_empty())
        {
            running.push(job_run::go_on(context, state, record));
        }
        let signal = tokio::select! {
            biased;
            signal = interrupt.wait() => Some(signal),
            () = until(limit) => break,
            () = progress.due() => None,
            result = running.next() => match result {
                Some(result) => {
                    scheduler.finished(result);
                    None
                }
                None => break,
            },
        };
        match signal {
            None => {}
            // The first ctrl-c waits for running jobs, the second doesn't.
            Some(Signal::CtrlC) if context.stop.is_given() => break,
            Some(signal) => {
                interrupt.rearm();
                context.stop.give();
                scheduler.state.stop(StopReason::Interrupted);
                if signal == Signal::Terminate {
                    limit = limit.or_else(|| Instant::now().checked_add(grace));
                }
                announce_interruption(progress, signal, (running.len(), grace));
            }
        }
        progress.tick(context.backend.journal)?;
    }
    // After a second ctrl-c, this breaks off the running jobs.
    drop(running);
    scheduler.state.conclude()
}

fn announce_interruption(
    progress: &BatchProgress,
    signal: Signal,
    (running, grace): (usize, Duration),
) {
    if running == 0 {
        return;
    }
    let grace = humantime::format_duration(grace).to_string();
    progress.say(&match signal {
        Signal::CtrlC => waiting_for(running),
        Signal::Terminate => tr!(
            "waiting for 1 running job, for {grace} at most"
                | "waiting for {n} running jobs, for {grace} at most" % running,
            grace = grace
        ),
    });
}

/// The jobs to be run, and whether to go on.
struct Scheduler<'a> {
    journal: &'a Journal,
    out: &'a Path,
    queue: Queue<'a>,
    budget: &'a mut Budget,
    state: RunState,
}

impl Scheduler<'_> {
    /// The next job, if one can start now. `is_idle` means that no running job could still
    /// return a part of the budget.
    fn next(&mut self, is_idle: bool) -> Option<(State, JobRecord)> {
        if !self.state.goes_on() {
            return None;
        }
        if !self.journal.is_in(self.out) {
            self.state.stop(StopReason::Removed);
            return None;
        }
        let (state, record) = self.queue.next().unwrap_or_else(|error| {
            self.state.failed(error);
            None
        })?;
        if state != State::Queued || self.budget.reserve(&record.worst) {
            return Some((state, record));
        }
        self.queue.put_back(record);
        if is_idle {
            self.state.stop(StopReason::Budget);
        }
        None
    }

    fn finished(&mut self, result: Result<JobResult, CliError>) {
        match result {
            Ok(result) => {
                self.budget.settle(&result.reserved, result.spent);
                self.state.ended(result.ending);
            }
            Err(error) => self.state.failed(error),
        }
    }
}
