//! A running `inkstone sandbox` that plays a script.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::support::command::bare;

/// It ends with its test.
pub struct Served {
    pub url: String,
    child: Child,
}

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
        let command = command
            .arg(&file)
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut url = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        Self { url, child }
    }

    /// What it counted.
    pub fn stats(&self) -> Value {
        self.ask("/_stats")
    }

    /// The requests that came.
    pub fn journal(&self) -> Value {
        self.ask("/_journal")
    }

    fn ask(&self, path: &str) -> Value {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (_, body) = reply.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
