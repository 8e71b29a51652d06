//! Parameters as text: how their values are written, and where.

pub(super) mod cookie;
pub(super) mod header;
pub(super) mod names;
pub(super) mod query;
pub(crate) mod serialization;
pub(super) mod spelling;
pub(crate) mod template;
