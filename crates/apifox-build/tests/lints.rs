//! What clippy (pedantic, but for a stated list) and rustdoc say of generated code: nothing.
//!
//! A crate is written of what documents become, and both run on it as they would for its users.

#![allow(clippy::expect_used, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// Pedantic lints that a document decides on, and not the generator: `docs/types.md` says why.
const ALLOWED: [&str; 6] = [
    "doc_markdown",
    "missing_errors_doc",
    "module_name_repetitions",
    "struct_excessive_bools",
    "struct_field_names",
    "unreadable_literal",
];

#[test]
fn generated_code_has_nothing_to_warn_of() {
    let crate_ = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lints");
    write_crate(&crate_);
    let mut clippy = cargo(&crate_, "clippy");
    clippy.args(["--", "-D", "warnings", "-W", "clippy::pedantic"]);
    clippy.args(ALLOWED.map(|lint| format!("-Aclippy::{lint}")));
    let mut rustdoc = cargo(&crate_, "doc");
    rustdoc.arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings");
    thread::scope(|scope| {
        scope.spawn(|| assert_silent("clippy", clippy));
        scope.spawn(|| assert_silent("rustdoc", rustdoc));
    });
}

fn assert_silent(name: &str, mut command: Command) {
    let output = command.output().expect("cargo");
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("no such command") || said.contains("is not installed") {
        test_data::skip(format!("{name} is not installed"));
        return;
    }
    assert!(output.status.success(), "{name}: {said}");
}

#[test]
fn what_is_allowed_is_documented() {
    let book = repository().join("docs/types.md");
    let book = fs::read_to_string(book).expect("the book");
    for lint in ALLOWED {
        assert!(book.contains(&format!("`{lint}`")), "{lint}");
    }
}

fn cargo(crate_: &Path, command: &str) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([command, "--quiet", "--offline", "--manifest-path"]);
    cargo.arg(crate_.join("Cargo.toml"));
    // One of its own: cargo waits until nobody else builds in it.
    cargo.env("CARGO_TARGET_DIR", crate_.join("target").join(command));
    cargo
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Writes a crate with a module for each document.
fn write_crate(crate_: &Path) {
    let root = repository();
    let mut documents = Vec::new();
    for directory in [
        "schemas",
        "examples",
        "exactness/documents",
        "crates/apifox-build/tests",
    ] {
        collect(&root.join(directory), &mut documents);
    }
    documents.sort();
    // One of those that everyone knows, of a size that can be waited for.
    documents.extend(test_data::find("documents/world/spotify.yml"));
    let sources = crate_.join("src");
    fs::create_dir_all(&sources).expect("a directory");
    let mut lib = "//! Generated types.\n\n".to_owned();
    let mut count = 0;
    for document in documents {
        // What is refused, as some documents are meant to be, has no code.
        let Ok(code) = apifox_build::rust_file(&document, "Root") else {
            continue;
        };
        let name = format!("document_{count}");
        let file = document.file_name().expect("a name").to_string_lossy();
        writeln!(lib, "/// `{file}`\npub mod {name};").expect("a text");
        fs::write(sources.join(format!("{name}.rs")), code.text).expect("a file");
        count += 1;
    }
    assert!(count > 40, "{count} documents");
    fs::write(sources.join("lib.rs"), lib).expect("a file");
    let runtime = root.join("crates/apifox-runtime");
    let manifest = format!(
        "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[dependencies]\napifox-runtime = {{ path = {runtime:?} }}\n\
         serde = \"1\"\nserde_json = \"1\"\n\n[lints.rust]\nmissing_docs = \"warn\"\n"
    );
    fs::write(crate_.join("Cargo.toml"), manifest).expect("a file");
    fs::copy(root.join("Cargo.lock"), crate_.join("Cargo.lock")).expect("the lock file");
}

/// The documents below a directory.
fn collect(directory: &Path, documents: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let is_document = [".json", ".yaml", ".md"]
            .iter()
            .any(|end| name.ends_with(end))
            && !name.ends_with(".patch.json")
            && !name.starts_with('_');
        if path.is_dir() && name != "target" {
            collect(&path, documents);
        } else if is_document {
            documents.push(path);
        }
    }
}
