//! `const` and `enum`: types of a few known values.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Docs, Shape, Suggestions, TypeRef, Variant};
use crate::names::{self, Scope};
use crate::schema::Schema;
use apifox_document::schema::keywords::applies;

impl<'d> Lowering<'d> {
    /// `None` when a value is one that no variant can stand for.
    pub fn constants(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let mut values: Vec<Value> = listed(schema).into_iter().map(normal).collect();
        let types = schema.types();
        values.retain(|value| types.iter().any(|one| one.is_type_of(value)));
        // The schema itself knows best which of its values it accepts.
        let has_more_rules =
            |name: &str| !matches!(name, "const" | "enum" | "type") && applies(name).is_some();
        if schema.keywords().any(has_more_rules) || schema.has("const") && schema.has("enum") {
            let checker = self.checker(schema)?;
            values.retain(|value| checker.accepts(value));
        }
        if values.is_empty() || !values.iter().all(is_scalar) {
            return None;
        }
        let variants = variants(schema, values.iter(), &mut Scope::default());
        Some(self.declare(schema, hint, Shape::Constants(variants)))
    }

    /// The values that `x-apifox-enum` names restrict nothing without `enum`, but
    /// are worth a name where nothing else is said of the type.
    pub fn suggestions(&mut self, schema: &Schema<'d>, made: TypeRef, hint: &Hint) -> TypeRef {
        let fits: fn(&&Value) -> bool = match made {
            TypeRef::Text => |value| value.as_str().is_some_and(|text| !text.is_empty()),
            TypeRef::Integer => |value| value.is_i64(),
            _ => return made,
        };
        let entries = schema.get("x-apifox-enum").and_then(Value::as_array);
        let values = entries.into_iter().flatten().map(|entry| &entry["value"]);
        let mut idents = Scope::default();
        let variants = variants(schema, values.filter(fits), &mut idents);
        if variants.is_empty() {
            return made;
        }
        let shape = Shape::Suggestions(Suggestions {
            of: made,
            variants,
            other: idents.claim(&["Other".into()]),
        });
        self.declare(schema, hint, shape)
    }
}

/// A variant for each of the values, once.
fn variants<'v>(
    schema: &Schema<'_>,
    values: impl Iterator<Item = &'v Value>,
    idents: &mut Scope,
) -> Vec<Variant> {
    let described = Described::new(schema);
    let mut known: HashSet<String> = HashSet::new();
    let mut variants: Vec<Variant> = Vec::new();
    for value in values {
        if known.insert(value.to_string()) {
            variants.push(Variant {
                ident: idents.claim(&[names::variant_name(value)]),
                docs: described.docs(value),
                value: value.clone(),
            });
        }
    }
    variants
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

/// What `x-apifox-enum` says of values.
struct Described<'d>(HashMap<String, &'d Value>);

impl<'d> Described<'d> {
    fn new(schema: &Schema<'d>) -> Self {
        let listed = schema.get("x-apifox-enum").and_then(Value::as_array);
        let mut entries = HashMap::new();
        for entry in listed.into_iter().flatten() {
            if let Some(value) = entry.get("value") {
                entries.entry(value.to_string()).or_insert(entry);
            }
        }
        Self(entries)
    }

    fn docs(&self, value: &Value) -> Docs {
        let entry = self.0.get(&value.to_string());
        let text = |name| {
            let text = entry.and_then(|entry| entry[name].as_str()).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Docs {
            title: text("name").filter(|name| value.as_str() != Some(name)),
            description: text("description"),
            ..Docs::default()
        }
    }
}
