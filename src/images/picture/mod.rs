//! What the bytes of a picture say: its format, its sides, and where it ends.

mod end;
mod format;
mod header;
mod sides;

#[cfg(feature = "decode")]
pub(crate) mod decode;

pub use format::ImageFormat;
pub(crate) use header::{Header, HeaderError, Reader};
