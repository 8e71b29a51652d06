//! `inkstone generate --async` and `inkstone task`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::command::{
    self, Run, done, generating, inkstone, json_in, names, spawn, timeless, with_keys,
};
use crate::support::served::Served;
use crate::support::server::{partial_task, pixel, raw_reply, reply, serve};

const WAN: &str = "--model=wan2.7-image";
const ONE: &str = "--n=1";

/// The states of a task that ends at once.
fn over() -> Value {
    json!({"task": ["SUCCEEDED"]})
}

/// Queries the task `id` at `served`.
fn task(command: &str, id: &str, served: &Served, more: &[&str]) -> Run {
    let args = [&["task", command, id, "--base-url", &served.url], more];
    inkstone(&args.concat())
}

fn generate(url: &str, out: &Path, more: &[&str]) -> Command {
    generating(url, out, &[&["--async"], more].concat())
}

fn run(url: &str, out: &Path, more: &[&str]) -> Run {
    done(generate(url, out, more).output().unwrap())
}

/// A list of tasks, without the age of each, which is in seconds.
fn ageless(list: &str) -> String {
    let line = |line: &str| {
        let mut columns: Vec<&str> = line
            .split("  ")
            .map(str::trim)
            .filter(|column| !column.is_empty())
            .collect();
        let age = columns[2]
            .strip_suffix('s')
            .and_then(|age| age.parse::<u32>().ok());
        assert!(age.is_some_and(|age| age < 60), "{line}");
        columns[2] = "AGE";
        columns.join("  ") + "\n"
    };
    list.lines().map(line).collect()
}

/// The names of the files, without the moment.
fn left(out: &Path) -> Vec<String> {
    names(out).iter().map(|name| timeless(name)).collect()
}

/// The id in the ticket of a task, once there is one.
fn ticket(out: &Path) -> String {
    let mut ticket = None;
    test_data::until("there is a ticket", || {
        let names = names(out);
        let mut ids = names
            .iter()
            .filter_map(|name| name.strip_suffix(".task.json"));
        ticket = ids.next().map(str::to_owned);
        ticket.is_some()
    });
    ticket.unwrap()
}

