//! Requests: a JSON body, or more than that: parameters, and the fields of forms.

use apifox_runtime::Location;

use super::encodings::encodings;
use crate::code_span::code_span;
use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::lower::type_table::Reserved;
use crate::model::{
    Additional, Docs, Field, Items, Media, Parameter, Presence, Shape, Struct, TypeId, TypeRef,
};
use crate::names::{self, Scope};
use apifox_document::api::{
    self, Content, Endpoint, FieldEncoding, FileCount, FormKind, PartValue, Sequence,
};

/// A request's type, and how it is sent.
pub(super) struct Request {
    pub id: TypeId,
    pub parameters: Option<Vec<Parameter>>,
    pub media: Option<Media>,
    pub files: Vec<String>,
    pub encoding: Vec<FieldEncoding>,
}

/// The type of a request's body, and how it is sent.
struct Body {
    of: TypeRef,
    media: Media,
    files: Vec<String>,
    encoding: Vec<FieldEncoding>,
}

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
            && let Some(Content::Json(schema)) = body.content()
        {
            return Some(Request {
                id: self.root(self.at(schema)?, "Request")?,
                parameters: None,
                media: Some(Media::Json),
                files: Vec::new(),
                encoding: Vec::new(),
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
        for location in Location::ALL {
            let here = parameters.iter().filter(|given| given.location == location);
            let here: Vec<_> = here.copied().collect();
            if !here.is_empty() {
                fields.push(self.location(location, &here)?);
            }
        }
        let (mut media, mut files, mut encoding) = (None, Vec::new(), Vec::new());
        if let Some(described) = &endpoint.body {
            let body = self.body(described.content()?)?;
            fields.push(member("body", body.of, described.required));
            (media, files, encoding) = (Some(body.media), body.files, body.encoding);
        }
        self.fill(reserved, envelope_docs(endpoint), closed(fields));
        Some(Request {
            id,
            parameters: Some(parameters.iter().map(|given| parameter(given)).collect()),
            media,
            files,
            encoding,
        })
    }

    /// The field with all parameters of one location.
    fn location(&mut self, location: Location, parameters: &[&'d api::Parameter]) -> Option<Field> {
        let stem = shared_name(location, parameters);
        let reserved = self.reserve_shared(&names::type_name(location.name()), stem);
        let of = self.parameters(reserved, parameters)?;
        let is_required = parameters.iter().any(|parameter| parameter.required);
        Some(member(location.name(), of, is_required))
    }

    /// The type with a field for each of `parameters`.
    pub(super) fn parameters(
        &mut self,
        reserved: Reserved,
        parameters: &[&'d api::Parameter],
    ) -> Option<TypeRef> {
        let mut idents = Scope::default();
        let mut fields = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let (name, place) = (&parameter.name, &parameter.schema);
            let of = self.value(place, name, &reserved.1)?;
            let docs = self.described(
                place,
                parameter.description.as_ref(),
                parameter.is_deprecated,
            );
            fields.push(field(&mut idents, name, docs, of, parameter.required));
        }
        Some(self.fill(reserved, Docs::default(), closed(fields)))
    }

    /// The type of a body, called `Body` where it is declared for it.
    fn body(&mut self, content: &'d Content) -> Option<Body> {
        let (mut files, mut encoding) = (Vec::new(), Vec::new());
        let (of, media) = match content {
            Content::Json(schema) => (self.named_at(schema, "Body")?, Media::Json),
            Content::Form {
                kind,
                schema,
                fields,
                encoding: described,
            } => {
                encoding = encodings(kind, fields, described);
                (self.named_at(schema, "Body")?, form(kind))
            }
            Content::Fields {
                kind,
                fields,
                encoding: described,
            } => {
                let named = fields.iter().filter(|part| is_file(part));
                files.extend(named.map(|part| part.name.clone()));
                let names = fields.iter().map(|part| &part.name);
                encoding = encodings(kind, names, described);
                (self.parts(fields)?, form(kind))
            }
            Content::Text { media, schema } => {
                let of = match schema {
                    Some(schema) => self.named_at(schema, "Body")?,
                    None => TypeRef::Text,
                };
                (of, Media::Text(media.clone()))
            }
            Content::Sequence { media, values } => {
                let of = match values {
                    Sequence::All(schema) => self.named_at(schema, "Body")?,
                    Sequence::Each(schema) => {
                        TypeRef::Array(Box::new(self.named_at(schema, "BodyItem")?))
                    }
                };
                (of, Media::Sequence(media.clone()))
            }
            Content::Binary(media) => (TypeRef::File, Media::Binary(media.clone())),
        };
        Some(Body {
            of,
            media,
            files,
            encoding,
        })
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
            is_deprecated: part.is_deprecated,
            ..Docs::default()
        };
        Some(match &part.value {
            PartValue::Schema(place) => (
                self.value(place, &part.name, parent)?,
                self.described(place, part.description.as_ref(), part.is_deprecated),
            ),
            PartValue::File => (TypeRef::File, docs),
            PartValue::Files(count) => (self.files(&part.name, *count), docs),
        })
    }

    /// The type of a field of the form that is being made, which takes so many files.
    fn files(&mut self, name: &str, count: FileCount) -> TypeRef {
        if count == FileCount::default() {
            return TypeRef::Array(Box::new(TypeRef::File));
        }
        let reserved = self.reserve_named(&names::type_name(name));
        let items = Items {
            of: TypeRef::File,
            min_items: count.at_least,
            max_items: count.at_most,
            unique_items: false,
            contains: None,
        };
        self.fill(reserved, Docs::default(), Shape::Items(items))
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

    /// What is said of a parameter or a field, by itself or by its schema.
    fn described(&self, place: &str, description: Option<&String>, is_deprecated: bool) -> Docs {
        let own = self.at(place).map(|schema| schema.docs());
        let own = own.unwrap_or_default();
        Docs {
            description: own.description.or_else(|| description.cloned()),
            is_deprecated: is_deprecated || own.is_deprecated,
            ..own
        }
    }
}

/// How many parameters name what operations share; more would make a sentence.
const FEW: usize = 3;

/// What the parameters of one location are called that several operations have.
fn shared_name(location: Location, parameters: &[&api::Parameter]) -> String {
    let (named, others) = match parameters.len() {
        ..=FEW => (parameters, None),
        _ => (&parameters[..FEW - 1], Some("and_more")),
    };
    let named = named.iter().map(|parameter| parameter.name.as_str());
    let words: Vec<&str> = named.chain(others).chain([location.name()]).collect();
    names::type_name(&words.join("_"))
}

fn envelope_docs(endpoint: &Endpoint) -> Docs {
    let route = code_span(&format!("{} {}", endpoint.method, endpoint.path));
    Docs {
        description: Some(format!("What a request to {route} is made of.")),
        pointer: endpoint.pointer.clone(),
        ..Docs::default()
    }
}

pub(super) fn parameter(given: &api::Parameter) -> Parameter {
    Parameter {
        location: given.location,
        name: given.name.clone(),
        serialization: given.serialization,
    }
}

fn is_file(part: &api::Part) -> bool {
    matches!(part.value, PartValue::File | PartValue::Files(_))
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

fn form(kind: &FormKind) -> Media {
    match kind {
        FormKind::UrlEncoded => Media::Form,
        FormKind::FormData => Media::Multipart,
        FormKind::Multipart(media) => Media::Parts(media.clone()),
    }
}
