//! Patterns that `jsonschema` doesn't compile although ECMA-262 has them, for the witness.

use apifox_runtime::Pattern;
use jsonschema::{Keyword, ValidationError};
use serde_json::Value;

/// The keyword `pattern`, as the crate at hand matches it that generated types use.
pub(crate) fn keyword(rule: &Value) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'_>> {
    match rule.as_str().filter(|source| Pattern::is_valid(source)) {
        Some(source) => Ok(Box::new(Matched(Pattern::owned(source.to_owned())))),
        None => Err(ValidationError::schema(
            "it is no regular expression of ECMA-262",
        )),
    }
}

struct Matched(Pattern);

impl<'i> Keyword<'i> for Matched {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.is_valid(instance) {
            true => Ok(()),
            false => Err(ValidationError::custom("it does not match")),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| self.0.is_match(text))
    }
}
