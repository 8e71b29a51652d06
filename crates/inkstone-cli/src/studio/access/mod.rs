//! Who may use the studio, and how its owner finds it.

pub mod link;
pub mod token;
