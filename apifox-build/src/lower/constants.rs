//! `const` and `enum`: types of a few known values.

use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{Docs, Shape, Use, Variant};
use crate::names::{self, Scope};
use crate::schema::{Fault, Schema};

impl<'d> Lowering<'d> {
    pub(super) fn constants(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let values = self.heard(schema, values(schema))?;
        let mut idents = Scope::default();
        let variants = values
            .into_iter()
            .map(|value| Variant {
                ident: idents.claim(&[names::variant_name(&value)]),
                docs: described(schema, &value),
                value,
            })
            .collect();
        Some(self.declare(schema, hint, Shape::Constants(variants)))
    }
}

/// The values that fit `const`, `enum` and `type` together.
fn values(schema: &Schema<'_>) -> Result<Vec<Value>, Fault> {
    let listed = match schema.get("enum") {
        None => None,
        Some(Value::Array(values)) => Some(values.clone()),
        Some(_) => {
            return Err(Fault::new("enum", "is not an array").remedy("list the values"));
        }
    };
    let mut values = match (schema.get("const"), listed) {
        (Some(constant), None) => vec![constant.clone()],
        (Some(constant), Some(listed)) if listed.contains(constant) => vec![constant.clone()],
        (Some(_), Some(_)) => Vec::new(),
        (None, Some(listed)) => listed,
        // Only `x-apifox-enum` has made this a schema of constants.
        (None, None) => vec![false.into(), true.into()],
    };
    let types = schema.types()?;
    values.retain(|value| types.is_empty() || types.iter().any(|it| it.is_type_of(value)));
    let mut distinct: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    if distinct.is_empty() {
        let keyword = if schema.get("const").is_some() {
            "const"
        } else {
            "enum"
        };
        return Err(Fault::new(keyword, "no value fits this schema")
            .remedy("bring `const`, `enum` and `type` together in a correction"));
    }
    match distinct.iter().find(|value| !is_scalar(value)) {
        Some(_) => Err(Fault::new(
            "enum",
            "lists a value that is an array, an object or a fraction",
        )
        .remedy("only null, booleans, integers of 64 bits and strings can be enumerated")),
        None => Ok(distinct),
    }
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.is_i64(),
        Value::Array(_) | Value::Object(_) => false,
    }
}

/// What `x-apifox-enum` says of `value`.
fn described(schema: &Schema<'_>, value: &Value) -> Docs {
    let listed = schema.get("x-apifox-enum").and_then(Value::as_array);
    let entry = listed.and_then(|it| it.iter().find(|entry| entry.get("value") == Some(value)));
    let text = |name| {
        let text = entry.and_then(|it| it[name].as_str()).map(str::trim);
        text.filter(|it| !it.is_empty()).map(str::to_owned)
    };
    Docs {
        title: text("name").filter(|name| value.as_str() != Some(name)),
        description: text("description"),
        ..Docs::default()
    }
}
