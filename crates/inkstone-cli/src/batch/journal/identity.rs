//! The identity of a batch: a file that says which journal belongs to its directory, and
//! how many changes that journal has to have.
//!
//! SQLite drops a write-ahead log that it can't read without a word, and the journal is
//! then as it was a while ago: jobs that were sent look as if they never were. The count of
//! changes, which is not in the log, tells.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use tr::tr;

use crate::error::CliError;
use crate::hex::hex;
use crate::input::unreadable;
use crate::output::files;

/// Its name in the directory of a batch.
pub const FILE: &str = "batch.id";

/// Its name while it is written.
const UNFINISHED: &str = "batch.id.new";

/// Which batch it is, and how many changes its journal has at least.
#[derive(Debug, PartialEq, Eq)]
pub struct Stated {
    pub id: String,
    pub changes: u64,
}

/// The file of an open batch.
#[derive(Debug)]
pub struct Identity {
    file: File,
    id: String,
}

impl Identity {
    /// Writes the file anew. It has its name only once it is whole, for the disk may be full,
    /// or the process killed, at any moment.
    pub fn create(directory: &Path, id: &str, changes: u64) -> io::Result<Self> {
        let unfinished = directory.join(UNFINISHED);
        let identity = Self {
            file: File::create(&unfinished)?,
            id: id.to_owned(),
        };
        let written = identity.note(changes);
        let written = written.and_then(|()| identity.file.sync_all());
        let named = written.and_then(|()| fs::rename(&unfinished, directory.join(FILE)));
        if named.is_err() {
            // What is left of it is in nobody's way, but says nothing.
            let _ = fs::remove_file(unfinished);
        }
        named.map(|()| identity)
    }

    /// Notes how many changes the journal has, once they are in it. The text keeps its
    /// length, so that a full disk takes it. It is not forced to the disk: after a power
    /// failure it may be behind the journal, which is no harm.
    pub fn note(&self, changes: u64) -> io::Result<()> {
        let text = text(&self.id, changes);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())
    }

    /// Whether the directory still has the file: not if the directory was removed, or
    /// another one is in its place.
    pub fn is_in(&self, directory: &Path) -> bool {
        // Before each job: the file is read only where it is not seen to be the open one.
        is_open_file(&self.file, &directory.join(FILE)) || self.is_stated_in(directory)
    }

    fn is_stated_in(&self, directory: &Path) -> bool {
        let stated = read(directory);
        stated.is_ok_and(|stated| stated.is_some_and(|stated| stated.id == self.id))
    }
}

/// Whether a path leads to an open file, where the system tells.
fn is_open_file(file: &File, path: &Path) -> bool {
    let number = |found: io::Result<fs::Metadata>| files::number(&found.ok()?);
    let own = number(file.metadata());
    own.is_some() && own == number(fs::metadata(path))
}

/// Removes the file of a batch that never began.
pub fn remove(directory: &Path) {
    for name in [FILE, UNFINISHED] {
        let _ = fs::remove_file(directory.join(name));
    }
}

/// What the file of a directory says; `None` where there is no file.
pub fn read(directory: &Path) -> Result<Option<Stated>, CliError> {
    let path = directory.join(FILE);
    let written = match fs::read(&path) {
        Ok(written) => written,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&path, &error)),
    };
    let stated = std::str::from_utf8(&written).ok().and_then(parse);
    stated.map(Some).ok_or_else(|| {
        CliError::usage(tr!("{path} is damaged", path = path.display())).hint(tr!(
            "it says whether the journal beside it is whole: restore it from a backup, or give \
             another directory, in which every job is sent again; nothing was sent"
        ))
    })
}

fn text(id: &str, changes: u64) -> String {
    let stated = format!("{id} {changes:020}");
    format!("{stated} {}\n", checksum(&stated))
}

fn parse(text: &str) -> Option<Stated> {
    let (stated, sum) = text.strip_suffix('\n')?.rsplit_once(' ')?;
    let (id, changes) = stated.split_once(' ')?;
    let stated = (checksum(stated) == sum).then_some((id, changes));
    let (id, changes) = stated?;
    Some(Stated {
        id: id.to_owned(),
        changes: changes.parse().ok()?,
    })
}

fn checksum(text: &str) -> String {
    hex(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use super::{FILE, Identity, Stated, parse, read, text};

    #[test]
    fn what_is_noted_is_read_again_and_damage_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(read(directory.path()).unwrap(), None);
        let identity = Identity::create(directory.path(), "ab", 0).unwrap();
        for changes in [1, 7, u64::MAX, 3] {
            identity.note(changes).unwrap();
            let id = "ab".to_owned();
            assert_eq!(
                read(directory.path()).unwrap(),
                Some(Stated { id, changes })
            );
        }
        assert!(identity.is_in(directory.path()));
        let whole = text("ab", 3);
        for at in 0..whole.len() {
            let mut damaged = whole.clone().into_bytes();
            damaged[at] ^= 1;
            let damaged = String::from_utf8(damaged).unwrap();
            assert_eq!(parse(&damaged), None, "{damaged}");
        }
        let file = directory.path().join(FILE);
        std::fs::remove_file(&file).unwrap();
        assert!(!identity.is_in(directory.path()));
        // A copy is as good, and another batch's is not.
        std::fs::write(&file, text("ab", 3)).unwrap();
        assert!(identity.is_in(directory.path()));
        std::fs::write(&file, text("ac", 3)).unwrap();
        assert!(!identity.is_in(directory.path()));
        std::fs::write(&file, "").unwrap();
        assert!(read(directory.path()).is_err());
        assert!(!identity.is_in(directory.path()));
    }
}
