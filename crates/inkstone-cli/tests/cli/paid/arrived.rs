//! Pictures that came with a reply that is not as it should be: saved, by `generate` and by a
//! batch, and nothing is sent again.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::command::{generate, names, pictures};
use crate::support::scene::{Scene, job};
use crate::support::server::{PIXEL, pixel, raw_reply, reply, serve};

/// A server that answers every request with `answer`, which is given the server's address,
/// and has every picture but those that are gone.
fn server(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let url = serve(move |path, head, own| {
        if path.starts_with("/gone") {
            return Some(raw_reply("404 X", &[], b""));
        }
        if path.starts_with("/picture") {
            return Some(raw_reply("200 OK", &[], &pixel()));
        }
        assert!(head.starts_with("POST"), "{head}");
        counted.fetch_add(1, Ordering::SeqCst);
        Some(answer(own))
    });
    (url, count)
}

/// A reply whose body is these bytes.
fn bytes(body: impl AsRef<[u8]>) -> Vec<u8> {
    raw_reply(
        "200 OK",
        &[("content-type", "application/json")],
        body.as_ref(),
    )
}

type Flaw = fn(&str) -> Vec<u8>;

/// Replies that are not quite JSON, or not whole, made of a body that is.
fn flaws() -> [(&'static str, Flaw); 11] {
    [
        ("a byte order mark", |good| bytes(format!("\u{feff}{good}"))),
        ("a number beyond range", |good| {
            bytes(good.replace("\"created\":1", "\"created\":1e400"))
        }),
        ("a lone surrogate", |good| {
            bytes(good.replace("\"created\":1", r#""created":"\ud800""#))
        }),
        ("text that is not UTF-8", |good| {
            let (start, end) = good.split_once("\"created\":1").unwrap();
            bytes([start.as_bytes(), b"\"created\":\"\xff\"", end.as_bytes()].concat())
        }),
        ("trailing bytes", |good| {
            bytes(format!("{good}\n<!-- cached -->"))
        }),
        ("two documents", |good| bytes(format!("{good}\n{good}"))),
        ("great depth", |good| {
            let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
            bytes(good.replace("\"created\":1", &format!("\"created\":{deep}")))
        }),
        ("a picture at great depth", |good| {
            bytes(format!("{}{good}{}", "[".repeat(200), "]".repeat(200)))
        }),
        ("too long a length", |good| {
            let reply = String::from_utf8(bytes(good)).unwrap();
            let length = format!("content-length: {}", good.len());
            reply
                .replace(&length, &format!("content-length: {}", good.len() + 100))
                .into_bytes()
        }),
        ("a body that is cut", |good| bytes(&good[..good.len() - 2])),
        ("a body that breaks off", |good| {
            let mut reply = bytes(good);
            reply.truncate(reply.len() - 2);
            reply
        }),
    ]
}

#[test]
fn a_reply_that_is_not_quite_json_has_its_picture_saved() {
    for (what, flaw) in flaws() {
        let answer = move |own: &str| {
            flaw(&json!({"created": 1, "data": [{"url": format!("{own}/picture")}]}).to_string())
        };
        let out = tempfile::tempdir().unwrap();
        let (url, count) = server(answer);
        let run = generate(&url, out.path(), &[]);
        assert_eq!(run.code, 0, "{what}: {run:#?}");
        assert!(run.stderr.starts_with("warning: "), "{what}: {run:#?}");
        assert_eq!(
            (pictures(out.path()).len(), count.load(Ordering::SeqCst)),
            (1, 1),
            "{what}"
        );

        let scene = Scene::with_ids(&["a"]);
        let run = scene.run_at(&url, &[]);
        assert_eq!(run.code, 0, "{what}: {run:#?}");
        assert_eq!(scene.pictures(), ["a.png"], "{what}");
        assert_eq!(scene.run_at(&url, &["--resume"]).code, 0, "{what}");
        assert_eq!(count.load(Ordering::SeqCst), 2, "{what}");
    }
}

#[test]
fn a_kept_reply_is_looked_into_again() {
    let scene = Scene::with_ids(&["a"]);
    let (url, count) = server(|_| bytes("nothing"));
    assert_eq!(scene.run_at(&url, &[]).code, 7);
    // As an earlier version kept it.
    let kept = names(&scene.out().join("replies"));
    let path = scene.out().join("replies").join(&kept[0]);
    let body = format!("\u{feff}{{\"data\":[{{\"url\":\"{url}/picture\"}}]}}");
    fs::write(path, body).unwrap();
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, count.load(Ordering::SeqCst)), (0, 1), "{run:#?}");
    assert_eq!(scene.pictures(), ["a.png"]);
}

#[test]
fn pictures_under_a_status_of_failure_are_kept_and_not_paid_for_again() {
    for status in [400, 401, 403, 429, 500, 503] {
        let answer = move |own: &str| {
            let body = json!({
                "error": {"message": "no", "code": "x", "url": "https://help.example"},
                "data": [{"url": format!("{own}/picture")}],
            });
            reply(status, "application/json", &body.to_string())
        };
        let out = tempfile::tempdir().unwrap();
        let (url, count) = server(answer);
        let run = generate(&url, out.path(), &[]);
        assert_eq!(run.code, 0, "{status}: {run:#?}");
        assert!(run.stderr.contains(&format!("HTTP {status}")), "{run:#?}");
        assert_eq!(
            (pictures(out.path()).len(), count.load(Ordering::SeqCst)),
            (1, 1),
            "{status}"
        );

        let scene = Scene::with_ids(&["a"]);
        let run = scene.run_at(&url, &[]);
        assert_eq!(
            (run.code, count.load(Ordering::SeqCst)),
            (0, 2),
            "{status}: {run:#?}"
        );
        assert_eq!(run.json()["jobs"]["done"], 1, "{status}");
        assert_eq!(scene.pictures(), ["a.png"], "{status}");
    }
}

#[test]
fn urls_are_found_however_they_are_written() {
    let bodies: [fn(&str) -> Value; 5] = [
        |url| json!({"data": [url]}),
        |url| json!({"output": {"images": [url]}}),
        |url| json!({"data": [{"url": format!("  {url}\n")}]}),
        |url| json!({"data": [{"url": url.replace("http://", "HTTP://")}]}),
        |url| json!([[url]]),
    ];
    for body in bodies {
        let answer = move |own: &str| bytes(body(&format!("{own}/picture")).to_string());
        let out = tempfile::tempdir().unwrap();
        let (url, _) = server(answer);
        let run = generate(&url, out.path(), &[]);
        assert_eq!((run.code, pictures(out.path()).len()), (0, 1), "{run:#?}");
    }
}

#[test]
fn one_item_is_one_picture_in_whichever_form_it_can_be_had() {
    let forms: [fn(&str) -> Value; 3] = [
        |own| json!({"url": format!("{own}/picture"), "b64_json": PIXEL}),
        |own| json!({"url": format!("{own}/gone"), "b64_json": PIXEL}),
        |own| json!({"url": format!("{own}/picture"), "b64_json": "bm8gcGljdHVyZQ=="}),
    ];
    for form in forms {
        let answer = move |own: &str| bytes(json!({"created": 1, "data": [form(own)]}).to_string());
        let out = tempfile::tempdir().unwrap();
        let (url, _) = server(answer);
        let run = generate(&url, out.path(), &[]);
        assert_eq!((run.code, pictures(out.path()).len()), (0, 1), "{run:#?}");

        let scene = Scene::with_ids(&["a"]);
        let run = scene.run_at(&url, &[]);
        assert_eq!(run.code, 0, "{run:#?}");
        assert_eq!(run.json()["images"], json!({"saved": 1, "spent": 1}));
    }
}

/// What a reply says of pictures that are missing, and what is said of them.
#[test]
fn missing_pictures_are_missed() {
    let one = json!({"b64_json": PIXEL});
    let cases = [
        (
            json!({"created": 1, "data": [one]}),
            "3",
            "2 of 3 pictures were not made",
            "no reason given",
        ),
        (
            json!({"created": 1, "data": [one, {"error": {"message": "not this", "code": "c"}}]}),
            "2",
            "1 of 2 pictures were not made",
            "not this (code c)",
        ),
        (
            json!({"created": 1, "data": [one, {"error": {"message": "not this"}}]}),
            "1",
            "1 of 2 pictures were not made",
            "not this",
        ),
        (
            json!({"created": 1, "data": [one],
                   "output": {"task_metric": {"TOTAL": 2, "SUCCEEDED": 1, "FAILED": 1}}}),
            "1",
            "1 of 2 pictures were not made",
            "no reason given",
        ),
    ];
    for (body, n, message, reason) in cases {
        let text = body.to_string();
        let (url, _) = server(move |_| bytes(&text));
        let out = tempfile::tempdir().unwrap();
        let run = generate(&url, out.path(), &["--n", n]);
        assert_eq!(
            (run.code, pictures(out.path()).len()),
            (9, 1),
            "{body} {run:#?}"
        );
        assert!(
            run.stderr.contains(&format!("error: {message}\n")),
            "{run:#?}"
        );
        assert!(run.stderr.contains(&format!("  {reason}\n")), "{run:#?}");

        let line = job("a").replace("\"size\"", &format!("\"n\": {n}, \"size\""));
        let scene = Scene::new(&[line]);
        let run = scene.run_at(&url, &[]);
        assert_eq!(run.code, 9, "{body} {run:#?}");
        let missing = &run.json()["not_done"][0];
        assert_eq!(missing["state"], "done", "{missing}");
        assert!(
            missing["unmade"].as_str().unwrap().starts_with(reason),
            "{missing}"
        );
        // It is not sent again, and still told of.
        assert_eq!(scene.run_at(&url, &["--resume"]).code, 9);
    }
}

#[test]
fn no_more_is_fetched_than_could_be_asked_for() {
    let answer = |own: &str| {
        let data: Vec<_> = (0..5000)
            .map(|number| json!({"url": format!("{own}/picture/{number}")}))
            .collect();
        bytes(json!({"created": 1, "data": data}).to_string())
    };
    let out = tempfile::tempdir().unwrap();
    let (url, count) = server(answer);
    let run = generate(&url, out.path(), &["--json", "--n", "1"]);
    assert_eq!(
        (run.code, pictures(out.path()).len()),
        (9, 5),
        "{}",
        run.stderr
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let unsaved = run.json()["unsaved"].as_array().unwrap().clone();
    assert_eq!(unsaved.len(), 4995, "{}", run.stderr);
    assert_eq!(unsaved[4994]["url"], format!("{url}/picture/4999"));
    assert!(run.stderr.lines().count() < 60, "{}", run.stderr);

    let scene = Scene::new(&[job("a").replace("\"size\"", "\"n\": 1, \"size\"")]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, scene.pictures().len()), (9, 5), "{run:#?}");
    assert_eq!(run.json()["jobs"]["done"], 1);
    let kept = fs::read_to_string(scene.out().join("replies/a.json")).unwrap();
    assert!(kept.contains("/picture/4999"));
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 9);
    assert_eq!(count.load(Ordering::SeqCst), 2);
}
