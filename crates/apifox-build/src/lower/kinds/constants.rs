//! `const` and `enum`: types of a few known values.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::described::Described;
use super::number::exact;
use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Shape, Suggestions, TypeRef, Variant};
use crate::names::{self, Scope};
use crate::schema::Schema;
use apifox_document::schema::keywords::applies;

impl<'d> Lowering<'d> {
    /// `None` when a value is one that no variant can stand for.
    pub fn constants(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let mut values = values(schema);
        // The schema itself knows best which of its values it accepts.
        let has_more_rules =
            |name: &str| !matches!(name, "const" | "enum" | "type") && applies(name).is_some();
        if schema.keywords().any(has_more_rules) || schema.has("const") && schema.has("enum") {
            let checker = self.checker(schema)?;
            values.retain(|value| checker.accepts(value));
        }
        let mut variants = Variants::default();
        variants.add(&Described::new(schema), &values);
        self.declare_constants(schema, variants, hint)
    }

    /// Alternatives that each list values, with what is said of them, as one enum.
    pub fn listed_alternatives(
        &mut self,
        schema: &Schema<'d>,
        children: &[Schema<'d>],
        hint: &Hint,
    ) -> Option<TypeRef> {
        if !children.iter().all(lists_values) {
            return None;
        }
        let mut listed: Vec<_> = children.iter().map(values).collect();
        match says_more(schema) || !listed.iter().flatten().all(is_scalar) {
            true => {
                let checker = self.checker(schema)?;
                let accepts = |value: &Value| checker.accepts(value);
                listed.iter_mut().for_each(|values| values.retain(accepts));
            }
            false => keep_accepted(schema, &mut listed),
        }
        let mut variants = Variants::default();
        for (child, values) in children.iter().zip(&listed) {
            variants.add(&Described::of_alternative(child), values);
        }
        self.declare_constants(schema, variants, hint)
    }

    /// `anyOf` of any string and of listed ones: these are worth a name.
    pub fn listed_texts(
        &mut self,
        schema: &Schema<'d>,
        children: &[Schema<'d>],
        hint: &Hint,
    ) -> Option<TypeRef> {
        let (null, others): (Vec<_>, Vec<_>) = children.iter().partition(|one| is_null(one));
        let (plain, listing): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|one| is_any_text(one));
        let has_texts =
            |child: &&Schema<'d>| lists_values(child) && values(child).iter().all(Value::is_string);
        if plain.len() != 1 || schema.has("type") || !listing.iter().all(has_texts) {
            return None;
        }
        let mut variants = Variants::default();
        for child in listing {
            variants.add(&Described::of_alternative(child), &values(child));
        }
        if null.is_empty() {
            return self.declare_suggestions(schema, TypeRef::Text, variants, hint);
        }
        let value = self.declare_suggestions(schema, TypeRef::Text, variants, &hint.value())?;
        Some(TypeRef::Nullable(Box::new(value)))
    }

    /// An enum of all values, which may be `null` beside if that is one of them.
    fn declare_constants(
        &mut self,
        schema: &Schema<'d>,
        variants: Variants,
        hint: &Hint,
    ) -> Option<TypeRef> {
        let mut variants = variants.list;
        if variants.is_empty() || !variants.iter().all(|one| is_scalar(&one.value)) {
            return None;
        }
        let is_null = |variant: &Variant| variant.value.is_null();
        if variants.len() == 1 || !variants.iter().any(is_null) {
            return Some(self.declare(schema, hint, Shape::Constants(variants)));
        }
        variants.retain(|variant| !is_null(variant));
        let reserved = self.reserve(&hint.value());
        let value = self.fill(reserved, schema.docs(), Shape::Constants(variants));
        Some(TypeRef::Nullable(Box::new(value)))
    }

    /// The values that `x-apifox-enum` names restrict nothing without `enum`, but
    /// are worth a name where nothing else is said of the type.
    pub fn suggestions(&mut self, schema: &Schema<'d>, made: TypeRef, hint: &Hint) -> TypeRef {
        let fits: fn(&Value) -> bool = match made {
            TypeRef::Text => |value| value.as_str().is_some_and(|text| !text.is_empty()),
            TypeRef::Integer => Value::is_i64,
            _ => return made,
        };
        let entries = schema.get("x-apifox-enum").and_then(Value::as_array);
        let values = entries.into_iter().flatten().map(|entry| &entry["value"]);
        let values: Vec<Value> = values.filter(|value| fits(value)).cloned().collect();
        let mut variants = Variants::default();
        variants.add(&Described::new(schema), &values);
        let declared = self.declare_suggestions(schema, made.clone(), variants, hint);
        declared.unwrap_or(made)
    }

    fn declare_suggestions(
        &mut self,
        schema: &Schema<'d>,
        of: TypeRef,
        mut variants: Variants,
        hint: &Hint,
    ) -> Option<TypeRef> {
        if variants.list.is_empty() {
            return None;
        }
        let shape = Shape::Suggestions(Suggestions {
            of,
            other: variants.idents.claim(&["Other".into()]),
            variants: variants.list,
        });
        let reserved = self.reserve(hint);
        Some(self.fill(reserved, schema.docs(), shape))
    }
}

/// A variant for each of several values.
#[derive(Default)]
struct Variants {
    list: Vec<Variant>,
    known: HashSet<String>,
    idents: Scope,
}

impl Variants {
    /// Adds those values that are not there yet.
    fn add(&mut self, described: &Described, values: &[Value]) {
        for value in values {
            if self.known.insert(value.to_string()) {
                let given = described.given(value);
                let name = given.unwrap_or_else(|| names::variant_name(&described.name(value)));
                self.list.push(Variant {
                    ident: self.idents.claim(&[name]),
                    docs: described.docs(value),
                    value: value.clone(),
                });
            }
        }
    }
}

/// Whether a schema restricts more than which alternatives and types there are.
fn says_more(schema: &Schema<'_>) -> bool {
    let is_known = |name: &str| matches!(name, "anyOf" | "oneOf" | "type");
    let mut others = schema.keywords().filter(|name| !is_known(name));
    schema.has("anyOf") == schema.has("oneOf") || others.any(|name| applies(name).is_some())
}

/// Keeps of the values of alternatives those that the schema around them accepts: of its
/// types, and of `oneOf` those that a single alternative lists.
fn keep_accepted(schema: &Schema<'_>, alternatives: &mut [Vec<Value>]) {
    let types = schema.types();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for values in &*alternatives {
        let distinct: HashSet<String> = values.iter().map(Value::to_string).collect();
        for value in distinct {
            *counts.entry(value).or_default() += 1;
        }
    }
    let is_exclusive = schema.has("oneOf");
    for values in alternatives {
        values.retain(|value| {
            let is_of_type = types.iter().any(|one| one.is_type_of(value));
            is_of_type && (!is_exclusive || counts.get(&value.to_string()) == Some(&1))
        });
    }
}

/// Whether a schema does no more than list values.
fn lists_values(schema: &Schema<'_>) -> bool {
    let is_listing = |name: &str| matches!(name, "const" | "enum" | "type");
    let lists = schema.has("const") != schema.has("enum");
    (lists || is_null(schema))
        && schema
            .keywords()
            .all(|name| is_listing(name) || applies(name).is_none())
}

/// Whether a schema says no more than that a value is `null`.
pub(super) fn is_null(schema: &Schema<'_>) -> bool {
    is_only_of_type(schema, "null")
}

/// Whether a schema accepts every string and nothing else.
fn is_any_text(schema: &Schema<'_>) -> bool {
    is_only_of_type(schema, "string")
}

fn is_only_of_type(schema: &Schema<'_>, name: &str) -> bool {
    schema.get("type").and_then(Value::as_str) == Some(name)
        && schema
            .keywords()
            .all(|name| name == "type" || applies(name).is_none())
}

/// The values that a schema lists, of the types that it names.
fn values(schema: &Schema<'_>) -> Vec<Value> {
    let types = schema.types();
    let mut values: Vec<Value> = listed(schema).into_iter().map(normal).collect();
    values.retain(|value| types.iter().any(|one| one.is_type_of(value)));
    values
}

fn listed(schema: &Schema<'_>) -> Vec<Value> {
    if let Some(constant) = schema.get("const") {
        return vec![constant.clone()];
    }
    match schema.get("enum") {
        Some(Value::Array(values)) => values.clone(),
        _ if is_null(schema) => vec![Value::Null],
        // Only `x-apifox-enum` has made this a schema of constants.
        _ => vec![false.into(), true.into()],
    }
}

/// `1.0` is the integer 1.
fn normal(value: Value) -> Value {
    let float = value.as_f64().filter(|_| value.is_f64());
    let whole = float.filter(|float| float.fract() == 0.0).and_then(exact);
    whole.map_or(value, Value::from)
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.is_i64(),
        Value::Array(_) | Value::Object(_) => false,
    }
}
