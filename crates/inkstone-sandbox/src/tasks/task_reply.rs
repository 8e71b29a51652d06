//! DashScope's replies about tasks.

use serde_json::{Value, json};

use crate::pictures::picture_reply;
use crate::tasks::stages::{Stage, Status};
use crate::tasks::task::Task;
use crate::tasks::timestamp;

pub fn submitted(task_id: &str, request_id: &str) -> Value {
    in_state(Status::Pending, task_id, request_id)
}

/// A task that does not exist or is no longer kept.
pub fn unknown(task_id: &str, request_id: &str) -> Value {
    in_state(Status::Unknown, task_id, request_id)
}

fn in_state(status: Status, task_id: &str, request_id: &str) -> Value {
    json!({
        "request_id": request_id,
        "output": {"task_id": task_id, "task_status": status.name()},
    })
}

/// A task as it is now.
pub fn queried(task: &Task, request_id: &str) -> Value {
    let Some(stage) = task.stage().filter(|stage| stage.status != Status::Unknown) else {
        return unknown(&task.id, request_id);
    };
    let mut reply = json!({"request_id": request_id, "output": output(task, stage)});
    if stage.status == Status::Succeeded {
        reply["usage"] = usage(task, stage);
    }
    reply
}

fn output(task: &Task, stage: &Stage) -> Value {
    let mut output = json!({
        "task_id": task.id,
        "task_status": stage.status.name(),
        "submit_time": timestamp::text(task.submitted),
    });
    for (name, time) in [("scheduled_time", task.scheduled), ("end_time", task.ended)] {
        if let Some(time) = time {
            output[name] = timestamp::text(time).into();
        }
    }
    match stage.status {
        Status::Succeeded if task.job.is_legacy => output["results"] = results(task, stage),
        Status::Succeeded => {
            let (urls, _) = task.job.urls.split_at(made(task, stage));
            output["choices"] = picture_reply::choices(urls, true).into();
            output["finished"] = true.into();
        }
        Status::Failed => {
            output["code"] = stage.code.as_str().into();
            output["message"] = stage.message.as_str().into();
        }
        _ => {}
    }
    if task.job.is_legacy {
        output["task_metrics"] = metrics(task, stage);
    }
    output
}

/// How many pictures were made.
fn made(task: &Task, stage: &Stage) -> usize {
    task.job.urls.len().saturating_sub(stage.failed)
}

/// The pictures in the older form; the last of them may have failed.
fn results(task: &Task, stage: &Stage) -> Value {
    let (urls, failed) = task.job.urls.split_at(made(task, stage));
    let prompt = &task.job.prompt;
    let made = urls
        .iter()
        .map(|url| json!({"orig_prompt": prompt, "actual_prompt": prompt, "url": url}));
    let failed = failed.iter();
    let failed = failed.map(|_| json!({"code": stage.code, "message": stage.message}));
    made.chain(failed).collect()
}

fn usage(task: &Task, stage: &Stage) -> Value {
    let mut usage = picture_reply::usage(&task.job, made(task, stage));
    let is_legacy = task.job.is_legacy;
    usage.retain(|name, _| match name.as_str() {
        "image_count" => true,
        "width" | "height" => false,
        _ => !is_legacy,
    });
    usage.into()
}

fn metrics(task: &Task, stage: &Stage) -> Value {
    let total = task.job.urls.len();
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
        "model_name": task.job.model,
        "status": task.status().name(),
        "gmt_create": timestamp::milliseconds(task.submitted),
    });
    for (name, time) in [("start_time", task.scheduled), ("end_time", task.ended)] {
        if let Some(time) = time {
            members[name] = timestamp::milliseconds(time).into();
        }
    }
    members
}
