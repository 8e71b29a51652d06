//! Saves the pictures of a job under its name, each with its sidecar.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use inkstone::{Image, Operation, Stage};
use tempfile::TempPath;

use crate::batch::execution::context::BatchContext;
use crate::batch::execution::cut_short::CutShort;
use crate::batch::execution::targets::Target;
use crate::batch::incoming;
use crate::batch::journal::transitions::JobRecord;
use crate::error::CliError;
use crate::output::names::stamp::Stamp;
use crate::output::request_context::RequestContext;
use crate::output::save_budget::SaveBudget;
use crate::output::sidecar;

/// Why a picture is not on disk.
pub struct SaveError {
    pub stage: Stage,
    pub message: String,
}

/// Saves the pictures of one job.
pub struct PictureSaver<'a> {
    pub context: &'a BatchContext<'a>,
    pub record: &'a JobRecord,
    pub target: &'a Target,
    pub operation: &'static Operation,
    pub budget: SaveBudget,
}

/// A step whose own error is the inner one; the outer error is the journal's.
type Tried<T> = Result<Result<T, SaveError>, CliError>;

impl PictureSaver<'_> {
    /// Saves every picture that is not saved yet; returns why the first could not be.
    pub async fn save_all(
        &mut self,
        images: &[Image],
        fallback: &impl Fn(&Image) -> Option<Image>,
    ) -> Result<Option<SaveError>, CliError> {
        let mut first = None;
        for (number, image) in images.iter().enumerate() {
            let mut saved = self.save(number, image).await?;
            if saved
                .as_ref()
                .is_err_and(|error| error.stage != Stage::File)
                && let Some(other) = fallback(image)
                && self.save(number, &other).await?.is_ok()
            {
                saved = Ok(());
            }
            if let Err(error) = saved {
                first.get_or_insert(error);
            }
        }
        let out = self.context.out;
        if first.is_none()
            && let Err(error) = sync(out)
        {
            return Ok(Some(unwritable(out, &error)));
        }
        Ok(first)
    }

    async fn save(&mut self, number: usize, image: &Image) -> Tried<()> {
        let BatchContext { journal, out, .. } = *self.context;
        let file = match journal.picture(self.record.seq, number)? {
            Some(known) if known.is_saved => return Ok(Ok(())),
            // The program ended after the file got its name, before that was noted.
            Some(known) if exists(&out.join(&known.file)) => known.file,
            _ => match self.fetch(number, image).await? {
                Ok(file) => file,
                Err(error) => return Ok(Err(error)),
            },
        };
        if let Err(error) = self.write_sidecar(&file, image) {
            return Ok(Err(unwritable(out, &error)));
        }
        journal.saved(self.record.seq, number)?;
        Ok(Ok(()))
    }

    /// Fetches a picture and gives it its name.
    async fn fetch(&mut self, number: usize, image: &Image) -> Tried<String> {
        let incoming = incoming::directory(self.context.out);
        let stem = format!("{}-{}", self.record.seq, number + 1);
        let cut_short = CutShort {
            out: self.context.out,
            name: format!("{}-{}", self.record.stem, number + 1),
        };
        let saving = self.target.client.save(image, &incoming, &stem);
        let saved = match self.budget.save(saving).await {
            Ok(saved) => saved,
            Err(message) => {
                return Ok(Err(SaveError {
                    stage: Stage::Download,
                    message,
                }));
            }
        };
        match saved {
            Ok(path) => {
                self.budget.spend(&path);
                let named = self.name(number, path);
                if let Ok(Ok(_)) = named {
                    cut_short.remove();
                }
                named
            }
            Err(error) => Ok(Err(SaveError {
                stage: error.stage(),
                message: match error.kept() {
                    Some(part) => cut_short.keep(part, error.to_string()),
                    None => error.to_string(),
                },
            })),
        }
    }

    /// Gives a picture the first free name. The name is noted in the journal first.
    fn name(&self, number: usize, path: PathBuf) -> Tried<String> {
        let BatchContext { journal, out, .. } = *self.context;
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let ending = ending.into_owned();
        let mut path = match TempPath::try_from_path(path) {
            Ok(path) => path,
            Err(error) => return Ok(Err(unwritable(out, &error))),
        };
        for copy in 1_u64.. {
            let file = self.file_name(copy, &ending);
            let is_taken = exists(&out.join(&file)) || exists(&out.join(format!("{file}.json")));
            if is_taken || !journal.name(self.record.seq, number, &file)? {
                continue;
            }
            match path.persist_noclobber(out.join(&file)) {
                Ok(()) => return Ok(Ok(file)),
                Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => {
                    path = failed.path;
                }
                Err(failed) => return Ok(Err(unwritable(out, &failed.error))),
            }
        }
        Ok(Err(unwritable(out, &ErrorKind::AlreadyExists.into())))
    }

    fn file_name(&self, copy: u64, ending: &str) -> String {
        match copy {
            1 => format!("{}.{ending}", self.record.stem),
            _ => format!("{}-{copy}.{ending}", self.record.stem),
        }
    }

    /// Writes the sidecar of a picture, whose name belongs to this job already.
    fn write_sidecar(&self, file: &str, image: &Image) -> io::Result<()> {
        let request_id = self.record.request_id.as_deref();
        let mut json = sidecar::for_picture(&self.request(), request_id, image);
        json["id"] = self.record.id.as_str().into();
        let mut written = incoming::new_file(self.context.out)?;
        writeln!(written, "{json:#}")?;
        written.as_file().sync_all()?;
        written.persist(self.context.out.join(format!("{file}.json")))?;
        Ok(())
    }

    fn request(&self) -> RequestContext<'_> {
        RequestContext {
            api: self.operation.api,
            document: Some(self.operation.name),
            model: Some(&self.record.model),
            body: &self.record.request,
            inputs: &[],
            task_id: None,
            stamp: Stamp {
                time: self.record.time.clone().unwrap_or_default(),
                stem: self.record.stem.clone(),
                template: None,
            },
            out: self.context.out,
        }
    }
}

/// Whether there is a file of this name, even a dangling link.
fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn unwritable(path: &Path, error: &io::Error) -> SaveError {
    SaveError {
        stage: Stage::File,
        message: format!("{} can't be written: {error}", path.display()),
    }
}

/// Waits until the names of new files are on the disk, too.
#[cfg(unix)]
fn sync(directory: &Path) -> io::Result<()> {
    fs::File::open(directory)?.sync_all()
}

/// On other systems a directory can't be opened, and needs no such thing.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
