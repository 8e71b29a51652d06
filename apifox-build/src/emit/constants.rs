//! Enums of a few known values.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::ItemEnum;

use super::{Context, decode, docs, from_text, ident, serialize};
use crate::model::{Type, TypeId, Variant};

pub(super) fn item(
    context: &Context<'_>,
    id: TypeId,
    it: &Type,
    variants: &[Variant],
) -> TokenStream {
    let name = ident(&it.name);
    let declaration = declaration(context, id, it, variants);
    let list = list(variants);
    let conversions = conversions(it, variants);
    let decode = decode(
        &name,
        &quote! { rt::choose(Self::CONSTANTS, node, at, report) },
    );
    let serialize = serialize(&name, &quote! { self.constant().serialize(serializer) });
    quote! {
        #declaration
        impl #name { #list }
        #conversions
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.constant().fmt_plain(f)
            }
        }
        #decode
        #serialize
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

fn list(variants: &[Variant]) -> TokenStream {
    let idents: Vec<_> = variants.iter().map(|it| ident(&it.ident)).collect();
    let constants = variants.iter().map(|it| constant(&it.value));
    let docs = docs::plain("Every value, in the order of the document.");
    quote! {
        const CONSTANTS: &'static [(Self, rt::Constant)] = &[#((Self::#idents, #constants)),*];
        #docs
        pub const ALL: &'static [Self] = &[#(Self::#idents),*];
        const fn constant(self) -> rt::Constant {
            Self::CONSTANTS[self as usize].1
        }
    }
}

pub(super) fn constant(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(rt::Constant::Bool(#value)),
        Value::String(text) => quote!(rt::Constant::Text(#text)),
        Value::Number(number) => match number.as_i64() {
            Some(value) => quote!(rt::Constant::Integer(#value)),
            None => quote!(rt::Constant::Null),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => quote!(rt::Constant::Null),
    }
}

/// From and to the Rust type that all values share.
fn conversions(it: &Type, variants: &[Variant]) -> TokenStream {
    let name = ident(&it.name);
    let all = |is: fn(&Value) -> bool| variants.iter().all(|it| is(&it.value));
    if all(Value::is_string) {
        let from_text = from_text(&name, &quote! { rt::choose_text(Self::CONSTANTS, text) });
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
