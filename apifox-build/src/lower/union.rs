//! `anyOf`, `oneOf` and lists of types: one of several alternatives.

use super::{Hint, Lowering};
use crate::model::{Additional, Alternative, Presence, Shape, Struct, Union, Use};
use crate::names::{self, Scope};
use crate::schema::{Fault, JsonType, Schema};

impl<'d> Lowering<'d> {
    pub(super) fn union(
        &mut self,
        schema: &Schema<'d>,
        keyword: &'static str,
        hint: &Hint,
    ) -> Option<Use> {
        let (id, name) = self.reserve(hint);
        let mut idents = Scope::default();
        let mut alternatives = Some(Vec::new());
        let children = schema.children(keyword);
        for child in &children {
            let label = child.get("$anchor").and_then(serde_json::Value::as_str);
            let of = self.schema(child, &Hint::new(label.unwrap_or(&hint.name), &name));
            match (&mut alternatives, of) {
                (Some(alternatives), Some(of)) => {
                    let ident = idents.claim(&[self.label(label, &of)]);
                    alternatives.push(Alternative { ident, of });
                }
                _ => alternatives = None,
            }
        }
        let alternatives = alternatives?;
        let faults = [
            self.distinct(keyword, &alternatives),
            self.implied(schema, keyword, &alternatives),
        ];
        for fault in faults {
            self.heard(schema, fault)?;
        }
        let shape = Shape::Union(Union {
            exclusive: keyword == "oneOf",
            alternatives,
        });
        Some(self.fill(id, name, schema.docs(), shape))
    }

    /// A `type` that lists several types.
    pub(super) fn types(
        &mut self,
        schema: &Schema<'d>,
        types: &[JsonType],
        hint: &Hint,
    ) -> Option<Use> {
        let mut idents = Scope::default();
        let has_number = types.contains(&JsonType::Number);
        let alternatives = types
            .iter()
            // Every integer is a number.
            .filter(|one| !(has_number && **one == JsonType::Integer))
            .map(|one| match one {
                JsonType::Null => Use::Null,
                JsonType::Boolean => Use::Boolean,
                JsonType::Integer => Use::Integer,
                JsonType::Number => Use::Number,
                JsonType::String => Use::Text,
                JsonType::Array => Use::Array(Box::new(Use::Any)),
                JsonType::Object => Use::Object,
            })
            .map(|of| Alternative {
                ident: idents.claim(&[self.label(None, &of)]),
                of,
            })
            .collect();
        let shape = Shape::Union(Union {
            exclusive: false,
            alternatives,
        });
        Some(self.declare(schema, hint, shape))
    }

    /// What an alternative is called: by its anchor, its type's name or its kind.
    fn label(&self, anchor: Option<&str>, of: &Use) -> String {
        match (anchor, of) {
            (Some(anchor), _) => names::type_name(anchor),
            (None, Use::Declared(id)) => match &self.types[id.0] {
                Some(declared) => declared.name.clone(),
                None => "Value".into(),
            },
            (None, Use::Null) => "Null".into(),
            (None, Use::Boolean) => "Boolean".into(),
            (None, Use::Integer) => "Integer".into(),
            (None, Use::Number) => "Number".into(),
            (None, Use::Text) => "String".into(),
            (None, Use::Any) => "Any".into(),
            (None, Use::Object | Use::Map(_)) => "Object".into(),
            (None, Use::Array(_)) => "Array".into(),
        }
    }

    /// That `oneOf` can be told by any one alternative: no value fits two.
    fn distinct(&self, keyword: &str, alternatives: &[Alternative]) -> Result<(), Fault> {
        let overlap = || {
            Fault::new(
                keyword,
                "a value could fit more than one of the alternatives",
            )
            .remedy("tell them apart by type, or close both and require different properties")
        };
        if keyword == "anyOf" {
            return Ok(());
        }
        let apart = |a: &Alternative, b: &Alternative| self.are_apart(&a.of, &b.of);
        let mut pairs = alternatives
            .iter()
            .enumerate()
            .flat_map(|(at, a)| alternatives[..at].iter().map(move |b| (a, b)));
        if pairs.all(|(a, b)| apart(a, b)) {
            return Ok(());
        }
        Err(overlap())
    }

    fn are_apart(&self, a: &Use, b: &Use) -> bool {
        let (Some(a_type), Some(b_type)) = (self.json_type(a), self.json_type(b)) else {
            return false;
        };
        let both_numbers = [a_type, b_type]
            .iter()
            .all(|it| matches!(it, JsonType::Integer | JsonType::Number));
        if a_type != b_type && !both_numbers {
            return true;
        }
        match (self.as_struct(a), self.as_struct(b)) {
            (Some(a), Some(b)) => requires_more(a, b) || requires_more(b, a),
            _ => false,
        }
    }

    fn as_struct(&self, of: &Use) -> Option<&Struct> {
        match of {
            Use::Declared(id) => match &self.types[id.0].as_ref()?.shape {
                Shape::Struct(it) => Some(it),
                _ => None,
            },
            _ => None,
        }
    }

    /// That a `type` beside the alternatives restricts none of them.
    fn implied(
        &self,
        schema: &Schema<'d>,
        keyword: &str,
        alternatives: &[Alternative],
    ) -> Result<(), Fault> {
        let types = schema.types()?;
        let fits = |it: &Alternative| {
            let of = self.json_type(&it.of);
            of.is_some_and(|of| {
                types.contains(&of) || of == JsonType::Integer && types.contains(&JsonType::Number)
            })
        };
        if types.is_empty() || alternatives.iter().all(fits) {
            return Ok(());
        }
        Err(
            Fault::new(keyword, "an alternative is not of the `type` beside it")
                .remedy("give every alternative a `type` of its own"),
        )
    }

    /// The one type of JSON that every value of a type has.
    fn json_type(&self, of: &Use) -> Option<JsonType> {
        Some(match of {
            Use::Null => JsonType::Null,
            Use::Boolean => JsonType::Boolean,
            Use::Integer => JsonType::Integer,
            Use::Number => JsonType::Number,
            Use::Text => JsonType::String,
            Use::Object | Use::Map(_) => JsonType::Object,
            Use::Array(_) => JsonType::Array,
            Use::Any => return None,
            Use::Declared(id) => match &self.types[id.0].as_ref()?.shape {
                Shape::Struct(_) => JsonType::Object,
                Shape::Whole(_) => JsonType::Integer,
                Shape::Text(_) | Shape::Size(_) => JsonType::String,
                Shape::Items(_) => JsonType::Array,
                Shape::Constants(variants) => {
                    let all = |one: JsonType| {
                        variants
                            .iter()
                            .all(|it| one.is_type_of(&it.value))
                            .then_some(one)
                    };
                    return all(JsonType::String)
                        .or_else(|| all(JsonType::Integer))
                        .or_else(|| all(JsonType::Boolean))
                        .or_else(|| all(JsonType::Null));
                }
                Shape::Union(_) => return None,
            },
        })
    }
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
