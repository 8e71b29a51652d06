//! Files that are complete or not there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use inkstone::NewFile;
use tr::tr;

use crate::error::CliError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Writes `<stem>.<ending>`, or `<stem>-2.<ending>` and so on where that exists.
pub fn write_new(directory: &Path, stem: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    write_new_with(directory, stem, ending, |file| file.write_all(bytes))
}

/// Like [`write_new`], with the bytes that `write` writes.
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

/// Writes to this directory; where its disk is full, another one may not be.
pub fn here_or_elsewhere(
    directory: &Path,
    write: impl Fn(&Path) -> io::Result<PathBuf>,
) -> io::Result<PathBuf> {
    let elsewhere = std::env::temp_dir();
    write(directory).or_else(|error| write(&elsewhere).map_err(|_| error))
}

/// Writes `path`, replacing what was there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_with(path, |file| file.write_all(bytes))
}

/// Like [`replace`], with the bytes that `write` writes.
pub fn replace_with(
    path: &Path,
    write: impl FnOnce(&mut NewFile) -> io::Result<()>,
) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = NewFile::create(directory)?;
    write(&mut file)?;
    file.replace(path)
}

/// Writes a file of the user's anew: where `path` is a link, what it leads to.
pub fn rewrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::canonicalize(path) {
        Ok(real) => replace(&real, bytes),
        Err(_) => replace(path, bytes),
    }
}

/// Holds a lock for a change of `path`, which other programs of ours wait for, until what is
/// returned is dropped. It is on a file beside it, `<name>.lock`, for `path` itself is replaced.
pub fn lock(path: &Path) -> io::Result<File> {
    let real = fs::canonicalize(path);
    let mut name = real.as_deref().unwrap_or(path).as_os_str().to_owned();
    name.push(".lock");
    let mut options = File::options();
    let file = options.create(true).append(true).open(name)?;
    file.lock()?;
    Ok(file)
}

/// The numbers that tell a file from all others while it is open, where the system has them.
#[cfg(unix)]
pub fn number(found: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    // Some file systems have no numbers for their files.
    (found.ino() != 0).then(|| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub fn number(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

/// How much room has to be on the disk, in bytes: for a reply, and a note of its request.
const LEAST_ROOM: usize = 64 << 10;

/// Makes sure that `directory` exists, can be written to, and has room.
pub fn prepare(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    sweep(directory);
    try_writing(directory)
}

fn try_writing(directory: &Path) -> io::Result<()> {
    let mut file = NewFile::create(directory)?;
    file.write_all(&[0; LEAST_ROOM])
}

/// How much room a picture may take, in bytes.
const PICTURE: u64 = 8 << 20;

/// The most room that is asked for, in bytes: however many pictures are under way, they don't
/// come at once.
const MOST_ROOM: u64 = 1 << 30;

/// Makes sure that there is room for so many pictures.
pub fn check_room(directory: &Path, pictures: u64) -> io::Result<()> {
    let needed = PICTURE.saturating_mul(pictures).min(MOST_ROOM);
    if free(directory).is_some_and(|free| free < needed) {
        return Err(ErrorKind::StorageFull.into());
    }
    try_writing(directory)
}

/// Like [`prepare`], for the directory of the flag `--out`.
pub fn prepare_out(out: &Path) -> Result<(), CliError> {
    prepare(out).map_err(|error| unwritable_out(out, &error))
}

/// The error where no file can be written in the directory of `--out`.
pub fn unwritable_out(out: &Path, error: &io::Error) -> CliError {
    let out = out.display();
    CliError::usage(tr!(
        "can't write to {out}: {error}; nothing was sent",
        out,
        error
    ))
    .hint(tr!("give another directory with --out"))
}

/// The error of a file or directory that can't be written.
pub fn unwritable(path: &Path, error: &io::Error) -> CliError {
    let into = path.display();
    CliError::usage(tr!("{into} can't be written: {error}", into, error))
}

/// Whether there is a file with something in it: a disk that failed may have left an empty one.
pub fn has_bytes(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0)
}

/// Removes files that a killed program left incomplete. A file of less than a day may
/// still be in use by another program.
fn sweep(directory: &Path) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries.filter(is_left_over) {
        // It may be gone, or belong to somebody else; it does no harm.
        let _ = fs::remove_file(entry.path());
    }
}

fn is_left_over(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    let is_part = name.starts_with(".inkstone-") && name.ends_with(".part");
    // For a link, this is the metadata of the link itself.
    let written = entry.metadata().ok().filter(fs::Metadata::is_file);
    let age = written.and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
    is_part && age.is_some_and(|age| age > DAY)
}

/// How many bytes are free for this user on the disk of a directory, where that can be told.
#[cfg(unix)]
pub fn free(directory: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(directory).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
pub fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::SystemTime;

    use super::{DAY, prepare, rewrite};

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_what_it_leads_to_is_written() {
        let directory = tempfile::tempdir().expect("a directory");
        let [real, link] = ["real", "link"].map(|name| directory.path().join(name));
        fs::write(&real, "old").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("a link");
        rewrite(&link, b"new").expect("written");
        assert_eq!(fs::read_to_string(&real).expect("a file"), "new");
        assert_eq!(fs::read_link(&link).expect("a link"), real);
    }

    #[test]
    fn only_old_parts_are_swept_away() {
        let directory = tempfile::tempdir().expect("a directory");
        let files = [
            (".inkstone-a.part", 2, false),
            (".inkstone-b.part", 0, true),
            (".inkstone-c.png", 2, true),
            ("cat.part", 2, true),
        ];
        for (name, days, _) in files {
            let file = File::create(directory.path().join(name)).expect("a file");
            let time = SystemTime::now() - days * DAY;
            file.set_modified(time).expect("a time");
        }
        let kept = directory.path().join(".inkstone-d.part");
        fs::create_dir(&kept).expect("a directory");
        prepare(directory.path()).expect("a directory");
        for (name, _, stays) in files {
            assert_eq!(directory.path().join(name).exists(), stays, "{name}");
        }
        assert!(kept.exists());
    }
}
