//! The full body of a reply or error, with spooled pictures put back in.

use std::io;
use std::path::{Path, PathBuf};

use inkstone::{Error, NewFile, Reply};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::output::files;

/// Has a body of which pictures may be in files.
pub trait FullBody {
    /// The body, with placeholders for the pictures in files.
    fn text(&self) -> &[u8];

    /// Whether pictures are in files.
    fn is_spooled(&self) -> bool;

    /// Writes the full body.
    fn write(&self, to: &mut NewFile) -> io::Result<()>;

    /// Saves the full body in a new file.
    fn save(&self, directory: &Path, stem: &str) -> io::Result<PathBuf> {
        let is_json = serde_json::from_slice::<IgnoredAny>(self.text()).is_ok();
        let ending = if is_json { "json" } else { "bin" };
        files::write_new_with(directory, stem, ending, |file| self.write(file))
    }
}

impl FullBody for Reply<Value> {
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

impl FullBody for Error {
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
