//! What reads the headers of a reply.

use apifox_runtime::Location;
use proc_macro2::TokenStream;
use quote::quote;

use super::serialization::serialization;
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::impls::ident;
use crate::model::{ModuleScope, Operation, Parameter, ReplyHeaders, TypeId, TypeRef};

/// `ReplyHeaders` for the headers of each reply; once where replies share their type, which has
/// another name then.
pub fn items(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let replies = operation.reply_headers.iter();
    let each = replies.map(|reply| {
        let is_first = first(context, reply.id).is_some_and(|first| std::ptr::eq(first, reply));
        let implementation = is_first.then(|| implementation(context, reply));
        let alias = alias(context, reply);
        quote! { #implementation #alias }
    });
    each.collect()
}

/// The first of the headers that are of a type.
fn first<'m>(context: &Context<'m>, id: TypeId) -> Option<&'m ReplyHeaders> {
    let operations = context.module.operations.iter();
    let mut all = operations.flat_map(|operation| &operation.reply_headers);
    all.find(|reply| reply.id == id)
}

fn alias(context: &Context<'_>, reply: &ReplyHeaders) -> Option<TokenStream> {
    let declared = context.module.get(reply.id);
    let is_here = declared.scope == context.scope && declared.name == reply.name;
    let (name, of) = (
        ident(&reply.name),
        context.module.path_to(reply.id, context.scope),
    );
    let docs = (context.scope == ModuleScope::Document).then(|| docs::plain("Headers of a reply."));
    (!is_here).then(|| quote! { #docs pub type #name = #of; })
}

fn implementation(context: &Context<'_>, reply: &ReplyHeaders) -> TokenStream {
    let of = context.module.path_to(reply.id, context.scope);
    let headers = reply.headers.iter();
    let headers = headers.map(|(described, of)| header(context, described, of));
    quote! { rt::reply_headers! { #of: #(#headers),* } }
}

fn header(context: &Context<'_>, described: &Parameter, of: &TypeRef) -> TokenStream {
    let name = &described.name;
    let how = (described.serialization != Location::Header.default_serialization()).then(|| {
        let how = serialization(described.serialization);
        quote!(as #how)
    });
    let of = context.spelled(of);
    quote! { #name #how => #of }
}
