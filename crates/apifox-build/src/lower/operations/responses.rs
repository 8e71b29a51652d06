//! The replies of an operation, and the types of their bodies.

use crate::lower::lowering::Lowering;
use crate::model::{Alternative, Docs, Media, Response, Shape, TypeRef, Union};
use crate::names::Scope;
use apifox_document::api::{self, Endpoint, Reply};

impl<'d> Lowering<'d> {
    /// The types of all replies that have a schema.
    pub(super) fn responses(&mut self, endpoint: &'d Endpoint) -> Option<Vec<Response>> {
        let described = |reply: &'d api::Response| Some((reply, reply.content().schema()?));
        let described: Vec<_> = endpoint.responses.iter().filter_map(described).collect();
        let mut responses = Vec::with_capacity(described.len());
        for (reply, place) in &described {
            let kind = kind(reply);
            let alike = described
                .iter()
                .filter(|(other, _)| kind == self::kind(other));
            let name = match (alike.count(), reply.status) {
                (1, _) => kind.to_owned(),
                (_, 0) => format!("{kind}_default"),
                (_, status) if reply.is_range => format!("{kind}{}xx", status / 100),
                (_, status) => format!("{kind}{status}"),
            };
            responses.push(Response {
                status: reply.status,
                is_range: reply.is_range,
                name: reply.name.clone().unwrap_or_default(),
                pointer: reply.pointer.clone(),
                of: self.body_at(place, &name)?,
                is_event: matches!(reply.content(), Reply::Events { .. }),
            });
        }
        Some(responses)
    }

    fn body_at(&mut self, place: &str, name: &str) -> Option<TypeRef> {
        match self.source.api.is_shared {
            true => self.named_at(place, name),
            false => Some(TypeRef::Declared(self.root(self.at(place)?, name)?)),
        }
    }

    /// The type of any of several bodies, called `name` where it is made here.
    pub(super) fn one_of_bodies<'r>(
        &mut self,
        responses: impl Iterator<Item = &'r Response>,
        name: &str,
    ) -> Option<TypeRef> {
        let mut alternatives = alternatives(responses);
        if alternatives.len() < 2 {
            return alternatives.pop().map(|only| only.of);
        }
        let reserved = self.reserve_named(name);
        let shape = Shape::Union(Union {
            exclusive: false,
            alternatives,
        });
        let docs = Docs {
            description: Some("The first of these that a body fits.".into()),
            ..Docs::default()
        };
        Some(self.fill(reserved, docs, shape))
    }
}

/// An alternative for each type of body.
fn alternatives<'r>(responses: impl Iterator<Item = &'r Response>) -> Vec<Alternative> {
    let mut idents = Scope::default();
    let mut alternatives: Vec<Alternative> = Vec::new();
    for response in responses {
        if alternatives.iter().any(|other| other.of == response.of) {
            continue;
        }
        let ident = match response.status {
            0 => "Default".to_owned(),
            status if response.is_range => format!("Status{}xx", status / 100),
            status => format!("Status{status}"),
        };
        alternatives.push(Alternative {
            ident: idents.claim(&[ident]),
            of: response.of.clone(),
        });
    }
    alternatives
}

/// What the type of a reply is called, unless there are several such.
fn kind(response: &api::Response) -> &'static str {
    match (response.content(), response.succeeds()) {
        (Reply::Events { .. }, _) => "Event",
        (_, true) => "Response",
        (_, false) => "Error",
    }
}

/// What a reply that reports success comes as.
pub(super) fn success_media(endpoint: &Endpoint) -> Media {
    let success = endpoint.responses.iter().find(|reply| reply.succeeds());
    match success.map(api::Response::content) {
        None | Some(Reply::Json(_)) => Media::Json,
        Some(Reply::Text { media, .. }) => Media::Text(media.clone()),
        Some(Reply::Events { media, .. }) => Media::Sequence(media.clone()),
        Some(Reply::Binary(media)) => Media::Binary(media.clone()),
    }
}
