//! DashScope's own headers of requests.

use apifox_runtime::Node;
use reqwest::header::{HeaderMap, HeaderValue};

/// The workspace that a request is made in.
pub(crate) const WORKSPACE: &str = "x-dashscope-workspace";

/// Has DashScope answer with a task instead of its result.
const ASYNC: &str = "x-dashscope-async";

/// Has DashScope fetch inputs from its own storage.
const RESOLVE_OSS: &str = "x-dashscope-ossresourceresolve";

/// What a request needs for the API to fetch its inputs.
pub(crate) fn for_inputs(request: &Node<'_>) -> HeaderMap {
    match names_oss(request) {
        true => enabled(RESOLVE_OSS),
        false => HeaderMap::new(),
    }
}

/// What has a request answered with a task.
pub(crate) fn for_task() -> HeaderMap {
    enabled(ASYNC)
}

fn enabled(name: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_static("enable"));
    headers
}

/// Whether a request has the API fetch something from `oss://`.
fn names_oss(node: &Node<'_>) -> bool {
    match node {
        Node::String(text) => text.starts_with("oss://"),
        Node::Array(items) => items.iter().any(names_oss),
        Node::Object(members) => members.iter().any(|(_, member)| names_oss(member)),
        _ => false,
    }
}
