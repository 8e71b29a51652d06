//! Arrays of a fixed number of items, each of its own type.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::ident;

pub fn item(emitted: &EmittedType<'_>, count: usize) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&[format!("An array of exactly {count} items.")]);
    let fields = emitted.members().map(|ty| quote!(pub #ty));
    let allowed = emitted.undocumented(&[TokenStream::new()]);
    let places: Vec<Literal> = (0..count).map(Literal::usize_unsuffixed).collect();
    let locals: Vec<_> = (1..=count).map(|at| ident(&format!("item_{at}"))).collect();
    quote! {
        #docs
        #allowed
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#(#fields),*);
        impl rt::Decode for #name {
            const IS_COMPOSITE: bool = false;

            fn decode(
                node: &rt::Node<'_>,
                at: rt::Path<'_>,
                report: &mut rt::Report,
            ) -> Option<Self> {
                let items = rt::array_of_length(#count, node, at, report)?;
                #(let #locals = rt::Decode::decode(&items[#places], at.index(#places), report);)*
                Some(Self(#(#locals?),*))
            }
        }
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeSeq as _;
                let mut items = serializer.serialize_seq(Some(#count))?;
                #(items.serialize_element(&self.#places)?;)*
                items.end()
            }
        }
        rt::impl_deserialize! { #name }
    }
}
