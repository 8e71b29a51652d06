//! From one schema to a type: one that says all of it or, where there is none, one that
//! says most of it and is guarded by the schema itself.

use serde_json::Value;

use super::hint::Hint;
use super::lowering::{Lowering, is_whole};
use super::type_table::VisitState;
use crate::annotate::given_names::KEYWORD;
use crate::kind::Kind;
use crate::model::{Shape, TypeRef};
use crate::named_places::type_for;
use crate::names::is_free;
use crate::schema::{Schema, View};
use apifox_document::schema::JsonType;

/// How deeply types may lie in each other: rustc gives up on what lies much deeper.
const DEEPEST: usize = 40;

impl<'d> Lowering<'d> {
    /// Lowers one schema. `None` only for one that was merged from others and
    /// that no type says exactly: it stands nowhere, so it can't be guarded.
    pub fn schema(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        if !is_whole(schema) {
            return self.unvisited(schema, hint);
        }
        let pointer = &schema.pointer;
        match self.types.visit(pointer).cloned() {
            Some(VisitState::Done(made)) => return Some(made),
            // It contains itself, so it needs a name.
            Some(VisitState::Open(hint, _)) => {
                return Some(TypeRef::Declared(self.reserve_for(schema, &hint).0));
            }
            None => {}
        }
        let given = schema.get(KEYWORD).and_then(Value::as_str);
        let given = given.filter(|name| is_free(name)).map(Hint::given);
        let hint = given.as_ref().unwrap_or(hint);
        let open = VisitState::Open(hint.clone(), None);
        self.types.set_visit(pointer, open);
        let made = match type_for(self.source.replaced, pointer) {
            Some(path) => self.declare(schema, hint, Shape::Foreign(path.to_owned())),
            None => self.unvisited(schema, hint)?,
        };
        let made = self.with_reserved(schema, made);
        // A name means a type, whatever equals it.
        if let (Some(_), Some(id)) = (&hint.given, made.id()) {
            self.types.add_model(id);
        }
        self.types
            .set_visit(pointer, VisitState::Done(made.clone()));
        Some(made)
    }

    /// Fills the type that was reserved for this schema while it was lowered, where a part
    /// of it refers back to it.
    fn with_reserved(&mut self, schema: &Schema<'d>, made: TypeRef) -> TypeRef {
        let reserved = match self.types.visit(&schema.pointer) {
            Some(VisitState::Open(_, Some(reserved))) => reserved.clone(),
            _ => return made,
        };
        if made == TypeRef::Declared(reserved.0) {
            return made;
        }
        let shape = match made {
            // The type within says all but `null`, and so is another than this.
            TypeRef::Nullable(_) => Shape::Transparent(made),
            made => self.guard(schema, made, false),
        };
        self.fill(reserved, schema.docs(), shape)
    }

    /// Lowers a schema that was not visited yet, or of which not all is looked at.
    pub fn unvisited(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        self.progress.depth += 1;
        let made = match self.progress.depth > DEEPEST {
            true => self.guarded(schema, hint, Self::any_value),
            false => self.typed(schema, hint),
        };
        self.progress.depth -= 1;
        made
    }

    fn typed(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let (kind, is_enforced) = schema.classify();
        let is_known = is_whole(schema) && self.progress.inexact.contains(&schema.pointer);
        // What `$dynamicRef` means depends on the way to it, which a type forgets.
        let has_dynamic = self.base.references.has_dynamic();
        if is_enforced && !has_dynamic && !is_known {
            let made = self.attempt(|child| child.exactly(&kind, schema, hint));
            if made.is_some() {
                return made;
            }
        }
        // Those around it may start over: this is not tried again then.
        if is_whole(schema) {
            self.progress.inexact.insert(schema.pointer.clone());
        }
        match has_dynamic {
            true => self.guarded(schema, hint, Self::any_value),
            false => self.guarded(schema, hint, Self::loosely),
        }
    }

