//! Schemas that accept listed values alone: by `const` or `enum`, or by alternatives each of which
//! does. What they accept is looked up: to ask each alternative of each value, or each alternative
//! of each other one, would take as long as there are alternatives, squared.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

/// The values that a schema accepts: strings, whole numbers, booleans and `null`, each once.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub values: Vec<Value>,
    texts: HashSet<String>,
}

impl Listing {
    /// `None` where a value may be equal to one that is written otherwise.
    pub fn new(values: impl IntoIterator<Item = Value>) -> Option<Self> {
        let mut listing = Self::default();
        for value in values {
            if listing.texts.insert(text(&value)?) {
                listing.values.push(value);
            }
        }
        Some(listing)
    }

    /// The values of several listings: those of any of them, or where `is_exclusive` of a single one.
    pub fn joined(listings: &[Rc<Self>], is_exclusive: bool) -> Self {
        let values = listings.iter().flat_map(|listing| &listing.values);
        let mut counts: HashMap<String, usize> = HashMap::new();
        for text in values.clone().filter_map(text) {
            *counts.entry(text).or_default() += 1;
        }
        let mut joined = Self::new(values.cloned()).unwrap_or_default();
        if is_exclusive {
            joined.retain(|value| text(value).is_some_and(|text| counts.get(&text) == Some(&1)));
        }
        joined
    }

    /// Whether a value is listed; `None` where it may be equal to one that is written otherwise.
    pub fn has(&self, value: &Value) -> Option<bool> {
        Some(self.texts.contains(&text(value)?))
    }

    /// Keeps some of the values.
    pub fn retain(&mut self, is_kept: impl Fn(&Value) -> bool) {
        self.values.retain(is_kept);
        self.texts = self.values.iter().filter_map(text).collect();
    }
}

/// What equal values have in common, of those that are written in one way only.
fn text(value: &Value) -> Option<String> {
    let is_simple = match value {
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::Array(_) | Value::Object(_) => false,
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    };
    is_simple.then(|| value.to_string())
}
