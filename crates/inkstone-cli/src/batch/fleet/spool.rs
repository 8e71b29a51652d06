//! Where a worker has files on their way to the store.

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::args::batch::fleet::WorkerArgs;

/// How long what was found of its size counts: to find it takes time that all jobs wait for.
pub const REMEMBERED: Duration = Duration::from_secs(1);

/// The files of a worker.
pub struct Spool {
    own: TempDir,
    /// The directory that the workers of this machine share, if one was given.
    shared: Option<PathBuf>,
    /// How many bytes may be in it before nothing more is claimed.
    most: u64,
    /// Whether it was full, and when.
    found: Cell<Option<(Instant, bool)>>,
}

impl Spool {
    /// A directory of its own. What workers left that were killed stays there: until a reply is
    /// stored, its pictures, which were paid for, may be nowhere else.
    pub fn new(args: &WorkerArgs) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix("inkstone-worker-");
        let own = match &args.spool {
            Some(shared) => {
                std::fs::create_dir_all(shared)?;
                builder.tempdir_in(shared)?
            }
            None => builder.tempdir()?,
        };
        Ok(Self {
            own,
            shared: args.spool.clone(),
            most: u64::from(args.spool_size) << 20,
            found: Cell::default(),
        })
    }

    /// How many bytes are in it now.
    pub fn bytes(&self) -> u64 {
        bytes_in(self.own())
    }

    /// Whether as much is on its way to the store as may be: a store that is slow is not sent
    /// more than this machine has room for. As it was within the last second.
    pub fn is_full(&self) -> bool {
        let found = self.found.get();
        if let Some((_, is_full)) = found.filter(|(at, _)| at.elapsed() < REMEMBERED) {
            return is_full;
        }
        let is_full = self.bytes() >= self.most;
        self.found.set(Some((Instant::now(), is_full)));
        is_full
    }

    /// For files that nobody needs once this worker ended.
    pub fn own(&self) -> &Path {
        self.own.path()
    }

    /// Where results are that a worker of this machine is to take over.
    pub fn shared(&self) -> Option<&Path> {
        self.shared.as_deref()
    }

    /// Where results are kept that the journal could not be told of.
    pub fn for_kept(&self) -> PathBuf {
        self.shared.clone().unwrap_or_else(std::env::temp_dir)
    }
}

/// How many bytes the files in a directory have, and those below.
fn bytes_in(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let length = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_in(&entry.path()),
        // It may be gone by now.
        metadata => metadata.map_or(0, |metadata| metadata.len()),
    };
    entries.map(length).sum()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Instant;

    use super::{REMEMBERED, Spool, bytes_in};

    #[test]
    fn whether_it_is_full_is_found_out_once_a_second() {
        let spool = Spool {
            own: tempfile::tempdir().unwrap(),
            shared: None,
            most: 5,
            found: Cell::default(),
        };
        assert!(!spool.is_full());
        std::fs::write(spool.own().join("one"), "12345").unwrap();
        assert!(!spool.is_full());
        spool
            .found
            .set(Instant::now().checked_sub(REMEMBERED).map(|at| (at, false)));
        assert!(spool.is_full());
    }

    #[test]
    fn files_below_count_as_well() {
        let directory = tempfile::tempdir().unwrap();
        let below = directory.path().join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        for (file, length) in [("one", 3), ("a/two", 5), ("a/b/three", 7)] {
            std::fs::write(directory.path().join(file), vec![0; length]).unwrap();
        }
        assert_eq!(bytes_in(directory.path()), 15);
        assert_eq!(bytes_in(&below.join("none")), 0);
    }
}
