//! Which types have no value in common?

use std::collections::HashSet;

use apifox_runtime::Format;
use serde_json::Value;

use crate::lower::lowering::Lowering;
use crate::model::{
    Additional, Alternative, BoundedNumber, Field, Guarded, Presence, Shape, Struct, Suggestions,
    TypeRef,
};

use crate::schema::Schema;
use apifox_document::schema::JsonType;

/// How deeply fields are looked at: those of fields of fields are rarely what tells two
/// structs apart.
const DEEPEST: usize = 3;

/// The most alternatives that are compared, each with each other.
const MOST: usize = 500;

impl<'d> Lowering<'d> {
    /// Whether no value fits two alternatives.
    pub fn are_all_apart(&self, children: &[Schema<'d>], alternatives: &[Alternative]) -> bool {
        if self.differ_by_constants(alternatives) {
            return true;
        }
        // Each is compared with each other.
        if alternatives.len() > MOST {
            return false;
        }
        let each: Vec<_> = children.iter().zip(alternatives).collect();
        each.iter().enumerate().all(|(at, (a, of_a))| {
            each[..at].iter().all(|(b, of_b)| {
                self.are_apart(&of_a.of, &of_b.of, 0)
                    || self.refuses_all(a, &of_b.of)
                    || self.refuses_all(b, &of_a.of)
            })
        })
    }

    /// Whether all alternatives are constants of their own, or require the same field with
    /// constants of their own. That is quickly found out, however many there are.
    fn differ_by_constants(&self, alternatives: &[Alternative]) -> bool {
        let types: Vec<&TypeRef> = alternatives.iter().map(|one| &one.of).collect();
        if self.are_disjoint(&types) {
            return true;
        }
        let structs: Option<Vec<&Struct>> = types.iter().map(|of| self.as_struct(of)).collect();
        let structs = structs.unwrap_or_default();
        let Some(first) = structs.first() else {
            return false;
        };
        required(first).any(|tag| {
            let tags = structs.iter().map(|one| {
                let mut fields = required(one);
                fields
                    .find(|field| field.name == tag.name)
                    .map(|field| &field.of)
            });
            let tags: Option<Vec<&TypeRef>> = tags.collect();
            tags.is_some_and(|tags| self.are_disjoint(&tags))
        })
    }

    /// Whether all types are constants, and none is of two types.
    fn are_disjoint(&self, types: &[&TypeRef]) -> bool {
        let mut known = HashSet::new();
        types.iter().all(|of| {
            let values = self.as_constants(of);
            values.is_some_and(|values| {
                let mut values = values.iter().map(|value| value.to_string());
                values.all(|value| known.insert(value))
            })
        })
    }

    /// Whether a schema refuses every value of a type that has only a few.
    fn refuses_all(&self, schema: &Schema<'d>, of: &TypeRef) -> bool {
        let Some(values) = self.as_constants(of) else {
            return false;
        };
        let accepts_none = |checker: apifox_runtime::Checker| {
            let mut values = values.iter();
            !values.any(|value| checker.accepts(value))
        };
        self.checker(schema).is_some_and(accepts_none)
    }

    fn are_apart(&self, a: &TypeRef, b: &TypeRef, depth: usize) -> bool {
        if are_of_other_types(&self.json_types(a), &self.json_types(b)) {
            return true;
        }
        if let (Some(a), Some(b)) = (self.as_constants(a), self.as_constants(b)) {
            return a.iter().all(|a| !b.contains(a));
        }
        if let (TypeRef::Format(a), TypeRef::Format(b)) = (a, b) {
            return are_other_formats(*a, *b);
        }
        match (self.as_struct(a), self.as_struct(b)) {
            (Some(a), Some(b)) if depth < DEEPEST => {
                requires_more(a, b) || requires_more(b, a) || self.are_tagged(a, b, depth)
            }
            _ => false,
        }
    }

    /// Whether both require a field whose values tell them apart.
    fn are_tagged(&self, a: &Struct, b: &Struct, depth: usize) -> bool {
        let tells_apart =
            |a: &Field, b: &Field| a.name == b.name && self.are_apart(&a.of, &b.of, depth + 1);
        required(a).any(|a| required(b).any(|b| tells_apart(a, b)))
    }

    pub fn as_struct(&self, of: &TypeRef) -> Option<&Struct> {
        match self.types.shape(of)? {
            Shape::Struct(shape) => Some(shape),
            Shape::Guarded(guarded) => self.as_struct(&guarded.of),
            _ => None,
        }
    }

    /// The values of a type that has only a few.
    fn as_constants(&self, of: &TypeRef) -> Option<Vec<&Value>> {
        match (of, self.types.shape(of)) {
            (TypeRef::Null, _) => Some(vec![&Value::Null]),
            (TypeRef::Nullable(of), _) => {
                let mut values = self.as_constants(of)?;
                values.push(&Value::Null);
                Some(values)
            }
            (_, Some(Shape::Constants(variants))) => {
                Some(variants.iter().map(|variant| &variant.value).collect())
            }
            _ => None,
        }
    }

    /// The types of JSON that the values of a type have.
    pub fn json_types(&self, of: &TypeRef) -> Vec<JsonType> {
        match of {
            TypeRef::Null => vec![JsonType::Null],
            TypeRef::Boolean => vec![JsonType::Boolean],
            TypeRef::Integer | TypeRef::Int(_) => vec![JsonType::Integer],
            TypeRef::Number | TypeRef::Float | TypeRef::Double => vec![JsonType::Number],
            TypeRef::Text | TypeRef::File | TypeRef::Format(_) => vec![JsonType::String],
            TypeRef::Object | TypeRef::Map(_) => vec![JsonType::Object],
            TypeRef::Array(_) => vec![JsonType::Array],
            TypeRef::Any => JsonType::ALL.to_vec(),
            TypeRef::Nullable(of) => {
                let mut types = self.json_types(of);
                types.push(JsonType::Null);
                types
            }
            TypeRef::Declared(_) => match self.types.shape(of) {
                Some(shape) => self.json_types_of(shape),
                // It is not known: it contains the type that is being made.
                None => JsonType::ALL.to_vec(),
            },
        }
    }

    fn json_types_of(&self, shape: &Shape) -> Vec<JsonType> {
        match shape {
            Shape::Struct(_) => vec![JsonType::Object],
            Shape::BoundedInt(_) => vec![JsonType::Integer],
            Shape::Text(_) | Shape::Size(_) => vec![JsonType::String],
            Shape::Items(_) | Shape::Tuple(_) => vec![JsonType::Array],
            Shape::Guarded(Guarded { of, .. })
            | Shape::BoundedNumber(BoundedNumber { of, .. })
            | Shape::Transparent(of)
            | Shape::Suggestions(Suggestions { of, .. }) => self.json_types(of),
            Shape::Union(union) => {
                let each = union.alternatives.iter();
                each.flat_map(|one| self.json_types(&one.of)).collect()
            }
            Shape::Constants(variants) => {
                let has = |one: &JsonType| variants.iter().any(|it| one.is_type_of(&it.value));
                JsonType::ALL.into_iter().filter(has).collect()
            }
            // It is the caller's.
            Shape::Foreign(_) => JsonType::ALL.to_vec(),
        }
    }
}

fn are_of_other_types(a: &[JsonType], b: &[JsonType]) -> bool {
    a.iter().all(|a| b.iter().all(|b| are_other(*a, *b)))
}

/// Whether no value is of both types.
fn are_other(a: JsonType, b: JsonType) -> bool {
    let is_number = |one| matches!(one, JsonType::Integer | JsonType::Number);
    a != b && !(is_number(a) && is_number(b))
}

/// Whether no string is of both formats.
fn are_other_formats(a: Format, b: Format) -> bool {
    // These have letters and signs in places where the others have not: a date starts with
    // four digits and a hyphen, a time with two and a colon, a duration with a `P`, an
    // address of IPv4 has points alone.
    const OTHERS: [Format; 5] = [
        Format::DateTime,
        Format::Date,
        Format::Time,
        Format::Ipv4,
        Format::Uuid,
    ];
    a != b && OTHERS.contains(&a) && OTHERS.contains(&b)
}

fn required(shape: &Struct) -> impl Iterator<Item = &Field> {
    let is_required = |field: &&Field| field.presence == Presence::Required;
    shape.fields.iter().filter(is_required)
}

/// Whether `a` requires a field that `b` does not allow.
fn requires_more(a: &Struct, b: &Struct) -> bool {
    let has = |name: &str| b.fields.iter().any(|field| field.name == name);
    let is_closed = matches!(b.additional, Additional::Denied);
    is_closed && required(a).any(|field| !has(&field.name))
}
