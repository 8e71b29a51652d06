//! The pictures that this program shows, each at an address that nobody guesses and that is not
//! used again by a later run: no other file is shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use inkstone::ImageFormat;
use inkstone_sandbox::PageReply;

use crate::hex::hex_text;

/// The files, in the order in which they were added.
pub struct Pictures {
    /// The name of this run, which its addresses begin with.
    pub run: String,
    files: Mutex<Vec<PathBuf>>,
}

impl Pictures {
    pub fn new() -> Result<Self, String> {
        Ok(Self {
            run: hex_text(8)?,
            files: Mutex::default(),
        })
    }

    /// Adds a file, unless it is there, and gives its address.
    pub fn add(&self, path: &Path) -> String {
        // A panic elsewhere can't leave a path half added.
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let found = files.iter().position(|file| file == path);
        let number = found.unwrap_or(files.len());
        if found.is_none() {
            files.push(path.to_owned());
        }
        format!("/_studio/picture/{}-{number}", self.run)
    }

    /// The file at what follows the last slash of an address.
    pub fn read(&self, name: &str) -> Option<PageReply> {
        let number = name.strip_prefix(&self.run)?.strip_prefix('-')?;
        let number: usize = number.parse().ok()?;
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let path = files.get(number)?.clone();
        drop(files);
        let body = fs::read(path).ok()?;
        // By the first bytes: what is not known as a picture is not shown as one.
        let format = ImageFormat::from_start(&body);
        Some(PageReply {
            status: 200,
            content_type: format.map_or("application/octet-stream", ImageFormat::media_type),
            body,
            cookie: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_one_run_and_of_one_file() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a.png");
        fs::write(&file, "one").unwrap();
        let [mine, other] = [(); 2].map(|()| Pictures::new().unwrap());
        let address = mine.add(&file);
        assert_eq!(mine.add(&file), address);
        let name = address.strip_prefix("/_studio/picture/").unwrap();
        assert_eq!(mine.read(name).unwrap().body, b"one");
        other.add(&file);
        assert!(other.read(name).is_none() && mine.read("0").is_none());
    }
}
