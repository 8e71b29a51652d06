//! Answers a request for pictures: with them, or with a task.

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::documents::document::Document;
use crate::documents::role::Role;
use crate::http::request_body::RequestBody;
use crate::pictures::encoding::PictureEncoding;
use crate::pictures::picture_reply;
use crate::pictures::render_job::{self, RenderJob};
use crate::server::answers::uploads;
use crate::server::call::{Answer, Call, Content};
use crate::server::validate;
use crate::tasks::gateway_reply;
use crate::tasks::stages;
use crate::tasks::task::Task;
use crate::tasks::task_reply;

/// The answer to a valid request; `encoding` is what its control header asks for.
pub fn answer(
    call: &Call<'_>,
    encoding: PictureEncoding,
    body: &RequestBody,
) -> Result<Answer, ApiError> {
    let (api, route) = (call.route.api, call.route);
    let json = validate::body(body)?;
    let document = route.document(&json["model"])?;
    validate::mode(route.api, document.role, &call.head.headers)?;
    validate::media_type(document, body, &call.head.headers)?;
    validate::parameters(document, route, call.head)?;
    let json = validate::document_body(document, body, json)?;
    uploads::check_inputs(call, &json)?;
    let is_tiny = call.state.is_tiny;
    let job = render_job::from_body(api, document, &json, &call.base_url(), is_tiny)?;
    if document.role == Role::Submit {
        return submission(call, document, job);
    }
    let encoding = match call.effect.encoding {
        PictureEncoding::Base64 => PictureEncoding::Base64,
        PictureEncoding::Url => encoding,
    };
    let reply = picture_reply::build(api, document, &job, encoding, &call.request_id)?;
    let content = match encoding {
        PictureEncoding::Url => Content::Json(reply),
        PictureEncoding::Base64 => Content::Base64(reply),
    };
    Ok(Answer {
        job: Some(job),
        ..Answer::new(content)
    })
}

fn submission(call: &Call<'_>, document: &Document, job: RenderJob) -> Result<Answer, ApiError> {
    let id = call.state.request_ids.next();
    let replies = match call.route.api {
        Api::DashScope => vec![task_reply::submitted(&id, &call.request_id)],
        Api::Gateway => gateway_reply::submitted(&id),
    };
    let stages = call.effect.stages.clone();
    let stages = stages.unwrap_or_else(stages::default_stages);
    let reply = picture_reply::first_allowed(document, replies)?;
    Ok(Answer {
        task: Some(Task::new(id, job.clone(), stages)),
        job: Some(job),
        ..Answer::new(Content::Json(reply))
    })
}
