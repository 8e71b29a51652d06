//! A batch in a directory, with its journal in SQLite.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use inkstone::{Image, Stage};
use tr::tr;

use crate::batch::execution::backend::{
    Backend, Became, Kept, Noted, SaveError, Saving, Tried, not_kept, unreadable_reply,
};
use crate::batch::execution::stored_replies;
use crate::batch::incoming;
use crate::batch::jobs::job::Job;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::jobs::wanted;
use crate::batch::journal::Journal;
use crate::batch::journal::lost_tasks::LostTask;
use crate::batch::journal::transitions::{Event, JobRecord, StoredReply};
use crate::batch::reserve::note::Note;
use crate::batch::reserve::records::Records;
use crate::batch::together::Together;
use crate::error::CliError;
use crate::input;

/// A batch in a directory.
pub struct Directory<'a> {
    pub journal: &'a Journal,
    pub jobs: &'a JobsFile,
    pub out: &'a Path,
    /// Room for what a full disk keeps out of the journal.
    pub reserve: &'a Records,
    /// Waits for the names of new files to be on the disk, once for all that have some.
    pub syncs: Together<Result<(), SaveError>>,
}

impl Backend for Directory<'_> {
    /// The job in its line, if that is still the line that was checked.
    async fn job(&self, record: &JobRecord) -> Result<Job, CliError> {
        let changed = || {
            CliError::usage(tr!(
                "{file} was changed during the batch: job {id} is no longer the same",
                file = self.jobs.path.display(),
                id = format!("{:?}", record.id)
            ))
            .hint(tr!("restore the file, and continue with --resume"))
        };
        let place = record.place.ok_or_else(changed)?;
        let read = self.jobs.read_at(place);
        let read = read.map_err(|error| input::unreadable(&self.jobs.path, &error))?;
        let job = read.map_err(|_| changed())?;
        let is_same = match job.is_named_after_prompt {
            true => wanted::is_numbered(&record.id, &job.id),
            false => job.id == record.id,
        };
        match is_same && job.hash() == record.hash {
            true => Ok(job),
            false => Err(changed()),
        }
    }

    async fn submitting(&self, record: &JobRecord, time: &str) -> Result<Noted, CliError> {
        let submitting = self.journal.submitting(record.seq, time);
        submitting.committed().await.map(here)
    }

    async fn note(&self, record: &JobRecord, became: &Became<'_>) -> Result<Noted, CliError> {
        let stored = match became.kept() {
            Kept::Nothing => Ok(StoredReply::default()),
            Kept::UntilSaved(reply) => stored_replies::store(self.out, &record.stem, reply),
            Kept::InFile(reply) => stored_replies::store_in_file(self.out, &record.stem, reply),
        };
        let stored = stored.map_err(|error| not_kept(&error))?;
        let noted = self.journal.became(record.seq, became.event(), &stored);
        noted.committed().await.map(here)
    }

    fn rescue(&self, record: &JobRecord, event: Event, reply: &[u8]) -> io::Result<()> {
        let note = Note {
            event,
            seq: record.seq,
            stem: record.stem.clone(),
            elsewhere: None,
            sum: None,
        };
        note.keep(self.reserve, reply)
    }

    async fn held_up(
        &self,
        record: &JobRecord,
        stage: &str,
        message: &str,
    ) -> Result<(), CliError> {
        let held_up = self.journal.held_up(record.seq, stage, message);
        held_up.committed().await
    }

    async fn reply(&self, record: &JobRecord) -> Result<Vec<u8>, CliError> {
        let stored = self.journal.stored_reply(record.seq)?;
        let read = stored_replies::read(self.out, stored);
        read.map_err(|error| unreadable_reply(record, error))
    }

    async fn save(&self, saving: &mut Saving<'_>, number: usize, image: &Image) -> Tried<()> {
        // What is noted may be on the disk before the file's name is: that may be lost with the
        // power.
        let known = self.journal.picture(saving.record.seq, number)?;
        let there = known.filter(|known| self.has(&known.file));
        let saved = match there {
            Some(known) if known.is_saved => return Ok(Ok(())),
            // The program ended after the file got its name, before that was noted.
            Some(known) => {
                self.cut_short(saving, number).remove();
                let written = self.write_sidecar(saving, &known.file, image).await;
                written.map_err(|error| unwritable(self.out, &error))
            }
            None => self.fetch(saving, number, image).await?,
        };
        if let Err(error) = saved {
            return Ok(Err(error));
        }
        // Where this is lost, the files are found under the name that was noted; where it is kept
        // and they are lost, they are fetched again.
        self.journal.saved(saving.record.seq, number);
        Ok(Ok(()))
    }

    async fn sync(&self) -> Result<(), SaveError> {
        let sync = async || {
            let out = self.out.to_owned();
            let synced = blocking(move || sync(&out)).await;
            synced.map_err(|error| unwritable(self.out, &error))
        };
        self.syncs.join(sync).await
    }

    async fn done(&self, record: &JobRecord, kept: Option<&str>) -> Result<(), CliError> {
        let file = self.journal.reply_file(record.seq)?;
        self.journal.done(record.seq, kept).committed().await?;
        if kept.is_none() {
            stored_replies::remove_file(self.out, file.as_deref());
        }
        Ok(())
    }

    async fn lost_tasks(&self) -> Result<Vec<LostTask>, CliError> {
        self.journal.lost_tasks()
    }

    async fn known_tasks(&self, tasks: &[String]) -> Result<HashSet<String>, CliError> {
        self.journal.known_tasks(tasks)
    }

    /// Nobody else sends jobs of this journal meanwhile.
    async fn task_found(
        &self,
        job: &LostTask,
        (task, _): (&str, SystemTime),
        _: &[i64],
    ) -> Result<bool, CliError> {
        let found = self.journal.waiting(job.seq, task).committed().await;
        found.map(|()| true)
    }

    async fn task_not_found(&self, job: &LostTask, why: &str) -> Result<(), CliError> {
        self.journal.task_not_found(job.seq, why)
    }
}

