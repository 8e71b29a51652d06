//! What is refused, and how replies look.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{GENERATIONS, cat, in_front_of, with_sandbox};
use crate::support::command::bare;
use crate::support::daemon::Daemon;
use crate::support::served::Served;

/// The members of a request beside the model.
fn refused(daemon: &Daemon, others: Value) -> Value {
    let mut body = json!({"model": "wan2.7-image-pro", "prompt": "a cat"});
    body.as_object_mut()
        .unwrap()
        .extend(others.as_object().unwrap().clone());
    let reply = daemon.post(GENERATIONS, &[], &body);
    assert!(reply.status >= 400, "{body}");
    json!([
        reply.status,
        reply.json()["error"]["param"],
        reply.json()["error"]["code"]
    ])
}

#[test]
fn behind_what_speaks_tls_urls_of_pictures_are_public() {
    let start = |url: &[&str]| {
        let mut command = bare();
        command.args(["serve", "--sandbox", "--listen", "127.0.0.1:0"]);
        Daemon::start(command.args(url))
    };
    let ask = |daemon: &Daemon, host: &str| {
        let reply = daemon.post(GENERATIONS, &[("host", host)], &cat());
        let url = reply.json()["data"][0]["url"].as_str().map(str::to_owned);
        (reply.status, url)
    };
    let begins = |url: Option<String>, start: &str| url.unwrap().starts_with(start);
    let daemon = start(&["--public-url", "https://pics.example/ink/"]);
    let (status, url) = ask(&daemon, "pics.example");
    assert_eq!(status, 200);
    assert!(
        begins(url.clone(), "https://pics.example/ink/pictures/"),
        "{url:?}"
    );
    // What is in front takes its path away.
    let path = url.unwrap().replace("https://pics.example/ink", "");
    assert_eq!(daemon.get(&path).status, 200);
    assert_eq!(ask(&daemon, "other.example"), (421, None));
    let daemon = start(&["--host", "pics.example"]);
    let (_, url) = ask(&daemon, "pics.example");
    assert!(
        begins(url.clone(), "http://pics.example/pictures/"),
        "{url:?}"
    );
}

#[test]
fn programs_are_answered_in_english_and_the_terminal_in_its_language() {
    let chinese = |command: &mut Command| {
        command.args(["serve", "--sandbox", "--listen", "127.0.0.1:0"]);
        command.env("LC_ALL", "zh_CN.UTF-8");
    };
    let mut command = bare();
    chinese(&mut command);
    let daemon = Daemon::start(&mut command);
    for wrong in [
        json!({"n": 9}),
        json!({"prompt": ""}),
        json!({"model": "nope"}),
        json!({"size": "1x1"}),
    ] {
        let mut body = json!({"model": "wan2.7-image-pro", "prompt": "a cat"});
        body.as_object_mut()
            .unwrap()
            .extend(wrong.as_object().unwrap().clone());
        let reply = daemon.post(GENERATIONS, &[], &body);
        let text = String::from_utf8(reply.body).unwrap();
        assert!(reply.status >= 400 && text.is_ascii(), "{wrong}: {text}");
    }

    let mut command = bare();
    chinese(&mut command);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("提示：请求发往 "), "{line}");
}

#[test]
fn a_request_is_checked_against_its_document() {
    let daemon = with_sandbox();
    let cases = [
        (json!({"n": 9}), json!([400, "n", "invalid_value"])),
        (json!({"n": "two"}), json!([400, "n", "invalid_type"])),
        (
            json!({"prompt": null}),
            json!([400, "prompt", "missing_required_parameter"]),
        ),
        (
            json!({"sede": 1}),
            json!([400, "sede", "unknown_parameter"]),
        ),
        (
            json!({"quality": "hd"}),
            json!([400, "quality", "unsupported_parameter"]),
        ),
        (
            json!({"response_format": "png"}),
            json!([400, "response_format", "invalid_value"]),
        ),
        (
            json!({"image": "/etc/hostname"}),
            json!([400, "image", "invalid_value"]),
        ),
        (
            json!({"model": "wan2.7-image-prp"}),
            json!([404, "model", "model_not_found"]),
        ),
        (json!({"model": 7}), json!([400, "model", "invalid_type"])),
        // A model of DashScope's alone, whose bodies have another shape.
        (
            json!({"model": "qwen-image-3.0-pro", "n": 99}),
            json!([400, "n", "invalid_value"]),
        ),
        (
            json!({"model": "qwen-image-3.0-pro", "prompt": 5}),
            json!([400, "prompt", "invalid_value"]),
        ),
    ];
    for (others, expected) in cases {
        assert_eq!(refused(&daemon, others.clone()), expected, "{others}");
    }
    let reply = daemon.post(
        GENERATIONS,
        &[],
        &json!({"model": "wan2.7-image-pro", "n": 9}),
    );
    let error = &reply.json()["error"];
    assert_eq!(error["type"], "invalid_request_error");
    assert_eq!(
        error["violations"].as_array().unwrap().len(),
        2,
        "{error:#}"
    );
}

