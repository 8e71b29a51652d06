//! Changes that a step makes to the bytes of a reply, which may leave it no JSON at all.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};

/// Changes to the bytes of a body, in the order in which they are made.
#[derive(Debug, Default)]
pub struct ByteEdits {
    /// Each occurrence of the first is replaced by the second.
    pub replace: Vec<(String, Vec<u8>)>,
    pub prepend: Vec<u8>,
    pub append: Vec<u8>,
    pub gzip: bool,
}

impl ByteEdits {
    /// The body with its changes, and the header that tells of compression.
    pub fn apply(&self, mut body: Vec<u8>, headers: &mut HeaderMap) -> Vec<u8> {
        for (from, to) in &self.replace {
            body = replaced(&body, from.as_bytes(), to);
        }
        body.splice(..0, self.prepend.iter().copied());
        body.extend_from_slice(&self.append);
        if self.gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            body = compressed(body);
        }
        body
    }
}

fn replaced(mut body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut changed = Vec::with_capacity(body.len());
    while let Some((first, rest)) = body.split_first() {
        if let Some(after) = body.strip_prefix(from) {
            changed.extend_from_slice(to);
            body = after;
        } else {
            changed.push(*first);
            body = rest;
        }
    }
    changed
}

/// Writing to memory does not fail; a body that could not be written stays as it was.
fn compressed(body: Vec<u8>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(&body).and_then(|()| encoder.finish());
    written.unwrap_or(body)
}
