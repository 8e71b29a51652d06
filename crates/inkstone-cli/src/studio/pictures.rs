//! The pictures that this program saved while it runs, by number: no other file is shown.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use inkstone::ImageFormat;
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
        // By the first bytes: what is not known as a picture is not shown as one.
        let format = ImageFormat::from_start(&body);
        Some(PageReply {
            status: 200,
            content_type: format.map_or("application/octet-stream", ImageFormat::media_type),
            body,
        })
    }
}
