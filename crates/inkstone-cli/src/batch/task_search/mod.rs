//! Looks for the tasks of unknown jobs: a request that was taken as a task, whose id never came,
//! is in the API's list of tasks for a day. A task is a job's only where there is no doubt:
//! submitted when its request was on the wire, of its account and model, of no other job, and
//! the only one of which all of this is true.

mod list;
mod matching;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, SystemTime};

use inkstone::{Client, Error, Stage, answers_with_task};
use tr::tr;

use crate::batch::execution::backend::Backend;
use crate::batch::execution::context::BatchContext;
use crate::batch::execution::targets;
use crate::batch::journal::lost_tasks::LostTask;
use crate::batch::task_search::matching::{Candidate, Verdict};
use crate::client::call_error::without_key;
use crate::client::client_setup::Target;
use crate::client::interrupt::Interrupt;
use crate::console;
use crate::error::CliError;

/// How long an answer is waited for.
const LONGEST: Duration = Duration::from_secs(60);

/// How many tasks are asked about, at most, for the jobs of one model.
const MOST_ASKED: usize = 100;

/// What a search came to.
#[derive(Default)]
pub struct Search {
    /// How many tasks were found.
    pub found: usize,
    /// The jobs whose tasks were looked for, as far as their APIs have a list of them.
    pub looked_for: HashSet<i64>,
    /// Why others were not looked for: the first reason.
    failure: Option<CliError>,
}

impl Search {
    /// This search, if no job may have a task only because a list could not be read. Unless this
    /// is known, nothing is sent again.
    pub fn complete(self) -> Result<Self, CliError> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self),
        }
    }

    fn failed(&mut self, error: CliError) {
        tracing::info!(error = error.message, "not all tasks were looked for");
        self.failure.get_or_insert(error);
    }
}

/// As [`look`]; `None` if a signal came before it ended.
pub async fn look_unless_interrupted<B: Backend>(
    context: &BatchContext<'_, B>,
    interrupt: &mut Interrupt,
) -> Result<Option<Search>, CliError> {
    let looked = interrupt.or(look(context)).await;
    looked.map_or(Ok(None), |found| found.map(Some))
}

/// The error where a signal came while tasks were looked for, of which none is sent again.
pub fn interrupted() -> CliError {
    CliError::interrupted(tr!("interrupted before anything was sent"))
}

/// The error where an API does not say which tasks it has.
fn unread(error: &Error, target: &Target) -> CliError {
    let error = without_key(error, target.key());
    let message = tr!(
        "the tasks of unknown jobs can't be looked for: {why}; nothing was sent again",
        why = error.message
    );
    CliError { message, ..error }.hint(tr!(
        "try again later, or continue without --retry-unknown; where the API has no list of \
         tasks, give a job another id to have it sent again"
    ))
}

/// Looks for the tasks of all unknown jobs. Those that are found are waited for from now on.
pub async fn look<B: Backend>(context: &BatchContext<'_, B>) -> Result<Search, CliError> {
    let mut groups: BTreeMap<_, Vec<LostTask>> = BTreeMap::new();
    let mut search = Search::default();
    for job in context.backend.lost_tasks().await? {
        match targets::operation(&job.api, &job.document) {
            Ok(operation) if answers_with_task(operation) => {
                let group = (job.account.clone(), job.api.clone(), job.model.clone());
                groups.entry(group).or_default().push(job);
            }
            Ok(_) => {}
            // Another version knows it, and whether it has tasks.
            Err(error) if job.is_unknown => search.failed(error),
            Err(_) => {}
        }
    }
    for jobs in groups.into_values() {
        if jobs.iter().any(|job| job.is_unknown) {
            look_for(context, &jobs, &mut search).await?;
        }
    }
    if search.found > 0 {
        context.bar.suspend(|| {
            console::progress(&tr!(
                "the task of an unknown job was found in the API's list"
                    | "the tasks of {n} unknown jobs were found in the API's list" % search.found
            ));
        });
    }
    Ok(search)
}

