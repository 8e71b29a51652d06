//! Keeps replies that may have been billed, where no picture comes of them.

use std::path::{Path, PathBuf};

use inkstone::Error;

use tr::tr;

use crate::client::call_error;
use crate::client::interrupt::Interrupt;
use crate::client::secret::Secret;
use crate::error::{CallFacts, CliError, Code};
use crate::output::arrived::Arrived;
use crate::output::files;
use crate::output::request_context::RequestContext;

/// The command's error for a failed request. The body of a reply that may have been billed
/// is kept.
pub fn call_failed(request: &RequestContext<'_>, error: &Error, key: &Secret) -> CliError {
    let mut failed = call_error::without_key(error, key);
    if error.may_have_been_billed() && !error.text().is_empty() {
        let stem = format!("{}-reply", request.stamp.stem);
        let (text, kept) = keep(request.out, &stem, error);
        failed.details.push(text);
        if let Some(facts) = &mut failed.call {
            facts.kept = kept;
        }
    }
    failed
}

/// The error of a call without pictures, which a signal may have interrupted.
pub fn unsuccessful(
    request: &RequestContext<'_>,
    error: &Error,
    key: &Secret,
    interrupt: &Interrupt,
) -> CliError {
    let failed = call_failed(request, error, key);
    match interrupt.given() {
        Some(_) if !error.may_have_been_billed() => call_error::interrupted_unsent(failed),
        _ => failed,
    }
}

/// The error for a successful reply without pictures, which is kept.
pub fn no_pictures(request: &RequestContext<'_>, reply: &impl Arrived) -> CliError {
    let message = tr!("the reply reports success but holds no picture; it may have been billed");
    let (text, kept) = keep(request.out, &request.stamp.stem, reply);
    let task_id = request
        .task_id
        .map(str::to_owned)
        .or_else(|| reply.task_id());
    let named = task_id.iter().map(|id| {
        tr!(
            "it names the task {id}, and no document of {api} says where to ask about it: \
             `inkstone task wait {id} --api …` asks as another API does",
            id,
            api = request.api
        )
    });
    CliError::new(Code::OutcomeUnknown, message)
        .details(named.filter(|_| request.task_id.is_none()).collect())
        .hint(text)
        .call(CallFacts {
            stage: "outcome_unknown",
            status: reply.status(),
            request_id: reply.request_id().map(str::to_owned),
            may_have_been_billed: true,
            task_id,
            kept,
            ..CallFacts::default()
        })
}

/// Keeps a reply where it can, and says where; one that fits nowhere is told.
pub fn keep(out: &Path, stem: &str, body: &impl Arrived) -> (String, Option<PathBuf>) {
    match files::here_or_elsewhere(out, |directory| body.save(directory, stem)) {
        Ok(path) => (
            tr!("the reply is kept in {path}", path = path.display()),
            Some(path),
        ),
        Err(error) => (tr!("the reply can't be kept: {error}", error), None),
    }
}
