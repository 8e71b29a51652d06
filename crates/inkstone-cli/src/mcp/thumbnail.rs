//! Small copies of pictures, of which an agent's client takes a few kilobytes and not
//! megabytes.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, ImageReader, Limits};

/// How wide and high a small copy is at most, in pixels.
const SIDE: u32 = 256;

/// How long one may be, in bytes.
const LONGEST: usize = 128 << 10;

/// How much memory decoding a picture may take, in bytes.
const MOST_MEMORY: u64 = 512 << 20;

/// A small copy of the picture at `path`, as base64 of a JPEG; `None` where there is none
/// to be had, which is no reason to fail.
pub fn make(path: &Path) -> Option<String> {
    let file = BufReader::new(File::open(path).ok()?);
    let mut reader = ImageReader::new(file).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let small = reader.decode().ok()?.thumbnail(SIDE, SIDE).into_rgb8();
    let mut bytes = Vec::new();
    small
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
        .ok()?;
    (bytes.len() <= LONGEST).then(|| STANDARD.encode(bytes))
}
