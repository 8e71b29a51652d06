//! Enums of a few known values.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::code_span::code_span;
use crate::emit::context::EmittedType;
use crate::emit::docs;
use crate::emit::impls::{from, ident};
use crate::model::{Docs, Variant};

pub fn item(emitted: &EmittedType<'_>, variants: &[Variant]) -> TokenStream {
    let name = &emitted.name;
    if let Some(constant) = only_constant(emitted, variants) {
        return constant;
    }
    let declaration = declaration(emitted, variants);
    let list = list(name, variants);
    let conversions = conversions(name, variants);
    quote! {
        #declaration
        #list
        #conversions
    }
}

/// A type of one string, of which there is no more to say.
fn only_constant(emitted: &EmittedType<'_>, variants: &[Variant]) -> Option<TokenStream> {
    let ([only], name) = (variants, &emitted.name) else {
        return None;
    };
    let has_docs = |docs: &Docs| docs.title.is_some() || docs.description.is_some();
    if emitted.derives_more || has_docs(&only.docs) || has_docs(&emitted.declared.docs) {
        return None;
    }
    let (variant, text) = (ident(&only.ident), only.value.as_str()?);
    Some(quote! { rt::constant! { pub enum #name { #variant = #text } } })
}

fn declaration(emitted: &EmittedType<'_>, variants: &[Variant]) -> TokenStream {
    let has_one_value = variants.len() == 1;
    let described = variants.iter().map(|variant| {
        let docs = docs::brief(&variant.docs, &[code_span(&variant.value.to_string())]);
        let default = has_one_value.then(|| quote!(#[default]));
        let variant = ident(&variant.ident);
        quote!(#docs #default #variant,)
    });
    let docs = emitted.docs(&[]);
    let default = has_one_value.then(|| quote!(, Default));
    let name = &emitted.name;
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash #default)]
        pub enum #name { #(#described)* }
    }
}

fn list(name: &Ident, variants: &[Variant]) -> TokenStream {
    if are_texts(variants) {
        let each = variants.iter().map(|variant| {
            let (name, text) = (ident(&variant.ident), variant.value.as_str());
            quote!(#name = #text)
        });
        return quote! { rt::constants! { #name { #(#each),* } } };
    }
    let each = variants.iter().map(|variant| {
        let (name, constant) = (ident(&variant.ident), kind_of_constant(&variant.value));
        quote!(#name = #constant)
    });
    quote! { rt::constants! { #name: #(#each),* } }
}

pub fn constant(value: &Value) -> TokenStream {
    let constant = kind_of_constant(value);
    quote!(rt::Constant::#constant)
}

/// A constant by its variant of `rt::Constant`.
fn kind_of_constant(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(Bool(#value)),
        Value::String(text) => quote!(Text(#text)),
        Value::Number(number) => match number.as_i64() {
            Some(value) => {
                let value = Literal::i64_unsuffixed(value);
                quote!(Integer(#value))
            }
            None => quote!(Null),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(Null),
    }
}

fn are_texts(variants: &[Variant]) -> bool {
    variants.iter().all(|variant| variant.value.is_string())
}

/// From and to `bool`, where there are both values of it.
fn conversions(name: &Ident, variants: &[Variant]) -> Option<TokenStream> {
    let [_, _] = variants else {
        return None;
    };
    let find = |value: bool| variants.iter().find(|variant| variant.value == value);
    let (yes, no) = (ident(&find(true)?.ident), ident(&find(false)?.ident));
    let choose = quote! { if value { Self::#yes } else { Self::#no } };
    let from_bool = from(quote!(bool), name, &choose);
    let to_bool = from(name, quote!(bool), &quote!(value == #name::#yes));
    Some(quote! { #from_bool #to_bool })
}
