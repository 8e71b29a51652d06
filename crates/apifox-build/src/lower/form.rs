//! Requests that are more than a JSON body: parameters, and the fields of forms.

use apifox_runtime::Location;

use super::{Hint, Lowering};
use crate::model::{Additional, Docs, Field, Media, Presence, Shape, Struct, Type, TypeId, Use};
use crate::names::{self, Scope};
use crate::schema::Schema;
use apifox_document::api::{self, Content, PartValue};

/// The type of a request's body, and how it is sent.
pub(super) struct Body {
    pub of: Use,
    pub media: Media,
    pub files: Vec<String>,
}

impl<'d> Lowering<'d> {
    /// The type of a request with these parameters, called `Request`: an object
    /// with a member for each location, and one for the body.
    pub(super) fn envelope(
        &mut self,
        parameters: &[&'d api::Parameter],
        endpoint: &'d api::Endpoint,
    ) -> Option<(TypeId, Option<Body>)> {
        let name = self.claim(&["Request".into()]);
        let id = self.reserved();
        let mut fields = Vec::new();
        for location in [
            Location::Path,
            Location::Query,
            Location::Header,
            Location::Cookie,
        ] {
            let of_location = parameters
                .iter()
                .copied()
                .filter(|it| it.location == location);
            let parameters: Vec<_> = of_location.collect();
            if !parameters.is_empty() {
                fields.push(self.location(location, &parameters)?);
            }
        }
        let body = match &endpoint.body {
            Some(body) => Some(self.body(&body.content)?),
            None => None,
        };
        if let (Some(body), Some(described)) = (&body, &endpoint.body) {
            fields.push(member("body", body.of.clone(), described.required));
        }
        let docs = Docs {
            description: Some(format!(
                "What a request to `{} {}` is made of.",
                endpoint.method, endpoint.path
            )),
            pointer: endpoint.pointer.clone(),
            ..Docs::default()
        };
        self.fill(id, name, docs, closed(fields));
        Some((id, body))
    }

    /// The field with all parameters of one location.
    fn location(&mut self, location: Location, parameters: &[&'d api::Parameter]) -> Option<Field> {
        let name = self.claim(&[names::type_name(location.name())]);
        let id = self.reserved();
        let mut idents = Scope::default();
        let mut fields = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let of = self.value(&parameter.schema, &parameter.name, &name)?;
            fields.push(Field {
                name: parameter.name.clone(),
                ident: idents.claim(&[names::field_name(&parameter.name)]),
                docs: self.described(&parameter.schema, parameter.description.as_deref()),
                of,
                presence: presence(parameter.required),
            });
        }
        let is_required = parameters.iter().any(|it| it.required);
        let of = self.fill(id, name, Docs::default(), closed(fields));
        Some(member(location.name(), of, is_required))
    }

    /// The type of a body, called `Body` where it is declared for it.
    fn body(&mut self, content: &'d Content) -> Option<Body> {
        let (of, media, files) = match content {
            Content::Json(schema) => (self.named(schema, "Body")?, Media::Json, Vec::new()),
            Content::Form { multipart, schema } => {
                (self.named(schema, "Body")?, form(*multipart), Vec::new())
            }
            Content::Fields { multipart, fields } => {
                let (of, files) = self.parts(fields)?;
                (of, form(*multipart), files)
            }
            Content::Text(media) => (Use::Text, Media::Text(media.clone()), Vec::new()),
            Content::Binary(media) => (Use::File, Media::Binary(media.clone()), Vec::new()),
        };
        Some(Body { of, media, files })
    }

    fn parts(&mut self, parts: &'d [api::Part]) -> Option<(Use, Vec<String>)> {
        let name = self.claim(&["Body".into()]);
        let id = self.reserved();
        let mut idents = Scope::default();
        let mut files = Vec::new();
        let mut fields = Vec::with_capacity(parts.len());
        for part in parts {
            let (of, docs) = match &part.value {
                PartValue::Schema(schema) => (
                    self.value(schema, &part.name, &name)?,
                    self.described(schema, part.description.as_deref()),
                ),
                PartValue::File | PartValue::Files => {
                    files.push(part.name.clone());
                    let of = match part.value {
                        PartValue::Files => Use::Array(Box::new(Use::File)),
                        _ => Use::File,
                    };
                    let description = part.description.clone();
                    (
                        of,
                        Docs {
                            description,
                            ..Docs::default()
                        },
                    )
                }
            };
            fields.push(Field {
                name: part.name.clone(),
                ident: idents.claim(&[names::field_name(&part.name)]),
                docs,
                of,
                presence: presence(part.required),
            });
        }
        let of = self.fill(id, name, Docs::default(), closed(fields));
        Some((of, files))
    }

    /// The type of the schema at a place, called `name` where it is declared for it.
    pub(super) fn named(&mut self, place: &str, name: &str) -> Option<Use> {
        let (of, _) = self.start(self.at(place)?, name)?;
        Some(of)
    }

    /// The type of a parameter or a field.
    fn value(&mut self, place: &str, name: &str, parent: &str) -> Option<Use> {
        let schema = self.at(place)?;
        self.within(schema, &Hint::new(name, parent))
    }

    fn described(&self, place: &str, description: Option<&str>) -> Docs {
        let own = self.at(place).map(|it| it.docs()).unwrap_or_default();
        let description = description.map(str::to_owned);
        Docs {
            description: own.description.clone().or(description),
            ..own
        }
    }

    /// The schema at a place of the document.
    pub(super) fn at(&self, place: &str) -> Option<Schema<'d>> {
        let value = self.document.pointer(place)?;
        Some(Schema::new(value, place.to_owned()))
    }

    /// A place for a type whose name was claimed.
    pub(super) fn reserved(&mut self) -> TypeId {
        self.types.push(None::<Type>);
        TypeId(self.types.len() - 1)
    }
}

fn closed(fields: Vec<Field>) -> Shape {
    Shape::Struct(Struct {
        fields,
        additional: Additional::Denied,
    })
}

fn member(name: &str, of: Use, required: bool) -> Field {
    Field {
        name: name.to_owned(),
        ident: name.to_owned(),
        docs: Docs::default(),
        of,
        presence: presence(required),
    }
}

fn presence(required: bool) -> Presence {
    if required {
        Presence::Required
    } else {
        Presence::Optional
    }
}

fn form(multipart: bool) -> Media {
    if multipart {
        Media::Multipart
    } else {
        Media::Form
    }
}
