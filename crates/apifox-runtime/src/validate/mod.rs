//! The rules of schemas, and what is reported of values that break them.

pub(crate) mod alternatives;
pub(crate) mod bounded_int;
pub(crate) mod bounds;
pub(crate) mod checker;
pub(crate) mod guard;
pub(crate) mod items;
pub(crate) mod listing;
pub(crate) mod references;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod size;
pub(crate) mod tags;
pub(crate) mod text;
