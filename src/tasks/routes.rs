//! What the documents say of tasks: which operations answer with one, and where an API is
//! asked about its tasks.

use std::collections::HashMap;
use std::sync::LazyLock;

use apifox_runtime::Operation;
use serde_json::Value;

use crate::generated::OPERATIONS;

/// The API of a client that is not told which one it is for.
const USUAL: &str = "dashscope";

/// The member with the id of a task.
const TASK_ID: &str = "task_id";

/// How deep the schema of a reply is searched.
const DEEPEST: usize = 32;

/// Whether an operation answers with a task instead of pictures: where a document says that
/// of one that takes requests.
#[must_use]
pub fn answers_with_task(operation: &Operation) -> bool {
    // A batch asks this of every line.
    static KNOWN: LazyLock<HashMap<(&str, &str), bool>> = LazyLock::new(|| {
        let all = OPERATIONS.iter();
        all.map(|operation| ((operation.api, operation.name), names_task(operation)))
            .collect()
    });
    let known = KNOWN.get(&(operation.api, operation.name));
    known.copied().unwrap_or_else(|| names_task(operation))
}

/// The operation that asks an API about one of its tasks, where its documents have one.
#[must_use]
pub fn task_query(api: &str) -> Option<&'static Operation> {
    // A batch asks this with every reply.
    static KNOWN: LazyLock<HashMap<&str, Option<&Operation>>> = LazyLock::new(|| {
        let apis = OPERATIONS.iter().map(|operation| operation.api);
        apis.map(|api| (api, find_task_query(api))).collect()
    });
    KNOWN.get(api).copied().flatten()
}

fn find_task_query(api: &str) -> Option<&'static Operation> {
    let own = || OPERATIONS.iter().filter(|operation| operation.api == api);
    own().copied().find(|operation| {
        let Some((parent, last)) = operation.path.rsplit_once('/') else {
            return false;
        };
        let is_of_one = operation.method == "GET" && last.starts_with('{');
        // The tasks of an API, or of the route that takes requests.
        let is_of_tasks = parent.ends_with("/tasks")
            || own().any(|other| other.path == parent && answers_with_task(other));
        is_of_one && is_of_tasks
    })
}

/// The operation that lists an API's tasks, where its documents have one.
#[must_use]
pub fn task_list(api: &str) -> Option<&'static Operation> {
    let (parent, _) = task_query(api)?.path.rsplit_once('/')?;
    operation(api, "GET", parent)
}

fn operation(api: &str, method: &str, path: &str) -> Option<&'static Operation> {
    let mut all = OPERATIONS.iter().copied();
    all.find(|other| other.api == api && other.method == method && other.path == path)
}

/// Where an API is asked about its tasks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskRoutes {
    pub api: &'static str,
    /// The path that asks about a task, with its id in braces.
    pub query: &'static str,
    /// The path that cancels one.
    pub cancel: Option<&'static str>,
    /// The path that lists them.
    pub list: Option<&'static str>,
}

impl TaskRoutes {
    /// Those of an API whose documents describe tasks.
    pub fn of_api(api: &str) -> Option<Self> {
        let query = task_query(api)?;
        let cancel = operation(api, "POST", &format!("{}/cancel", query.path));
        Some(Self {
            api: query.api,
            query: query.path,
            cancel: cancel.map(|cancel| cancel.path),
            list: task_list(api).map(|list| list.path),
        })
    }
}

impl Default for TaskRoutes {
    fn default() -> Self {
        // That these documents are here is a test of this module.
        Self::of_api(USUAL).unwrap_or(Self {
            api: USUAL,
            query: "/api/v1/tasks/{task_id}",
            cancel: None,
            list: None,
        })
    }
}

/// Whether a reply that reports success names a task, by the document.
fn names_task(operation: &Operation) -> bool {
    // Most documents say nothing of tasks, and are not worth reading.
    if operation.body.is_none() || !operation.document.contains(TASK_ID) {
        return false;
    }
    let document: Value = serde_json::from_str(operation.document).unwrap_or_default();
    let responses = document["responses"].as_array();
    let mut responses = responses.into_iter().flatten();
    responses.any(|response| {
        let is_success = matches!(response["code"].as_u64(), Some(200..300));
        is_success && has_property(&response["jsonSchema"], DEEPEST)
    })
}

fn has_property(schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match schema {
        Value::Object(members) => {
            members
                .get("properties")
                .is_some_and(|properties| properties.get(TASK_ID).is_some())
                || members.values().any(|member| has_property(member, depth))
        }
        Value::Array(items) => items.iter().any(|item| has_property(item, depth)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{TaskRoutes, USUAL, answers_with_task};
    use crate::generated::OPERATIONS;

    #[test]
    fn documents_say_which_operations_answer_with_tasks() {
        for operation in OPERATIONS {
            let name = format!("{}/{}", operation.api, operation.name);
            let has_header = operation
                .headers
                .iter()
                .any(|(header, _)| header.eq_ignore_ascii_case("x-dashscope-async"));
            let expected = has_header || operation.api.starts_with("gateway-");
            let takes_requests = !operation.models.is_empty();
            assert_eq!(
                answers_with_task(operation),
                expected && takes_requests,
                "{name}"
            );
        }
    }

    #[test]
    fn documents_say_where_tasks_are() {
        let found = |api| {
            let routes = TaskRoutes::of_api(api)?;
            Some((routes.query, routes.cancel, routes.list))
        };
        let dashscope = (
            "/api/v1/tasks/{task_id}",
            Some("/api/v1/tasks/{task_id}/cancel"),
            Some("/api/v1/tasks"),
        );
        assert_eq!(found(USUAL), Some(dashscope));
        let tasks = ("/v1/tasks/{task_id}", None, None);
        assert_eq!(found("gateway-tasks"), Some(tasks));
        let images = ("/v1/images/generations/{task_id}", None, None);
        assert_eq!(found("gateway-image-tasks"), Some(images));
        assert_eq!(found("gateway"), None);
    }
}
