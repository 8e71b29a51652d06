//! A server that answers as a test says.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::json;
pub use test_data::pictures::PIXEL;

use crate::support::command::KEY;

/// Serves until the test ends: `answer` gets a request's path and head, and the
/// server's own address.
pub fn serve(answer: impl Fn(&str, &str, &str) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let own = url.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = read_request(&mut stream).unwrap();
            match answer(request.path(), &request.head, &own) {
                Some(reply) => stream.write_all(&reply).unwrap(),
                // The connection stays open and silent.
                None => std::mem::forget(stream),
            }
        }
    });
    url
}

/// The same reply to everything.
pub fn always(reply: Vec<u8>) -> String {
    serve(move |_, _, _| Some(reply.clone()))
}

pub fn reply(status: u16, kind: &str, body: &str) -> Vec<u8> {
    raw_reply(
        &format!("{status} X"),
        &[("content-type", kind)],
        body.as_bytes(),
    )
}

pub fn raw_reply(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut reply = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        reply += &format!("{name}: {value}\r\n");
    }
    reply += "connection: close\r\n\r\n";
    [reply.as_bytes(), body].concat()
}

/// A server whose task made one of two pictures, and quotes the key.
pub fn partial_task() -> String {
    serve(|path, _, own| {
        let output = match path {
            "/picture" => return Some(raw_reply("200 OK", &[], &pixel())),
            "/api/v1/tasks/t" => json!({"task_id": "t", "task_status": "SUCCEEDED", "results": [
                {"url": format!("{own}/picture")},
                {"code": "DataInspectionFailed", "message": format!("not this, {KEY}")},
            ]}),
            _ => json!({"task_id": "t", "task_status": "PENDING"}),
        };
        let body = json!({"request_id": "r", "output": output});
        Some(reply(200, "application/json", &body.to_string()))
    })
}

/// A picture of one pixel, as a PNG file.
pub fn pixel() -> Vec<u8> {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(PIXEL).unwrap()
}

/// A request that came, whole.
pub struct Request {
    pub head: String,
    pub body: Vec<u8>,
}

impl Request {
    /// The path that it is for.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }
}

/// Reads a request to its end; `None` if it breaks off before.
pub fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 65536];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.trim().parse::<usize>().unwrap())
            });
            let body = &bytes[end + 4..];
            if body.len() >= length.unwrap_or_default() {
                let body = body.to_vec();
                return Some(Request { head, body });
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
