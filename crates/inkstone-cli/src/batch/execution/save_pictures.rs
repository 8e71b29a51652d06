//! Gives the pictures of a job files in the directory of its batch.

use std::io::{self, ErrorKind};

use inkstone::{Image, ImageFormat, UnnamedFile};
use tempfile::TempPath;

use crate::batch::execution::backend::{Saving, Tried};
use crate::batch::execution::cut_short::CutShort;
use crate::batch::execution::directory::{Directory, exists, unwritable};
use crate::batch::incoming;

/// A picture and its sidecar, on the disk and still without names.
struct Fetched {
    picture: UnnamedFile,
    format: ImageFormat,
    /// The picture is kept where this can't be written.
    sidecar: io::Result<TempPath>,
}

impl Directory<'_> {
    /// Fetches a picture and gives it its name, and one to its sidecar.
    pub async fn fetch(&self, saving: &mut Saving<'_>, number: usize, image: &Image) -> Tried<()> {
        let (out, text) = (self.out.to_owned(), saving.sidecar(image));
        let finish = move |picture, format| {
            Ok(Fetched {
                picture,
                format,
                sidecar: text.and_then(|text| incoming::whole_file(&out, &text)),
            })
        };
        match saving.fetch(self.out, number, image, finish).await {
            Ok(fetched) => self.name(saving, number, fetched).await,
            Err((mut error, kept)) => {
                if let Some(part) = kept {
                    let cut_short = self.cut_short(saving, number);
                    error.message = cut_short.keep(&part, error.message);
                }
                Ok(Err(error))
            }
        }
    }

    /// What an earlier run kept of a picture that did not come whole.
    pub fn cut_short(&self, saving: &Saving<'_>, number: usize) -> CutShort<'_> {
        CutShort {
            out: self.out,
            name: format!("{}-{}", saving.record.stem, number + 1),
        }
    }

    /// Gives a picture the first free name. The name is noted in the journal first.
    async fn name(&self, saving: &Saving<'_>, number: usize, fetched: Fetched) -> Tried<()> {
        let (journal, out) = (self.journal, self.out);
        let mut picture = fetched.picture;
        // A sidecar is left where the picture that was saved is gone.
        let own = journal.picture(saving.record.seq, number)?;
        let is_own = |file: &str| own.as_ref().is_some_and(|own| own.file == file);
        for copy in 1_u64.. {
            let file = saving.file_name(copy, fetched.format.ending());
            let (path, beside) = (out.join(&file), out.join(format!("{file}.json")));
            if exists(&path) || exists(&beside) && !is_own(&file) {
                continue;
            }
            let Some(name) = journal.name(saving.record.seq, number, &file)? else {
                continue;
            };
            name.committed().await?;
            match picture.name(&path) {
                Ok(()) => {
                    self.cut_short(saving, number).remove();
                    let named = fetched
                        .sidecar
                        .and_then(|sidecar| Ok(sidecar.persist(beside)?));
                    return Ok(named.map_err(|error| unwritable(out, &error)));
                }
                Err((error, file)) if error.kind() == ErrorKind::AlreadyExists => picture = file,
                Err((error, _)) => return Ok(Err(unwritable(out, &error))),
            }
        }
        Ok(Err(unwritable(out, &ErrorKind::AlreadyExists.into())))
    }
}
