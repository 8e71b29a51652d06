//! Is every line of the jobs file a job that its document accepts?

use std::path::Path;

use crate::args::Api;
use crate::batch::job::{self, Job, Wrong};
use crate::batch::journal::intake::{Intake, Objection};
use crate::batch::lines::{LONGEST, Line, Lines};
use crate::exit::{Code, Failure};
use crate::output;

/// How many problems are told; the rest are counted.
const TOLD: usize = 1000;

/// How many warnings are told.
const WARNED: usize = 20;

/// What was said of the lines, up to a point, and how much there was to say.
struct Notes {
    most: usize,
    told: Vec<String>,
    count: usize,
}

impl Notes {
    fn new(most: usize) -> Self {
        Self {
            most,
            told: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, note: String) {
        self.count += 1;
        if self.told.len() < self.most {
            self.told.push(note);
        }
    }

    fn finish(mut self) -> Vec<String> {
        let untold = self.count - self.told.len();
        if untold > 0 {
            self.told.push(format!("… and {untold} more"));
        }
        self.told
    }
}

/// Takes every job in `file` into the journal; or tells all that is wrong.
pub fn take_in(file: &Path, api: Option<Api>, intake: Intake<'_>) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| unreadable(file, &error);
    let mut lines = Lines::open(file).map_err(unreadable)?;
    let (mut problems, mut warnings) = (Notes::new(TOLD), Notes::new(WARNED));
    let mut count: u64 = 0;
    while let Some(line) = lines.next().map_err(unreadable)? {
        count += 1;
        match take(&line, api, &intake)? {
            Ok(found) => found.into_iter().for_each(|it| warnings.add(it)),
            Err(found) => found.into_iter().for_each(|it| problems.add(it)),
        }
    }
    if count == 0 {
        return Err(invalid(file, "has no jobs".to_owned()));
    }
    warnings.finish().iter().for_each(|it| output::warning(it));
    match problems.count {
        0 => intake.finish(),
        1 => Err(invalid(file, "has a problem".to_owned()).details(problems.finish())),
        count => Err(invalid(file, format!("has {count} problems")).details(problems.finish())),
    }
}

/// Warnings, or what is wrong.
type Taken = Result<Vec<String>, Vec<String>>;

fn take(line: &Line, api: Option<Api>, intake: &Intake<'_>) -> Result<Taken, Failure> {
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
            Ok(()) => Ok(warnings.iter().map(|it| at(Some(&job.id), it)).collect()),
            Err(objection) => Err(vec![at(Some(&job.id), &text(&job, &objection))]),
        }),
        Err(Wrong { id, problems }) => {
            let problems = problems.iter().map(|it| at(id.as_deref(), it));
            Ok(Err(problems.collect()))
        }
    }
}

fn text(job: &Job, objection: &Objection) -> String {
    match objection {
        Objection::Duplicate { first } => format!("line {first} has the same id"),
        Objection::Changed { state } => format!(
            "is another request than the journal's, which is {state}: put the old request back, \
             or give this one an id of its own ({:?} perhaps)",
            format!("{}-b", job.id)
        ),
    }
}

fn invalid(file: &Path, what: String) -> Failure {
    Failure::new(
        Code::Invalid,
        format!("{} {what}; nothing was sent", file.display()),
    )
}

/// That the jobs file can't be read.
pub fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{} can't be read: {error}", file.display()))
}
