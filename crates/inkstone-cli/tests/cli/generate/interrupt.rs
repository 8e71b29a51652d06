//! Ctrl-c.

#![cfg(unix)]

use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::command::{
    Run, bare, done, generate, generating, json_in, names, signal, spawn, timeless,
};
use crate::support::server::{raw_reply, serve};

/// Runs `generate` against a server, and presses ctrl-c when `answer` signals.
fn interrupt(
    answer: impl Fn(&str, &str, &mpsc::Sender<()>) -> Option<Vec<u8>> + Send + 'static,
) -> (Run, String, TempDir) {
    let (asked, is_asked) = mpsc::channel();
    let url = serve(move |path, _, own| answer(path, own, &asked));
    let out = tempfile::tempdir().unwrap();
    let child = spawn(&mut generating(&url, out.path(), &[]));
    is_asked.recv_timeout(Duration::from_secs(20)).unwrap();
    signal(&child, "-INT");
    (done(child.wait_with_output().unwrap()), url, out)
}

#[test]
fn while_the_api_is_at_work() {
    let (run, _, out) = interrupt(|_, _, asked| {
        asked.send(()).unwrap();
        None
    });
    run.ended(
        130,
        "",
        "error: interrupted before the reply came
hint: a request that was sent already may still be carried out and billed
",
    );
    assert!(names(out.path()).is_empty());
}

#[test]
fn while_a_picture_is_fetched() {
    let (run, url, out) = interrupt(|path, own, asked| {
        if path == "/picture" {
            asked.send(()).unwrap();
            return None;
        }
        let body = format!(r#"{{"created":1,"data":[{{"url":"{own}/picture"}}]}}"#);
        Some(raw_reply("200 OK", &[], body.as_bytes()))
    });
    assert_eq!(run.code, 130, "{run:#?}");
    assert!(
        run.stderr
            .contains(&format!("\n  {url}/picture\n    interrupted\n")),
        "{run:#?}"
    );
    let files: Vec<_> = names(out.path())
        .iter()
        .map(|name| timeless(name))
        .collect();
    assert_eq!(files, ["TIME-wan2.7-image-pro.json"]);
}

/// What a program leaves that is killed while it fetches a picture.
#[test]
fn a_kill_while_a_picture_is_fetched_leaves_the_reply() {
    let (asked, is_asked) = mpsc::channel();
    let url = serve(move |path, _, own| {
        if path == "/picture" {
            asked.send(()).unwrap();
            return None;
        }
        let body = format!(r#"{{"created":1,"data":[{{"url":"{own}/picture"}}]}}"#);
        Some(raw_reply(
            "200 OK",
            &[("x-request-id", "r-1")],
            body.as_bytes(),
        ))
    });
    let out = tempfile::tempdir().unwrap();
    let mut child = spawn(&mut generating(&url, out.path(), &[]));
    is_asked.recv_timeout(Duration::from_secs(20)).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = json_in(out.path(), ".json");
    assert_eq!(kept["request_id"], "r-1");
    assert_eq!(kept["model"], "wan2.7-image-pro");
    assert_eq!(kept["unsaved"][0]["url"], format!("{url}/picture"));
    let why = "the program ended before it was saved: fetch it within a day";
    assert_eq!(kept["unsaved"][0]["reason"], why);
    assert_eq!(kept["reply"]["created"], 1);
}

#[test]
fn the_sandbox_serves_until_then() {
    use std::io::{BufRead as _, BufReader};

    let mut child = spawn(bare().args(["sandbox", "--port", "0", "--quiet"]));
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut url)
        .unwrap();
    let url = url.trim_end();
    let out = tempfile::tempdir().unwrap();
    assert_eq!(generate(url, out.path(), &["--size=1K"]).code, 0);
    signal(&child, "-INT");
    let run = done(child.wait_with_output().unwrap());
    assert_eq!(
        (run.code, run.stderr),
        (
            0,
            format!(
                "hint: open {url} in a browser, or send requests:\n\
                 hint: INKSTONE_API_KEY=any inkstone generate --base-url {url} \"a cat\"\n"
            )
        )
    );
}
