//! A proxy that cuts replies off: what a client does then is what libraries do in a bad
//! network.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::server::{Request, read_request};

/// The proxy, as long as the test program runs.
pub struct CuttingProxy {
    pub url: String,
    requests: Arc<AtomicUsize>,
}

impl CuttingProxy {
    /// In front of the server at `address`. Of the first replies, so many bytes come
    /// through; later ones come through whole.
    pub fn start(address: &str, cuts: &[usize]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            url: format!("http://{}/v1", listener.local_addr().unwrap()),
            requests: Arc::default(),
        };
        let (address, requests) = (address.to_owned(), proxy.requests.clone());
        let cuts = Arc::new(Mutex::new(cuts.iter().rev().copied().collect::<Vec<_>>()));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (address, cuts) = (address.clone(), cuts.clone());
                let requests = requests.clone();
                thread::spawn(move || pass(stream.unwrap(), &address, &cuts, &requests));
            }
        });
        proxy
    }

    /// How many requests have come.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

fn pass(mut client: TcpStream, address: &str, cuts: &Mutex<Vec<usize>>, requests: &AtomicUsize) {
    let Some(request) = read(&mut client) else {
        return;
    };
    requests.fetch_add(1, Ordering::Relaxed);
    let mut server = TcpStream::connect(address).unwrap();
    server.write_all(&request).unwrap();
    let mut reply = Vec::new();
    let _ = server.read_to_end(&mut reply);
    if let Some(cut) = cuts.lock().unwrap().pop() {
        reply.truncate(cut);
    }
    let _ = client.write_all(&reply);
}

/// A request, which asks for the connection to be closed after it.
fn read(client: &mut TcpStream) -> Option<Vec<u8>> {
    let Request { head, body } = read_request(client)?;
    let is_kept = |line: &&str| !line.to_lowercase().starts_with("connection:");
    let lines: Vec<_> = head.lines().filter(is_kept).collect();
    let head = lines.join("\r\n") + "\r\nconnection: close\r\n\r\n";
    Some([head.as_bytes(), &body].concat())
}
