//! A server on this machine that answers as it is told, request by request. The tests of the
//! client for pictures have it as well.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What the server does with a request; it closes the connection after the last of several.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes, and then nothing, but keeps the connection.
    Hold(Vec<u8>),
    /// Sends these bytes one by one, with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes over and over, until nobody listens.
    Flood(Vec<u8>),
    /// Sends these bytes and keeps the connection for one more request, but closes
    /// it as soon as that comes.
    Last(Vec<u8>),
}

impl From<Act> for Vec<Act> {
    fn from(act: Act) -> Self {
        vec![act]
    }
}

pub struct Server {
    pub url: String,
    requests: Journal,
}

type Journal = Arc<Mutex<Vec<String>>>;

impl Server {
    /// Plays a script, an act or several for a request; those of the last one over and over.
    pub async fn start(script: Vec<impl Into<Vec<Act>>>) -> Self {
        let script: Vec<Vec<Act>> = script.into_iter().map(Into::into).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Journal::default();
        let journal = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script.clone(), journal.clone()));
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
    script: Vec<Vec<Act>>,
    journal: Journal,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let acts = {
        let mut journal = journal.lock().expect("a lock");
        journal.push(request);
        script[(journal.len() - 1).min(script.len() - 1)].clone()
    };
    for act in acts {
        if play(&mut stream, act, &journal).await.is_err() {
            return;
        }
    }
    let _ = stream.shutdown().await;
}

async fn play<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    act: Act,
    journal: &Journal,
) -> std::io::Result<()> {
    match act {
        Act::Send(bytes) => stream.write_all(&bytes).await?,
        Act::Hold(bytes) => {
            stream.write_all(&bytes).await?;
            // Until the client is gone.
            let _ = stream.read(&mut [0]).await;
        }
        Act::Drip(bytes, pause) => {
            for byte in bytes {
                tokio::time::sleep(pause).await;
                stream.write_all(&[byte]).await?;
            }
        }
        Act::Flood(bytes) => loop {
            stream.write_all(&bytes).await?;
        },
        Act::Last(bytes) => {
            stream.write_all(&bytes).await?;
            if let Some(request) = read(stream).await {
                journal.lock().expect("a lock").push(request);
            }
        }
    }
    Ok(())
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

/// A whole reply.
pub fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

/// A whole reply, as what the server does.
pub fn reply(status: &str, headers: &str, body: &str) -> Act {
    Act::Send(http(status, headers, body))
}

/// A reply that reports success.
pub fn ok() -> Act {
    reply("200 OK", "", "{}")
}
