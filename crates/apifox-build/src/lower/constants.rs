//! `const` and `enum`: types of a few known values.

use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{Docs, Shape, Suggestions, Use, Variant};
use crate::names::{self, Scope};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    /// `None` when a value is one that no variant can stand for.
    pub(super) fn constants(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let mut values: Vec<Value> = listed(schema).into_iter().map(normal).collect();
        let types = schema.types();
        values.retain(|value| types.iter().any(|it| it.is_type_of(value)));
        // The schema itself knows best which of its values it accepts.
        let asks_more = |name: &str| {
            !matches!(name, "const" | "enum" | "type")
                && apifox_document::schema::keywords::applies(name).is_some()
        };
        if schema.keywords().any(asks_more) || schema.has("const") && schema.has("enum") {
            let checker = self.checker(schema)?;
            values.retain(|value| checker.accepts(value));
        }
        let mut distinct: Vec<Value> = Vec::with_capacity(values.len());
        for value in values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        if distinct.is_empty() || !distinct.iter().all(is_scalar) {
            return None;
        }
        let mut idents = Scope::default();
        let variants = distinct
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

impl<'d> Lowering<'d> {
    /// The values that `x-apifox-enum` names restrict nothing without `enum`, but
    /// are worth a name where nothing else is said of the type.
    pub(super) fn suggestions(&mut self, schema: &Schema<'d>, of: Use, hint: &Hint) -> Use {
        if !matches!(of, Use::Text | Use::Integer) {
            return of;
        }
        let entries = schema.get("x-apifox-enum").and_then(Value::as_array);
        let values = entries.into_iter().flatten().map(|it| &it["value"]);
        let fits = |value: &&Value| match of {
            Use::Text => value.as_str().is_some_and(|it| !it.is_empty()),
            _ => value.is_i64(),
        };
        let mut idents = Scope::default();
        let mut variants: Vec<Variant> = Vec::new();
        for value in values.filter(fits) {
            if variants.iter().all(|it| it.value != *value) {
                variants.push(Variant {
                    ident: idents.claim(&[names::variant_name(value)]),
                    docs: described(schema, value),
                    value: value.clone(),
                });
            }
        }
        if variants.is_empty() {
            return of;
        }
        let shape = Shape::Suggestions(Suggestions {
            of,
            variants,
            other: idents.claim(&["Other".into()]),
        });
        self.declare(schema, hint, shape)
    }
}

fn listed(schema: &Schema<'_>) -> Vec<Value> {
    if let Some(constant) = schema.get("const") {
        return vec![constant.clone()];
    }
    match schema.get("enum") {
        Some(Value::Array(values)) => values.clone(),
        // Only `x-apifox-enum` has made this a schema of constants.
        _ => vec![false.into(), true.into()],
    }
}

/// `1.0` is the integer 1.
fn normal(value: Value) -> Value {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
        Some(float) if value.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => {
            Value::from(float as i64)
        }
        _ => value,
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
