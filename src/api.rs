//! What the gateway and DashScope do their own way.

use std::path::PathBuf;

use apifox_client::{Api, BodyReader, Effect, Failure, LimitScope, RawReply, ReplyHead, Stage};
use apifox_runtime::{Node, Operation, Report, is_bodiless_status};
use reqwest::header::HeaderMap;

use crate::classify::{self, Verdict};
use crate::dashscope::{headers, storage};
use crate::error_body;
use crate::images::find;
use crate::images::input::check_images;
use crate::images::spool::{Intake, Spools};
use crate::limiter::questions;
use crate::tasks::place;
use crate::tasks::status::TaskStatus;

/// The headers in which one API or the other gives the id of a request.
const REQUEST_ID_HEADERS: [&str; 3] = [
    "x-oneapi-request-id",
    "x-request-id",
    "x-dashscope-request-id",
];

/// The gateway and DashScope, which need not be told apart.
pub(crate) struct ImageApi {
    /// Where long pictures of replies go as they come.
    pub spool: Option<PathBuf>,
    /// The region that requests go to, where there are several.
    pub region: Option<String>,
}

impl Api for ImageApi {
    /// What is not a question, and deletes nothing, has pictures made, which costs money. By HTTP
    /// a second `PUT` leaves things as the first did, but a vendor may bill both.
    fn effect(&self, operation: &Operation) -> Effect {
        match (operation.method, Effect::from_method(operation.method)) {
            ("PUT", _) | (_, Effect::NonIdempotent) => Effect::MayCost,
            (_, known) => known,
        }
    }

    fn headers(&self, _: &Operation, request: &Node<'_>) -> HeaderMap {
        headers::for_inputs(request)
    }

    fn check(&self, operation: &Operation, request: &Node<'_>, report: &mut Report) {
        for violation in check_images(operation, request) {
            report.add(violation);
        }
        if let Some(violation) = storage::check(request, self.region.as_deref()) {
            report.add(violation);
        }
    }

    /// Requests count for their model, and questions for themselves.
    fn limit_scope(&self, operation: &Operation, request: &Node<'_>) -> Option<LimitScope> {
        match self.effect(operation) {
            Effect::Safe => Some(questions(operation.api)),
            _ => Some(LimitScope {
                api: operation.api.to_owned(),
                name: model(operation, request)?,
            }),
        }
    }

    /// What was paid for is kept, even if the reply reports an error beside it. Where it
    /// does so by its status, pictures or a task prove that the request was taken all the
    /// same.
    fn failure(&self, reply: &RawReply<'_>) -> Option<Failure> {
        let reported = reply.json.and_then(error_body::read);
        let is_success = (200..300).contains(&reply.status);
        if !is_success && let Some(what) = proof(reply) {
            let error = reported.unwrap_or_default();
            let said = error.message.unwrap_or_default();
            return Some(Failure {
                stage: Stage::OutcomeUnknown,
                code: error.code,
                message: Some(format!("{what} came with HTTP {}: {said}", reply.status)),
                request_id: error.request_id,
                retry_once: false,
            });
        }
        if is_success && is_bodiless_status(reply.status) {
            // These APIs always have something to say.
            return Some(Failure {
                stage: Stage::Unreadable,
                ..Failure::default()
            });
        }
        if is_success && (reported.is_none() || brings_something(reply)) {
            return None;
        }
        let error = reported.unwrap_or_default();
        let Verdict { stage, retry_once } =
            classify::classify(&error, reply.status, reply.retry_after);
        Some(Failure {
            stage,
            code: error.code,
            message: self.explained(reply.status, error.message),
            request_id: error.request_id,
            retry_once,
        })
    }

    /// Pictures, and what a reply says of a task, are found in whatever came.
    fn salvages(&self, reply: &RawReply<'_>) -> bool {
        brings_something(reply)
    }

