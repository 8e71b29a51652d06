//! A library on this machine, as far as the example needs one.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

const LOAN: &str = r#"{"id":7,"due":"2026-07-28"}"#;
const BUSY: &str = r#"{"title":"Busy","code":5001}"#;
const LENT: &str = r#"{"title":"Conflict","detail":"Ulysses is lent","code":4408,
    "reference":"r-3","shelf":"J 7"}"#;

/// Starts the server, and answers with its URL.
pub fn start() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            // A client that hung up is no reason to close the library.
            let _ = serve(number, &stream);
        }
    });
    Ok(url)
}

/// The requests are those of `main`, in that order.
fn serve(number: usize, mut stream: &TcpStream) -> io::Result<()> {
    let request = read(stream)?;
    let (status, body) = match number {
        _ if !request.contains("x-library-branch: north") => ("400 Bad Request", "{}"),
        0 => ("500 Internal Server Error", BUSY),
        1 => ("201 Created", LOAN),
        2 => return Ok(()),
        4 => ("409 Conflict", LENT),
        _ => ("200 OK", LOAN),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// The head of a request, whose body is read as well.
fn read(stream: &TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.read_exact(&mut vec![0; length])?;
    Ok(head)
}
