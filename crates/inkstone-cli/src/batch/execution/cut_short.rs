//! Keeps pictures that were cut short, until the whole picture comes.

use std::fs;
use std::path::{Path, PathBuf};

use inkstone::ImageFormat;

/// The directory of such pictures, in that of the batch.
const DIRECTORY: &str = "cut-short";

/// The kept part of one picture.
pub struct CutShort<'a> {
    /// The directory of the batch.
    pub out: &'a Path,
    /// The name of the picture, without ending.
    pub name: String,
}

impl CutShort<'_> {
    fn path(&self, ending: &str) -> PathBuf {
        let file = format!("{}.{ending}", self.name);
        self.out.join(DIRECTORY).join(file)
    }

    /// Keeps `part`, unless a longer one is kept already. Returns the error's message with
    /// the path of the kept file.
    pub fn keep(&self, part: &Path, message: String) -> String {
        let ending = part.extension().unwrap_or_default().to_string_lossy();
        let kept = self.path(&ending);
        let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        if length(part) > length(&kept) {
            let made = fs::create_dir_all(self.out.join(DIRECTORY));
            if made.and_then(|()| fs::rename(part, &kept)).is_err() {
                return message;
            }
        }
        message.replace(&part.display().to_string(), &kept.display().to_string())
    }

    /// Removes what is kept of a picture that is complete now.
    pub fn remove(&self) {
        // Usually there is none, of any picture.
        if !self.out.join(DIRECTORY).exists() {
            return;
        }
        for format in ImageFormat::ALL {
            // It has one of these at most.
            let _ = fs::remove_file(self.path(format.ending()));
        }
        let _ = fs::remove_dir(self.out.join(DIRECTORY));
    }
}
