//! From the model to Rust: one file a shape.

mod arrays;
mod constants;
mod context;
mod docs;
mod guarded;
mod impls;
mod literals;
mod numbers;
mod objects;
mod operation;
mod predicates;
mod registry;
mod sizes;
mod structs;
mod suggestions;
mod texts;
mod transparent;
mod tuples;
mod unions;
mod views;

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Module, ModuleScope, Operation, Shape, Type, TypeId};
use crate::print::Printer;
use crate::typify_bridge::Declarations;
use apifox_document::diagnostics::Diagnostics;

use context::Context;
use impls::ident;
use views::Views;

pub(crate) use context::Documents;
pub(crate) use docs::module as module_docs;
pub(crate) use registry::registry;

/// Writes the items of a module.
///
/// # Errors
///
/// That typify refuses a type, or that what was made is not Rust.
pub(crate) fn module(
    module: &Module,
    documents: Documents,
    printer: &mut Printer<'_>,
) -> Result<(), Diagnostics> {
    let document = Context {
        module,
        documents,
        declarations: &Declarations::new(module)?,
        types: &types_by_scope(module),
        views: &Views::of(module),
        scope: ModuleScope::Document,
    };
    if module.has_endpoints {
        printer.items(operation::document(&document))?;
    }
    for (index, operation) in module.operations.iter().enumerate() {
        if !module.is_collection {
            printer.items(operation_items(&document, operation))?;
            continue;
        }
        let scope = ModuleScope::Operation(index);
        let context = Context { scope, ..document };
        let docs = docs::operation(module, operation);
        printer.module(&docs, &operation.module, |printer| {
            printer.items(operation_items(&context, operation))?;
            types(&context, printer)
        })?;
    }
    printer.items(guarded::schemas(module))?;
    types(&document, printer)
}

fn types_by_scope(module: &Module) -> HashMap<ModuleScope, Vec<TypeId>> {
    let mut types: HashMap<ModuleScope, Vec<TypeId>> = HashMap::new();
    for (index, declared) in module.types.iter().enumerate() {
        types.entry(declared.scope).or_default().push(TypeId(index));
    }
    types
}

/// Writes the types of the module that is being written.
fn types(context: &Context<'_>, printer: &mut Printer<'_>) -> Result<(), Diagnostics> {
    for id in context.types_here() {
        printer.items(item(context, *id))?;
    }
    Ok(())
}

/// What there is of an operation beside its types.
fn operation_items(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let is_called = context.module.has_endpoints;
    let endpoint = is_called.then(|| operation::endpoint(context, operation));
    let aliases = operation::aliases(context, operation);
    quote! { #endpoint #aliases }
}

fn item(context: &Context<'_>, id: TypeId) -> TokenStream {
    let declared = context.module.get(id);
    let body = match &declared.shape {
        Shape::Struct(shape) => structs::item(context, id, declared, shape),
        Shape::Constants(variants) => constants::item(context, declared, variants),
        Shape::Suggestions(known) => suggestions::item(context, id, declared, known),
        Shape::Union(union) => unions::item(context, id, declared, union),
        Shape::Transparent(of) => transparent::item(context, declared, of),
        Shape::Guarded(guarded) => guarded::item(context, id, declared, guarded),
        Shape::BoundedInt(bounded) => numbers::bounded_int(context, declared, bounded),
        Shape::BoundedNumber(bounded) => numbers::bounded_number(context, declared, bounded),
        Shape::Text(text) => texts::item(context, declared, text),
        Shape::Size(size) => sizes::item(context, declared, size),
        Shape::Items(items) => arrays::item(context, id, declared, items),
        Shape::Tuple(items) => tuples::item(context, id, declared, items),
        Shape::Foreign(path) => return alias(context, declared, path),
    };
    let view = views::item(context, id, declared);
    let deserialize =
        decodes_itself(&declared.shape).then(|| impls::deserialize(&ident(&declared.name)));
    quote! { #body #view #deserialize }
}

/// Whether the decoding of a shape is written out; that of others is said once, by the
/// runtime.
fn decodes_itself(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Suggestions(_)
            | Shape::Union(_)
            | Shape::Transparent(_)
            | Shape::Size(_)
            | Shape::Tuple(_)
    )
}

/// A type of the caller's by the name that it has here.
fn alias(context: &Context<'_>, declared: &Type, path: &str) -> TokenStream {
    let name = ident(&declared.name);
    let docs = context.docs(declared, &[]);
    // The settings were checked: it is a path.
    let path: TokenStream = path.parse().unwrap_or_default();
    quote! { #docs pub type #name = #path; }
}
