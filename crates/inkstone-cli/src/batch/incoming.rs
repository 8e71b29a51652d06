//! Files on their way into the directory of a batch: they get their name when they are
//! complete.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use inkstone::InputImage;
use tempfile::{NamedTempFile, TempPath};

/// The directory of unfinished files, in that of the batch.
const INCOMING: &str = ".incoming";

/// Makes the directory, and drops what a killed process left there.
pub fn prepare(out: &Path) -> io::Result<()> {
    clean(out);
    fs::create_dir_all(directory(out))
}

/// Where whole pictures are kept of which nobody knows the job, in the directory of the batch.
const UNCLAIMED: &str = "unclaimed";

/// Keeps the whole pictures that a killed process left: those of a reply that had not ended, which
/// may be billed. Returns how many there are, and where.
pub fn set_aside(out: &Path) -> io::Result<(usize, PathBuf)> {
    let kept = out.join(UNCLAIMED);
    let mut count = 0;
    for entry in fs::read_dir(directory(out)).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(picture) = InputImage::from_path(&path) else {
            continue;
        };
        let ending = picture.format().map_or("bin", |format| format.ending());
        fs::create_dir_all(&kept)?;
        let stem = entry.file_name().to_string_lossy().replace('.', "");
        fs::rename(&path, kept.join(format!("{stem}.{ending}")))?;
        count += 1;
    }
    Ok((count, kept))
}

/// Where files are until they have a name.
pub fn directory(out: &Path) -> PathBuf {
    out.join(INCOMING)
}

/// A new file for `out`, which is removed if it never gets a name.
pub fn new_file(out: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // With the permissions of any new file: by default, a temporary file is private.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    match builder.tempfile_in(directory(out)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(directory(out))?;
            builder.tempfile_in(directory(out))
        }
        made => made,
    }
}

/// A file for `out` with these bytes, which are on the disk; it has no name yet.
pub fn whole_file(out: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    let mut file = new_file(out)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

/// Removes the directory.
pub fn clean(out: &Path) {
    // A directory that stays behind is hidden and harmless.
    let _ = fs::remove_dir_all(directory(out));
}
