//! Declares structs and enums, by way of typify.
//!
//! typify is the inverse of schemars: from the schema that schemars derives of
//! a Rust type it makes that type again. So a shape of the model is written
//! down as schemars would, with plain names and no rules, and typify answers
//! with its declaration: what is optional, what has to be boxed because it
//! contains itself, which containers hold what. The rules, which typify would
//! drop, the names and the documentation are added to the declaration here and
//! by the emitter.

use std::collections::{BTreeSet, HashMap};
use std::panic::catch_unwind;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{format_ident, quote};
use schemars::Map;
use schemars::schema::{
    ArrayValidation, InstanceType, ObjectValidation, RootSchema, Schema, SchemaObject,
    SubschemaValidation,
};
use serde_json::json;
use syn::visit_mut::{self, VisitMut};
use syn::{ItemEnum, ItemStruct};
use typify::{
    TypeDetails, TypeEnum, TypeEnumVariant, TypeSpace, TypeSpaceSettings, TypeStruct, UnknownPolicy,
};

use crate::circles;
use crate::model::{Additional, Field, Module, Presence, Shape, Space, TypeId, Use};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// The declarations of structs and enums; the rest needs none.
#[derive(Default)]
pub(crate) struct Declarations {
    pub structs: HashMap<TypeId, ItemStruct>,
    pub enums: HashMap<TypeId, ItemEnum>,
}

/// The field that keeps what a struct has no field for.
pub(crate) const ADDITIONAL: &str = "additional";

/// Has typify declare a module's structs and enums.
///
/// A declaration takes some kilobytes and typify as many again, so those that can be
/// are made a few at a time, when they are to be written.
pub(crate) struct Shapes<'m> {
    module: &'m Module,
    /// The types that lead to one that contains itself, which are declared together.
    circular: BTreeSet<TypeId>,
    declared: Declarations,
}

impl<'m> Shapes<'m> {
    /// # Errors
    ///
    /// What typify refuses; shapes are made so that it refuses none.
    pub fn of(module: &'m Module) -> Result<Self, Diagnostics> {
        let circular = circles::leading(module);
        let declared = declared(module, &circular)?;
        Ok(Self {
            module,
            circular,
            declared,
        })
    }

    /// The declarations of these types.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub fn declare(&self, ids: &[TypeId]) -> Result<Declarations, Diagnostics> {
        let others = ids.iter().filter(|id| !self.circular.contains(id));
        let mut declarations = declared(self.module, &others.copied().collect())?;
        for id in ids.iter().filter(|id| self.circular.contains(id)) {
            if let Some(it) = self.declared.structs.get(id) {
                declarations.structs.insert(*id, it.clone());
            }
            if let Some(it) = self.declared.enums.get(id) {
                declarations.enums.insert(*id, it.clone());
            }
        }
        Ok(declarations)
    }
}

fn declared(module: &Module, ids: &BTreeSet<TypeId>) -> Result<Declarations, Diagnostics> {
    if ids.is_empty() {
        return Ok(Declarations::default());
    }
    // Shapes are made so that typify has nothing to trip over; should it panic all
    // the same, that is a problem of the document and no crash of the build.
    let typified =
        catch_unwind(|| typified(module, ids)).unwrap_or_else(|_| Err("it panicked".to_owned()));
    let declarations = typified.map_err(|message| {
        Diagnostic::new(
            &module.file,
            "",
            format!("typify refuses what was made of the document: {message}"),
            "this is a fault of apifox-build: please report it with the document",
        )
    })?;
    Ok(declarations)
}

fn typified(module: &Module, ids: &BTreeSet<TypeId>) -> Result<Declarations, String> {
    let mut settings = TypeSpaceSettings::default();
    settings
        .with_unknown_crates(UnknownPolicy::Allow)
        .with_map_type("::std::collections::BTreeMap");
    let mut definitions = Map::new();
    let parts = |id: &TypeId| module.get(*id).shape.parts().into_iter();
    let parts = ids.iter().flat_map(parts).filter_map(Use::declared);
    let known: BTreeSet<TypeId> = parts.chain(ids.iter().copied()).collect();
    for id in known {
        let name = placeholder(id);
        let is_here = ids.contains(&id);
        let schema = is_here.then(|| shape(id, &module.get(id).shape)).flatten();
        let schema = schema.unwrap_or_else(|| {
            // It is declared elsewhere; typify only has to know its name.
            settings.with_replacement(&name, &name, std::iter::empty());
            Schema::Bool(true)
        });
        definitions.insert(name, schema);
    }
    let mut space = TypeSpace::new(&settings);
    space
        .add_root_schema(RootSchema {
            definitions,
            ..RootSchema::default()
        })
        .map_err(|error| error.to_string())?;

    let mut declarations = Declarations {
        structs: HashMap::new(),
        enums: HashMap::new(),
    };
    // typify is asked what it made of each type, and not for its code: most of that
    // is `impl`s, which decode as derived code does, not exactly.
    for made in space.iter_types() {
        match made.details() {
            TypeDetails::Struct(it) => {
                if let Some((id, types)) = Types::of(&made, &space, module) {
                    declarations.structs.insert(id, types.declared_struct(&it)?);
                }
            }
            TypeDetails::Enum(it) => {
                if let Some((id, types)) = Types::of(&made, &space, module) {
                    declarations.enums.insert(id, types.declared_enum(&it)?);
                }
            }
            _ => {}
        }
    }
    Ok(declarations)
}

