//! Arrays of a fixed number of items, each of its own type.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::context::Context;
use super::docs;
use super::impls::{decode, ident, serialize};
use crate::model::{Type, TypeId, TypeRef};

pub(super) fn item(
    context: &Context<'_>,
    id: TypeId,
    declared: &Type,
    items: &[TypeRef],
) -> TokenStream {
    let (name, count) = (ident(&declared.name), items.len());
    let docs = context.docs(declared, &[format!("An array of exactly {count} items.")]);
    let fields = context.members(id).enumerate().map(|(at, ty)| {
        let docs = docs::plain(&format!("Item {}.", at + 1));
        quote!(#docs pub #ty)
    });
    let places: Vec<Literal> = (0..count).map(Literal::usize_unsuffixed).collect();
    let locals: Vec<_> = (1..=count).map(|at| ident(&format!("item_{at}"))).collect();
    let decode = decode(
        &name,
        &quote! {
            let items = rt::array_of_length(#count, node, at, report)?;
            #(let #locals = rt::Decode::decode(&items[#places], at.index(#places), report);)*
            Some(Self(#(#locals?),*))
        },
    );
    let serialize = serialize(
        &name,
        &quote! {
            use ::serde::ser::SerializeSeq as _;
            let mut items = serializer.serialize_seq(Some(#count))?;
            #(items.serialize_element(&self.#places)?;)*
            items.end()
        },
    );
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name(#(#fields),*);
        #decode
        #serialize
    }
}
