//! Reads the jobs file: every line has to be a job that its document accepts.

use std::collections::HashMap;

use tr::tr;

use crate::batch::jobs::job::{self, InvalidLine, Job};
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::jobs::lines::{LONGEST, Line};
use crate::batch::jobs::wanted;
use crate::batch::journal::intake::{Intake, IntakeError};
use crate::console;
use crate::error::{CliError, Code};
use crate::input;

/// How many problems are printed; the others are counted.
const MOST_PROBLEMS: usize = 1000;

/// How many warnings are printed.
const MOST_WARNINGS: usize = 20;

/// The first messages about the lines, and how many there are in all.
struct Messages {
    most: usize,
    kept: Vec<String>,
    count: usize,
}

impl Messages {
    fn new(most: usize) -> Self {
        Self {
            most,
            kept: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, message: String) {
        self.count += 1;
        if self.kept.len() < self.most {
            self.kept.push(message);
        }
    }

    fn finish(mut self) -> Vec<String> {
        let others = self.count - self.kept.len();
        if others > 0 {
            self.kept.push(tr!("… and {others} more", others));
        }
        self.kept
    }
}

/// Takes every job in `file` into the journal; or reports everything that is wrong.
pub fn take_in(jobs: &JobsFile, intake: Intake<'_>) -> Result<(), CliError> {
    let file = &jobs.path;
    let unreadable = |error: std::io::Error| input::unreadable(file, &error);
    let mut records = jobs.records().map_err(unreadable)?;
    let mut names = Names::default();
    let mut code = Code::Invalid;
    let (mut problems, mut warnings) = (Messages::new(MOST_PROBLEMS), Messages::new(MOST_WARNINGS));
    let mut count: u64 = 0;
    while let Some(line) = records.next().map_err(unreadable)? {
        count += 1;
        match take(&line, jobs, &mut names, &intake)? {
            Ok(found) => found.into_iter().for_each(|text| warnings.add(text)),
            Err((found, own)) => {
                code = own.unwrap_or(code);
                found.into_iter().for_each(|text| problems.add(text));
            }
        }
    }
    if count == 0 {
        let file = file.display();
        let message = tr!("{file} has no jobs; nothing was sent", file);
        return Err(CliError::invalid(message));
    }
    for warning in warnings.finish() {
        console::warning(&warning);
    }
    match problems.count {
        0 => {
            warn_of_adopted(intake.finish()?);
            Ok(())
        }
        count => {
            let file = file.display();
            let message = tr!(
                "{file} has a problem; nothing was sent"
                    | "{file} has {n} problems; nothing was sent" % count,
                file = file
            );
            Err(CliError::new(code, message).details(problems.finish()))
        }
    }
}

/// Says how many jobs the directory has the pictures of already.
fn warn_of_adopted(count: u64) {
    if count > 0 {
        let jobs = console::counted(usize::try_from(count).unwrap_or(usize::MAX), "job");
        console::warning(&tr!(
            "{jobs} not sent: the directory has their pictures already, from a batch whose \
             journal it has no more",
            jobs
        ));
    }
}

/// Warnings, or what is wrong.
type Taken = Result<Vec<String>, (Vec<String>, Option<Code>)>;

/// How often each id was made of a prompt.
type Names = HashMap<String, u64>;

fn take(
    line: &Line,
    jobs: &JobsFile,
    names: &mut Names,
    intake: &Intake<'_>,
) -> Result<Taken, CliError> {
    let number = line.place.number;
    let at = |id: Option<&str>, text: &str| match id {
        Some(id) => format!("line {number}, job {id:?}: {text}"),
        None => format!("line {number}: {text}"),
    };
    let Some(bytes) = &line.bytes else {
        let most = LONGEST >> 20;
        let problem = at(None, &tr!("is longer than {most} MiB", most));
        return Ok(Err((vec![problem], None)));
    };
    match jobs.read(bytes).and_then(job::checked) {
        Ok((mut job, warnings)) => {
            if job.is_named_after_prompt {
                let count = names.entry(job.id.clone()).or_default();
                *count += 1;
                job.id = wanted::numbered(&job.id, *count);
            }
            Ok(match intake.take(&job, line.place)? {
                Ok(()) => Ok(warnings
                    .iter()
                    .map(|text| at(Some(&job.id), text))
                    .collect()),
                Err(error) => Err((vec![at(Some(&job.id), &intake_problem(&job, &error))], None)),
            })
        }
        Err(InvalidLine { id, code, problems }) => {
            let problems = problems.iter().map(|text| at(id.as_deref(), text));
            Ok(Err((problems.collect(), code)))
        }
    }
}

fn intake_problem(job: &Job, error: &IntakeError) -> String {
    match error {
        IntakeError::Duplicate { first } => tr!("line {first} has the same id", first),
        IntakeError::Made { file } => format!(
            "the directory has {file}, a picture of another request with this id: give this \
             one another id, such as {:?}",
            format!("{}-b", job.id)
        ),
        IntakeError::Changed { state } => format!(
            "the journal has another request with this id, which is {state}: restore the old \
             request, or give this one another id, such as {:?}",
            format!("{}-b", job.id)
        ),
    }
}
