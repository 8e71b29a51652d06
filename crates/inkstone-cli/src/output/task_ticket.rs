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

/// The request that a task was submitted with, as far as it is known.
#[derive(Debug, Default)]
pub struct Ticket(Value);

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
    serde_json::from_slice(&text).ok().map(Ticket)
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
    fn text(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }

    /// The API that the task was submitted to.
    pub fn api(&self) -> Option<&str> {
        self.text("api")
    }

    /// The request, as far as the ticket knows it; `stamp` is for what it doesn't know.
    pub fn request<'a>(
        &'a self,
        task_id: &'a str,
        api: &'a str,
        stamp: Stamp,
        out: &'a Path,
    ) -> RequestContext<'a> {
        let template = self.text("name");
        RequestContext {
            api,
            document: self.text("document"),
            model: self.text("model"),
            body: &self.0["request"],
            inputs: &[],
            task_id: Some(task_id),
            stamp: Stamp {
                time: self.text("time").map_or(stamp.time, str::to_owned),
                stem: self.text("stem").map_or(stamp.stem, str::to_owned),
                template: template.and_then(|name| NameTemplate::parse(name).ok()),
            },
            out,
        }
    }
}