impl Directory<'_> {
    /// Whether there is a file of a picture with this name, which belongs to a job. One that is
    /// empty, as a failing disk leaves it, makes room for the picture.
    fn has(&self, file: &str) -> bool {
        let path = self.out.join(file);
        let is_empty = |found: std::fs::Metadata| found.is_file() && found.len() == 0;
        if std::fs::symlink_metadata(&path).is_ok_and(is_empty) {
            // If it stays, the picture gets another name.
            let _ = std::fs::remove_file(&path);
        }
        exists(&path)
    }

    /// Writes the sidecar of a picture, whose name belongs to this job already.
    async fn write_sidecar(
        &self,
        saving: &Saving<'_>,
        file: &str,
        image: &Image,
    ) -> io::Result<()> {
        let (out, text) = (self.out.to_owned(), saving.sidecar(image)?);
        let path = out.join(format!("{file}.json"));
        blocking(move || Ok(incoming::whole_file(&out, &text)?.persist(path)?)).await
    }
}

/// Whether there is a file of this name, even a dangling link.
pub fn exists(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// The error of a file that can't be written.
pub fn unwritable(path: &Path, error: &io::Error) -> SaveError {
    SaveError {
        stage: Stage::File,
        message: format!("{} can't be written: {error}", path.display()),
    }
}

/// Waits for the disk while other jobs go on.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}

/// Nobody else has a journal in a directory.
fn here((): ()) -> Noted {
    Noted::Here
}

/// Waits until the names of new files are on the disk, too.
#[cfg(unix)]
fn sync(directory: &Path) -> io::Result<()> {
    std::fs::File::open(directory)?.sync_all()
}

/// On other systems a directory can't be opened, and needs no such thing.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