/// The name that typify knows a type by: one that it has no reason to change.
fn placeholder(id: TypeId) -> String {
    format!("ApifoxType{}", id.0)
}

fn placed(name: &str) -> Option<TypeId> {
    name.strip_prefix("ApifoxType")?.parse().ok().map(TypeId)
}

/// The types that one of ours is declared with, by the names that they have there.
struct Types<'t> {
    made: &'t TypeSpace,
    module: &'t Module,
    within: Space,
}

impl<'t> Types<'t> {
    /// `None` for a type of typify's own.
    fn of(
        made: &typify::Type<'_>,
        space: &'t TypeSpace,
        module: &'t Module,
    ) -> Option<(TypeId, Self)> {
        let id = placed(&made.name())?;
        let types = Self {
            made: space,
            module,
            within: module.get(id).space,
        };
        Some((id, types))
    }

    fn declared_struct(&self, it: &TypeStruct<'_>) -> Result<ItemStruct, String> {
        let mut fields = Vec::new();
        for (at, field) in it.properties_info().enumerate() {
            let (name, ty) = (format_ident!("f{at}"), self.named(&field.type_id)?);
            fields.push(quote!(pub #name: #ty));
        }
        let mut item = parsed(quote!(pub struct Declared { #(#fields,)* }))?;
        Shorten.visit_item_struct_mut(&mut item);
        Ok(item)
    }

    fn declared_enum(&self, it: &TypeEnum<'_>) -> Result<ItemEnum, String> {
        let mut variants = Vec::new();
        for (at, variant) in it.variants_info().enumerate() {
            let name = format_ident!("V{at}");
            variants.push(match variant.details {
                TypeEnumVariant::Simple => quote!(#name),
                TypeEnumVariant::Tuple(types) => {
                    let types: Result<Vec<_>, _> = types.iter().map(|it| self.named(it)).collect();
                    let types = types?;
                    quote!(#name(#(#types),*))
                }
                // Alternatives have one value, without a name.
                TypeEnumVariant::Struct(_) => return Err("it made fields in an enum".to_owned()),
            });
        }
        let mut item = parsed(quote!(pub enum Declared { #(#variants,)* }))?;
        Shorten.visit_item_enum_mut(&mut item);
        Ok(item)
    }

    fn named(&self, id: &typify::TypeId) -> Result<TokenStream, String> {
        let made = self.made.get_type(id).map_err(|error| error.to_string())?;
        let path = |id| self.module.path_to(id, self.within);
        Ok(rename(made.ident(), &path))
    }
}

fn parsed<T: syn::parse::Parse>(tokens: TokenStream) -> Result<T, String> {
    syn::parse2(tokens).map_err(|error| error.to_string())
}

/// typify writes every path in full; these are known by their last names.
struct Shorten;

impl VisitMut for Shorten {
    /// typify boxes what contains itself around its `Option`, not within.
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Some(option) = argument(ty, "Box")
            && let Some(inner) = argument(&option, "Option")
        {
            *ty = syn::parse_quote!(Option<Box<#inner>>);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let last = path.segments.last().cloned();
        let (Some(first), Some(last)) = (path.segments.first(), last) else {
            return;
        };
        let in_prelude = ["Option", "Vec", "String", "Box"]
            .iter()
            .any(|it| last.ident == it);
        if first.ident == "std" && in_prelude {
            *path = last.into();
        } else if first.ident == "apifox_runtime" {
            *path = syn::parse_quote!(rt::#last);
        }
    }
}

fn rename(tokens: TokenStream, path: &dyn Fn(TypeId) -> TokenStream) -> TokenStream {
    let rename_one = |token| match token {
        TokenTree::Ident(ident) => match placed(&ident.to_string()) {
            Some(id) => path(id),
            None => TokenTree::from(ident).into(),
        },
        TokenTree::Group(group) => {
            let renamed = rename(group.stream(), path);
            TokenTree::from(Group::new(group.delimiter(), renamed)).into()
        }
        other => TokenStream::from(other),
    };
    tokens.into_iter().flat_map(rename_one).collect()
}

/// The only argument of the generic type `name`, if `ty` is one.
pub(crate) fn argument(ty: &syn::Type, name: &str) -> Option<syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) if last.ident == name => Some(inner.clone()),
        _ => None,
    }
}

/// The shape as schemars derives it; `None` for what the emitter declares.
fn shape(id: TypeId, shape: &Shape) -> Option<Schema> {
    match shape {
        Shape::Struct(it) => {
            let mut fields: Vec<(bool, Schema)> = it.fields.iter().map(field).collect();
            if let Additional::Allowed(value) = &it.additional {
                fields.push((true, additional(id, value)));
            }
            Some(object(fields))
        }
        Shape::Constants(variants) => {
            let values = (0..variants.len()).map(|at| json!(variant(at)));
            Some(Schema::Object(SchemaObject {
                enum_values: Some(values.collect()),
                ..typed(InstanceType::String)
            }))
        }
        Shape::Suggestions(it) => {
            let known = (0..it.variants.len()).map(|at| json!(variant(at)));
            let known = Schema::Object(SchemaObject {
                enum_values: Some(known.collect()),
                ..typed(InstanceType::String)
            });
            let other = variant(it.variants.len());
            Some(one_of(vec![
                known,
                closed_object([(other, true, of(&it.of))]),
            ]))
        }
        Shape::Union(union) => {
            let alternatives = union.alternatives.iter().enumerate();
            let tagged = |(at, it): (usize, &crate::model::Alternative)| {
                closed_object([(variant(at), true, of(&it.of))])
            };
            Some(one_of(alternatives.map(tagged).collect()))
        }
        Shape::Tuple(items) => Some(object(items.iter().map(|it| (true, of(it))).collect())),
        Shape::Guarded(guarded) => Some(object(vec![(true, of(&guarded.of))])),
        Shape::Whole(_)
        | Shape::Bounded(_)
        | Shape::Text(_)
        | Shape::Size(_)
        | Shape::Items(_)
        | Shape::Transparent(_)
        | Shape::Foreign(_) => None,
    }
}

fn variant(at: usize) -> String {
    format!("V{at}")
}

fn field(field: &Field) -> (bool, Schema) {
    let schema = of(&field.of);
    match field.presence {
        Presence::Required => (true, schema),
        Presence::Optional => (false, optional(schema)),
        Presence::OrEmpty => (true, runtime("OrEmpty", vec![schema])),
    }
}

/// Fields under names that sort as they are to be declared.
fn object(fields: Vec<(bool, Schema)>) -> Schema {
    let named = fields.into_iter().enumerate();
    closed_object(named.map(|(at, (required, schema))| (format!("f{at:06}"), required, schema)))
}

fn closed_object(fields: impl IntoIterator<Item = (String, bool, Schema)>) -> Schema {
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
    Schema::Object(SchemaObject {
        object: Some(Box::new(validation)),
        ..typed(InstanceType::Object)
    })
}

/// schemars writes `Option<T>` so; a missing field alone could be an empty `Vec`.
fn optional(schema: Schema) -> Schema {
    one_of(vec![schema, Schema::Object(typed(InstanceType::Null))])
}

fn one_of(alternatives: Vec<Schema>) -> Schema {
    Schema::Object(SchemaObject {
        subschemas: Some(Box::new(SubschemaValidation {
            one_of: Some(alternatives),
            ..SubschemaValidation::default()
        })),
        ..SchemaObject::default()
    })
}

fn additional(id: TypeId, value: &Use) -> Schema {
    let mut parameters = vec![reference(id)];
    if *value != Use::Any {
        parameters.push(of(value));
    }
    runtime("Additional", parameters)
}

fn of(it: &Use) -> Schema {
    match it {
        Use::Declared(id) => reference(*id),
        // typify takes a bare `null` for a value that may be missing.
        Use::Null => runtime("Null", vec![]),
        Use::Boolean => Schema::Object(typed(InstanceType::Boolean)),
        Use::Text => Schema::Object(typed(InstanceType::String)),
        Use::Integer => runtime("Integer", vec![]),
        Use::File => runtime("File", vec![]),
        Use::Number => rust_type("serde_json", "serde_json::Number", vec![]),
        Use::Any => Schema::Bool(true),
        Use::Object => Schema::Object(typed(InstanceType::Object)),
        Use::Array(item) => Schema::Object(SchemaObject {
            array: Some(Box::new(ArrayValidation {
                items: Some(of(item).into()),
                ..ArrayValidation::default()
            })),
            ..typed(InstanceType::Array)
        }),
        Use::Map(value) => Schema::Object(SchemaObject {
            object: Some(Box::new(ObjectValidation {
                additional_properties: Some(Box::new(of(value))),
                ..ObjectValidation::default()
            })),
            ..typed(InstanceType::Object)
        }),
    }
}

fn reference(id: TypeId) -> Schema {
    Schema::new_ref(format!("#/definitions/{}", placeholder(id)))
}

fn typed(one: InstanceType) -> SchemaObject {
    SchemaObject {
        instance_type: Some(one.into()),
        ..SchemaObject::default()
    }
}

fn runtime(name: &str, parameters: Vec<Schema>) -> Schema {
    rust_type(
        "apifox-runtime",
        &format!("apifox_runtime::{name}"),
        parameters,
    )
}

/// typify's way of naming a type that exists already.
fn rust_type(krate: &str, path: &str, parameters: Vec<Schema>) -> Schema {
    let mut schema = SchemaObject::default();
    let extension = json!({
        "crate": krate,
        "version": "*",
        "path": path,
        "parameters": parameters,
    });
    schema.extensions.insert("x-rust-type".into(), extension);
    Schema::Object(schema)
}
