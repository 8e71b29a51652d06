//! Where do the bytes of a picture go, and how many are there?

use std::io::Write as _;

use super::failure;
use crate::error::Error;
use crate::new_file::NewFile;

/// Takes the bytes of one picture.
#[derive(Debug)]
pub(super) struct Sink<S> {
    store: S,
    length: u64,
    limit: u64,
}

/// What a sink leads to.
pub(super) trait Store {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error>;
    fn clear(&mut self) -> Result<(), Error>;
}

impl<S: Store> Sink<S> {
    /// An empty one, for at most `limit` bytes.
    pub fn new(store: S, limit: u64) -> Self {
        Self {
            store,
            length: 0,
            limit,
        }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Fails where `length` bytes would be too many.
    pub fn expect(&self, length: u64) -> Result<(), Error> {
        match length > self.limit {
            true => Err(failure::too_long(self.limit)),
            false => Ok(()),
        }
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let length = self.length.saturating_add(bytes.len() as u64);
        self.expect(length)?;
        self.store.append(bytes)?;
        self.length = length;
        Ok(())
    }

    /// Throws away what it has.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.length = 0;
        self.store.clear()
    }

    pub fn into_store(self) -> S {
        self.store
    }
}

impl Store for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Error> {
        Vec::clear(self);
        Ok(())
    }
}

/// A chunk is written without leaving the thread: it is small, and goes to the
/// system's cache.
impl Store for NewFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.write_all(bytes);
        written.map_err(|error| failure::unwritable(self.directory(), error))
    }

    fn clear(&mut self) -> Result<(), Error> {
        let emptied = self.restart();
        emptied.map_err(|error| failure::unwritable(self.directory(), error))
    }
}
