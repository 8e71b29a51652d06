//! JSON values, and where they stand.

pub(crate) mod additional;
pub(crate) mod constant;
pub(crate) mod decimal;
pub(crate) mod dimensions;
pub(crate) mod exact;
pub(crate) mod hash;
pub(crate) mod integer;
pub(crate) mod json_view;
pub(crate) mod node;
pub(crate) mod number;
pub(crate) mod or_empty;
pub(crate) mod path;
mod view_impls;
