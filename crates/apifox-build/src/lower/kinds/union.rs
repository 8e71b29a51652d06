//! `anyOf` and `oneOf`: one of several alternatives.
//!
//! They become an enum where no value fits two of them: then it does not matter
//! which one is tried first, and a variant's value can't be another's.

use serde_json::Value;

use super::constants::is_null;
use super::telling;
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
        let exclusive = keyword == "oneOf";
        if let Some(made) = self.listed_alternatives(schema, &children, hint) {
            return Some(made);
        }
        if !exclusive && let Some(made) = self.listed_texts(schema, &children, hint) {
            return Some(made);
        }
        if children.iter().filter(|child| is_null(child)).count() == 1 {
            return self.nullable_union(schema, &children, exclusive, hint);
        }
        let reserved = self.reserve_for(schema, hint);
        let alternatives = self.exact_alternatives(schema, &children, hint, &reserved.1)?;
        let shape = Shape::Union(Union::of(exclusive, alternatives));
        Some(self.fill(reserved, schema.docs(), shape))
    }

    /// A union with `null` among its alternatives.
    fn nullable_union(
        &mut self,
        schema: &Schema<'d>,
        children: &[Schema<'d>],
        exclusive: bool,
        hint: &Hint,
    ) -> Option<TypeRef> {
        let hint = &hint.value();
        let has_many = children.len() > 2;
        let reserved = has_many.then(|| self.reserve(hint));
        let parent = reserved.as_ref().map_or(&hint.parent, |(_, name)| name);
        let mut alternatives = self.exact_alternatives(schema, children, hint, parent)?;
        let null = children.iter().position(is_null)?;
        alternatives.remove(null);
        let value = match reserved {
            None => alternatives.pop()?.of,
            Some(reserved) => {
                let shape = Shape::Union(Union::of(exclusive, alternatives));
                self.fill(reserved, schema.docs(), shape)
            }
        };
        Some(TypeRef::Nullable(Box::new(value)))
    }

    /// The alternatives, if no value fits two of them and they are all that is said.
    fn exact_alternatives(
        &mut self,
        schema: &Schema<'d>,
        children: &[Schema<'d>],
        hint: &Hint,
        parent: &str,
    ) -> Option<Vec<Alternative>> {
        let alternatives = self.alternatives(children, hint, parent)?;
        let is_exact = self.are_all_apart(children, &alternatives)
            && self.is_type_implied(schema, &alternatives);
        is_exact.then_some(alternatives)
    }

    fn alternatives(
        &mut self,
        children: &[Schema<'d>],
        hint: &Hint,
        parent: &str,
    ) -> Option<Vec<Alternative>> {
        let mut idents = Scope::default();
        // The other is `null`.
        let is_only = children.len() == 2 && children.iter().any(is_null);
        let mut alternatives = Vec::with_capacity(children.len());
        for (child, telling) in children.iter().zip(telling::words(children)) {
            let anchor = child.get("$anchor").and_then(Value::as_str);
            let telling = telling.filter(|_| !is_only);
            let own = match (anchor, &telling) {
                (Some(anchor), _) => anchor.to_owned(),
                (None, _) if is_only => hint.name.clone(),
                (None, Some(telling)) => hint.part(telling).name,
                (None, None) => hint.part(word(child)).name,
            };
            let of = self.schema(child, &Hint::new(&own, parent))?;
            let ident = idents.claim(&[self.label(anchor.or(telling.as_deref()), &of)]);
            alternatives.push(Alternative { ident, of });
        }
        Some(alternatives)
    }

    /// What an alternative is called: by its own word, its type's name or its kind.
    fn label(&self, word: Option<&str>, of: &TypeRef) -> String {
        match (word, of) {
            (Some(word), _) => names::alternative_name(word),
            (None, TypeRef::Declared(id)) => match self.types.get(*id) {
                Some(declared) => declared.name.clone(),
                None => "Value".into(),
            },
            (None, TypeRef::Nullable(of)) => self.label(None, of),
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
