//! Where a reply tells of a task, whoever wrote it.

use serde_json::Value;

use crate::error_body::scalar;

/// The members that a task may be in: DashScope's, those of gateways, and the reply itself.
const PLACES: [&str; 4] = [OUTPUT, "/data/0", "/data", ""];

/// Where DashScope tells of a task.
pub(crate) const OUTPUT: &str = "/output";

/// The members with the state of a task.
const STATUSES: [&str; 2] = ["task_status", "status"];

/// The id of the task that a reply names.
pub(crate) fn id(body: &Value) -> Option<String> {
    let mut places = PLACES.iter();
    places.find_map(|place| scalar(body.pointer(place)?.get("task_id")?))
}

/// Whether a reply is about a task.
pub(crate) fn is_about_a_task(body: &Value) -> bool {
    id(body).is_some() || body.pointer("/output/task_status").is_some()
}

/// Where a reply to a question about a task has it, and its state.
pub(crate) fn status(body: &Value) -> Option<(&'static str, &str)> {
    PLACES.into_iter().find_map(|place| {
        let task = body.pointer(place)?;
        // Much has a status: what is a task says which one, or calls it that of a task.
        let is_task = ["task_id", "id", "task_status"]
            .iter()
            .any(|name| task.get(name).is_some());
        let mut words = STATUSES
            .iter()
            .filter_map(|name| text(task, &format!("/{name}")));
        Some((place, words.next().filter(|_| is_task)?))
    })
}

/// The text at a place of a body.
pub(crate) fn text<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = body.pointer(pointer)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{id, status};

    /// A reply, the id of its task, where the task is and its state.
    type Case = (
        Value,
        Option<&'static str>,
        Option<(&'static str, &'static str)>,
    );

    #[test]
    fn a_task_is_found_wherever_an_api_tells_of_it() {
        let cases: [Case; 11] = [
            (
                json!({"output": {"task_id": "t", "task_status": "PENDING"}}),
                Some("t"),
                Some(("/output", "PENDING")),
            ),
            (
                json!({"output": {"task_status": "RUNNING"}, "status": "ok"}),
                None,
                Some(("/output", "RUNNING")),
            ),
            (
                json!({"code": 200, "data": [{"task_id": "t", "status": "submitted"}]}),
                Some("t"),
                Some(("/data/0", "submitted")),
            ),
            (json!({"data": [{"task_id": 7}]}), Some("7"), None),
            (
                json!({"code": 200, "data": {"id": "t", "status": "completed"}}),
                None,
                Some(("/data", "completed")),
            ),
            (
                json!({"data": {"task_id": "t", "task_status": "succeed"}}),
                Some("t"),
                Some(("/data", "succeed")),
            ),
            (
                json!({"task_id": "t", "status": "queued", "data": [{"url": "https://a/1.png"}]}),
                Some("t"),
                Some(("", "queued")),
            ),
            (
                json!({"id": "t", "status": "failed"}),
                None,
                Some(("", "failed")),
            ),
            (json!({"status": "failed"}), None, None),
            (json!({"data": [{"url": "https://a/1.png"}]}), None, None),
            (json!({"output": {"task_id": ""}, "data": []}), None, None),
        ];
        for (body, expected, place) in cases {
            assert_eq!(id(&body).as_deref(), expected, "{body}");
            assert_eq!(status(&body), place, "{body}");
        }
    }
}
