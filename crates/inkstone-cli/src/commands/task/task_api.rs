//! The API that is asked about tasks, and questions that are not billed.

use inkstone::{Client, Error, Operation, Stage, task_query};
use tr::tr;

use crate::args::api::Api;
use crate::args::task::{SubmittedArgs, TaskPlace};
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::client_setup::downloads;
use crate::client::interrupt::{Interrupt, Interrupted};
use crate::client::runtime;
use crate::error::CliError;
use crate::request::given_document;

/// An API that is asked about tasks.
pub struct TaskApi {
    pub operation: &'static Operation,
    pub address: Address,
}

impl TaskApi {
    /// The API with this name, or the usual one.
    pub fn find(api: Option<&str>, place: &TaskPlace) -> Result<Self, CliError> {
        let name = api.unwrap_or(Api::USUAL_FOR_TASKS);
        let operation = task_query(name).ok_or_else(|| {
            CliError::usage(tr!(
                "no document of {name} says where to ask about a task",
                name
            ))
            .hint(tr!(
                "name another API with --api, or its document with --document"
            ))
        })?;
        Self::new(operation, place)
    }

    /// The API of a document, where one is given.
    pub fn of_document(
        submitted: &SubmittedArgs,
        api: Option<&str>,
        place: &TaskPlace,
    ) -> Result<Self, CliError> {
        let Some(file) = &submitted.document else {
            return Self::find(api, place);
        };
        let operation = given_document::load(file, submitted.operation.as_deref())?;
        if !given_document::has_tasks(operation.api) {
            let file = file.display();
            let message = tr!("{file} does not say where to ask about a task", file);
            return Err(CliError::usage(message).hint(tr!("name an API with --api")));
        }
        Self::new(operation, place)
    }

    /// At its address, or in a sandbox on this machine.
    fn new(operation: &'static Operation, place: &TaskPlace) -> Result<Self, CliError> {
        let address = match place.sandbox {
            Some(port) => Address::for_sandbox(&format!("http://127.0.0.1:{port}")),
            None => Address::find(operation, &place.address)?,
        };
        Ok(Self { operation, address })
    }

    pub fn client(&self, verify: bool) -> Result<Client, CliError> {
        let client = self.address.client(downloads(verify)?)?;
        Ok(given_document::with_tasks_of(&client, self.operation))
    }
}

/// Makes a call that is not billed, until it is answered or ctrl-c comes.
pub fn call<T>(
    target: &TaskApi,
    call: impl AsyncFnOnce(Client) -> Result<T, Error>,
) -> Result<T, CliError> {
    runtime::run(async {
        let client = target.client(false)?;
        match Interrupt::new().or(call(client)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(unanswered(&error, &target.address)),
            Err(Interrupted) => Err(CliError::interrupted(tr!(
                "interrupted before the API answered"
            ))),
        }
    })
}

/// The error of a call that is not billed, so that a bill must not be mentioned.
fn unanswered(error: &Error, address: &Address) -> CliError {
    let failed = call_error::without_key(error, address.key());
    match error.stage() {
        Stage::OutcomeUnknown | Stage::Unreadable => {
            failed.hint(tr!("this call is not billed: try again in a while"))
        }
        Stage::NotSent if address.is_local() => {
            failed.hint(tr!("start a sandbox in another terminal: inkstone sandbox"))
        }
        _ => failed,
    }
}
