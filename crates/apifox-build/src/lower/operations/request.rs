//! Requests: a JSON body, or more than that: parameters, and the fields of forms.

use apifox_runtime::Location;

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{
    Additional, Docs, Field, Media, Parameter, Presence, Shape, Struct, TypeId, TypeRef,
};
use crate::names::{self, Scope};
use apifox_document::api::{self, Content, Endpoint, PartValue};

/// A request's type, and how it is sent.
pub(super) struct Request {
    pub id: TypeId,
    pub parameters: Option<Vec<Parameter>>,
    pub media: Option<Media>,
    pub files: Vec<String>,
}

/// The type of a request's body, and how it is sent.
struct Body {
    of: TypeRef,
    media: Media,
    files: Vec<String>,
}

/// Where parameters stand, in the order of the fields for them.
const LOCATIONS: [Location; 4] = [
    Location::Path,
    Location::Query,
    Location::Header,
    Location::Cookie,
];

impl<'d> Lowering<'d> {
    /// The type of a request, but for the headers that are sent always.
    pub(super) fn request(
        &mut self,
        endpoint: &'d Endpoint,
        headers: &[(String, String)],
    ) -> Option<Request> {
        let is_sent_always = |given: &api::Parameter| {
            given.location == Location::Header
                && headers.iter().any(|(name, _)| *name == given.name)
        };
        let given = endpoint.parameters.iter();
        let given: Vec<_> = given.filter(|given| !is_sent_always(given)).collect();
        if let (true, Some(body)) = (given.is_empty(), &endpoint.body)
            && let Content::Json(schema) = &body.content
        {
            return Some(Request {
                id: self.root(self.at(schema)?, "Request")?,
                parameters: None,
                media: Some(Media::Json),
                files: Vec::new(),
            });
        }
        self.envelope(&given, endpoint)
    }

    /// The type of a request with these parameters, called `Request`: an object
    /// with a member for each location, and one for the body.
    fn envelope(
        &mut self,
        parameters: &[&'d api::Parameter],
        endpoint: &'d Endpoint,
    ) -> Option<Request> {
        let reserved = self.reserve_named("Request");
        let id = reserved.0;
        let mut fields = Vec::new();
        for location in LOCATIONS {
            let here = parameters.iter().filter(|given| given.location == location);
            let here: Vec<_> = here.copied().collect();
            if !here.is_empty() {
                fields.push(self.location(location, &here)?);
            }
        }
        let (mut media, mut files) = (None, Vec::new());
        if let Some(described) = &endpoint.body {
            let body = self.body(&described.content)?;
            fields.push(member("body", body.of, described.required));
            (media, files) = (Some(body.media), body.files);
        }
        self.fill(reserved, envelope_docs(endpoint), closed(fields));
        Some(Request {
            id,
            parameters: Some(parameters.iter().map(|given| parameter(given)).collect()),
            media,
            files,
        })
    }

    /// The field with all parameters of one location.
    fn location(&mut self, location: Location, parameters: &[&'d api::Parameter]) -> Option<Field> {
        let reserved = self.reserve_named(&names::type_name(location.name()));
        let mut idents = Scope::default();
        let mut fields = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let (name, place) = (&parameter.name, &parameter.schema);
            let of = self.value(place, name, &reserved.1)?;
            let docs = self.described(place, parameter.description.as_ref());
            fields.push(field(&mut idents, name, docs, of, parameter.required));
        }
        let is_required = parameters.iter().any(|parameter| parameter.required);
        let of = self.fill(reserved, Docs::default(), closed(fields));
        Some(member(location.name(), of, is_required))
    }

    /// The type of a body, called `Body` where it is declared for it.
    fn body(&mut self, content: &'d Content) -> Option<Body> {
        let mut files = Vec::new();
        let (of, media) = match content {
            Content::Json(schema) => (self.named_at(schema, "Body")?, Media::Json),
            Content::Form { multipart, schema } => {
                (self.named_at(schema, "Body")?, form(*multipart))
            }
            Content::Fields { multipart, fields } => {
                let named = fields.iter().filter(|part| is_file(part));
                files.extend(named.map(|part| part.name.clone()));
                (self.parts(fields)?, form(*multipart))
            }
            Content::Text(media) => (TypeRef::Text, Media::Text(media.clone())),
            Content::Binary(media) => (TypeRef::File, Media::Binary(media.clone())),
        };
        Some(Body { of, media, files })
    }

    /// The type of a form's parts, called `Body`.
    fn parts(&mut self, parts: &'d [api::Part]) -> Option<TypeRef> {
        let reserved = self.reserve_named("Body");
        let mut idents = Scope::default();
        let mut fields = Vec::with_capacity(parts.len());
        for part in parts {
            let (of, docs) = self.part(part, &reserved.1)?;
            fields.push(field(&mut idents, &part.name, docs, of, part.required));
        }
        Some(self.fill(reserved, Docs::default(), closed(fields)))
    }

    fn part(&mut self, part: &'d api::Part, parent: &str) -> Option<(TypeRef, Docs)> {
        let docs = Docs {
            description: part.description.clone(),
            ..Docs::default()
        };
        Some(match &part.value {
            PartValue::Schema(place) => (
                self.value(place, &part.name, parent)?,
                self.described(place, part.description.as_ref()),
            ),
            PartValue::File => (TypeRef::File, docs),
            PartValue::Files => (TypeRef::Array(Box::new(TypeRef::File)), docs),
        })
    }

    /// The type of the schema at a place, called `name` where it is declared for it.
    pub(super) fn named_at(&mut self, place: &str, name: &str) -> Option<TypeRef> {
        let (of, _) = self.named_root(self.at(place)?, name)?;
        Some(of)
    }

    /// The type of a parameter or a field.
    fn value(&mut self, place: &str, name: &str, parent: &str) -> Option<TypeRef> {
        let schema = self.at(place)?;
        self.whole_schema(schema, &Hint::new(name, parent))
    }

    fn described(&self, place: &str, description: Option<&String>) -> Docs {
        let own = self.at(place).map(|schema| schema.docs());
        let own = own.unwrap_or_default();
        Docs {
            description: own.description.or_else(|| description.cloned()),
            ..own
        }
    }
}

fn envelope_docs(endpoint: &Endpoint) -> Docs {
    let Endpoint { method, path, .. } = endpoint;
    Docs {
        description: Some(format!("What a request to `{method} {path}` is made of.")),
        pointer: endpoint.pointer.clone(),
        ..Docs::default()
    }
}

fn parameter(given: &api::Parameter) -> Parameter {
    Parameter {
        location: given.location,
        name: given.name.clone(),
        style: given.style,
    }
}

fn is_file(part: &api::Part) -> bool {
    matches!(part.value, PartValue::File | PartValue::Files)
}

fn closed(fields: Vec<Field>) -> Shape {
    Shape::Struct(Struct {
        fields,
        additional: Additional::Denied,
    })
}

fn member(name: &str, of: TypeRef, required: bool) -> Field {
    field(&mut Scope::default(), name, Docs::default(), of, required)
}

fn field(idents: &mut Scope, name: &str, docs: Docs, of: TypeRef, required: bool) -> Field {
    Field {
        name: name.to_owned(),
        ident: idents.claim(&[names::field_name(name)]),
        docs,
        of,
        presence: match required {
            true => Presence::Required,
            false => Presence::Optional,
        },
    }
}

fn form(multipart: bool) -> Media {
    match multipart {
        true => Media::Multipart,
        false => Media::Form,
    }
}
