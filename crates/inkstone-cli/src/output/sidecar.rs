//! The JSON beside a picture, which says how it was made.

use std::fs;
use std::path::{Path, PathBuf};

use inkstone::{Image, ImageFormat, Source};
use serde_json::{Value, json};

use crate::output::input;
use crate::output::request_context::RequestContext;

/// The file beside a picture: how it was made, and where it came from.
pub fn for_picture(request: &RequestContext<'_>, request_id: Option<&str>, image: &Image) -> Value {
    let mut record = record(request, request_id);
    record["source"] = source(image);
    record
}

/// The sidecar of the picture at `path`, if there is one.
pub fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(beside(path)?).ok()?).ok()
}

/// Whether a sidecar is beside the picture at `path`, whatever it says.
pub fn is_beside(path: &Path) -> bool {
    beside(path).is_some_and(|path| path.exists())
}

fn beside(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name()?.to_owned();
    name.push(".json");
    Some(path.with_file_name(name))
}

/// The media type of pictures whose files have this ending.
pub fn media_type(ending: &str) -> Option<&'static str> {
    let mut formats = ImageFormat::ALL.into_iter();
    let format = formats.find(|format| format.ending() == ending)?;
    Some(format.media_type())
}

/// Model, API, request, request id and time.
pub fn record(request: &RequestContext<'_>, request_id: Option<&str>) -> Value {
    let body = input::shortened(request.body, request.inputs);
    let inputs = input::listed(&body);
    let mut record = json!({
        "model": request.model,
        "api": request.api,
        "document": request.document,
        "request": body,
        "request_id": request_id,
        "time": request.stamp.time,
    });
    if !inputs.is_empty() {
        record["inputs"] = inputs.into();
    }
    if let Some(task_id) = request.task_id {
        record["task_id"] = task_id.into();
    }
    record
}

/// Where a picture was in the reply.
pub fn source(image: &Image) -> Value {
    match url(image) {
        Some(url) => json!({"pointer": image.pointer, "url": url}),
        None => json!({"pointer": image.pointer}),
    }
}

/// Where a picture can be fetched, if it is not in the reply itself.
pub fn url(image: &Image) -> Option<&str> {
    match &image.source {
        Source::Url(url) => Some(url),
        Source::Base64(_) | Source::Bytes(_) | Source::Spooled(_) => None,
    }
}
