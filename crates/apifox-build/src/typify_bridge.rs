//! Has typify declare a module's types.
//!
//! typify is the inverse of schemars: from the schema that schemars derives of a Rust
//! type it makes that type again. So it gets every type of a document as schemars would
//! write it, under its name and without rules, and decides how types hold each other:
//! what is an `Option`, what has to be a `Box` because it contains itself, which
//! containers hold what. Rules and documentation are added by the emitter.

use std::collections::HashMap;

use typify::{Type, TypeDetails, TypeEnumVariant, TypeSpace};

use crate::model::{Field, Module, Presence, Shape, TypeId, TypeRef};
use crate::schemars_form::{self, reference};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// How the types of a module are held in each other.
pub(crate) struct Declarations {
    /// By type: its fields, alternatives or items in the model's order, or its only value.
    members: Vec<Vec<RustType>>,
}

/// A type as typify declares it.
#[derive(Debug, PartialEq)]
pub(crate) enum RustType {
    /// A type of the module.
    Declared(TypeId),
    /// A type that exists already, as it is written.
    Existing(String),
    Option(Box<Self>),
    Nullable(Box<Self>),
    Box(Box<Self>),
    Vec(Box<Self>),
    /// A map from strings.
    Map(Box<Self>),
}

impl Declarations {
    /// # Errors
    ///
    /// What typify refuses; the types are written down so that it refuses none.
    pub fn new(module: &Module) -> Result<Self, Diagnostics> {
        declared(module).map_err(|message| {
            let message = format!("typify refuses what was made of the document: {message}");
            let help = "this is a fault of apifox-build: please report it with the document";
            Diagnostic::new(&module.file, "", message, help).into()
        })
    }

    /// The types of a struct's fields, a union's alternatives or a tuple's items, in the
    /// model's order; of any other type, what it wraps.
    pub fn members(&self, id: TypeId) -> &[RustType] {
        &self.members[id.0]
    }
}

fn declared(module: &Module) -> Result<Declarations, String> {
    let mut space = TypeSpace::new(&schemars_form::settings());
    let types = schemars_form::types(module);
    space.add_ref_types(types).map_err(message)?;
    let ids = || (0..module.types.len()).map(TypeId);
    let made: Result<Vec<_>, _> = ids()
        .map(|id| space.add_type(&reference(module, id)))
        .collect();
    let made = made.map_err(message)?;
    let known = made.iter().cloned().zip(ids()).collect();
    let answers = Answers { space, known };
    let types = module.types.iter().zip(&made);
    let members = types.map(|(declared, made)| answers.members(&declared.shape, made));
    Ok(Declarations {
        members: members.collect::<Result<_, _>>()?,
    })
}

fn message(error: typify::Error) -> String {
    error.to_string()
}

/// What typify made of a module's types.
struct Answers {
    space: TypeSpace,
    known: HashMap<typify::TypeId, TypeId>,
}

impl Answers {
    fn members(&self, shape: &Shape, made: &typify::TypeId) -> Result<Vec<RustType>, String> {
        let made = self.space.get_type(made).map_err(message)?;
        match (shape, made.details()) {
            (Shape::Struct(shape), TypeDetails::Struct(made)) => {
                self.fields(&shape.fields, made.properties())
            }
            (Shape::Guarded(_) | Shape::Transparent(_), TypeDetails::Struct(made))
                if wraps_nullable(shape) =>
            {
                made.properties()
                    .map(|(_, value)| Ok(RustType::Nullable(Box::new(self.rust_type(&value)?))))
                    .collect()
            }
            (_, TypeDetails::Enum(made)) => made
                .variants()
                .map(|(_, one)| self.alternative(one))
                .collect(),
            (_, TypeDetails::Newtype(made)) => self.wrapped(&made.inner()),
            // typify makes no wrapper where that has the name of what it wraps.
            _ => Ok(vec![self.structure(&made)?]),
        }
    }

    /// typify sorts fields by name.
    fn fields<'s>(
        &self,
        fields: &[Field],
        made: impl Iterator<Item = (&'s str, typify::TypeId)>,
    ) -> Result<Vec<RustType>, String> {
        let made: HashMap<&str, typify::TypeId> = made.map(|(name, of)| (kept(name), of)).collect();
        let of_field = |field: &Field| match made.get(kept(&field.ident)) {
            Some(made) => Ok(optional(field, self.rust_type(made)?)),
            None => Err(format!("the field {} is missing", field.ident)),
        };
        fields.iter().map(of_field).collect()
    }

    fn alternative(&self, made: TypeEnumVariant<'_>) -> Result<RustType, String> {
        match made {
            TypeEnumVariant::Tuple(types) if types.len() == 1 => self.rust_type(&types[0]),
            _ => Err("an alternative has other than one value".to_owned()),
        }
    }

    fn wrapped(&self, inner: &typify::TypeId) -> Result<Vec<RustType>, String> {
        let made = self.space.get_type(inner).map_err(message)?;
        match made.details() {
            TypeDetails::Tuple(items) => items.map(|item| self.rust_type(&item)).collect(),
            _ => Ok(vec![self.rust_type(inner)?]),
        }
    }

    fn rust_type(&self, made: &typify::TypeId) -> Result<RustType, String> {
        match self.known.get(made) {
            Some(id) => Ok(RustType::Declared(*id)),
            None => self.structure(&self.space.get_type(made).map_err(message)?),
        }
    }

