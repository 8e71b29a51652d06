//! `inkstone batch` with jobs that are tasks.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::command::names;
use crate::support::scene::Scene;
use crate::support::served::Served;
use crate::support::server::partial_task;

/// A line whose job is a task.
fn job(id: &str) -> String {
    json!({"id": id, "async": true, "request": {
        "model": "wan2.7-image",
        "input": {"messages": [{"role": "user", "content": [{"text": id}]}]},
        "parameters": {"n": 1},
    }})
    .to_string()
}

fn states(summary: &Value, names: &[&str]) -> Vec<u64> {
    let count = |name: &&str| summary["jobs"][*name].as_u64().unwrap();
    names.iter().map(count).collect()
}

#[test]
fn tasks_are_jobs_like_any_other() {
    // Only the document of tasks has a prompt in `input`.
    let older = json!({"id": "b", "model": "qwen-image", "input": {"prompt": "b"}}).to_string();
    let scene = Scene::new(&[job("a"), older]);
    let served = Served::with(&json!([{"task": ["SUCCEEDED"], "times": "always"}]));
    let run = scene.run_at(&served.url, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!(scene.pictures(), ["a.png", "b.png"]);
    assert_eq!(served.stats()["submitted"], 2);
}

#[cfg(unix)]
#[test]
fn a_killed_wait_is_resumed_by_the_task_id() {
    let silent = json!({"on": "GET /api/v1/tasks/{task_id}", "delay": 600_000, "times": 2});
    let succeeded = json!({"task": ["SUCCEEDED"], "times": "always"});
    let served = Served::with(&json!([succeeded, silent]));
    let scene = Scene::new(&[job("a"), job("b"), job("c")]);
    let mut command = scene.command(&["--base-url", &served.url, "--concurrency=2"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    test_data::until("both were submitted, and both are queried", || {
        served.stats()["requests"].as_u64() >= Some(4)
    });
    child.kill().unwrap();
    child.wait().unwrap();

    let run = scene.run_at(&served.url, &["--resume"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!(scene.pictures(), ["a.png", "b.png", "c.png"]);
    assert_eq!(served.stats()["submitted"], 3);
}

#[test]
fn a_task_that_takes_too_long_is_waited_for_again() {
    let slow = json!([{"status": "RUNNING", "for": 1500}, "SUCCEEDED"]);
    let served = Served::with(&json!([{"task": slow}]));
    let scene = Scene::new(&[job("a")]);
    let limits = ["--timeout=300ms", "--max-images=1"];
    let run = scene.run_at(&served.url, &limits);
    let summary = run.json();
    assert_eq!(run.code, 7, "{run:#?}");
    assert_eq!(states(&summary, &["waiting", "unknown"]), [1, 0]);
    // It counts as spent until it ends.
    assert_eq!(summary["images"]["spent"], 1);
    let told = &summary["not_done"][0];
    assert_eq!(
        (&told["state"], &told["stage"]),
        (&json!("waiting"), &json!("unfinished"))
    );
    assert!(told["task_id"].is_string(), "{told}");
    let said = "error: 1 of 1 jobs are not done
  1 waiting: tasks still running; --resume waits for them, within a day
hint: the contact sheet says which jobs, and summary.json of those that were sent
";
    assert_eq!(run.stderr, said);
    let run = scene.run_at(&served.url, &["--resume", "--max-images=1"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!(served.stats()["submitted"], 1);
}

#[test]
fn every_end_of_a_task_is_a_state() {
    let failed =
        |code: &str| json!({"task": [{"status": "FAILED", "code": code, "message": "no"}]});
    let served = Served::with(&json!([
        failed("DataInspectionFailed"),
        failed("InternalError"),
        {"task": ["UNKNOWN"]},
        {"task": ["CANCELED"]},
        {"task": ["SUCCEEDED"]},
    ]));
    let scene = Scene::new(&["a", "b", "c", "d", "e"].map(job));
    let run = scene.run_at(&served.url, &[]);
    let summary = run.json();
    assert_eq!(run.code, 7, "{run:#?}");
    let names = ["refused", "unsent", "unknown", "done", "waiting"];
    assert_eq!(states(&summary, &names), [2, 1, 1, 1, 0], "{summary}");
    // Failed jobs are not billed; unknown ones may be.
    assert_eq!(summary["images"]["spent"], 2);
    assert_eq!(served.stats()["submitted"], 5);
}

#[test]
fn a_task_that_its_api_did_not_know_is_asked_about_again_before_anything_is_sent_again() {
    let served = Served::with(&json!([
        {"task": ["UNKNOWN", "SUCCEEDED"]},
        {"task": ["UNKNOWN"]},
    ]));
    let scene = Scene::new(&["a", "b"].map(job));
    let run = scene.run_at(&served.url, &[]);
    assert_eq!(run.code, 7, "{run:#?}");
    assert_eq!(states(&run.json(), &["unknown", "done"]), [2, 0]);
    // One of them the API knows after all; the other it still does not.
    let run = scene.run_at(&served.url, &["--resume"]);
    assert_eq!(run.code, 7, "{run:#?}");
    assert_eq!(states(&run.json(), &["unknown", "done"]), [1, 1]);
    assert_eq!(served.stats()["submitted"], 2);
    // Only that one is sent again.
    let run = scene.run_at(&served.url, &["--resume", "--retry-unknown"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!(served.stats()["submitted"], 3);
    assert_eq!(run.json()["images"], json!({"saved": 2, "spent": 3}));
}

#[test]
fn a_partial_task_is_done_and_reported() {
    let url = partial_task();
    let scene = Scene::new(&[job("a")]);
    let run = scene.run_at(&url, &[]);
    let summary = run.json();
    assert_eq!(run.code, 9, "{run:#?}");
    assert_eq!(states(&summary, &["done"]), [1]);
    assert_eq!(
        summary["not_done"][0]["unmade"],
        "not this, … (code DataInspectionFailed)"
    );
    let said = "error: 1 of 1 jobs made fewer pictures than asked for
  1 done with fewer pictures than asked for: summary.json says why; request what is missing in a new job
hint: the contact sheet says which jobs, and summary.json of those that were sent
";
    assert_eq!(run.stderr, said);
    assert_eq!(scene.pictures(), ["a.png"]);
    let sheet = fs::read_to_string(scene.out().join("index.html")).unwrap();
    assert!(
        sheet.contains("not this, … (code DataInspectionFailed)"),
        "{sheet}"
    );
}

#[test]
fn a_picture_that_is_cut_short_is_kept_and_fetched_again() {
    let cut = json!({"on": "image", "truncate": 60, "times": 5});
    let served = Served::with(&json!([{"task": ["SUCCEEDED"]}, cut]));
    let scene = Scene::new(&[job("a")]);
    let run = scene.run_at(&served.url, &[]);
    assert_eq!(run.code, 9, "{run:#?}");
    assert!(scene.pictures().is_empty());
    let kept = scene.out().join("cut-short").join("a-1.png");
    assert_eq!(fs::metadata(&kept).unwrap().len(), 60);
    let message = run.json()["not_done"][0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = format!(
        "the PNG that came ends too early; what came is kept in {}",
        kept.display()
    );
    assert!(message.starts_with(&told), "{message}");
    let run = scene.run_at(&served.url, &["--resume"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(scene.pictures(), ["a.png"]);
    let files = names(&scene.out());
    assert!(files.contains(&"a.png.json".to_owned()), "{files:?}");
    assert!(!files.contains(&"cut-short".to_owned()), "{files:?}");
    assert_eq!(served.stats()["submitted"], 1);
}

/// A power failure may take the name of a file and leave the note that it is saved.
#[test]
fn a_saved_picture_that_is_gone_is_fetched_again_while_its_job_is_not_done() {
    let cut = json!({"on": "image", "truncate": 60, "times": 5});
    let served = Served::with(&json!([{"task": ["SUCCEEDED"]}, cut]));
    let two = job("a").replace(r#""n":1"#, r#""n":2"#);
    let scene = Scene::new(&[two]);
    assert_eq!(scene.run_at(&served.url, &[]).code, 9);
    assert_eq!(scene.pictures(), ["a.png"]);
    for lost in ["a.png", "a.png.json"] {
        fs::remove_file(scene.out().join(lost)).unwrap();
    }
    let run = scene.run_at(&served.url, &["--resume"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(scene.pictures(), ["a-2.png", "a.png"]);
    assert_eq!(served.stats()["submitted"], 1);
}

/// A second process is refused, even while the first only waits for a task.
#[cfg(unix)]
#[test]
fn a_second_process_is_kept_out_while_the_first_waits() {
    let silent = json!({"on": "GET /api/v1/tasks/{task_id}", "delay": 600_000});
    let served = Served::with(&json!([{"task": ["SUCCEEDED"]}, silent]));
    let scene = Scene::new(&[job("a")]);
    let mut command: Command = scene.command(&["--base-url", &served.url]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    test_data::until("it is queried", || {
        served.stats()["requests"].as_u64() >= Some(2)
    });
    let second = scene.run_at(&served.url, &["--resume"]);
    assert_eq!(second.code, 2, "{second:#?}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(served.stats()["submitted"], 1);
}
