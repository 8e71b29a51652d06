//! Objects: from a tree, or member by member.

pub(crate) mod entries;
pub(crate) mod fields;
pub(crate) mod made;
pub mod slot;
pub mod slots;
pub(crate) mod unclaimed;
