//! Ctrl-c, kill -9 and two processes at once.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::command::{done, names, signal, spawn};
use crate::support::scene::{Scene, asked, job, pictures, replies};
use crate::support::served::Served;

const LONG: Duration = Duration::from_secs(300);

/// A server that holds every request until it is told to answer.
fn patient() -> (String, mpsc::Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (held, is_held) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            while !head.starts_with(b"POST") {
                let read = stream.peek(&mut head).unwrap();
                assert!(read > 0);
            }
            let _ = stream.read(&mut head).unwrap();
            if held.send(stream).is_err() {
                return;
            }
        }
    });
    (url, is_held)
}

/// Waits for a line on the standard error of `child`, which keeps running.
fn wait_for_words(child: &mut Child) -> (String, thread::JoinHandle<String>) {
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let rest = thread::spawn(move || {
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        rest
    });
    (line, rest)
}

#[test]
fn ctrl_c_waits_for_running_jobs() {
    let scene = Scene::with_ids(&["a", "b", "c", "d"]);
    let (url, held) = patient();
    let mut child = spawn(&mut scene.command(&["--base-url", &url, "--concurrency=2"]));
    let mut streams = [(); 2].map(|()| held.recv_timeout(LONG).unwrap());
    signal(&child, "-INT");
    let (words, _) = wait_for_words(&mut child);
    assert_eq!(
        words,
        "waiting for 2 running jobs; press ctrl-c again to quit at once, with their outcome unknown\n"
    );
    for stream in &mut streams {
        stream.write_all(&pictures(1)).unwrap();
    }
    let run = done(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{run:#?}");
    let jobs = &run.json()["jobs"];
    assert_eq!((&jobs["done"], &jobs["queued"]), (&json!(2), &json!(2)));
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
    assert_eq!(asked(&count), 2);
}

#[test]
fn a_second_ctrl_c_does_not_wait() {
    let scene = Scene::with_ids(&["a", "b", "c", "d"]);
    let (url, held) = patient();
    let mut child = spawn(&mut scene.command(&["--base-url", &url, "--concurrency=2"]));
    let _streams = [(); 2].map(|()| held.recv_timeout(LONG).unwrap());
    signal(&child, "-INT");
    let (words, _) = wait_for_words(&mut child);
    assert!(words.starts_with("waiting for 2"), "{words}");
    signal(&child, "-INT");
    let run = done(child.wait_with_output().unwrap());
    assert_eq!(run.code, 7, "{run:#?}");
    let jobs = &run.json()["jobs"];
    assert_eq!((&jobs["unknown"], &jobs["queued"]), (&json!(2), &json!(2)));
    let (url, count) = replies(vec![]);
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (7, 2), "{run:#?}");
}

#[test]
fn two_processes_cannot_share_a_journal() {
    let scene = Scene::with_ids(&["a"]);
    let (url, held) = patient();
    let child = spawn(&mut scene.command(&["--base-url", &url]));
    let mut stream = held.recv_timeout(LONG).unwrap();
    let second = scene.run_at(&url, &["--resume"]);
    assert_eq!(second.code, 2, "{second:#?}");
    assert!(
        second
            .stderr
            .starts_with("error: another inkstone is using this directory: "),
        "{second:#?}"
    );
    stream.write_all(&pictures(1)).unwrap();
    assert_eq!(done(child.wait_with_output().unwrap()).code, 0);
}

/// How often each prompt was submitted to a sandbox, which outlives the killed ones.
fn submitted(sandbox: &Served) -> BTreeMap<String, usize> {
    let mut submitted = BTreeMap::new();
    for entry in sandbox.journal().as_array().unwrap() {
        if entry["submitted"] == true {
            let prompt = entry["body"]["prompt"].as_str().unwrap();
            *submitted.entry(prompt.to_owned()).or_default() += 1;
        }
    }
    submitted
}

const JOBS: usize = 500;
const KILLS: usize = 20;

/// Runs a batch until so many more jobs were submitted, and a moment longer; then
/// kills it. `false` if it had ended by itself.
fn run_and_kill(scene: &Scene, sandbox: &Served, more: usize, moment: Duration) -> bool {
    let before: usize = submitted(sandbox).values().sum();
    let mut command = scene.command(&["--base-url", &sandbox.url]);
    // Killed early, it may not have begun.
    if scene.out().join("journal.sqlite3").exists() {
        command.arg("--resume");
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + LONG;
    while submitted(sandbox).values().sum::<usize>() < before + more {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(Instant::now() < deadline, "nothing is submitted any more");
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(moment);
    let is_killed = child.try_wait().unwrap().is_none();
    // SIGKILL: it can't be caught.
    let _ = child.kill();
    child.wait().unwrap();
    is_killed
}

#[test]
fn killed_at_twenty_moments_it_submits_nothing_twice() {
    let ids: Vec<_> = (0..JOBS).map(|number| format!("job-{number}")).collect();
    let scene = Scene::new(&ids.iter().map(|id| job(id)).collect::<Vec<_>>());
    let sandbox = Served::with(&json!([]));
    let mut random = fastrand::Rng::with_seed(0x1234_5678_9abc_def1);
    for kill in 0..KILLS {
        let more = random.usize(..20);
        let moment = Duration::from_micros(random.u64(..40_000));
        assert!(run_and_kill(&scene, &sandbox, more, moment), "kill {kill}");
    }
    let run = scene.run(&["--resume", "--base-url", &sandbox.url]);
    let summary = run.json();
    let unknown: Vec<_> = summary["not_done"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| {
            assert_eq!(job["state"], "unknown", "{job}");
            job["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        run.code,
        if unknown.is_empty() { 0 } else { 7 },
        "{summary}"
    );
    // Never more than were running when it was killed.
    assert!(unknown.len() <= KILLS * 4, "{unknown:?}");

    let submitted = submitted(&sandbox);
    let mut expected = Vec::new();
    for id in &ids {
        let times = submitted.get(id).copied().unwrap_or_default();
        if unknown.contains(id) {
            assert!(times <= 1, "{id} was submitted {times} times");
            continue;
        }
        assert_eq!(times, 1, "{id}");
        expected.push(format!("{id}.png"));
    }
    // Each picture once, whole, with its sidecar; and nothing half done.
    expected.sort();
    assert_eq!(scene.pictures(), expected);
    for picture in &expected {
        let png = fs::read(scene.out().join(picture)).unwrap();
        assert!(png.starts_with(b"\x89PNG") && png.ends_with(b"IEND\xaeB`\x82"));
        assert!(scene.out().join(format!("{picture}.json")).exists());
    }
    let leftovers = names(&scene.out());
    assert!(
        leftovers.iter().all(|name| !name.starts_with('.')),
        "{leftovers:?}"
    );
}
