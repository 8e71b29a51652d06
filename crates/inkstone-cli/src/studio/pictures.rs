//! The pictures that this program saved while it runs, by number: no other file is shown.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use inkstone_sandbox::PageReply;

/// The files, in the order in which they were saved.
#[derive(Default)]
pub struct Pictures(Mutex<Vec<PathBuf>>);

impl Pictures {
    /// Adds a file, and gives its address.
    pub fn add(&self, path: &str) -> String {
        // A panic elsewhere can't leave a path half added.
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(path.into());
        format!("/_studio/picture/{}", files.len() - 1)
    }

    pub fn read(&self, number: &str) -> Option<PageReply> {
        let number: usize = number.parse().ok()?;
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let path = files.get(number)?.clone();
        drop(files);
        let body = fs::read(path).ok()?;
        Some(PageReply {
            status: 200,
            content_type: media_type(&body),
            body,
        })
    }
}

/// By the first bytes: what is not known as a picture is not shown as one.
fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        _ => "application/octet-stream",
    }
}