    fn structure(&self, made: &Type<'_>) -> Result<RustType, String> {
        let part = |made| self.rust_type(&made).map(Box::new);
        Ok(match made.details() {
            TypeDetails::Option(made) => RustType::Nullable(part(made)?),
            // typify boxes what contains itself around its `Option`, not within.
            TypeDetails::Box(made) => match self.rust_type(&made)? {
                RustType::Nullable(inner) => RustType::Nullable(Box::new(RustType::Box(inner))),
                inner => RustType::Box(Box::new(inner)),
            },
            TypeDetails::Vec(made) => RustType::Vec(part(made)?),
            TypeDetails::Map(_, made) => match self.rust_type(&made)? {
                RustType::Existing(path) if path == ANY => RustType::Existing(OBJECT.to_owned()),
                value => RustType::Map(Box::new(value)),
            },
            TypeDetails::Builtin(path) => RustType::Existing(path.to_owned()),
            TypeDetails::String => RustType::Existing("String".to_owned()),
            _ => return Err(format!("{} is not a part of a type", made.describe())),
        })
    }
}

fn wraps_nullable(shape: &Shape) -> bool {
    let mut parts = shape.parts().into_iter();
    parts.any(|of| matches!(of, TypeRef::Nullable(_)))
}

/// The type of a field that may be missing: typify makes one `Option` of that and of
/// what may be `null`.
fn optional(field: &Field, made: RustType) -> RustType {
    match (field.presence, made) {
        (Presence::Optional, RustType::Nullable(inner)) => match field.of {
            TypeRef::Nullable(_) => RustType::Option(Box::new(RustType::Nullable(inner))),
            _ => RustType::Option(inner),
        },
        (_, made) => made,
    }
}

/// A field's name as typify keeps it: which names get a `_` because they are keywords
/// differs by `union`.
fn kept(name: &str) -> &str {
    name.trim_end_matches('_')
}

/// What typify calls any value, and the map of such.
const ANY: &str = "::serde_json::Value";
const OBJECT: &str = "::serde_json::Map<String, ::serde_json::Value>";

#[cfg(test)]
mod tests {
    use heck::ToSnakeCase as _;
    use serde_json::{Value, json};
    use unicode_ident::is_xid_continue;

    use super::{Declarations, RustType, kept};
    use crate::model::{Module, TypeId};
    use crate::settings::Settings;
    use crate::{lower, names};

    fn declared(schema: &Value) -> (Module, Declarations) {
        let module =
            lower::schema("a.json", schema, "Root", &Settings::default()).expect("a module");
        let declarations = Declarations::new(&module).expect("declarations");
        (module, declarations)
    }

    fn members<'d>(module: &Module, all: &'d Declarations, name: &str) -> &'d [RustType] {
        let place = module.types.iter().position(|it| it.name == name);
        all.members(TypeId(place.expect("a type")))
    }

    #[test]
    fn only_what_contains_itself_is_boxed() {
        let (module, all) = declared(&json!({
            "type": "object",
            "required": ["leaf"],
            "properties": {
                "node": {"$ref": "#/$defs/Node"},
                "leaf": {"$ref": "#/$defs/Leaf"},
                "more": {"type": "array", "items": {"$ref": "#"}},
            },
            "$defs": {
                "Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}},
                "Leaf": {"type": "object", "properties": {"a": {"type": "string"}}},
            },
        }));
        let of = |name: &str| {
            let place = module.types.iter().position(|it| it.name == name);
            RustType::Declared(TypeId(place.expect("a type")))
        };
        let boxed = |inner| RustType::Option(Box::new(RustType::Box(Box::new(inner))));
        assert_eq!(members(&module, &all, "Node"), [boxed(of("Node"))]);
        let root = members(&module, &all, "Root");
        assert_eq!(root[1], of("Leaf"));
        assert!(
            matches!(root[2], RustType::Option(ref inner) if matches!(**inner, RustType::Vec(_)))
        );
    }

    #[test]
    fn alternatives_with_names_alike_stay_apart() {
        let only = |field: &str| {
            json!({
                "type": "object",
                "required": [field],
                "properties": {field: true},
                "additionalProperties": false,
            })
        };
        let (module, all) = declared(&json!({
            "oneOf": [{"$ref": "#/$defs/URL"}, {"$ref": "#/$defs/Url"}],
            "$defs": {"URL": only("a"), "Url": only("b")},
        }));
        let named = |member: &RustType| match member {
            RustType::Declared(id) => module.get(*id).name.clone(),
            other => format!("{other:?}"),
        };
        let root = members(&module, &all, "Root");
        let names: Vec<String> = root.iter().map(named).collect();
        assert_eq!(names, ["URL", "Url"]);
    }

    #[test]
    fn typify_keeps_the_names_of_fields() {
        // Letters without a case are never changed.
        let changes = |c: &char| c.is_uppercase() || c.is_lowercase() || !c.is_alphanumeric();
        let letters = ('\0'..=char::MAX).filter(|c| is_xid_continue(*c) && changes(c));
        for name in letters.flat_map(|c| [format!("{c}"), format!("A{c}b")]) {
            let name = names::field_name(&name);
            assert_eq!(kept(&name.to_snake_case()), kept(&name), "{name:?}");
        }
    }
}
