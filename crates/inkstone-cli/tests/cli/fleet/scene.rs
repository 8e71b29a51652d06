//! A batch with a shared journal.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use test_data::postgres::Database;

use crate::support::command::{Run, run, signal, with_keys};
use crate::support::scene::Scene;
use crate::support::served::Served;

/// A file of jobs, a database, and where pictures go.
pub struct Fleet {
    pub scene: Scene,
    pub database: Database,
    pub out: String,
    /// Settings of the store.
    pub environment: Vec<(&'static str, String)>,
}

impl Fleet {
    /// None where PostgreSQL is not installed.
    pub fn new(lines: &[String]) -> Option<Self> {
        Some(Self::on(Database::new()?, lines))
    }

    /// One whose journal is in this database.
    pub fn on(database: Database, lines: &[String]) -> Self {
        let scene = Scene::new(lines);
        Self {
            out: scene.out().display().to_string(),
            database,
            scene,
            environment: Vec::new(),
        }
    }

    /// Jobs that are in the journal, and nobody sent yet; and whoever answers by this script.
    pub fn begun(count: usize, flags: &[&str], script: &Value) -> Option<(Self, Served)> {
        let mut fleet = Self::new(&jobs(count))?;
        let begun = fleet.run(flags);
        assert_eq!(begun.code, 2, "{begun:#?}");
        let served = Served::with(script);
        fleet.answered_by(&served);
        Some((fleet, served))
    }

    /// Its requests go to this server.
    pub fn answered_by(&mut self, served: &Served) {
        self.environment
            .push(("INKSTONE_BASE_URL", served.url.clone()));
    }

    fn inkstone(&self) -> Command {
        let mut command = with_keys();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.arg("batch");
        command
    }

    /// The batch itself.
    pub fn batch(&self, args: &[&str]) -> Command {
        self.batch_at(&self.database.url(), args)
    }

    /// The batch itself, with the journal at an address.
    pub fn batch_at(&self, url: &str, args: &[&str]) -> Command {
        let mut command = self.inkstone();
        command
            .arg(self.scene.jobs())
            .args(["--journal", url, "--out", &self.out])
            .args(args);
        command
    }

    /// Another command about it, with the journal in the environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.inkstone();
        command
            .env("INKSTONE_JOURNAL", self.database.url())
            .args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        run(&mut self.batch(args))
    }

    pub fn status(&self) -> Value {
        run(&mut self.command(&["status"])).json()
    }

    /// A worker in the background.
    pub fn worker(&self, args: &[&str]) -> Worker {
        let mut command = self.command(&["work"]);
        command.args(args);
        Worker::start(&mut command)
    }

    pub fn picture(&self, name: &str) -> PathBuf {
        self.scene.out().join(name)
    }
}

/// A process in the background, which is killed at the end at the latest.
pub struct Worker(Child);

impl Worker {
    pub fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        Self(command.stderr(Stdio::null()).spawn().unwrap())
    }

    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        signal(&self.0, "-TERM");
    }

    pub fn wait(mut self) -> Option<i32> {
        self.0.wait().unwrap().code()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// So many lines of jobs, of the gateway.
pub fn jobs(count: usize) -> Vec<String> {
    let job = |number| {
        json!({"id": format!("j{number}"), "request": {
            "model": "qwen-image-2.0-2026-03-03", "prompt": format!("p{number}"),
            "size": "512x512",
        }})
        .to_string()
    };
    (0..count).map(job).collect()
}
