//! `Endpoint` for a request, and all that the document says of its operation.

use apifox_runtime::Location;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};

use super::serialization::serialization;
use crate::emit::context::{Context, Documents};
use crate::emit::docs;
use crate::emit::impls::{ident, optional, unsuffixed};
use crate::emit::literals::raw;
use crate::model::{
    ErrorBody, Media, Module, ModuleScope, Operation, Paged, Parameter, Response, Shape, TypeRef,
};
use crate::names;
use crate::pages::{NextPage, Pages};
use apifox_document::api::{Credential, FieldEncoding, Server};

/// The name of the constant with the corrected document.
pub const DOCUMENT: &str = "DOCUMENT";
/// The name of the constant with the servers.
const SERVERS: &str = "SERVERS";

/// The corrected document, for the operations in it.
pub fn document(context: &Context<'_>) -> TokenStream {
    let module = context.module;
    let json = match context.documents {
        Documents::Beside(directory) => {
            let path = format!("{directory}/{}", module.file);
            quote!(include_str!(#path))
        }
        Documents::Within => raw(&module.document.to_string()),
    };
    let name = ident(DOCUMENT);
    let servers = servers(&module.servers);
    quote! { const #name: &str = #json; #servers }
}

/// All that the document says of an operation, in one call.
pub fn endpoint(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let request = ident(&context.module.get(operation.request).name);
    let response = context.spelled(&operation.response);
    let error = error(context, &operation.error);
    let aliases = aliases(context, operation);
    let api = api(context.module);
    let Operation {
        name,
        method,
        path,
        pointer,
        ..
    } = operation;
    let parameters = operation.parameters.as_deref().map(parameters);
    let responses = responses(context, operation);
    let others = others(context, operation);
    let document = context.of_document(DOCUMENT);
    let event = operation
        .event
        .as_ref()
        .map(|of| event(context, &request, of));
    let paged = operation.paged.as_ref();
    let paged = paged.map(|paged| self::paged(context, &request, paged));
    quote! {
        rt::endpoint! {
            #request: #method #path -> #response, #error;
            #aliases
            #api, #name, #pointer in #document;
            #parameters
            #responses
            #others
        }
        #event
        #paged
    }
}

/// What the events of a reply bring.
fn event(context: &Context<'_>, request: &Ident, of: &TypeRef) -> TokenStream {
    let of = context.spelled(of);
    let docs = docs::plain("What an event brings.");
    let alias = (!is_taken(context, "Event")).then(|| quote! { #docs pub type Event = #of; });
    quote! {
        impl rt::EventEndpoint for #request { type Event = #of; }
        #alias
    }
}

/// How the pages of a list follow each other.
fn paged(context: &Context<'_>, request: &Ident, paged: &Paged) -> TokenStream {
    let item = context.spelled(&paged.item);
    let Pages {
        parameter,
        next,
        items,
        more,
    } = &paged.pages;
    let next = match next {
        NextPage::Cursor(place) => quote!(Cursor(#place)),
        NextPage::LastItem(place) => quote!(LastItem(#place)),
        NextPage::Number(first) => quote!(Number(#first)),
        NextPage::Offset => quote!(Offset),
    };
    let more = optional(more.as_ref());
    quote! {
        impl rt::PagedEndpoint for #request {
            type Item = #item;
            const PAGES: rt::Pages = rt::Pages {
                parameter: #parameter,
                next: rt::NextPage::#next,
                items: #items,
                more: #more,
            };
        }
    }
}

/// The fields of an operation that few have.
fn others(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let Operation { files, models, .. } = operation;
    let headers = operation.headers.iter();
    let headers = headers.map(|(name, value)| quote!((#name, #value)));
    let security = operation.security.iter().map(|set| {
        let set = set.iter().map(|required| credential(&required.credential));
        quote!(&[#(#set),*])
    });
    let asks = operation.security.iter().flatten();
    let has_scopes = asks.into_iter().any(|required| !required.scopes.is_empty());
    let scopes = operation.security.iter().filter(|_| has_scopes).map(|set| {
        let scopes = set.iter().flat_map(|required| &required.scopes);
        quote!(&[#(#scopes),*])
    });
    let bodiless = operation.bodiless.iter();
    let bodiless = bodiless.map(|status| unsuffixed(*status).to_token_stream());
    let body = operation.body.as_ref().map(media);
    let reply = (operation.reply != Media::Json).then(|| media(&operation.reply));
    let servers = match &operation.servers[..] {
        [] => None,
        own if own == context.module.servers => Some(context.of_document(SERVERS)),
        own => Some(listed(own)),
    };
    let fields = [
        list("headers", headers),
        list("security", security),
        list("scopes", scopes),
        body.map(|body| quote!(body: Some(#body))),
        list("files", files.iter().map(|file| quote!(#file))),
        list("encoding", operation.encoding.iter().map(field_encoding)),
        reply.map(|reply| quote!(reply: #reply)),
        list(
            "accept",
            operation.accept.iter().map(|media| quote!(#media)),
        ),
        servers.map(|servers| quote!(servers: #servers)),
        list("bodiless", bodiless),
        list("schemaless", operation.schemaless.iter().map(span)),
        list("models", models.iter().map(|model| quote!(#model))),
    ];
    let fields: Vec<_> = fields.into_iter().flatten().collect();
    (!fields.is_empty()).then(|| quote!({ #(#fields),* }))
}

fn span((first, last): &(u16, u16)) -> TokenStream {
    let (first, last) = (unsuffixed(*first), unsuffixed(*last));
    quote!((#first, #last))
}

/// A list as a field of the operation, unless it is empty.
fn list(name: &str, items: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let (name, items) = (ident(name), items.collect::<Vec<_>>());
    (!items.is_empty()).then(|| quote!(#name: &[#(#items),*]))
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

/// `Response` and `Error` name the bodies of replies, also where these are types that others
/// share.
fn aliases(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let describes_error = matches!(operation.error, ErrorBody::Described(_));
    let names = [("Response", true), ("Error", describes_error)].into_iter();
    let free = names.filter(|(name, is_wanted)| *is_wanted && !is_taken(context, name));
    let free: Vec<Ident> = free.map(|(name, _)| ident(name)).collect();
    (!free.is_empty()).then(|| quote!(type #(#free),*;))
}

/// The same where nobody sends the operation.
pub fn bodies(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let error = match &operation.error {
        ErrorBody::Described(of) => Some(of),
        ErrorBody::Unknown | ErrorBody::Elsewhere(_) => None,
    };
    let success = "The body of a reply that reports success.";
    let failure = "The body of a reply that reports a failure.";
    let event = "What an event brings.";
    let all = [
        ("Response", success, Some(&operation.response)),
        ("Error", failure, error),
        ("Event", event, operation.event.as_ref()),
    ];
    let aliases = all.into_iter().filter_map(|(name, docs, of)| {
        let (of, docs) = (context.spelled(of?), docs::plain(docs));
        let is_free = !is_taken(context, name);
        let name = ident(name);
        is_free.then(|| quote! { #docs pub type #name = #of; })
    });
    aliases.collect()
}

/// Names the parameters of each location, also where they are of a type that others share.
pub fn locations(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let declared = context.module.get(operation.request);
    let (Shape::Struct(request), Some(_)) = (&declared.shape, &operation.parameters) else {
        return TokenStream::new();
    };
    let aliases = Location::ALL.iter().filter_map(|location| {
        let mut fields = request.fields.iter();
        let field = fields.find(|field| field.name == location.name())?;
        let name = names::type_name(location.name());
        let is_free = !is_taken(context, &name);
        let (name, of) = (ident(&name), context.spelled(&field.of));
        let docs = (context.scope == ModuleScope::Document).then(|| docs::plain("Parameters."));
        is_free.then(|| quote! { #docs pub type #name = #of; })
    });
    aliases.collect()
}

/// Whether a type of the module that is being written has this name.
fn is_taken(context: &Context<'_>, name: &str) -> bool {
    let mut types = context.types_here().iter();
    types.any(|id| context.module.get(*id).name == name)
}

/// The parameters, those one after the other that go to the same place together.
fn parameters(parameters: &[Parameter]) -> TokenStream {
    let groups = parameters.chunk_by(|a, b| a.location == b.location);
    let groups = groups.map(|group| {
        let location = group
            .first()
            .map_or(Location::Query, |first| first.location);
        let usual = location.default_serialization();
        let each = group.iter().map(|parameter| {
            let name = &parameter.name;
            let how = (parameter.serialization != usual).then(|| {
                let how = serialization(parameter.serialization);
                quote!(as #how)
            });
            quote!(#name #how)
        });
        let place = ident(&format!("{location:?}"));
        quote!(#place(#(#each),*))
    });
    quote!(parameters #(#groups),*;)
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
            is_text,
        } = reply;
        let key = &pointer[base.len()..];
        let key = (key != status.to_string()).then(|| quote!(at #key));
        let range = is_range.then(|| quote!(is range));
        let text = is_text.then(|| quote!(as text));
        let name = (!name.is_empty()).then(|| quote!(named #name));
        let (status, of) = (unsuffixed(*status), context.spelled(of));
        quote! { #status #key #range #text #name => #of }
    });
    let is_usual = base == format!("{}/responses/", operation.pointer);
    let base = (!is_usual).then(|| quote!(from #base:));
    Some(quote! { #base #(#each),*; })
}
