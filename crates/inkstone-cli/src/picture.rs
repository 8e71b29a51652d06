//! `--image`: a file becomes a data URI, a URL stays what it is.

use inkstone::{InputError, InputImage};

use crate::exit::{Code, Failure};

/// A picture that a flag named.
pub struct Picture {
    pub uri: String,
    /// The flag with what it named.
    pub flag: String,
}

impl Picture {
    /// The picture that `given`, a path or a URL, names.
    pub fn find(given: &str) -> Result<Self, Failure> {
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

/// A data URI would fill the screen.
fn shortened(given: &str) -> String {
    const LONGEST: usize = 100;
    match given.char_indices().nth(LONGEST) {
        Some((at, _)) if InputImage::is_data_uri(given) => format!("{}…", &given[..at]),
        _ => given.to_owned(),
    }
}

fn refused(flag: &str, error: &InputError) -> Failure {
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
            "PNG, JPEG, WebP, GIF, BMP and TIFF are known by their first bytes",
        ),
    };
    Failure::new(code, format!("{flag}: {error}")).hint(hint)
}
