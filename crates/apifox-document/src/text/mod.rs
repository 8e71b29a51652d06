//! The texts of documents: what is read from them, and where in them it stands.

pub mod fence;
mod location;
pub mod page;
pub mod reindent;
mod texts;
pub mod unfenced;
mod unread;
pub(crate) mod values;

pub(crate) use location::Lines;
pub use location::{Location, Text, Written};
pub(crate) use texts::Origins;
pub use texts::Texts;
pub use unread::Unread;
