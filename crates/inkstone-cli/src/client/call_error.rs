//! From an error of the library to the error of a command.

use inkstone::{Error, Stage};
use tr::tr;

use crate::args;
use crate::client::secret::Secret;
use crate::client::stage_name::stage_name;
use crate::error::{CallFacts, CliError, Code};
use crate::language::libraries;

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
    let message = libraries::error(&error.to_string());
    let failed = CliError::new(code, message).call(facts(error));
    match error.retry_after() {
        Some(wait) if code == Code::Throttled => failed.hint(tr!(
            "nothing was generated: try again in {seconds} seconds",
            seconds = wait.as_secs()
        )),
        _ => failed.hint(hint(error)),
    }
}

/// What is known of a failed call.
fn facts(error: &Error) -> CallFacts {
    CallFacts {
        stage: stage_name(error.stage()),
        status: error.status(),
        code: error.code().map(str::to_owned),
        request_id: error.request_id().map(str::to_owned),
        retry_after: error.retry_after().map(|wait| wait.as_secs()),
        may_have_been_billed: error.may_have_been_billed(),
        task_id: error.task_id().map(str::to_owned),
        kept: None,
    }
}

/// The error of a request that a signal interrupted while it was under way.
pub fn interrupted() -> CliError {
    CliError::interrupted(tr!("interrupted before the reply came"))
        .hint(tr!(
            "a request that was sent already may still be carried out and billed"
        ))
        .call(CallFacts {
            stage: "interrupted",
            may_have_been_billed: true,
            ..CallFacts::default()
        })
}

/// The error of a request that a signal interrupted while nothing of it was under way:
/// before it was sent, or after it was refused and before it was sent again.
pub fn interrupted_unsent(failed: CliError) -> CliError {
    CliError {
        code: Code::Interrupted,
        message: tr!("interrupted: {why}", why = failed.message),
        hint: Some(tr!("nothing was generated or billed")),
        ..failed
    }
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

/// Whether the API says that the model takes no asynchronous calls.
fn blames_the_way_of_calling(error: &Error) -> bool {
    let message = error.to_string().to_lowercase();
    message.contains("asynchronous") || message.contains("异步")
}

fn hint(error: &Error) -> String {
    if error.stage() == Stage::Configuration {
        let command = args::running();
        return tr!(
            "see --base-url, --region and --allow-http in `inkstone {command} --help`",
            command
        );
    }
    match error.stage() {
        Stage::Invalid => tr!("`inkstone models` lists what each model accepts"),
        Stage::NotSent => {
            tr!("nothing was sent or billed: check the address and the network, then try again")
        }
        Stage::Refused if error.is_retryable() => {
            tr!("nothing was billed, and another attempt may succeed")
        }
        Stage::Refused if error.status() == Some(404) => {
            tr!("check --base-url, and whether the API has this model")
        }
        Stage::Refused
            if error
                .status()
                .is_some_and(|status| (300..400).contains(&status)) =>
        {
            tr!("check --base-url: the API is elsewhere, and nothing was done or billed")
        }
        Stage::Refused if blames_the_way_of_calling(error) => {
            tr!(
                "this model can't be called in this way: leave --async out, or \"async\" in a batch"
            )
        }
        Stage::Refused => {
            tr!("change what the API objects to; the same request would be refused again")
        }
        Stage::Account => tr!("check the key, its region and the account's credit"),
        Stage::Throttled => tr!("nothing was generated: try again in a while"),
        Stage::Download | Stage::File => tr!("fetch the picture from its URL within a day"),
        Stage::Expired => tr!("the picture is gone; the file beside it says how it was made"),
        Stage::Unfinished => {
            tr!("the task is still running, and its pictures can be fetched by its id for a day")
        }
        _ => tr!("look into the API's console before sending it again: each request may be billed"),
    }
}
