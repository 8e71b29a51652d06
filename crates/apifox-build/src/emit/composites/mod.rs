//! Types that hold others.

pub(super) mod arrays;
mod objects;
pub(super) mod structs;
pub(super) mod transparent;
pub(super) mod tuples;
pub(super) mod unions;