#[test]
fn a_task_is_submitted_waited_for_and_saved() {
    let served = Served::with(&json!([{"task": ["RUNNING", "SUCCEEDED"]}, over()]));
    let out = tempfile::tempdir().unwrap();
    let run = run(&served.url, out.path(), &[WAN, "--n=2"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let files = [
        "TIME-wan2.7-image-1.png",
        "TIME-wan2.7-image-1.png.json",
        "TIME-wan2.7-image-2.png",
        "TIME-wan2.7-image-2.png.json",
    ];
    assert_eq!(left(out.path()), files);
    let sidecar = json_in(out.path(), "-2.png.json");
    assert_eq!(sidecar["document"], "wan2.7-image-async");
    assert_eq!(sidecar["request"]["parameters"]["n"], 2);
    let id = sidecar["task_id"].as_str().unwrap();

    // The older form, for text only, whose fields are elsewhere.
    let older = [
        "--model=qwen-image",
        "--negative-prompt=dogs",
        "--seed=7",
        "--json",
    ];
    let older = self::run(&served.url, out.path(), &older).json();
    assert_eq!(older["images"].as_array().unwrap().len(), 1, "{older}");
    assert_eq!(older["unmade"], json!([]));
    let request = json!({
        "model": "qwen-image",
        "input": {"prompt": "a cat", "negative_prompt": "dogs"},
        "parameters": {"seed": 7},
    });
    assert_eq!(
        json_in(out.path(), "qwen-image-1.png.json")["request"],
        request
    );
    let other = older["task_id"].as_str().unwrap();
    assert_eq!(served.stats()["submitted"], 2);

    let list = inkstone(&["task", "list", "--base-url", &served.url]);
    let line = |id: &str, model: &str| format!("{id}  SUCCEEDED  AGE  {model}\n");
    let lines = line(other, "qwen-image") + &line(id, "wan2.7-image");
    Run {
        stdout: ageless(&list.stdout),
        ..list
    }
    .ended(0, &lines, "");
    let some = ["task", "list", "--status=failed", "--base-url", &served.url];
    inkstone(&some).ended(
        0,
        "",
        "hint: the API lists no such task of the last 24 hours\n",
    );
}

#[test]
fn another_process_can_continue_a_wait() {
    let served = Served::with(&json!([{"task": ["PENDING", "PENDING", "SUCCEEDED"]}]));
    let out = tempfile::tempdir().unwrap();
    let submitted = run(&served.url, out.path(), &[WAN, ONE, "--no-wait"]);
    let id = ticket(out.path());
    let place = out.path().to_str().unwrap();
    let command = format!(
        "inkstone task wait {id} --out {place} --base-url {}",
        served.url
    );
    let hint = format!("hint: its pictures are kept for a day: {command}\n");
    submitted.ended(0, &format!("{id}\n"), &hint);

    task("show", &id, &served, &[]).ended(0, &format!("{id}  PENDING\n"), "");
    let shown = task("show", &id, &served, &["--json"]).json();
    assert_eq!(
        (&shown["status"], &shown["is_over"]),
        (&json!("PENDING"), &json!(false))
    );
    let waited = task("wait", &id, &served, &["--out", place]);
    assert_eq!(
        (waited.code, waited.stderr.as_str()),
        (0, ""),
        "{waited:#?}"
    );
    let files = ["TIME-wan2.7-image-1.png", "TIME-wan2.7-image-1.png.json"];
    assert_eq!(left(out.path()), files);
    let sidecar = json_in(out.path(), ".png.json");
    assert_eq!(
        sidecar["request"]["input"]["messages"][0]["content"][0]["text"],
        "a cat"
    );

    // Here the request is not known.
    let elsewhere = tempfile::tempdir().unwrap();
    let waited = task(
        "wait",
        &id,
        &served,
        &["--out", elsewhere.path().to_str().unwrap()],
    );
    assert_eq!(waited.code, 0, "{waited:#?}");
    let name = format!("TIME-task-{id}-1.png");
    assert_eq!(
        left(elsewhere.path()),
        [name.clone(), format!("{name}.json")]
    );
    let sidecar = json_in(elsewhere.path(), ".png.json");
    assert_eq!(
        (&sidecar["request"], &sidecar["task_id"]),
        (&Value::Null, &json!(id))
    );
    assert_eq!(served.stats()["submitted"], 1);
}

#[test]
fn an_interrupted_wait_says_how_to_continue() {
    let served =
        Served::with(&json!([{"task": [{"status": "RUNNING", "for": 5000}, "SUCCEEDED"]}]));
    let out = tempfile::tempdir().unwrap();
    let run = run(&served.url, out.path(), &[WAN, ONE, "--timeout=1s"]);
    let id = ticket(out.path());
    let place = out.path().to_str().unwrap();
    let url = &served.url;
    let resumed = format!(
        "hint: the task is still running, and its pictures are kept for a day: inkstone task wait {id} --out {place} --base-url {url}\n"
    );
    let late = format!(
        "error: the deadline of 1s passed before the task was over; it was RUNNING at last (task id {id})\n"
    );
    run.ended(7, "", &format!("{late}{resumed}"));
    task("wait", &id, &served, &["--out", place, "--timeout=900ms"]).ended(
        7,
        "",
        &format!("{}{resumed}", late.replace("of 1s", "of 900ms")),
    );
    assert_eq!(task("wait", &id, &served, &["--out", place]).code, 0);
    assert_eq!(left(out.path()).len(), 2);
    assert_eq!(served.stats()["submitted"], 1);
}

/// The program is killed while its first query is not answered.
#[cfg(unix)]
#[test]
fn a_killed_wait_loses_nothing() {
    for signal in ["-INT", "-KILL"] {
        let silent = json!({"on": "GET /api/v1/tasks/{task_id}", "delay": 600_000});
        let served = Served::with(&json!([over(), silent]));
        let out = tempfile::tempdir().unwrap();
        let child = spawn(&mut generate(&served.url, out.path(), &[WAN, ONE]));
        let id = ticket(out.path());
        // The first question is on its way.
        test_data::until("it is asked", || {
            served.stats()["requests"].as_u64() >= Some(2)
        });
        command::signal(&child, signal);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        if signal == "-INT" {
            assert_eq!(output.status.code(), Some(130), "{said}");
            let message = format!(
                "error: interrupted while waiting for the task {id}\nhint: the task is still running"
            );
            assert!(said.starts_with(&message), "{said}");
        }
        let waited = task(
            "wait",
            &id,
            &served,
            &["--out", out.path().to_str().unwrap()],
        );
        assert_eq!(
            (waited.code, waited.stderr.as_str()),
            (0, ""),
            "{signal}: {waited:#?}"
        );
        let files = ["TIME-wan2.7-image-1.png", "TIME-wan2.7-image-1.png.json"];
        assert_eq!(left(out.path()), files, "{signal}");
        assert_eq!(served.stats()["submitted"], 1, "{signal}");
    }
}

#[test]
fn every_task_without_pictures_has_its_exit_code() {
    let failed = |code: &str| json!([{"status": "FAILED", "code": code, "message": "no"}]);
    let cases = [
        (
            failed("DataInspectionFailed"),
            4,
            "error: the task failed: no",
            "hint: change what the API objects to; the same request would be refused again\n",
            false,
        ),
        (
            failed("InternalError.Timeout"),
            4,
            "error: the task failed: no",
            "hint: nothing was billed, and another attempt may succeed\n",
            false,
        ),
        (
            failed("Arrearage"),
            5,
            "error: the task failed: no",
            "hint: check the key, its region and the account's credit\n",
            false,
        ),
        (
            json!(["CANCELED"]),
            4,
            "error: the task was cancelled",
            "hint: nothing was made or billed\n",
            false,
        ),
        (
            json!(["UNKNOWN"]),
            7,
            "error: the API knows no such task, or no more: it forgets a task after 24 hours",
            "hint: look into the API's console before sending it again: each request may be billed\n",
            true,
        ),
    ];
    for (states, code, error, hint, is_noted) in cases {
        let served = Served::with(&json!([{"task": states}]));
        let out = tempfile::tempdir().unwrap();
        let run = run(&served.url, out.path(), &[WAN, ONE]);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{states}: {run:#?}"
        );
        assert!(run.stderr.starts_with(error), "{states}: {run:#?}");
        assert!(run.stderr.ends_with(hint), "{states}: {run:#?}");
        assert_eq!(names(out.path()).len(), usize::from(is_noted), "{states}");
        assert_eq!(served.stats()["submitted"], 1, "{states}");
    }
}

#[test]
fn a_partial_task_is_saved_and_reported() {
    let url = partial_task();
    let out = tempfile::tempdir().unwrap();
    let run = run(&url, out.path(), &[WAN, ONE]);
    assert_eq!(run.code, 9, "{run:#?}");
    let said = "error: 1 of 2 pictures were not made
  not this, … (code DataInspectionFailed)
hint: pictures that were not made are not billed; the others are saved
";
    assert_eq!(run.stderr, said);
    let files = ["TIME-wan2.7-image-1.png", "TIME-wan2.7-image-1.png.json"];
    assert_eq!(left(out.path()), files);
    let shown = inkstone(&["task", "show", "t", "--base-url", &url]);
    let lines =
        format!("t  SUCCEEDED\n{url}/picture\nnot made: not this, … (code DataInspectionFailed)\n");
    shown.ended(0, &lines, "");
}

#[test]
fn a_second_wait_saves_the_missing_pictures() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let counted = Arc::clone(&asked);
    let url = serve(move |path, _, own| {
        let mut asked = counted.lock().unwrap();
        asked.push(path.to_owned());
        let times = asked.iter().filter(|asked| *asked == path).count();
        let output = match path {
            "/2" if times <= 3 => return Some(reply(404, "text/plain", "not yet")),
            "/1" | "/2" => return Some(raw_reply("200 OK", &[], &pixel())),
            "/api/v1/tasks/t" => json!({"task_id": "t", "task_status": "SUCCEEDED", "results": [
                {"url": format!("{own}/1")},
                {"url": format!("{own}/2")},
            ]}),
            _ => json!({"task_id": "t", "task_status": "PENDING"}),
        };
        let body = json!({"request_id": "r", "output": output});
        Some(reply(200, "application/json", &body.to_string()))
    });
    let out = tempfile::tempdir().unwrap();
    let first = run(&url, out.path(), &[WAN, ONE]);
    assert_eq!(first.code, 9, "{first:#?}");
    let mut files = vec![
        "TIME-wan2.7-image-1.png",
        "TIME-wan2.7-image-1.png.json",
        "TIME-wan2.7-image.json",
        "t.task.json",
    ];
    assert_eq!(left(out.path()), files);
    let directory = out.path().to_str().unwrap();
    let second = inkstone(&["task", "wait", "t", "--base-url", &url, "--out", directory]);
    assert_eq!(second.code, 0, "{second:#?}");
    assert_eq!(second.stdout.lines().count(), 2, "{second:#?}");
    files.splice(
        2..,
        [
            "TIME-wan2.7-image-2.png",
            "TIME-wan2.7-image-2.png.json",
            "TIME-wan2.7-image.json",
        ],
    );
    assert_eq!(left(out.path()), files);
    let asked = asked.lock().unwrap();
    assert_eq!(
        asked.iter().filter(|asked| *asked == "/1").count(),
        1,
        "{asked:?}"
    );
}

/// The name of its file has the id, and the task is paid for.
#[test]
fn a_damaged_note_is_told_with_the_id_of_its_task() {
    let served = Served::with(&json!([{"task": ["SUCCEEDED"], "times": "always"}]));
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let submit = || run(&served.url, out.path(), &[WAN, ONE, "--no-wait"]).stdout;
    let (first, second, third) = (submit(), submit(), submit());
    let [first, second, third] = [&first, &second, &third].map(|id| id.trim());
    let note = |id: &str| out.path().join(format!("{id}.task.json"));
    let whole = fs::read(note(first)).unwrap();
    fs::write(note(first), "").unwrap();
    fs::write(note(second), &whole[..15]).unwrap();
    let damaged = |id: &str| {
        let told = format!(
            "{place}/{id}.task.json is damaged: the task {id} was submitted, and its pictures may \
             be had within a day"
        );
        let hint = format!(
            "inkstone task wait {id} --out {place}; with --api, where it was not submitted to \
             DashScope"
        );
        (told, hint)
    };
    let wait_for_all = || inkstone(&["task", "wait", "--out", place, "--base-url", &served.url]);
    let waited = wait_for_all();
    let mut both = [first, second];
    both.sort_unstable();
    let [(told, hint), (next, next_hint)] = both.map(damaged);
    let said = format!("error: {told}\n  {next}\n  {next_hint}\nhint: {hint}\n");
    assert_eq!((waited.code, waited.stderr), (2, said));
    assert_eq!(waited.stdout.lines().count(), 1);
    assert!(!note(third).exists());

    let waited = task("wait", first, &served, &["--out", place]);
    let said = format!(
        "warning: {place}/{first}.task.json is damaged: what the task was submitted with is not \
         known\n"
    );
    assert_eq!((waited.code, waited.stderr), (0, said));
    assert_eq!(served.stats()["submitted"], 3);
    assert_eq!(wait_for_all().code, 2);
    assert_eq!(task("wait", second, &served, &["--out", place]).code, 0);
    let none = wait_for_all();
    let said = format!("error: no task is noted in {place}\n");
    assert!(none.stderr.starts_with(&said), "{none:#?}");
}

/// One is refused, and of another nobody knows whether it was billed.
#[test]
fn several_waits_end_with_the_worst_of_their_codes() {
    let failed = json!([{"status": "FAILED", "code": "DataInspectionFailed", "message": "no"}]);
    let served = Served::with(&json!([{"task": failed}, {"task": ["UNKNOWN"]}, over()]));
    let out = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        assert_eq!(
            run(&served.url, out.path(), &[WAN, ONE, "--no-wait"]).code,
            0
        );
    }
    let place = out.path().to_str().unwrap();
    let waited = inkstone(&["task", "wait", "--out", place, "--base-url", &served.url]);
    assert_eq!(waited.code, 7, "{waited:#?}");
    assert_eq!(waited.stdout.lines().count(), 1, "{waited:#?}");
}

