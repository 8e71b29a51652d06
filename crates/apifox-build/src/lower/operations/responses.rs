//! The replies of an operation, and the types of their bodies.

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Alternative, Docs, Media, Response, Shape, Status, TypeRef, Union};
use crate::names::Scope;
use apifox_document::api::{self, Endpoint, Reply};
use apifox_runtime::is_bodiless_method;

impl<'d> Lowering<'d> {
    /// The types of all replies that have a schema.
    pub(super) fn responses(&mut self, endpoint: &'d Endpoint) -> Option<Vec<Response>> {
        if is_bodiless_method(&endpoint.method) {
            return Some(Vec::new());
        }
        let described = described(endpoint);
        let mut responses = Vec::with_capacity(described.len());
        // Then `Response` is which of them came.
        let is_schemaless = |reply: &api::Response| {
            endpoint.may_succeed(reply) && reply.content().schema().is_none()
        };
        let has_schemaless = endpoint.responses.iter().any(is_schemaless);
        for (reply, place) in &described {
            let kind = kind(endpoint, reply);
            let alike = described
                .iter()
                .filter(|(other, _)| is_of_kind(endpoint, other, kind));
            let is_alone = alike.count() == 1 && !(kind == "Response" && has_schemaless);
            let name = match (is_alone, reply.status) {
                (true, _) => kind.to_owned(),
                (_, 0) => format!("{kind}_default"),
                (_, status) if reply.is_range => format!("{kind}{}xx", status / 100),
                (_, status) => format!("{kind}{status}"),
            };
            responses.push(Response {
                status: reply.status,
                is_range: reply.is_range,
                name: reply.name.clone().unwrap_or_default(),
                pointer: reply.pointer.clone(),
                of: match place {
                    Some(place) => self.body_at(place, &name)?,
                    None => TypeRef::Any,
                },
                is_event: matches!(reply.content(), Reply::Events { .. }),
                is_text: matches!(reply.content(), Reply::Text { .. }),
            });
        }
        Some(responses)
    }

    /// The type of what comes as events in a reply that reports success, if anything does.
    /// The outer `None` is for one that can't be made.
    #[expect(
        clippy::option_option,
        reason = "the outer one is for what can't be made"
    )]
    pub(super) fn event(
        &mut self,
        endpoint: &'d Endpoint,
        responses: &[Response],
    ) -> Option<Option<TypeRef>> {
        if is_bodiless_method(&endpoint.method) {
            return Some(None);
        }
        let successes = endpoint.responses.iter();
        let successes: Vec<_> = successes
            .filter(|reply| endpoint.may_succeed(reply))
            .collect();
        let is_success = |one: &&Response| {
            let mut successes = successes.iter();
            one.is_event && successes.any(|reply| reply.pointer == one.pointer)
        };
        if let Some(alone) = responses.iter().find(is_success) {
            return Some(Some(alone.of.clone()));
        }
        let mut contents = successes.iter().flat_map(|reply| &reply.contents);
        // Beside a body that is preferred.
        let schema = contents.find_map(|media| match &media.content {
            Reply::Events { schema, .. } => Some(schema),
            _ => None,
        });
        match schema {
            Some(schema) => self.body_at(schema, "Event").map(Some),
            None => Some(None),
        }
    }

    fn body_at(&mut self, place: &str, name: &str) -> Option<TypeRef> {
        match self.source.api.is_shared {
            true => self.named_at(place, name),
            false => Some(TypeRef::Declared(self.root(self.at(place)?, name)?)),
        }
    }

    /// The type of the body of a reply that reports success, or else of one that does not,
    /// called `name` where it is made here: an alternative for each status, if these are of
    /// several types.
    pub(super) fn body_by_status(
        &mut self,
        endpoint: &Endpoint,
        responses: &[Response],
        succeeds: bool,
    ) -> Option<TypeRef> {
        let mut outcomes = outcomes(endpoint, responses, succeeds);
        let (_, first) = outcomes.iter().find(|(_, of)| *of != TypeRef::Null)?;
        if outcomes.iter().all(|(_, of)| of == first) {
            return outcomes.pop().map(|(_, of)| of);
        }
        // Operations whose replies are alike share the type.
        let name = if succeeds { "Response" } else { "Error" };
        let reserved = self.reserve(&Hint::new(name, ""));
        let statuses = outcomes.iter().map(|(status, _)| *status).collect();
        let mut idents = Scope::default();
        let alternative = |(status, of): (Status, TypeRef)| Alternative {
            ident: idents.claim(&[label(status)]),
            of,
        };
        let shape = Shape::Union(Union {
            exclusive: false,
            alternatives: outcomes.into_iter().map(alternative).collect(),
            statuses,
        });
        let docs = Docs {
            description: Some("The body of a reply, by its HTTP status.".into()),
            ..Docs::default()
        };
        Some(self.fill(reserved, docs, shape))
    }
}

/// The replies whose bodies have a type, with the places of their schemas. Beside a success that
/// has a schema, the body of one that has none may be anything: it is not the other's.
fn described(endpoint: &Endpoint) -> Vec<(&api::Response, Option<&String>)> {
    let replies = || endpoint.responses.iter();
    let is_body = |reply: &api::Response| {
        let is_event = matches!(reply.content(), Reply::Events { .. });
        reply.succeeds() && reply.content().schema().is_some() && !is_event
    };
    let has_body = replies().any(is_body);
    let is_anything =
        |reply: &api::Response| has_body && reply.succeeds() && !reply.contents.is_empty();
    let described = replies().filter_map(|reply| match reply.content().schema() {
        None => is_anything(reply).then_some((reply, None)),
        schema => Some((reply, schema)),
    });
    described.collect()
}

