//! `inkstone task` without ids, without pages, and at the sandbox of this machine.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::support::command::{inkstone, names};
use crate::support::served::Served;
use crate::support::server::{reply, serve};

#[test]
fn all_tasks_that_are_noted_are_waited_for() {
    let served =
        Served::with(&json!([{"task": ["RUNNING", "SUCCEEDED"]}, {"task": ["SUCCEEDED"]}]));
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    for prompt in ["a cat", "a dog"] {
        let run = inkstone(&[
            "generate",
            prompt,
            "--async",
            "--no-wait",
            "--model=qwen-image",
            "--base-url",
            &served.url,
            "--out",
            place,
        ]);
        assert_eq!(run.code, 0, "{run:#?}");
    }
    let port = served.url.rsplit(':').next().unwrap();
    let sandbox = format!("--sandbox={port}");
    let list = inkstone(&["task", "list", &sandbox]);
    assert_eq!(
        (list.code, list.stdout.lines().count()),
        (0, 2),
        "{list:#?}"
    );
    let run = inkstone(&["task", "wait", &sandbox, "--out", place]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 2), "{run:#?}");
    let left = names(out.path());
    assert!(
        !left.iter().any(|name| name.ends_with(".task.json")),
        "{left:?}"
    );
    let none = inkstone(&["task", "wait", &sandbox, "--out", place]);
    none.ended(
        2,
        "",
        &format!(
            "error: no task is noted in {place}
hint: give the id of a task, or the directory that it was submitted with: --out
"
        ),
    );
}

#[test]
fn a_list_has_all_pages_and_the_age_of_each_task() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let url = serve(move |path, _, _| {
        seen.lock().unwrap().push(path.to_owned());
        let page: usize = if path.contains("page_no=2") { 2 } else { 1 };
        let count = if page == 1 { 50 } else { 3 };
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        let tasks: Vec<_> = (0..count)
            .map(|number| {
                json!({"task_id": format!("t{page}-{number}"), "status": "RUNNING", "model_name": "m",
                    "gmt_create": now.as_millis() as u64 - 7_300_000})
            })
            .collect();
        Some(reply(
            200,
            "application/json",
            &json!({"data": tasks, "total": 53}).to_string(),
        ))
    });
    let run = inkstone(&["task", "list", "--base-url", &url]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 53), "{run:#?}");
    assert!(
        run.stdout.starts_with("t1-0  RUNNING      2h  m\n"),
        "{run:#?}"
    );
    assert_eq!(asked.lock().unwrap().len(), 2);
    let page = inkstone(&["task", "list", "--page=2", "--base-url", &url]);
    assert_eq!(page.stdout.lines().count(), 3, "{page:#?}");
    // An API that knows no pages answers with the same again and again.
    let same =
        json!({"data": (0..50).map(|n| json!({"task_id": n.to_string()})).collect::<Vec<_>>()});
    let url = crate::support::server::always(reply(200, "application/json", &same.to_string()));
    let run = inkstone(&["task", "list", "--base-url", &url]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 50), "{run:#?}");
}

#[test]
fn wrong_arguments_of_a_list_are_refused() {
    for wrong in [
        "--status=runing",
        "--from=yesterday",
        "--until=2026-13-01",
        "--page=0",
    ] {
        let run = inkstone(&["task", "list", wrong]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:#?}");
        assert!(run.stderr.starts_with("error: invalid value"), "{run:#?}");
    }
    let url = serve(|path, _, _| {
        let is_right =
            path.contains("start_time=20261121083000") && path.contains("status=RUNNING");
        let data = if is_right {
            json!([{"task_id": "t"}])
        } else {
            json!([])
        };
        Some(reply(
            200,
            "application/json",
            &json!({"data": data}).to_string(),
        ))
    });
    let args = [
        "task",
        "list",
        "--from=2026-11-21 08:30",
        "--status=Running",
        "--base-url",
        &url,
    ];
    inkstone(&args).ended(0, "t  ?             -\n", "");
}
