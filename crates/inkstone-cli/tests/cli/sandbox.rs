//! `inkstone sandbox` with a script, seen from a second process.

use std::fs;

use serde_json::json;

use crate::support::command::inkstone;
use crate::support::served::Served;

#[test]
fn a_script_says_what_goes_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let served = Served::with(&json!({"error": "insufficient_user_quota"}));
    let out = directory.path().join("out");
    let out = out.to_str().unwrap();
    let args = ["generate", "--base-url", &served.url, "--out", out, "a cat"];
    let refused = inkstone(&args);
    assert!(
        refused.stderr.contains("insufficient_user_quota"),
        "{refused:#?}"
    );
    let saved = inkstone(&args);
    assert_eq!(saved.code, 0, "{saved:#?}");
    let file = fs::read(saved.stdout.trim()).unwrap();
    // The width and height of a PNG file.
    assert_eq!(file[16..24], [0, 0, 0, 16, 0, 0, 0, 16]);
}

#[test]
fn a_script_that_cannot_be_read_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("script.json");
    let shown = file.display();
    let cases = [
        (
            None,
            2,
            format!("{shown} can't be read: No such file or directory (os error 2)"),
        ),
        (
            Some("{"),
            3,
            format!("{shown} is not JSON: EOF while parsing an object at line 1 column 1"),
        ),
        (
            // Some editors put a mark before UTF-8.
            Some("\u{feff}{\"delay\": \"1s\"}"),
            2,
            r#"the script, step 0: "delay": write milliseconds, as in {"delay": 1500}, not "1s""#
                .into(),
        ),
    ];
    for (text, code, message) in cases {
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        let run = inkstone(&["sandbox", "--port", "0", "--script", file.to_str().unwrap()]);
        assert_eq!(run.code, code, "{run:#?}");
        assert!(run.stderr.contains(&message), "{run:#?}");
    }
}
