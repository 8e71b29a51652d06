//! The program, as the tests start it.

#[allow(dead_code, reason = "of what other tests need, these need a part")]
#[path = "../cli/support/command.rs"]
pub mod command;
#[allow(dead_code, reason = "of what other tests need, these need a part")]
#[path = "../cli/support/daemon.rs"]
pub mod daemon;

use std::ops::Deref;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

pub use self::command::{KEY, bare};
use self::daemon::Daemon;

/// A running studio. It ends with its test.
pub struct Studio {
    daemon: Daemon,
    /// The address of its page, which it printed.
    pub page: String,
    headers: [(&'static str, String); 2],
    /// Its directory, where nobody looks into that.
    _scratch: Option<TempDir>,
}

impl Studio {
    pub fn start(out: &Path, set: impl FnOnce(&mut Command)) -> Self {
        Self::start_at("0", out, set)
    }

    /// Starts it at the port of another, which has ended.
    pub fn start_at(port: &str, out: &Path, set: impl FnOnce(&mut Command)) -> Self {
        let mut command = bare();
        command
            .args(["studio", "--no-open", "--quiet", "--port", port, "--out"])
            .arg(out);
        set(&mut command);
        let mut daemon = Daemon::start(&mut command);
        let (headers, page) = (daemon.page_headers(), daemon.url.clone());
        daemon.url = format!("http://{}", daemon.address());
        Self {
            daemon,
            page,
            headers,
            _scratch: None,
        }
    }

    /// One that plays the API which another pays.
    pub fn vendor() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let mut vendor = Self::start(scratch.path(), |_| {});
        vendor._scratch = Some(scratch);
        vendor
    }

    pub fn port(&self) -> String {
        self.url.rsplit(':').next().unwrap().to_owned()
    }

    /// The headers with which its page asks.
    pub fn headers(&self) -> [(&str, &str); 2] {
        let [host, cookie] = &self.headers;
        [host, cookie].map(|(name, value)| (*name, value.as_str()))
    }

    /// A step of what is to go wrong next.
    pub fn script(&self, step: &Value) {
        let reply = self.post("/_script", &self.headers(), step);
        assert!((200..300).contains(&reply.status), "{reply:?}");
    }
}

impl Deref for Studio {
    type Target = Daemon;

    fn deref(&self) -> &Daemon {
        &self.daemon
    }
}

/// Has a studio pay this one.
pub fn paying(vendor: &Studio) -> impl Fn(&mut Command) {
    |command| {
        command
            .env("INKSTONE_API_KEY", KEY)
            .env("INKSTONE_BASE_URL", &vendor.url);
    }
}
