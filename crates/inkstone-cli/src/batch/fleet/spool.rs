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
        })
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
