//! Has pictures generated, many at a time, and saves them: with inkstone, or with
//! nothing but reqwest.
//!
//! `generations inkstone|reqwest|reqwest-synced URL COUNT AT_ONCE DIRECTORY` prints the
//! seconds it took, and the most memory that was in use, in KiB, where Linux says so.
//!
//! `reqwest-synced` is the least that `inkstone batch` can do, which keeps its journal besides:
//! each picture and the note beside it are on the disk before the next request.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use inkstone::Client;
use inkstone::gateway::wan2_7_image_pro::Request;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || {
        arguments
            .next()
            .expect("inkstone|reqwest|reqwest-synced URL COUNT AT_ONCE DIRECTORY")
    };
    let (who, url) = (next(), next());
    let (count, at_once) = (number(&next()), number(&next()));
    let directory = PathBuf::from(next());
    std::fs::create_dir_all(&directory).expect("a directory");
    let start = Instant::now();
    let bytes = match who.as_str() {
        "inkstone" => {
            let client = Client::builder(url).key("any").build().expect("a client");
            let one = move |stem: String, directory: PathBuf| ours(client.clone(), directory, stem);
            run(count, at_once, &directory, one).await
        }
        _ => {
            let client = Bare::new(url, who == "reqwest-synced");
            let one = move |stem: String, directory: PathBuf| bare(client.clone(), directory, stem);
            run(count, at_once, &directory, one).await
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let files = std::fs::read_dir(&directory).expect("a directory");
    let sizes = files.map(|entry| entry.expect("a file").metadata().expect("a file").len());
    assert_eq!(
        sizes.fold((0, 0), |(n, sum), size| (n + 1, sum + size)),
        (count, bytes)
    );
    println!("{seconds:.3} {}", peak());
}

fn number(text: &str) -> usize {
    text.parse().expect("a whole number")
}

/// Does `one` `count` times, `at_once` at a time; how many bytes were saved.
async fn run<F: Future<Output = u64> + Send + 'static>(
    count: usize,
    at_once: usize,
    directory: &Path,
    one: impl Fn(String, PathBuf) -> F + Clone + Send + 'static,
) -> u64 {
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let (next, one, directory) = (Arc::clone(&next), one.clone(), directory.to_owned());
        workers.spawn(async move {
            let mut saved = 0;
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return saved;
                }
                saved += one(format!("{at:05}"), directory.clone()).await;
            }
        });
    }
    workers.join_all().await.into_iter().sum()
}

async fn ours(client: Client, directory: PathBuf, stem: String) -> u64 {
    let prompt = format!("picture {stem}").parse().expect("a prompt");
    let reply = client.send(&Request::new(prompt)).await.expect("a reply");
    let images = reply.images();
    assert_eq!(images.len(), 1);
    let path = client
        .save(&images[0], &directory, &stem)
        .await
        .expect("a file");
    path.metadata().expect("a file").len()
}

/// A client as one would write it in an afternoon.
#[derive(Clone)]
struct Bare {
    http: reqwest::Client,
    url: String,
    is_synced: bool,
}

impl Bare {
    fn new(base: String, is_synced: bool) -> Self {
        // Whoever installed one before is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            url: format!("{base}/v1/images/generations"),
            is_synced,
        }
    }
}

#[derive(Serialize)]
struct Generation {
    model: &'static str,
    prompt: String,
}

#[derive(Deserialize)]
struct Images {
    data: Vec<Image>,
}

#[derive(Deserialize)]
struct Image {
    url: String,
}

async fn bare(client: Bare, directory: PathBuf, stem: String) -> u64 {
    let request = Generation {
        model: "wan2.7-image-pro",
        prompt: format!("picture {stem}"),
    };
    let body = serde_json::to_vec(&request).expect("JSON");
    let sending = client.http.post(&client.url).bearer_auth("any");
    let sending = sending
        .header("content-type", "application/json")
        .body(body);
    let reply = sending.send().await.expect("a reply");
    let reply = reply.error_for_status().expect("a success").bytes().await;
    let images: Images = serde_json::from_slice(&reply.expect("a body")).expect("images");
    assert_eq!(images.data.len(), 1);
    let picture = client
        .http
        .get(&images.data[0].url)
        .send()
        .await
        .expect("a picture");
    let bytes = picture.error_for_status().expect("a success").bytes().await;
    let bytes = bytes.expect("a body");
    let length = bytes.len() as u64;
    let path = directory.join(format!("{stem}.png"));
    if !client.is_synced {
        tokio::fs::write(path, &bytes).await.expect("a file");
        return length;
    }
    let notes = directory.with_extension("notes");
    let note = serde_json::to_vec_pretty(&request).expect("JSON");
    let write = move || {
        std::fs::create_dir_all(&notes)?;
        write_synced(&path, &bytes)?;
        write_synced(&notes.join(format!("{stem}.json")), &note)
    };
    let written = tokio::task::spawn_blocking(write).await.expect("no panic");
    written.expect("files");
    length
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The most memory that this process has used so far, in KiB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number.unwrap_or("unknown").to_owned()
}
