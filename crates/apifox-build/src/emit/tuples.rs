//! Arrays of a fixed number of items, each of its own type.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, decode, docs, ident, serialize};
use crate::model::{Type, TypeId, Use};

pub(super) fn item(context: &Context<'_>, id: TypeId, it: &Type, items: &[Use]) -> TokenStream {
    let name = ident(&it.name);
    let docs = context.docs(it, &[format!("An array of exactly {} items.", items.len())]);
    let declared = context.declarations.structs.get(&id);
    let fields = declared.into_iter().flat_map(|it| &it.fields);
    let fields = fields.enumerate().map(|(at, field)| {
        let docs = docs::plain(&format!("Item {}.", at + 1));
        let ty = &field.ty;
        quote!(#docs pub #ty)
    });
    let count = items.len();
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
