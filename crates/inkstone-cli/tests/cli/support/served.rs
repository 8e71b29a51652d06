//! A running `inkstone sandbox` that plays a script.

use std::fs;
use std::ops::Deref;

use serde_json::Value;

use crate::support::command::bare;
use crate::support::daemon::Daemon;

/// It ends with its test.
pub struct Served(Daemon);

impl Served {
    /// One that plays a script, and whose pictures take no time.
    pub fn with(script: &Value) -> Self {
        Self::with_flags(script, &[])
    }

    /// One that draws its pictures in full.
    pub fn drawing() -> Self {
        Self::start(&serde_json::json!([]), &[])
    }

    pub fn with_flags(script: &Value, flags: &[&str]) -> Self {
        Self::start(script, &[&["--tiny"], flags].concat())
    }

    fn start(script: &Value, flags: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("script.json");
        fs::write(&file, script.to_string()).unwrap();
        let mut command = bare();
        command.args(["sandbox", "--port", "0", "--quiet", "--script"]);
        Self(Daemon::start(command.arg(&file).args(flags)))
    }

    /// What it counted.
    pub fn stats(&self) -> Value {
        self.get("/_stats").json()
    }

    /// The requests that came.
    pub fn journal(&self) -> Value {
        self.get("/_journal").json()
    }
}

impl Deref for Served {
    type Target = Daemon;

    fn deref(&self) -> &Daemon {
        &self.0
    }
}
