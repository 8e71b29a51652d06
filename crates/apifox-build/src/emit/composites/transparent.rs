//! A type of its own for the root of a schema: its errors say where they lie.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::from;
use crate::model::TypeRef;

pub fn item(emitted: &EmittedType<'_>, of: &TypeRef) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&[]);
    let inner: TokenStream = emitted.members().collect();
    let as_inner = match of {
        TypeRef::Text => {
            let from_str = from(quote!(&str), name, &quote!(Self(value.to_owned())));
            Some(quote! { rt::display_inner! { #name } #from_str })
        }
        TypeRef::Boolean | TypeRef::Integer | TypeRef::Number | TypeRef::Int(_) => {
            Some(quote! { rt::display_inner! { #name } })
        }
        of => emitted.collection("any", of),
    };
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(pub #inner);
        rt::transparent! { #name(#inner) }
        #as_inner
    }
}
