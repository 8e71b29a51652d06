//! Waits for a task and saves its pictures; says how to take it up again where that
//! does not come about.

use std::path::Path;

use inkstone::{Client, Error, Outcome, Stage, Task};

use crate::address::{Address, Secret};
use crate::deliver::deliver;
use crate::exit::{Code, Failure, from_library};
use crate::generate::refused;
use crate::interrupt::{Interrupt, Interrupted};
use crate::progress::Progress;
use crate::sent::Sent;
use crate::task::ticket;

/// A wait for a task.
pub struct Wait<'a> {
    pub client: &'a Client,
    pub sent: &'a Sent<'a>,
    pub task_id: &'a str,
    pub key: &'a Secret,
    /// The command that takes it up again, unless none can.
    pub resumption: Option<&'a str>,
    pub as_json: bool,
}

impl Wait<'_> {
    pub async fn run(
        &self,
        (progress, interrupt): (Progress, &mut Interrupt),
    ) -> Result<(), Failure> {
        let task_id = self.task_id;
        progress.say(format!("waiting for the task {task_id}"));
        let task = match interrupt.or(self.client.wait(task_id)).await {
            Ok(Ok(task)) => task,
            Ok(Err(error)) => {
                drop(progress);
                return Err(self.unfinished(&error));
            }
            Err(Interrupted) => {
                let message = format!("interrupted while waiting for the task {task_id}");
                return Err(self.to_be_resumed(Failure::new(Code::Interrupted, message)));
            }
        };
        let unmade = unmade(&task, self.key);
        let outcome = task.outcome();
        let reply = match task.into_pictures() {
            Ok(reply) => reply,
            Err(error) => {
                drop(progress);
                return Err(self.without_pictures(outcome, &error));
            }
        };
        let (client, sent) = (self.client, self.sent);
        let way = (progress, interrupt);
        deliver(client, sent, &reply, unmade, self.as_json, way).await
    }

    /// The failure of a wait that did not see the end of the task.
    fn unfinished(&self, error: &Error) -> Failure {
        let mut failure = self.told(error);
        if !matches!(
            error.stage(),
            Stage::Configuration | Stage::Invalid | Stage::Account
        ) {
            // Whatever became of the question, the task goes on.
            failure.code = Code::OutcomeUnknown;
        }
        self.to_be_resumed(failure)
    }

    /// An error whose reply nobody paid for.
    fn told(&self, error: &Error) -> Failure {
        let failure = from_library(error);
        Failure {
            message: self.key.hide_in(&failure.message),
            ..failure
        }
    }

    fn to_be_resumed(&self, failure: Failure) -> Failure {
        match self.resumption {
            Some(command) => failure.hint(format!(
                "the task goes on, and its pictures are kept for a day: {command}"
            )),
            None => failure.hint("the sandbox has ended, and the task with it"),
        }
    }

    /// The failure of a task that is over and made none.
    fn without_pictures(&self, outcome: Option<Outcome>, error: &Error) -> Failure {
        let failure = match outcome {
            // It says nothing that would be worth keeping.
            Some(Outcome::Unknown) => self.told(error),
            _ => refused(self.sent, error, self.key),
        };
        if !error.may_have_been_billed() {
            ticket::remove(self.sent.out, self.task_id);
        }
        match outcome {
            Some(Outcome::Canceled) => failure.hint("nothing was made or billed"),
            _ => failure,
        }
    }
}

/// Why a task made fewer pictures than it was to.
pub fn unmade(task: &Task, key: &Secret) -> Vec<String> {
    match task.outcome() {
        Some(Outcome::Partial) => {
            let failures = task.failures();
            let told = failures.iter().map(|it| key.hide_in(&it.to_string()));
            told.collect()
        }
        _ => Vec::new(),
    }
}

/// The command that waits for a task.
pub fn resumption(task_id: &str, out: &Path, address: &Address) -> String {
    let mut words = vec!["inkstone".to_owned(), "task".to_owned(), "wait".to_owned()];
    words.push(word(task_id));
    words.push("--out".to_owned());
    words.push(word(&out.display().to_string()));
    words.extend(address.flags().iter().map(|it| word(it)));
    words.join(" ")
}

/// A word of a command, as a shell reads it.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_word_is_one_word_to_a_shell() {
        let cases = [
            ("a-b_c.d/e", "a-b_c.d/e"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("", "''"),
            ("my cats", "'my cats'"),
            ("it's", "'it'\\''s'"),
            ("$(x)", "'$(x)'"),
        ];
        for (text, expected) in cases {
            assert_eq!(word(text), expected);
        }
    }
}
