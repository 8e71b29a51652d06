//! Tasks whose ids never came are found in the API's list, where there is no doubt.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fleet::scene::{Fleet, Worker};
use crate::support::command::{Run, run};
use crate::support::scene::Scene;
use crate::support::served::Served;

/// The answer to a submission is lost, of which a task came.
fn lost(times: u64) -> Value {
    json!([{"on": "submission", "times": times, "task": ["SUCCEEDED"],
        "cut": {"at": "request", "how": "reset"}}])
}

/// A job that becomes a task; what comes of it says what it was asked for where `told`.
fn task(id: &str, told: bool) -> String {
    let (model, input) = match told {
        true => ("qwen-image", json!({"prompt": id})),
        false => (
            "wan2.7-image",
            json!({"messages": [{"role": "user", "content": [{"text": id}]}]}),
        ),
    };
    let request = json!({"model": model, "input": input});
    json!({"id": id, "api": "dashscope", "async": true, "request": request}).to_string()
}

/// The same jobs with either journal; what is returned is the run and what the API saw.
fn both(lines: &[String], script: &Value, flags: &[&str]) -> Vec<(Run, Value)> {
    let mut runs = Vec::new();
    let served = Served::with(script);
    let scene = Scene::new(lines);
    let mut command = scene.command(flags);
    let alone = run(command.env("DASHSCOPE_BASE_URL", &served.url));
    runs.push((alone, served.stats()));
    let Some(fleet) = Fleet::new(lines) else {
        return runs;
    };
    let served = Served::with(script);
    let mut command = fleet.batch(flags);
    let shared = run(command.env("DASHSCOPE_BASE_URL", &served.url));
    runs.push((shared, served.stats()));
    runs
}

#[test]
fn the_only_task_of_that_time_is_the_job_s() {
    for (run, stats) in both(&[task("a", false)], &lost(1), &[]) {
        assert_eq!(run.code, 0, "{run:#?}");
        let said = "the task of an unknown job was found in the API's list\n";
        assert!(run.stderr.contains(said), "{run:#?}");
        assert_eq!(run.json()["jobs"]["done"], 1);
        assert_eq!(stats["submitted"], 1);
    }
}

#[test]
fn two_jobs_and_two_tasks_are_in_doubt_unless_the_api_tells_them_apart() {
    let lines = [task("a", false), task("b", false)];
    for (run, stats) in both(&lines, &lost(2), &[]) {
        assert_eq!(run.code, 7, "{run:#?}");
        let summary = run.json();
        assert_eq!(summary["jobs"]["unknown"], 2, "{summary:#}");
        for job in summary["not_done"].as_array().unwrap() {
            let message = job["message"].as_str().unwrap();
            let doubt = "; in the API's list of tasks there are 2 that could be its own: ";
            assert!(message.contains(doubt), "{message}");
        }
        assert_eq!(stats["submitted"], 2);
    }
    let lines = [task("a", true), task("b", true)];
    for (run, stats) in both(&lines, &lost(2), &[]) {
        assert_eq!(run.code, 0, "{run:#?}");
        assert_eq!(run.json()["jobs"]["done"], 2);
        assert_eq!(stats["submitted"], 2);
    }
}

#[test]
fn a_request_that_never_arrived_has_no_task() {
    let script = json!([{"on": "submission", "submitted": false,
        "cut": {"at": "request", "how": "reset"}}]);
    for (run, stats) in both(&[task("a", false)], &script, &[]) {
        assert_eq!(run.code, 7, "{run:#?}");
        let listed = &run.json()["not_done"][0]["message"];
        let doubt = "; in the API's list of tasks there is none that could be its own";
        assert!(listed.as_str().unwrap().ends_with(doubt), "{listed}");
        assert_eq!(stats["submitted"], 0);
    }
}

/// What was found is not sent again, although that was asked for.
#[test]
fn a_killed_batch_finds_its_task_before_it_sends_anything_again() {
    let script = json!([{"on": "submission", "delay": 4000, "task": ["SUCCEEDED"]}]);
    let served = Served::with(&script);
    let scene = Scene::new(&[task("a", false)]);
    let mut command = scene.command(&[]);
    let mut batch = Worker::start(command.env("DASHSCOPE_BASE_URL", &served.url));
    while served.stats()["submitted"] != 1 {
        std::thread::sleep(Duration::from_millis(20));
    }
    batch.kill();
    let mut command = scene.command(&["--resume", "--retry-unknown"]);
    let resumed = run(command.env("DASHSCOPE_BASE_URL", &served.url));
    assert_eq!(resumed.code, 0, "{resumed:#?}");
    assert_eq!(served.stats()["submitted"], 1);
}

#[test]
fn another_worker_finds_the_task_of_one_that_was_killed() {
    let Some(mut fleet) = Fleet::new(&[task("a", false), task("b", false)]) else {
        return;
    };
    let script = json!([{"on": "submission", "delay": 4000, "task": ["SUCCEEDED"]}]);
    let served = Served::with(&script);
    fleet
        .environment
        .push(("DASHSCOPE_BASE_URL", served.url.clone()));
    let flags = ["--lease=2s", "--concurrency=1"];
    let mut batch = Worker::start(&mut fleet.batch(&flags));
    while served.stats()["submitted"] != 1 {
        std::thread::sleep(Duration::from_millis(20));
    }
    batch.kill();
    let worked = run(&mut fleet.command(&[&["work"], &flags[..]].concat()));
    assert_eq!(worked.code, 0, "{worked:#?}");
    assert_eq!(fleet.status()["jobs"]["done"], 2);
    assert_eq!(served.stats()["submitted"], 2);
    let tasks = "SELECT count(DISTINCT task_id) FROM jobs";
    assert_eq!(fleet.database.sql(tasks), "2");
}
