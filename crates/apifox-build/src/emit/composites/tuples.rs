//! Arrays of a fixed number of items, each of its own type.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::context::EmittedType;
use crate::emit::impls::{decode, ident, serialize};

pub fn item(emitted: &EmittedType<'_>, count: usize) -> TokenStream {
    let name = &emitted.name;
    let docs = emitted.docs(&[format!("An array of exactly {count} items.")]);
    let fields = emitted.members().map(|ty| quote!(pub #ty));
    let allowed = emitted.undocumented(&[TokenStream::new()]);
    let places: Vec<Literal> = (0..count).map(Literal::usize_unsuffixed).collect();
    let locals: Vec<_> = (1..=count).map(|at| ident(&format!("item_{at}"))).collect();
    let decode = decode(
        name,
        &quote! {
            let items = rt::array_of_length(#count, node, at, report)?;
            #(let #locals = rt::Decode::decode(&items[#places], at.index(#places), report);)*
            Some(Self(#(#locals?),*))
        },
    );
    let serialize = serialize(
        name,
        &quote! {
            use ::serde::ser::SerializeSeq as _;
            let mut items = serializer.serialize_seq(Some(#count))?;
            #(items.serialize_element(&self.#places)?;)*
            items.end()
        },
    );
    quote! {
        #docs
        #allowed
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#(#fields),*);
        #decode
        #serialize
    }
}
