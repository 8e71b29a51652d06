//! Why a command fails: the exit code, the message, and what to do next.

use std::path::PathBuf;

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

/// Why a command fails, and what to do next.
#[derive(Debug)]
pub struct CliError {
    pub code: Code,
    pub message: String,
    /// Paragraphs below the message.
    pub details: Vec<String>,
    pub hint: Option<String>,
    /// What is known of the call that failed.
    pub call: Option<Box<CallFacts>>,
    /// Whether the result was printed all the same, as JSON.
    pub is_printed: bool,
}

/// What is known of a failed call, for those who read JSON.
#[derive(Debug, Default)]
pub struct CallFacts {
    /// How far it got.
    pub stage: &'static str,
    pub status: Option<u16>,
    /// The API's own code.
    pub code: Option<String>,
    pub request_id: Option<String>,
    /// How many seconds the API asks to wait.
    pub retry_after: Option<u64>,
    pub may_have_been_billed: bool,
    pub task_id: Option<String>,
    /// The file with the reply.
    pub kept: Option<PathBuf>,
}

impl CliError {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
            hint: None,
            call: None,
            is_printed: false,
        }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message)
    }

    pub fn unsaved(message: impl Into<String>) -> Self {
        Self::new(Code::Unsaved, message)
    }

    pub fn interrupted(message: impl Into<String>) -> Self {
        Self::new(Code::Interrupted, message)
    }

    pub fn details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// This error, with what another says.
    pub fn and(mut self, other: Self) -> Self {
        self.details.push(other.message);
        self.details.extend(other.details);
        self
    }

    pub fn call(mut self, facts: CallFacts) -> Self {
        self.call = Some(Box::new(facts));
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
