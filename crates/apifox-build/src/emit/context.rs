//! What is needed to emit a type, and how types are written where they are used.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

use apifox_runtime::Schemas;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::given::Given;
use super::impls::ident;
use super::viewed::Viewed;
use crate::model::{Module, ModuleScope, Type, TypeId, TypeRef};
use crate::typify_bridge::{Declarations, RustType};

/// Where the corrected documents are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Documents<'f> {
    /// In this directory beside the generated code.
    Beside(&'f str),
    /// In the code itself, so that it needs nothing else.
    Within,
}

/// What is needed to emit a type.
#[derive(Clone, Copy)]
pub(super) struct Context<'m> {
    pub module: &'m Module,
    pub documents: Documents<'m>,
    pub declarations: &'m Declarations,
    /// The types of each module: looking for them in every module would take as
    /// long as there are types and modules, multiplied.
    pub types: &'m HashMap<ModuleScope, Vec<TypeId>>,
    pub viewed: &'m Viewed,
    pub given: &'m Given,
    /// The compiled schemas of each of the module's guards.
    pub guards: &'m [RefCell<Schemas<'m>>],
    /// The module that is being written.
    pub scope: ModuleScope,
    /// Whether callers derive more than what is derived as a rule.
    pub derives_more: bool,
}

impl<'m> Context<'m> {
    /// The types of the module that is being written.
    pub fn types_here(&self) -> &'m [TypeId] {
        self.types.get(&self.scope).map_or(&[], Vec::as_slice)
    }

    /// An item of the document's module as it is written in this one.
    pub fn of_document(&self, name: &str) -> TokenStream {
        let name = ident(name);
        match self.scope {
            ModuleScope::Document => quote!(#name),
            ModuleScope::Operation(_) => quote!(super::#name),
        }
    }

    /// A name like this one that no type has in the module that is being written.
    pub fn free_name(&self, name: &str) -> String {
        let types = self.types_here().iter();
        let taken: HashSet<&str> = types.map(|id| &*self.module.get(*id).name).collect();
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| !taken.contains(name.as_str()));
        free.unwrap_or_else(|| name.to_owned())
    }

    /// Allows that something within an item has no documentation: a document that says nothing
    /// of it has nothing to say that its name does not. The module of an operation allows it as
    /// a whole.
    pub fn undocumented(&self, documented: &[TokenStream]) -> Option<TokenStream> {
        let has_none = documented.iter().any(TokenStream::is_empty);
        let is_allowed = matches!(self.scope, ModuleScope::Operation(_));
        (has_none && !is_allowed).then(|| quote!(#[allow(missing_docs)]))
    }

    fn declared(&self, member: &RustType) -> TokenStream {
        match member {
            RustType::Declared(id) => self.module.path_to(*id, self.scope),
            // They are paths, which the generator wrote.
            RustType::Existing(path) => path.parse().unwrap_or_default(),
            RustType::Option(inner) => {
                let inner = self.declared(inner);
                quote!(Option<#inner>)
            }
            RustType::Nullable(inner) => nullable(&self.declared(inner)),
            RustType::Box(inner) => {
                let inner = self.declared(inner);
                quote!(Box<#inner>)
            }
            RustType::Vec(item) => vec_of(&self.declared(item)),
            RustType::Map(value) => map_of(&self.declared(value)),
        }
    }

    /// A type as it is written where a value of it is given.
    pub fn spelled(&self, of: &TypeRef) -> TokenStream {
        match of {
            TypeRef::Declared(id) => self.module.path_to(*id, self.scope),
            TypeRef::Boolean => quote!(bool),
            TypeRef::Text => quote!(String),
            TypeRef::Any => quote!(::serde_json::Value),
            TypeRef::Object => quote!(::serde_json::Map<String, ::serde_json::Value>),
            TypeRef::Array(item) => vec_of(&self.spelled(item)),
            TypeRef::Map(value) => map_of(&self.spelled(value)),
            TypeRef::Nullable(value) => nullable(&self.spelled(value)),
            // They are paths, which the generator wrote.
            of => of
                .existing()
                .unwrap_or_default()
                .parse()
                .unwrap_or_default(),
        }
    }
}

/// A type that is emitted.
pub(super) struct EmittedType<'m> {
    context: Context<'m>,
    id: TypeId,
    pub declared: &'m Type,
    pub name: Ident,
}

impl<'m> Deref for EmittedType<'m> {
    type Target = Context<'m>;

    fn deref(&self) -> &Context<'m> {
        &self.context
    }
}

impl<'m> EmittedType<'m> {
    pub fn new(context: &Context<'m>, id: TypeId) -> Self {
        let declared = context.module.get(id);
        Self {
            context: *context,
            id,
            declared,
            name: ident(&declared.name),
        }
    }

    /// Its documentation, or else that it may do without; `rules` says in words what it accepts.
    pub fn docs(&self, rules: &[String]) -> TokenStream {
        let docs = docs::of_type(self.module, self.declared, rules);
        match docs.is_empty() {
            true => self.undocumented(&[docs]).unwrap_or_default(),
            false => docs,
        }
    }

    /// Allows that something within it has no documentation, unless it may do without itself.
    pub fn undocumented_within(&self, documented: &[TokenStream]) -> Option<TokenStream> {
        let has_docs = !docs::of_type(self.module, self.declared, &[]).is_empty();
        self.undocumented(documented).filter(|_| has_docs)
    }

    /// The types of a struct's fields, a union's alternatives or a tuple's items, or
    /// what another type wraps, as typify declares them.
    pub fn members(&self) -> impl Iterator<Item = TokenStream> {
        let members = self.declarations.members(self.id).iter();
        members.map(|member| self.context.declared(member))
    }

    /// Whether a member is in a box, since it may contain the type.
    pub fn is_boxed(&self, at: usize) -> bool {
        let members = self.declarations.members(self.id);
        matches!(members.get(at), Some(RustType::Box(_)))
    }

    /// How a variant holds what it is made of: in a box, or as it is.
    pub fn hold(&self, at: usize) -> &'static str {
        match self.is_boxed(at) {
            true => "boxed",
            false => "from",
        }
    }

    /// Whether it is this type.
    pub fn is(&self, of: &TypeRef) -> bool {
        *of == TypeRef::Declared(self.id)
    }

    /// Whether a member that may be missing and `null` has its value in a box.
    pub fn has_boxed_value(&self, at: usize) -> bool {
        let members = self.declarations.members(self.id);
        let Some(RustType::Option(member)) = members.get(at) else {
            return false;
        };
        matches!(&**member, RustType::Nullable(value) if matches!(**value, RustType::Box(_)))
    }

    /// Whether a caller makes values of it.
    pub fn is_given(&self) -> bool {
        self.given.has(self.id)
    }

    /// What makes a list or a map of a type that wraps one: of `any`, which may be changed, or
    /// of one that is `checked`.
    pub fn collection(&self, how: &str, of: &TypeRef) -> Option<TokenStream> {
        let (kind, of) = match of {
            TypeRef::Array(item) => ("list", self.spelled(item)),
            TypeRef::Map(value) => ("map", self.spelled(value)),
            _ => return None,
        };
        let (how, kind, name) = (ident(how), ident(kind), &self.name);
        Some(quote! { rt::collection! { #how #kind #name(#of) } })
    }

    /// Whether a guard looks at it.
    pub fn is_viewed(&self) -> bool {
        self.viewed.has(self.id)
    }
}

fn vec_of(item: &TokenStream) -> TokenStream {
    quote!(Vec<#item>)
}

fn nullable(value: &TokenStream) -> TokenStream {
    quote!(rt::Nullable<#value>)
}

fn map_of(value: &TokenStream) -> TokenStream {
    quote!(::std::collections::BTreeMap<String, #value>)
}
