//! Whether a schema accepts `null`, which is found out without looking at more than some of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::{Dialect, Models};
use crate::pointer::{JsonValueExt as _, member};

/// How many schemas are looked at to find out whether one accepts `null`.
const MOST: usize = 2000;

/// The keyword of schemas that will accept `null` in the end, and may not do so yet.
pub(super) const NULLABLE: &str = "nullable";

/// Finds out which schemas accept `null`. A verdict is `None` where that is not known.
pub(super) struct Acceptance<'a, 'f> {
    dialect: &'a Dialect<'f>,
    json: &'a Value,
    /// The places of schemas that accept it, or will.
    nullable: &'a BTreeMap<String, String>,
    /// How many more schemas may be looked at. Schemas refer to themselves.
    left: usize,
}

impl<'a, 'f> Acceptance<'a, 'f> {
    pub fn new(
        dialect: &'a Dialect<'f>,
        json: &'a Value,
        nullable: &'a BTreeMap<String, String>,
    ) -> Self {
        Self {
            dialect,
            json,
            nullable,
            left: MOST,
        }
    }

    /// Lets as many schemas be looked at as in the beginning.
    pub fn renew(&mut self) {
        self.left = MOST;
    }

    pub fn of(&mut self, schema: &Value) -> Option<bool> {
        let Value::Object(members) = schema else {
            return Some(*schema != Value::Bool(false));
        };
        if member(members, NULLABLE) == Some(&Value::Bool(true)) {
            return Some(true);
        }
        self.left = self.left.checked_sub(1)?;
        let mut verdict = Some(true);
        for (name, value) in members {
            match self.of_keyword(members, name, value) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => verdict = None,
            }
        }
        verdict
    }

    fn of_keyword(
        &mut self,
        members: &Map<String, Value>,
        name: &str,
        value: &Value,
    ) -> Option<bool> {
        match name {
            "type" => Some(has_null(value, &"null".into())),
            "enum" => Some(has_null(value, &Value::Null)),
            "const" => Some(value.is_null()),
            "$ref" => self.of_target(value),
            "$dynamicRef" => None,
            "allOf" => self.count(value).all(),
            "anyOf" => self.count(value).any(),
            "oneOf" => self.count(value).one(),
            "not" => self.of(value).map(|accepts| !accepts),
            "if" => {
                let next = if self.of(value)? { "then" } else { "else" };
                member(members, next).map_or(Some(true), |schema| self.of(schema))
            }
            _ => Some(true),
        }
    }

    /// How many of these schemas accept `null`.
    pub fn count(&mut self, schemas: &Value) -> Count {
        let mut count = Count::default();
        for schema in schemas.as_array().into_iter().flatten() {
            match self.of(schema) {
                Some(true) => count.accepting += 1,
                Some(false) => count.refusing += 1,
                None => count.unknown += 1,
            }
        }
        count
    }

    fn of_target(&mut self, reference: &Value) -> Option<bool> {
        let reference = reference.as_str()?;
        let is_anchor = !reference.starts_with("#/") && reference != "#";
        if is_anchor && matches!(self.dialect.models, Models::Within) {
            return None;
        }
        let place = self.dialect.absolute(reference);
        let place = self.dialect.moves.current(&place);
        if self.nullable.contains_key(&place) {
            return Some(true);
        }
        let json = self.json;
        self.of(json.value_at(&place)?)
    }
}

/// How many of several schemas accept `null`.
#[derive(Default)]
pub(super) struct Count {
    accepting: usize,
    refusing: usize,
    unknown: usize,
}

impl Count {
    fn all(&self) -> Option<bool> {
        match self {
            Self { refusing: 1.., .. } => Some(false),
            Self { unknown: 1.., .. } => None,
            _ => Some(true),
        }
    }

    pub fn any(&self) -> Option<bool> {
        match self {
            Self { accepting: 1.., .. } => Some(true),
            Self { unknown: 1.., .. } => None,
            _ => Some(false),
        }
    }

    fn one(&self) -> Option<bool> {
        match self {
            Self { accepting: 2.., .. } => Some(false),
            Self { unknown: 1.., .. } => None,
            Self { accepting, .. } => Some(*accepting == 1),
        }
    }
}

/// Whether a value, or a list of values, has this one.
fn has_null(value: &Value, null: &Value) -> bool {
    value == null || value.as_array().is_some_and(|values| values.contains(null))
}
