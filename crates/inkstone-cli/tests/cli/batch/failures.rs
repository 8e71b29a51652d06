//! Jobs that fail, and what a later run does with them.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::scene::{Scene, asked, job, pictures, replies};
use crate::support::server::{raw_reply, reply};

/// A first reply, how the batch ends, and what the next run does.
struct Case {
    reply: Vec<u8>,
    code: i32,
    state: &'static str,
    stage: &'static str,
    /// How many pictures count as paid for.
    spent: u64,
    /// Whether `--resume` sends it again.
    again: bool,
}

fn error(status: u16, code: &str) -> Vec<u8> {
    let body = json!({"error": {"message": "no", "code": code}}).to_string();
    reply(status, "application/json", &body)
}

fn case(
    reply: Vec<u8>,
    code: i32,
    (state, stage): (&'static str, &'static str),
    (spent, again): (u64, bool),
) -> Case {
    Case {
        reply,
        code,
        state,
        stage,
        spent,
        again,
    }
}

fn cases() -> Vec<Case> {
    const REFUSED: (&str, &str) = ("refused", "refused");
    const LATER: (&str, &str) = ("unsent", "refused");
    const UNKNOWN: (&str, &str) = ("unknown", "outcome_unknown");
    let not_found = r#"{"detail": "Not Found"}"#;
    vec![
        case(error(400, "invalid_request"), 4, REFUSED, (0, false)),
        case(error(200, "prompt_blocked"), 4, REFUSED, (0, false)),
        case(
            error(403, "insufficient_user_quota"),
            5,
            ("unsent", "account"),
            (0, true),
        ),
        case(error(500, "oops"), 7, UNKNOWN, (1, false)),
        case(reply(524, "text/html", "<html>"), 7, UNKNOWN, (1, false)),
        case(
            reply(200, "text/plain", "fine"),
            7,
            ("unknown", "unreadable"),
            (1, false),
        ),
        case(pictures(0), 7, UNKNOWN, (1, false)),
        // A server that is not the API, and the API itself.
        case(reply(404, "text/html", "<html>"), 4, LATER, (0, true)),
        case(
            reply(404, "application/json", not_found),
            4,
            LATER,
            (0, true),
        ),
        case(error(404, "ModelNotFound"), 4, REFUSED, (0, false)),
        // A connection that breaks before a reply.
        case(Vec::new(), 7, UNKNOWN, (1, false)),
    ]
}

#[test]
fn every_outcome_has_its_state_and_code() {
    for case in cases() {
        let scene = Scene::with_ids(&["a"]);
        let (url, count) = replies(vec![case.reply.clone()]);
        let run = scene.run_at(&url, &[]);
        let summary = run.json();
        let entry = &summary["not_done"][0];
        let name = format!("{} {run:#?}", case.state);
        assert_eq!(run.code, case.code, "{name}");
        assert_eq!(
            (&entry["id"], &entry["state"]),
            (&json!("a"), &json!(case.state)),
            "{name}"
        );
        assert_eq!(entry["stage"], json!(case.stage), "{name}");
        assert_eq!(summary["exit_code"], json!(case.code), "{name}");
        assert_eq!(summary["images"]["spent"], json!(case.spent), "{name}");
        assert!(!entry["message"].as_str().unwrap().is_empty(), "{name}");
        assert_eq!(asked(&count), 1, "{name}");

        let later = scene.run_at(&url, &["--resume"]);
        let code = if case.again { 0 } else { case.code };
        assert_eq!(later.code, code, "{name}\n{later:#?}");
        assert_eq!(asked(&count), 1 + usize::from(case.again), "{name}");

        if case.state == "unknown" {
            keeps_what_came(&scene, entry, &case.reply);
            let later = scene.run_at(&url, &["--resume", "--retry-unknown"]);
            assert_eq!((later.code, asked(&count)), (0, 2), "{later:#?}");
            // Possibly paid pictures still count.
            assert_eq!(later.json()["images"]["spent"], 2);
        }
    }
}

