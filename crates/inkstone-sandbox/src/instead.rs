//! What does a script answer in place of the right reply?

use hyper::StatusCode;

use crate::api::Api;
use crate::deliver::Reply;
use crate::fault::{Fault, Given, Kind};
use crate::step::{Effect, Instead, Wanted};

/// What the OSS says of a URL that has expired.
const EXPIRED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  \
    <Code>AccessDenied</Code>\n  <Message>Request has expired.</Message>\n  \
    <Expires>2026-11-20T00:00:00.000Z</Expires>\n</Error>\n";

/// What a step answers in place of the right reply, if it does.
pub fn of(effect: Option<&Effect>) -> Option<(&Effect, &Instead)> {
    let effect = effect?;
    effect.instead.as_ref().map(|instead| (effect, instead))
}

impl Instead {
    /// Whether it comes after the work was done, as far as anybody can know.
    pub fn is_after_work(&self) -> bool {
        match self {
            Self::Bytes(_) | Self::Page(_) => true,
            Self::Error(_) | Self::Redirect | Self::Expired => false,
        }
    }
}

pub fn reply(effect: &Effect, instead: &Instead, api: Api, request_id: &str) -> Reply {
    let status = |usual| effect.status.unwrap_or(usual);
    match instead {
        Instead::Error(wanted) => error(effect, wanted, api, request_id),
        Instead::Bytes(bytes) => {
            let reply = Reply::new(status(StatusCode::OK), "application/json", bytes.clone());
            reply.identified(api, request_id)
        }
        Instead::Page(page) => {
            let timeout = StatusCode::from_u16(524).unwrap_or(StatusCode::GATEWAY_TIMEOUT);
            Reply::new(status(timeout), "text/html", page.clone())
        }
        Instead::Redirect => {
            let status = status(StatusCode::TEMPORARY_REDIRECT);
            Reply::new(status, "text/plain", Vec::new()).identified(api, request_id)
        }
        Instead::Expired => {
            let status = status(StatusCode::FORBIDDEN);
            Reply::new(status, "application/xml", EXPIRED.into())
        }
    }
}

fn error(effect: &Effect, wanted: &Wanted, api: Api, request_id: &str) -> Reply {
    let given = Given {
        code: wanted.code.clone(),
        kind: wanted.kind.clone(),
    };
    let fault = Fault {
        given: Some(Box::new(given)),
        ..Fault::new(wanted.status, Kind::Forced, wanted.message.clone())
    };
    let mut body = fault.body(api, request_id);
    effect.edits.iter().for_each(|edit| edit.apply(&mut body));
    Reply::json(wanted.status, body.to_string()).identified(api, request_id)
}
