//! Variables of Apifox, `{{name}}`: what stands for them is sent, not they themselves.

use serde_json::{Map, Value};

use super::Dialect;
use crate::pointer::member;

impl Dialect<'_> {
    /// Lets a parameter have any value where a variable stands for the only one.
    pub(super) fn variables(&mut self, schema: &mut Map<String, Value>, place: &str) {
        for keyword in ["const", "enum"] {
            let has_variable = match member(schema, keyword) {
                Some(Value::Array(values)) => values.iter().any(is_variable),
                Some(value) => is_variable(value),
                None => false,
            };
            if has_variable {
                let message = "holds a variable of Apifox; any value is accepted here";
                self.note(place, Some(keyword), message);
                schema.remove(keyword);
            }
        }
    }
}

/// Whether a text has a variable in it.
fn is_variable(value: &Value) -> bool {
    let rest = value.as_str().and_then(|text| text.split_once("{{"));
    rest.is_some_and(|(_, rest)| rest.contains("}}"))
}
