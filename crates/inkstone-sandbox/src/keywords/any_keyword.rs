//! A keyword from a function that finds violations.

use jsonschema::{Keyword, ValidationError};
use serde_json::Value;

/// What the factory of a keyword makes.
pub type AnyKeyword = Box<dyn for<'i> Keyword<'i>>;

/// A keyword, or why its rule is not one.
pub type Factory<'a> = Result<AnyKeyword, ValidationError<'a>>;

struct Rule<F>(F);

/// The keyword of a rule, where that could be read; `usage` says how to write one.
pub fn by_rule<'a, R: Send + Sync + 'static>(
    rule: Option<R>,
    usage: &'static str,
    violation: impl Fn(&R, &Value) -> Option<&'static str> + Send + Sync + 'static,
) -> Factory<'a> {
    match rule {
        Some(rule) => Ok(keyword(move |instance| violation(&rule, instance))),
        None => Err(ValidationError::schema(usage)),
    }
}

/// A keyword whose violations `violation` describes.
pub fn keyword<F>(violation: F) -> AnyKeyword
where
    F: Fn(&Value) -> Option<&'static str> + Send + Sync + 'static,
{
    Box::new(Rule(violation))
}

impl<'i, F> Keyword<'i> for Rule<F>
where
    F: Fn(&Value) -> Option<&'static str> + Send + Sync,
{
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match (self.0)(instance) {
            Some(message) => Err(ValidationError::custom(message)),
            None => Ok(()),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        (self.0)(instance).is_none()
    }
}
