//! From the model to Rust: one file a shape.

mod composites;
mod context;
mod counted;
mod docs;
mod given;
mod guards;
mod impls;
mod literals;
mod markdown;
mod operations;
mod scalars;
mod viewed;

use std::cell::RefCell;
use std::collections::HashMap;

use apifox_runtime::Schemas;
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Module, ModuleScope, Operation, Shape, TypeId};
use crate::print::Printer;
use crate::typify_bridge::Declarations;
use apifox_document::diagnostics::Diagnostics;

use composites::{arrays, structs, transparent, tuples, unions};
use context::{Context, EmittedType};
use given::Given;
use guards::{guarded, views};
use operations::{operation, reply_headers};
use scalars::{constants, numbers, sizes, suggestions, texts};
use viewed::Viewed;

pub(crate) use context::Documents;
pub(crate) use docs::module as module_docs;
pub(crate) use operations::registry::registry;

/// Writes the items of a module.
///
/// # Errors
///
/// That typify refuses a type, or that what was made is not Rust.
pub(crate) fn module(
    module: &Module,
    documents: Documents<'_>,
    printer: &mut Printer<'_>,
) -> Result<(), Diagnostics> {
    let guards = module.guards.iter();
    let compiled: Vec<_> = guards
        .map(|by| RefCell::new(Schemas::new(&by.json, by.draft)))
        .collect();
    let document = Context {
        module,
        documents,
        declarations: &Declarations::new(module)?,
        types: &types_by_scope(module),
        viewed: &Viewed::new(module),
        given: &Given::new(module),
        guards: &compiled,
        scope: ModuleScope::Document,
        derives_more: printer.derives_more(),
    };
    if module.has_document() {
        printer.items(operation::document(&document))?;
    }
    for (index, operation) in module.operations.iter().enumerate() {
        if !operation.in_own_module {
            printer.items(operation_items(&document, operation))?;
            continue;
        }
        let scope = ModuleScope::Operation(index);
        let context = Context { scope, ..document };
        let docs = docs::operation(operation);
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
    let is_called = context.module.has_endpoints && !operation.is_incoming;
    let operation_items = match is_called {
        true => operation::endpoint(context, operation),
        false => operation::bodies(context, operation),
    };
    let headers = reply_headers::items(context, operation);
    let locations = operation::locations(context, operation);
    quote! { #operation_items #headers #locations }
}

fn item(context: &Context<'_>, id: TypeId) -> TokenStream {
    let emitted = &EmittedType::new(context, id);
    let body = match &emitted.declared.shape {
        Shape::Struct(shape) => structs::item(emitted, shape),
        Shape::Constants(variants) => constants::item(emitted, variants),
        Shape::Suggestions(known) => suggestions::item(emitted, known),
        Shape::Union(union) => unions::item(emitted, union),
        Shape::Transparent(of) => transparent::item(emitted, of),
        Shape::Guarded(guarded) => guarded::item(emitted, guarded),
        Shape::BoundedInt(bounded) => numbers::bounded_int(emitted, bounded),
        Shape::BoundedNumber(bounded) => numbers::bounded_number(emitted, bounded),
        Shape::Text(text) => texts::item(emitted, text),
        Shape::Size(size) => sizes::item(emitted, size),
        Shape::Items(items) => arrays::item(emitted, items),
        Shape::Tuple(items) => tuples::item(emitted, items.len()),
        Shape::Foreign(path) => return alias(emitted, path),
    };
    let view = views::item(emitted);
    quote! { #body #view }
}

/// A type of the caller's by the name that it has here.
fn alias(emitted: &EmittedType<'_>, path: &str) -> TokenStream {
    let (name, docs) = (&emitted.name, emitted.docs(&[]));
    // The settings were checked: it is a path.
    let path: TokenStream = path.parse().unwrap_or_default();
    quote! { #docs pub type #name = #path; }
}
