//! Requests that were not taken, and what is said of them.

use std::process::Command;

use serde_json::json;

use crate::support::command::{self, Run, generating, run};
use crate::support::scene::Scene;
use crate::support::server::{PIXEL, always, raw_reply, reply};

/// What is said of a picture that comes to nowhere.
fn generate(url: &str, more: &[&str]) -> Run {
    let out = tempfile::tempdir().unwrap();
    command::generate(url, out.path(), more)
}

#[test]
fn a_redirect_of_the_api_is_named_and_not_billed() {
    for status in ["301 X", "302 X", "307 X", "308 X"] {
        let url = always(raw_reply(
            status,
            &[("location", "https://b.example/v1/images/generations")],
            b"",
        ));
        let run = generate(&url, &[]);
        assert_eq!(run.code, 4, "{run:#?}");
        assert!(
            run.stderr
                .contains("redirects to https://b.example/v1/images/generations, where nothing"),
            "{run:#?}"
        );
        assert!(run.stderr.contains("check --base-url"), "{run:#?}");
        assert!(!run.stderr.contains("may have been"), "{run:#?}");
        let scene = Scene::with_ids(&["a"]);
        assert_eq!(scene.run_at(&url, &[]).json()["jobs"]["unsent"], 1);
    }
}

#[test]
fn a_redirect_to_something_else_may_lead_to_what_was_made() {
    for status in ["301 X", "302 X", "303 X"] {
        let url = always(raw_reply(
            status,
            &[("location", "https://b.example/cat.png")],
            b"",
        ));
        let run = generate(&url, &[]);
        assert_eq!(run.code, 7, "{run:#?}");
        let scene = Scene::with_ids(&["a"]);
        assert_eq!(scene.run_at(&url, &[]).json()["jobs"]["unknown"], 1);
    }
}

/// A refusal as FastAPI has it, whose server repeats what was sent; and others with a URL.
#[test]
fn what_a_refusal_quotes_is_no_picture() {
    let sent = || json!({"model": "m", "image": format!("data:image/png;base64,{PIXEL}")});
    let cases = [
        (
            422,
            json!({"detail": [{"type": "less_than_equal", "loc": ["body", "n"], "msg": "no",
            "input": sent(), "url": "https://errors.example/le"}]}),
            4,
        ),
        (
            429,
            json!({"message": "Too many requests", "url": "https://plans.example"}),
            6,
        ),
        (500, json!({"message": "internal", "request": sent()}), 7),
        (
            500,
            json!({"message": "internal", "image": "https://a.example/sent.png"}),
            7,
        ),
        (
            200,
            json!({"code": "DataInspectionFailed", "message": "blocked", "input": sent()}),
            4,
        ),
    ];
    for (status, body, code) in cases {
        let url = always(reply(status, "application/json", &body.to_string()));
        let run = generate(&url, &["--timeout=3s"]);
        assert_eq!(run.code, code, "{body}: {run:#?}");
        let scene = Scene::with_ids(&["a"]);
        let summary = scene.run_at(&url, &["--timeout=3s"]).json();
        assert_eq!(summary["jobs"]["done"], 0, "{body}: {summary}");
        assert_eq!(summary["jobs"]["replied"], 0, "{body}: {summary}");
    }
}

/// What came all the same is a picture, whatever the status.
#[test]
fn pictures_beside_a_failure_are_kept() {
    let body = json!({"error": {"message": "late", "url": "https://help.example"},
        "data": [{"b64_json": PIXEL}], "input": {"image": PIXEL}});
    for status in [200, 400, 500] {
        let url = always(reply(status, "application/json", &body.to_string()));
        let run = generate(&url, &["--n=1", "--json"]);
        assert_eq!(
            run.json()["images"].as_array().map(Vec::len),
            Some(1),
            "{run:#?}"
        );
    }
}

