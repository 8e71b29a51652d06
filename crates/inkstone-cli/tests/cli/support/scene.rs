//! A batch in a directory of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::support::command::{self, Run, run, with_keys};
use crate::support::server::{PIXEL, reply, serve};

/// A directory with a file of jobs, and room for a batch.
pub struct Scene(tempfile::TempDir);

impl Scene {
    pub fn new(lines: &[String]) -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        scene.write(lines);
        scene
    }

    /// A scene with jobs of these ids.
    pub fn with_ids(ids: &[&str]) -> Self {
        Self::new(&ids.iter().map(|id| job(id)).collect::<Vec<_>>())
    }

    pub fn write(&self, lines: &[String]) {
        fs::write(self.jobs(), lines.join("\n") + "\n").unwrap();
    }

    pub fn jobs(&self) -> PathBuf {
        self.0.path().join("jobs.jsonl")
    }

    pub fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// The command for this scene.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = with_keys();
        command.arg("batch").arg(self.jobs()).arg("--out");
        command.arg(self.out()).args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        run(&mut self.command(args))
    }

    /// With requests to `url`, one at a time.
    pub fn run_at(&self, url: &str, args: &[&str]) -> Run {
        let mut command = self.command(&["--base-url", url, "--concurrency=1"]);
        run(command.args(args))
    }

    /// With requests of several APIs to `url`.
    pub fn run_at_all(&self, url: &str, args: &[&str]) -> Run {
        let mut command = self.command(args);
        run(command
            .env("INKSTONE_BASE_URL", url)
            .env("DASHSCOPE_BASE_URL", url))
    }

    /// The names of all pictures.
    pub fn pictures(&self) -> Vec<String> {
        command::pictures(&self.out())
    }
}

/// A line with a small picture.
pub fn job(id: &str) -> String {
    json!({"id": id, "request": {
        "model": "qwen-image-2.0-2026-03-03", "prompt": id, "size": "512x512",
    }})
    .to_string()
}

/// A reply with so many pictures.
pub fn pictures(count: usize) -> Vec<u8> {
    // White space makes it another text, and the same picture.
    let picture =
        |number| json!({"url": "", "b64_json": format!("{PIXEL}{}", "\n".repeat(number))});
    let data: Vec<_> = (0..count).map(picture).collect();
    let body = json!({"created": 1, "data": data}).to_string();
    reply(200, "application/json", &body)
}

/// A server that answers the first requests with `replies` and then with a
/// picture; and how many requests there were.
pub fn replies(mut replies: Vec<Vec<u8>>) -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    replies.reverse();
    let replies = std::sync::Mutex::new(replies);
    let url = serve(move |_, _, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        let next = replies.lock().unwrap().pop();
        Some(next.unwrap_or_else(|| pictures(1)))
    });
    (url, count)
}

pub fn asked(count: &AtomicUsize) -> usize {
    count.load(Ordering::SeqCst)
}
