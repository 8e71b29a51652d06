//! The pictures that go into a request: an agent names files, and the API takes data URIs.

use inkstone::InputImage;
use serde_json::Value;

use crate::mcp::result::ToolError;

/// Puts the files that a request names in their places.
pub fn read_files(request: &mut Value) -> Result<(), ToolError> {
    if let Some(images) = request.get_mut("image") {
        read_all(images, "/image")?;
    }
    let messages = request.pointer_mut("/input/messages");
    let messages = messages.and_then(Value::as_array_mut).into_iter().flatten();
    for (message_index, message) in messages.enumerate() {
        let content = message.get_mut("content").and_then(Value::as_array_mut);
        for (index, part) in content.into_iter().flatten().enumerate() {
            if let Some(image) = part.get_mut("image") {
                let pointer = format!("/input/messages/{message_index}/content/{index}/image");
                read_all(image, &pointer)?;
            }
        }
    }
    Ok(())
}

fn read_all(value: &mut Value, pointer: &str) -> Result<(), ToolError> {
    match value {
        Value::String(given) => read(given, pointer),
        Value::Array(values) => {
            for (index, value) in values.iter_mut().enumerate() {
                if let Value::String(given) = value {
                    read(given, &format!("{pointer}/{index}"))?;
                }
            }
            Ok(())
        }
        // The document says that this is wrong.
        _ => Ok(()),
    }
}

fn read(given: &mut String, pointer: &str) -> Result<(), ToolError> {
    let path = given.strip_prefix("file://").unwrap_or(given);
    match InputImage::find(path) {
        Ok(image) => *given = image.into_uri(),
        Err(error) => {
            let message = format!("{pointer}: {error}");
            return Err(ToolError::new("invalid_image", message));
        }
    }
    Ok(())
}
