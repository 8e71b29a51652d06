//! `anyOf` and `oneOf`: one of several alternatives.
//!
//! They become an enum where no value fits two of them: then it does not matter
//! which one is tried first, and a variant's value can't be another's.

use super::types::label;
use super::{Hint, Lowering};
use crate::model::{
    Additional, Alternative, Bounded, Guarded, Presence, Shape, Struct, Suggestions, Union, Use,
    Variant,
};
use crate::names::{self, Scope};
use crate::schema::Schema;
use apifox_document::schema::JsonType;

impl<'d> Lowering<'d> {
    /// `None` when a value could fit more than one alternative, or when the
    /// `type` beside them restricts one.
    pub(super) fn union(
        &mut self,
        schema: &Schema<'d>,
        keyword: &'static str,
        hint: &Hint,
    ) -> Option<Use> {
        let children = schema.children(keyword);
        if let ([only], false) = (&children[..], schema.has("type")) {
            return self.schema(only, hint);
        }
        let (id, name) = self.reserve_for(schema, hint);
        let mut idents = Scope::default();
        let mut alternatives = Vec::with_capacity(children.len());
        for child in &children {
            let anchor = child.get("$anchor").and_then(serde_json::Value::as_str);
            let own = anchor.map_or_else(|| hint.part(word(child)).name, str::to_owned);
            let of = self.schema(child, &Hint::new(&own, &name))?;
            let ident = idents.claim(&[self.label(anchor, &of)]);
            alternatives.push(Alternative { ident, of });
        }
        let is_exact =
            self.all_apart(&children, &alternatives) && self.implied(schema, &alternatives);
        if !is_exact {
            return None;
        }
        let shape = Shape::Union(Union {
            exclusive: keyword == "oneOf",
            alternatives,
        });
        Some(self.fill(id, name, schema.docs(), shape))
    }

    /// What an alternative is called: by its anchor, its type's name or its kind.
    fn label(&self, anchor: Option<&str>, of: &Use) -> String {
        match (anchor, of) {
            (Some(anchor), _) => names::type_name(anchor),
            (None, Use::Declared(id)) => match &self.types[id.0] {
                Some(declared) => declared.name.clone(),
                None => "Value".into(),
            },
            (None, of) => match self.json_types(of)[..] {
                [one] => label(one).into(),
                _ => "Any".into(),
            },
        }
    }

