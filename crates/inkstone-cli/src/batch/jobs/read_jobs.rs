//! Reads the jobs file: every line has to be a job that its document accepts.

use std::path::Path;

use crate::args::api::Api;
use crate::batch::jobs::job::{self, InvalidLine, Job};
use crate::batch::jobs::lines::{LONGEST, Line, Lines};
use crate::batch::journal::intake::{Intake, IntakeError};
use crate::console;
use crate::error::{CliError, Code};

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
            self.kept.push(format!("… and {others} more"));
        }
        self.kept
    }
}

/// Takes every job in `file` into the journal; or reports everything that is wrong.
pub fn take_in(file: &Path, api: Option<Api>, intake: Intake<'_>) -> Result<(), CliError> {
    let unreadable = |error: std::io::Error| unreadable(file, &error);
    let mut lines = Lines::open(file).map_err(unreadable)?;
    let (mut problems, mut warnings) = (Messages::new(MOST_PROBLEMS), Messages::new(MOST_WARNINGS));
    let mut count: u64 = 0;
    while let Some(line) = lines.next().map_err(unreadable)? {
        count += 1;
        match take(&line, api, &intake)? {
            Ok(found) => found.into_iter().for_each(|text| warnings.add(text)),
            Err(found) => found.into_iter().for_each(|text| problems.add(text)),
        }
    }
    if count == 0 {
        return Err(invalid(file, "has no jobs".to_owned()));
    }
    for warning in warnings.finish() {
        console::warning(&warning);
    }
    match problems.count {
        0 => {
            warn_of_adopted(intake.finish()?);
            Ok(())
        }
        1 => Err(invalid(file, "has a problem".to_owned()).details(problems.finish())),
        count => Err(invalid(file, format!("has {count} problems")).details(problems.finish())),
    }
}

/// Says how many jobs the directory has the pictures of already.
fn warn_of_adopted(count: u64) {
    if count > 0 {
        let jobs = console::counted(usize::try_from(count).unwrap_or(usize::MAX), "job");
        console::warning(&format!(
            "{jobs} not sent: the directory has their pictures already, from a batch whose \
             journal it has no more"
        ));
    }
}

/// Warnings, or what is wrong.
type Taken = Result<Vec<String>, Vec<String>>;

fn take(line: &Line, api: Option<Api>, intake: &Intake<'_>) -> Result<Taken, CliError> {
    let number = line.place.number;
    let at = |id: Option<&str>, text: &str| match id {
        Some(id) => format!("line {number}, job {id:?}: {text}"),
        None => format!("line {number}: {text}"),
    };
    let Some(bytes) = &line.bytes else {
        let most = LONGEST >> 20;
        return Ok(Err(vec![at(None, &format!("is longer than {most} MiB"))]));
    };
    match job::checked(bytes, api) {
        Ok((job, warnings)) => Ok(match intake.take(&job, line.place)? {
            Ok(()) => Ok(warnings
                .iter()
                .map(|text| at(Some(&job.id), text))
                .collect()),
            Err(error) => Err(vec![at(Some(&job.id), &intake_problem(&job, &error))]),
        }),
        Err(InvalidLine { id, problems }) => {
            let problems = problems.iter().map(|text| at(id.as_deref(), text));
            Ok(Err(problems.collect()))
        }
    }
}

fn intake_problem(job: &Job, error: &IntakeError) -> String {
    match error {
        IntakeError::Duplicate { first } => format!("line {first} has the same id"),
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

fn invalid(file: &Path, what: String) -> CliError {
    CliError::new(
        Code::Invalid,
        format!("{} {what}; nothing was sent", file.display()),
    )
}

/// The error of a jobs file that can't be read.
pub fn unreadable(file: &Path, error: &std::io::Error) -> CliError {
    CliError::usage(format!("{} can't be read: {error}", file.display()))
}
