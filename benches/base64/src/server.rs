//! Sends the same reply to every request.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::{Result, print};
use crate::picture;

/// How many pictures a reply has.
pub const COUNT: usize = 4;

pub fn run() -> Result<()> {
    let mut body = br#"{"created":1795163400,"data":["#.to_vec();
    for number in 0..COUNT {
        let comma = if number == 0 { "" } else { "," };
        // Without the empty `url` that the gateway has beside it: async-openai would
        // take that for where the picture is, and fail.
        body.extend(format!("{comma}{{\"b64_json\":\"").bytes());
        body.extend(STANDARD.encode(picture::bytes(number)).bytes());
        body.extend(br#"","revised_prompt":""}"#);
    }
    body.extend(b"]}");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    print(&format!("http://{}", listener.local_addr()?));
    for stream in listener.incoming() {
        // Whoever leaves early has failed, and says so.
        let _ = answer(stream?, &body);
    }
    Ok(())
}

fn answer(mut stream: TcpStream, body: &[u8]) -> Result<()> {
    read_request(&mut stream)?;
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    Ok(())
}

/// Reads a request with a body of an announced length, or none.
fn read_request(stream: &mut TcpStream) -> Result<()> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let length = stream.read(&mut chunk)?;
        request.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let announced = lines.find_map(|line| line.strip_prefix("content-length: "));
            if length == 0 || body.len() >= announced.map_or(Ok(0), str::parse)? {
                return Ok(());
            }
        }
    }
}
