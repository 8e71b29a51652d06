//! Where the bytes of a picture go: counted, bounded, and checked.

use std::io::Cursor;

use super::blocking::blocking;
use super::check::{CheckError, check};
use super::failure;
use super::settings::{Downloads, Verify};
use crate::error::Error;
use crate::images::picture::ImageFormat;

/// As many bytes as are looked at without leaving the thread.
pub(super) const SHORT: usize = 64 << 10;

/// Takes the bytes of one picture.
#[derive(Debug)]
pub(super) struct Sink<S> {
    store: S,
    length: u64,
    limit: u64,
    /// The format of what is here, where it ended too early.
    cut: Option<ImageFormat>,
}

/// What a sink leads to.
pub(super) trait Store {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error>;
    fn clear(&mut self) -> Result<(), Error>;
    /// Whether it holds a picture.
    async fn check(&mut self, settings: Downloads) -> Result<ImageFormat, CheckError>;
}

impl<S: Store> Sink<S> {
    /// An empty one, for at most `limit` bytes.
    pub fn new(store: S, limit: u64) -> Self {
        Self {
            store,
            length: 0,
            limit,
            cut: None,
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
        self.cut = None;
        self.store.clear()
    }

    /// The format of the picture that it has.
    pub async fn check(&mut self, settings: &Downloads) -> Result<ImageFormat, CheckError> {
        let checked = self.store.check(settings.clone()).await;
        if let Err(CheckError::CutShort(format, _)) = &checked {
            self.cut = *format;
        }
        checked
    }

    /// The format of what it has, where that is the start of a picture alone.
    pub fn cut(&self) -> Option<ImageFormat> {
        self.cut
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

    async fn check(&mut self, settings: Downloads) -> Result<ImageFormat, CheckError> {
        if self.len() <= SHORT && settings.verify == Verify::Structure {
            return check(&mut Cursor::new(self), &settings);
        }
        let bytes = std::mem::take(self);
        let work = move || {
            let checked = check(&mut Cursor::new(&bytes), &settings);
            Ok((bytes, checked))
        };
        let (bytes, checked) = blocking(work).await?;
        *self = bytes;
        checked
    }
}
