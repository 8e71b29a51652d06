//! A file that takes up room before anything is sent, and is overwritten when there is no
//! other. A file system that overwrites in place needs no new room for that.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::output::files;

/// Its name in the directory of a batch.
pub const FILE: &str = ".reserve";

/// How much room each running job needs for a note without pictures, in bytes.
const LEAST: u64 = 64 << 10;

/// How much room each running job should have: for pictures that stand in its reply.
const ENOUGH: u64 = 8 << 20;

/// The most that is reserved of what is free: a part in so many.
const PART: u64 = 4;

/// A record's length and checksum, before its bytes.
const HEAD: usize = 8 + 32;

/// The reserved room, and how much of it is used.
#[derive(Debug)]
pub struct Records {
    file: File,
    length: u64,
    used: Cell<u64>,
    count: Cell<u64>,
}

impl Records {
    /// Reserves room for so many running jobs, and drops what was in the file.
    pub fn reserve(directory: &Path, jobs: u16) -> io::Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path(directory))?;
        let jobs = u64::from(jobs.max(1));
        let length = match files::free(directory) {
            Some(free) => (ENOUGH * jobs).min(free / PART).max(LEAST * jobs),
            None => LEAST * jobs,
        };
        allocate(&file, length)?;
        file.sync_all()?;
        Ok(Self {
            file,
            length,
            used: Cell::new(0),
            count: Cell::new(0),
        })
    }

    /// Whether `bytes` fit into what is left.
    pub fn has_room_for(&self, bytes: usize) -> bool {
        // Room for the length of the next record, which ends the list.
        let needed = (HEAD + bytes + HEAD) as u64;
        self.used.get().saturating_add(needed) <= self.length
    }

    /// How many records it has.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// Adds a record, which is on the disk when this returns.
    pub fn add(&self, bytes: &[u8]) -> io::Result<()> {
        if !self.has_room_for(bytes.len()) {
            return Err(ErrorKind::StorageFull.into());
        }
        let mut record = (bytes.len() as u64).to_le_bytes().to_vec();
        record.extend_from_slice(&Sha256::digest(bytes));
        record.extend_from_slice(bytes);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.used.get()))?;
        file.write_all(&record)?;
        file.sync_data()?;
        self.used.set(self.used.get() + record.len() as u64);
        self.count.set(self.count.get() + 1);
        Ok(())
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// The records that an earlier process left; one that was cut short was never added.
pub fn read(directory: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut file = match File::open(path(directory)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    let mut records = Vec::new();
    loop {
        let mut head = Vec::new();
        (&file).take(HEAD as u64).read_to_end(&mut head)?;
        let Some((size, sum)) = head.split_first_chunk::<8>() else {
            return Ok(records);
        };
        let size = u64::from_le_bytes(*size);
        if size == 0 || size > length {
            return Ok(records);
        }
        let mut bytes = Vec::new();
        (&mut file).take(size).read_to_end(&mut bytes)?;
        if Sha256::digest(&bytes)[..] != *sum {
            return Ok(records);
        }
        records.push(bytes);
    }
}

/// Gives the room back.
pub fn remove(directory: &Path) {
    // A file that stays behind only takes up room.
    let _ = std::fs::remove_file(path(directory));
}

/// Takes the room for `length` bytes.
fn allocate(file: &File, length: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, length).is_ok() {
        return Ok(());
    }
    let mut file = file;
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    file.flush()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILE, HEAD, LEAST, Records, read};

    #[test]
    fn what_is_added_is_read_again_as_far_as_it_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        assert!(read(directory.path()).unwrap().is_empty());
        let records = Records::reserve(directory.path(), 1).unwrap();
        let length = fs::metadata(directory.path().join(FILE)).unwrap().len();
        assert!(length >= LEAST);
        assert!(read(directory.path()).unwrap().is_empty());
        let all: Vec<Vec<u8>> = vec![b"a".to_vec(), vec![7; 3000], b"end".to_vec()];
        for record in &all {
            records.add(record).unwrap();
        }
        assert_eq!((records.count(), read(directory.path()).unwrap()), (3, all));
        let after = fs::metadata(directory.path().join(FILE)).unwrap().len();
        assert_eq!(after, length, "it needs no more room");
        // A record that was being written when the power failed.
        let mut bytes = fs::read(directory.path().join(FILE)).unwrap();
        bytes[2 * HEAD + 1 + 100] ^= 1;
        fs::write(directory.path().join(FILE), &bytes).unwrap();
        assert_eq!(read(directory.path()).unwrap(), [b"a"]);
        assert!(!records.has_room_for(usize::try_from(length).unwrap()));
        let error = records.add(&vec![1; usize::try_from(length).unwrap()]);
        assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    }
}
