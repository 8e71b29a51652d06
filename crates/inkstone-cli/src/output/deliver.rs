//! From a reply to an exit code: saves its pictures, prints them, and keeps what must
//! not be lost.

use inkstone::{Client, Reply};
use serde_json::Value;

use crate::client::interrupt::Interrupt;
use crate::client::progress::Progress;
use crate::console;
use crate::error::CliError;
use crate::output::kept_reply;
use crate::output::request_context::RequestContext;
use crate::output::save_pictures;
use crate::output::task_ticket;

/// Saves the pictures of `reply`; `unmade` says why pictures that were asked for were not
/// made.
pub async fn deliver(
    client: &Client,
    request: &RequestContext<'_>,
    reply: &Reply<Value>,
    unmade: Vec<String>,
    as_json: bool,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), CliError> {
    let images = reply.images();
    if images.is_empty() {
        drop(progress);
        warn_of_deviations(reply);
        return Err(kept_reply::no_pictures(request, reply));
    }
    let mut outcome = save_pictures::save(client, request, images, &progress, interrupt).await;
    outcome.unmade = unmade;
    drop(progress);
    warn_of_deviations(reply);
    outcome.write_sidecars(request, reply.request_id());
    outcome.keep_reply(request, reply);
    if let Some(task_id) = request.task_id
        && outcome.unsaved.is_empty()
    {
        task_ticket::remove(request.out, task_id);
    }
    outcome.print(request, reply, as_json)?;
    outcome.conclude()
}

fn warn_of_deviations(reply: &Reply<Value>) {
    for deviation in reply.deviations() {
        console::warning(&format!(
            "the reply deviates from its document: {deviation}"
        ));
    }
}
