//! From the model to Rust: one file a shape.

mod array;
mod constants;
mod docs;
mod guarded;
mod literals;
mod operation;
mod predicates;
mod scalar;
mod structs;
mod suggestions;
mod transparent;
mod tuples;
mod unions;
mod views;

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::{Module, Operation, Shape, Space, Type, TypeId, Use};
use crate::print::Printer;
use crate::shapes::{Declarations, Shapes};
use apifox_document::diagnostics::Diagnostics;

use views::Views;

pub(crate) use operation::registry;

/// Where the corrected documents are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Documents {
    /// In the directory `documents` beside the generated code.
    Beside,
    /// In the code itself, so that it needs nothing else.
    Within,
}

/// How many types are declared at a time.
const TOGETHER: usize = 50;

/// What is needed to emit a type.
#[derive(Clone, Copy)]
struct Context<'m> {
    module: &'m Module,
    documents: Documents,
    shapes: &'m Shapes<'m>,
    /// Those of the types that are being written.
    declarations: &'m Declarations,
    /// The types of each module: looking for them in every module would take as
    /// long as there are types and modules, multiplied.
    types: &'m HashMap<Space, Vec<TypeId>>,
    views: &'m Views,
    /// The module that is being written.
    space: Space,
}

/// Writes the items of a module.
///
/// # Errors
///
/// That typify refuses a type, or what was made is no Rust.
pub(crate) fn module(
    module: &Module,
    documents: Documents,
    printer: &mut Printer<'_>,
) -> Result<(), Diagnostics> {
    let shapes = Shapes::of(module)?;
    let declarations = Declarations::default();
    let mut types: HashMap<Space, Vec<TypeId>> = HashMap::new();
    for (index, it) in module.types.iter().enumerate() {
        types.entry(it.space).or_default().push(TypeId(index));
    }
    let views = Views::of(module);
    let context = |space| Context {
        module,
        documents,
        shapes: &shapes,
        declarations: &declarations,
        types: &types,
        views: &views,
        space,
    };
    let document = context(Space::Document);
    if module.has_endpoints {
        printer.items(operation::document(&document))?;
    }
    for (index, it) in module.operations.iter().enumerate() {
        if !module.is_collection {
            printer.items(document.operation(it))?;
            continue;
        }
        let context = context(Space::Operation(index));
        let docs = docs::operation(module, it);
        printer.module(&docs, &it.module, |printer| {
            printer.items(context.operation(it))?;
            context.types(printer)
        })?;
    }
    printer.items(guarded::schemas(module))?;
    document.types(printer)
}

/// What rustdoc shows of a module.
pub(crate) fn module_docs(module: &Module) -> TokenStream {
    docs::module(module)
}