/// Looks for the tasks of jobs of one account and model.
async fn look_for<B: Backend>(
    context: &BatchContext<'_, B>,
    jobs: &[LostTask],
    search: &mut Search,
) -> Result<(), CliError> {
    let first = &jobs[0];
    let Ok(target) = context.targets.get(&first.api, first.account.as_deref()) else {
        // Whoever has the key of that account looks.
        return Ok(());
    };
    let operation = targets::operation(&first.api, &first.document)?;
    let client = target.client.with_stop(context.stop.clone());
    let client = client.with_tasks_of(operation).with_deadline(LONGEST);
    let unknown: Vec<_> = jobs.iter().filter(|job| job.is_unknown).collect();
    let looked_for = unknown.iter().map(|job| job.seq);
    let mut listed = HashMap::new();
    for period in periods(&unknown) {
        match list::listed(&client, &first.model, period).await {
            Ok(Some(tasks)) => listed.extend(tasks),
            Ok(None) => {
                search.looked_for.extend(looked_for);
                return too_many(context, &unknown).await;
            }
            // Its documents have no list.
            Err(error) if error.stage() == Stage::Configuration => {
                search.looked_for.extend(looked_for);
                return Ok(());
            }
            Err(error) => {
                search.failed(unread(&error, target));
                return Ok(());
            }
        }
    }
    let ids: Vec<String> = listed.keys().cloned().collect();
    let known = context.backend.known_tasks(&ids).await?;
    listed.retain(|id, _| !known.contains(id));
    let (candidates, failure) = candidates(&client, listed).await;
    for (job, verdict) in jobs.iter().zip(matching::verdicts(jobs, &candidates)) {
        if job.is_unknown && conclude(context, jobs, job, &candidates, &verdict).await? {
            search.found += 1;
        }
    }
    match failure {
        Some(error) => search.failed(unread(&error, target)),
        None => search.looked_for.extend(looked_for),
    }
    Ok(())
}

/// The periods in which requests of these jobs were on the wire, put together.
fn periods(jobs: &[&LostTask]) -> Vec<(SystemTime, SystemTime)> {
    let mut windows: Vec<_> = jobs.iter().map(|job| matching::window(job)).collect();
    windows.sort();
    let mut periods: Vec<(SystemTime, SystemTime)> = Vec::new();
    for (start, end) in windows {
        match periods.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => periods.push((start, end)),
        }
    }
    periods
}

/// What there is to know of these tasks, and why the first could not be asked about.
async fn candidates(
    client: &Client,
    listed: HashMap<String, Option<SystemTime>>,
) -> (Vec<Candidate>, Option<Error>) {
    let are_asked = listed.len() <= MOST_ASKED;
    let (mut candidates, mut failure) = (Vec::new(), None);
    for (id, time) in listed {
        let asked = match are_asked {
            true => list::asked(client, &id, time).await,
            false => Ok(Candidate::default()),
        };
        let candidate = asked.unwrap_or_else(|error| {
            failure.get_or_insert(error);
            Candidate::default()
        });
        candidates.push(Candidate { id, ..candidate });
    }
    candidates.sort_by(|a, b| a.id.cmp(&b.id));
    (candidates, failure)
}

async fn too_many<B: Backend>(
    context: &BatchContext<'_, B>,
    jobs: &[&LostTask],
) -> Result<(), CliError> {
    for job in jobs {
        let why = "are more than can be read";
        context.backend.task_not_found(job, why).await?;
    }
    Ok(())
}

/// Gives a job its task, or says why it has none.
async fn conclude<B: Backend>(
    context: &BatchContext<'_, B>,
    jobs: &[LostTask],
    job: &LostTask,
    candidates: &[Candidate],
    verdict: &Verdict,
) -> Result<bool, CliError> {
    let backend = context.backend;
    let why = match verdict {
        Verdict::Certain(task) => {
            let task = &candidates[*task];
            let considered: Vec<i64> = jobs.iter().map(|job| job.seq).collect();
            // It has a time, or it would not be certain.
            let submitted = task.submitted.unwrap_or(job.sent);
            let found = backend.task_found(job, (&task.id, submitted), &considered);
            return found.await;
        }
        Verdict::Nothing => "is none that could be its own".to_owned(),
        Verdict::Several(tasks) => {
            let ids: Vec<_> = tasks
                .iter()
                .map(|task| candidates[*task].id.as_str())
                .collect();
            format!(
                "are {} that could be its own: {}",
                ids.len(),
                shortened(&ids)
            )
        }
        Verdict::Shared(task, other) => format!(
            "is {}, which could be that of job {:?} as well",
            candidates[*task].id, jobs[*other].id
        ),
        Verdict::Timeless(task) => format!(
            "is {}, of which is not known when it was submitted",
            candidates[*task].id
        ),
    };
    backend.task_not_found(job, &why).await?;
    Ok(false)
}

/// The first of these ids.
fn shortened(ids: &[&str]) -> String {
    const MOST: usize = 5;
    let shown = ids[..ids.len().min(MOST)].join(", ");
    match ids.len() > MOST {
        true => format!("{shown}, …"),
        false => shown,
    }
}
