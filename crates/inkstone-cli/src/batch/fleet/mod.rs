//! A batch on many machines: the journal in PostgreSQL, the pictures in a store.
//!
//! [`intake`] checks the jobs as for any batch and puts them into the journal; [`worker`] claims
//! them and has them run as any job is, on the [`backend`]; [`report`] copies the journal into
//! one of SQLite, of which summary and contact sheet are made; [`control`] is what else there
//! is to do.

mod backend;
mod control;
mod counters;
mod intake;
mod kept;
mod made_before;
mod metrics;
mod patience;
mod pictures;
mod report;
mod session;
mod spool;
mod worker;

use std::time::Instant;

use inkstone_fleet::Control;
use tr::tr;

use crate::args::batch::BatchArgs;
use crate::args::batch::fleet::{FleetCommand, WorkArgs};
use crate::batch::fleet::report::Report;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::client::interrupt::Interrupt;
use crate::client::runtime;
use crate::console;
use crate::error::CliError;
use crate::pricing::prices::Prices;

/// Does what a command asks for.
pub fn run_command(command: &FleetCommand) -> Result<(), CliError> {
    runtime::run(async {
        match command {
            FleetCommand::Work(args) => work(args).await,
            FleetCommand::Status(args) => control::status(args).await,
            FleetCommand::Pause(args) => control::set(args, Control::Paused).await,
            FleetCommand::Resume(args) => control::set(args, Control::Running).await,
            FleetCommand::Cancel(args) => control::set(args, Control::Cancelled).await,
            FleetCommand::Export(args) => report::export(args).await,
        }
    })
}

/// Helps with a batch.
async fn work(args: &WorkArgs) -> Result<(), CliError> {
    let session = session::open(args.journal.journal.as_deref(), args.worker.concurrency)?;
    session::check(&session).await?;
    let name = worker::name()?;
    let batch = session.batch().await?;
    let store = session::working_store(&batch.out, &name).await?;
    let mut interrupt = Interrupt::new();
    let told = (&args.worker, false);
    let worked = worker::work((&session, &batch, &store, name), told, &mut interrupt).await?;
    let database = session.database_time();
    tracing::debug!(
        target: "inkstone::fleet",
        statements = database.statements,
        milliseconds = database.total.as_millis(),
        "the journal took"
    );
    let jobs = worked.jobs;
    let Some(stop) = worked.stop else {
        console::progress(&tr!("{n} job carried out here; nothing is left to do"
            | "{n} jobs carried out here; nothing is left to do" % jobs));
        return Ok(());
    };
    let message = tr!(
        "{n} job carried out here; stopped because {why}"
            | "{n} jobs carried out here; stopped because {why}" % jobs,
        why = stop.text()
    );
    Err(CliError::new(stop.code(), message))
}

/// Begins or resumes a batch and works on it until it ends, beside other workers.
pub fn run(
    journal: &str,
    args: &BatchArgs,
    jobs: &JobsFile,
    prices: &Prices,
) -> Result<(), CliError> {
    let began = Instant::now();
    runtime::run(async {
        let session = session::open(Some(journal), args.worker.concurrency)?;
        // Where pictures can't go, nothing is begun.
        let name = worker::name()?;
        let store = session::working_store(&intake::out(args)?, &name).await?;
        intake::take_in(&session, args, jobs, prices).await?;
        session::check(&session).await?;
        let batch = session.batch().await?;
        let mut interrupt = Interrupt::new();
        let told = (&args.worker, args.retry_unknown);
        let working = (&session, &batch, &store, name);
        let worked = worker::work(working, told, &mut interrupt).await;
        let report = Report {
            session: &session,
            prices,
            as_json: args.is_for_programs(),
            began,
        };
        report
            .conclude(worked.map(|worked| worked.stop), &mut interrupt)
            .await
    })
}
