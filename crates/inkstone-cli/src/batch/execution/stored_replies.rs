//! Stores replies, which were paid for: short ones in the journal, others in files.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::batch::journal::transitions::StoredReply;
use crate::hex::hex;
use crate::output::arrived::Arrived;
use crate::output::files;

/// The directory of the files, in that of the batch.
const DIRECTORY: &str = "replies";

/// Stores a reply with pictures until they are saved. If it gets a file, `stem` names it.
pub fn store(out: &Path, stem: &str, reply: &dyn Arrived) -> io::Result<StoredReply> {
    match reply.in_row() {
        Some("") => Ok(StoredReply::default()),
        Some(text) => Ok(StoredReply {
            text: Some(text.to_owned()),
            file: None,
        }),
        None => store_in_file(out, stem, reply),
    }
}

/// Stores a reply in a file, where it stays even if the job is sent again.
pub fn store_in_file(out: &Path, stem: &str, reply: &dyn Arrived) -> io::Result<StoredReply> {
    if reply.text().is_empty() {
        return Ok(StoredReply::default());
    }
    let directory = out.join(DIRECTORY);
    std::fs::create_dir_all(&directory)?;
    let path = reply.save(&directory, stem)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(StoredReply {
        text: None,
        file: Some(format!("{DIRECTORY}/{name}")),
    })
}

/// Keeps a note that can't be read, once; the file is for people and other versions.
pub fn set_aside(out: &Path, note: &[u8]) -> io::Result<PathBuf> {
    let directory = out.join(DIRECTORY);
    std::fs::create_dir_all(&directory)?;
    let stem = format!("note-{}", hex(&Sha256::digest(note)));
    let path = directory.join(format!("{stem}.bin"));
    match path.exists() {
        true => Ok(path),
        false => files::write_new(&directory, &stem, "bin", note),
    }
}

/// Removes unfinished files of a killed process.
pub fn clean(out: &Path) {
    let entries = std::fs::read_dir(out.join(DIRECTORY)).into_iter().flatten();
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with('.') {
            // A file that stays behind is hidden and harmless.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// A reply that was stored.
pub fn read(out: &Path, stored: StoredReply) -> io::Result<Vec<u8>> {
    match stored.file {
        Some(file) => std::fs::read(out.join(file)),
        None => Ok(stored.text.unwrap_or_default().into_bytes()),
    }
}

/// Removes the file of a reply whose pictures are saved.
pub fn remove_file(out: &Path, file: Option<&str>) {
    if let Some(file) = file {
        // A file that stays behind only takes up room.
        let _ = std::fs::remove_file(out.join(file));
        let _ = std::fs::remove_dir(out.join(DIRECTORY));
    }
}
