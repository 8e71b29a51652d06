//! What the compiler says to who passes something else than a client or a trait wants.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::cargo;

const MANIFEST: &str = r#"
[package]
name = "mistaken"
version = "0.0.0"
edition = "2024"

[dependencies]
apifox-client = { path = "{root}/crates/apifox-client" }
apifox-runtime = { path = "{root}/crates/apifox-runtime" }

[workspace]
"#;

const MAIN: &str = r"
use apifox_client::Client;
use apifox_runtime::{Decode, JsonView};

struct Mine;

fn decoded<T: Decode>() {}
fn seen<T: JsonView>() {}

async fn all(client: Client, error: apifox_client::Error) {
    let _ = client.send(&Mine).await;
    let _ = client.stream(&Mine).await;
    let _ = client.pages(&Mine);
    let _ = error.typed_headers::<Mine>();
    decoded::<Mine>();
    seen::<Mine>();
    let _ = client.with_api(Mine);
    let _ = client.with_hook(Mine);
}

fn main() {}
";

#[test]
fn the_compiler_says_what_is_wanted() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |name: &str, text: &str| {
        fs::write(directory.path().join(name), text).expect("a file");
    };
    write(
        "Cargo.toml",
        &MANIFEST.replace("{root}", &root.display().to_string()),
    );
    fs::copy(root.join("Cargo.lock"), directory.path().join("Cargo.lock")).expect("a lock");
    fs::create_dir(directory.path().join("src")).expect("a directory");
    write("src/main.rs", MAIN);
    let (succeeded, _, err) = cargo(directory.path(), "build", &[], Stdio::null());
    assert!(!succeeded);
    let err = err.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "`Mine` is not the request of an operation",
        "note: send the `Request` of an operation's module that apifox-build generated",
        "`Mine` is not the request of an operation whose reply may come as events",
        "nothing says that the replies to `Mine` are pages of a list",
        "`Mine` is not the type of the headers of a reply",
        "`Mine` is not a type that stands for a JSON Schema",
        "`Mine` can't be seen as a JSON value",
        "`Mine` does not say what an API does its own way",
        "`Mine` is not a hook",
    ] {
        assert!(err.contains(expected), "{expected}: {err}");
    }
}
