//! `inkstone generate --async`: submits a task, notes its id, and waits for it.

use inkstone::{Client, Operation};
use serde_json::json;

use crate::address::Address;
use crate::args::Generate;
use crate::exit::Failure;
use crate::generate::{interrupted, refused};
use crate::interrupt::{Interrupt, Interrupted};
use crate::output;
use crate::progress::Progress;
use crate::sent::Sent;
use crate::task::ticket;
use crate::task::wait::{Wait, resumption};

pub async fn run(
    client: &Client,
    operation: &Operation,
    sent: Sent<'_>,
    address: &Address,
    args: &Generate,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), Failure> {
    let submitting = client.submit_json(operation, sent.body);
    // It counts as under way until it is dropped.
    let submission = match interrupt.or(submitting).await {
        Ok(Ok(submission)) => submission,
        Ok(Err(error)) => {
            drop(progress);
            return Err(refused(&sent, &error, address.key()));
        }
        Err(Interrupted) => return Err(interrupted()),
    };
    let task_id = submission.task_id();
    let sent = Sent {
        task_id: Some(task_id),
        ..sent
    };
    let resumption = match args.sandbox {
        true => None,
        false => Some(resumption(task_id, sent.out, address)),
    };
    if resumption.is_some()
        && let Err(error) = ticket::write(&sent, task_id, address.base())
    {
        output::warning(&format!(
            "the task can't be noted in {}: {error}; its id is {task_id}",
            sent.out.display()
        ));
    }
    if args.no_wait {
        drop(progress);
        return told(
            &sent,
            submission.reply().request_id(),
            args.json,
            resumption,
        );
    }
    let wait = Wait {
        client,
        sent: &sent,
        task_id,
        key: address.key(),
        resumption: resumption.as_deref(),
        as_json: args.json,
    };
    wait.run((progress, interrupt)).await
}

/// Prints the id of a task that nobody waits for.
fn told(
    sent: &Sent<'_>,
    request_id: Option<&str>,
    as_json: bool,
    resumption: Option<String>,
) -> Result<(), Failure> {
    match as_json {
        true => output::json(&json!({
            "task_id": sent.task_id,
            "request_id": request_id,
            "model": sent.model,
            "api": sent.api,
            "time": sent.stamp.time,
        }))?,
        false => output::line(sent.task_id.unwrap_or_default())?,
    }
    if let Some(command) = resumption {
        output::hint(&format!("its pictures are kept for a day: {command}"));
    }
    Ok(())
}
