//! From an error of the library to the error of a command.

use inkstone::{Error, Stage};

use crate::client::secret::Secret;
use crate::error::{CliError, Code};

/// The command's error for a failed call, without the key: an API may quote it.
pub fn without_key(error: &Error, key: &Secret) -> CliError {
    let failed = from_library(error);
    CliError {
        message: key.hide_in(&failed.message),
        ..failed
    }
}

/// The command's error for an error of the library.
pub fn from_library(error: &Error) -> CliError {
    let code = code(error.stage());
    let failed = CliError::new(code, error.to_string());
    match error.retry_after() {
        Some(wait) if code == Code::Throttled => failed.hint(format!(
            "nothing was generated: try again in {} seconds",
            wait.as_secs()
        )),
        _ => failed.hint(hint(error)),
    }
}

/// The error of a request that ctrl-c interrupted.
pub fn interrupted() -> CliError {
    CliError::new(Code::Interrupted, "interrupted before the reply came")
        .hint("a request that was sent already may still be carried out and billed")
}

fn code(stage: Stage) -> Code {
    match stage {
        Stage::Configuration => Code::Usage,
        Stage::Invalid => Code::Invalid,
        Stage::NotSent => Code::NotSent,
        Stage::Refused => Code::Refused,
        Stage::Account => Code::Account,
        Stage::Throttled => Code::Throttled,
        Stage::Download | Stage::File | Stage::Expired => Code::Unsaved,
        // A stage that this program does not know may mean a bill.
        _ => Code::OutcomeUnknown,
    }
}

fn hint(error: &Error) -> &'static str {
    match error.stage() {
        Stage::Configuration => "see --base-url and --allow-http in `inkstone generate --help`",
        Stage::Invalid => "`inkstone models` lists what each model accepts",
        Stage::NotSent => {
            "nothing was sent or billed: check the address and the network, then try again"
        }
        Stage::Refused if error.is_retryable() => {
            "nothing was billed, and another attempt may succeed"
        }
        Stage::Refused => "change what the API objects to; the same request would be refused again",
        Stage::Account => "check the key, its region and the account's credit",
        Stage::Throttled => "nothing was generated: try again in a while",
        Stage::Download | Stage::File => "fetch the picture from its URL within a day",
        Stage::Expired => "the picture is gone; the file beside it says how it was made",
        Stage::Unfinished => {
            "the task is still running, and its pictures can be fetched by its id for a day"
        }
        _ => "look into the API's console before sending it again: each request may be billed",
    }
}