#[test]
fn what_is_not_for_this_server_is_refused() {
    let daemon = with_sandbox();
    let body = cat().to_string();
    type Case = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
        u16,
    );
    const JSON: (&str, &str) = ("content-type", "application/json");
    const CASES: [Case; 11] = [
        ("POST", GENERATIONS, &[JSON, ("host", "evil.example")], 421),
        (
            "POST",
            GENERATIONS,
            &[JSON, ("origin", "https://evil.example")],
            421,
        ),
        ("POST", GENERATIONS, &[JSON, ("authorization", "")], 401),
        (
            "POST",
            GENERATIONS,
            &[JSON, ("authorization", "Basic x")],
            401,
        ),
        ("POST", GENERATIONS, &[("content-type", "text/plain")], 415),
        (
            "POST",
            GENERATIONS,
            &[("content-type", "multipart/form-data; boundary=x")],
            400,
        ),
        ("POST", GENERATIONS, &[JSON, ("idempotency-key", " ")], 400),
        ("GET", GENERATIONS, &[], 405),
        ("GET", "/v1/chat/completions", &[], 404),
        ("GET", "/v1/models/gpt-image-1", &[], 404),
        ("GET", "/pictures/..%2forders.sqlite3", &[], 404),
    ];
    for (method, path, headers, status) in CASES {
        let reply = daemon.send(method, path, headers, body.as_bytes());
        assert_eq!(reply.status, status, "{method} {path} {headers:?}");
        let allowed = (status == 405).then_some("post");
        assert_eq!(reply.header("allow"), allowed, "{method} {path}");
        assert!(reply.json()["error"]["message"].is_string());
    }
    // Short values, which would take many times their length.
    let many = format!("[{}]", "0,".repeat(100_001));
    let reply = daemon.send("POST", GENERATIONS, &[JSON], many.as_bytes());
    assert_eq!(reply.json()["error"]["code"], "invalid_json");
    // Longer than any body may be.
    let head = crate::support::daemon::head("POST", GENERATIONS, &[JSON], 65 << 20);
    let reply = crate::support::daemon::send(daemon.address(), &head, b"{");
    assert_eq!(reply.status, 413);
}

#[test]
fn pictures_come_by_url_as_base64_and_in_events() {
    let daemon = with_sandbox();
    let ask = |more: Value| {
        let mut body = json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 2, "seed": 1});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        daemon.post(GENERATIONS, &[], &body)
    };
    let by_url = ask(json!({}));
    assert_eq!(by_url.status, 200, "{:?}", by_url.json());
    let url = by_url.json()["data"][1]["url"].as_str().unwrap().to_owned();
    let (_, path) = url.split_once("localhost").unwrap();
    let picture = daemon.send("GET", path, &[("authorization", "")], b"");
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));

    let inline = ask(json!({"response_format": "b64_json"}));
    let text = inline.json()["data"][1]["b64_json"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(STANDARD.decode(text).unwrap(), picture.body);

    let events = ask(json!({"stream": true, "partial_images": 2}));
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    let text = String::from_utf8(events.body).unwrap();
    let completed: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    assert_eq!(completed.len(), 2, "{text:.300}");
    assert_eq!(completed[1]["type"], "image_generation.completed");
    let data = completed[1]["b64_json"].as_str().unwrap();
    assert_eq!(STANDARD.decode(data).unwrap(), picture.body);
}

