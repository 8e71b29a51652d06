//! From what came of a call to an exit code: saves its pictures, prints them, and keeps what
//! must not be lost.

use inkstone::Client;

use tr::tr;

use crate::args::preview::Presentation;
use crate::client::interrupt::Interrupt;
use crate::client::progress::Progress;
use crate::console;
use crate::error::CliError;
use crate::language::libraries;
use crate::output::arrived::Arrived;
use crate::output::kept_reply;
use crate::output::outcome::SaveOutcome;
use crate::output::reply_record;
use crate::output::request_context::RequestContext;
use crate::output::save_pictures;
use crate::output::task_ticket;
use crate::request::picture_count::asked;
use crate::request::words::explain;

/// Saves the pictures of what arrived.
pub async fn deliver(
    client: &Client,
    request: &RequestContext<'_>,
    arrived: &impl Arrived,
    presentation: Presentation,
    (progress, interrupt): (Progress, &mut Interrupt),
) -> Result<(), CliError> {
    if arrived.images().is_empty() {
        drop(progress);
        warn_of_flaws(arrived);
        return Err(kept_reply::no_pictures(request, arrived));
    }
    let kept = reply_record::before_fetching(request, arrived);
    let saved_before = |image: &_, stem: &str| save_pictures::with_sidecar(request, image, stem);
    let terminal = (&progress, interrupt);
    let saving = save_pictures::save(client, request, arrived, terminal, saved_before);
    let mut outcome = saving.await;
    outcome.unmade = arrived.shortfall(asked(request.body));
    drop(progress);
    warn_of_flaws(arrived);
    outcome.write_sidecars(request, arrived.request_id());
    outcome.keep_reply(request, arrived, kept);
    if let Some(task_id) = request.task_id
        && outcome.unsaved.is_empty()
    {
        task_ticket::remove(request.out, task_id);
    }
    let printed = outcome.print(request, arrived, presentation);
    conclude(&outcome, printed)
}

/// Fails if a picture is missing, or nobody could be told where the pictures are.
fn conclude(outcome: &SaveOutcome, printed: Result<(), CliError>) -> Result<(), CliError> {
    let concluded = outcome.conclude();
    match printed {
        Ok(()) => concluded,
        Err(unprinted) => {
            let mut error = concluded
                .err()
                .unwrap_or_else(|| CliError::unsaved(tr!("the pictures are saved")));
            error.message += &tr!(", but {why}", why = unprinted.message);
            let saved = outcome.paths().map(|path| tr!("saved: {path}", path));
            error.details.extend(saved);
            Err(error)
        }
    }
}

fn warn_of_flaws(arrived: &impl Arrived) {
    if let Some(flaw) = arrived.flaw() {
        console::warning(&libraries::error(&flaw));
    }
    for violation in arrived.deviations() {
        let deviation = explain::in_body(None, violation);
        console::warning(&tr!(
            "the reply deviates from its document: {deviation}",
            deviation
        ));
    }
}