    /// The type that says all of a schema of this kind, if there is one.
    fn exactly(&mut self, kind: &Kind<'d>, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        match kind {
            Kind::Any => Some(TypeRef::Any),
            Kind::Reference(target) => self.reference(schema, target),
            Kind::Conjunction => self.conjunction(schema, hint),
            Kind::Constants => self.constants(schema, hint),
            Kind::AnyOf => self.union(schema, "anyOf", hint),
            Kind::OneOf => self.union(schema, "oneOf", hint),
            Kind::Types(types) => self.types(schema, types, hint, Self::schema),
            Kind::Size => self.size(schema, hint),
            Kind::Type(one) => self.of_type(*one, schema, hint),
            Kind::Opaque => None,
        }
    }

    fn of_type(&mut self, one: JsonType, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        match one {
            JsonType::Null => Some(TypeRef::Null),
            JsonType::Boolean => Some(TypeRef::Boolean),
            JsonType::Number => self.number(schema, hint),
            JsonType::Integer => {
                let made = self.integer(schema, hint)?;
                Some(self.suggestions(schema, made, hint))
            }
            JsonType::String => {
                let made = self.text(schema, hint);
                Some(self.suggestions(schema, made, hint))
            }
            JsonType::Array => self.array(schema, hint),
            JsonType::Object => self.object(schema, hint),
        }
    }

    /// What `lower` makes of a schema's parts, guarded with all of it.
    fn guarded(&mut self, schema: &Schema<'d>, hint: &Hint, lower: Lower<'d>) -> Option<TypeRef> {
        if schema.view.merged {
            return None;
        }
        let reserved = self.reserve_for(schema, hint);
        let weakened = schema.viewed(View {
            weakened: true,
            ..View::default()
        });
        let made = lower(self, &weakened, &hint.part("value"))?;
        let cross_field_only = made != TypeRef::Any && weakened.enforces_parts();
        let shape = self.guard(schema, made, cross_field_only);
        Some(self.fill(reserved, schema.docs(), shape))
    }

    fn any_value(&mut self, _: &Schema<'d>, _: &Hint) -> Option<TypeRef> {
        Some(TypeRef::Any)
    }

    /// A type that accepts at least what a schema accepts.
    fn loosely(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let (kind, _) = schema.classify();
        match kind {
            Kind::Types(types) => self.types(schema, &types, hint, Self::loosely),
            Kind::Type(JsonType::Null) => Some(TypeRef::Null),
            Kind::Type(JsonType::Number) => Some(TypeRef::Number),
            Kind::Type(JsonType::Integer) => Some(TypeRef::Integer),
            Kind::Type(JsonType::String) | Kind::Size => Some(TypeRef::Text),
            Kind::Type(JsonType::Array) => self.loose_array(schema, hint),
            Kind::Type(JsonType::Object) => self.loose_object(schema, hint),
            Kind::Type(JsonType::Boolean) | Kind::Constants => Some(TypeRef::Boolean),
            _ => Some(scalar_alternatives(schema).unwrap_or(TypeRef::Any)),
        }
    }
}

/// The type of all alternatives of a schema, where that is one of texts or numbers.
fn scalar_alternatives(schema: &Schema<'_>) -> Option<TypeRef> {
    let alternatives = [schema.children("anyOf"), schema.children("oneOf")].concat();
    let first = alternatives.first()?.types();
    let is_same = |one: &Schema<'_>| one.names_a_type() && one.types() == first;
    match first[..] {
        _ if !alternatives.iter().all(is_same) => None,
        [JsonType::String] => Some(TypeRef::Text),
        [JsonType::Integer] => Some(TypeRef::Integer),
        [JsonType::Number] => Some(TypeRef::Number),
        _ => None,
    }
}

/// Lowers one schema: exactly, or loosely.
pub(super) type Lower<'d> = fn(&mut Lowering<'d>, &Schema<'d>, &Hint) -> Option<TypeRef>;
