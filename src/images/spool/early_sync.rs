//! A long file goes to the disk while it still grows, so that in the end there is little to
//! wait for.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

/// How many bytes are brought to the disk at once. Most pictures are shorter.
const LOT: u64 = 8 << 20;

/// Syncs a file in another thread, again and again. Whoever needs it on the disk syncs it once
/// more.
#[derive(Clone, Debug, Default)]
pub(super) struct EarlySync {
    /// Why the file could not be written, if it could not. It is held while the file is synced.
    failure: Arc<Mutex<Option<ErrorKind>>>,
    /// How long the file was when that last began.
    begun: u64,
}

impl EarlySync {
    /// Syncs `file` so far, once it has grown by a lot and unless that is being done.
    pub fn grown(&mut self, file: &File, length: u64) {
        let is_idle = !matches!(self.failure.try_lock(), Err(TryLockError::WouldBlock));
        if length - self.begun < LOT || !is_idle {
            return;
        }
        self.begun = length;
        let Ok(file) = file.try_clone() else {
            return;
        };
        let failure = Arc::clone(&self.failure);
        let sync = move || {
            let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = file.sync_data() {
                failure.get_or_insert(error.kind());
            }
        };
        // Without a thread all of it is left for later.
        let _ = std::thread::Builder::new().spawn(sync);
    }

    /// Waits for what is being done, and fails if something could not be written: a system tells
    /// that only once, to who asks first.
    pub fn check(&self) -> io::Result<()> {
        let failure = self.failure.lock();
        match *failure.unwrap_or_else(PoisonError::into_inner) {
            Some(kind) => Err(kind.into()),
            None => Ok(()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;
    use std::io::Write as _;
    use std::os::fd::OwnedFd;

    use super::{EarlySync, LOT};

    #[test]
    fn what_could_not_be_written_is_told_later() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"picture").expect("written");
        let mut early = EarlySync::default();
        early.grown(&file, LOT);
        early.clone().check().expect("synced");
        // What is no file on a disk can't be synced.
        let (_reader, writer) = std::io::pipe().expect("a pipe");
        let pipe = File::from(OwnedFd::from(writer));
        early.grown(&pipe, 2 * LOT - 1);
        early.check().expect("too little to sync");
        early.grown(&pipe, 2 * LOT);
        while early.check().is_ok() {
            std::thread::yield_now();
        }
        early.clone().check().expect_err("it is told to everyone");
    }
}
