//! A task's ticket: what is on disk from when the task is submitted until its pictures
//! are, so that a program that is killed meanwhile loses nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inkstone::DASHSCOPE_BASE_URL;
use serde_json::Value;

use crate::batch::names;
use crate::files;
use crate::sent::Sent;
use crate::sidecar;
use crate::stamp::Stamp;

/// What was asked for, by the id of the task that does it.
#[derive(Debug, Default)]
pub struct Ticket {
    document: Option<String>,
    model: Option<String>,
    request: Value,
    time: Option<String>,
    stem: Option<String>,
}

fn path(out: &Path, task_id: &str) -> PathBuf {
    out.join(format!("{}.task.json", names::stem(task_id)))
}

/// Notes that `sent` is done by a task.
pub fn write(sent: &Sent<'_>, task_id: &str, base_url: &str) -> io::Result<PathBuf> {
    let mut json = sidecar::record(sent, None);
    json["task_id"] = task_id.into();
    json["stem"] = sent.stamp.stem.as_str().into();
    if base_url != DASHSCOPE_BASE_URL {
        json["base_url"] = base_url.into();
    }
    let path = path(sent.out, task_id);
    files::replace(&path, format!("{json:#}\n").as_bytes())?;
    Ok(path)
}

/// The ticket of a task, if there is one that can be read.
pub fn read(out: &Path, task_id: &str) -> Option<Ticket> {
    let text = fs::read(path(out, task_id)).ok()?;
    let json: Value = serde_json::from_slice(&text).ok()?;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    Some(Ticket {
        document: text("document"),
        model: text("model"),
        request: json["request"].clone(),
        time: text("time"),
        stem: text("stem"),
    })
}

/// Removes the ticket of a task that there is nothing to do about any more.
pub fn remove(out: &Path, task_id: &str) {
    // It says nothing wrong, and does no harm.
    let _ = fs::remove_file(path(out, task_id));
}

impl Ticket {
    /// The request that the task was submitted with, as far as it is known; `stamp` is
    /// for what is not.
    pub fn sent<'a>(&'a self, task_id: &'a str, stamp: Stamp, out: &'a Path) -> Sent<'a> {
        Sent {
            api: "dashscope",
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
