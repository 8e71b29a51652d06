//! From a reply to an exit code: its pictures saved, told, and what must not be lost kept.

use inkstone::{Client, Reply};
use serde_json::Value;

use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output;
use crate::progress::Progress;
use crate::save;
use crate::sent::Sent;
use crate::task::ticket;

/// Saves the pictures of `reply`; `unmade` says why there are not more of them.
pub async fn deliver(
    client: &Client,
    sent: &Sent<'_>,
    reply: &Reply<Value>,
    unmade: Vec<String>,
    as_json: bool,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), Failure> {
    let images = reply.images();
    if images.is_empty() {
        drop(progress);
        warn_of_deviations(reply);
        return Err(save::nothing(sent, reply));
    }
    let mut outcome = save::pictures(client, sent, images, &progress, interrupt).await;
    outcome.unmade = unmade;
    drop(progress);
    warn_of_deviations(reply);
    outcome.write_sidecars(sent, reply.request_id());
    outcome.keep(sent, reply);
    if let Some(task_id) = sent.task_id
        && outcome.unsaved.is_empty()
    {
        ticket::remove(sent.out, task_id);
    }
    outcome.print(sent, reply, as_json)?;
    outcome.conclude()
}

fn warn_of_deviations(reply: &Reply<Value>) {
    for it in reply.deviations() {
        output::warning(&format!("the reply deviates from its document: {it}"));
    }
}