impl Context<'_> {
    /// Writes the types of the module that is being written.
    fn types(&self, printer: &mut Printer<'_>) -> Result<(), Diagnostics> {
        let here = self.types.get(&self.space);
        for some in here.into_iter().flat_map(|it| it.chunks(TOGETHER)) {
            let declarations = &self.shapes.declare(some)?;
            let context = Context {
                declarations,
                ..*self
            };
            for id in some {
                printer.items(context.item(*id))?;
            }
        }
        Ok(())
    }

    /// What there is of an operation beside its types.
    fn operation(&self, it: &Operation) -> TokenStream {
        let is_called = self.module.has_endpoints;
        let endpoint = is_called.then(|| operation::endpoint(self, it));
        let aliases = operation::aliases(self, it);
        quote! { #endpoint #aliases }
    }

    /// An item of the document's module as it is written in this one.
    fn of_document(&self, name: &str) -> TokenStream {
        let name = ident(name);
        match self.space {
            Space::Document => quote!(#name),
            Space::Operation(_) => quote!(super::#name),
        }
    }

    fn item(&self, id: TypeId) -> TokenStream {
        let it = self.module.get(id);
        if let Shape::Foreign(path) = &it.shape {
            return self.alias(it, path);
        }
        let body = match &it.shape {
            Shape::Struct(shape) => structs::item(self, id, it, shape),
            Shape::Constants(variants) => constants::item(self, id, it, variants),
            Shape::Suggestions(known) => suggestions::item(self, id, it, known),
            Shape::Union(union) => unions::item(self, id, it, union),
            Shape::Transparent(of) => transparent::item(self, it, of),
            Shape::Guarded(guarded) => guarded::item(self, id, it, guarded),
            Shape::Whole(whole) => scalar::whole(self, it, whole),
            Shape::Bounded(bounded) => scalar::bounded(self, it, bounded),
            Shape::Text(text) => scalar::text(self, it, text),
            Shape::Size(size) => scalar::size(self, it, size),
            Shape::Items(items) => array::item(self, id, it, items),
            Shape::Tuple(items) => tuples::item(self, id, it, items),
            Shape::Foreign(path) => self.alias(it, path),
        };
        let view = views::item(self, id, it);
        // The others' decoding is said once, by the runtime.
        let decodes_itself = matches!(
            it.shape,
            Shape::Suggestions(_)
                | Shape::Union(_)
                | Shape::Transparent(_)
                | Shape::Size(_)
                | Shape::Tuple(_)
        );
        let deserialize = decodes_itself.then(|| deserialize(&ident(&it.name)));
        quote! { #body #view #deserialize }
    }

    /// A type of the caller's by the name that it has here.
    fn alias(&self, it: &Type, path: &str) -> TokenStream {
        let name = ident(&it.name);
        let docs = self.docs(it, &[]);
        // The settings were checked: it is a path.
        let path: TokenStream = path.parse().unwrap_or_default();
        quote! { #docs pub type #name = #path; }
    }

    fn docs(&self, it: &Type, rules: &[String]) -> TokenStream {
        docs::of(&self.module.file, &it.docs, rules)
    }

    /// The type as it is written where it is used.
    fn spelled(&self, of: &Use) -> TokenStream {
        match of {
            Use::Declared(id) => self.module.path_to(*id, self.space),
            Use::Null => quote!(rt::Null),
            Use::Boolean => quote!(bool),
            Use::Integer => quote!(rt::Integer),
            Use::Number => quote!(::serde_json::Number),
            Use::Text => quote!(String),
            Use::File => quote!(rt::File),
            Use::Any => quote!(::serde_json::Value),
            Use::Object => quote!(::serde_json::Map<String, ::serde_json::Value>),
            Use::Array(item) => {
                let item = self.spelled(item);
                quote!(Vec<#item>)
            }
            Use::Map(value) => {
                let value = self.spelled(value);
                quote!(::std::collections::BTreeMap<String, #value>)
            }
        }
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn deserialize(name: &Ident) -> TokenStream {
    quote! { rt::impl_deserialize! { #name } }
}

/// `impl Decode` with the given body, which sees `node`, `at` and `report`.
fn decode(name: &Ident, body: &TokenStream) -> TokenStream {
    decode_and_read(name, body, None)
}

/// The same, and how to read the type from a `deserializer`.
fn decode_and_read(name: &Ident, body: &TokenStream, read: Option<&TokenStream>) -> TokenStream {
    let read = read.map(|read| {
        quote! {
            const IS_COMPOSITE: bool = true;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<rt::Read<'de, Self>, D::Error> {
                #read
            }
        }
    });
    quote! {
        impl rt::Decode for #name {
            fn decode(
                node: &rt::Node<'_>,
                at: rt::Path<'_>,
                report: &mut rt::Report,
            ) -> Option<Self> {
                #body
            }
            #read
        }
    }
}

/// `impl Serialize` with the given body, which sees `self` and `serializer`.
fn serialize(name: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #body
            }
        }
    }
}

/// `FromStr`, and `TryFrom` of both kinds of strings by way of it.
fn from_text(name: &Ident, body: &TokenStream) -> TokenStream {
    quote! { rt::from_text! { #name: |text| #body } }
}
