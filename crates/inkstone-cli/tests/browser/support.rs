//! The program, as the tests start it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A key that must never come to the browser.
pub const KEY: &str = "sk-0123456789.abcdef";

/// The binary, in an environment without settings.
pub fn inkstone() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    for name in [
        "INKSTONE_API_KEY",
        "INKSTONE_BASE_URL",
        "DASHSCOPE_API_KEY",
        "DASHSCOPE_BASE_URL",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.env("TMPDIR", test_data::temporary(env!("CARGO_TARGET_TMPDIR")));
    command
}

/// A running studio. It ends with its test.
pub struct Studio {
    pub url: String,
    child: Child,
}

impl Studio {
    pub fn start(out: &Path, set: impl FnOnce(&mut Command)) -> Self {
        Self::start_at("0", out, set)
    }

    /// Starts it at the port of another, which has ended.
    pub fn start_at(port: &str, out: &Path, set: impl FnOnce(&mut Command)) -> Self {
        let mut command = inkstone();
        command
            .args(["studio", "--no-open", "--quiet", "--port", port, "--out"])
            .arg(out);
        set(&mut command);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        let url = url.trim().to_owned();
        Self { url, child }
    }

    pub fn port(&self) -> String {
        self.url.rsplit(':').next().unwrap().to_owned()
    }

    /// A step of what is to go wrong next.
    pub fn script(&self, step: &Value) {
        let body = step.to_string();
        let head = format!(
            "POST /_script HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let reply = self.raw(&(head + &body));
        assert!(reply.starts_with("HTTP/1.1 2"), "{reply}");
    }

    /// The whole reply to a request that is written out.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.url.strip_prefix("http://").unwrap()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
