//! Enums of a few known values.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::ItemEnum;

use super::{Context, docs, from_text, ident};
use crate::model::{Type, TypeId, Variant};

pub(super) fn item(
    context: &Context<'_>,
    id: TypeId,
    it: &Type,
    variants: &[Variant],
) -> TokenStream {
    let name = ident(&it.name);
    let declaration = declaration(context, id, it, variants);
    let list = list(&name, variants);
    let conversions = conversions(it, variants);
    quote! {
        #declaration
        #list
        #conversions
    }
}

fn declaration(context: &Context<'_>, id: TypeId, it: &Type, variants: &[Variant]) -> TokenStream {
    let Some(declared) = context.declarations.enums.get(&id) else {
        return TokenStream::new();
    };
    let mut declared: ItemEnum = declared.clone();
    for (variant, model) in declared.variants.iter_mut().zip(variants) {
        variant.ident = ident(&model.ident);
        variant.attrs.clear();
    }
    let has_one_value = variants.len() == 1;
    let described = declared
        .variants
        .iter()
        .zip(variants)
        .map(|(variant, model)| {
            let docs = docs::brief(&model.docs, &[format!("`{}`", model.value)]);
            let default = has_one_value.then(|| quote!(#[default]));
            quote!(#docs #default #variant)
        });
    let docs = context.docs(it, &[]);
    let default = has_one_value.then(|| quote!(, Default));
    let name = ident(&it.name);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash #default)]
        pub enum #name { #(#described,)* }
    }
}

fn list(name: &Ident, variants: &[Variant]) -> TokenStream {
    let each = variants.iter().map(|it| {
        let (variant, constant) = (ident(&it.ident), constant_of(&it.value));
        quote!(#variant = #constant)
    });
    quote! { rt::constants! { #name: #(#each),* } }
}

pub(super) fn constant(value: &Value) -> TokenStream {
    let constant = constant_of(value);
    quote!(rt::Constant::#constant)
}

/// A constant by its variant of `rt::Constant`.
fn constant_of(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(Bool(#value)),
        Value::String(text) => quote!(Text(#text)),
        Value::Number(number) => match number.as_i64() {
            Some(value) => quote!(Integer(#value)),
            None => quote!(Null),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(Null),
    }
}

/// From and to the Rust type that all values share.
fn conversions(it: &Type, variants: &[Variant]) -> TokenStream {
    let name = ident(&it.name);
    let all = |is: fn(&Value) -> bool| variants.iter().all(|it| is(&it.value));
    if all(Value::is_string) {
        let read = quote! { rt::parse_constant(Self::ALL, Self::CONSTANTS, text) };
        let from_text = from_text(&name, &read);
        return quote! { #from_text };
    }
    if all(Value::is_boolean) && variants.len() == 2 {
        let find = |value: bool| variants.iter().find(|it| it.value == value);
        if let (Some(yes), Some(no)) = (find(true), find(false)) {
            let (yes, no) = (ident(&yes.ident), ident(&no.ident));
            return quote! {
                impl From<bool> for #name {
                    fn from(value: bool) -> Self {
                        if value { Self::#yes } else { Self::#no }
                    }
                }
                impl From<#name> for bool {
                    fn from(value: #name) -> Self {
                        value == #name::#yes
                    }
                }
            };
        }
    }
    TokenStream::new()
}
