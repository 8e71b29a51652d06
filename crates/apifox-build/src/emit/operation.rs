//! `Endpoint` for a request, and the list of all operations.

use apifox_runtime::{Location, Style};
use proc_macro2::TokenStream;
use quote::quote;

use super::literals::raw;
use super::{Context, Documents, docs, ident};
use crate::model::{ErrorBody, Media, Module, Operation, Parameter, Response, Space, Use};
use apifox_document::api::Credential;

/// The name of the constant with the corrected document.
const DOCUMENT: &str = "DOCUMENT";

/// The corrected document, for the operations in it.
pub(super) fn document(context: &Context<'_>) -> TokenStream {
    let module = context.module;
    if module.operations.is_empty() {
        return TokenStream::new();
    }
    let json = match context.documents {
        Documents::Beside => {
            let path = format!("documents/{}", module.file);
            quote!(include_str!(#path))
        }
        Documents::Within => raw(&format!("{:#}", module.document)),
    };
    let name = ident(DOCUMENT);
    quote! { const #name: &str = #json; }
}

pub(super) fn endpoint(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let Module { api, name, .. } = context.module;
    let api = match (context.module.is_collection, api.is_empty()) {
        (false, _) => api.clone(),
        (true, true) => name.clone(),
        (true, false) => format!("{api}/{name}"),
    };
    let Operation {
        name,
        method,
        path,
        models,
        pointer,
        files,
        ..
    } = operation;
    let document = context.of_document(DOCUMENT);
    let request = ident(&context.module.get(operation.request).name);
    let response = context.spelled(&operation.response);
    let error = error(context, &operation.error);
    let parameters = match &operation.parameters {
        Some(parameters) => {
            let parameters = parameters.iter().map(parameter);
            quote!(Some(&[#(#parameters),*]))
        }
        None => quote!(None),
    };
    let headers = operation
        .headers
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    let security = operation.security.iter().map(|set| {
        let set = set.iter().map(credential);
        quote!(&[#(#set),*])
    });
    let body = match &operation.body {
        Some(body) => {
            let body = media(body);
            quote!(Some(#body))
        }
        None => quote!(None),
    };
    let reply = media(&operation.reply);
    let responses = operation.responses.iter().map(|it| described(context, it));
    let docs = docs::plain("What the document says of the operation.");
    // A constant: a static would compile every function that it points to, used or not.
    quote! {
        #docs
        pub const OPERATION: rt::Operation = rt::Operation {
            api: #api,
            name: #name,
            method: #method,
            path: #path,
            parameters: #parameters,
            headers: &[#(#headers),*],
            security: &[#(#security),*],
            body: #body,
            files: &[#(#files),*],
            reply: #reply,
            models: &[#(#models),*],
            document: #document,
            pointer: #pointer,
            check_request: rt::check::<#request>,
            check_response: rt::check::<#response>,
            check_error: rt::check::<#error>,
            recode_request: rt::recoded!(#request),
            recode_response: rt::recoded!(#response),
            responses: &[#(#responses),*],
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

fn error(context: &Context<'_>, error: &ErrorBody) -> TokenStream {
    match error {
        ErrorBody::Unknown => quote!(::serde_json::Value),
        ErrorBody::Described(of) => context.spelled(of),
        ErrorBody::Elsewhere(path) => {
            let own = matches!(context.space, Space::Operation(_)).then_some(());
            let up = context.module.path.iter().map(|_| ()).chain(own);
            let up = up.map(|()| quote!(super::));
            let path = path.iter().map(|step| ident(step));
            quote!(#(#up)* #(#path)::*)
        }
    }
}

/// `Response` and `Error` name the bodies of replies, also where these are types
/// that others share.
pub(super) fn aliases(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let error = match &operation.error {
        ErrorBody::Described(of) => Some(of),
        ErrorBody::Unknown | ErrorBody::Elsewhere(_) => None,
    };
    let bodies = [
        (
            "Response",
            "The body of a reply that reports success.",
            Some(&operation.response),
        ),
        (
            "Error",
            "The body of a reply that reports a failure.",
            error,
        ),
    ];
    let alias = |(name, docs, of): (&str, &str, Option<&Use>)| {
        let of = of?;
        let here = context.types.get(&context.space).into_iter().flatten();
        let mut names = here.map(|id| &context.module.get(*id).name);
        if names.any(|it| it == name) {
            return None;
        }
        let (name, of, docs) = (ident(name), context.spelled(of), docs::plain(docs));
        Some(quote! { #docs pub type #name = #of; })
    };
    bodies.into_iter().filter_map(alias).collect()
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let location = match parameter.location {
        Location::Path => quote!(Path),
        Location::Query => quote!(Query),
        Location::Header => quote!(Header),
        Location::Cookie => quote!(Cookie),
    };
    let style = match parameter.style {
        Style::Exploded => quote!(Exploded),
        Style::Joined(by) => quote!(Joined(#by)),
        Style::DeepObject => quote!(DeepObject),
        Style::Json => quote!(Json),
    };
    let name = &parameter.name;
    quote! {
        rt::Parameter { location: rt::Location::#location, name: #name, style: rt::Style::#style }
    }
}

fn credential(credential: &Credential) -> TokenStream {
    match credential {
        Credential::Bearer => quote!(rt::Credential::Bearer),
        Credential::Basic => quote!(rt::Credential::Basic),
        Credential::Header(name) => quote!(rt::Credential::Header(#name)),
        Credential::Query(name) => quote!(rt::Credential::Query(#name)),
        Credential::Cookie(name) => quote!(rt::Credential::Cookie(#name)),
        Credential::Other(name) => quote!(rt::Credential::Other(#name)),
    }
}

fn media(media: &Media) -> TokenStream {
    match media {
        Media::Json => quote!(rt::Media::Json),
        Media::Form => quote!(rt::Media::Form),
        Media::Multipart => quote!(rt::Media::Multipart),
        Media::Text(name) => quote!(rt::Media::Text(#name)),
        Media::Binary(name) => quote!(rt::Media::Binary(#name)),
    }
}

fn described(context: &Context<'_>, response: &Response) -> TokenStream {
    let Response {
        status,
        name,
        pointer,
        of,
        is_event: _,
    } = response;
    let of = context.spelled(of);
    quote! {
        rt::Response { status: #status, name: #name, pointer: #pointer, check: rt::check::<#of> }
    }
}

/// The list of all operations, for those who choose one at run time.
pub(crate) fn registry(modules: &[Module]) -> TokenStream {
    let operations = modules.iter().flat_map(|module| {
        module.operations.iter().map(move |operation| {
            let own = module.is_collection.then_some(&operation.module);
            let path = module.path.iter().chain(own).map(|step| ident(step));
            quote!(&#(#path)::*::OPERATION)
        })
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
        pub const OPERATIONS: &[&::apifox_runtime::Operation] = &[#(#operations),*];
    }
}
