//! DashScope's own headers of requests.

use apifox_runtime::{Node, Operation};
use reqwest::header::{HeaderMap, HeaderValue};

use super::storage;
use crate::tasks::routes::answers_with_task;

/// The workspace that a request is made in.
pub(crate) const WORKSPACE: &str = "x-dashscope-workspace";

/// Has DashScope answer with a task instead of its result.
const ASYNC: &str = "x-dashscope-async";

/// Has DashScope fetch inputs from its own storage.
const RESOLVE_OSS: &str = "x-dashscope-ossresourceresolve";

/// What a request needs for the API to fetch its inputs.
pub(crate) fn for_inputs(request: &Node<'_>) -> HeaderMap {
    match storage::find(request, String::new()) {
        Some(_) => enabled(RESOLVE_OSS),
        None => HeaderMap::new(),
    }
}

/// What has a request answered with a task: nothing, where its document promises one, and
/// has the headers that it takes.
pub(crate) fn for_task(operation: &Operation) -> HeaderMap {
    match answers_with_task(operation) {
        true => HeaderMap::new(),
        false => enabled(ASYNC),
    }
}

fn enabled(name: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_static("enable"));
    headers
}
