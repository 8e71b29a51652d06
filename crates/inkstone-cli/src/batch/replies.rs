//! Keeps replies, which are paid for: short ones in the journal, and those that
//! hold pictures in files.

use std::io;
use std::path::Path;

use crate::batch::journal::course::Kept;
use crate::whole::Whole;

/// The directory of the files, in that of the batch.
const DIRECTORY: &str = "replies";

/// How long a reply in the journal may be.
const LONGEST: usize = 64 << 10;

/// Keeps a reply with pictures, which is needed until they are saved; `stem` names
/// its file if it gets one.
pub fn keep(out: &Path, stem: &str, reply: &impl Whole) -> io::Result<Kept> {
    match std::str::from_utf8(reply.text()) {
        Ok(text) if text.len() <= LONGEST && !reply.is_spooled() => Ok(Kept {
            text: Some(text.to_owned()),
            file: None,
        }),
        _ => keep_for_good(out, stem, reply),
    }
}

/// Keeps a reply that nobody can make use of yet: in a file, where it can be read
/// and where it stays when the job is sent again.
pub fn keep_for_good(out: &Path, stem: &str, reply: &impl Whole) -> io::Result<Kept> {
    if reply.text().is_empty() {
        return Ok(Kept::default());
    }
    let directory = out.join(DIRECTORY);
    std::fs::create_dir_all(&directory)?;
    let path = reply.keep(&directory, stem)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Kept {
        text: None,
        file: Some(format!("{DIRECTORY}/{name}")),
    })
}

/// Drops the unfinished files that a process that is gone left.
pub fn clean(out: &Path) {
    let entries = std::fs::read_dir(out.join(DIRECTORY)).into_iter().flatten();
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with('.') {
            // What stays behind is hidden and harmless.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The reply that was kept.
pub fn read(out: &Path, kept: Kept) -> io::Result<Vec<u8>> {
    match kept.file {
        Some(file) => std::fs::read(out.join(file)),
        None => Ok(kept.text.unwrap_or_default().into_bytes()),
    }
}

/// Removes the file of a reply whose pictures are saved.
pub fn drop_file(out: &Path, kept: &Kept) {
    if let Some(file) = &kept.file {
        // It takes up room and does no other harm.
        let _ = std::fs::remove_file(out.join(file));
        let _ = std::fs::remove_dir(out.join(DIRECTORY));
    }
}
