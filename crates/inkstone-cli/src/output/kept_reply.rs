//! Keeps replies that may have been billed, where no picture comes of them.

use std::path::Path;

use inkstone::{Error, Reply};
use serde_json::Value;

use crate::client::call_error;
use crate::client::secret::Secret;
use crate::error::{CliError, Code};
use crate::output::full_body::FullBody;
use crate::output::request_context::RequestContext;

/// The command's error for a failed request. The body of a reply that may have been billed
/// is kept.
pub fn call_failed(request: &RequestContext<'_>, error: &Error, key: &Secret) -> CliError {
    let mut failed = call_error::without_key(error, key);
    if error.may_have_been_billed() && !error.text().is_empty() {
        let stem = format!("{}-reply", request.stamp.stem);
        failed.details.push(keep(request.out, &stem, error));
    }
    failed
}

/// The error for a successful reply without pictures, which is kept.
pub fn no_pictures(request: &RequestContext<'_>, reply: &Reply<Value>) -> CliError {
    let message = "the reply reports success but holds no picture; it may have been billed";
    let kept = keep(request.out, &request.stamp.stem, reply);
    CliError::new(Code::OutcomeUnknown, message).hint(kept)
}

fn keep(out: &Path, stem: &str, body: &impl FullBody) -> String {
    match body.save(out, stem) {
        Ok(path) => format!("the reply is kept in {}", path.display()),
        Err(error) => format!("the reply can't be kept: {error}"),
    }
}
