//! Room on the disk for what a full disk must not lose: replies that were paid for, and what
//! became of requests that were sent.
//!
//! [`records`] is the file that takes the room beforehand, and [`note`] what goes into it
//! when the journal can't be written.

pub mod note;
pub mod records;
