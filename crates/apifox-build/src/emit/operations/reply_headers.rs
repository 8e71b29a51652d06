//! What reads the headers of a reply.

use proc_macro2::TokenStream;
use quote::quote;

use super::serialization::serialization;
use crate::emit::context::Context;
use crate::emit::impls::ident;
use crate::model::{Operation, Parameter, ReplyHeaders, TypeRef};

/// `ReplyHeaders` for the headers of each reply.
pub fn items(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let replies = operation.reply_headers.iter();
    replies
        .map(|reply| implementation(context, reply))
        .collect()
}

fn implementation(context: &Context<'_>, reply: &ReplyHeaders) -> TokenStream {
    let name = ident(&context.module.get(reply.id).name);
    let status = reply.status;
    let headers = reply.headers.iter();
    let headers = headers.map(|(described, of)| header(context, described, of));
    quote! {
        impl rt::ReplyHeaders for #name {
            const HEADERS: &'static [rt::ReplyHeader] = &[#(#headers),*];
            const STATUS: u16 = #status;
        }
    }
}

fn header(context: &Context<'_>, described: &Parameter, of: &TypeRef) -> TokenStream {
    let name = &described.name;
    let serialization = serialization(described.serialization);
    let of = context.spelled(of);
    quote! {
        rt::ReplyHeader { name: #name, serialization: #serialization, check: rt::check::<#of> }
    }
}
