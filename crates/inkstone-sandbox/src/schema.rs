//! What does a schema say of one member?

use jsonschema::Validator;
use serde_json::Value;

use crate::keywords::{self, SchemaFault};

/// A schema and its validator.
pub struct Schema {
    pub json: Value,
    pub validator: Validator,
}

impl Schema {
    pub fn new(json: &Value) -> Result<Self, SchemaFault> {
        Ok(Self {
            validator: keywords::compile(json)?,
            json: json.clone(),
        })
    }

    /// The schema at the end of a path of keywords, past the references to other
    /// places in the same document.
    pub fn at(&self, path: &[&str]) -> &Value {
        path.iter().fold(self.resolve(&self.json), |place, key| {
            self.resolve(&place[*key])
        })
    }

    fn resolve<'a>(&'a self, mut place: &'a Value) -> &'a Value {
        // A chain of references can be a circle.
        for _ in 0..32 {
            let target = place["$ref"].as_str().and_then(|uri| uri.strip_prefix('#'));
            match target.and_then(|pointer| self.json.pointer(pointer)) {
                Some(target) => place = target,
                None => break,
            }
        }
        place
    }
}

/// Whether an object that a schema describes may have a member, and whether the
/// schema says so by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    Named,
    Open,
    Refused,
}

pub fn member(schema: &Value, name: &str) -> Member {
    if !schema["properties"][name].is_null() {
        Member::Named
    } else if schema["additionalProperties"] == Value::Bool(false) {
        Member::Refused
    } else {
        Member::Open
    }
}
