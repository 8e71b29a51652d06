//! Just enough of an HTTP client to see what goes over the wire.

use std::fmt::Write;
use std::io::ErrorKind;
use std::time::Duration;

use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub const GATEWAY: &str = "/v1/images/generations";
pub const DASHSCOPE: &str = "/api/v1/services/aigc/multimodal-generation/generation";
pub const KEY: (&str, &str) = ("Authorization", "Bearer sk-secret.key");

/// A field of a form: its name, that of its file if it has one, and its content.
pub type Field<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// The type of a form as [`form`] writes it.
pub const FORM: (&str, &str) = ("Content-Type", "multipart/form-data; boundary=b");

pub fn form(fields: &[Field<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in fields {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

/// A request to Wan with further members.
pub fn wan(members: Value) -> Value {
    let mut body = json!({"model": "wan2.7-image-pro", "prompt": "p"});
    let new = members.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(new);
    body
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(found.1)
    }

    /// The message of an error of either API, without the request's id.
    pub fn message(&self) -> String {
        let json = self.json();
        let message = match &json["error"]["message"] {
            Value::String(message) => message.clone(),
            _ => json["message"].as_str().unwrap().to_owned(),
        };
        match message.split_once(" (request id: ") {
            Some((message, _)) => message.to_owned(),
            None => message,
        }
    }
}

pub async fn post(
    sandbox: &Sandbox,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Reply {
    send(sandbox, "POST", path, headers, body).await
}

pub async fn get(sandbox: &Sandbox, path: &str) -> Reply {
    send(sandbox, "GET", path, &[], "").await
}

pub async fn send(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Reply {
    let bytes = exchange(sandbox, method, path, headers, body).await;
    parse(&bytes.0)
}

/// Everything that comes back, and how it ends: with an error or not. It stops after the
/// time that a test has.
pub async fn exchange(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> (Vec<u8>, Option<ErrorKind>) {
    let host = sandbox.url().strip_prefix("http://").unwrap();
    let body = body.as_ref();
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    if headers.iter().all(|(name, _)| *name != "Host") {
        write!(head, "Host: {host}\r\n").unwrap();
    }
    let is_given = |given: &str| {
        let mut names = headers.iter().map(|(name, _)| name);
        names.any(|name| name.eq_ignore_ascii_case(given))
    };
    if !body.is_empty() && !is_given("Content-Type") {
        head += "Content-Type: application/json\r\n";
    }
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head += "\r\n";
    let mut stream = TcpStream::connect(host).await.unwrap();
    let mut bytes = Vec::new();
    let talk = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        stream.read_to_end(&mut bytes).await
    };
    let end = match timeout(PATIENCE, talk).await {
        Ok(end) => end.err().map(|error| error.kind()),
        Err(_) => Some(ErrorKind::TimedOut),
    };
    (bytes, end)
}

/// For tests of replies that never come; all others come much sooner.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn parse(bytes: &[u8]) -> Reply {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = bytes.split_at(end.unwrap() + 4);
    let head = String::from_utf8(head.to_vec()).unwrap();
    Reply {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head,
        body: body.to_vec(),
    }
}
