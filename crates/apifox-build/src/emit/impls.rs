//! The implementations that types of several shapes have, each around a body of its own.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::model::TypeRef;

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

pub(super) fn unsuffixed(value: impl Into<u64>) -> Literal {
    Literal::u64_unsuffixed(value.into())
}

pub(super) fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

pub(super) fn option(value: Option<u64>) -> TokenStream {
    optional(value.map(unsuffixed))
}

/// `Display` with the given body, which sees `self` and `f`.
pub(super) fn display(name: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #body
            }
        }
    }
}

/// `From` with the given body, which sees `value`.
pub(super) fn from(of: impl ToTokens, name: impl ToTokens, body: &TokenStream) -> TokenStream {
    quote! {
        impl From<#of> for #name {
            fn from(value: #of) -> Self {
                #body
            }
        }
    }
}

/// `FromStr`, and `TryFrom` of both kinds of strings by way of it.
pub(super) fn from_text(name: &Ident, body: &TokenStream) -> TokenStream {
    quote! { rt::from_text! { #name: |text| #body } }
}

/// Conversions from and to the plain types of numbers and strings.
pub(super) fn conversions(name: &Ident, of: &TypeRef) -> TokenStream {
    let from = match of {
        TypeRef::Integer => quote! { rt::try_from! { #name: i32, i64, u32, u64, usize } },
        TypeRef::Number => quote! { rt::try_from! { #name: i32, i64, u32, u64, f64 } },
        TypeRef::Text => quote! {
            rt::from_str! { #name: |text| Self::try_from(text.to_owned()) }
        },
        _ => return TokenStream::new(),
    };
    quote! {
        #from
        rt::display_inner! { #name }
    }
}
