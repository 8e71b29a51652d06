//! From the model to Rust: one file a shape.

mod array;
mod constants;
mod docs;
mod guarded;
mod operation;
mod scalar;
mod structs;
mod suggestions;
mod transparent;
mod tuples;
mod unions;
mod views;

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::model::{Module, Shape, Space, Type, TypeId, Use};
use crate::problem::Problems;
use crate::shapes::{self, Declarations};

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

/// What is needed to emit a type.
struct Context<'m> {
    module: &'m Module,
    documents: Documents,
    declarations: &'m Declarations,
    /// The types of each module: looking for them in every module would take as
    /// long as there are types and modules, multiplied.
    types: &'m HashMap<Space, Vec<TypeId>>,
    views: &'m Views,
    /// The module that is being written.
    space: Space,
}

/// The items of a module.
pub(crate) fn module(module: &Module, documents: Documents) -> Result<TokenStream, Problems> {
    let declarations = shapes::declare(module)?;
    let mut types: HashMap<Space, Vec<TypeId>> = HashMap::new();
    for (index, it) in module.types.iter().enumerate() {
        types.entry(it.space).or_default().push(TypeId(index));
    }
    let views = Views::of(module);
    let context = |space| Context {
        module,
        documents,
        declarations: &declarations,
        types: &types,
        views: &views,
        space,
    };
    let document = context(Space::Document);
    let guards = guarded::schemas(module);
    let json = module.has_endpoints.then(|| operation::document(&document));
    let types = document.types();
    let endpoint = |context: &Context<'_>, it| {
        let endpoint = module
            .has_endpoints
            .then(|| operation::endpoint(context, it));
        let aliases = operation::aliases(context, it);
        quote! { #endpoint #aliases }
    };
    let operations = module.operations.iter().enumerate().map(|(index, it)| {
        if !module.is_collection {
            return endpoint(&document, it);
        }
        let context = context(Space::Operation(index));
        let (docs, name) = (docs::operation(module, it), ident(&it.module));
        let (endpoint, types) = (endpoint(&context, it), context.types());
        let uses = runtime(&[&endpoint, &types]);
        quote! {
            #docs
            pub mod #name {
                #uses
                #endpoint
                #types
            }
        }
    });
    let operations: TokenStream = operations.collect();
    let own = match module.is_collection {
        true => TokenStream::new(),
        false => operations.clone(),
    };
    let uses = runtime(&[&own, &guards, &types]);
    Ok(quote! {
        #uses
        #json
        #operations
        #guards
        #types
    })
}

/// Gives the runtime its short name, where items go by it.
fn runtime(items: &[&TokenStream]) -> Option<TokenStream> {
    fn names_it(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|it| match it {
            TokenTree::Ident(ident) => ident == "rt",
            TokenTree::Group(group) => names_it(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    let is_used = items.iter().any(|it| names_it((*it).clone()));
    is_used.then(|| quote! { use ::apifox_runtime as rt; })
}

/// What rustdoc shows of a module.
pub(crate) fn module_docs(module: &Module) -> TokenStream {
    docs::module(module)
}

impl Context<'_> {
    /// The types of the module that is being written.
    fn types(&self) -> TokenStream {
        let here = self.types.get(&self.space).into_iter().flatten();
        here.map(|id| self.item(*id)).collect()
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
            Shape::Text(text) => scalar::text(self, it, text),
            Shape::Size(size) => scalar::size(self, it, size),
            Shape::Items(items) => array::item(self, id, it, items),
            Shape::Tuple(items) => tuples::item(self, id, it, items),
            Shape::Foreign(path) => self.alias(it, path),
        };
        if let Shape::Struct(_) = it.shape {
            return body;
        }
        let view = views::item(self, id, it);
        let deserialize = deserialize(&ident(&it.name));
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
    quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                rt::deserialize(deserializer)
            }
        }
    }
}

/// `impl Decode` with the given body, which sees `node`, `at` and `report`.
fn decode(name: &Ident, body: &TokenStream) -> TokenStream {
    decode_and_read(name, body, None)
}

/// The same, and how to read the type from a `deserializer`.
fn decode_and_read(name: &Ident, body: &TokenStream, read: Option<&TokenStream>) -> TokenStream {
    let read = read.map(|read| {
        quote! {
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
    quote! {
        impl ::std::str::FromStr for #name {
            type Err = rt::Invalid;
            fn from_str(text: &str) -> Result<Self, rt::Invalid> {
                #body
            }
        }
        impl TryFrom<&str> for #name {
            type Error = rt::Invalid;
            fn try_from(text: &str) -> Result<Self, rt::Invalid> {
                text.parse()
            }
        }
        impl TryFrom<String> for #name {
            type Error = rt::Invalid;
            fn try_from(text: String) -> Result<Self, rt::Invalid> {
                text.parse()
            }
        }
    }
}
