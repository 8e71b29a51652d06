//! `Endpoint` for a request, and the list of all operations.

use apifox_runtime::Location;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::serialization::serialization;
use crate::emit::context::{Context, Documents};
use crate::emit::docs;
use crate::emit::impls::ident;
use crate::emit::literals::raw;
use crate::model::{
    ErrorBody, Media, Module, ModuleScope, Operation, Parameter, Response, TypeRef,
};
use apifox_document::api::{Credential, FieldEncoding, Server};

/// The name of the constant with the corrected document.
pub const DOCUMENT: &str = "DOCUMENT";
/// The name of the constant with the servers.
const SERVERS: &str = "SERVERS";

/// The corrected document, for the operations in it.
pub fn document(context: &Context<'_>) -> TokenStream {
    let module = context.module;
    let json = match context.documents {
        Documents::Beside => {
            let path = format!("documents/{}", module.file);
            quote!(include_str!(#path))
        }
        Documents::Within => raw(&module.document.to_string()),
    };
    let name = ident(DOCUMENT);
    let servers = servers(&module.servers);
    quote! { const #name: &str = #json; #servers }
}

pub fn endpoint(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let request = ident(&context.module.get(operation.request).name);
    let response = context.spelled(&operation.response);
    let error = error(context, &operation.error);
    let description = description(context, operation);
    let docs = docs::plain("What the document says of the operation.");
    let event = operation.event.as_ref().map(|of| {
        let of = context.spelled(of);
        quote! { impl rt::EventEndpoint for #request { type Event = #of; } }
    });
    // A constant: a static would compile every function that it points to, used or not.
    quote! {
        #docs
        pub const OPERATION: rt::Operation = rt::Operation {
            #description
            check_request: rt::check::<#request>,
            check_response: rt::check::<#response>,
            check_error: rt::check::<#error>,
            recode_request: rt::recoded!(#request),
            recode_response: rt::recoded!(#response),
            ..rt::Operation::ANY
        };
        impl rt::Endpoint for #request {
            type Response = #response;
            type Error = #error;
            const OPERATION: &'static rt::Operation = &OPERATION;
        }
        #event
    }
}

/// The fields of an operation that name no type of a body as a whole.
fn description(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let api = api(context.module);
    let Operation {
        name,
        method,
        path,
        files,
        models,
        pointer,
        ..
    } = operation;
    let parameters = operation.parameters.as_deref().map(parameters);
    let headers = operation.headers.iter();
    let headers = headers.map(|(name, value)| quote!((#name, #value)));
    let headers = member("headers", headers);
    let security = operation.security.iter().map(|set| {
        let set = set.iter().map(|required| credential(&required.credential));
        quote!(&[#(#set),*])
    });
    let security = member("security", security);
    let parameters = parameters.map(|parameters| quote!(parameters: Some(#parameters),));
    let body = operation.body.as_ref().map(media);
    let body = body.map(|body| quote!(body: Some(#body),));
    let reply = (operation.reply != Media::Json).then(|| media(&operation.reply));
    let reply = reply.map(|reply| quote!(reply: #reply,));
    let files = member("files", files.iter().map(|file| quote!(#file)));
    let models = member("models", models.iter().map(|model| quote!(#model)));
    let encoding = member("encoding", operation.encoding.iter().map(field_encoding));
    let servers = match &operation.servers[..] {
        [] => None,
        own if own == context.module.servers => Some(context.of_document(SERVERS)),
        own => Some(listed(own)),
    };
    let servers = servers.map(|servers| quote!(servers: #servers,));
    let document = context.of_document(DOCUMENT);
    let responses = responses(context, operation);
    quote! {
        api: #api,
        name: #name,
        method: #method,
        path: #path,
        #parameters
        #headers
        #security
        #body
        #files
        #encoding
        #reply
        #servers
        #models
        document: #document,
        pointer: #pointer,
        #responses
    }
}

/// A list as a field of the operation, unless it is empty.
fn member(name: &str, items: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let (name, items) = (ident(name), items.collect::<Vec<_>>());
    (!items.is_empty()).then(|| quote!(#name: &[#(#items),*],))
}

/// The API that operations are of: a document of many is one by itself.
fn api(module: &Module) -> String {
    let Module { api, name, .. } = module;
    match (module.is_collection, api.is_empty()) {
        (false, _) => api.clone(),
        (true, true) => name.clone(),
        (true, false) => format!("{api}/{name}"),
    }
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn error(context: &Context<'_>, error: &ErrorBody) -> TokenStream {
    match error {
        ErrorBody::Unknown => quote!(::serde_json::Value),
        ErrorBody::Described(of) => context.spelled(of),
        ErrorBody::Elsewhere(path) => {
            let own = matches!(context.scope, ModuleScope::Operation(_)).then_some(());
            let up = context.module.path.iter().map(|_| ()).chain(own);
            let up = up.map(|()| quote!(super::));
            let path = path.iter().map(|step| ident(step));
            quote!(#(#up)* #(#path)::*)
        }
    }
}

/// `Response` and `Error` name the bodies of replies, also where these are types
/// that others share.
pub fn aliases(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let error = match &operation.error {
        ErrorBody::Described(of) => Some(of),
        ErrorBody::Unknown | ErrorBody::Elsewhere(_) => None,
    };
    let success = "The body of a reply that reports success.";
    let failure = "The body of a reply that reports a failure.";
    [
        alias(context, "Response", success, Some(&operation.response)),
        alias(context, "Error", failure, error),
        alias(
            context,
            "Event",
            "What an event brings.",
            operation.event.as_ref(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn alias(
    context: &Context<'_>,
    name: &str,
    docs: &str,
    of: Option<&TypeRef>,
) -> Option<TokenStream> {
    let mut names = context
        .types_here()
        .iter()
        .map(|id| &context.module.get(*id).name);
    let is_taken = names.any(|taken| taken == name);
    let (name, of, docs) = (ident(name), context.spelled(of?), docs::plain(docs));
    (!is_taken).then(|| quote! { #docs pub type #name = #of; })
}

fn parameters(parameters: &[Parameter]) -> TokenStream {
    let parameters = parameters.iter().map(parameter);
    quote!(&[#(#parameters),*])
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let location = match parameter.location {
        Location::Path => quote!(Path),
        Location::Query => quote!(Query),
        Location::Header => quote!(Header),
        Location::Cookie => quote!(Cookie),
    };
    let serialization = serialization(parameter.serialization);
    let name = &parameter.name;
    quote! { rt::Parameter::new(rt::Location::#location, #name, #serialization) }
}

fn field_encoding(encoding: &FieldEncoding) -> TokenStream {
    let FieldEncoding {
        name,
        media,
        headers,
        ..
    } = encoding;
    let headers = headers.iter().map(|(name, value)| quote!((#name, #value)));
    let serialization = optional(encoding.serialization.map(serialization));
    quote! {
        rt::FieldEncoding {
            name: #name,
            serialization: #serialization,
            media: &[#(#media),*],
            headers: &[#(#headers),*],
        }
    }
}

/// The servers that the document lists, for all operations that have none of their own.
fn servers(servers: &[Server]) -> Option<TokenStream> {
    let (name, list) = (ident(SERVERS), listed(servers));
    let docs = docs::plain("The servers that the document lists.");
    (!servers.is_empty()).then(|| quote! { #docs pub const #name: &[rt::Server] = #list; })
}

fn listed(servers: &[Server]) -> TokenStream {
    let servers = servers.iter().map(server);
    quote!(&[#(#servers),*])
}

fn server(server: &Server) -> TokenStream {
    let url = &server.url;
    let description = server.description.as_deref().unwrap_or_default();
    let variables = server.variables.iter().map(|variable| {
        let (name, default, allowed) = (&variable.name, &variable.default, &variable.allowed);
        quote! {
            rt::ServerVariable { name: #name, default: #default, allowed: &[#(#allowed),*] }
        }
    });
    quote! {
        rt::Server { url: #url, description: #description, variables: &[#(#variables),*] }
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
        Media::Parts(name) => quote!(rt::Media::Parts(#name)),
        Media::Sequence(name) => quote!(rt::Media::Sequence(#name)),
        Media::Text(name) => quote!(rt::Media::Text(#name)),
        Media::Binary(name) => quote!(rt::Media::Binary(#name)),
    }
}

/// The replies, of which the beginning of each place is told once.
fn responses(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let replies = &operation.responses;
    let base = &replies.first()?.pointer;
    let base = &base[..base.rfind('/').map_or(0, |at| at + 1)];
    // Where they have nothing in common, each place is told whole.
    let is_common = replies.iter().all(|reply| reply.pointer.starts_with(base));
    let base = if is_common { base } else { "" };
    let each = replies.iter().map(|reply| {
        let Response {
            status,
            is_range,
            name,
            pointer,
            of,
            is_event: _,
        } = reply;
        let key = &pointer[base.len()..];
        let key = (key != status.to_string()).then(|| quote!(at #key));
        let range = is_range.then(|| quote!(is range));
        let name = (!name.is_empty()).then(|| quote!(named #name));
        let (status, of) = (Literal::u16_unsuffixed(*status), context.spelled(of));
        quote! { #status #key #range #name => #of }
    });
    Some(quote! { responses: rt::responses! { #base: #(#each),* }, })
}