#[test]
fn a_text_of_a_form_in_another_encoding_is_not_sent() {
    /// What says to be in GBK may be UTF-8 by chance.
    const CASES: [(&str, &[u8], bool); 8] = [
        ("text/plain", b"\xc3\xa8\xc1\xb3", false),
        ("text/plain; charset=gbk", b"\xc3\xa8", false),
        ("text/plain; charset=UTF-8", b"\xe7\x8c\xab", true),
        ("text/plain; charset=utf8", b"\xe7\x8c\xab", true),
        // What the HTTP client of Apache's says, whatever the text is.
        ("text/plain; charset=ISO-8859-1", b"a cat", true),
        ("text/plain; charset=ISO-8859-1", b"a caf\xe9", false),
        ("text/plain; charset=utf-16le", b"a\0 \0c\0a\0t\0", false),
        ("text/plain; charset=iso-2022-jp", b"\x1b$BG-\x1b(B", false),
    ];
    let daemon = with_sandbox();
    for (kind, prompt, is_read) in CASES {
        let mut body =
            b"--x\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwan2.7-image\r\n\
            --x\r\ncontent-disposition: form-data; name=\"prompt\"\r\n"
                .to_vec();
        body.extend(format!("content-type: {kind}\r\n\r\n").as_bytes());
        body.extend(prompt);
        body.extend(b"\r\n--x--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        let reply = daemon.send("POST", "/v1/images/edits", &headers, &body);
        let error = reply.json()["error"].clone();
        let refused = "prompt: texts of a form have to be UTF-8";
        assert_eq!(error["message"] != refused, is_read, "{kind}: {error}");
        assert_eq!(error["param"] != "prompt", is_read, "{kind}: {error}");
    }
}

#[test]
fn a_form_has_files_and_numbers() {
    let daemon = with_sandbox();
    let picture = {
        let made = daemon.post(GENERATIONS, &[], &json!({
            "model": "wan2.7-image-pro", "prompt": "a cat", "n": 1, "response_format": "b64_json",
        }));
        let text = made.json()["data"][0]["b64_json"]
            .as_str()
            .unwrap()
            .to_owned();
        STANDARD.decode(text).unwrap()
    };
    let form = |fields: &[(&str, &str)], picture: &[u8]| {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!(
                    "--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        body.extend(
            b"--x\r\ncontent-disposition: form-data; name=\"image[]\"; filename=\"a.png\"\r\n\
              content-type: image/png\r\n\r\n",
        );
        body.extend(picture);
        body.extend(b"\r\n--x--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=x")];
        daemon.send("POST", "/v1/images/edits", &headers, &body)
    };
    for model in ["qwen-image-edit-plus", "qwen-image-2.0", "wan2.7-image"] {
        let fields = [("model", model), ("prompt", "add a hat"), ("n", "2")];
        let reply = form(&fields, &picture);
        assert_eq!(reply.status, 200, "{model}: {:?}", reply.json());
        assert_eq!(reply.json()["data"].as_array().unwrap().len(), 2, "{model}");
    }
    let fields = [
        ("model", "qwen-image-edit-plus"),
        ("prompt", "add a hat"),
        ("n", "x"),
    ];
    let reply = form(&fields, &picture);
    assert_eq!(reply.json()["error"]["param"], "n", "{:?}", reply.json());
    let reply = form(
        &[("model", "qwen-image-edit-plus"), ("prompt", "a")],
        b"no picture",
    );
    assert_eq!(reply.json()["error"]["code"], "invalid_image");
}

#[test]
fn the_models_are_those_of_the_documents() {
    let daemon = with_sandbox();
    let models = daemon.get("/v1/models").json();
    let ids: Vec<_> = models["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap().to_owned())
        .collect();
    for id in ["wan2.7-image-pro", "qwen-image-max", "qwen-image-3.0-pro"] {
        assert!(ids.iter().any(|own| own == id), "{id}: {ids:?}");
    }
    let one = daemon.get("/v1/models/wan2.7-image-pro").json();
    assert_eq!(one["owned_by"], "gateway");
}

#[test]
fn a_model_that_answers_with_a_task_alone_is_waited_for() {
    let daemon = with_sandbox();
    let body = json!({"model": "qwen-image", "prompt": "a cat"});
    let reply = daemon.post(GENERATIONS, &[], &body);
    assert_eq!(reply.status, 200, "{:?}", reply.json());
}

#[test]
fn who_sends_all_of_a_request_first_gets_the_answer_that_came_before_its_end() {
    let out = tempfile::tempdir().unwrap();
    let sandbox = Served::with(&json!([]));
    let (daemon, key) = in_front_of(&sandbox, out.path());
    let mib = 1 << 20;
    assert_eq!(daemon.send_all(GENERATIONS, "Bearer wrong", 40 * mib), 401);
    assert_eq!(daemon.send_all(GENERATIONS, &key, 80 * mib), 413);
    assert_eq!(daemon.send_all("/v1/other", &key, 40 * mib), 404);
}

#[cfg(target_os = "linux")]
#[test]
fn who_asks_for_nothing_keeps_nobody_out() {
    let mut command = bare();
    command.args(["serve", "--sandbox", "--listen", "127.0.0.1:0"]);
    // There are places for half of the files.
    let daemon = Daemon::start(&mut with_files(&command, 128));
    let mut connections = daemon.silent(100);
    let start = Instant::now();
    assert_eq!(daemon.get("/v1/models").status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
    // The first made place; the last is answered once it asks.
    let [first, .., last] = connections.as_mut_slice() else {
        panic!("there are 100");
    };
    let mut answer = Vec::new();
    let _ = first.read_to_end(&mut answer);
    assert_eq!(answer, b"");
    let rest = "ET /v1/models HTTP/1.1\r\nauthorization: Bearer any\r\nconnection: close\r\n\r\n";
    last.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    last.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

/// The same command, with so many open files at most.
#[cfg(target_os = "linux")]
fn with_files(command: &Command, most: usize) -> Command {
    let script = format!("ulimit -n {most}; exec \"$0\" \"$@\"");
    let mut limited = Command::new("sh");
    limited.args(["-c", &script]).arg(command.get_program());
    limited.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}
