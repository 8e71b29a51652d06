//! Gives the pictures of a job files in the directory of its batch.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use inkstone::{Image, Stage};
use tempfile::TempPath;

use crate::batch::execution::backend::{SaveError, Saving, Tried};
use crate::batch::execution::cut_short::CutShort;
use crate::batch::incoming;
use crate::batch::journal::Journal;

/// The pictures in the directory of a batch.
pub struct PictureFiles<'a> {
    pub journal: &'a Journal,
    pub out: &'a Path,
}

impl PictureFiles<'_> {
    /// Fetches a picture and gives it its name.
    pub async fn fetch(
        &self,
        saving: &mut Saving<'_>,
        number: usize,
        image: &Image,
    ) -> Tried<String> {
        let incoming = incoming::directory(self.out);
        let stem = format!("{}-{}", saving.record.seq, number + 1);
        let cut_short = CutShort {
            out: self.out,
            name: format!("{}-{}", saving.record.stem, number + 1),
        };
        let fetching = Box::pin(saving.target.client.save(image, &incoming, &stem));
        let saved = match saving.budget.save(fetching).await {
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
                saving.budget.spend(&path);
                let named = self.name(saving, number, path).await;
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
    async fn name(&self, saving: &Saving<'_>, number: usize, path: PathBuf) -> Tried<String> {
        let Self { journal, out } = *self;
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let ending = ending.into_owned();
        let mut path = match TempPath::try_from_path(path) {
            Ok(path) => path,
            Err(error) => return Ok(Err(unwritable(out, &error))),
        };
        for copy in 1_u64.. {
            let file = saving.file_name(copy, &ending);
            let is_taken = exists(&out.join(&file)) || exists(&out.join(format!("{file}.json")));
            if is_taken {
                continue;
            }
            let Some(name) = journal.name(saving.record.seq, number, &file)? else {
                continue;
            };
            name.committed().await?;
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
}

/// Whether there is a file of this name, even a dangling link.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The error of a file that can't be written.
pub fn unwritable(path: &Path, error: &io::Error) -> SaveError {
    SaveError {
        stage: Stage::File,
        message: format!("{} can't be written: {error}", path.display()),
    }
}
