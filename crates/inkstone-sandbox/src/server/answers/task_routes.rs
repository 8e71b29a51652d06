//! Answers queries, lists and cancellations of tasks, and the list of models.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::documents::path_template;
use crate::documents::role::Role;
use crate::pictures::picture_reply;
use crate::server::call::{Answer, Call, Content};
use crate::server::validate;
use crate::tasks::filter::Filter;
use crate::tasks::gateway_reply;
use crate::tasks::stages::Status;
use crate::tasks::task_reply;

const PAGE_SIZE: usize = 10;
const LARGEST_PAGE: usize = 100;

pub fn answer(call: &Call<'_>) -> Result<Answer, ApiError> {
    let document = call.route.only_document()?;
    validate::parameters(document, call.route, call.head)?;
    let replies = match call.route.role() {
        Role::Cancel => vec![cancel(call)?],
        Role::List => vec![list(call)?],
        Role::Models => vec![models(call)?],
        _ => query(call)?,
    };
    let reply = picture_reply::first_allowed(document, replies)?;
    Ok(Answer::new(Content::Json(reply)))
}

/// The task's id: the value of the path's only parameter.
fn task_id(call: &Call<'_>) -> String {
    path_template::first_value(&call.route.path, call.head.uri.path()).unwrap_or_default()
}

/// A task as its API tells of it, in each of the forms that there are.
fn query(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    let id = task_id(call);
    let task = call.state.tasks.poll(&id);
    Ok(match (call.route.api, task) {
        (Api::DashScope, Some(task)) => vec![task_reply::queried(&task, &call.request_id)],
        (Api::DashScope, None) => vec![task_reply::unknown(&id, &call.request_id)],
        (Api::Gateway, Some(task)) if task.status() != Status::Unknown => {
            gateway_reply::queried(&task)
        }
        (Api::Gateway, _) => {
            let message = format!("task {id} not found");
            let status = StatusCode::NOT_FOUND;
            return Err(ApiError::coded(status, "task_not_found", message));
        }
    })
}

fn cancel(call: &Call<'_>) -> Result<Value, ApiError> {
    let id = task_id(call);
    match call.state.tasks.cancel(&id) {
        Ok(()) => Ok(json!({"request_id": call.request_id})),
        Err(status) => {
            let message = format!(
                "Failed to cancel the task, please confirm if the task is in PENDING status: \
                 it is {}",
                status.name()
            );
            let code = "UnsupportedOperation";
            Err(ApiError::coded(StatusCode::BAD_REQUEST, code, message))
        }
    }
}

fn list(call: &Call<'_>) -> Result<Value, ApiError> {
    let query = call.head.uri.query().unwrap_or_default();
    let given = |name| path_template::query(query, name);
    let (page, size) = page(query)?;
    let filter = Filter {
        model: given("model_name"),
        status: given("status"),
        start: given("start_time"),
        end: given("end_time"),
    };
    let skip = (page - 1).saturating_mul(size);
    let (total, tasks) = call.state.tasks.list(&filter, skip, size);
    let request_id = &call.request_id;
    Ok(task_reply::listed(&tasks, total, page, size, request_id))
}

/// The models of all documents of the same API, a page of them.
fn models(call: &Call<'_>) -> Result<Value, ApiError> {
    let (page, size) = page(call.head.uri.query().unwrap_or_default())?;
    let names = call.state.catalog.models(call.route.api);
    let skip = (page - 1).saturating_mul(size);
    let shown = names.iter().skip(skip).take(size);
    let models: Vec<_> = shown
        .map(|name| json!({"model": name, "name": name}))
        .collect();
    Ok(json!({
        "request_id": call.request_id,
        "output": {
            "total": names.len(),
            "page_no": page,
            "page_size": size,
            "models": models,
        },
    }))
}

/// The number of a page, and how long it is.
fn page(query: &str) -> Result<(usize, usize), ApiError> {
    let page = positive(query, "page_no")?.unwrap_or(1);
    let size = positive(query, "page_size")?.unwrap_or(PAGE_SIZE);
    Ok((page, size.min(LARGEST_PAGE)))
}

/// A number from 1 in a query.
fn positive(query: &str, name: &str) -> Result<Option<usize>, ApiError> {
    let Some(text) = path_template::query(query, name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => {
            let message = format!("{name} is not a number from 1: {text:?}");
            Err(ApiError::request(name, message))
        }
    }
}
