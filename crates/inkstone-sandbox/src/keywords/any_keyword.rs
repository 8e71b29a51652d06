//! What the factory of a keyword makes.

use jsonschema::Keyword;

pub type AnyKeyword = Box<dyn for<'i> Keyword<'i>>;
