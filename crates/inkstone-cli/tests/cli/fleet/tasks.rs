//! Tasks whose ids never came are found in the API's list, where there is no doubt.

use serde_json::{Value, json};
use std::process::Command;

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
fn a_task_that_its_api_did_not_know_is_asked_about_again_and_not_sent_again() {
    let served = Served::with(&json!([{"task": ["UNKNOWN", "UNKNOWN", "SUCCEEDED"]}]));
    let Some(fleet) = Fleet::new(&[task("a", false)]) else {
        return;
    };
    let run_with = |flags: &[&str]| {
        let mut command = fleet.batch(flags);
        run(command.env("DASHSCOPE_BASE_URL", &served.url))
    };
    for (flags, code) in [
        (&[][..], 7),
        (&["--resume", "--retry-unknown"], 7),
        (&["--resume"], 0),
    ] {
        let run = run_with(flags);
        assert_eq!(run.code, code, "{run:#?}");
        assert_eq!(served.stats()["submitted"], 1);
    }
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
    test_data::until("it is sent", || served.stats()["submitted"] == 1);
    batch.kill();
    let mut command = scene.command(&["--resume", "--retry-unknown"]);
    let resumed = run(command.env("DASHSCOPE_BASE_URL", &served.url));
    assert_eq!(resumed.code, 0, "{resumed:#?}");
    assert_eq!(served.stats()["submitted"], 1);
}

/// Where the list can't be read, nobody knows what has a task: nothing is sent again.
#[test]
fn where_tasks_can_not_be_looked_for_nothing_is_sent_again() {
    for is_shared in [false, true] {
        let Some(lost) = Lost::new(is_shared, &[]) else {
            return;
        };
        let again = ["--resume", "--retry-unknown"];
        // Nobody answers there.
        let mut command = lost.command(&again);
        let stopped = run(command.env("DASHSCOPE_BASE_URL", "http://127.0.0.1:1"));
        let said = "error: the tasks of unknown jobs can't be looked for: ";
        assert!(stopped.stderr.contains(said), "{stopped:#?}");
        assert!(
            stopped.stderr.contains("; nothing was sent again"),
            "{stopped:#?}"
        );
        assert_eq!((stopped.code, lost.state()), (8, "unknown".to_owned()));
        let mut command = lost.command(&again);
        command.env("DASHSCOPE_BASE_URL", &lost.served.url);
        let stopped = run(command.env_remove("DASHSCOPE_API_KEY"));
        assert_eq!((stopped.code, lost.state()), (5, "unknown".to_owned()));
        // Without that, all else goes on.
        let mut command = lost.command(&again[..1]);
        let resumed = run(command.env("DASHSCOPE_BASE_URL", "http://127.0.0.1:1"));
        assert_eq!((resumed.code, lost.state()), (7, "unknown".to_owned()));
        let mut command = lost.command(&again);
        let resumed = run(command.env("DASHSCOPE_BASE_URL", &lost.served.url));
        assert_eq!(resumed.code, 0, "{resumed:#?}");
        assert_eq!(lost.served.stats()["submitted"], 1);
    }
}

/// A task that is listed may be the job's, whatever else could be asked about it.
#[test]
fn where_a_listed_task_can_not_be_asked_about_nothing_is_sent_again() {
    // As often as it is asked for.
    let away = json!({"on": "GET /api/v1/tasks/{task_id}", "status": 500, "times": 4});
    for is_shared in [false, true] {
        let Some(lost) = Lost::new(is_shared, std::slice::from_ref(&away)) else {
            return;
        };
        for (code, state) in [(7, "unknown"), (0, "done")] {
            let mut command = lost.command(&["--resume", "--retry-unknown"]);
            let run = run(command.env("DASHSCOPE_BASE_URL", &lost.served.url));
            assert_eq!((run.code, lost.state().as_str()), (code, state), "{run:#?}");
        }
        assert_eq!(lost.served.stats()["submitted"], 1);
    }
}

/// A batch that was killed after it had submitted its only task.
struct Lost {
    served: Served,
    scene: Option<Scene>,
    fleet: Option<Fleet>,
}

