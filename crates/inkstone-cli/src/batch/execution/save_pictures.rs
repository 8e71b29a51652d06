//! Gives the pictures of a job files in the directory of its batch.

use std::io::ErrorKind;
use std::path::PathBuf;

use inkstone::Image;
use tempfile::TempPath;

use crate::batch::execution::backend::{Saving, Tried};
use crate::batch::execution::cut_short::CutShort;
use crate::batch::execution::directory::{Directory, exists, unwritable};

impl Directory<'_> {
    /// Fetches a picture and gives it its name.
    pub async fn fetch(
        &self,
        saving: &mut Saving<'_>,
        number: usize,
        image: &Image,
    ) -> Tried<String> {
        let cut_short = CutShort {
            out: self.out,
            name: format!("{}-{}", saving.record.stem, number + 1),
        };
        match saving.fetch(self.out, number, image).await {
            Ok(path) => {
                let named = self.name(saving, number, path).await;
                if let Ok(Ok(_)) = named {
                    cut_short.remove();
                }
                named
            }
            Err((mut error, kept)) => {
                if let Some(part) = kept {
                    error.message = cut_short.keep(&part, error.message);
                }
                Ok(Err(error))
            }
        }
    }

    /// Gives a picture the first free name. The name is noted in the journal first.
    async fn name(&self, saving: &Saving<'_>, number: usize, path: PathBuf) -> Tried<String> {
        let (journal, out) = (self.journal, self.out);
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
