//! What the compiler says to who passes something else than a client or a trait wants.

use std::process::Stdio;

use crate::{cargo, new_crate};

const DEPENDENCIES: &str = r#"
[dependencies]
apifox-client = { path = "{crates}/apifox-client" }
apifox-runtime = { path = "{crates}/apifox-runtime" }
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
    let directory = new_crate("mistaken", DEPENDENCIES, MAIN);
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