impl Lost {
    /// None where PostgreSQL is not installed.
    fn new(is_shared: bool, more: &[Value]) -> Option<Self> {
        let submission = json!({"on": "submission", "delay": 4000, "task": ["SUCCEEDED"]});
        let script = Value::Array([&[submission], more].concat());
        let lines = [task("a", false)];
        let lost = Self {
            served: Served::with(&script),
            scene: (!is_shared).then(|| Scene::new(&lines)),
            fleet: match is_shared {
                true => Some(Fleet::new(&lines)?),
                false => None,
            },
        };
        let mut command = lost.command(&[]);
        let mut batch = Worker::start(command.env("DASHSCOPE_BASE_URL", &lost.served.url));
        test_data::until("it is sent", || lost.served.stats()["submitted"] == 1);
        batch.kill();
        if let Some(fleet) = &lost.fleet {
            // As once its lease has lapsed.
            let sql = "UPDATE jobs SET lease = now() - interval '1 s'; SELECT job_sweep(NULL)";
            let _ = fleet.database.sql(sql);
        }
        Some(lost)
    }

    fn command(&self, args: &[&str]) -> Command {
        match (&self.fleet, &self.scene) {
            (Some(fleet), _) => fleet.batch(args),
            (None, scene) => scene.as_ref().unwrap().command(args),
        }
    }

    /// The state of the job.
    fn state(&self) -> String {
        if let Some(fleet) = &self.fleet {
            return fleet.database.sql("SELECT state FROM jobs");
        }
        let path = self.scene.as_ref().unwrap().out().join("journal.sqlite3");
        let sql = rusqlite::Connection::open(path).unwrap();
        sql.query_row("SELECT state FROM jobs", [], |row| row.get(0))
            .unwrap()
    }
}

/// A worker without the key of an account can't look for its tasks.
#[test]
fn what_nobody_looked_for_is_not_sent_again() {
    let lines = ["east", "west"].map(|account| {
        let mut job: Value = serde_json::from_str(&task(account, false)).unwrap();
        job["account"] = account.into();
        job.to_string()
    });
    let Some(fleet) = Fleet::new(&lines) else {
        return;
    };
    let script = json!([{"on": "submission", "submitted": false, "times": 2,
        "cut": {"at": "request", "how": "reset"}}, {"task": ["SUCCEEDED"], "times": "always"}]);
    let served = Served::with(&script);
    let both = ["--account", "east", "--account", "west"];
    let command = |flags: &[&str]| {
        let mut command = fleet.batch(flags);
        command.env("DASHSCOPE_BASE_URL", &served.url);
        for name in ["DASHSCOPE_API_KEY_EAST", "DASHSCOPE_API_KEY_WEST"] {
            command.env(name, "key");
        }
        command
    };
    assert_eq!(run(&mut command(&both)).code, 7);
    // Those of west are given to it, and may have a task of its own.
    let _ = fleet
        .database
        .sql("UPDATE jobs SET account = 'north' WHERE id = 'west'");
    let resumed = run(&mut command(
        &[&both[..], &["--resume", "--retry-unknown"]].concat(),
    ));
    let said = "warning: 1 unknown job was not looked for in an API's list of tasks, and is not \
                sent again: have a worker with the key of its account do that\n";
    assert!(resumed.stderr.contains(said), "{resumed:#?}");
    assert_eq!(resumed.code, 7);
    let states = "SELECT string_agg(id || ' ' || state, ', ' ORDER BY seq) FROM jobs";
    assert_eq!(fleet.database.sql(states), "east done, west unknown");
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
    test_data::until("it is sent", || served.stats()["submitted"] == 1);
    batch.kill();
    let worked = run(&mut fleet.command(&[&["work"], &flags[..]].concat()));
    assert_eq!(worked.code, 0, "{worked:#?}");
    assert_eq!(fleet.status()["jobs"]["done"], 2);
    assert_eq!(served.stats()["submitted"], 2);
    let tasks = "SELECT count(DISTINCT task_id) FROM jobs";
    assert_eq!(fleet.database.sql(tasks), "2");
}