#[test]
fn only_a_task_that_is_pending_is_cancelled() {
    let served = Served::with(&json!([{"task": ["PENDING"]}, {"task": ["RUNNING"]}]));
    let out = tempfile::tempdir().unwrap();
    let submit = || run(&served.url, out.path(), &[WAN, ONE, "--no-wait"]).stdout;
    let (first, second) = (submit(), submit());
    let (first, second) = (first.trim(), second.trim());
    task("cancel", first, &served, &[]).ended(0, &format!("{first}  CANCELED\n"), "");
    task("show", first, &served, &[]).ended(0, &format!("{first}  CANCELED\n"), "");
    // A query starts the task.
    assert_eq!(task("show", second, &served, &[]).code, 0);
    let run = task("cancel", second, &served, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (4, ""), "{run:#?}");
    assert!(run.stderr.contains("code UnsupportedOperation"), "{run:#?}");
    let hint =
        "hint: only a PENDING task can be cancelled; `inkstone task show` prints the status\n";
    assert!(run.stderr.ends_with(hint), "{run:#?}");
}

#[test]
fn a_task_of_an_api_without_it_is_answered_with_what_helps() {
    let out = tempfile::tempdir().unwrap();
    let cases: [(&[&str], i32, &str); 4] = [
        (
            &["--api=gateway", "--model=wan2.7-image-pro"],
            2,
            "error: no document of gateway describes tasks of the model \"wan2.7-image-pro\"
hint: dashscope has them: use --api dashscope
",
        ),
        (
            &["--api=gateway-tasks", "--model=qwen-image-2.0"],
            2,
            "error: no document of gateway-tasks describes tasks of the model \"qwen-image-2.0\"
  qwen-image-3.0
  qwen-image-3.0-pro
hint: choose one of these with --model, or omit --async
",
        ),
        (
            &["--api=gateway", "--model=qwen-image-max"],
            2,
            "error: no document of gateway describes tasks of the model \"qwen-image-max\"
hint: omit --async
",
        ),
        (
            &["--api=gateway", "--model=no"],
            2,
            "error: no document of gateway describes the model \"no\"
hint: `inkstone models` lists the models
",
        ),
    ];
    for (args, code, stderr) in cases {
        let run = run("http://127.0.0.1:1", out.path(), args);
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{run:#?}");
        assert!(run.stderr.starts_with(stderr), "{run:#?}");
    }
    assert!(names(out.path()).is_empty());
}

#[test]
fn impossible_tasks_are_reported_before_anything_is_sent() {
    let out = tempfile::tempdir().unwrap();
    let cases: [(&[&str], i32, &str); 5] = [
        (
            &["--model=qwen-image-max"],
            2,
            "error: no document describes tasks of the model \"qwen-image-max\"
  qwen-image
  qwen-image-2.1-pro
  qwen-image-3.0
  qwen-image-3.0-pro
  qwen-image-plus
  wan2.7-image
  wan2.7-image-pro
hint: choose one of these with --model, or omit --async
",
        ),
        (
            &["--model=qwen-image", "--image=https://example.com/cat.png"],
            3,
            "error: qwen-image takes no --image; these models do: ",
        ),
        (
            &["--model=qwen-image", "--n=2"],
            3,
            "error: the request breaks a rule of dashscope/qwen-image-plus-async
  --n: expected 1, found 2
hint: `inkstone models dashscope/qwen-image-plus-async` lists what it accepts
",
        ),
        (
            &["--timeout=0"],
            2,
            "error: invalid value '0' for '--timeout <DURATION>': no time at all: give at least 1s",
        ),
        (&["--no-wait", "--verify"], 2, "error: the argument"),
    ];
    for (args, code, stderr) in cases {
        let run = run("http://127.0.0.1:1", out.path(), args);
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{run:#?}");
        assert!(run.stderr.starts_with(stderr), "{run:#?}");
    }
    assert!(names(out.path()).is_empty());
    let run = inkstone(&["generate", "a", "--no-wait"]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(run.stderr.contains("--async"), "{run:#?}");
}

#[test]
fn a_private_sandbox_ends_with_its_task() {
    let out = tempfile::tempdir().unwrap();
    let mut command = with_keys();
    command.args([
        "generate",
        "--sandbox",
        "--async",
        WAN,
        "--set=parameters.size=\"1K\"",
    ]);
    command
        .args(["--timeout=100ms", "a cat", "--out"])
        .arg(out.path());
    let run = done(command.output().unwrap());
    assert_eq!(run.code, 7, "{run:#?}");
    assert!(
        run.stderr
            .ends_with("hint: the sandbox has ended, and the task with it\n"),
        "{run:#?}"
    );
    assert!(names(out.path()).is_empty());
}
