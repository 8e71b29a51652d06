//! `inkstone generate` with servers that fail.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{KEY, generate, generating, names, run, timeless};
use crate::support::server::{always, raw_reply, reply, serve};

const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01and so on\0\0\0\0IEND\xaeB`\x82";

/// A reply and what is printed; times in file names are replaced.
struct Case {
    reply: Vec<u8>,
    code: i32,
    stderr: &'static str,
    files: &'static [&'static str],
}

const LOOK: &str =
    "hint: look into the API's console before sending it again: each request may be billed\n";

/// Runs each case against a server of its own.
#[track_caller]
fn check(cases: impl IntoIterator<Item = Case>) {
    for case in cases {
        let out = tempfile::tempdir().unwrap();
        let run = generate(&always(case.reply), out.path(), &[]);
        let stderr = timeless(&run.stderr).replace(out.path().to_str().unwrap(), "OUT");
        let expected = case.stderr.replace("LOOK", LOOK);
        assert_eq!((stderr, run.code), (expected, case.code));
        let files: Vec<_> = names(out.path())
            .iter()
            .map(|name| timeless(name))
            .collect();
        assert_eq!(files, case.files);
    }
}

#[test]
fn every_refusal_has_its_exit_code_and_advice() {
    check([
        Case {
            reply: reply(
                401,
                "application/json",
                &format!(r#"{{"error":{{"message":"wrong key: {KEY}","code":null}}}}"#),
            ),
            code: 5,
            stderr: "error: the API refused the key or the account: wrong key: … (HTTP 401)
hint: check the key, its region and the account's credit
",
            files: &[],
        },
        Case {
            reply: reply(
                400,
                "application/json",
                r#"{"error":{"message":"no","code":"invalid_request"}}"#,
            ),
            code: 4,
            stderr: "error: the API refused the request: no (HTTP 400, code invalid_request)
hint: change what the API objects to; the same request would be refused again
",
            files: &[],
        },
        Case {
            reply: raw_reply(
                "429 X",
                &[("retry-after", "300")],
                br#"{"error":{"message":"slow"}}"#,
            ),
            code: 6,
            stderr:
                "error: the API has too much to do and did not take the request: slow (HTTP 429)
hint: nothing was generated: try again in 300 seconds
",
            files: &[],
        },
        Case {
            reply: reply(
                200,
                "application/json",
                r#"{"error":{"message":"no","code":"prompt_blocked"}}"#,
            ),
            code: 4,
            stderr: "error: the API refused the request, under a status that reports success: no \
                     (HTTP 200, code prompt_blocked)
hint: change what the API objects to; the same request would be refused again
",
            files: &[],
        },
    ]);
}

#[test]
fn replies_that_may_have_been_billed_are_kept() {
    let html = "<html><h1>A timeout occurred</h1></html>";
    check([
        Case {
            reply: reply(500, "text/html", html),
            code: 7,
            stderr: "error: the API failed; the request may have been carried out and billed: \
                     <html><h1>A timeout occurred</h1></html> (HTTP 500)
  the reply is kept in OUT/TIME-wan2.7-image-pro-reply.bin
LOOK",
            files: &["TIME-wan2.7-image-pro-reply.bin"],
        },
        Case {
            reply: reply(524, "text/html", html),
            code: 7,
            stderr: "error: a proxy before the API gave up waiting; the request may have been carried out and billed: \
                     <html><h1>A timeout occurred</h1></html> (HTTP 524)
  the reply is kept in OUT/TIME-wan2.7-image-pro-reply.bin
LOOK",
            files: &["TIME-wan2.7-image-pro-reply.bin"],
        },
        Case {
            reply: reply(500, "application/json", r#"{"error":{"message":"\u001b[31moops","code":7}}"#),
            code: 7,
            stderr: "error: the API failed; the request may have been carried out and billed: \
                     \u{fffd}[31moops (HTTP 500, code 7)
  the reply is kept in OUT/TIME-wan2.7-image-pro-reply.json
LOOK",
            files: &["TIME-wan2.7-image-pro-reply.json"],
        },
        Case {
            reply: reply(200, "text/plain", "fine"),
            code: 7,
            stderr: "error: the reply reports success but is not JSON \
                     (expected ident at line 1 column 2): fine (HTTP 200)
  the reply is kept in OUT/TIME-wan2.7-image-pro-reply.bin
LOOK",
            files: &["TIME-wan2.7-image-pro-reply.bin"],
        },
        Case {
            reply: reply(200, "application/json", r#"{"created":1,"data":[{"url":""}]}"#),
            code: 7,
            stderr: "error: the reply reports success but holds no picture; it may have been billed
hint: the reply is kept in OUT/TIME-wan2.7-image-pro.json
",
            files: &["TIME-wan2.7-image-pro.json"],
        },
    ]);
}

#[test]
fn a_reply_without_pictures_is_kept() {
    let body = "{ \"created\": 1,\n \"data\": [{}] }";
    let out = tempfile::tempdir().unwrap();
    generate(
        &always(reply(200, "application/json", body)),
        out.path(),
        &[],
    );
    let kept = out.path().join(&names(out.path())[0]);
    assert_eq!(fs::read_to_string(kept).unwrap(), body);
}

#[test]
fn an_unreachable_api_got_nothing() {
    let out = tempfile::tempdir().unwrap();
    let run = generate("http://127.0.0.1:1", out.path(), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (8, ""), "{run:#?}");
    assert!(
        run.stderr
            .starts_with("the API can't be reached, attempt 2 of 4 in "),
        "{run:#?}"
    );
    assert!(
        run.said().starts_with("error: the API can't be reached: "),
        "{run:#?}"
    );
    assert!(
        run.stderr.ends_with(
            "hint: nothing was sent or billed: check the address and the network, then try again\n"
        ),
        "{run:#?}"
    );
    assert!(names(out.path()).is_empty());
}

/// A server with one picture that is there and one that isn't.
fn half() -> String {
    serve(|path, head, own| {
        let is_download = path.starts_with("/picture");
        // Only the API may get the key.
        assert_eq!(head.contains(KEY), !is_download, "{head}");
        Some(match path {
            "/picture/1" => raw_reply("200 OK", &[], PNG),
            "/v1/images/generations" => {
                let body = json!({"created": 1, "data": [{"url": format!("{own}/picture/1")}, {"url": format!("{own}/picture/2")}], "more": 1});
                raw_reply(
                    "200 OK",
                    &[("x-oneapi-request-id", "r1")],
                    body.to_string().as_bytes(),
                )
            }
            _ => reply(404, "text/plain", "gone"),
        })
    })
}

#[test]
fn a_picture_that_cannot_be_fetched_is_not_lost() {
    let out = tempfile::tempdir().unwrap();
    let url = half();
    let run = generate(&url, out.path(), &[]);
    let place = out.path().to_str().unwrap();
    assert_eq!(
        timeless(&run.stderr).replace(place, "OUT").replace(&url, "URL"),
        "warning: the reply deviates from its document: /more: additionalProperties: expected no field but created, data, found 1
error: 1 of 2 pictures could not be saved
  URL/picture/2
    the picture is no longer there; its URL was valid for 24 hours: gone (HTTP 404, 3 attempts)
hint: expired pictures can't be fetched again; the full reply is kept in OUT/TIME-wan2.7-image-pro.json
"
    );
    assert_eq!(run.code, 9);
    assert_eq!(
        timeless(&run.stdout).replace(place, "OUT"),
        "OUT/TIME-wan2.7-image-pro-1.png\n"
    );
    assert_eq!(fs::read(run.stdout.trim_end()).unwrap(), PNG);

    let names = names(out.path());
    let files: Vec<_> = names.iter().map(|name| timeless(name)).collect();
    assert_eq!(
        files,
        [
            "TIME-wan2.7-image-pro-1.png",
            "TIME-wan2.7-image-pro-1.png.json",
            "TIME-wan2.7-image-pro.json"
        ]
    );
    let kept: Value =
        serde_json::from_slice(&fs::read(out.path().join(&names[2])).unwrap()).unwrap();
    assert_eq!(kept["unsaved"][0]["url"], json!(format!("{url}/picture/2")));
    assert_eq!(
        kept["reply"]["data"][1]["url"],
        json!(format!("{url}/picture/2"))
    );
    assert_eq!(kept["request_id"], json!("r1"));
}

#[test]
fn a_missing_picture_is_in_the_json_too() {
    let out = tempfile::tempdir().unwrap();
    let url = half();
    let run = generate(&url, out.path(), &["--json"]);
    let said = run.json();
    assert_eq!(run.code, 9);
    assert_eq!(said["images"].as_array().unwrap().len(), 1);
    assert_eq!(said["unsaved"][0]["url"], json!(format!("{url}/picture/2")));
    assert_eq!(said["deviations"][0]["pointer"], json!("/more"));
    assert!(Path::new(said["kept"].as_str().unwrap()).exists());
}

#[test]
fn the_log_does_not_show_the_key() {
    let out = tempfile::tempdir().unwrap();
    let url = always(reply(401, "application/json", "{}"));
    for filter in ["", "trace"] {
        let mut command = generating(&url, out.path(), &["-v"]);
        if !filter.is_empty() {
            command.env("RUST_LOG", filter);
        }
        let run = run(&mut command);
        assert!(
            run.stderr.contains("sending") && run.stderr.contains(&url),
            "{run:#?}"
        );
    }
}

#[test]
fn the_system_proxy_is_used_for_public_pictures_only() {
    let out = tempfile::tempdir().unwrap();
    let proxy = serve(|url, head, _| {
        assert!(!head.contains(KEY), "{head}");
        Some(match url {
            "http://pictures.example/1.png" => raw_reply("200 OK", &[], PNG),
            _ => panic!("{url} is not public"),
        })
    });
    let private = "http://10.0.0.1/2.png";
    let data = json!([{"url": "http://pictures.example/1.png"}, {"url": private}]);
    let body = json!({"created": 1, "data": data}).to_string();
    let api = always(reply(200, "application/json", &body));
    let mut command = generating(&api, out.path(), &[]);
    for name in [
        "no_proxy",
        "NO_PROXY",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env_remove(name);
    }
    let run = run(command.env("http_proxy", proxy));
    assert_eq!(run.code, 9, "{run:#?}");
    assert_eq!(fs::read(run.stdout.trim_end()).unwrap(), PNG);
    let refusal = "the picture is not fetched: 10.0.0.1 is not on the public internet";
    assert!(run.stderr.contains(refusal), "{run:#?}");
}
