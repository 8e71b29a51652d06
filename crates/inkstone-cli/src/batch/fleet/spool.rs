//! Where a worker has files on their way to the store.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::args::batch::fleet::WorkerArgs;

/// The files of a worker.
pub struct Spool {
    own: TempDir,
    /// The directory that the workers of this machine share, if one was given.
    shared: Option<PathBuf>,
    /// How many bytes may be in it before nothing more is claimed.
    most: u64,
}

impl Spool {
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
        })
    }

    /// How many bytes are in it now.
    pub fn bytes(&self) -> u64 {
        bytes_in(self.own())
    }

    /// Whether as much is on its way to the store as may be: a store that is slow is not sent
    /// more than this machine has room for.
    pub fn is_full(&self) -> bool {
        self.bytes() >= self.most
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
    use super::bytes_in;

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
