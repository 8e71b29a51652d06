//! Why a command fails: the exit code, the message, and what to do next.

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
}

impl CliError {
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
