//! `inkstone sandbox` with a script, of which a second process sees the effect.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::command::{bare, inkstone};

/// A running sandbox, which ends with its test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_script_says_what_goes_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("script.json");
    fs::write(&script, r#"{"error": "insufficient_user_quota"}"#).unwrap();
    let mut command = bare();
    command.args(["sandbox", "--port", "0", "--tiny", "--script"]);
    let mut child = command.arg(&script).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    let stdout = child.stdout.take().unwrap();
    let _server = Server(child);
    BufReader::new(stdout).read_line(&mut url).unwrap();

    let out = directory.path().join("out");
    let out = out.to_str().unwrap();
    let args = ["generate", "--base-url", url.trim(), "--out", out, "a cat"];
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
            format!("{shown}: No such file or directory (os error 2)"),
        ),
        (
            Some("{"),
            format!("{shown}: EOF while parsing an object at line 1 column 1"),
        ),
        (
            Some(r#"{"delay": "1s"}"#),
            r#"the script, step 0: "delay": write milliseconds, as in {"delay": 1500}, not "1s""#
                .into(),
        ),
    ];
    for (text, message) in cases {
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        let run = inkstone(&["sandbox", "--port", "0", "--script", file.to_str().unwrap()]);
        assert_eq!(run.code, 2, "{run:#?}");
        assert!(run.stderr.contains(&message), "{run:#?}");
    }
}
