//! How a command ends: the exit codes, and what is said on the way out.

use inkstone::{Error, Stage};

/// The exit codes, as `inkstone --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Breaking = 1,
    Usage = 2,
    Invalid = 3,
    Refused = 4,
    Account = 5,
    Throttled = 6,
    OutcomeUnknown = 7,
    NotSent = 8,
    Unsaved = 9,
    Budget = 10,
    Interrupted = 130,
}

/// Why a command failed, and what to do next.
#[derive(Debug)]
pub struct Failure {
    pub code: Code,
    pub message: String,
    /// One line each, below the message.
    pub details: Vec<String>,
    pub hint: Option<String>,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
            hint: None,
        }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    pub fn details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The failure that an error of the library stands for.
pub fn from_library(error: &Error) -> Failure {
    let (code, hint) = match error.stage() {
        Stage::Configuration => (
            Code::Usage,
            "see --base-url and --allow-http in `inkstone generate --help`",
        ),
        Stage::Invalid => (
            Code::Invalid,
            "`inkstone models` lists what each model accepts",
        ),
        Stage::NotSent => (
            Code::NotSent,
            "nothing was sent or billed: check the address and the network, then try again",
        ),
        Stage::Refused if error.is_retryable() => (
            Code::Refused,
            "nothing was billed, and another attempt may succeed",
        ),
        Stage::Refused => (
            Code::Refused,
            "change what the API objects to; the same request would be refused again",
        ),
        Stage::Account => (
            Code::Account,
            "check the key, its region and the account's credit",
        ),
        Stage::Throttled => (
            Code::Throttled,
            "nothing was generated: try again in a while",
        ),
        Stage::Download | Stage::File => {
            (Code::Unsaved, "fetch the picture from its URL within a day")
        }
        Stage::Expired => (
            Code::Unsaved,
            "the picture is gone; what it was made from is in the files beside it",
        ),
        Stage::Unfinished => (
            Code::OutcomeUnknown,
            "the task goes on, and its pictures can be fetched by its id for a day",
        ),
        // An outcome that this program doesn't know is one that may cost money.
        _ => (
            Code::OutcomeUnknown,
            "look into the API's console before sending it again: each request may be billed",
        ),
    };
    let failure = Failure::new(code, error.to_string());
    match error.retry_after() {
        Some(wait) if code == Code::Throttled => failure.hint(format!(
            "nothing was generated: try again in {} seconds",
            wait.as_secs()
        )),
        _ => failure.hint(hint),
    }
}
