//! A server of the program that runs as long as its test, and requests to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

#[cfg(target_os = "linux")]
use super::command::signal;

/// A running server, which ends with its test.
pub struct Daemon {
    /// The first line that it printed.
    pub url: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
}

/// A reply.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Daemon {
    pub fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
        Self::of(command.stderr(Stdio::null()).spawn().unwrap())
    }

    /// A server that was started, whose standard output can be read.
    pub fn of(mut child: Child) -> Self {
        let mut daemon = Self {
            url: String::new(),
            stdout: BufReader::new(child.stdout.take().unwrap()),
            child,
        };
        daemon.url = daemon.line();
        daemon
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Its address, as in `127.0.0.1:49152`.
    pub fn address(&self) -> &str {
        let rest = self.url.strip_prefix("http://").unwrap();
        rest.split('/').next().unwrap()
    }

    /// The headers with which the page of a studio asks, once it was opened at the address that the
    /// studio printed.
    pub fn page_headers(&self) -> [(&'static str, String); 2] {
        let (_, token) = self.url.split_once("/?token=").unwrap();
        let (_, port) = self.address().split_once(':').unwrap();
        let cookie = format!("inkstone-studio-{port}={token}");
        [("host", self.address().to_owned()), ("cookie", cookie)]
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The code with which it ends, of its own.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Ends it at once, as a power failure would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets it stand still, as a machine that sleeps does, or go on.
    #[cfg(target_os = "linux")]
    pub fn stand_still(&self, is_still: bool) {
        signal(&self.child, if is_still { "-STOP" } else { "-CONT" });
    }

    /// Stops it in order, and waits for that.
    #[cfg(target_os = "linux")]
    pub fn terminate(mut self) {
        signal(&self.child, "-TERM");
        self.child.wait().unwrap();
    }

    /// How much memory it takes, in bytes.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        kib.unwrap().parse::<u64>().unwrap() * 1024
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        let json = [("content-type", "application/json")];
        let headers: Vec<_> = json.iter().chain(headers).copied().collect();
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    /// Like [`post`](Self::post); `None` if the server is gone before it has answered.
    pub fn try_post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Option<Reply> {
        let json = [("content-type", "application/json")];
        let headers: Vec<_> = json.iter().chain(headers).copied().collect();
        let body = body.to_string();
        let head = head("POST", path, &headers, body.len());
        try_send(self.address(), &head, body.as_bytes())
    }

    /// Sends all of a request before anything is read of its answer, as some libraries do; its status.
    pub fn send_all(&self, path: &str, key: &str, length: usize) -> u16 {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let headers = [("authorization", key), ("content-type", "application/json")];
        let head = head("POST", path, &headers, length);
        stream.write_all(head.as_bytes()).unwrap();
        let piece = vec![b' '; 1 << 20];
        for _ in 0..length >> 20 {
            stream.write_all(&piece).unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Connections that send one byte each.
    pub fn silent(&self, count: usize) -> Vec<TcpStream> {
        let connect = |_| {
            let mut stream = TcpStream::connect(self.address()).unwrap();
            stream.write_all(b"G").unwrap();
            stream
        };
        (0..count).map(connect).collect()
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        send(
            self.address(),
            &head(method, path, headers, body.len()),
            body,
        )
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The head of a request, with a key and a host unless `headers` have others.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in [("host", "localhost"), ("authorization", "Bearer any")] {
        if !headers.iter().any(|(own, _)| *own == name) {
            head += &format!("{name}: {value}\r\n");
        }
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        head += &format!("{name}: {value}\r\n");
    }
    head + &format!("content-length: {length}\r\n\r\n")
}

/// Sends a request, and reads nothing of the reply.
pub fn send_later(
    daemon: &Daemon,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> TcpStream {
    let body = body.to_string();
    let mut stream = TcpStream::connect(daemon.address()).unwrap();
    let head = head("POST", path, headers, body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream
}

/// Sends a request and reads the whole reply.
pub fn send(address: &str, head: &str, body: &[u8]) -> Reply {
    try_send(address, head, body).expect("a reply")
}

/// Sends a request and reads the whole reply; `None` if the server is gone by then.
fn try_send(address: &str, head: &str, body: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(head.as_bytes()).ok()?;
    // It may be refused before it is all there.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Reply::parse(&bytes)
}

impl Reply {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec())
            .unwrap()
            .to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = bytes[end + 4..].to_vec();
        let body = match head.contains("transfer-encoding: chunked") {
            true => unchunked(&body),
            false => body,
        };
        Some(Self { status, head, body })
    }

    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            (own == name).then(|| value.trim())
        })
    }
}

/// The bytes of a body that came in chunks.
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&bytes[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        let chunk = &bytes[end + 2..];
        whole.extend_from_slice(&chunk[..length]);
        if length == 0 {
            break;
        }
        bytes = &chunk[length + 2..];
    }
    whole
}
