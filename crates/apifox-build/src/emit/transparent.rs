//! A type of its own for the root of a schema: its errors say where they lie.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, decode_and_read, ident, serialize};
use crate::model::{Type, Use};

pub(super) fn item(context: &Context<'_>, it: &Type, of: &Use) -> TokenStream {
    let name = ident(&it.name);
    let docs = context.docs(it, &[]);
    let of = context.spelled(of);
    let decode = decode_and_read(
        &name,
        &quote! { rt::Decode::decode(node, at, report).map(Self) },
        Some(&quote! { Ok(rt::Decode::read(deserializer)?.map(Self)) }),
    );
    let serialize = serialize(&name, &quote! { self.0.serialize(serializer) });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(pub #of);
        impl From<#of> for #name {
            fn from(value: #of) -> Self {
                Self(value)
            }
        }
        impl From<#name> for #of {
            fn from(value: #name) -> Self {
                value.0
            }
        }
        #decode
        #serialize
    }
}
