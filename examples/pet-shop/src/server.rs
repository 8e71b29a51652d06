//! A pet shop on this machine, as far as the example needs one.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

const CAT: &str = r#"{"id":1,"name":"咪咪","status":"available","kind":"cat"}"#;

/// The second page of what is on sale.
const KITTENS: &str = r#"[{"id":2,"name":"花花","status":"available"},
{"id":3,"name":"小黑","status":"available"}]"#;

/// Starts the server, and answers with its URL.
pub fn start() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hung up is no reason to close the shop.
            let _ = serve(&stream);
        }
    });
    Ok(url)
}

fn serve(stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (status, body) = answer(&first, &body);
    let length = body.len();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}

fn answer(request: &str, body: &[u8]) -> (&'static str, String) {
    let body = String::from_utf8_lossy(body);
    match request.trim_end().rsplit_once(' ').map_or("", |(it, _)| it) {
        "POST /pets" if body == r#"{"name":"咪咪","status":"available","kind":"cat"}"# => {
            ("201 Created", CAT.to_owned())
        }
        "GET /pets/1" => ("200 OK", CAT.to_owned()),
        "GET /pets?status=available&tag=small&tag=%E7%99%BD" => ("200 OK", format!("[{CAT}]")),
        "GET /pets?status=available&tag=small&tag=%E7%99%BD&page=2" => {
            ("200 OK", KITTENS.to_owned())
        }
        "GET /pets?status=available&tag=small&tag=%E7%99%BD&page=3" => ("200 OK", "[]".to_owned()),
        "POST /pets/1/photo" if body.contains("filename=\"cat.png\"") => {
            ("204 No Content", String::new())
        }
        other => (
            "400 Bad Request",
            format!(r#"{{"code":400,"message":"{other} is not for sale"}}"#),
        ),
    }
}
