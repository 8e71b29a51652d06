//! `--image`: a file becomes a data URI, a URL is sent as it is.

use inkstone::{InputError, InputImage};

use crate::error::{CliError, Code};

/// A picture of the flag `--image`.
pub struct Picture {
    pub uri: String,
    /// The flag, with its value.
    pub flag: String,
}

impl Picture {
    /// The picture at `given`, a path or a URL.
    pub fn find(given: &str) -> Result<Self, CliError> {
        let flag = format!("--image {}", shortened(given));
        match InputImage::find(given) {
            Ok(image) => Ok(Self {
                uri: image.into_uri(),
                flag,
            }),
            Err(error) => Err(refused(&flag, &error)),
        }
    }
}

/// `given`, shortened if it is a data URI, which would fill the screen.
fn shortened(given: &str) -> String {
    const LONGEST: usize = 100;
    match given.char_indices().nth(LONGEST) {
        Some((at, _)) if InputImage::is_data_uri(given) => format!("{}…", &given[..at]),
        _ => given.to_owned(),
    }
}

fn refused(flag: &str, error: &InputError) -> CliError {
    let (code, hint) = match error {
        InputError::Unreadable(_) | InputError::NoUri => (
            Code::Usage,
            "give the path of a picture, or a URL that starts with https://",
        ),
        InputError::NoBase64 => (
            Code::Usage,
            "a data URI looks like this: data:image/png;base64,iVBORw0KGgo…",
        ),
        _ => (
            Code::Invalid,
            "give a PNG, JPEG, WebP, GIF, BMP or TIFF file; the first bytes decide, not the name",
        ),
    };
    CliError::new(code, format!("{flag}: {error}")).hint(hint)
}
