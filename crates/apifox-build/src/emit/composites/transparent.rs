//! A type of its own for the root of a schema: its errors say where they lie.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::{decode_and_read, from, serialize};

pub fn item(emitted: &EmittedType<'_>) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&[]);
    let inner: TokenStream = emitted.members().collect();
    let wrap = from(&inner, name, &quote!(Self(value)));
    let unwrap = from(name, &inner, &quote!(value.0));
    let decode = decode_and_read(
        name,
        &quote! { rt::Decode::decode(node, at, report).map(Self) },
        Some(&quote! { Ok(rt::Decode::read(deserializer)?.map(Self)) }),
    );
    let serialize = serialize(name, &quote! { self.0.serialize(serializer) });
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
