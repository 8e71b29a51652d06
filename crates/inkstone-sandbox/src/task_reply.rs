//! What does DashScope say of a task?

use serde_json::{Map, Value, json};

use crate::plan::{Stage, Status};
use crate::reply;
use crate::stamp;
use crate::tasks::Task;

pub fn submitted(task_id: &str, request_id: &str) -> Value {
    json!({
        "request_id": request_id,
        "output": {"task_id": task_id, "task_status": Status::Pending.name()},
    })
}

/// A task that does not exist, or no longer.
pub fn unknown(task_id: &str, request_id: &str) -> Value {
    json!({
        "request_id": request_id,
        "output": {"task_id": task_id, "task_status": Status::Unknown.name()},
    })
}

/// A task as it is now.
pub fn queried(task: &Task, request_id: &str) -> Value {
    let Some(stage) = task.stage().filter(|stage| stage.status != Status::Unknown) else {
        return unknown(&task.id, request_id);
    };
    let mut output = Map::new();
    let mut put = |name: &str, value: Value| drop(output.insert(name.into(), value));
    put("task_id", task.id.as_str().into());
    put("task_status", stage.status.name().into());
    put("submit_time", stamp::text(task.submitted).into());
    if let Some(time) = task.scheduled {
        put("scheduled_time", stamp::text(time).into());
    }
    if let Some(time) = task.ended {
        put("end_time", stamp::text(time).into());
    }
    let mut reply = json!({"request_id": request_id});
    match stage.status {
        Status::Succeeded => {
            let (name, pictures) = pictures(task, stage);
            put(name, pictures);
            if !task.order.is_legacy {
                put("finished", true.into());
            }
            reply["usage"] = usage(task, stage);
        }
        Status::Failed => {
            put("code", stage.code.as_str().into());
            put("message", stage.message.as_str().into());
        }
        _ => {}
    }
    if task.order.is_legacy {
        put("task_metrics", metrics(task, stage));
    }
    reply["output"] = output.into();
    reply
}

fn made(task: &Task, stage: &Stage) -> usize {
    task.order.urls.len().saturating_sub(stage.failed)
}

/// The pictures, the last of which may have failed.
fn pictures(task: &Task, stage: &Stage) -> (&'static str, Value) {
    let made = made(task, stage);
    let (urls, failed) = task.order.urls.split_at(made);
    if !task.order.is_legacy {
        return ("choices", reply::choices(urls, true).into());
    }
    let prompt = &task.order.prompt;
    let done = urls
        .iter()
        .map(|url| json!({"orig_prompt": prompt, "actual_prompt": prompt, "url": url}));
    let failed = failed.iter();
    let failed = failed.map(|_| json!({"code": stage.code, "message": stage.message}));
    ("results", done.chain(failed).collect())
}

fn usage(task: &Task, stage: &Stage) -> Value {
    let mut usage = reply::usage(&task.order, made(task, stage));
    let is_legacy = task.order.is_legacy;
    usage.retain(|name, _| match name.as_str() {
        "image_count" => true,
        "width" | "height" => false,
        _ => !is_legacy,
    });
    usage.into()
}

fn metrics(task: &Task, stage: &Stage) -> Value {
    let total = task.order.urls.len();
    let succeeded = match stage.status {
        Status::Succeeded => made(task, stage),
        _ => 0,
    };
    let failed = match stage.status {
        Status::Succeeded | Status::Failed => total - succeeded,
        _ => 0,
    };
    json!({"TOTAL": total, "SUCCEEDED": succeeded, "FAILED": failed})
}

/// A page of a list of tasks.
pub fn listed(tasks: &[Task], total: usize, page: usize, size: usize, request_id: &str) -> Value {
    json!({
        "request_id": request_id,
        "data": tasks.iter().map(|task| listed_task(task, request_id)).collect::<Vec<_>>(),
        "total": total,
        "total_page": total.div_ceil(size),
        "page_no": page,
        "page_size": size,
    })
}

fn listed_task(task: &Task, request_id: &str) -> Value {
    let mut members = json!({
        "task_id": task.id,
        "request_id": request_id,
        "model_name": task.order.model,
        "status": task.status().name(),
        "gmt_create": stamp::milliseconds(task.submitted),
    });
    if let Some(time) = task.scheduled {
        members["start_time"] = stamp::milliseconds(time).into();
    }
    if let Some(time) = task.ended {
        members["end_time"] = stamp::milliseconds(time).into();
    }
    members
}
