//! What gateways say of tasks. Each has a form of its own: the document decides which one it is.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::tasks::stages::{Stage, Status};
use crate::tasks::task::Task;

/// How long the URLs of pictures are valid, in seconds.
const LIFETIME: u64 = 24 * 3600;

/// The words that a gateway has for the states of a task.
struct Words {
    pending: &'static str,
    running: &'static str,
}

const OF_TASKS: Words = Words {
    pending: "submitted",
    running: "processing",
};
const OF_IMAGES: Words = Words {
    pending: "queued",
    running: "in_progress",
};

impl Words {
    fn word(&self, status: Status) -> &'static str {
        match status {
            Status::Pending => self.pending,
            Status::Running | Status::Suspended => self.running,
            Status::Succeeded => "completed",
            Status::Failed => "failed",
            Status::Canceled => "cancelled",
            Status::Unknown => "unknown",
        }
    }
}

/// The replies to a submission, of which a document allows one.
pub fn submitted(id: &str) -> Vec<Value> {
    vec![json!({"code": 200, "data": [{"status": OF_TASKS.pending, "task_id": id}]})]
}

/// The replies to a question about a task, of which a document allows one.
pub fn queried(task: &Task) -> Vec<Value> {
    let Some(stage) = task.stage() else {
        return Vec::new();
    };
    vec![of_task(task, stage), of_image(task, stage)]
}

/// A task under `data`, with the pictures in its `result`.
fn of_task(task: &Task, stage: &Stage) -> Value {
    let mut data = json!({
        "id": task.id,
        "status": OF_TASKS.word(stage.status),
        "progress": if stage.status.is_final() { 100 } else { 40 },
        "created": seconds(task.submitted),
    });
    if let Some(ended) = task.ended {
        data["completed"] = seconds(ended).into();
    }
    match stage.status {
        Status::Succeeded => {
            let expires = seconds(task.submitted) + LIFETIME;
            let image = |url: &String| json!({"url": [url], "expires_at": expires});
            let images: Vec<_> = made(task, stage).iter().map(image).collect();
            data["result"] = json!({"images": images});
        }
        Status::Failed => data["error"] = error(stage),
        _ => {}
    }
    json!({"code": 200, "data": data})
}

/// A task that is the whole reply, with the pictures as a gateway has them otherwise.
fn of_image(task: &Task, stage: &Stage) -> Value {
    let mut reply = json!({
        "task_id": task.id,
        "status": OF_IMAGES.word(stage.status),
        "created": seconds(task.submitted),
    });
    match stage.status {
        Status::Succeeded => {
            let image = |url: &String| json!({"url": url});
            reply["data"] = made(task, stage).iter().map(image).collect();
        }
        Status::Failed => reply["error"] = error(stage),
        _ => {}
    }
    reply
}

/// The pictures that were made.
fn made<'a>(task: &'a Task, stage: &Stage) -> &'a [String] {
    let urls = &task.job.urls;
    &urls[..urls.len().saturating_sub(stage.failed)]
}

fn error(stage: &Stage) -> Value {
    json!({"code": stage.code, "message": stage.message})
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
