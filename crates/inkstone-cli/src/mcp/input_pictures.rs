//! The pictures that go into a request: an agent names files, and the API takes data URIs.

use inkstone::InputImage;
use serde_json::Value;

use crate::mcp::result::ToolError;
use crate::output::input::Input;
use crate::request::input_image::is_path;
use crate::request::shape::picture_pointers;

/// Puts the files that a request names in their places; says which they are.
pub fn read_files(request: &mut Value) -> Result<Vec<Input>, ToolError> {
    let mut inputs = Vec::new();
    for pointer in picture_pointers(request) {
        if let Some(Value::String(given)) = request.pointer_mut(&pointer) {
            inputs.extend(read(given, &pointer)?);
        }
    }
    Ok(inputs)
}

fn read(given: &mut String, pointer: &str) -> Result<Option<Input>, ToolError> {
    let path = given.strip_prefix("file://").unwrap_or(given);
    // A pipe may be one that nobody writes, and everybody would wait for it.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let message = format!("{pointer}: {path} is no file");
        return Err(ToolError::new("invalid_image", message));
    }
    match InputImage::find(path) {
        Ok(image) => {
            let uri = image.into_uri();
            let input = is_path(path).then(|| {
                // Whoever reads it later may be in another directory.
                let absolute = std::path::absolute(path);
                let path = absolute.map_or_else(|_| path.into(), |it| it.display().to_string());
                Input::new(&path, &uri)
            });
            *given = uri;
            Ok(input)
        }
        Err(error) => {
            let message = format!("{pointer}: {error}");
            Err(ToolError::new("invalid_image", message))
        }
    }
}
