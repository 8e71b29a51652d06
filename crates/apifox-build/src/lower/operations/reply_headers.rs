//! The headers of replies, and the types of them.

use super::request::parameter;
use crate::lower::lowering::Lowering;
use crate::model::{ReplyHeaders, Struct, TypeRef};
use apifox_document::api::{Endpoint, Parameter, Response};
use apifox_runtime::Style;

impl<'d> Lowering<'d> {
    /// A type for the headers of each reply that has some.
    pub(super) fn reply_headers(&mut self, endpoint: &'d Endpoint) -> Option<Vec<ReplyHeaders>> {
        let replies = endpoint.responses.iter();
        let replies: Vec<_> = replies.filter(|reply| !reply.headers.is_empty()).collect();
        let mut made = Vec::with_capacity(replies.len());
        for reply in &replies {
            let headers: Vec<_> = reply.headers.iter().collect();
            let is_usual = |header: &&Parameter| header.serialization == Style::Simple.joined();
            let name = type_name(reply, replies.len());
            // Those of other replies may be the same; not where they are written another way.
            let reserved = match headers.iter().all(is_usual) {
                true => self.reserve_shared(&name, name.clone()),
                false => self.reserve_named(&name),
            };
            let (id, name) = reserved.clone();
            let of = self.parameters(reserved, &headers)?;
            let Some(Struct { fields, .. }) = self.as_struct(&of) else {
                continue;
            };
            let types: Vec<TypeRef> = fields.iter().map(|field| field.of.clone()).collect();
            made.push(ReplyHeaders {
                name,
                id,
                headers: headers.into_iter().map(parameter).zip(types).collect(),
            });
        }
        Some(made)
    }
}

/// What the type of a reply's headers is called, where `count` replies have some.
fn type_name(reply: &Response, count: usize) -> String {
    match (count, reply.status) {
        (1, _) => "ResponseHeaders".to_owned(),
        (_, 0) => "DefaultHeaders".to_owned(),
        (_, status) if reply.is_range => format!("Response{}xxHeaders", status / 100),
        (_, status) => format!("Response{status}Headers"),
    }
}
