//! What the library does its own way.

use apifox_client::{Api, Effect, Failure, RawReply, Stage};
use apifox_runtime::{Node, Operation};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

pub struct Library;

impl Api for Library {
    fn effect(&self, operation: &Operation) -> Effect {
        match operation.name {
            // Its document says that twice is the same as once.
            "renew" => Effect::Idempotent,
            _ => Effect::from_method(operation.method),
        }
    }

    fn headers(&self, _: &Operation, _: &Node<'_>) -> HeaderMap {
        let branch = HeaderName::from_static("x-library-branch");
        HeaderMap::from_iter([(branch, HeaderValue::from_static("north"))])
    }

    fn failure(&self, reply: &RawReply<'_>) -> Option<Failure> {
        let problem = reply.json?;
        let code = problem.get("code")?.as_u64()?;
        let text = |name: &str| Some(problem.get(name)?.as_str()?.to_owned());
        Some(Failure {
            stage: match code {
                // All hands are busy, whatever the status says.
                5001 => Stage::Throttled,
                _ => Stage::from_status(reply.status),
            },
            code: Some(code.to_string()),
            message: text("detail").or_else(|| text("title")),
            request_id: text("reference"),
            ..Failure::default()
        })
    }
}
