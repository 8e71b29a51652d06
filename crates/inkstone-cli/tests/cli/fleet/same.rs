//! The same jobs end the same, whichever journal they have.

use serde_json::{Value, json};

use crate::fleet::scene::Fleet;
use crate::support::command::{names, run};
use crate::support::scene::Scene;
use crate::support::served::Served;

/// What goes wrong, in the order of the requests.
fn script() -> Value {
    json!([
        {"error": "DataInspectionFailed"},
        {"on": "generation", "status": 200, "body": {"text": "{\"nothing\": true}"}},
        {"error": "Arrearage", "model": "qwen-image-max"},
    ])
}

fn jobs() -> Vec<String> {
    let gateway = |id: &str, n: u32| {
        json!({"id": id, "request": {
            "model": "qwen-image-2.0-2026-03-03", "prompt": id, "size": "512x512", "n": n,
        }})
        .to_string()
    };
    let task = json!({"id": "task", "api": "dashscope", "async": true, "request": {
        "model": "wan2.7-image", "input": {"messages": [
            {"role": "user", "content": [{"text": "a task"}]},
        ]}, "parameters": {"n": 2, "size": "1K"},
    }})
    .to_string();
    let mut jobs = vec![gateway("refused", 1), gateway("silent", 1)];
    jobs.extend([
        gateway("one", 1),
        gateway("a/b", 2),
        gateway("a-b", 1),
        task,
    ]);
    jobs
}

/// The summary, without what is drawn at random or names a place.
fn comparable(mut summary: Value) -> Value {
    for job in summary["not_done"].as_array_mut().unwrap() {
        job["request_id"] = Value::Null;
        // Behind it the request's id.
        let message = job["message"]
            .as_str()
            .map(|text| text.split(" (").next().unwrap());
        job["message"] = message.map(str::to_owned).into();
        let reply = job["reply"]
            .as_str()
            .map(|reply| reply.starts_with("replies/"));
        job["reply"] = reply.into();
    }
    summary
}

#[test]
fn the_same_jobs_end_in_the_same_summary_and_pictures() {
    let Some(fleet) = Fleet::new(&jobs()) else {
        return;
    };
    let both = |url: &str| {
        [
            ("INKSTONE_BASE_URL", url.to_owned()),
            ("DASHSCOPE_BASE_URL", url.to_owned()),
        ]
    };
    let served = Served::with(&script());
    let mut command = fleet.batch(&["--concurrency=1"]);
    let shared = run(command.envs(both(&served.url)));
    let served = Served::with(&script());
    let scene = Scene::new(&jobs());
    let mut command = scene.command(&["--concurrency=1"]);
    let alone = run(command.envs(both(&served.url)));
    assert_eq!(shared.code, alone.code, "{shared:#?} {alone:#?}");
    let (shared, alone) = (shared.json(), alone.json());
    assert_eq!(
        shared["jobs"],
        json!({
            "total": 6, "queued": 0, "submitting": 0, "waiting": 0, "replied": 0, "done": 4,
            "refused": 1, "unsent": 0, "unknown": 1,
        }),
        "{shared:#}"
    );
    assert_eq!(comparable(shared), comparable(alone));
    let pictures = |names: Vec<String>| -> Vec<String> {
        let is_picture = |name: &String| name.contains(".png") || name.starts_with("index");
        names.into_iter().filter(is_picture).collect()
    };
    assert_eq!(
        pictures(names(&fleet.scene.out())),
        pictures(names(&scene.out()))
    );
    // What came without a picture is kept, and named.
    let entries = fleet_entries(&fleet);
    let [refused, silent] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(
        (&refused["id"], &silent["id"]),
        (&json!("refused"), &json!("silent"))
    );
    let kept = fleet.picture(silent["reply"].as_str().unwrap());
    assert_eq!(std::fs::read(kept).unwrap(), b"{\"nothing\": true}");
}

fn fleet_entries(fleet: &Fleet) -> Vec<Value> {
    let summary = run(&mut fleet.command(&["export"])).json();
    summary["not_done"].as_array().unwrap().clone()
}
