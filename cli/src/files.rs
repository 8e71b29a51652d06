//! Files that are whole or not there.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use inkstone::NewFile;

/// Writes `<stem>.<ending>`, or where that is taken `<stem>-2.<ending>` and so on.
pub fn write_new(directory: &Path, stem: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    write_new_with(directory, stem, ending, |file| file.write_all(bytes))
}

/// As [`write_new`], with the bytes that `write` writes.
pub fn write_new_with(
    directory: &Path,
    stem: &str,
    ending: &str,
    write: impl FnOnce(&mut NewFile) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let mut file = NewFile::create(directory)?;
    write(&mut file)?;
    file.finish(stem, ending)
}

/// Writes `path`, in place of what was there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = NewFile::create(directory)?;
    file.write_all(bytes)?;
    file.replace(path)
}

/// Makes sure that files can be made in `directory`.
pub fn prepare(directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    NewFile::create(directory).map(drop)
}