    fn request_id(&self, reply: &RawReply<'_>) -> Option<String> {
        let in_body = reply.json.and_then(|json| json.get("request_id")?.as_str());
        let in_headers = || {
            let mut names = REQUEST_ID_HEADERS.iter();
            names
                .find_map(|name| reply.headers.get(*name))?
                .to_str()
                .ok()
        };
        in_body.or_else(in_headers).map(str::to_owned)
    }

    fn body_reader<'a>(&'a self, head: &ReplyHead<'_>) -> Box<dyn BodyReader + 'a> {
        // Few replies that report a failure hold a picture: all of it stays in the body then.
        let has_pictures = (200..300).contains(&head.status) && head.expects_json;
        let directory = self.spool.as_deref().filter(|_| has_pictures);
        Box::new(Intake::new(directory))
    }
}

impl ImageApi {
    /// What the API says of a failure. A key of another region is refused like a wrong one,
    /// which no API says.
    fn explained(&self, status: u16, message: Option<String>) -> Option<String> {
        const UNAUTHORIZED: u16 = 401;
        match &self.region {
            Some(region) if status == UNAUTHORIZED => Some(format!(
                "{} (a key belongs to one region, and this was sent to {region})",
                message.as_deref().unwrap_or("the key was refused")
            )),
            _ => message,
        }
    }
}

/// Whether a reply is about a task or has pictures.
fn brings_something(reply: &RawReply<'_>) -> bool {
    reply.json.is_some_and(place::is_about_a_task) || has_pictures(reply)
}

/// What proves that a request was taken although the status of the reply says otherwise.
fn proof(reply: &RawReply<'_>) -> Option<&'static str> {
    if has_pictures(reply) {
        return Some("pictures");
    }
    let json = reply.json?;
    let status = place::status(json).map(|(_, status)| TaskStatus::new(status));
    let has_failed = matches!(
        status,
        Some(TaskStatus::Failed | TaskStatus::Canceled | TaskStatus::Unknown)
    );
    (place::id(json).is_some() && !has_failed).then_some("a task")
}

fn has_pictures(reply: &RawReply<'_>) -> bool {
    let spools = Spools::attached_to(reply.body);
    !find::find_in_reply(reply.status, reply.body.bytes.clone(), spools).is_empty()
}

/// The model that a request is for.
fn model(operation: &Operation, request: &Node<'_>) -> Option<String> {
    let body = match operation.parameters {
        Some(_) => request.get("body")?,
        None => request,
    };
    body.get("model")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use apifox_client::{Api as _, Effect};
    use apifox_runtime::Operation;

    use super::ImageApi;

    #[test]
    fn what_may_be_billed_is_not_sent_twice() {
        let api = ImageApi {
            spool: None,
            region: None,
        };
        let cases = [
            ("GET", Effect::Safe),
            ("HEAD", Effect::Safe),
            ("OPTIONS", Effect::Safe),
            ("QUERY", Effect::Safe),
            ("PUT", Effect::MayCost),
            ("DELETE", Effect::Idempotent),
            ("POST", Effect::MayCost),
            ("PATCH", Effect::MayCost),
            ("COPY", Effect::MayCost),
        ];
        for (method, effect) in cases {
            let operation = Operation {
                method,
                ..Operation::ANY
            };
            assert_eq!(api.effect(&operation), effect, "{method}");
        }
    }

    #[test]
    fn a_refused_key_may_be_one_of_another_region() {
        let api = |region: Option<&str>| ImageApi {
            spool: None,
            region: region.map(str::to_owned),
        };
        let said = || Some("Invalid API-key provided.".to_owned());
        assert_eq!(
            api(Some("cn-beijing")).explained(401, said()).as_deref(),
            Some(
                "Invalid API-key provided. (a key belongs to one region, and this was sent to \
                 cn-beijing)"
            )
        );
        assert_eq!(api(Some("cn-beijing")).explained(400, said()), said());
        assert_eq!(api(None).explained(401, said()), said());
    }
}