#[test]
fn a_model_without_asynchronous_calls_is_not_the_keys_fault() {
    let body = json!({"code": "AccessDenied", "request_id": "r",
        "message": "current user api does not support asynchronous calls."});
    let url = always(reply(403, "application/json", &body.to_string()));
    let run = generate(&url, &["--async", "--model", "wan2.7-image"]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(run.stderr.contains("leave --async out"), "{run:#?}");
}

#[test]
fn a_wrong_address_is_hinted_at() {
    let url = always(reply(404, "text/html", "<html>not found"));
    let run = generate(&url, &[]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(run.stderr.contains("hint: check --base-url"), "{run:#?}");
}

fn with_proxy(command: &mut Command, no_proxy: &str) -> Run {
    let proxy = "http://u:secret@127.0.0.1:1";
    run(command
        .env("http_proxy", proxy)
        .env("https_proxy", proxy)
        .env("no_proxy", no_proxy))
}

#[test]
fn a_proxy_is_named_where_it_fails_and_left_out_where_it_is_off() {
    let out = tempfile::tempdir().unwrap();
    let command = |url: &str| generating(url, out.path(), &["--allow-http", "--timeout=2s"]);
    let run = with_proxy(&mut command("http://192.0.2.7"), "");
    assert_eq!(run.code, 8, "{run:#?}");
    assert!(
        run.stderr.contains("by the proxy http://127.0.0.1:1"),
        "{run:#?}"
    );
    assert!(!run.stderr.contains("secret"), "{run:#?}");
    let run = with_proxy(&mut command("http://192.0.2.7"), "a.example, *");
    assert_eq!(run.code, 8, "{run:#?}");
    assert!(!run.stderr.contains("proxy"), "{run:#?}");
}

#[test]
fn retries_are_told_of() {
    let body = json!({"error": {"message": "no", "code": "Throttling"}}).to_string();
    let url = always(reply(429, "application/json", &body));
    let run = generate(&url, &[]);
    assert_eq!(run.code, 6, "{run:#?}");
    let lines: Vec<_> = run.stderr.lines().collect();
    for (line, attempt) in lines.iter().zip(2..=4) {
        let start = format!("throttled, attempt {attempt} of 4 in ");
        assert!(line.starts_with(&start) && line.ends_with(" s"), "{line}");
    }
    let scene = Scene::with_ids(&["a"]);
    let run = scene.run_at(&url, &[]);
    assert!(
        run.stderr
            .starts_with("job \"a\": throttled, attempt 2 of 4 in "),
        "{run:#?}"
    );
}

#[test]
fn a_failure_is_json_as_well() {
    let body = json!({"error": {"message": "no", "code": "Throttling"}}).to_string();
    let refusal = raw_reply(
        "429 X",
        &[("retry-after", "3600"), ("x-request-id", "r-7")],
        body.as_bytes(),
    );
    let run = generate(&always(refusal), &["--json"]);
    let said = run.json();
    assert_eq!(said["stage"], "throttled", "{said}");
    assert_eq!(
        (&said["status"], &said["code"]),
        (&json!(429), &json!("Throttling"))
    );
    assert_eq!(
        (&said["request_id"], &said["retry_after"]),
        (&json!("r-7"), &json!(3600))
    );
    assert_eq!(
        (&said["may_have_been_billed"], &said["exit_code"]),
        (&json!(false), &json!(6))
    );

    let out = tempfile::tempdir().unwrap();
    let url = always(reply(500, "text/plain", "oops"));
    let run = command::generate(&url, out.path(), &["--json"]);
    let said = run.json();
    assert_eq!(
        (run.code, &said["stage"]),
        (7, &json!("outcome_unknown")),
        "{run:#?}"
    );
    assert_eq!(said["may_have_been_billed"], true);
    let kept = std::fs::read_to_string(said["kept"].as_str().unwrap()).unwrap();
    assert_eq!(kept, "oops");

    let run = generate("https://a.example", &["--json", "--n", "99"]);
    assert_eq!(
        (run.code, &run.json()["stage"]),
        (3, &json!("invalid")),
        "{run:#?}"
    );
    assert_eq!(run.json()["may_have_been_billed"], false);
}

#[test]
fn a_field_that_is_too_deep_is_refused() {
    let deep = format!("{}=1", vec!["a"; 60_001].join("."));
    let run = generate("https://a.example", &["--set", &deep]);
    run.ended(
        2,
        "",
        "error: --set a.a.a…: the field is more than 64 names deep, and no request is\n",
    );
}