#[test]
fn who_agrees_to_send_unknown_jobs_again_agrees_for_that_run() {
    // A connection that breaks before a reply, then a reply that says that nothing was taken.
    let lost = || replies(vec![Vec::new(); 2]);
    let refused = || replies(vec![error(401, "")]);
    for nothing_is_sent in [true, false] {
        let scene = Scene::with_ids(&["a", "b"]);
        let run = scene.run_at(&lost().0, &[]);
        assert_eq!(run.json()["jobs"]["unknown"], 2, "{run:#?}");
        let (flags, (url, count)) = match nothing_is_sent {
            true => (
                vec!["--resume", "--retry-unknown", "--max-images=2"],
                replies(vec![]),
            ),
            false => (vec!["--resume", "--retry-unknown"], refused()),
        };
        let run = scene.run_at(&url, &flags);
        assert_eq!(run.code, 7, "{run:#?}");
        assert_eq!(run.json()["jobs"]["unknown"], 2, "{run:#?}");
        assert_eq!(run.json()["images"]["spent"], 2, "{run:#?}");
        assert_eq!(asked(&count), usize::from(!nothing_is_sent));
        // Nobody agreed to this.
        let (url, count) = replies(vec![]);
        let run = scene.run_at(&url, &["--resume"]);
        assert_eq!((run.code, asked(&count)), (7, 0), "{run:#?}");
        let run = scene.run_at(&url, &["--resume", "--retry-unknown"]);
        assert_eq!((run.code, asked(&count)), (0, 2), "{run:#?}");
        assert_eq!(run.json()["images"]["spent"], 4, "{run:#?}");
    }
}

/// Asserts that the body of `reply`, if it has one, is in a file.
fn keeps_what_came(scene: &Scene, job: &Value, reply: &[u8]) {
    let start = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let body = start.map(|at| &reply[at + 4..]).unwrap_or_default();
    match job["reply"].as_str() {
        Some(file) => assert_eq!(fs::read(scene.out().join(file)).unwrap(), body),
        None => assert!(body.is_empty(), "{job}"),
    }
}

#[test]
fn a_throttled_job_is_sent_later() {
    let scene = Scene::with_ids(&["a"]);
    // As often as the client tries by itself.
    let (url, _) = replies(vec![error(429, "x"); 30]);
    let run = scene.run_at(&url, &[]);
    assert_eq!(run.code, 6, "{run:#?}");
    assert_eq!(run.json()["not_done"][0]["stage"], "throttled");
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
    assert_eq!(asked(&count), 1);
}

#[test]
fn jobs_of_an_unreachable_api_are_sent_later() {
    let scene = Scene::with_ids(&["a", "b"]);
    let run = scene.run_at("http://127.0.0.1:1", &[]);
    assert_eq!(run.code, 8, "{run:#?}");
    assert_eq!(run.json()["jobs"]["unsent"], 2);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
    assert_eq!(asked(&count), 2);
}

#[test]
fn a_server_in_place_of_the_api_burns_no_batch() {
    let ids: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let scene = Scene::with_ids(&ids);
    let (url, count) = replies(vec![reply(404, "text/html", "<html>"); 40]);
    let run = scene.run_at(&url, &[]);
    assert_eq!(run.json()["stopped"], "failures", "{run:#?}");
    assert!(asked(&count) < 20, "{}", asked(&count));
    let (url, count) = replies(vec![]);
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (0, 40), "{run:#?}");
}

#[test]
fn a_wrong_key_stops_the_batch() {
    let scene = Scene::with_ids(&["a", "b", "c"]);
    let (url, count) = replies(vec![error(401, "")]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (5, 1), "{run:#?}");
    let summary = run.json();
    assert_eq!(
        (&summary["stopped"], &summary["jobs"]["queued"]),
        (&json!("account"), &json!(2))
    );
    assert_eq!(
        run.stderr,
        "error: 3 of 3 jobs are not done; stopped because the API refuses the key or the account
  2 queued: never sent; --resume sends them
  1 unsent: not accepted by the API, so not billed; --resume sends them again
hint: the contact sheet says which jobs, and summary.json of those that were sent
"
    );
}

