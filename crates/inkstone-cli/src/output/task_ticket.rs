//! A task's ticket: a file from the task's submission until its pictures are saved, so
//! that a program that is killed meanwhile loses nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inkstone::DASHSCOPE_BASE_URL;
use serde_json::Value;

use crate::output::files;
use crate::output::request_context::RequestContext;
use crate::output::safe_stem;
use crate::output::sidecar;
use crate::output::stamp::Stamp;

/// The request that a task was submitted with.
#[derive(Debug, Default)]
pub struct Ticket {
    api: Option<String>,
    document: Option<String>,
    model: Option<String>,
    request: Value,
    time: Option<String>,
    stem: Option<String>,
}

fn path(out: &Path, task_id: &str) -> PathBuf {
    out.join(format!("{}.task.json", safe_stem::stem(task_id)))
}

/// Writes the ticket of a task.
pub fn write(request: &RequestContext<'_>, task_id: &str, base_url: &str) -> io::Result<PathBuf> {
    let mut json = sidecar::record(request, None);
    json["task_id"] = task_id.into();
    json["stem"] = request.stamp.stem.as_str().into();
    if base_url != DASHSCOPE_BASE_URL {
        json["base_url"] = base_url.into();
    }
    let path = path(request.out, task_id);
    files::replace(&path, format!("{json:#}\n").as_bytes())?;
    Ok(path)
}

/// The ticket of a task, if there is one that can be read.
pub fn read(out: &Path, task_id: &str) -> Option<Ticket> {
    let text = fs::read(path(out, task_id)).ok()?;
    let json: Value = serde_json::from_slice(&text).ok()?;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    Some(Ticket {
        api: text("api"),
        document: text("document"),
        model: text("model"),
        request: json["request"].clone(),
        time: text("time"),
        stem: text("stem"),
    })
}

/// Removes the ticket of a task that needs no more waiting.
pub fn remove(out: &Path, task_id: &str) {
    // A ticket that stays behind does no harm.
    let _ = fs::remove_file(path(out, task_id));
}

impl Ticket {
    /// The API that the task was submitted to.
    pub fn api(&self) -> Option<&str> {
        self.api.as_deref()
    }

    /// The request, as far as the ticket knows it; `stamp` is for what it doesn't know.
    pub fn request<'a>(
        &'a self,
        task_id: &'a str,
        api: &'a str,
        stamp: Stamp,
        out: &'a Path,
    ) -> RequestContext<'a> {
        RequestContext {
            api,
            document: self.document.as_deref(),
            model: self.model.as_deref(),
            body: &self.request,
            task_id: Some(task_id),
            stamp: Stamp {
                time: self.time.clone().unwrap_or(stamp.time),
                stem: self.stem.clone().unwrap_or(stamp.stem),
            },
            out,
        }
    }
}
