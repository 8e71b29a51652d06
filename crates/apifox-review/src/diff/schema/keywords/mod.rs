//! What the keywords of a schema require of the values that a conjunction accepts.

mod arrays;
mod logic;
mod objects;
mod requirement;
mod requirements;
mod scalars;
