//! Files that are whole or not there.

use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes `<stem>.<ending>`, or where that is taken `<stem>-2.<ending>` and so on.
pub fn write_new(directory: &Path, stem: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut file = written(directory, bytes)?;
    let mut number = 1_u32;
    loop {
        let name = match number {
            1 => format!("{stem}.{ending}"),
            _ => format!("{stem}-{number}.{ending}"),
        };
        let path = directory.join(name);
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(taken) if taken.error.kind() == ErrorKind::AlreadyExists => {
                file = taken.file;
                number += 1;
            }
            Err(failed) => return Err(failed.error),
        }
    }
}

/// Writes `path`, in place of what was there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    written(directory, bytes)?.persist(path)?;
    Ok(())
}

/// Makes sure that files can be made in `directory`.
pub fn prepare(directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    unnamed(directory).map(drop)
}

fn written(directory: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = unnamed(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn unnamed(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".inkstone-").suffix(".part");
    // As any new file: temporary ones are the owner's alone otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}
