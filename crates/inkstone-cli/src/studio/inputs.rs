//! The pictures that pages bring along: each is kept once, by what is in it.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tr::tr;

use crate::hex::hex;
use crate::output::files;
use crate::output::names::safe_stem::safe_part;

/// The folder, beside the pictures that were paid for, of those that they were made from.
const FOLDER: &str = "inputs";

/// The pictures, which a run reads while pages bring others.
pub struct Inputs<'a> {
    pub directory: &'a Path,
    /// Where earlier runs put those of which something was made.
    pub out: Option<&'a Path>,
}

/// A picture to start from.
pub enum Input {
    /// A picture at an address.
    Url(String),
    /// A picture of a page: its file here, and the name that it has with the user.
    File { path: PathBuf, name: String },
}

impl Inputs<'_> {
    /// Keeps a picture whose bytes are in this data URI, and gives the hash by which it is found.
    pub fn keep(&self, uri: &str) -> Result<String, String> {
        let base64 = uri.split_once(";base64,").map(|(_, base64)| base64);
        let bytes = base64.and_then(|base64| STANDARD.decode(base64).ok());
        let bytes = bytes.ok_or_else(|| tr!("the picture can't be read"))?;
        let hash = hex(&Sha256::digest(&bytes));
        let path = self.directory.join(&hash);
        if !path.exists() {
            files::replace(&path, &bytes)
                .map_err(|error| files::unwritable(&path, &error).message)?;
        }
        Ok(hash)
    }

    /// The picture that a request of a page names: `uri` for an address, otherwise `name`, and
    /// `hash` or the bytes in `uri`.
    pub fn find(&self, image: &Value) -> Result<Input, String> {
        let text = |member: &str| image[member].as_str().unwrap_or_default();
        let (uri, name) = (text("uri"), text("name"));
        let hash = match uri {
            "" => text("hash").to_owned(),
            _ if uri.starts_with("data:") => self.keep(uri)?,
            _ if uri.contains("://") => return Ok(Input::Url(uri.to_owned())),
            // No page has a file of this machine read.
            _ => {
                return Err(tr!(
                    "{uri}: an address starts with https://, as in https://example.com/cat.png",
                    uri
                ));
            }
        };
        let is_hash = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let path = self.directory.join(&hash);
        match is_hash && (path.exists() || self.bring_back(&hash, &path)) {
            true => Ok(Input::File {
                path,
                name: name.to_owned(),
            }),
            false => Err(tr!("{name} is not here any more: choose it again", name)),
        }
    }

    /// Keeps a picture of an earlier run, if it is still there.
    fn bring_back(&self, hash: &str, path: &Path) -> bool {
        let folder = self.out.map(|out| fs::read_dir(out.join(FOLDER)));
        let entries = folder.into_iter().flatten().flatten().flatten();
        let mut files = entries.filter_map(|entry| fs::read(entry.path()).ok());
        let found = files.find(|bytes| hex(&Sha256::digest(bytes)) == hash);
        found.is_some_and(|bytes| files::replace(path, &bytes).is_ok())
    }
}

/// The picture by its own name in a folder of `out`, where it stays: the record of what is made of
/// it names it.
pub fn put_beside(path: &Path, name: &str, out: &Path) -> Result<PathBuf, String> {
    let folder = std::path::absolute(out.join(FOLDER));
    let folder = folder.map_err(|error| error.to_string())?;
    let failed = |error| files::unwritable(&folder, &error).message;
    fs::create_dir_all(&folder).map_err(failed)?;
    let bytes = fs::read(path).map_err(failed)?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "png"));
    let (stem, ending) = (safe_part(stem), safe_part(ending));
    let stem = match stem.trim_start_matches('.') {
        "" => "picture",
        stem => stem,
    };
    let names = std::iter::once(stem.to_owned())
        .chain((2..).map(|number| format!("{stem}-{number}")))
        .map(|stem| folder.join(format!("{stem}.{ending}")));
    // The same picture is there once, however often it is used.
    for path in names.take_while(|path| path.exists()) {
        if fs::read(&path).is_ok_and(|found| found == bytes) {
            return Ok(path);
        }
    }
    files::write_new(&folder, stem, &ending, &bytes).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kept(inputs: &Inputs<'_>, bytes: &str) -> String {
        let uri = format!("data:image/png;base64,{}", STANDARD.encode(bytes));
        inputs.keep(&uri).unwrap()
    }

    #[test]
    fn a_picture_is_kept_once_and_found_by_its_hash() {
        let directory = tempfile::tempdir().unwrap();
        let inputs = Inputs {
            directory: directory.path(),
            out: None,
        };
        let hash = kept(&inputs, "one");
        assert_eq!(kept(&inputs, "one"), hash);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        let found = inputs.find(&json!({"hash": hash, "name": "cat.png"}));
        let file = found.ok().and_then(|input| match input {
            Input::File { path, name } => Some((fs::read(path).unwrap(), name)),
            Input::Url(_) => None,
        });
        assert_eq!(file, Some((b"one".to_vec(), "cat.png".to_owned())));
        for path in ["/etc/passwd", "cat.png"] {
            let refused = inputs.find(&json!({"uri": path})).err().unwrap();
            let expected = format!(
                "{path}: an address starts with https://, as in https://example.com/cat.png"
            );
            assert_eq!(refused, expected);
        }
        for hash in ["", "../../etc/passwd", "00"] {
            let missing = inputs.find(&json!({"hash": hash, "name": "cat.png"}));
            let expected = "cat.png is not here any more: choose it again";
            assert_eq!(missing.err().as_deref(), Some(expected), "{hash}");
        }
    }

    #[test]
    fn a_picture_lies_beside_by_its_own_name_and_no_other_is_replaced() {
        let (scratch, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let inputs = Inputs {
            directory: scratch.path(),
            out: Some(out.path()),
        };
        let [one, other] = ["one", "other"].map(|bytes| scratch.path().join(kept(&inputs, bytes)));
        let cases = [
            (&one, "猫.png", "猫.png", "one"),
            (&one, "猫.png", "猫.png", "one"),
            (&other, "猫.png", "猫-2.png", "other"),
            (&other, "猫.png", "猫-2.png", "other"),
            (&one, "../.a b/c", "-.a-b-c", "one"),
            (&one, ".png", "picture.png", "one"),
        ];
        for (path, name, expected, bytes) in cases {
            let placed = put_beside(path, name, out.path()).unwrap();
            assert_eq!(placed, out.path().join("inputs").join(expected));
            assert_eq!(fs::read_to_string(placed).unwrap(), bytes);
        }
        // Another run finds them there.
        let hash = one.file_name().unwrap().to_str().unwrap();
        fs::remove_file(&one).unwrap();
        assert!(
            inputs
                .find(&json!({"hash": hash, "name": "猫.png"}))
                .is_ok()
        );
        assert_eq!(fs::read_to_string(&one).unwrap(), "one");
    }
}
