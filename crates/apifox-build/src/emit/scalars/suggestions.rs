//! Values that a document names, beside all others of their type.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::constants::constant;
use crate::emit::context::EmittedType;
use crate::emit::docs;
use crate::emit::impls::{decode, display, from, ident, serialize};
use crate::model::{Suggestions, TypeRef, Variant};

pub fn item(emitted: &EmittedType<'_>, known: &Suggestions) -> TokenStream {
    let name = &emitted.name;
    let declaration = declaration(emitted, known);
    let variants = known.variants.iter().map(|variant| ident(&variant.ident));
    let known_docs = docs::plain("The values that the document names, in its order.");
    let of = emitted.spelled(&known.of);
    let decode = decode(
        name,
        &quote! { <#of as rt::Decode>::decode(node, at, report).map(Self::from) },
    );
    let conversions = conversions(name, known);
    let display = display(
        name,
        &by_variant(known, &quote!(fmt_plain(f)), &quote!(fmt(f))),
    );
    let encode = quote!(serialize(serializer));
    let serialize = serialize(name, &by_variant(known, &encode, &encode));
    quote! {
        #declaration
        impl #name {
            #known_docs
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];
        }
        #conversions
        #display
        #decode
        #serialize
    }
}

fn declaration(emitted: &EmittedType<'_>, known: &Suggestions) -> TokenStream {
    let variants = known.variants.iter().map(|variant| {
        let docs = docs::brief(&variant.docs, &[format!("`{}`", variant.value)]);
        let variant = ident(&variant.ident);
        quote!(#docs #variant,)
    });
    let (other, other_docs) = (ident(&known.other), docs::plain("Any other value."));
    let values = emitted.members();
    let rule = "The document names these values, and accepts others as well.".to_owned();
    let docs = emitted.docs(&[rule]);
    let name = &emitted.name;
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #name { #(#variants)* #other_docs #other(#(#values),*) }
    }
}

/// A match that calls one method for a known constant, and another for other values.
fn by_variant(
    known: &Suggestions,
    of_constant: &TokenStream,
    of_value: &TokenStream,
) -> TokenStream {
    let arms = known.variants.iter().map(
        |Variant {
             ident: name, value, ..
         }| {
            let (variant, constant) = (ident(name), constant(value));
            quote!(Self::#variant => #constant.#of_constant,)
        },
    );
    let other = ident(&known.other);
    quote! {
        match self {
            #(#arms)*
            Self::#other(value) => value.#of_value,
        }
    }
}

/// From the type of all values: a known one never becomes another.
fn conversions(name: &Ident, known: &Suggestions) -> TokenStream {
    let other = ident(&known.other);
    let variants = known.variants.iter().map(|variant| ident(&variant.ident));
    let values = known.variants.iter().map(|variant| &variant.value);
    if known.of == TypeRef::Text {
        let texts = values.filter_map(Value::as_str);
        let choose = quote! {
            match value.as_str() {
                #(#texts => Self::#variants,)*
                _ => Self::#other(value),
            }
        };
        let owned = from(quote!(String), name, &choose);
        let borrowed = from(quote!(&str), name, &quote!(Self::from(value.to_owned())));
        return quote! { #owned #borrowed };
    }
    let numbers = values.filter_map(Value::as_i64);
    let choose = quote! {
        match value.as_i64() {
            #(Some(#numbers) => Self::#variants,)*
            _ => Self::#other(value),
        }
    };
    let integer = from(quote!(rt::Integer), name, &choose);
    let convert = quote!(Self::from(rt::Integer::from(value)));
    let small = from(quote!(i64), name, &convert);
    quote! { #integer #small }
}
