//! What is said where nobody can be told: a full or closed standard output.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::process::Stdio;

use crate::support::command::{Run, names, with_keys};
use crate::support::scene::{Scene, pictures};
use crate::support::server::always;

/// Runs a command whose standard output takes nothing.
fn run_full(command: &mut std::process::Command) -> Run {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let child = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    crate::support::command::done(child.wait_with_output().unwrap())
}

#[test]
fn a_picture_that_is_saved_is_told_of_on_stderr_then() {
    let url = always(pictures(1));
    for more in [&[][..], &["--json"]] {
        let out = tempfile::tempdir().unwrap();
        let mut command = with_keys();
        command.args(["generate", "a cat", "--base-url", &url, "--out"]);
        let run = run_full(command.arg(out.path()).args(more));
        assert_eq!(run.code, 9, "{run:#?}");
        assert!(
            run.stderr
                .contains("error: the pictures are saved, but can't write to standard output"),
            "{run:#?}"
        );
        let saved = names(out.path())
            .into_iter()
            .find(|name| name.ends_with(".png"))
            .unwrap();
        assert!(run.stderr.contains(&saved), "{run:#?}");
    }
    let scene = Scene::with_ids(&["a"]);
    let run = run_full(&mut scene.command(&["--base-url", &url]));
    assert_eq!(run.code, 9, "{run:#?}");
    assert!(run.stderr.contains("summary.json"), "{run:#?}");
    assert_eq!(scene.pictures(), ["a.png"]);
    let summary = std::fs::read(scene.out().join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(
        (&summary["exit_code"], &summary["jobs"]["done"]),
        (&9.into(), &1.into())
    );
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
}
