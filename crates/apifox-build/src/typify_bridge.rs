//! Has typify declare a module's types.
//!
//! typify is the inverse of schemars: from the schema that schemars derives of a Rust
//! type it makes that type again. So every type of the model is written down as schemars
//! would, under its name and without rules, and typify decides how the types are held in
//! each other: what is an `Option`, what has to be a `Box` because it contains itself,
//! which containers hold what. Rules and documentation are the emitter's.

use std::collections::{HashMap, HashSet};

use heck::ToUpperCamelCase as _;
use schemars::schema::{
    ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SubschemaValidation,
};
use typify::{Type, TypeDetails, TypeEnumVariant, TypeSpace, TypeSpaceSettings};

use crate::model::{
    Alternative, Field, Module, ModuleScope, Presence, Shape, TypeId, TypeRef, Union,
};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// How the types of a module are held in each other.
pub(crate) struct Declarations {
    /// By type: its fields, alternatives or items in the model's order, or its only value.
    members: Vec<Vec<RustType>>,
}

/// A type as typify declares it.
#[derive(Debug)]
pub(crate) enum RustType {
    /// A type of the module.
    Declared(TypeId),
    /// A type that exists already, as it is written.
    Existing(String),
    Option(Box<Self>),
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
            let problem = Diagnostic {
                file: module.file.clone(),
                location: None,
                pointer: String::new(),
                keyword: None,
                message: format!("typify refuses what was made of the document: {message}"),
                help: "this is a fault of apifox-build: please report it with the document".into(),
            };
            problem.into()
        })
    }

    /// The types of a struct's fields, a union's alternatives or a tuple's items, in the
    /// model's order; of any other type, what it wraps.
    pub fn members(&self, id: TypeId) -> &[RustType] {
        &self.members[id.0]
    }
}

fn declared(module: &Module) -> Result<Declarations, String> {
    let mut space = TypeSpace::new(&settings());
    let named = ids(module).map(|id| (name(module, id), schema(module, &module.get(id).shape)));
    space.add_ref_types(named).map_err(in_words)?;
    let made: Result<Vec<_>, _> = ids(module)
        .map(|id| space.add_type(&reference(module, id)))
        .collect();
    let made = made.map_err(in_words)?;
    let known = made.iter().cloned().zip(ids(module)).collect();
    let answers = Answers { space, known };
    let members = ids(module).zip(&made).map(|(id, made)| {
        let made = answers.space.get_type(made).map_err(in_words)?;
        answers.members(&module.get(id).shape, &made)
    });
    let members: Result<_, String> = members.collect();
    Ok(Declarations { members: members? })
}

fn ids(module: &Module) -> impl Iterator<Item = TypeId> + use<> {
    (0..module.types.len()).map(TypeId)
}

fn in_words(error: typify::Error) -> String {
    error.to_string()
}

/// What typify made of a module's types.
struct Answers {
    space: TypeSpace,
    known: HashMap<typify::TypeId, TypeId>,
}

impl Answers {
    fn members(&self, shape: &Shape, made: &Type<'_>) -> Result<Vec<RustType>, String> {
        match (shape, made.details()) {
            (Shape::Struct(shape), TypeDetails::Struct(made)) => {
                let made: HashMap<_, _> =
                    made.properties().map(|(it, of)| (kept(it), of)).collect();
                let of_field = |field: &Field| match made.get(kept(&field.ident)) {
                    Some(made) => self.rust_type(made),
                    None => Err(format!("the field {} is missing", field.ident)),
                };
                shape.fields.iter().map(of_field).collect()
            }
            (_, TypeDetails::Enum(made)) => made
                .variants()
                .map(|(_, it)| self.alternative(it))
                .collect(),
            (_, TypeDetails::Newtype(made)) => self.wrapped(&made.inner()),
            // typify leaves out a wrapper that has the name of what it wraps.
            _ => Ok(vec![self.structure(made)?]),
        }
    }

    fn alternative(&self, made: TypeEnumVariant<'_>) -> Result<RustType, String> {
        match made {
            TypeEnumVariant::Tuple(types) if types.len() == 1 => self.rust_type(&types[0]),
            _ => Err("an alternative has other than one value".to_owned()),
        }
    }

