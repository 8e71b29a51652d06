//! The vendor is a guest: only some crates name it.

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
        found.extend(crates::wrong_lines(&folder, &|path, line| {
            let start = line.trim_start();
            let is_text = start.starts_with("///") && path.starts_with(root.join(HELP));
            let is_comment = start.starts_with("//") && !is_text;
            !is_comment && names_one(path, line, MODELS)
        }));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn crates_for_any_api_name_no_vendor() {
    let mut found = Vec::new();
    let crates = crates::all();
    for member in &crates {
        if FOR_ANY_API.contains(&member.name.as_str()) {
            let folder = member.path().join("src");
            found.extend(crates::wrong_lines(&folder, &|path, line| {
                names_one(path, line, NAMES)
            }));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a line, which is no test's, has one of these names, in whatever letters.
fn names_one(path: &Path, line: &str, names: &[&str]) -> bool {
    let line = line.to_ascii_lowercase();
    !path.ends_with("tests.rs") && names.iter().any(|name| line.contains(name))
}
