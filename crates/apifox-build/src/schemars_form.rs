//! The types of a document as schemas, in the way schemars derives them of Rust types.

use std::collections::HashSet;

use apifox_runtime::Format;
use heck::ToUpperCamelCase as _;
use schemars::schema::{
    ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SubschemaValidation,
};
use typify::TypeSpaceSettings;

use crate::model::{
    Alternative, Field, IntType, Module, ModuleScope, Presence, Shape, TypeId, TypeRef, Union,
};

/// What a size is made of. Schemas name types that exist already by `format`.
const DIMENSIONS: &str = "rt::Dimensions";

/// What typify has to know of these schemas.
pub(crate) fn settings() -> TypeSpaceSettings {
    let mut settings = TypeSpaceSettings::default();
    for path in existing_paths() {
        settings.with_conversion(existing(path), path, std::iter::empty());
    }
    settings
}

fn existing_paths() -> impl Iterator<Item = &'static str> {
    let plain = [
        TypeRef::Null,
        TypeRef::Integer,
        TypeRef::Number,
        TypeRef::File,
        TypeRef::Float,
        TypeRef::Double,
    ];
    let formats = Format::ALL.map(TypeRef::Format);
    let integers = IntType::ALL.map(TypeRef::Int);
    let types = plain.into_iter().chain(formats).chain(integers);
    types.filter_map(|of| of.existing()).chain([DIMENSIONS])
}

/// The path of a type from the document's module.
fn name(module: &Module, id: TypeId) -> String {
    module.path_to(id, ModuleScope::Document).to_string()
}

/// The types of a document, by their paths from its module.
pub(crate) fn types(module: &Module) -> impl Iterator<Item = (String, Schema)> {
    let types = module.types.iter().enumerate();
    types.map(|(index, declared)| (name(module, TypeId(index)), schema(module, &declared.shape)))
}

fn schema(module: &Module, shape: &Shape) -> Schema {
    match shape {
        Shape::Struct(shape) => closed(shape.fields.iter().map(|one| field(module, one))),
        Shape::Union(union) => one_of(alternatives(module, union)),
        Shape::Tuple(items) => tuple(items.iter().map(|item| schema_of(module, item)).collect()),
        Shape::Items(items) => array(schema_of(module, &items.of)),
        Shape::Guarded(guarded) => wrapped(module, &guarded.of),
        Shape::Suggestions(known) => schema_of(module, &known.of),
        Shape::BoundedNumber(bounded) => schema_of(module, &bounded.of),
        Shape::Transparent(inner) => wrapped(module, inner),
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

/// What a wrapper holds. typify does not see that it contains itself if that may be `null`,
/// so the value is a field of its own then.
fn wrapped(module: &Module, of: &TypeRef) -> Schema {
    match of {
        TypeRef::Nullable(value) => closed([("value".to_owned(), true, schema_of(module, value))]),
        of => schema_of(module, of),
    }
}

fn field(module: &Module, field: &Field) -> (String, bool, Schema) {
    let is_optional = field.presence == Presence::Optional;
    let schema = schema_of(module, &field.of);
    let schema = match field.of {
        // A missing field alone could be an empty `Vec` or map.
        TypeRef::Array(_) | TypeRef::Map(_) | TypeRef::Object if is_optional => nullable(schema),
        _ => schema,
    };
    (field.ident.clone(), !is_optional, schema)
}

fn alternatives(module: &Module, union: &Union) -> Vec<Schema> {
    let idents = union.alternatives.iter().map(|one| &*one.ident);
    let kept: HashSet<String> = idents.clone().map(str::to_upper_camel_case).collect();
    let are_apart = kept.len() == union.alternatives.len();
    let tagged = |(at, (ident, one)): (usize, (&str, &Alternative))| {
        let ident = match are_apart {
            true => ident.to_owned(),
            // typify would take two of them for one; these are its own names then.
            false => format!("Variant{at}"),
        };
        closed([(ident, true, schema_of(module, &one.of))])
    };
    idents
        .zip(&union.alternatives)
        .enumerate()
        .map(tagged)
        .collect()
}

fn schema_of(module: &Module, of: &TypeRef) -> Schema {
    match of {
        TypeRef::Declared(id) => reference(module, *id),
        TypeRef::Boolean => typed(InstanceType::Boolean).into(),
        TypeRef::Text => typed(InstanceType::String).into(),
        TypeRef::Any => Schema::Bool(true),
        TypeRef::Object => map(Schema::Bool(true)),
        TypeRef::Array(item) => array(schema_of(module, item)),
        TypeRef::Map(value) => map(schema_of(module, value)),
        TypeRef::Nullable(value) => nullable(schema_of(module, value)),
        // `null` too: typify takes that for a value that may be missing.
        of => of
            .existing()
            .map_or(Schema::Bool(true), |path| existing(path).into()),
    }
}

pub(crate) fn reference(module: &Module, id: TypeId) -> Schema {
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

fn nullable(schema: Schema) -> Schema {
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