    fn wrapped(&self, inner: &typify::TypeId) -> Result<Vec<RustType>, String> {
        let made = self.space.get_type(inner).map_err(in_words)?;
        match made.details() {
            TypeDetails::Tuple(items) => items.map(|it| self.rust_type(&it)).collect(),
            _ => Ok(vec![self.rust_type(inner)?]),
        }
    }

    fn rust_type(&self, made: &typify::TypeId) -> Result<RustType, String> {
        match self.known.get(made) {
            Some(id) => Ok(RustType::Declared(*id)),
            None => self.structure(&self.space.get_type(made).map_err(in_words)?),
        }
    }

    fn structure(&self, made: &Type<'_>) -> Result<RustType, String> {
        let part = |made| self.rust_type(&made).map(Box::new);
        Ok(match made.details() {
            TypeDetails::Option(made) => RustType::Option(part(made)?),
            // typify boxes what contains itself around its `Option`, not within.
            TypeDetails::Box(made) => match self.rust_type(&made)? {
                RustType::Option(inner) => RustType::Option(Box::new(RustType::Box(inner))),
                inner => RustType::Box(Box::new(inner)),
            },
            TypeDetails::Vec(made) => RustType::Vec(part(made)?),
            TypeDetails::Map(_, made) => match self.rust_type(&made)? {
                RustType::Existing(path) if path == ANY => RustType::Existing(OBJECT.to_owned()),
                value => RustType::Map(Box::new(value)),
            },
            TypeDetails::Builtin(path) => RustType::Existing(path.to_owned()),
            TypeDetails::String => RustType::Existing("String".to_owned()),
            _ => return Err(format!("it makes {} of a part", made.describe())),
        })
    }
}

/// The names of built-in types that values are said to have by `format`.
const EXISTING: [&str; 5] = [NULL, INTEGER, NUMBER, FILE, DIMENSIONS];
/// What typify calls any value, and the map of such.
const ANY: &str = "::serde_json::Value";
const OBJECT: &str = "::serde_json::Map<String, ::serde_json::Value>";
const NULL: &str = "rt::Null";
const INTEGER: &str = "rt::Integer";
const NUMBER: &str = "::serde_json::Number";
const FILE: &str = "rt::File";
const DIMENSIONS: &str = "rt::Dimensions";

fn settings() -> TypeSpaceSettings {
    let mut settings = TypeSpaceSettings::default();
    for path in EXISTING {
        settings.with_conversion(existing(path), path, std::iter::empty());
    }
    settings
}

/// The path of a type from the document's module.
fn name(module: &Module, id: TypeId) -> String {
    module.path_to(id, ModuleScope::Document).to_string()
}

/// What typify leaves of a field's name: it knows other keywords.
fn kept(name: &str) -> &str {
    name.trim_end_matches('_')
}

/// A type as schemars writes it.
fn schema(module: &Module, shape: &Shape) -> Schema {
    match shape {
        Shape::Struct(it) => closed(it.fields.iter().map(|it| field(module, it))),
        Shape::Union(union) => one_of(alternatives(module, union)),
        Shape::Tuple(items) => tuple(items.iter().map(|it| of(module, it)).collect()),
        Shape::Items(items) => array(of(module, &items.of)),
        Shape::Guarded(guarded) => of(module, &guarded.of),
        Shape::Suggestions(known) => of(module, &known.of),
        Shape::BoundedNumber(bounded) => of(module, &bounded.of),
        Shape::Transparent(inner) => of(module, inner),
        Shape::BoundedInt(_) => SchemaObject {
            format: Some("int64".to_owned()),
            ..typed(InstanceType::Integer)
        }
        .into(),
        Shape::Size(_) => existing(DIMENSIONS).into(),
        // These hold nothing that typify could have a say in.
        Shape::Text(_) | Shape::Constants(_) => typed(InstanceType::String).into(),
        Shape::Foreign(_) => Schema::Bool(true),
    }
}

