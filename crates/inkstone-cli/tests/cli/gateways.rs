//! Gateways that answer with tasks, each with a route of its own to ask about them.

use std::path::Path;

use serde_json::json;

use crate::support::command::{self, generate, inkstone, json_in, timeless};
use crate::support::scene::Scene;
use crate::support::served::Served;
use crate::support::server::{always, pixel, raw_reply, reply, serve};

/// The APIs, and a model of each.
const GATEWAYS: [(&str, &str); 2] = [
    ("gateway-tasks", "qwen-image-3.0"),
    ("gateway-image-tasks", "wan2.7-image"),
];

fn pictures(out: &Path) -> Vec<String> {
    let names = command::pictures(out);
    names.iter().map(|name| timeless(name)).collect()
}

#[test]
fn a_document_that_promises_a_task_has_it_waited_for() {
    let served = Served::with(&json!([]));
    for (number, (api, model)) in (1..).zip(GATEWAYS) {
        let out = tempfile::tempdir().unwrap();
        let args = ["--api", api, "--model", model, "--n=2"];
        let run = generate(&served.url, out.path(), &args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
        let files = [1, 2].map(|picture| format!("TIME-{model}-{picture}.png"));
        assert_eq!(pictures(out.path()), files);
        let sidecar = json_in(out.path(), ".png.json");
        assert_eq!(
            (&sidecar["api"], &sidecar["document"]),
            (&json!(api), &json!("images-generations"))
        );
        assert!(sidecar["task_id"].is_string(), "{sidecar}");
        assert_eq!(served.stats()["submitted"], number);
    }
}

#[test]
fn a_task_is_asked_about_where_its_ticket_says() {
    let served = Served::with(&json!([]));
    for (api, model) in GATEWAYS {
        let out = tempfile::tempdir().unwrap();
        let args = ["--api", api, "--model", model, "--async", "--no-wait"];
        let run = generate(&served.url, out.path(), &args);
        assert_eq!(run.code, 0, "{run:#?}");
        let command = format!("--api {api} --base-url {}", served.url);
        assert!(run.stderr.contains(&command), "{run:#?}");
        let id = run.stdout.trim();
        let shown = ["task", "show", id, "--api", api, "--base-url", &served.url];
        inkstone(&shown).ended(0, &format!("{id}  PENDING\n"), "");
        let directory = out.path().to_str().unwrap();
        let wait = [
            "task",
            "wait",
            id,
            "--out",
            directory,
            "--base-url",
            &served.url,
        ];
        let run = inkstone(&wait);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
        assert_eq!(pictures(out.path()), [format!("TIME-{model}-1.png")]);
        assert_eq!(json_in(out.path(), ".png.json")["api"], api);
    }
    assert_eq!(served.stats()["submitted"], 2);
}

#[test]
fn what_a_gateway_has_no_document_for_is_not_asked() {
    let args = [
        "task",
        "list",
        "--api",
        "gateway-tasks",
        "--base-url",
        "http://127.0.0.1:1",
    ];
    let run = inkstone(&args);
    assert_eq!(run.code, 2, "{run:#?}");
    let said = "no document of gateway-tasks says how tasks are listed";
    assert!(run.stderr.contains(said), "{run:#?}");
    let run = inkstone(&["task", "show", "t", "--api", "gateway"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("invalid value 'gateway'"), "{run:#?}");
}

#[test]
fn the_end_of_a_task_is_told_as_ever() {
    let failed = json!({"status": "FAILED", "code": "Arrearage", "message": "no money"});
    for (states, code, said) in [
        (json!([failed]), 5, "the task failed: no money"),
        (json!(["FAILED"]), 4, "DataInspectionFailed"),
        (json!(["CANCELED"]), 4, "the task was cancelled"),
        (
            json!([{"status": "SUCCEEDED", "failed": 1}]),
            9,
            "1 of 2 pictures were not made",
        ),
    ] {
        let served = Served::with(&json!([{"task": states, "times": "always"}]));
        for (api, model) in GATEWAYS {
            let out = tempfile::tempdir().unwrap();
            let args = ["--api", api, "--model", model, "--n=2"];
            let run = generate(&served.url, out.path(), &args);
            assert_eq!(run.code, code, "{api} {run:#?}");
            assert!(run.stderr.contains(said), "{api} {run:#?}");
        }
    }
}

#[test]
fn tasks_of_gateways_are_jobs_that_are_resumed() {
    let slow =
        json!({"task": [{"status": "RUNNING", "for": 2500}, "SUCCEEDED"], "times": "always"});
    let served = Served::with(&slow);
    let job = |(api, model): (&str, &str)| {
        json!({"id": api, "api": api, "request": {"model": model, "prompt": "x"}}).to_string()
    };
    let scene = Scene::new(&GATEWAYS.map(job));
    let run = scene.run_at_all(&served.url, &["--timeout=300ms"]);
    assert_eq!(run.code, 7, "{run:#?}");
    assert_eq!(run.json()["jobs"]["waiting"], 2, "{run:#?}");
    let run = scene.run_at_all(&served.url, &["--resume"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(
        scene.pictures(),
        ["gateway-image-tasks.png", "gateway-tasks.png"]
    );
    assert_eq!(served.stats()["submitted"], 2);
}

/// The document promises pictures, and a task comes.
#[test]
fn a_task_that_no_document_promises_is_not_lost() {
    let task = json!({"data": [{"task_id": "t-1", "status": "submitted"}]}).to_string();
    let url = always(reply(200, "application/json", &task));
    let out = tempfile::tempdir().unwrap();
    let run = generate(&url, out.path(), &[]);
    assert_eq!(run.code, 7, "{run:#?}");
    assert!(run.stderr.contains("it names the task t-1"), "{run:#?}");
    assert!(run.stderr.contains("the reply is kept in"), "{run:#?}");

    let url = serve(|path, _, own| {
        let output = match path {
            "/picture" => return Some(raw_reply("200 OK", &[], &pixel())),
            "/api/v1/tasks/t" => json!({"task_id": "t", "task_status": "SUCCEEDED", "results": [
                {"url": format!("{own}/picture")},
            ]}),
            _ => json!({"task_id": "t", "task_status": "PENDING"}),
        };
        let body = json!({"request_id": "r", "output": output});
        Some(reply(200, "application/json", &body.to_string()))
    });
    let args = ["--api=dashscope", "--model=qwen-image-2.0"];
    let run = generate(&url, out.path(), &args);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(json_in(out.path(), ".png.json")["task_id"], "t");
}
