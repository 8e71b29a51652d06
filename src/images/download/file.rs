//! Brings the bytes of a picture to a file; a short one leaves no trace before it is
//! whole.

use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};

use super::blocking::blocking;
use super::check::{CheckError, check};
use super::failure;
use super::settings::Downloads;
use super::sink::{SHORT, Store};
use crate::error::Error;
use crate::images::new_file::{NewFile, UnnamedFile};
use crate::images::picture::ImageFormat;

/// A picture that gets a file once it is whole, or too long to be held in memory.
#[derive(Debug)]
pub(super) struct PictureFile {
    directory: PathBuf,
    held: Held,
}

/// Where the bytes are that came so far.
#[derive(Debug)]
enum Held {
    InMemory(Vec<u8>),
    OnDisk(NewFile),
}

impl PictureFile {
    pub fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            held: Held::InMemory(Vec::new()),
        }
    }

    /// Brings it to the disk, and waits for that.
    pub fn sync(self) -> io::Result<UnnamedFile> {
        match self.held {
            Held::OnDisk(file) => file.sync(),
            Held::InMemory(bytes) => file_with(&self.directory, &bytes)?.sync(),
        }
    }
}

fn file_with(directory: &Path, bytes: &[u8]) -> io::Result<NewFile> {
    let mut file = NewFile::create(directory)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// A chunk is written without leaving the thread: it is small, and goes to the
/// system's cache.
impl Store for PictureFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = match &mut self.held {
            Held::InMemory(held) if held.len() + bytes.len() <= SHORT => {
                held.extend_from_slice(bytes);
                return Ok(());
            }
            Held::InMemory(held) => file_with(&self.directory, held).and_then(|mut file| {
                file.write_all(bytes)?;
                self.held = Held::OnDisk(file);
                Ok(())
            }),
            Held::OnDisk(file) => file.write_all(bytes),
        };
        written.map_err(|error| failure::unwritable(&self.directory, error))
    }

    fn clear(&mut self) -> Result<(), Error> {
        match &mut self.held {
            Held::InMemory(held) => held.clear(),
            Held::OnDisk(file) => file
                .restart()
                .map_err(|error| failure::unwritable(&self.directory, error))?,
        }
        Ok(())
    }

    async fn check(&mut self, settings: Downloads) -> Result<ImageFormat, CheckError> {
        let file = match &mut self.held {
            Held::InMemory(held) => return held.check(settings).await,
            Held::OnDisk(file) => file.contents().try_clone(),
        };
        let file = file.map_err(|error| failure::unwritable(&self.directory, error))?;
        blocking(move || Ok(check(&mut BufReader::new(file), &settings))).await?
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::PictureFile;
    use crate::images::download::sink::{SHORT, Store as _};

    fn files(directory: &Path) -> usize {
        std::fs::read_dir(directory).expect("a directory").count()
    }

    /// What is saved of a picture that came in pieces of these lengths, and how many
    /// files there were before it was whole.
    async fn saved(pieces: &[usize]) -> (Vec<u8>, usize) {
        let directory = tempfile::tempdir().expect("a directory");
        let mut picture = PictureFile::new(directory.path());
        // What came first turns out to be something else.
        for _ in 0..2 {
            picture.clear().expect("emptied");
            for (number, length) in (1..).zip(pieces) {
                picture.append(&vec![number; *length]).expect("taken");
            }
        }
        let before = files(directory.path());
        let file = picture.sync().expect("a file");
        assert_eq!(files(directory.path()), 1);
        (std::fs::read(file.path()).expect("a file"), before)
    }

    #[tokio::test]
    async fn a_picture_has_a_file_once_it_is_long_or_whole() {
        let cases: &[(&[usize], usize)] = &[
            (&[], 0),
            (&[7], 0),
            (&[SHORT], 0),
            (&[SHORT - 1, 1], 0),
            (&[SHORT, 1], 1),
            (&[SHORT + 1], 1),
            (&[7, SHORT, 7], 1),
        ];
        for (pieces, files) in cases {
            let expected: Vec<u8> = (1..)
                .zip(*pieces)
                .flat_map(|(number, length)| vec![number; *length])
                .collect();
            assert_eq!(saved(pieces).await, (expected, *files), "{pieces:?}");
        }
    }

    #[test]
    fn a_picture_that_is_dropped_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut picture = PictureFile::new(directory.path());
        picture.append(&vec![0; SHORT + 1]).expect("taken");
        assert_eq!(files(directory.path()), 1);
        drop(picture);
        assert_eq!(files(directory.path()), 0);
    }
}
