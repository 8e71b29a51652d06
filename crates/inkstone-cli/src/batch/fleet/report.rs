//! Summary and contact sheet of a shared batch. The journal is copied into one of SQLite, a
//! page at a time, and both are made of that as of any other: they are the same.

use std::io::{IsTerminal as _, stdout};
use std::path::Path;
use std::time::Instant;

use inkstone_fleet::{BatchRow, Store};
use tr::tr;

use crate::args::batch::fleet::StatusArgs;
use crate::batch::ending::Ending;
use crate::batch::fleet::session::{self, Session, store, told};
use crate::batch::incoming;
use crate::batch::journal::Journal;
use crate::batch::stop_reason::StopReason;
use crate::client::interrupt::{Interrupt, Interrupted};
use crate::error::CliError;
use crate::pricing::prices::Prices;

/// What the end of a run needs.
pub struct Report<'a> {
    pub session: &'a Session,
    pub prices: &'a Prices,
    pub as_json: bool,
    pub began: Instant,
}

/// Writes the reports of a batch as it is now.
pub async fn export(args: &StatusArgs) -> Result<(), CliError> {
    let session = session::open(args.journal.journal.as_deref(), 1)?;
    session::check(&session).await?;
    let report = Report {
        session: &session,
        prices: &Prices::load(None)?,
        as_json: args.json || !stdout().is_terminal(),
        began: Instant::now(),
    };
    report.conclude(Ok(None), &mut Interrupt::new()).await
}

impl Report<'_> {
    /// Writes summary and contact sheet to the store, and fails if not all jobs are done.
    pub async fn conclude(
        &self,
        worked: Result<Option<StopReason>, CliError>,
        interrupt: &mut Interrupt,
    ) -> Result<(), CliError> {
        interrupt.rearm();
        let read = interrupt.or(self.read()).await;
        let (batch, journal) = read.map_err(|Interrupted| {
            let message = tr!("interrupted before the reports were written");
            CliError::interrupted(message).hint(tr!("`inkstone batch export` writes them again"))
        })??;
        let unwritable = |error: std::io::Error| {
            CliError::unsaved(tr!("the reports can't be written: {error}", error))
        };
        let directory = tempfile::tempdir().map_err(unwritable)?;
        incoming::prepare(directory.path()).map_err(unwritable)?;
        let ending = Ending {
            journal: &journal,
            out: directory.path(),
            shown: batch.out.clone(),
            prices: self.prices,
            is_sandbox: batch.sandbox,
            as_json: self.as_json,
            began: self.began,
        };
        let concluded = ending.conclude(worked, interrupt).await;
        incoming::clean(directory.path());
        let uploaded = upload(&store(&batch.out)?, directory.path()).await;
        concluded.and(uploaded)
    }

    /// The batch, and a copy of its journal that is removed when it is dropped. Waits for a
    /// journal that can't be reached.
    async fn read(&self) -> Result<(BatchRow, Journal), CliError> {
        let shared = self.session;
        let batch = shared.insist(async || shared.batch().await).await?;
        let journal = Journal::temporary()?;
        let mut after = 0;
        loop {
            let page = shared.insist(async || shared.page(after).await).await?;
            let Some(last) = page.last() else {
                return Ok((batch, journal));
            };
            after = last.seq;
            journal.copy_in(page.iter().map(|job| (&job.row, job.files.as_slice())))?;
        }
    }
}

/// Puts the files of a directory into the store, in place of earlier ones.
async fn upload(store: &Store, directory: &Path) -> Result<(), CliError> {
    let failed = |error: &dyn std::fmt::Display| {
        CliError::unsaved(tr!(
            "the reports can't be put into the store: {error}",
            error
        ))
        .hint(tr!("`inkstone batch export` writes them again"))
    };
    for entry in std::fs::read_dir(directory).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let put = store.replace(&name, &entry.path()).await;
        put.map_err(|error| failed(&told(&error)))?;
    }
    Ok(())
}
