//! `anyOf` and `oneOf`: one of several alternatives.
//!
//! They become an enum where no value fits two of them: then it does not matter
//! which one is tried first, and a variant's value can't be another's.

use serde_json::Value;

use crate::lower::hint::{Hint, label};
use crate::lower::lowering::Lowering;
use crate::model::{Alternative, Shape, TypeRef, Union};
use crate::names::{self, Scope};
use crate::schema::Schema;
use apifox_document::schema::JsonType;

impl<'d> Lowering<'d> {
    /// `None` when a value could fit more than one alternative, or when the
    /// `type` beside them restricts one.
    pub fn union(
        &mut self,
        schema: &Schema<'d>,
        keyword: &'static str,
        hint: &Hint,
    ) -> Option<TypeRef> {
        let children = schema.children(keyword);
        if let ([only], false) = (&children[..], schema.has("type")) {
            return self.schema(only, hint);
        }
        let reserved = self.reserve_for(schema, hint);
        let alternatives = self.alternatives(&children, hint, &reserved.1)?;
        let is_exact = self.are_all_apart(&children, &alternatives)
            && self.is_type_implied(schema, &alternatives);
        if !is_exact {
            return None;
        }
        let shape = Shape::Union(Union {
            exclusive: keyword == "oneOf",
            alternatives,
        });
        Some(self.fill(reserved, schema.docs(), shape))
    }

    fn alternatives(
        &mut self,
        children: &[Schema<'d>],
        hint: &Hint,
        parent: &str,
    ) -> Option<Vec<Alternative>> {
        let mut idents = Scope::default();
        let mut alternatives = Vec::with_capacity(children.len());
        for child in children {
            let anchor = child.get("$anchor").and_then(Value::as_str);
            let own = anchor.map_or_else(|| hint.part(word(child)).name, str::to_owned);
            let of = self.schema(child, &Hint::new(&own, parent))?;
            let ident = idents.claim(&[self.label(anchor, &of)]);
            alternatives.push(Alternative { ident, of });
        }
        Some(alternatives)
    }

    /// What an alternative is called: by its anchor, its type's name or its kind.
    fn label(&self, anchor: Option<&str>, of: &TypeRef) -> String {
        match (anchor, of) {
            (Some(anchor), _) => names::type_name(anchor),
            (None, TypeRef::Declared(id)) => match self.types.get(*id) {
                Some(declared) => declared.name.clone(),
                None => "Value".into(),
            },
            (None, of) => match self.json_types(of)[..] {
                [one] => label(one).into(),
                _ => "Any".into(),
            },
        }
    }

    /// Whether a `type` beside the alternatives restricts none of them.
    fn is_type_implied(&self, schema: &Schema<'d>, alternatives: &[Alternative]) -> bool {
        let types = schema.types();
        let is_named = |one: &JsonType| {
            types.contains(one) || *one == JsonType::Integer && types.contains(&JsonType::Number)
        };
        let mut all = alternatives.iter().flat_map(|one| self.json_types(&one.of));
        all.all(|one| is_named(&one))
    }
}

/// What an alternative without a name is, in a word.
fn word(schema: &Schema<'_>) -> &'static str {
    match schema.types()[..] {
        [one] => label(one),
        _ => "value",
    }
}
