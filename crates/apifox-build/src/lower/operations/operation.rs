//! An operation: its request, its replies, and what is sent always.

use apifox_runtime::Location;

use super::accept::accept;
use super::responses::{bodiless, schemaless, success_media};
use crate::lower::lowering::Lowering;
use crate::model::{Docs, ErrorBody, Media, Operation, Shape, Struct, TypeId, TypeRef};
use apifox_document::api::{Body, Content, Endpoint, Parameter};
use apifox_document::media_type;
use apifox_document::schema::only_value;

impl<'d> Lowering<'d> {
    /// `None` when no types can be made for it; the problems are noted.
    pub(super) fn operation(&mut self, endpoint: &'d Endpoint) -> Option<Operation> {
        let mut headers = self.constant_headers(endpoint);
        let request = self.request(endpoint, &headers);
        let media = endpoint.body.as_ref().and_then(specific_json);
        headers.extend(media.map(|media| ("Content-Type".to_owned(), media)));
        let responses = self.responses(endpoint);
        let (request, responses) = (request?, responses?);
        let event = self.event(endpoint, &responses)?;
        let reply_headers = self.reply_headers(endpoint)?;
        let reply = success_media(endpoint);
        let response = self.body_by_status(endpoint, &responses, true);
        let response = response.unwrap_or(match reply {
            Media::Text(_) => TypeRef::Text,
            _ => TypeRef::Any,
        });
        let error = self.body_by_status(endpoint, &responses, false);
        Some(Operation {
            module: String::new(),
            in_own_module: false,
            is_incoming: false,
            name: String::new(),
            docs: Docs {
                title: endpoint.title.clone(),
                description: endpoint.description.clone(),
                is_deprecated: endpoint.is_deprecated,
                pointer: endpoint.pointer.clone(),
                ..Docs::default()
            },
            method: endpoint.method.clone(),
            path: endpoint.path.clone(),
            parameters: request.parameters,
            headers,
            security: endpoint.security.clone(),
            servers: endpoint.servers.clone(),
            body: request.media,
            files: request.files,
            encoding: request.encoding,
            reply,
            accept: accept(endpoint),
            models: self.model_names(request.id),
            request: request.id,
            response,
            error: error.map_or(ErrorBody::Unknown, ErrorBody::Described),
            bodiless: bodiless(endpoint, &responses),
            schemaless: schemaless(endpoint, &responses),
            responses,
            event,
            reply_headers,
            pages: self.source.settings.pages_of(endpoint).cloned(),
            paged: None,
            pointer: endpoint.pointer.clone(),
        })
    }

    /// The required headers that have one value only: nobody has to give them.
    fn constant_headers(&self, endpoint: &Endpoint) -> Vec<(String, String)> {
        let constant = |header: &Parameter| {
            let schema = self.source.api.json.pointer(&header.schema)?;
            let value = only_value(schema)?.as_str()?;
            Some((header.name.clone(), value.to_owned()))
        };
        let is_header = |given: &&Parameter| given.location == Location::Header && given.required;
        let headers = endpoint.parameters.iter().filter(is_header);
        headers.filter_map(constant).collect()
    }

    /// The strings that the request's field `model` may have.
    fn model_names(&self, request: TypeId) -> Vec<String> {
        let request = TypeRef::Declared(request);
        let body = self
            .as_struct(&request)
            .and_then(|request| field(request, "body"));
        let names = self.names_in(&request);
        let names = names.or_else(|| self.names_in(body?));
        names.unwrap_or_default()
    }

    /// The strings that the field `model` of a type may have, if it has such a field.
    fn names_in(&self, body: &TypeRef) -> Option<Vec<String>> {
        let model = field(self.as_struct(body)?, "model")?;
        let Shape::Constants(variants) = self.types.shape(model)? else {
            return None;
        };
        let names = variants.iter().filter_map(|variant| variant.value.as_str());
        Some(names.map(str::to_owned).collect())
    }
}

fn field<'s>(shape: &'s Struct, name: &str) -> Option<&'s TypeRef> {
    let found = shape.fields.iter().find(|field| field.name == name)?;
    Some(&found.of)
}

/// The media type of a body that is more than JSON, such as `application/vnd.api+json`.
fn specific_json(body: &Body) -> Option<String> {
    let used = body.contents.first()?;
    let sent = media_type::sent(&used.name);
    let is_named = sent.contains('/') && !media_type::plain(&sent).contains('*');
    let is_specific = is_named && sent != "application/json";
    (is_specific && matches!(used.content, Content::Json(_))).then_some(sent)
}
