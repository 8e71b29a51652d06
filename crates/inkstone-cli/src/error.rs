//! Why a command fails: the exit code, the message, and what to do next.

use std::path::PathBuf;

use apifox_document::Diagnostics;
use serde_json::{Value, json};

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

/// The codes of what may fail beside others, the worst one first.
const WORST_FIRST: [Code; 10] = [
    Code::OutcomeUnknown,
    Code::Unsaved,
    Code::Account,
    Code::Refused,
    Code::Throttled,
    Code::NotSent,
    Code::Usage,
    Code::Invalid,
    Code::Interrupted,
    Code::Budget,
];

/// The worst of some codes, each of which a job or a task may have.
pub fn worst(codes: &[Code]) -> Option<Code> {
    WORST_FIRST.into_iter().find(|code| codes.contains(code))
}

/// Why a command fails, and what to do next.
#[derive(Debug)]
pub struct CliError {
    pub code: Code,
    pub message: String,
    /// Paragraphs below the message.
    pub details: Vec<String>,
    /// What the terminal was told before, in lines with the text of a document.
    pub told: Vec<String>,
    pub hint: Option<String>,
    /// What is known of the call that failed.
    pub call: Option<Box<CallFacts>>,
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
            told: Vec::new(),
            hint: None,
            call: None,
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

    /// With what the terminal was told of a document already.
    pub fn told(mut self, problems: &Diagnostics) -> Self {
        self.told = problems.0.iter().map(ToString::to_string).collect();
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

    /// What there is to say of the failure, for those who read JSON.
    pub fn json(&self) -> Value {
        let none = CallFacts::default();
        let call = self.call.as_deref().unwrap_or(&none);
        let stage = match self.code {
            _ if !call.stage.is_empty() => call.stage,
            Code::Usage => "configuration",
            Code::Invalid => "invalid",
            Code::Account => "account",
            Code::Interrupted => "interrupted",
            _ => "unknown",
        };
        json!({
            "error": self.message,
            "exit_code": self.code as u8,
            "stage": stage,
            "status": call.status,
            "code": call.code,
            "request_id": call.request_id,
            "retry_after": call.retry_after,
            "may_have_been_billed": call.may_have_been_billed,
            "task_id": call.task_id,
            "kept": call.kept.as_ref().map(|path| path.display().to_string()),
            "images": [],
            "details": self.told.iter().chain(&self.details).collect::<Vec<_>>(),
            "hint": self.hint,
        })
    }
}
