//! Reads the jobs file: every line has to be a job that its document accepts.

use std::collections::HashMap;

use tr::tr;

use crate::batch::jobs::job::{self, InvalidLine};
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::jobs::lines::{Line, too_long};
use crate::batch::jobs::messages::Messages;
use crate::batch::jobs::wanted;
use crate::batch::journal::intake::{Adopted, Intake};
use crate::console;
use crate::error::{CliError, Code};
use crate::input;

/// How many problems are printed; the others are counted.
const MOST_PROBLEMS: usize = 1000;

/// How many warnings are printed.
const MOST_WARNINGS: usize = 20;

/// Adds messages about a line, whose job has an id if that is known.
fn add_all(to: &mut Messages, line: &Line, id: Option<&str>, messages: Vec<String>) {
    let number = line.place.number;
    for text in messages {
        to.add(|| match id {
            Some(id) => {
                let id = format!("{id:?}");
                tr!("line {number}, job {id}: {text}", number, id, text)
            }
            None => tr!("line {number}: {words}", number, words = text),
        });
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
            Ok((id, found)) => add_all(&mut warnings, &line, Some(&id), found),
            Err(invalid) => {
                code = invalid.code.unwrap_or(code);
                add_all(
                    &mut problems,
                    &line,
                    invalid.id.as_deref(),
                    invalid.problems,
                );
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
    match problems.count() {
        0 => {
            warn_of_adopted(&intake.finish()?);
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

/// Says how many jobs were sent before, and are not now.
fn warn_of_adopted(adopted: &Adopted) {
    let (there, gone) = (adopted.there.get(), adopted.gone.get());
    if there > 0 {
        console::warning(&tr!(
            "{n} job not sent: the directory has its pictures already, of which its journal does \
             not know"
                | "{n} jobs not sent: the directory has their pictures already, of which its \
                   journal does not know"
                    % there
        ));
    }
    if gone > 0 {
        console::warning(&tr!(
            "{n} job not sent: its pictures were paid for, and are gone from the directory, \
             which has only the JSON beside them; request others in a new job"
                | "{n} jobs not sent: their pictures were paid for, and are gone from the \
                   directory, which has only the JSON beside them; request others in new jobs"
                    % gone
        ));
    }
}

/// The ids of a file in which jobs are named after their prompts, each with the number of the last
/// job that was named after it.
#[derive(Default)]
struct Names(HashMap<String, u64>);

impl Names {
    /// Takes an id that the file gives.
    fn given(&mut self, id: &str) {
        self.0.entry(id.to_owned()).or_insert(1);
    }

    /// The id of the next job that is named after a prompt: numbered, and so that no job before
    /// it has the same, be it that another prompt ends in the number.
    fn next(&mut self, id: String) -> String {
        let Some(mut count) = self.0.get(&id).copied() else {
            self.0.insert(id.clone(), 1);
            return id;
        };
        let numbered = loop {
            count += 1;
            let numbered = wanted::numbered(&id, count);
            if !self.0.contains_key(&numbered) {
                break numbered;
            }
        };
        self.0.insert(id, count);
        self.0.insert(numbered.clone(), 1);
        numbered
    }
}

/// Takes in the job of a line: its id and the warnings, or what is wrong.
fn take(
    line: &Line,
    jobs: &JobsFile,
    names: &mut Names,
    intake: &Intake<'_>,
) -> Result<Result<(String, Vec<String>), InvalidLine>, CliError> {
    let Some(bytes) = &line.bytes else {
        return Ok(Err(InvalidLine::of(too_long())));
    };
    let (mut job, warnings) = match jobs.read(bytes).and_then(job::checked) {
        Ok(checked) => checked,
        Err(invalid) => return Ok(Err(invalid)),
    };
    match job.is_named_after_prompt {
        true => job.id = names.next(job.id),
        false if jobs.names_jobs() => names.given(&job.id),
        false => {}
    }
    Ok(match intake.take(&job, line.place)? {
        None => Ok((job.id, warnings)),
        Some(problem) => Err(InvalidLine::new(Some(job.id), vec![problem])),
    })
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn no_two_jobs_are_named_the_same() {
        let cases: [(&[&str], &[&str]); 4] = [
            (
                &["cat", "cat", "dog", "cat"],
                &["cat", "cat-2", "dog", "cat-3"],
            ),
            (
                &["cat", "cat", "cat-2", "cat", "cat-2"],
                &["cat", "cat-2", "cat-2-2", "cat-3", "cat-2-3"],
            ),
            (&["cat-2", "cat", "cat"], &["cat-2", "cat", "cat-3"]),
            (
                &["cat-2-2", "cat-2", "cat", "cat", "cat-2"],
                &["cat-2-2", "cat-2", "cat", "cat-3", "cat-2-3"],
            ),
        ];
        for (prompts, expected) in cases {
            let mut names = Names::default();
            let ids: Vec<_> = prompts
                .iter()
                .map(|id| names.next((*id).to_owned()))
                .collect();
            assert_eq!(ids, expected);
        }
    }

    #[test]
    fn a_job_is_not_named_as_the_file_names_one_before() {
        let mut names = Names::default();
        names.given("cat");
        names.given("cat-3");
        let mut next = || names.next("cat".to_owned());
        assert_eq!([next(), next()], ["cat-2", "cat-4"]);
    }
}
