//! Lists of types: a value of one of them, and what is said of each.

use super::{Hint, Lowering};
use crate::model::{Alternative, Shape, Union, Use};
use crate::names::Scope;
use crate::schema::{Schema, View};
use apifox_document::schema::JsonType;

/// Lowers one schema: exactly, or loosely.
type Lower<'d> = fn(&mut Lowering<'d>, &Schema<'d>, &Hint) -> Option<Use>;

impl<'d> Lowering<'d> {
    pub(super) fn types(
        &mut self,
        schema: &Schema<'d>,
        types: &[JsonType],
        hint: &Hint,
    ) -> Option<Use> {
        let each = |one: &JsonType| {
            schema.viewed(View {
                only: Some(*one),
                ..View::default()
            })
        };
        let each: Vec<_> = types.iter().map(each).collect();
        self.one_of_types(schema, &each, hint, Self::schema)
    }

    /// A union of what the schema says of each of its types.
    pub(super) fn one_of_types(
        &mut self,
        schema: &Schema<'d>,
        each: &[Schema<'d>],
        hint: &Hint,
        lower: Lower<'d>,
    ) -> Option<Use> {
        let (id, name) = self.reserve_for(schema, hint);
        let mut idents = Scope::default();
        let mut alternatives = Vec::with_capacity(each.len());
        for one in each {
            let label = one.view.only.map_or("Value", label);
            let of = lower(self, one, &Hint::new(&format!("{name}_{label}"), ""))?;
            let ident = idents.claim(&[label.to_owned()]);
            alternatives.push(Alternative { ident, of });
        }
        let shape = Shape::Union(Union {
            exclusive: false,
            alternatives,
        });
        Some(self.fill(id, name, schema.docs(), shape))
    }
}

pub(super) fn label(one: JsonType) -> &'static str {
    match one {
        JsonType::Null => "Null",
        JsonType::Boolean => "Boolean",
        JsonType::Integer => "Integer",
        JsonType::Number => "Number",
        JsonType::String => "String",
        JsonType::Array => "Array",
        JsonType::Object => "Object",
    }
}
