//! A type of its own for the root of a schema: its errors say where they lie.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::impls::{decode_and_read, from, ident, serialize};
use crate::model::{Type, TypeRef};

pub(super) fn item(context: &Context<'_>, declared: &Type, inner: &TypeRef) -> TokenStream {
    let name = ident(&declared.name);
    let docs = context.docs(declared, &[]);
    let inner = context.spelled(inner);
    let wrap = from(&inner, &quote!(#name), &quote!(Self(value)));
    let unwrap = from(&quote!(#name), &inner, &quote!(value.0));
    let decode = decode_and_read(
        &name,
        &quote! { rt::Decode::decode(node, at, report).map(Self) },
        Some(&quote! { Ok(rt::Decode::read(deserializer)?.map(Self)) }),
    );
    let serialize = serialize(&name, &quote! { self.0.serialize(serializer) });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(pub #inner);
        #wrap
        #unwrap
        #decode
        #serialize
    }
}
