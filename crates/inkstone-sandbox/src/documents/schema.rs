//! A schema, and what it says of one member.

use apifox_document::pointer::decoded;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::documents::work;
use crate::keywords::validator::{self, SchemaError};

/// A schema and its validator.
pub struct Schema {
    pub json: Value,
    validator: Validator,
    /// Whether the validator comes to an end.
    is_bounded: bool,
}

/// A value is not judged, for schemas would be asked about it again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unjudged;

/// Why a value is not judged, behind its name.
pub const UNJUDGED: &str = "is not judged: its schemas refer to one another in more than a million \
                            ways, or lead through thousands of others";

impl Schema {
    pub fn new(json: &Value) -> Result<Self, SchemaError> {
        Ok(Self {
            validator: validator::compile(json)?,
            is_bounded: work::is_bounded(json),
            json: json.clone(),
        })
    }

    /// Whether it accepts a value.
    pub fn judge(&self, value: &Value) -> Result<bool, Unjudged> {
        match self.is_bounded {
            true => Ok(self.validator.is_valid(value)),
            false => Err(Unjudged),
        }
    }

    /// Whether it is known to accept a value.
    pub fn accepts(&self, value: &Value) -> bool {
        self.judge(value) == Ok(true)
    }

    /// What a value breaks.
    pub fn errors<'v>(&'v self, value: &'v Value) -> Result<Vec<ValidationError<'v>>, Unjudged> {
        match self.is_bounded {
            true => Ok(self.validator.iter_errors(value).collect()),
            false => Err(Unjudged),
        }
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
