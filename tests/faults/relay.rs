//! A witness on the wire: passes bytes between the client and the sandbox, and
//! writes down what came back, whatever the client makes of it.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// As much of what comes over a connection as is written down.
const MOST: usize = 4 << 20;

/// What came back over each connection, and over which one last.
#[derive(Default)]
struct Wire {
    connections: Vec<Came>,
    last: usize,
}

/// What came back over a connection, and how much of it by when.
#[derive(Default)]
struct Came {
    bytes: Vec<u8>,
    lengths: Vec<(Instant, usize)>,
}

impl Came {
    fn until(&self, end: Instant) -> &[u8] {
        let length = self.lengths.iter().rfind(|(at, _)| *at <= end);
        &self.bytes[..length.map_or(0, |(_, length)| *length)]
    }
}

pub struct Relay {
    pub url: String,
    wire: Arc<Mutex<Wire>>,
}

impl Relay {
    /// A relay to the server at `url`.
    pub async fn to(url: &str) -> Self {
        let upstream = url.strip_prefix("http://").expect("a URL").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let wire = Arc::new(Mutex::new(Wire::default()));
        let written = wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&upstream).await else {
                    continue;
                };
                tokio::spawn(carry(client, server, written.clone()));
            }
        });
        Self { url, wire }
    }

    /// Forgets what came until now.
    pub fn forget(&self) {
        let mut wire = self.wire.lock().expect("a lock");
        wire.connections
            .iter_mut()
            .for_each(|it| *it = Came::default());
    }

    /// The body of the reply that came last, as far as it had come at `end`: `None`
    /// where no head of one had come whole.
    pub fn last_body(&self, end: Instant) -> Option<Vec<u8>> {
        let wire = self.wire.lock().expect("a lock");
        last_body(wire.connections.get(wire.last)?.until(end))
    }
}

/// Passes bytes on until either side is done, and ends as the server does.
async fn carry(mut client: TcpStream, mut server: TcpStream, wire: Arc<Mutex<Wire>>) {
    let number = {
        let mut wire = wire.lock().expect("a lock");
        wire.connections.push(Came::default());
        wire.connections.len() - 1
    };
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = async {
        if tokio::io::copy(&mut from_client, &mut to_server)
            .await
            .is_err()
        {
            // A server that reads no more may still have said something.
            std::future::pending::<()>().await;
        }
    };
    let down = async {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let Ok(count) = from_server.read(&mut buffer).await else {
                return true;
            };
            // What ends says nothing more: another connection may have had the last word.
            if count == 0 {
                return false;
            }
            note(&wire, number, &buffer[..count]);
            if to_client.write_all(&buffer[..count]).await.is_err() {
                return false;
            }
        }
    };
    let is_reset = tokio::select! {
        is_reset = down => is_reset,
        () = up => false,
    };
    if is_reset {
        client.set_zero_linger().expect("an open connection");
    }
}

fn note(wire: &Mutex<Wire>, number: usize, bytes: &[u8]) {
    let mut wire = wire.lock().expect("a lock");
    wire.last = number;
    let noted = &mut wire.connections[number];
    let room = MOST.saturating_sub(noted.bytes.len());
    noted
        .bytes
        .extend_from_slice(&bytes[..bytes.len().min(room)]);
    noted.lengths.push((Instant::now(), noted.bytes.len()));
}

/// The body of the last of the replies that came over a connection.
fn last_body(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut last = None;
    while let Some(at) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&bytes[..at]).to_lowercase();
        let rest = &bytes[at + 4..];
        let (body, after) = body(&head, rest);
        last = Some(body);
        bytes = after;
    }
    last
}

/// The body that follows a head, and what follows the body.
fn body<'a>(head: &str, rest: &'a [u8]) -> (Vec<u8>, &'a [u8]) {
    if head.contains("transfer-encoding: chunked") {
        return chunks(rest);
    }
    // It has no body, whatever length it announces.
    if head.starts_with("http/1.1 204") {
        return (Vec::new(), rest);
    }
    let length = head
        .lines()
        .find_map(|it| it.strip_prefix("content-length: "));
    let length = length.map_or(usize::MAX, |it| it.trim().parse().expect("a number"));
    let (body, after) = rest.split_at(length.min(rest.len()));
    (body.to_vec(), after)
}

/// What is in the chunks that came, the last of which may not be whole.
fn chunks(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut body = Vec::new();
    while let Some(at) = rest.windows(2).position(|it| it == b"\r\n") {
        let size = std::str::from_utf8(&rest[..at]).expect("digits");
        let size = usize::from_str_radix(size, 16).expect("digits");
        let came = &rest[at + 2..];
        body.extend_from_slice(&came[..size.min(came.len())]);
        rest = came.get(size + 2..).unwrap_or_default();
        if size == 0 {
            break;
        }
    }
    (body, rest)
}

/// A server that no key may get to: it answers that there is nothing.
pub struct Trap {
    pub url: String,
    heard: Arc<Mutex<String>>,
}

impl Trap {
    pub async fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(String::new()));
        let written = heard.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut buffer = vec![0; 64 << 10];
                let count = stream.read(&mut buffer).await.unwrap_or_default();
                let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
                written.lock().expect("a lock").push_str(&text);
                let gone =
                    b"HTTP/1.1 404 Gone\r\ncontent-length: 4\r\nconnection: close\r\n\r\ngone";
                let _ = stream.write_all(gone).await;
            }
        });
        Self { url, heard }
    }

    /// All that it was told.
    pub fn heard(&self) -> String {
        self.heard.lock().expect("a lock").clone()
    }
}
