//! What takes time for every pixel and every byte, in the sandbox: its pictures, and hashes.
//!
//! A crate of its own, so that it can be optimised where the server around it is not.
//!
//! ```
//! let file = inkstone_painting::png(64, 48, 7)?;
//! assert!(file.starts_with(b"\x89PNG"));
//! # Ok::<(), inkstone_painting::EncodingError>(())
//! ```

mod painting;
mod random;

pub use painting::png;
pub use png::EncodingError;
pub use random::{Random, hash};