#[test]
fn ten_failures_in_a_row_stop_the_batch() {
    let ids: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    let scene = Scene::with_ids(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let mut answers = vec![error(500, "oops"); 9];
    answers.push(pictures(1));
    answers.extend(vec![error(500, "oops"); 20]);
    let (url, count) = replies(answers);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (7, 20), "{run:#?}");
    let jobs = &run.json()["jobs"];
    assert_eq!((&jobs["unknown"], &jobs["queued"]), (&json!(19), &json!(0)));

    let scene = Scene::with_ids(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let (url, count) = replies(vec![error(500, "oops"); 20]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (7, 10), "{run:#?}");
    assert_eq!(run.json()["stopped"], "failures");
}

#[test]
fn a_picture_that_was_paid_for_is_fetched_later() {
    let scene = Scene::with_ids(&["a"]);
    let gone = format!("127.0.0.1:{}", test_data::ports::free());
    let body = json!({"created": 1, "data": [
        {"url": "", "b64_json": crate::support::server::PIXEL},
        {"url": format!("http://{gone}/late.png")},
    ]});
    let (url, count) = replies(vec![reply(200, "application/json", &body.to_string())]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (9, 1), "{run:#?}");
    let summary = run.json();
    assert_eq!(summary["images"], json!({"saved": 1, "spent": 2}));
    assert_eq!(summary["not_done"][0]["stage"], "download");
    assert_eq!(scene.pictures(), ["a.png"]);

    // The host is back; the API gets no second request.
    let host = TcpListener::bind(gone).unwrap();
    let pixel = fs::read(scene.out().join("a.png")).unwrap();
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = host.accept().unwrap();
        let mut head = [0; 4096];
        let read = stream.read(&mut head).unwrap();
        assert!(head[..read].starts_with(b"GET /late.png"));
        stream.write_all(&raw_reply("200 OK", &[], &pixel)).unwrap();
    });
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (0, 1), "{run:#?}");
    serving.join().unwrap();
    assert_eq!(scene.pictures(), ["a-2.png", "a.png"]);
}

#[test]
fn replies_with_pictures_in_them_are_kept_in_files() {
    let scene = Scene::with_ids(&["a"]);
    let large = "A".repeat(100_000);
    let body = json!({"created": 1, "data": [{"url": "", "b64_json": large}]});
    let (url, count) = replies(vec![reply(200, "application/json", &body.to_string())]);
    let run = scene.run_at(&url, &[]);
    assert_eq!(run.code, 9, "{run:#?}");
    let kept = scene.out().join("replies/a.json");
    let kept: Value = serde_json::from_slice(&fs::read(kept).unwrap()).unwrap();
    assert_eq!(kept, body);
    assert_eq!(run.json()["not_done"][0]["reply"], "replies/a.json");
    assert!(
        fs::metadata(scene.out().join("journal.sqlite3"))
            .unwrap()
            .len()
            < 64 << 10
    );
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 9);
    assert_eq!(asked(&count), 1);
}

#[test]
fn jobs_that_change_while_they_are_in_use_are_not_sent() {
    let scene = Scene::with_ids(&["a", "b"]);
    let jobs = scene.jobs();
    let url = crate::support::server::serve(move |_, _, _| {
        fs::write(&jobs, format!("{}\n{}\n", job("a"), job("c"))).unwrap();
        Some(pictures(1))
    });
    let run = scene.run_at(&url, &[]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(
        run.stderr
            .contains("was changed during the batch: job \"b\" is no longer the same"),
        "{run:#?}"
    );
    scene.write(&[job("a"), job("b")]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
    assert_eq!(asked(&count), 1);
}
