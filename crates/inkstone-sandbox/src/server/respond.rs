//! From a request to an API to its reply: decided, recorded, drawn.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use serde_json::Value;

use crate::documents::api::Api;
use crate::documents::api_error::{ApiError, ErrorKind};
use crate::documents::role::Role;
use crate::http::authorization;
use crate::http::control_headers::{self, Control};
use crate::http::reply::Reply;
use crate::http::request_body::RequestBody;
use crate::journal::recorder::Recorded;
use crate::pictures::picture_reply;
use crate::pictures::render_job::RenderJob;
use crate::script::effect::{Metadata, Override};
use crate::server::answers::generation;
use crate::server::answers::task_routes;
use crate::server::answers::uploads;
use crate::server::call::{Answer, Call, Content};
use crate::server::override_reply;
use crate::server::render;

/// The reply, and how long the client is to wait for it.
///
/// The request is decided and recorded at once and answered later, so that a request
/// whose client gave up is in the journal all the same.
pub async fn respond(call: &Call<'_>, body: RequestBody) -> (Reply, Duration) {
    let control = Control::read(&call.head.headers);
    let own_delay = control
        .as_ref()
        .map_or(Duration::ZERO, |control| control.delay);
    let delay = own_delay + call.effect.transport.delay;
    let decision = control.and_then(|control| decide(call, &control, &body));
    let scripted = override_reply::build(call.effect, call.route.api, &call.request_id);
    let submitted = is_submitted(call, &decision);
    let status = match (&scripted, &decision) {
        (Some(reply), _) => reply.status,
        (None, Ok(answer)) => answer.status,
        (None, Err(error)) => error.status,
    };
    let recorded = Recorded {
        status: Some(status),
        submitted,
        step: call.effect.number,
        ..Recorded::new(call.head, Some(&body))
    };
    recorded.record(&call.state.journal);
    drop(body);
    let reply = match (scripted, decision) {
        (scripted, Ok(answer)) if submitted => submit(call, answer, scripted).await,
        (Some(reply), _) => reply,
        (None, Ok(answer)) => finish(call, answer).await,
        (None, Err(error)) => Reply::error(&error, call.route.api, &call.request_id),
    };
    (reply, delay)
}

fn scripted_override<'a>(call: &Call<'a>) -> Option<&'a Override> {
    call.effect.override_reply.as_ref()
}

/// Whether the real service would have gone to work: never for a request that
/// it would refuse.
fn is_submitted(call: &Call<'_>, decision: &Result<Answer, ApiError>) -> bool {
    let is_job = matches!(decision, Ok(Answer { job: Some(_), .. }));
    let is_after_work = scripted_override(call).is_none_or(Override::is_after_work);
    is_job && call.effect.submitted.unwrap_or(is_after_work)
}

async fn submit(call: &Call<'_>, mut answer: Answer, scripted: Option<Reply>) -> Reply {
    if let Some(task) = answer.task.take() {
        call.state.tasks.add(task);
    }
    match scripted {
        Some(reply) => reply,
        None => finish(call, answer).await,
    }
}

fn decide(call: &Call<'_>, control: &Control, body: &RequestBody) -> Result<Answer, ApiError> {
    if let Some(name) = &control.example {
        return example(call, name, control.status, body);
    }
    if let Some(status) = control.status {
        let message = format!("the sandbox was asked to answer {}", status.as_u16());
        return Err(ApiError::new(status, ErrorKind::Forced, message));
    }
    if call.route.role() == Role::Store {
        return uploads::store(call, body);
    }
    if !authorization::has_bearer(&call.head.headers) {
        return Err(ApiError::no_key());
    }
    check_region(call)?;
    let mut answer = match call.route.role() {
        Role::Generate | Role::Submit => generation::answer(call, control.encoding, body)?,
        // A query advances the task, so a script that answers instead must prevent it.
        _ if scripted_override(call).is_some() => Answer::new(Content::Json(Value::Null)),
        Role::Policy => uploads::policy(call)?,
        Role::Query | Role::List | Role::Cancel | Role::Models | Role::Store => {
            task_routes::answer(call)?
        }
    };
    if let Some(status) = call.effect.status {
        answer.status = status;
    }
    Ok(answer)
}

/// Refuses a key of another region, as the service does: like one that is wrong.
fn check_region(call: &Call<'_>) -> Result<(), ApiError> {
    let Some(region) = call.region() else {
        return Ok(());
    };
    match authorization::bearer(&call.head.headers) == Some(region.key.as_bytes()) {
        true => Ok(()),
        false => Err(ApiError::key("Invalid API-key provided.")),
    }
}

/// The example reply that a control header asks for.
fn example(
    call: &Call<'_>,
    name: &str,
    status: Option<StatusCode>,
    body: &RequestBody,
) -> Result<Answer, ApiError> {
    let model = body.model().map_or(Value::Null, Value::from);
    let document = match call.route.role().makes_pictures() {
        true => call.route.document(&model).ok(),
        false => call.route.only_document().ok(),
    };
    let examples = call.state.catalog.examples(call.route.api, document);
    let examples: Vec<_> = examples.collect();
    let Some(example) = examples.iter().find(|example| example.name == name) else {
        let known: Vec<_> = examples.iter().map(|each| &*each.name).collect();
        return Err(control_headers::unknown_example(name, &known));
    };
    Ok(Answer {
        status: status.unwrap_or(StatusCode::OK),
        ..Answer::new(Content::Text(example.data.clone()))
    })
}

async fn finish(call: &Call<'_>, answer: Answer) -> Reply {
    let job = answer.job.as_ref();
    let text = match answer.content {
        Content::Text(text) => text,
        Content::Json(reply) => edited(call, reply, job),
        Content::Base64(mut reply) => match draw(call, job).await {
            Ok(files) => {
                picture_reply::fill(&mut reply, files);
                edited(call, reply, job)
            }
            Err(error) => return Reply::error(&error, call.route.api, &call.request_id),
        },
    };
    Reply::json(answer.status, text).with_request_id(call.route.api, &call.request_id)
}

/// The pictures of a job, as base64.
async fn draw(call: &Call<'_>, job: Option<&RenderJob>) -> Result<Vec<String>, ApiError> {
    let mut files = Vec::new();
    for picture in job.into_iter().flat_map(|job| &job.pictures) {
        files.push(STANDARD.encode(render::png(call.state, *picture).await?));
    }
    Ok(files)
}

/// The text of a reply, with the changes of a script.
fn edited(call: &Call<'_>, mut reply: Value, job: Option<&RenderJob>) -> String {
    let effect = call.effect;
    let has_pictures = reply["data"][0]["task_id"].is_null();
    if let (Some(metadata), Some(job), Api::Gateway) = (effect.metadata, job, call.route.api)
        && has_pictures
    {
        let as_text = metadata == Metadata::Text;
        picture_reply::add_upstream(&mut reply, job, &call.request_id, as_text);
    }
    effect.edits.iter().for_each(|edit| edit.apply(&mut reply));
    reply.to_string()
}