/// The statuses that report success, or those that do not, and the types of the bodies that
/// come with them. A success may have none; a failure without one says nothing to match on.
fn outcomes(endpoint: &Endpoint, responses: &[Response], succeeds: bool) -> Vec<(Status, TypeRef)> {
    let mut outcomes: Vec<(Status, TypeRef)> = Vec::new();
    for reply in endpoint.responses.iter().filter(|reply| match succeeds {
        true => endpoint.may_succeed(reply),
        false => !reply.succeeds(),
    }) {
        let of = match responses.iter().find(|one| one.pointer == reply.pointer) {
            // An event is no body.
            Some(described) if described.is_event => continue,
            Some(described) => described.of.clone(),
            None if succeeds && reply.contents.is_empty() => TypeRef::Null,
            None => continue,
        };
        let status = match reply.status {
            0 => Status::Others,
            status if reply.is_range => Status::Hundred(status),
            status => Status::One(status),
        };
        if !outcomes.iter().any(|(known, _)| *known == status) {
            outcomes.push((status, of));
        }
    }
    outcomes
}

fn label(status: Status) -> String {
    match status {
        Status::Others => "Default".to_owned(),
        Status::Hundred(status) => format!("Status{}xx", status / 100),
        Status::One(status) => format!("Status{status}"),
    }
}

/// Whether a reply is of this kind: what stands for all statuses may be an error as well.
fn is_of_kind(endpoint: &Endpoint, response: &api::Response, kind: &str) -> bool {
    let own = self::kind(endpoint, response);
    own == kind || own == "Response" && kind == "Error" && response.status == 0
}

/// What the type of a reply is called, unless there are several such.
fn kind(endpoint: &Endpoint, response: &api::Response) -> &'static str {
    match (response.content(), endpoint.may_succeed(response)) {
        (Reply::Events { .. }, _) => "Event",
        (_, true) => "Response",
        (_, false) => "Error",
    }
}

/// The statuses that HTTP has for a success, for those of a range.
const SUCCESSES: [u16; 10] = [200, 201, 202, 203, 204, 205, 206, 207, 208, 226];

/// The statuses that report success and are described without a body, or with one that is not
/// JSON, where others have JSON.
pub(super) fn bodiless(endpoint: &Endpoint, responses: &[Response]) -> Vec<u16> {
    let successes = || endpoint.responses.iter().filter(|reply| reply.succeeds());
    if !responses.iter().any(|one| (200..300).contains(&one.status)) {
        return Vec::new();
    }
    let is_json = success_media(endpoint) == Media::Json;
    let is_bodiless = |reply: &&api::Response| match reply.content() {
        Reply::Binary(_) => true,
        Reply::Text { .. } => is_json,
        Reply::Json(_) | Reply::Events { .. } => reply.contents.is_empty(),
    };
    let mut bodiless: Vec<u16> = Vec::new();
    for reply in successes().filter(is_bodiless) {
        let is_own = |status: &u16| successes().any(|one| !one.is_range && one.status == *status);
        match reply.is_range {
            true => bodiless.extend(SUCCESSES.iter().filter(|status| !is_own(status))),
            false => bodiless.push(reply.status),
        }
    }
    bodiless.sort_unstable();
    bodiless.dedup();
    bodiless
}

/// The statuses, each from a first to a last, that report no success and are described without
/// a schema, where their hundred or the default has one: that is not theirs.
pub(super) fn schemaless(endpoint: &Endpoint, responses: &[Response]) -> Vec<(u16, u16)> {
    let is_typed = |reply: &api::Response| {
        let mut typed = responses.iter();
        typed.any(|one| one.pointer == reply.pointer)
    };
    let is_wider = |reply: &api::Response, wider: &api::Response| {
        let is_own_hundred = wider.is_range && wider.status / 100 == reply.status / 100;
        is_typed(wider) && (wider.status == 0 || is_own_hundred && !reply.is_range)
    };
    let replies = || endpoint.responses.iter();
    let schemaless = replies().filter(|reply| {
        let is_failure = reply.status != 0 && !reply.succeeds();
        is_failure && !is_typed(reply) && replies().any(|wider| is_wider(reply, wider))
    });
    let statuses = schemaless.map(|reply| {
        let others = if reply.is_range { 99 } else { 0 };
        (reply.status, reply.status + others)
    });
    statuses.collect()
}

/// What a reply that reports success comes as.
pub(super) fn success_media(endpoint: &Endpoint) -> Media {
    if is_bodiless_method(&endpoint.method) {
        return Media::Json;
    }
    let mut replies = endpoint.responses.iter();
    let success = replies.find(|reply| endpoint.may_succeed(reply));
    match success.map(api::Response::content) {
        None | Some(Reply::Json(_)) => Media::Json,
        Some(Reply::Text { media, .. }) => Media::Text(media.clone()),
        Some(Reply::Events { media, .. }) => Media::Sequence(media.clone()),
        Some(Reply::Binary(media)) => Media::Binary(media.clone()),
    }
}
