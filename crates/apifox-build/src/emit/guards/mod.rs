//! Types that are checked by their schema, and how it looks at values.

pub(super) mod guarded;
mod predicates;
mod rules;
pub(super) mod views;
