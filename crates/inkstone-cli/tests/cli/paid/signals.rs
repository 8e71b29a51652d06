//! Ctrl-c, SIGTERM and SIGHUP.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::command::{KEY, Run, done, generating, run, signal, spawn, wrapped};
use crate::support::scene::{Scene, asked, replies};
use crate::support::server::{always, raw_reply};
use crate::support::studio::{self, Studio};

/// Waits for a line on stderr that has these words, gives the signal, and waits for the end.
fn signal_at(mut child: Child, words: &str, name: &str) -> Run {
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(words) {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{said}");
    }
    let start = Instant::now();
    signal(&child, name);
    stderr.read_to_string(&mut said).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20), "{said}");
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: said,
    }
}

fn throttled() -> Vec<u8> {
    let body = json!({"error": {"message": "no", "code": "Throttling"}}).to_string();
    raw_reply("429 X", &[("retry-after", "50")], body.as_bytes())
}

/// A command whose files may have so many blocks.
fn with_short_files(command: &Command, blocks: u32) -> Command {
    let mut limited = Command::new("sh");
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    limited.arg("-c").arg(script);
    wrapped(limited, command)
}

#[test]
fn a_limit_on_the_length_of_files_ends_no_program() {
    let (url, count) = replies(vec![]);
    let out = tempfile::tempdir().unwrap();
    let run = run(&mut with_short_files(&generating(&url, out.path(), &[]), 1));
    assert_eq!((run.code, asked(&count)), (2, 0), "{run:#?}");
    assert!(run.stderr.contains("File too large"), "{run:#?}");
}

#[test]
fn a_pause_after_a_refusal_ends_at_once_and_nothing_was_billed() {
    for name in ["-INT", "-TERM", "-HUP"] {
        let url = always(throttled());
        let out = tempfile::tempdir().unwrap();
        let child = spawn(&mut generating(&url, out.path(), &[]));
        let run = signal_at(child, "attempt 2 of 4", name);
        assert_eq!(run.code, 130, "{run:#?}");
        assert!(
            run.stderr
                .contains("error: interrupted: the API has too much to do"),
            "{run:#?}"
        );
        assert!(
            run.stderr
                .ends_with("hint: nothing was generated or billed\n"),
            "{run:#?}"
        );

        let scene = Scene::with_ids(&["a", "b"]);
        let child = spawn(&mut scene.command(&["--base-url", &url, "--concurrency=1"]));
        let run = signal_at(child, "attempt 2 of 4", name);
        let jobs = &run.json()["jobs"];
        assert_eq!(
            (&jobs["unsent"], &jobs["queued"]),
            (&json!(1), &json!(1)),
            "{run:#?}"
        );
        assert_eq!(run.code, 6, "{run:#?}");
        assert!(!run.stderr.contains("may have been billed"), "{run:#?}");
        let (url, count) = replies(vec![]);
        assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
        assert_eq!(asked(&count), 2);
    }
}

#[test]
fn a_system_that_ends_the_batch_waits_for_running_jobs() {
    for name in ["-TERM", "-HUP"] {
        let lines: Vec<_> = (0..12).map(|number| studio::job(number).1).collect();
        let scene = Scene::new(&lines);
        let studio = Studio::open();
        studio.pause(Duration::from_millis(1000));
        let child = spawn(&mut scene.command(&["--base-url", &studio.url, "--concurrency=3"]));
        test_data::until("it is sent", || !studio.made().is_empty());
        signal(&child, name);
        let run = done(child.wait_with_output().unwrap());
        let summary = run.json();
        assert_eq!(summary["jobs"]["unknown"], 0, "{run:#?}");
        assert_eq!(summary["stopped"], "interrupted", "{run:#?}");
        assert!(run.stderr.contains("for 1m at most"), "{run:#?}");
        studio.pause(Duration::ZERO);
        assert_eq!(scene.run_at(&studio.url, &["--resume"]).code, 0);
        assert!(studio.made().values().all(|times| *times == 1));
        assert_eq!(scene.pictures().len(), 12);
    }
}

#[test]
fn a_system_that_ends_the_batch_does_not_wait_for_ever() {
    let scene = Scene::with_ids(&["a", "b"]);
    let studio = Studio::open();
    studio.pause(Duration::from_secs(600));
    let args = [
        "--base-url",
        &studio.url,
        "--concurrency=1",
        "--grace=500ms",
    ];
    let child = spawn(&mut scene.command(&args));
    test_data::until("it is sent", || !studio.made().is_empty());
    let start = Instant::now();
    signal(&child, "-TERM");
    let run = done(child.wait_with_output().unwrap());
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!(run.code, 7, "{run:#?}");
    assert_eq!(run.json()["jobs"]["unknown"], 1, "{run:#?}");
}

/// Whoever starts it with `nohup` wants it to outlive the terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_stays_ignored() {
    let scene = Scene::with_ids(&["a"]);
    let studio = Studio::open();
    studio.pause(Duration::from_millis(1500));
    let inner = scene.command(&["--base-url", &studio.url]);
    let mut command = wrapped(Command::new("nohup"), &inner);
    let child = spawn(command.stdin(Stdio::null()));
    test_data::until("it is sent", || !studio.made().is_empty());
    signal(&child, "-HUP");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// A batch of so many jobs, all of them done.
fn finished_batch(jobs: usize) -> (Scene, String) {
    let scene = Scene::with_ids(&["a"]);
    let (url, _) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    let journal = rusqlite::Connection::open(scene.out().join("journal.sqlite3")).unwrap();
    let fill = format!(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {jobs})
        INSERT INTO jobs (id, stem, offset, length, hash, api, document, model, request, worst,
            state, made, time)
        SELECT 'job-' || i, 'job-' || i, 0, 0, '', api, document, model, request, 1, 'done', 1,
            time FROM n, jobs WHERE jobs.seq = 1"
    );
    journal.execute_batch(&fill).unwrap();
    (scene, url)
}

#[test]
fn a_signal_ends_the_contact_sheet() {
    let (scene, url) = finished_batch(50_000);
    let child = spawn(&mut scene.command(&["--base-url", &url, "--resume"]));
    // The second page is a sign that it is at work.
    let second = scene.out().join("index-2.html");
    test_data::until("the second page is there", || second.exists());
    signal(&child, "-INT");
    let run = done(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.stderr);
    let said = "interrupted while the contact sheet was written";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(!scene.out().join("index-250.html").exists());
}

/// How many seconds of the processor the sheet of so many jobs takes.
#[cfg(target_os = "linux")]
fn sheet_time(jobs: usize) -> f64 {
    let (scene, url) = finished_batch(jobs);
    let command = scene.command(&["--base-url", &url, "--resume"]);
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let mut timed = Command::new("bash");
    timed.env("INKSTONE_API_KEY", KEY);
    timed.env("TIMEFORMAT", "%U");
    let line = format!("time '{}' > /dev/null", words.join("' '"));
    let output = timed.args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let last = jobs.div_ceil(200);
    assert!(scene.out().join(format!("index-{last}.html")).exists());
    let time = String::from_utf8(output.stderr).unwrap();
    time.trim().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn the_time_for_the_contact_sheet_grows_with_the_jobs_and_not_with_their_square() {
    let (few, many) = (sheet_time(20_000), sheet_time(80_000));
    assert!(many < 6.0 * few + 0.5, "{few} s and {many} s");
}
