//! Values that a document names, beside all others of their type.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::code_span::code_span;
use crate::emit::context::EmittedType;
use crate::emit::docs;
use crate::emit::impls::ident;
use crate::model::{Suggestions, TypeRef};

pub fn item(emitted: &EmittedType<'_>, known: &Suggestions) -> TokenStream {
    let (name, other) = (&emitted.name, ident(&known.other));
    let declaration = declaration(emitted, known);
    let variants = known.variants.iter().map(|variant| {
        let name = ident(&variant.ident);
        let value = match &variant.value {
            Value::Number(number) => literal(number.as_i64().map(Literal::i64_unsuffixed)),
            value => literal(value.as_str().map(Literal::string)),
        };
        quote!(#name = #value)
    });
    let kind = ident(match known.of {
        TypeRef::Text => "text",
        _ => "integer",
    });
    quote! {
        #declaration
        rt::suggestions! { #kind #name { #(#variants),* } else #other }
    }
}

fn literal(value: Option<Literal>) -> TokenStream {
    quote!(#value)
}

fn declaration(emitted: &EmittedType<'_>, known: &Suggestions) -> TokenStream {
    let variants = known.variants.iter().map(|variant| {
        let docs = docs::brief(&variant.docs, &[code_span(&variant.value.to_string())]);
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
