//! A picture that left its reply for the disk.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempPath;

/// A picture of a reply, in a file instead of in memory: see
/// [`Builder::spool`](crate::Builder::spool).
///
/// The file is there as long as the reply, the error or a clone of this, and gone
/// with the last of them. [`Client::save`](crate::Client::save) gives it a lasting
/// name of its own.
///
/// Two are equal if they are the same file. Pictures of one reply that have the same
/// bytes share theirs.
#[derive(Clone)]
pub struct Spooled(Arc<Inner>);

struct Inner {
    path: TempPath,
    length: u64,
    form: Form,
}

/// What the bytes of the file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// The picture's own.
    Decoded,
    /// The characters in the reply's text, since they are not plain base64: broken
    /// into lines, without padding, or none at all.
    Text,
}

impl Spooled {
    pub(super) fn new(path: TempPath, length: u64, form: Form) -> Self {
        Self(Arc::new(Inner { path, length, form }))
    }

    /// Where the file lies for now.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.0.length
    }

    /// Whether it holds the picture itself. What is not plain base64 (such as base64 in
    /// lines) is kept as it stands in the JSON text, and decoded when it is saved.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        self.0.form == Form::Decoded
    }

    pub(crate) fn form(&self) -> Form {
        self.0.form
    }

    pub(crate) fn open(&self) -> io::Result<File> {
        File::open(self.path())
    }
}

impl PartialEq for Spooled {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Spooled {}

impl std::hash::Hash for Spooled {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::ptr::hash(Arc::as_ptr(&self.0), state);
    }
}

impl std::fmt::Debug for Spooled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spooled")
            .field("path", &self.path())
            .field("length", &self.length())
            .field("form", &self.form())
            .finish()
    }
}
