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

/// How the names of models begin. They are data: documents have them, and what a text needs as
/// an example it takes from there.
const MODELS: &[&str] = &["qwen", "wan2", "wanx"];

/// Where a comment of an item is the help text of a command.
const HELP: &str = "crates/inkstone-cli/src/args";

#[test]
fn no_source_names_a_model() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let folders = crates::all();
    // What measures the client calls it as its users do.
    let is_source = |member: &&crates::Crate| {
        let directory = &member.directory;
        directory.as_os_str().is_empty() || directory.starts_with("crates")
    };
    let folders = folders.iter().filter(is_source);
    let folders = folders.map(|member| member.path().join("src"));
    for folder in folders.filter(|folder| folder.is_dir()) {
        search(&folder, &mut found, &|path, line| {
            let start = line.trim_start();
            let is_text = start.starts_with("///") && path.starts_with(root.join(HELP));
            let is_comment = start.starts_with("//") && !is_text;
            !is_comment && MODELS.iter().any(|name| line.contains(name))
        });
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn crates_for_any_api_name_no_vendor() {
    let mut found = Vec::new();
    let crates = crates::all();
    for member in &crates {
        if FOR_ANY_API.contains(&member.name.as_str()) {
            search(&member.path().join("src"), &mut found, &|_, line| {
                NAMES.iter().any(|name| line.contains(name))
            });
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The lines of the sources in `folder`, but those of tests, that are wrong, in small letters.
fn search(folder: &Path, found: &mut Vec<String>, is_wrong: &dyn Fn(&Path, &str) -> bool) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            search(&path, found, is_wrong);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            let text = fs::read_to_string(&path).expect("a source");
            let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
            for (index, line) in text[..tests].lines().enumerate() {
                let line = line.to_ascii_lowercase();
                if is_wrong(&path, &line) {
                    found.push(format!("{}:{}: {line}", path.display(), index + 1));
                }
            }
        }
    }
}
