//! The pictures that pages bring along: each is kept once, by what is in it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tr::tr;

use crate::hex::hex;
use crate::output::files;
use crate::output::names::safe_stem;

/// The folder, beside the pictures that were paid for, of those that they were made from.
const FOLDER: &str = "inputs";

/// The most bytes of a picture of an earlier run: no request may have more.
const LARGEST: u64 = 64 << 20;

/// How much of the hash is in the name of a file, by which it is found again.
const IN_NAME: usize = 12;

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

impl Input {
    /// As the program is given it.
    pub fn given(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::File { path, .. } => path.display().to_string(),
        }
    }

    /// As its user knows it.
    pub fn name(&self) -> &str {
        match self {
            Self::Url(url) => url,
            Self::File { name, .. } => name,
        }
    }
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
            _ if is_address(uri) => return Ok(Input::Url(uri.to_owned())),
            // No page has a file of this machine read.
            _ => {
                return Err(tr!(
                    "{uri}: an address starts with https://, as in https://example.com/cat.png",
                    uri
                ));
            }
        };
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = self.directory.join(&hash);
        match is_hash && (path.exists() || self.bring_back(name, &hash, &path)) {
            true => Ok(Input::File {
                path,
                name: name.to_owned(),
            }),
            false => Err(tr!("{name} is not here any more: choose it again", name)),
        }
    }

    /// Keeps a picture of an earlier run, if it is still there by its name.
    fn bring_back(&self, name: &str, hash: &str, path: &Path) -> bool {
        let Some(folder) = self.out.map(|out| out.join(FOLDER)) else {
            return false;
        };
        // As a record names it, which may be one of several by that name, or as a user does.
        let own = Path::new(name).file_name().filter(|own| *own == name);
        let (stem, ending) = name_beside(name, hash);
        let names = own.into_iter().map(PathBuf::from);
        let mut names = names.chain([PathBuf::from(format!("{stem}.{ending}"))]);
        let bytes = names.find_map(|name| read(&folder.join(name), hash));
        bytes.is_some_and(|bytes| files::replace(path, &bytes).is_ok())
    }
}

/// Whether a picture is given by where it is in the network: `C://x.png` is on this machine.
fn is_address(uri: &str) -> bool {
    let scheme = uri.split_once("://").map_or("", |(scheme, _)| scheme);
    let known = ["http", "https", "oss"];
    known.iter().any(|one| one.eq_ignore_ascii_case(scheme))
}

/// The bytes of a file, where they are those of this hash. What is no file, or larger than any
/// picture, is not read.
fn read(path: &Path, hash: &str) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    if !found.is_file() || found.len() > LARGEST {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    (hex(&Sha256::digest(&bytes)) == hash).then_some(bytes)
}

