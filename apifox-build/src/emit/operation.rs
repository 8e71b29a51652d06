//! `Endpoint` for a request, and the list of all operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::guarded::raw;
use super::{Context, Documents, docs, ident};
use crate::model::{Module, Operation};

pub(super) fn endpoint(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let Module {
        api, name, file, ..
    } = context.module;
    let document = match context.documents {
        Documents::Beside => {
            let path = format!("documents/{file}");
            quote!(include_str!(#path))
        }
        Documents::Within => raw(&operation.document),
    };
    let Operation {
        method,
        path,
        models,
        ..
    } = operation;
    let request = ident(&context.module.get(operation.request).name);
    let response = ident(&context.module.get(operation.response).name);
    let error = match &operation.error {
        Some(path) => {
            let up = context.module.path.iter().map(|_| quote!(super::));
            let path = path.iter().map(|step| ident(step));
            quote!(#(#up)* #(#path)::*)
        }
        None => quote!(::serde_json::Value),
    };
    let docs = docs::plain("What the document says of the operation.");
    quote! {
        #docs
        pub static OPERATION: rt::Operation = rt::Operation {
            api: #api,
            name: #name,
            method: #method,
            path: #path,
            models: &[#(#models),*],
            document: #document,
            check_request: rt::check::<#request>,
            check_response: rt::check::<#response>,
            check_error: rt::check::<#error>,
            recode_request: rt::recode::<#request>,
            recode_response: rt::recode::<#response>,
        };
        impl rt::Endpoint for #request {
            type Response = #response;
            type Error = #error;
            const METHOD: &'static str = #method;
            const PATH: &'static str = #path;
            const OPERATION: &'static rt::Operation = &OPERATION;
        }
    }
}

/// The list of all operations, for those who choose one at run time.
pub(crate) fn registry(modules: &[Module]) -> TokenStream {
    let operations = modules
        .iter()
        .filter(|it| it.operation.is_some())
        .map(|module| {
            let path = module.path.iter().map(|step| ident(step));
            quote!(&#(#path)::*::OPERATION)
        });
    let documents = modules.iter().map(
        |Module {
             api, name, file, ..
         }| {
            let path = format!("documents/{file}");
            quote! {
                ::apifox_runtime::Document {
                    api: #api,
                    name: #name,
                    json: include_str!(#path),
                }
            }
        },
    );
    let documents_docs = docs::plain("Every document as it was corrected, sorted by file.");
    let docs = docs::plain("Every operation of every document, sorted by file.");
    quote! {
        #documents_docs
        pub static DOCUMENTS: &[::apifox_runtime::Document] = &[#(#documents),*];
        #docs
        pub static OPERATIONS: &[&::apifox_runtime::Operation] = &[#(#operations),*];
    }
}
