//! One of several alternatives.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemEnum;

use super::{Context, decode_and_read, docs, from_text, ident, serialize};
use crate::model::{Additional, Shape, Struct, Type, TypeId, Union, Use};
use crate::shapes::argument;

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> TokenStream {
    let name = ident(&it.name);
    let declaration = declaration(context, id, it, union);
    let decide = ident(if union.exclusive { "one_of" } else { "any_of" });
    let alternatives = union.alternatives.iter().map(|it| {
        let variant = ident(&it.ident);
        let (of, make) = match it.of {
            Use::Null => (
                quote!(<rt::Null as rt::Decode>),
                quote!(|()| Self::#variant),
            ),
            _ => (quote!(rt::Decode), quote!(Self::#variant)),
        };
        quote!(|node, at, report| #of::decode(node, at, report).map(#make))
    });
    let decide = quote! { rt::#decide(node, at, report, &[#(#alternatives),*]) };
    let members = members(context, id, it, union);
    let read = members
        .is_some()
        .then(|| quote! { rt::read_object(deserializer) });
    let decode = decode_and_read(&name, &decide, read.as_ref());
    let arms = union.alternatives.iter().map(|it| {
        let variant = ident(&it.ident);
        match it.of {
            Use::Null => quote!(Self::#variant => serializer.serialize_unit()),
            _ => quote!(Self::#variant(value) => value.serialize(serializer)),
        }
    });
    let serialize = serialize(&name, &quote! { match self { #(#arms,)* } });
    let conversions = conversions(context, id, it, union);
    let text = union
        .alternatives
        .iter()
        .all(|it| is_text(context, &it.of))
        .then(|| text(context, it, union));
    quote! {
        #declaration
        #conversions
        #text
        #decode
        #members
        #serialize
    }
}

/// How an object is read where its first member tells which alternative it is: the
/// only one that may have such a member.
fn members(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> Option<TokenStream> {
    let name = ident(&it.name);
    let kinds: Vec<Kind<'_>> = union
        .alternatives
        .iter()
        .map(|it| Kind::of(context, &it.of))
        .collect();
    let arms = union.alternatives.iter().zip(&kinds).enumerate();
    let arms: Vec<TokenStream> = arms
        .filter_map(|(at, (alternative, kind))| {
            let others = || kinds.iter().enumerate().filter(move |(it, _)| *it != at);
            let Kind::Fields(shape) = kind else {
                return None;
            };
            let is_telling = |key: &&String| !others().any(|(_, it)| it.may_have(key));
            let keys: Vec<&String> = shape.fields.iter().map(|it| &it.name).collect();
            let keys: Vec<&String> = keys.into_iter().filter(is_telling).collect();
            let variant = ident(&alternative.ident);
            let make = match is_boxed(context, id, at) {
                true => quote!(|value| Self::#variant(Box::new(value))),
                false => quote!(Self::#variant),
            };
            (!keys.is_empty()).then(|| {
                quote! { #(Some(#keys))|* => Ok(rt::ReadObject::read_members(entries)?.map(#make)), }
            })
        })
        .collect();
    (!arms.is_empty()).then(|| {
        quote! {
            impl rt::ReadObject for #name {
                fn read_members<'de, A: ::serde::de::MapAccess<'de>>(
                    entries: &mut rt::Entries<'de, A>,
                ) -> Result<rt::Read<'de, Self>, A::Error> {
                    match entries.key() {
                        #(#arms)*
                        _ => rt::read_members_as_tree(entries),
                    }
                }
            }
        }
    })
}

/// What an alternative has to do with objects.
enum Kind<'m> {
    /// It is one with these fields.
    Fields(&'m Struct),
    /// It is never one.
    Never,
    /// It may be one of any kind.
    Unknown,
}

impl<'m> Kind<'m> {
    fn of(context: &Context<'m>, of: &Use) -> Self {
        match of {
            Use::Declared(id) => match &context.module.get(*id).shape {
                Shape::Struct(shape) => Self::Fields(shape),
                Shape::Whole(_)
                | Shape::Bounded(_)
                | Shape::Text(_)
                | Shape::Size(_)
                | Shape::Items(_)
                | Shape::Tuple(_)
                | Shape::Constants(_) => Self::Never,
                Shape::Union(_)
                | Shape::Suggestions(_)
                | Shape::Guarded(_)
                | Shape::Transparent(_)
                | Shape::Foreign(_) => Self::Unknown,
            },
            Use::Null | Use::Boolean | Use::Integer | Use::Number | Use::Text | Use::Array(_) => {
                Self::Never
            }
            Use::File | Use::Any | Use::Object | Use::Map(_) => Self::Unknown,
        }
    }

    /// Whether it may be an object with the member `key`.
    fn may_have(&self, key: &str) -> bool {
        match self {
            Self::Fields(shape) => {
                matches!(shape.additional, Additional::Allowed(_))
                    || shape.fields.iter().any(|it| it.name == key)
            }
            Self::Never => false,
            Self::Unknown => true,
        }
    }
}

fn declaration(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> TokenStream {
    let Some(declared) = context.declarations.enums.get(&id) else {
        return TokenStream::new();
    };
    let mut declared: ItemEnum = declared.clone();
    for (variant, model) in declared.variants.iter_mut().zip(&union.alternatives) {
        variant.ident = ident(&model.ident);
        variant.attrs.clear();
        if model.of == Use::Null {
            variant.fields = syn::Fields::Unit;
        }
    }
    let variants = declared.variants.iter().zip(&union.alternatives);
    let variants = variants.map(|(variant, model)| {
        let docs = match &model.of {
            Use::Declared(id) => docs::brief(&context.module.get(*id).docs, &[]),
            _ => TokenStream::new(),
        };
        let docs = if docs.is_empty() {
            docs::plain("The value.")
        } else {
            docs
        };
        quote!(#docs #variant)
    });
    let docs = context.docs(it, &[]);
    let name = ident(&it.name);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #name { #(#variants,)* }
    }
}

fn conversions(context: &Context<'_>, id: TypeId, it: &Type, union: &Union) -> TokenStream {
    let name = ident(&it.name);
    let uses = |of: &Use| union.alternatives.iter().filter(|it| it.of == *of).count();
    let alternatives = union.alternatives.iter().enumerate();
    let conversions = alternatives
        .filter(|(_, it)| it.of != Use::Null && uses(&it.of) == 1)
        .map(|(at, it)| {
            let (variant, of) = (ident(&it.ident), context.spelled(&it.of));
            let value = match is_boxed(context, id, at) {
                true => quote!(Box::new(value)),
                false => quote!(value),
            };
            quote! {
                impl From<#of> for #name {
                    fn from(value: #of) -> Self {
                        Self::#variant(#value)
                    }
                }
            }
        });
    quote! { #(#conversions)* }
}

/// Whether the value of a variant is in a box.
fn is_boxed(context: &Context<'_>, id: TypeId, at: usize) -> bool {
    let declared = context.declarations.enums.get(&id);
    let variant = declared.and_then(|it| it.variants.get(at));
    let field = variant.and_then(|it| it.fields.iter().next());
    field.is_some_and(|it| argument(&it.ty, "Box").is_some())
}

/// Whether every value of a type is a string that it can be read from.
fn is_text(context: &Context<'_>, of: &Use) -> bool {
    match of {
        Use::Declared(id) => match &context.module.get(*id).shape {
            Shape::Text(_) | Shape::Size(_) => true,
            Shape::Constants(variants) => variants.iter().all(|it| it.value.is_string()),
            _ => false,
        },
        _ => false,
    }
}

fn text(_: &Context<'_>, it: &Type, union: &Union) -> TokenStream {
    let name = ident(&it.name);
    let idents = union.alternatives.iter().map(|it| ident(&it.ident));
    let from_text = from_text(
        &name,
        &quote! {
            <Self as rt::Decode>::decode_root(&rt::Node::String(text.into()))
        },
    );
    quote! {
        #from_text
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { #(Self::#idents(value) => value.fmt(f),)* }
            }
        }
    }
}