/// The stem and the ending of a picture's file: its own name and a part of its hash. Of such a
/// name, it is the same again.
fn name_beside(name: &str, hash: &str) -> (String, String) {
    let is_ending = |ending: &str| {
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let parts = name.rsplit_once('.');
    let (stem, ending) = parts
        .filter(|(_, ending)| is_ending(ending))
        .unwrap_or((name, "png"));
    let part = &hash[..hash.len().min(IN_NAME)];
    let own = stem.strip_suffix(part);
    let own = own.and_then(|own| own.strip_suffix('-')).unwrap_or(stem);
    let own = match own {
        "" => "picture".to_owned(),
        own => safe_stem::stem(own),
    };
    (format!("{own}-{part}"), ending.to_owned())
}

/// The picture by its own name in a folder of `out`, where it stays: the record of what is made of
/// it names it.
pub fn put_beside(path: &Path, name: &str, out: &Path) -> Result<PathBuf, String> {
    let folder = std::path::absolute(out.join(FOLDER));
    let folder = folder.map_err(|error| error.to_string())?;
    let failed = |error| files::unwritable(&folder, &error).message;
    fs::create_dir_all(&folder).map_err(failed)?;
    let bytes = fs::read(path).map_err(failed)?;
    let hash = hex(&Sha256::digest(&bytes));
    let (stem, ending) = name_beside(name, &hash);
    let names = std::iter::once(stem.clone())
        .chain((2..).map(|number| format!("{stem}-{number}")))
        .map(|stem| folder.join(format!("{stem}.{ending}")));
    // The same picture is there once, however often it is used.
    for path in names.take_while(|path| path.exists()) {
        if read(&path, &hash).is_some() {
            return Ok(path);
        }
    }
    files::write_new(&folder, &stem, &ending, &bytes).map_err(failed)
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
        for path in ["/etc/passwd", "cat.png", "C://Users/x.png", "file:///x.png"] {
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
        let hash = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let part = |path: &PathBuf| hash(path)[..12].to_owned();
        let (first, second) = (part(&one), part(&other));
        let cases = [
            (&one, "猫.png", format!("猫-{first}.png"), "one"),
            (&one, "猫.png", format!("猫-{first}.png"), "one"),
            (&other, "猫.png", format!("猫-{second}.png"), "other"),
            (&one, "cat", format!("cat-{first}.png"), "one"),
            (&one, ".png", format!("picture-{first}.png"), "one"),
        ];
        for (path, name, expected, bytes) in cases {
            let placed = put_beside(path, name, out.path()).unwrap();
            assert_eq!(placed, out.path().join("inputs").join(&expected));
            assert_eq!(fs::read_to_string(placed).unwrap(), bytes);
            // By the name that it has there, it is found again.
            assert_eq!(
                name_beside(&expected, &hash(path)),
                name_beside(name, &hash(path))
            );
        }
        // A file of another picture is not replaced.
        let taken = out.path().join(format!("inputs/dog-{first}.png"));
        fs::write(&taken, "mine").unwrap();
        for _ in 0..2 {
            let placed = put_beside(&one, "dog.png", out.path()).unwrap();
            assert_eq!(placed, out.path().join(format!("inputs/dog-{first}-2.png")));
        }
        assert_eq!(fs::read_to_string(taken).unwrap(), "mine");
        // Which is found again by the name that its record has.
        let (name, hash) = (format!("dog-{first}-2.png"), hash(&one));
        fs::remove_file(&one).unwrap();
        assert!(inputs.find(&json!({"hash": hash, "name": name})).is_ok());
        assert!(one.exists());
    }

    #[test]
    fn a_picture_beside_has_a_name_that_every_system_takes() {
        let hash = hex(&Sha256::digest("one"));
        let long = "猫".repeat(200);
        for (name, start, ending) in [
            ("con.png", "con-", "png"),
            ("a. .png", "a-", "png"),
            ("cat.", "cat-", "png"),
            ("../.a b/c", "a-b-c-", "png"),
            ("a.b c", "a.b-c-", "png"),
            (&long, "猫", "png"),
            ("-x.JPEG", "x-", "JPEG"),
        ] {
            let (stem, found) = name_beside(name, &hash);
            assert!(stem.starts_with(start), "{name}: {stem}");
            assert_eq!(
                (found.as_str(), safe_stem::stem(&stem).len() < 150),
                (ending, true)
            );
            let again = name_beside(&format!("{stem}.{found}"), &hash);
            assert_eq!(again, (stem, found), "{name}");
        }
    }

    #[test]
    fn an_earlier_picture_is_found_by_its_name_and_nothing_else_is_read() {
        let (scratch, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let inputs = Inputs {
            directory: scratch.path(),
            out: Some(out.path()),
        };
        let hash = kept(&inputs, "one");
        let one = scratch.path().join(&hash);
        let placed = put_beside(&one, "猫.png", out.path()).unwrap();
        let name = placed.file_name().unwrap().to_str().unwrap();
        for name in ["猫.png", name] {
            fs::remove_file(&one).unwrap();
            let found = inputs.find(&json!({"hash": hash, "name": name}));
            assert!(found.is_ok(), "{name}");
            assert_eq!(fs::read_to_string(&one).unwrap(), "one");
        }
        fs::remove_file(&one).unwrap();
        let is_found = |name: &str| inputs.find(&json!({"hash": hash, "name": name})).is_ok();
        assert!(!is_found("dog.png"));
        fs::write(&placed, "other").unwrap();
        assert!(!is_found("猫.png"));
        // One that is too large, or that nobody writes to, holds nobody up.
        File::create(&placed).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(!is_found("猫.png"));
        #[cfg(unix)]
        {
            fs::remove_file(&placed).unwrap();
            let made = std::process::Command::new("mkfifo").arg(&placed).status();
            assert!(made.unwrap().success());
            assert!(!is_found("猫.png"));
        }
    }
}
