//! The command that waits for a task again.

use std::path::Path;

use crate::args::api::Api;
use crate::client::address::Address;
use crate::request::words::command_line;

/// `inkstone task wait …`, ready to paste into a shell.
pub fn resume_command(
    task_id: &str,
    (api, document): (&str, Option<&Path>),
    out: &Path,
    address: Option<&Address>,
) -> String {
    let path = |path: &Path| path.display().to_string();
    let mut args = ["task", "wait", task_id, "--out"]
        .map(str::to_owned)
        .to_vec();
    args.push(path(out));
    match document {
        Some(file) => args.extend(["--document".to_owned(), path(file)]),
        None if api == Api::USUAL_FOR_TASKS => {}
        None => args.extend(["--api".to_owned(), api.to_owned()]),
    }
    args.extend(address.map(Address::flags).unwrap_or_default());
    command_line::written(&args)
}
