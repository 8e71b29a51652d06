//! A server on this machine that answers as it is told, request by request.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What the server does with a request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and closes the connection.
    Send(Vec<u8>),
    /// Sends these bytes, and keeps the connection.
    Hold(Vec<u8>),
    /// Sends nothing, and keeps the connection.
    Silent,
}

pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Plays the acts in order, one a request; the last one over and over.
    pub async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let journal = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acts.clone(), journal.clone()));
            }
        });
        Self { url, requests }
    }

    /// The requests that came, head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("a lock").clone()
    }

    /// How many came.
    pub fn count(&self) -> usize {
        self.requests().len()
    }
}

pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    acts: Vec<Act>,
    journal: Arc<Mutex<Vec<String>>>,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let act = {
        let mut journal = journal.lock().expect("a lock");
        journal.push(request);
        acts[(journal.len() - 1).min(acts.len() - 1)].clone()
    };
    match act {
        Act::Send(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Hold(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read(&mut [0]).await;
        }
        Act::Silent => {
            // Until the client is gone.
            let _ = stream.read(&mut [0]).await;
        }
    }
}

/// A request: its head, and as much body as its head says.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.ok()?;
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = header(head, "content-length");
            let length = length.map_or(0, |length| length.parse().expect("a number"));
            if body.len() >= length {
                return Some(text);
            }
        }
        if count == 0 {
            return None;
        }
    }
}

/// A header of a request.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value)
}

/// A whole reply, as what the server does.
pub fn reply(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    );
    Act::Send(text.into_bytes())
}

/// A reply that reports success.
pub fn ok() -> Act {
    reply("200 OK", "", "{}")
}
