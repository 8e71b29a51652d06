//! So many jobs at once, in the order of the file, until one of the reasons to
//! stop; those on their way are always waited for.

use futures_util::StreamExt as _;
use futures_util::future::Either;
use futures_util::stream::FuturesUnordered;

use crate::batch::budget::Budget;
use crate::batch::flight::{Crew, Ending, Landed};
use crate::batch::journal::course::Task;
use crate::batch::state::State;
use crate::batch::ticker::Ticker;
use crate::exit::Failure;
use crate::interrupt::{Interrupt, Interrupted};

/// After so many failures in a row no more is sent: whatever it is, it is not the
/// single request, and each may cost money.
const MOST_FAILURES: usize = 10;

/// Why jobs were left that could have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Interrupted,
    Budget,
    Account,
    Disk,
    Failures,
}

impl Stop {
    /// What the summary calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Budget => "budget",
            Self::Account => "account",
            Self::Disk => "disk",
            Self::Failures => "failures",
        }
    }

    pub fn text(self) -> String {
        match self {
            Self::Interrupted => "interrupted".to_owned(),
            Self::Budget => "the next request could pass the budget".to_owned(),
            Self::Account => "the API refuses the key or the account".to_owned(),
            Self::Disk => "no picture can be written".to_owned(),
            Self::Failures => format!("{MOST_FAILURES} jobs failed in a row"),
        }
    }
}

/// Runs all jobs that there is something to do about.
pub async fn run(
    crew: &Crew<'_>,
    concurrency: usize,
    budget: &mut Budget,
    ticker: &mut Ticker,
) -> Result<Option<Stop>, Failure> {
    let mut pool = Pool {
        queue: Queue::new(crew),
        budget,
        stop: None,
        failures: 0,
        broken: None,
    };
    let mut flights = FuturesUnordered::new();
    let mut interrupt = Interrupt::new();
    loop {
        while flights.len() < concurrency
            && let Some(step) = pool.next(flights.is_empty())
        {
            flights.push(match step {
                Step::Fetch(task) => Either::Left(Either::Left(crew.fetch(task))),
                Step::Wait(task) => Either::Left(Either::Right(crew.resume(task))),
                Step::Submit(task) => Either::Right(crew.submit(task)),
            });
        }
        match interrupt.or(flights.next()).await {
            Ok(Some(landed)) => pool.landed(landed),
            Ok(None) => break,
            // The first one waits for what is on its way, the second doesn't.
            Err(Interrupted) if pool.stop != Some(Stop::Interrupted) => {
                pool.stop = Some(Stop::Interrupted);
                interrupt = Interrupt::new();
                ticker.say(&format!(
                    "waiting for {} on the way; ctrl-c again to quit at once, \
                     with their outcome unknown",
                    flights.len()
                ));
            }
            Err(Interrupted) => break,
        }
        ticker.tick(crew.journal)?;
    }
    // Dropping them is what a second ctrl-c asks for.
    drop(flights);
    match pool.broken {
        Some(failure) => Err(failure),
        None => Ok(pool.stop),
    }
}

/// What is to be done next.
enum Step {
    Fetch(Task),
    Wait(Task),
    Submit(Task),
}

/// The jobs to be done, and whether to go on.
struct Pool<'a> {
    queue: Queue<'a>,
    budget: &'a mut Budget,
    stop: Option<Stop>,
    failures: usize,
    broken: Option<Failure>,
}

impl Pool<'_> {
    /// What to do next, if anything can be begun now; `is_last` when nothing is on
    /// its way that would give back a part of the budget.
    fn next(&mut self, is_last: bool) -> Option<Step> {
        if self.stop.is_some() || self.broken.is_some() {
            return None;
        }
        let step = self.queue.next().unwrap_or_else(|failure| {
            self.broken = Some(failure);
            None
        })?;
        let Step::Submit(task) = step else {
            return Some(step);
        };
        if self.budget.reserve(task.worst, task.price) {
            return Some(Step::Submit(task));
        }
        self.queue.put_back(task);
        if is_last {
            self.stop = Some(Stop::Budget);
        }
        None
    }

    fn landed(&mut self, landed: Result<Landed, Failure>) {
        let landed = match landed {
            Ok(landed) => landed,
            Err(failure) => {
                self.broken.get_or_insert(failure);
                return;
            }
        };
        self.budget.settle(landed.worst, landed.spent, landed.price);
        match landed.ending {
            Ending::Done | Ending::Refused => self.failures = 0,
            Ending::Account | Ending::Disk | Ending::Failed => self.failures += 1,
        }
        let stop = match landed.ending {
            Ending::Account => Some(Stop::Account),
            Ending::Disk => Some(Stop::Disk),
            _ if self.failures >= MOST_FAILURES => Some(Stop::Failures),
            _ => None,
        };
        self.stop = self.stop.or(stop);
    }
}

/// First the replies whose pictures are missing, then the tasks that go on, then the
/// requests to be sent.
struct Queue<'a> {
    crew: &'a Crew<'a>,
    fetched: Option<i64>,
    waited: Option<i64>,
    submitted: i64,
    waiting: Option<Task>,
}

impl<'a> Queue<'a> {
    fn new(crew: &'a Crew<'a>) -> Self {
        Self {
            crew,
            fetched: Some(0),
            waited: Some(0),
            submitted: 0,
            waiting: None,
        }
    }

    fn next(&mut self) -> Result<Option<Step>, Failure> {
        if let Some(task) = self.waiting.take() {
            return Ok(Some(Step::Submit(task)));
        }
        let journal = self.crew.journal;
        if let Some(after) = self.fetched {
            let found = journal.next(State::Replied, after)?;
            self.fetched = found.as_ref().map(|it| it.seq);
            if let Some(task) = found {
                return Ok(Some(Step::Fetch(task)));
            }
        }
        if let Some(after) = self.waited {
            // Those that this process submits come later than it has looked.
            let found = journal.next(State::Waiting, after)?;
            self.waited = found.as_ref().map(|it| it.seq);
            if let Some(task) = found {
                return Ok(Some(Step::Wait(task)));
            }
        }
        let found = journal.next(State::Queued, self.submitted)?;
        self.submitted = found.as_ref().map_or(self.submitted, |it| it.seq);
        Ok(found.map(Step::Submit))
    }

    fn put_back(&mut self, task: Task) {
        self.waiting = Some(task);
    }
}
