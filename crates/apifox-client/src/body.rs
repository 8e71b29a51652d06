//! The body of a reply, and who reads it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

/// The body of a reply: its bytes, and what a [`BodyReader`] put aside while it read them.
#[derive(Clone, Default)]
pub struct Body {
    /// The bytes that came, save for what the reader put aside.
    pub bytes: Bytes,
    attachment: Option<Arc<dyn Any + Send + Sync>>,
}

impl Body {
    /// A body of these bytes and no more.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            attachment: None,
        }
    }

    /// This body with something that its reader put aside.
    #[must_use]
    pub fn with_attachment<T: Send + Sync + 'static>(mut self, attachment: T) -> Self {
        self.attachment = Some(Arc::new(attachment));
        self
    }

    /// What the reader put aside, if it is a `T`.
    #[must_use]
    pub fn attachment<T: 'static>(&self) -> Option<&T> {
        self.attachment.as_ref()?.downcast_ref()
    }
}

/// Says how many bytes there are, never which: a body in a log helps nobody.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Takes in the body of one reply, piece by piece.
pub trait BodyReader: Send {
    /// Takes in the bytes that came next.
    fn take(&mut self, chunk: &[u8]);

    /// What was taken in, when nothing more comes: the body may be whole or broken off.
    fn finish(self: Box<Self>) -> Body;
}

/// Keeps all of the body in memory.
#[derive(Debug, Default)]
pub struct InMemory(Vec<u8>);

impl BodyReader for InMemory {
    fn take(&mut self, chunk: &[u8]) {
        self.0.extend_from_slice(chunk);
    }

    fn finish(self: Box<Self>) -> Body {
        Body::new(self.0)
    }
}
