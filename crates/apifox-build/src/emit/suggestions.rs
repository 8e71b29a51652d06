//! Values that a document names, beside all others of their type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemEnum;

use super::constants::constant;
use super::{Context, decode, docs, ident, serialize};
use crate::model::{Suggestions, Type, TypeId, Use};

pub(super) fn item(
    context: &Context<'_>,
    id: TypeId,
    it: &Type,
    known: &Suggestions,
) -> TokenStream {
    let name = ident(&it.name);
    let declaration = declaration(context, id, it, known);
    let of = context.spelled(&known.of);
    let other = ident(&known.other);
    let variants: Vec<_> = known.variants.iter().map(|it| ident(&it.ident)).collect();
    let constants: Vec<_> = known
        .variants
        .iter()
        .map(|it| constant(&it.value))
        .collect();
    let known_docs = docs::plain("The values that the document names, in its order.");
    let decode = decode(
        &name,
        &quote! { <#of as rt::Decode>::decode(node, at, report).map(Self::from) },
    );
    let serialize = serialize(
        &name,
        &quote! {
            match self {
                #(Self::#variants => #constants.serialize(serializer),)*
                Self::#other(value) => value.serialize(serializer),
            }
        },
    );
    let from = from(it, known);
    quote! {
        #declaration
        impl #name {
            #known_docs
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];
        }
        #from
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    #(Self::#variants => #constants.fmt_plain(f),)*
                    Self::#other(value) => value.fmt(f),
                }
            }
        }
        #decode
        #serialize
    }
}

fn declaration(context: &Context<'_>, id: TypeId, it: &Type, known: &Suggestions) -> TokenStream {
    let Some(declared) = context.declarations.enums.get(&id) else {
        return TokenStream::new();
    };
    let mut declared: ItemEnum = declared.clone();
    let named = known.variants.iter().map(|it| {
        let docs = docs::brief(&it.docs, &[format!("`{}`", it.value)]);
        (&it.ident, docs)
    });
    let other = (&known.other, docs::plain("Any other value."));
    let described =
        declared
            .variants
            .iter_mut()
            .zip(named.chain([other]))
            .map(|(variant, (name, docs))| {
                variant.ident = ident(name);
                variant.attrs.clear();
                quote!(#docs #variant)
            });
    let rule = "The document names these values, and accepts others as well.".to_owned();
    let docs = context.docs(it, &[rule]);
    let name = ident(&it.name);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #name { #(#described,)* }
    }
}

/// From the type of all values: a known one never becomes another.
fn from(it: &Type, known: &Suggestions) -> TokenStream {
    let name = ident(&it.name);
    let other = ident(&known.other);
    let variants = known.variants.iter().map(|it| ident(&it.ident));
    if known.of == Use::Text {
        let texts = known.variants.iter().filter_map(|it| it.value.as_str());
        return quote! {
            impl From<String> for #name {
                fn from(text: String) -> Self {
                    match text.as_str() {
                        #(#texts => Self::#variants,)*
                        _ => Self::#other(text),
                    }
                }
            }
            impl From<&str> for #name {
                fn from(text: &str) -> Self {
                    Self::from(text.to_owned())
                }
            }
        };
    }
    let numbers = known.variants.iter().filter_map(|it| it.value.as_i64());
    quote! {
        impl From<rt::Integer> for #name {
            fn from(value: rt::Integer) -> Self {
                match value.as_i64() {
                    #(Some(#numbers) => Self::#variants,)*
                    _ => Self::#other(value),
                }
            }
        }
        impl From<i64> for #name {
            fn from(value: i64) -> Self {
                Self::from(rt::Integer::from(value))
            }
        }
    }
}
