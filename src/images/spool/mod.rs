//! Pictures that leave a reply for the disk while it still comes.
//!
//! A reply may hold pictures of many megabytes each, as base64. With a directory to
//! spool to, [`Intake`] takes such a picture out of the text as its characters come,
//! and writes it to a file there; the text keeps a placeholder. So a reply of any
//! size takes little memory, and [`Spools::restore`] makes it whole again.

mod duplicates;
mod incoming;
mod intake;
mod placeholder;
mod raw;
mod spooled;

pub(crate) use intake::Intake;
pub(crate) use placeholder::Spools;
pub(crate) use spooled::Form;
pub use spooled::Spooled;

#[cfg(test)]
mod tests;
