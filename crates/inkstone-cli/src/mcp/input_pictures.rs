//! The pictures that go into a request: an agent names files, and the API takes data URIs.

use inkstone::InputImage;
use serde_json::Value;

use crate::mcp::result::ToolError;
use crate::request::shape::picture_pointers;

/// Puts the files that a request names in their places.
pub fn read_files(request: &mut Value) -> Result<(), ToolError> {
    for pointer in picture_pointers(request) {
        if let Some(Value::String(given)) = request.pointer_mut(&pointer) {
            read(given, &pointer)?;
        }
    }
    Ok(())
}

fn read(given: &mut String, pointer: &str) -> Result<(), ToolError> {
    let path = given.strip_prefix("file://").unwrap_or(given);
    // A pipe may be one that nobody writes, and everybody would wait for it.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let message = format!("{pointer}: {path} is no file");
        return Err(ToolError::new("invalid_image", message));
    }
    match InputImage::find(path) {
        Ok(image) => *given = image.into_uri(),
        Err(error) => {
            let message = format!("{pointer}: {error}");
            return Err(ToolError::new("invalid_image", message));
        }
    }
    Ok(())
}
