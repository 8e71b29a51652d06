//! What came, all of it: with the pictures that went to files in their places.

use std::io;
use std::path::{Path, PathBuf};

use inkstone::{Error, NewFile, Reply};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::files;

/// What holds a body that came.
pub trait Whole {
    /// The body, with placeholders for pictures that are in files.
    fn text(&self) -> &[u8];

    /// Whether there are any.
    fn is_spooled(&self) -> bool;

    /// Writes all of the body.
    fn write(&self, to: &mut NewFile) -> io::Result<()>;

    /// Keeps all of the body in a file.
    fn keep(&self, directory: &Path, stem: &str) -> io::Result<PathBuf> {
        let is_json = serde_json::from_slice::<IgnoredAny>(self.text()).is_ok();
        let ending = if is_json { "json" } else { "bin" };
        files::write_new_with(directory, stem, ending, |file| self.write(file))
    }
}

impl Whole for Reply<Value> {
    fn text(&self) -> &[u8] {
        self.body()
    }

    fn is_spooled(&self) -> bool {
        !self.spooled().is_empty()
    }

    fn write(&self, to: &mut NewFile) -> io::Result<()> {
        self.write_body(to)
    }
}

impl Whole for Error {
    fn text(&self) -> &[u8] {
        self.body().map_or(&[], |body| body)
    }

    fn is_spooled(&self) -> bool {
        !self.spooled().is_empty()
    }

    fn write(&self, to: &mut NewFile) -> io::Result<()> {
        self.write_body(to)
    }
}
