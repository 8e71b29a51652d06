//! A schema, and what it says of one member.

use apifox_document::pointer::decoded;
use jsonschema::Validator;
use serde_json::Value;

use crate::keywords::validator::{self, SchemaError};

/// A schema and its validator.
pub struct Schema {
    pub json: Value,
    pub validator: Validator,
}

impl Schema {
    pub fn new(json: &Value) -> Result<Self, SchemaError> {
        Ok(Self {
            validator: validator::compile(json)?,
            json: json.clone(),
        })
    }

    /// The schema at the end of a path of keywords, with references to other places in
    /// the same document resolved.
    pub fn at(&self, path: &[&str]) -> &Value {
        path.iter().fold(self.resolve(&self.json), |place, key| {
            self.resolve(&place[*key])
        })
    }

    fn resolve<'a>(&'a self, mut place: &'a Value) -> &'a Value {
        // References can lead back to themselves.
        for _ in 0..32 {
            let target = place["$ref"].as_str().and_then(|uri| uri.strip_prefix('#'));
            match target.and_then(|pointer| self.json.pointer(&decoded(pointer))) {
                Some(target) => place = target,
                None => break,
            }
        }
        place
    }
}

/// Whether an object may have a member, by its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// The schema names it.
    Named,
    /// The schema allows any further member.
    Allowed,
    /// The schema allows no such member.
    Forbidden,
}

pub fn member(schema: &Value, name: &str) -> Member {
    if !schema["properties"][name].is_null() {
        Member::Named
    } else if schema["additionalProperties"] == Value::Bool(false) {
        Member::Forbidden
    } else {
        Member::Allowed
    }
}
