//! What a call of a tool brings: pictures, or why there are none.

use std::path::{Path, PathBuf};

use rmcp::model::{CallToolResult, ContentBlock, Resource};
use serde_json::{Value, json};

use crate::hex::percent_encoded;
use crate::ledger::answer::{Answer, Failure, Picture};
use crate::mcp::thumbnail;
use crate::output::sidecar;

/// Of how many pictures small copies are made.
const MOST_THUMBNAILS: usize = 4;

/// What a call of a tool brings.
pub type Called = Result<CallToolResult, ToolError>;

/// Why a call brings nothing.
#[derive(Debug)]
pub struct ToolError(Value);

impl ToolError {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self(json!({"error": {"code": code, "message": message.into()}}))
    }

    /// Adds members to the error.
    pub fn more(mut self, more: Value) -> Self {
        if let (Some(error), Value::Object(more)) = (self.0["error"].as_object_mut(), more) {
            error.extend(more);
        }
        self
    }

    pub fn into_result(self) -> CallToolResult {
        let mut result = CallToolResult::error(vec![ContentBlock::text(text(&self.0))]);
        result.structured_content = Some(self.0);
        result
    }
}

/// A result that is JSON.
pub fn json_result(json: Value) -> CallToolResult {
    let mut result = CallToolResult::success(vec![ContentBlock::text(text(&json))]);
    result.structured_content = Some(json);
    result
}

/// For clients that show no structured content.
fn text(json: &Value) -> String {
    format!("{json:#}")
}

/// The result of an order that is answered.
pub async fn of_answer(answer: &Answer, out: &Path, is_repeated: bool) -> Called {
    if let Some(failure) = &answer.failure {
        return Err(failed(failure, answer));
    }
    let mut pictures = Vec::new();
    let mut links = Vec::new();
    let mut paths = Vec::new();
    for picture in &answer.pictures {
        match picture {
            Picture::Saved(name) => {
                let path = out.join(name);
                pictures.push(describe(&path));
                links.push(link(&path, name));
                paths.push(path);
            }
            Picture::Unsaved { url, reason } => {
                pictures.push(json!({"url": url, "unsaved": reason}));
            }
        }
    }
    let mut json = json!({
        "pictures": pictures,
        "unmade": answer.unmade,
        "task_id": answer.task_id,
        "request_id": answer.request_id,
        "repeated": is_repeated,
    });
    if let Some(file) = &answer.kept {
        json["kept"] = file.as_str().into();
    }
    if paths.len() < answer.pictures.len() {
        let advice = "make the same call again for the other pictures: they are not paid for again";
        json["advice"] = advice.into();
    }
    let mut result = json_result(json);
    result.content.extend(links);
    paths.truncate(MOST_THUMBNAILS);
    result.content.extend(thumbnails(paths).await);
    Ok(result)
}

fn describe(path: &Path) -> Value {
    json!({
        "path": path.display().to_string(),
        "mime_type": media_type(path),
        "bytes": std::fs::metadata(path).map(|metadata| metadata.len()).ok(),
    })
}

fn link(path: &Path, name: &str) -> ContentBlock {
    let uri = url_of(path);
    let mut resource = Resource::new(uri, name);
    if let Some(kind) = media_type(path) {
        resource = resource.with_mime_type(kind);
    }
    if let Ok(metadata) = std::fs::metadata(path) {
        resource = resource.with_size(metadata.len());
    }
    ContentBlock::resource_link(resource)
}

/// The URI of a file.
fn url_of(path: &Path) -> String {
    let path = percent_encoded(path.as_os_str().as_encoded_bytes(), b"/-._~");
    format!("file://{path}")
}

fn media_type(path: &Path) -> Option<&'static str> {
    sidecar::media_type(path.extension()?.to_str()?)
}

/// Small copies, which are made beside the thread that everything else waits for.
async fn thumbnails(paths: Vec<PathBuf>) -> Vec<ContentBlock> {
    let make = move || -> Vec<String> {
        let made = paths.iter().filter_map(|path| thumbnail::make(path));
        made.collect()
    };
    let made = tokio::task::spawn_blocking(make).await.unwrap_or_default();
    let image = |data| ContentBlock::image(data, "image/jpeg");
    made.into_iter().map(image).collect()
}

/// The error of an order without pictures.
fn failed(failure: &Failure, answer: &Answer) -> ToolError {
    let advice = match (failure.may_have_been_billed, failure.stage.as_str()) {
        (true, _) => "it may have been billed, and is not sent again under this call_id",
        (_, "throttled" | "not_sent") => {
            "nothing was made or billed: call again with the same call_id"
        }
        _ => "nothing was made or billed",
    };
    let code = failure.code.as_deref().unwrap_or(&failure.stage);
    ToolError::new(code, &failure.message).more(json!({
        "stage": failure.stage,
        "status": failure.status,
        "retry_after": failure.retry_after,
        "may_have_been_billed": failure.may_have_been_billed,
        "task_id": answer.task_id,
        "request_id": answer.request_id,
        "details": failure.details,
        "advice": advice,
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::url_of;

    #[test]
    fn a_path_becomes_a_uri() {
        let uri = url_of(Path::new("/home/a b/猫#1.png"));
        assert_eq!(uri, "file:///home/a%20b/%E7%8C%AB%231.png");
    }
}
