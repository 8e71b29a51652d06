//! Lists of types: a value of one of them, and what is said of each.

use crate::lower::hint::{Hint, label};
use crate::lower::lowering::Lowering;
use crate::lower::schemas::Lower;
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
        let reserved = self.reserve_for(schema, hint);
        let mut idents = Scope::default();
        let mut alternatives = Vec::with_capacity(types.len());
        for one in types {
            let only = schema.viewed(View {
                only: Some(*one),
                ..View::default()
            });
            let name = format!("{}_{}", reserved.1, label(*one));
            let of = lower(self, &only, &Hint::new(&name, ""))?;
            let ident = idents.claim(&[label(*one).to_owned()]);
            alternatives.push(Alternative { ident, of });
        }
        let shape = Shape::Union(Union {
            exclusive: false,
            alternatives,
        });
        Some(self.fill(reserved, schema.docs(), shape))
    }
}
