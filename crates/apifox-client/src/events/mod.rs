//! Replies that come as events: how they are told apart, and the stream of them.

mod framing;
mod stream;

pub(crate) use framing::Framing;
pub use stream::{Event, Events};
