//! What became of a request, decided from evidence alone: what came, and how far the call
//! got. `generate`, `batch` and orders act on this, and nothing else decides.

use inkstone::{Error, Image, Reply, Stage};
use serde_json::Value;

use crate::output::arrived::parsed;

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Pictures came: it was carried out, whatever else the reply says.
    Pictures(Vec<Image>),
    /// It became a task, which goes on.
    Task(String),
    /// The API refused it, and would refuse it again.
    Refused,
    /// It was not taken, and can be sent again.
    Unsent,
    /// It was not taken, nor would others: the key or the account is refused.
    Account,
    /// Nobody knows; it may have been billed.
    Unknown,
}

/// What became of a request whose reply reports success, to an API that can be asked about its
/// tasks or not.
pub fn of_reply(reply: &Reply<Value>, has_tasks: bool) -> Outcome {
    let images = reply.images();
    match reply.task_id() {
        _ if !images.is_empty() => Outcome::Pictures(images),
        // Whoever can't be asked about a task can't be waited for.
        Some(task_id) if has_tasks => Outcome::Task(task_id),
        _ => Outcome::Unknown,
    }
}

/// What became of a request whose call failed.
pub fn of_error(error: &Error) -> Outcome {
    let images = error.images();
    if !images.is_empty() {
        return Outcome::Pictures(images);
    }
    match error.stage() {
        Stage::OutcomeUnknown | Stage::Unreadable if error.task_id().is_some() => {
            Outcome::Task(error.task_id().unwrap_or_default().to_owned())
        }
        _ if error.may_have_been_billed() => Outcome::Unknown,
        Stage::Refused if error.is_retryable() || is_somebody_else(error) => Outcome::Unsent,
        Stage::Refused | Stage::Invalid => Outcome::Refused,
        Stage::Account => Outcome::Account,
        _ => Outcome::Unsent,
    }
}

/// Whether whoever answered is not the API, but a server in its place or before it, which knows
/// no such path: an address that is wrong, or an API that is down for a moment. The request may
/// be as right as any other.
fn is_somebody_else(error: &Error) -> bool {
    let knows_no_path = matches!(error.status(), Some(300..=399 | 404 | 405 | 410 | 421));
    let body = error.body().map_or(&[][..], |body| body);
    let said = parsed(body).unwrap_or_default();
    let is_apis = |name: &str| said.get(name).is_some_and(|value| !value.is_null());
    knows_no_path && error.code().is_none() && !["error", "message"].into_iter().any(is_apis)
}
