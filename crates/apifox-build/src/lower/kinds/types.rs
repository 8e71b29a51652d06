//! Lists of types: a value of one of them, and what is said of each.

use crate::lower::hint::{Hint, label};
use crate::lower::lowering::Lowering;
use crate::lower::schemas::Lower;
use crate::lower::type_table::Reserved;
use crate::model::{Alternative, Shape, TypeRef, Union};
use crate::names::Scope;
use crate::schema::{Schema, View};
use apifox_document::schema::JsonType;

impl<'d> Lowering<'d> {
    /// A union of what `lower` makes of the schema for each of its types.
    pub fn types(
        &mut self,
        schema: &Schema<'d>,
        types: &[JsonType],
        hint: &Hint,
        lower: Lower<'d>,
    ) -> Option<TypeRef> {
        let others = types.iter().copied().filter(|one| *one != JsonType::Null);
        let others: Vec<JsonType> = others.collect();
        if others.is_empty() || others.len() == types.len() {
            let reserved = self.reserve_for(schema, hint);
            return self.union_of_types(schema, types, reserved, lower);
        }
        let value = match others[..] {
            [one] => lower(self, &only(schema, one), &hint.value())?,
            _ => {
                let reserved = self.reserve(&hint.value());
                self.union_of_types(schema, &others, reserved, lower)?
            }
        };
        Some(TypeRef::Nullable(Box::new(value)))
    }

    fn union_of_types(
        &mut self,
        schema: &Schema<'d>,
        types: &[JsonType],
        reserved: Reserved,
        lower: Lower<'d>,
    ) -> Option<TypeRef> {
        let mut idents = Scope::default();
        let mut alternatives = Vec::with_capacity(types.len());
        for one in types {
            let name = format!("{}_{}", reserved.1, label(*one));
            let of = lower(self, &only(schema, *one), &Hint::new(&name, ""))?;
            let ident = idents.claim(&[label(*one).to_owned()]);
            alternatives.push(Alternative { ident, of });
        }
        let shape = Shape::Union(Union::of(false, alternatives));
        Some(self.fill(reserved, schema.docs(), shape))
    }
}

/// What a schema says of one type.
fn only<'d>(schema: &Schema<'d>, one: JsonType) -> Schema<'d> {
    schema.viewed(View {
        only: Some(one),
        ..View::default()
    })
}
