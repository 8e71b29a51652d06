//! The vendor is a guest: only some crates name it.

use std::fs;
use std::path::Path;

use crate::crates;

/// The crates that serve any API, and so name neither a vendor nor the client for one.
const FOR_ANY_API: &[&str] = &[
    "apifox-build",
    "apifox-client",
    "apifox-document",
    "apifox-review",
    "apifox-runtime",
];

/// What names a vendor, a model of one, or the client for them.
const NAMES: &[&str] = &[
    "aliyun",
    "bailian",
    "dashscope",
    "inkstone",
    "oss://",
    "qwen",
    "wan2",
    "wanx",
];

#[test]
fn crates_for_any_api_name_no_vendor() {
    let mut found = Vec::new();
    let crates = crates::all();
    for member in &crates {
        if FOR_ANY_API.contains(&member.name.as_str()) {
            search(&member.path().join("src"), &mut found);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The lines of the sources in `folder`, but those of tests, that name a vendor.
fn search(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            search(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
            for (index, line) in text[..tests].lines().enumerate() {
                let line = line.to_ascii_lowercase();
                if NAMES.iter().any(|name| line.contains(name)) {
                    found.push(format!("{}:{}: {line}", path.display(), index + 1));
                }
            }
        }
    }
}
