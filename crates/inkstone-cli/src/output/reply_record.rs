//! A file with a reply of which pictures are not saved, and the request that it answers.

use std::io;
use std::path::{Path, PathBuf};

use inkstone::{Image, NewFile};
use serde_json::Value;

use crate::output::arrived::Arrived;
use crate::output::files;
use crate::output::request_context::RequestContext;
use crate::output::sidecar;

/// Why a picture is not saved, as long as nothing else is known.
const UNFETCHED: &str = "the program ended before it was saved: fetch it within a day";

/// What is in the file.
pub struct ReplyRecord<'a, A> {
    reply: &'a A,
    text: String,
}

impl<'a, A: Arrived> ReplyRecord<'a, A> {
    /// `unsaved` are the pictures that are not saved, and why.
    pub fn new(request: &RequestContext<'_>, reply: &'a A, unsaved: Value) -> Self {
        let mut record = sidecar::record(request, reply.request_id());
        record["unsaved"] = unsaved;
        record["reply"] = reply.json();
        let text = format!("{record:#}\n");
        Self { reply, text }
    }

    /// Writes a new file with it, and says where.
    pub fn keep(&self, request: &RequestContext<'_>) -> io::Result<PathBuf> {
        files::here_or_elsewhere(request.out, |directory| {
            let stem = &request.stamp.stem;
            files::write_new_with(directory, stem, "json", |file| self.write(file))
        })
    }

    /// Writes it in place of what was there.
    pub fn replace(&self, path: &Path) -> io::Result<()> {
        files::replace_with(path, |file| self.write(file))
    }

    fn write(&self, file: &mut NewFile) -> io::Result<()> {
        self.reply.restore(self.text.as_bytes(), file)
    }
}

/// Keeps a reply whose pictures are fetched next, so that it outlives a program that is killed
/// meanwhile: it was paid for. A task is noted already, and what came with the reply is there.
pub fn before_fetching(request: &RequestContext<'_>, reply: &impl Arrived) -> Option<PathBuf> {
    let images = reply.images();
    if request.task_id.is_some() || images.iter().all(|image| sidecar::url(image).is_none()) {
        return None;
    }
    let unsaved = |image: &Image| {
        let mut json = sidecar::source(image);
        json["reason"] = UNFETCHED.into();
        json
    };
    let unsaved = images.iter().map(unsaved).collect();
    // Where it can't be kept, the pictures may still be saved.
    ReplyRecord::new(request, reply, unsaved).keep(request).ok()
}
