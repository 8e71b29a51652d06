//! A second reading of replies that are not quite JSON: what was paid for is not lost for a
//! byte too many.
//!
//! [`Tokens`] takes any bytes apart, and [`value`] makes a tree of them, of so many at most. Both
//! take a byte order mark, what follows the document or comes before it, numbers beyond any range,
//! lone surrogates, text that is not UTF-8, control characters, any depth, and a body that ends too
//! early.

mod tokens;
mod tree;

pub use tokens::{Text, Token, Tokens};
pub use tree::{has_more_values, value};
