//! The pictures that go into a request: an agent names files, and the API takes data URIs.

use std::path::{Path, absolute};

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
                let here = std::env::current_dir().unwrap_or_default();
                Input::new(&shown(path, &here), &uri)
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

/// The path of a file as those see it who get the picture: as from the working folder where it is
/// below that, which says nothing of whose folder that is.
fn shown(path: &str, here: &Path) -> String {
    let Ok(absolute) = absolute(path) else {
        return path.to_owned();
    };
    let below = absolute.strip_prefix(here).unwrap_or(&absolute);
    below.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::env::current_dir;
    use std::path::Path;

    use super::shown;

    #[test]
    fn a_file_below_the_working_folder_is_named_from_there() {
        let here = current_dir().unwrap();
        let inside = here.join("cats/a.png").display().to_string();
        for (path, expected) in [
            ("cats/a.png", "cats/a.png"),
            ("./cats/a.png", "cats/a.png"),
            (inside.as_str(), "cats/a.png"),
            ("/elsewhere/a.png", "/elsewhere/a.png"),
        ] {
            assert_eq!(shown(path, &here), expected);
        }
        assert_eq!(
            shown("a.png", Path::new("/elsewhere")),
            here.join("a.png").display().to_string()
        );
    }
}
