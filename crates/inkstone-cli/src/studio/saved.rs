//! The pictures that lie in the directory of those that were paid for, by the files that say how
//! each was made.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::output::input::Input;
use crate::output::sidecar;
use crate::request::shape::picture_pointers;
use crate::request::words::command_line;
use crate::studio::pictures::Pictures;

/// How many are listed.
const MOST: usize = 60;

/// The latest pictures, each with its request.
pub fn latest(out: &Path, pictures: &Pictures) -> Vec<Value> {
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let mut found: Vec<(SystemTime, DirEntry)> = entries
        .filter(|entry| is_picture(&entry.path()))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry)))
        .collect();
    found.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let made = found.iter().filter_map(|(_, entry)| {
        let path = entry.path();
        let record = sidecar::read(&path)?;
        let (api, body) = (record["api"].as_str()?, &record["request"]);
        Some(json!({
            "image": {"path": path.display().to_string(), "url": pictures.add(&path)},
            "api": api,
            "model": record["model"],
            "prompt": command_line::prompt(body)?,
            "body": body,
            "images": images(body),
            "commands": {"cli": command_line::of_body(api, body)},
        }))
    });
    made.take(MOST).collect()
}

/// The pictures of a request, as a page names them.
fn images(body: &Value) -> Vec<Value> {
    let pointers = picture_pointers(body).into_iter();
    let texts = pointers.filter_map(|pointer| body.pointer(&pointer)?.as_str());
    let image = |text: &str| match Input::parse(text) {
        Some(Input { path, sha256 }) => {
            let name = Path::new(&path).file_name().unwrap_or_default();
            json!({"name": name.to_string_lossy(), "hash": sha256})
        }
        None => json!({"uri": text}),
    };
    texts.map(image).collect()
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.and_then(sidecar::media_type).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_how_it_was_made_is_listed() {
        let out = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(out.path().join(name), text).unwrap();
        let body = json!({"model": "m", "prompt": "a cat", "image": [
            "https://a.example/b.png", "data:image/png;base64,… (9 characters, sha256 ab, /x/猫.png)",
        ]});
        let record = json!({"api": "gateway", "model": "m", "request": body});
        for name in ["a.png", "holiday.png", "notes.txt", "gone.png.json"] {
            write(name, "");
        }
        write("a.png.json", &record.to_string());
        write("notes.txt.json", &record.to_string());
        let pictures = Pictures::new().unwrap();
        let found = latest(out.path(), &pictures);
        let path = out.path().join("a.png");
        let expected = json!([{
            "image": {"path": path.display().to_string(), "url": pictures.add(&path)},
            "api": "gateway", "model": "m", "prompt": "a cat",
            "body": body,
            "images": [{"uri": "https://a.example/b.png"}, {"name": "猫.png", "hash": "ab"}],
            "commands": {"cli": "inkstone generate --api gateway --model m \
                --image https://a.example/b.png --image picture.png 'a cat'"},
        }]);
        assert_eq!(Value::from(found), expected);
    }
}