    /// That no value fits two alternatives.
    fn all_apart(&self, children: &[Schema<'d>], alternatives: &[Alternative]) -> bool {
        let each: Vec<_> = children.iter().zip(alternatives).collect();
        each.iter().enumerate().all(|(at, (a, a_of))| {
            each[..at].iter().all(|(b, b_of)| {
                self.are_apart(&a_of.of, &b_of.of, 0)
                    || self.refuses_all(a, &b_of.of)
                    || self.refuses_all(b, &a_of.of)
            })
        })
    }

    /// Whether a schema refuses every value of a type that has only a few.
    fn refuses_all(&self, schema: &Schema<'d>, of: &Use) -> bool {
        let Some(variants) = self.as_constants(of) else {
            return false;
        };
        let checker = self.checker(schema);
        checker.is_some_and(|it| variants.iter().all(|variant| !it.accepts(&variant.value)))
    }

    fn are_apart(&self, a: &Use, b: &Use, depth: usize) -> bool {
        let (a_types, b_types) = (self.json_types(a), self.json_types(b));
        if a_types
            .iter()
            .all(|a| b_types.iter().all(|b| are_other(*a, *b)))
        {
            return true;
        }
        if let (Some(a), Some(b)) = (self.as_constants(a), self.as_constants(b)) {
            return a.iter().all(|a| b.iter().all(|b| a.value != b.value));
        }
        match (self.as_struct(a), self.as_struct(b)) {
            // Fields of fields of fields are rarely what tells two structs apart.
            (Some(a), Some(b)) if depth < 3 => {
                requires_more(a, b) || requires_more(b, a) || self.are_tagged(a, b, depth)
            }
            _ => false,
        }
    }

    /// Whether both require a field whose values tell them apart.
    fn are_tagged(&self, a: &Struct, b: &Struct, depth: usize) -> bool {
        let required = |field: &&crate::model::Field| field.presence == Presence::Required;
        a.fields.iter().filter(required).any(|field| {
            let other = b.fields.iter().filter(required);
            let mut other = other.filter(|other| other.name == field.name);
            other.any(|other| self.are_apart(&field.of, &other.of, depth + 1))
        })
    }

    fn shape(&self, of: &Use) -> Option<&Shape> {
        match of {
            Use::Declared(id) => self.types[id.0].as_ref().map(|it| &it.shape),
            _ => None,
        }
    }

    pub(super) fn as_struct(&self, of: &Use) -> Option<&Struct> {
        match self.shape(of)? {
            Shape::Struct(it) => Some(it),
            Shape::Guarded(guarded) => self.as_struct(&guarded.of),
            _ => None,
        }
    }

    fn as_constants(&self, of: &Use) -> Option<&[Variant]> {
        match self.shape(of)? {
            Shape::Constants(variants) => Some(variants),
            _ => None,
        }
    }

    /// That a `type` beside the alternatives restricts none of them.
    fn implied(&self, schema: &Schema<'d>, alternatives: &[Alternative]) -> bool {
        let types = schema.types();
        let is_named = |of: &JsonType| {
            types.contains(of) || *of == JsonType::Integer && types.contains(&JsonType::Number)
        };
        alternatives
            .iter()
            .all(|it| self.json_types(&it.of).iter().all(is_named))
    }

    /// The types of JSON that the values of a type have.
    fn json_types(&self, of: &Use) -> Vec<JsonType> {
        match of {
            Use::Null => vec![JsonType::Null],
            Use::Boolean => vec![JsonType::Boolean],
            Use::Integer => vec![JsonType::Integer],
            Use::Number => vec![JsonType::Number],
            Use::Text | Use::File => vec![JsonType::String],
            Use::Object | Use::Map(_) => vec![JsonType::Object],
            Use::Array(_) => vec![JsonType::Array],
            Use::Any => JsonType::ALL.to_vec(),
            Use::Declared(_) => match self.shape(of) {
                Some(Shape::Struct(_)) => vec![JsonType::Object],
                Some(Shape::Whole(_)) => vec![JsonType::Integer],
                Some(Shape::Text(_) | Shape::Size(_)) => vec![JsonType::String],
                Some(Shape::Items(_) | Shape::Tuple(_)) => vec![JsonType::Array],
                Some(
                    Shape::Guarded(Guarded { of, .. })
                    | Shape::Bounded(Bounded { of, .. })
                    | Shape::Transparent(of)
                    | Shape::Suggestions(Suggestions { of, .. }),
                ) => self.json_types(of),
                Some(Shape::Union(union)) => {
                    let each = union.alternatives.iter();
                    each.flat_map(|it| self.json_types(&it.of)).collect()
                }
                Some(Shape::Constants(variants)) => {
                    let of = |one: &JsonType| variants.iter().any(|it| one.is_type_of(&it.value));
                    JsonType::ALL.into_iter().filter(of).collect()
                }
                // It is not known: it contains the type that is being made, or is the
                // caller's.
                Some(Shape::Foreign(_)) | None => JsonType::ALL.to_vec(),
            },
        }
    }
}

/// What an alternative without a name is, in a word.
fn word(schema: &Schema<'_>) -> &'static str {
    match schema.types()[..] {
        [one] => label(one),
        _ => "value",
    }
}

/// Whether no value is of both types.
fn are_other(a: JsonType, b: JsonType) -> bool {
    let is_number = |it| matches!(it, JsonType::Integer | JsonType::Number);
    a != b && !(is_number(a) && is_number(b))
}

/// Whether `a` requires a field that `b` does not allow.
fn requires_more(a: &Struct, b: &Struct) -> bool {
    let is_closed = matches!(b.additional, Additional::Denied);
    is_closed
        && a.fields.iter().any(|field| {
            field.presence == Presence::Required
                && b.fields.iter().all(|other| other.name != field.name)
        })
}
