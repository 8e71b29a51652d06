//! A task's ticket: a file from the task's submission until its pictures are saved, so
//! that a program that is killed meanwhile loses nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inkstone::DASHSCOPE_BASE_URL;
use serde_json::Value;

use crate::output::files;
use crate::output::names::name_template::NameTemplate;
use crate::output::names::safe_stem;
use crate::output::names::stamp::Stamp;
use crate::output::request_context::RequestContext;
use crate::output::sidecar;

/// The request that a task was submitted with.
#[derive(Debug, Default)]
pub struct Ticket {
    api: Option<String>,
    document: Option<String>,
    model: Option<String>,
    request: Value,
    time: Option<String>,
    stem: Option<String>,
    template: Option<NameTemplate>,
}

fn path(out: &Path, task_id: &str) -> PathBuf {
    out.join(format!("{}.task.json", safe_stem::stem(task_id)))
}

/// Writes the ticket of a task.
pub fn write(request: &RequestContext<'_>, task_id: &str, base_url: &str) -> io::Result<PathBuf> {
    let mut json = sidecar::record(request, None);
    json["task_id"] = task_id.into();
    json["stem"] = request.stamp.stem.as_str().into();
    if let Some(template) = &request.stamp.template {
        json["name"] = template.text().into();
    }
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
        template: text("name").and_then(|name| NameTemplate::parse(&name).ok()),
    })
}

/// The tasks that are noted in a directory, those submitted first before the others.
pub fn noted(out: &Path) -> io::Result<Vec<String>> {
    let mut noted = Vec::new();
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let is_ticket = path.to_string_lossy().ends_with(".task.json");
        let text = if is_ticket {
            fs::read(&path)?
        } else {
            continue;
        };
        let json: Value = serde_json::from_slice(&text).unwrap_or_default();
        if let Some(id) = json["task_id"].as_str() {
            noted.push((json["time"].to_string(), id.to_owned()));
        }
    }
    noted.sort();
    Ok(noted.into_iter().map(|(_, id)| id).collect())
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
            inputs: &[],
            task_id: Some(task_id),
            stamp: Stamp {
                time: self.time.clone().unwrap_or(stamp.time),
                stem: self.stem.clone().unwrap_or(stamp.stem),
                template: self.template.clone(),
            },
            out,
        }
    }
}
