//! The key is shown nowhere and sent nowhere but to the API, whatever a reply quotes.

use std::fs;
use std::sync::{Arc, Mutex};

use serde_json::json;

use test_data::files::below;

use crate::support::command::{run, with_keys};
use crate::support::scene::Scene;
use crate::support::server::{pixel, raw_reply, serve};

/// A key of letters that no header shows as text, too.
const KEYS: [&str; 2] = ["sk-0123456789.abcdef", "ключ-0123456789"];

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// How a reply may quote a key.
fn quotes(key: &str) -> Vec<String> {
    let escaped = key.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    vec![key.to_owned(), escaped.collect()]
}

/// A key, as a URL may have it.
fn percent(key: &str) -> String {
    key.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A server whose reply quotes a key wherever it can; and the requests that it got. With
/// `missing`, a picture is not there.
fn quoting(key: &str, quote: &str, missing: bool) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heads = asked.clone();
    let (id, quote, percent) = (key.to_owned(), quote.to_owned(), percent(key));
    let url = serve(move |path, head, own| {
        heads.lock().unwrap().push(head.to_owned());
        if path.starts_with("/gone") {
            return Some(raw_reply("404 X", &[], b""));
        }
        if path.starts_with("/picture") {
            return Some(raw_reply("200 OK", &[], &pixel()));
        }
        let first = match missing {
            true => format!("gone-{quote}"),
            false => "picture".to_owned(),
        };
        let body = format!(
            r#"{{"created":"{quote}","{quote}":1,"x":["{quote}"],"data":[
                {{"url":"{own}/{first}","revised_prompt":"{quote}"}},
                {{"url":"{own}/picture/{quote}"}},{{"url":"{own}/picture/{percent}"}}]}}"#
        );
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nx-request-id: {id}\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n"
        );
        Some((head + &body).into_bytes())
    });
    (url, asked)
}

/// All that `generate` and a batch print and leave behind.
fn left_by(url: &str, key: &str) -> Vec<(String, Vec<u8>)> {
    let out = tempfile::tempdir().unwrap();
    let mut command = with_keys();
    command.env("INKSTONE_API_KEY", key);
    command.args([
        "generate",
        "a cat",
        "--json",
        "--verbose",
        "--base-url",
        url,
    ]);
    let generated = run(command.arg("--out").arg(out.path()));
    let scene = Scene::with_ids(&["a"]);
    let mut command = scene.command(&["--base-url", url]);
    let batch = run(command.env("INKSTONE_API_KEY", key));
    let said = [
        ("stdout", generated.stdout + &batch.stdout),
        ("stderr", generated.stderr + &batch.stderr),
    ];
    let mut all = Vec::from(said.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    for path in [below(out.path()), below(&scene.out())].concat() {
        all.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    all
}

#[test]
fn a_reply_that_quotes_the_key_gives_it_to_nobody() {
    for key in KEYS {
        let percent = percent(key);
        for (quote, missing) in quotes(key)
            .into_iter()
            .flat_map(|it| [(it.clone(), false), (it, true)])
        {
            let (url, asked) = quoting(key, &quote, missing);
            let all = left_by(&url, key);
            assert!(all.len() > 6, "{all:?}");
            for (name, bytes) in &all {
                for shown in [key, &quote, &percent] {
                    let text = String::from_utf8_lossy(bytes);
                    assert!(!contains(bytes, shown), "{name} shows {shown}: {text}");
                }
            }
            let asked = asked.lock().unwrap();
            for head in asked.iter().filter(|head| head.starts_with("GET")) {
                assert!(!head.contains(key) && !head.contains(&percent), "{head}");
            }
        }
    }
}

#[test]
fn nothing_that_an_api_says_commands_a_terminal() {
    let evil = "a\u{9b}31m\u{202e}b\u{2066}c\u{200f}";
    let body = json!({"created": 1, "data": [{"url": "ftp://x", "revised_prompt": evil}],
        "error": {"message": evil, "code": evil}});
    let url = serve(move |_, _, _| {
        let body = body.to_string();
        Some(raw_reply(
            "400 X",
            &[("content-type", "application/json")],
            body.as_bytes(),
        ))
    });
    let out = tempfile::tempdir().unwrap();
    let mut command = with_keys();
    command.args(["generate", "a cat", "--json", "--base-url", &url, "--out"]);
    let generated = run(command.arg(out.path()));
    assert_eq!(generated.json()["code"], evil);
    let scene = Scene::with_ids(&["a"]);
    let batch = scene.run_at(&url, &[]);
    assert_eq!(batch.json()["not_done"][0]["code"], evil);
    let sheet = fs::read_to_string(scene.out().join("index.html")).unwrap();
    let summary = fs::read_to_string(scene.out().join("summary.json")).unwrap();
    for text in [
        generated.stdout,
        generated.stderr,
        batch.stdout,
        batch.stderr,
        sheet,
        summary,
    ] {
        let bad = text
            .chars()
            .find(|c| "\u{9b}\u{202e}\u{2066}\u{200f}".contains(*c));
        assert_eq!(bad, None, "{text}");
    }
}
