//! A task's ticket: a file from the task's submission until its pictures are saved, so
//! that a program that is killed meanwhile loses nothing.

use std::fs;
use std::io::{self, ErrorKind};
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

/// How the names of tickets end.
const ENDING: &str = ".task.json";

fn path(out: &Path, task_id: &str) -> PathBuf {
    out.join(format!("{}{ENDING}", safe_stem::stem(task_id)))
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

/// A ticket that can't be read: of the task, which is paid for, only the id is known.
#[derive(Debug, PartialEq, Eq)]
pub struct Damaged {
    pub path: PathBuf,
    /// As the name of the file has it.
    pub task_id: String,
}

/// The ticket of a task; `None` if there is none.
pub fn read(out: &Path, task_id: &str) -> Result<Option<Ticket>, Damaged> {
    let path = path(out, task_id);
    let damaged = |path| Damaged {
        path,
        task_id: task_id.to_owned(),
    };
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(damaged(path)),
    };
    let parsed = parse(&text).map(|(json, _)| Some(Ticket(json)));
    parsed.ok_or_else(|| damaged(path))
}

/// A ticket, and the id of its task; `None` if it is not whole.
fn parse(text: &[u8]) -> Option<(Value, String)> {
    let json: Value = serde_json::from_slice(text).ok()?;
    let id = json["task_id"].as_str()?.to_owned();
    Some((json, id))
}

/// What is noted in a directory.
#[derive(Debug, Default)]
pub struct NotedTasks {
    /// The ids of tasks, those submitted first before the others.
    pub tasks: Vec<String>,
    pub damaged: Vec<Damaged>,
}

/// The tasks that are noted in a directory.
pub fn noted(out: &Path) -> io::Result<NotedTasks> {
    let (mut noted, mut damaged) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(stem) = name.strip_suffix(ENDING) else {
            continue;
        };
        match fs::read(&path).ok().and_then(|text| parse(&text)) {
            Some((json, id)) => noted.push((json["time"].to_string(), id)),
            None => damaged.push(Damaged {
                task_id: stem.to_owned(),
                path,
            }),
        }
    }
    noted.sort();
    damaged.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(NotedTasks {
        tasks: noted.into_iter().map(|(_, id)| id).collect(),
        damaged,
    })
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