fn field(module: &Module, field: &Field) -> (String, bool, Schema) {
    let schema = of(module, &field.of);
    match field.presence {
        Presence::Optional => (field.ident.clone(), false, optional(schema)),
        Presence::Required | Presence::OrEmpty => (field.ident.clone(), true, schema),
    }
}

fn alternatives(module: &Module, union: &Union) -> Vec<Schema> {
    let idents = union.alternatives.iter().map(|it| &*it.ident);
    let kept: HashSet<String> = idents.clone().map(str::to_upper_camel_case).collect();
    let are_apart = kept.len() == union.alternatives.len();
    let tagged = |(at, (ident, it)): (usize, (&str, &Alternative))| {
        // typify would take two of them for one.
        let ident = if are_apart {
            ident.to_owned()
        } else {
            format!("Variant{at}")
        };
        closed([(ident, true, of(module, &it.of))])
    };
    idents
        .zip(&union.alternatives)
        .enumerate()
        .map(tagged)
        .collect()
}

fn of(module: &Module, it: &TypeRef) -> Schema {
    match it {
        TypeRef::Declared(id) => reference(module, *id),
        // Not as `null`, which typify takes for a value that may be missing.
        TypeRef::Null => existing(NULL).into(),
        TypeRef::Boolean => typed(InstanceType::Boolean).into(),
        TypeRef::Text => typed(InstanceType::String).into(),
        TypeRef::Integer => existing(INTEGER).into(),
        TypeRef::File => existing(FILE).into(),
        TypeRef::Number => existing(NUMBER).into(),
        TypeRef::Any => Schema::Bool(true),
        TypeRef::Object => map(Schema::Bool(true)),
        TypeRef::Array(item) => array(of(module, item)),
        TypeRef::Map(value) => map(of(module, value)),
    }
}

fn reference(module: &Module, id: TypeId) -> Schema {
    Schema::new_ref(format!("#/definitions/{}", name(module, id)))
}

fn existing(path: &str) -> SchemaObject {
    SchemaObject {
        format: Some(path.to_owned()),
        ..SchemaObject::default()
    }
}

/// An object with these fields: names, whether they are required, and types.
fn closed(fields: impl IntoIterator<Item = (String, bool, Schema)>) -> Schema {
    let mut validation = ObjectValidation {
        additional_properties: Some(Box::new(Schema::Bool(false))),
        ..ObjectValidation::default()
    };
    for (name, required, schema) in fields {
        if required {
            validation.required.insert(name.clone());
        }
        validation.properties.insert(name, schema);
    }
    object(validation)
}

fn map(value: Schema) -> Schema {
    object(ObjectValidation {
        additional_properties: Some(Box::new(value)),
        ..ObjectValidation::default()
    })
}

fn object(validation: ObjectValidation) -> Schema {
    let object = Some(Box::new(validation));
    SchemaObject {
        object,
        ..typed(InstanceType::Object)
    }
    .into()
}

fn array(item: Schema) -> Schema {
    let items = Some(item.into());
    SchemaObject {
        array: Some(Box::new(ArrayValidation {
            items,
            ..ArrayValidation::default()
        })),
        ..typed(InstanceType::Array)
    }
    .into()
}

fn tuple(items: Vec<Schema>) -> Schema {
    let count = u32::try_from(items.len()).ok();
    SchemaObject {
        array: Some(Box::new(ArrayValidation {
            items: Some(items.into()),
            min_items: count,
            max_items: count,
            ..ArrayValidation::default()
        })),
        ..typed(InstanceType::Array)
    }
    .into()
}

/// A missing field alone could be an empty `Vec`.
fn optional(schema: Schema) -> Schema {
    one_of(vec![schema, typed(InstanceType::Null).into()])
}

fn one_of(alternatives: Vec<Schema>) -> Schema {
    SchemaObject {
        subschemas: Some(Box::new(SubschemaValidation {
            one_of: Some(alternatives),
            ..SubschemaValidation::default()
        })),
        ..SchemaObject::default()
    }
    .into()
}

fn typed(one: InstanceType) -> SchemaObject {
    SchemaObject {
        instance_type: Some(one.into()),
        ..SchemaObject::default()
    }
}
