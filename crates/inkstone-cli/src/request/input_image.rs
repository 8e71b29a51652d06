//! `--image`: a file becomes a data URI, a URL is sent as it is.

use std::path::Path;

use apifox_runtime::DataUri;
use inkstone::{InputError, InputImage};
use tr::tr;

use crate::error::{CliError, Code};
use crate::language::libraries;
use crate::output::input::Input;
use crate::wrap;

/// A picture of the flag `--image`.
pub struct Picture {
    pub uri: String,
    /// The flag, with its value.
    pub flag: String,
    /// The file that it is from.
    path: Option<String>,
}

impl Picture {
    /// The picture at `given`, a URL or a path from `directory`.
    pub fn find(given: &str, directory: &Path) -> Result<Self, CliError> {
        let flag = format!("--image {}", shortened(given));
        let is_path = is_path(given);
        let found = match is_path {
            true => InputImage::from_path(directory.join(given)),
            false => InputImage::from_uri(given),
        };
        match found {
            Ok(image) => Ok(Self {
                uri: image.into_uri(),
                flag,
                path: is_path.then(|| given.to_owned()),
            }),
            Err(error) => Err(refused(&flag, &error)),
        }
    }

    /// The file that it is from, and what was in it.
    pub fn input(&self) -> Option<Input> {
        Some(Input::new(self.path.as_deref()?, &self.uri))
    }
}

/// Whether a picture is given as a path, and not as a URL or as its bytes.
pub fn is_path(given: &str) -> bool {
    !given.contains("://") && !DataUri::is_data_uri(given)
}

/// `given`, shortened if it is a data URI, which would fill the screen.
fn shortened(given: &str) -> String {
    const LONGEST: usize = 100;
    match DataUri::is_data_uri(given) {
        true => wrap::cut(given, LONGEST),
        false => given.to_owned(),
    }
}

fn refused(flag: &str, error: &InputError) -> CliError {
    let (code, hint) = match error {
        InputError::Unreadable(_) | InputError::NoUri => (
            Code::Usage,
            tr!("give the path of a picture, or a URL that starts with https://"),
        ),
        InputError::NoBase64 => (
            Code::Usage,
            tr!("a data URI looks like this: data:image/png;base64,iVBORw0KGgo…"),
        ),
        InputError::Damaged(_) => (
            Code::Invalid,
            tr!("open the picture in another program and save it anew, or fetch it again"),
        ),
        _ => (
            Code::Invalid,
            tr!(
                "give a PNG, JPEG, WebP, GIF, BMP or TIFF file; the first bytes decide, not the name"
            ),
        ),
    };
    let why = libraries::error(&error.to_string());
    CliError::new(code, format!("{flag}: {why}")).hint(hint)
}
