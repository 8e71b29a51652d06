//! Pictures that were made and can't be given: that is said, whatever was asked for, and the same
//! request has them fetched again and orders nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{GENERATIONS, command_at, start};
use crate::mcp::agent::Agent;
use crate::support::command::names;
use crate::support::daemon::Daemon;
use crate::support::server::{pixel, raw_reply, reply, serve};

/// What comes in place of a picture.
#[derive(Clone, Copy, Debug)]
enum Dead {
    Gone,
    Html,
    Cut,
}

/// An API whose pictures below `/dead` are none until they are mended; and how many orders it got.
struct Api {
    url: String,
    orders: Arc<AtomicUsize>,
    is_mended: Arc<AtomicBool>,
}

impl Api {
    fn with(paths: &'static [&'static str], dead: Dead) -> Self {
        let (orders, is_mended) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (ordered, mended) = (orders.clone(), is_mended.clone());
        let url = serve(move |path, head, own| {
            if head.starts_with("POST") {
                ordered.fetch_add(1, Ordering::SeqCst);
                let data = paths
                    .iter()
                    .map(|path| json!({"url": format!("{own}{path}")}));
                let body = json!({"created": 1, "data": data.collect::<Vec<_>>()});
                return Some(reply(200, "application/json", &body.to_string()));
            }
            if path != "/dead" || mended.load(Ordering::SeqCst) {
                return Some(raw_reply("200 OK", &[], &pixel()));
            }
            Some(match dead {
                Dead::Gone => raw_reply("404 X", &[], b""),
                Dead::Html => reply(200, "text/html", "<html>no</html>"),
                Dead::Cut => {
                    let mut bytes = raw_reply("200 OK", &[], &pixel());
                    bytes.truncate(bytes.len() - 20);
                    bytes
                }
            })
        });
        Self {
            url,
            orders,
            is_mended,
        }
    }

    fn orders(&self) -> usize {
        self.orders.load(Ordering::SeqCst)
    }

    fn mend(&self) {
        self.is_mended.store(true, Ordering::SeqCst);
    }
}

fn request(count: usize, more: &Value) -> Value {
    let mut body = json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": count});
    let more = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
    body
}

/// The names of the picture's and the kept reply's file.
fn saved_and_kept(out: &std::path::Path) -> (String, String) {
    let names = names(&out.join("pictures"));
    let find = |end: &str| names.iter().find(|name| name.ends_with(end)).cloned();
    (find(".png").unwrap(), find("-reply.json").unwrap())
}

#[test]
fn one_of_two_pictures_that_can_not_be_had_is_told_and_fetched_again() {
    for format in [json!({}), json!({"response_format": "b64_json"})] {
        let api = Api::with(&["/picture", "/dead"], Dead::Gone);
        let out = tempfile::tempdir().unwrap();
        let (daemon, key) = start(&mut command_at(&api.url, "gateway", out.path()));
        let headers = [("authorization", key.as_str())];
        let body = request(2, &format);
        let told = daemon.post(GENERATIONS, &headers, &body);
        let json = told.json();
        assert_eq!(told.status, 502, "{json:#}");
        assert_eq!(told.header("x-should-retry"), Some("false"));
        let (saved, kept) = saved_and_kept(out.path());
        let expected = json!({"error": {
            "message": "2 pictures were made, and 1 of them can't be given; they are not made \
                again: send the same request again later, or with another Idempotency-Key to \
                order others",
            "type": "server_error",
            "param": null,
            "code": "picture_unavailable",
            "details": [
                format!(
                    "{}/dead: the picture is no longer there; its URL was valid for 24 hours \
                    (HTTP 404, 3 attempts)",
                    api.url
                ),
                format!("the reply is kept in {}/pictures/{kept}", out.path().display()),
            ],
            "data": [{"url": format!("http://localhost/pictures/{saved}")}],
        }});
        assert_eq!(json, expected);
        api.mend();
        let again = daemon.post(GENERATIONS, &headers, &body);
        let json = again.json();
        assert_eq!(again.status, 200, "{json:#}");
        assert_eq!(json["data"].as_array().unwrap().len(), 2);
        assert_eq!(api.orders(), 1);
    }
}

#[test]
fn an_address_without_a_picture_is_not_given_for_one() {
    for dead in [Dead::Gone, Dead::Html, Dead::Cut] {
        let api = Api::with(&["/dead"], dead);
        let out = tempfile::tempdir().unwrap();
        let (daemon, key) = start(&mut command_at(&api.url, "gateway", out.path()));
        let headers = [("authorization", key.as_str())];
        let body = request(1, &json!({}));
        for _ in 0..2 {
            let told = daemon.post(GENERATIONS, &headers, &body);
            let json = told.json();
            assert_eq!(told.status, 502, "{dead:?} {json:#}");
            assert_eq!(json["error"]["code"], "picture_unavailable");
            assert_eq!(json["error"]["data"], json!([]));
        }
        api.mend();
        let again = daemon.post(GENERATIONS, &headers, &body);
        assert_eq!(again.status, 200, "{dead:?} {:#}", again.json());
        assert_eq!(api.orders(), 1, "{dead:?}");
    }
}

/// Nothing is kept of a reply whose pictures were saved, so that another attempt finds no more.
#[test]
fn a_saved_picture_that_is_gone_is_told_in_either_format() {
    let api = Api::with(&["/picture"], Dead::Gone);
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = start(&mut command_at(&api.url, "gateway", out.path()));
    let headers = [("authorization", key.as_str()), ("idempotency-key", "a")];
    let ask = |format: &str| {
        let body = request(1, &json!({"response_format": format}));
        daemon.post(GENERATIONS, &headers, &body)
    };
    assert_eq!(ask("url").status, 200);
    let pictures = out.path().join("pictures");
    let name = names(&pictures).pop().unwrap();
    std::fs::remove_file(pictures.join(&name)).unwrap();
    for format in ["url", "b64_json"] {
        let told = ask(format);
        let json = told.json();
        assert_eq!(told.status, 502, "{format} {json:#}");
        let message = "the pictures were made, and can't be given; they are not made again: send \
            the same request with another Idempotency-Key to order others";
        assert_eq!(json["error"]["message"], message, "{format}");
        let why = json["error"]["details"][0].as_str().unwrap();
        let start = format!("{name} can't be read: ");
        assert!(why.starts_with(&start), "{format} {json:#}");
    }
    assert_eq!(api.orders(), 1);
}

/// As where no more files can be opened: the ledger takes the reply.
#[cfg(unix)]
#[test]
fn a_reply_that_no_file_takes_is_kept_in_the_ledger() {
    let out = tempfile::tempdir().unwrap();
    let pictures = out.path().join("pictures");
    let (blocked, orders) = (pictures.clone(), Arc::<AtomicUsize>::default());
    let ordered = orders.clone();
    let url = serve(move |_, _, _| {
        ordered.fetch_add(1, Ordering::SeqCst);
        std::fs::remove_dir_all(&blocked).unwrap();
        std::fs::write(&blocked, "").unwrap();
        let body = json!({"created": 1, "data": [{"b64_json": crate::support::server::PIXEL}]});
        Some(reply(200, "application/json", &body.to_string()))
    });
    let mut command = command_at(&url, "gateway", out.path());
    let (daemon, key) = start(command.env("TMPDIR", out.path().join("nowhere")));
    let headers = [("authorization", key.as_str())];
    let ask = || daemon.post(GENERATIONS, &headers, &request(1, &json!({})));
    for _ in 0..2 {
        let told = ask();
        let json = told.json();
        assert_eq!(told.status, 502, "{json:#}");
        let message = "the pictures were made, and can't be given; they are not made again: send \
            the same request again later, or with another Idempotency-Key to order others";
        assert_eq!(json["error"]["message"], message);
        let details = json["error"]["details"].as_array().unwrap();
        assert!(
            details.contains(&json!("the reply is kept in the ledger")),
            "{json:#}"
        );
    }
    std::fs::remove_file(&pictures).unwrap();
    std::fs::create_dir(&pictures).unwrap();
    let again = ask();
    assert_eq!(again.status, 200, "{:#}", again.json());
    assert_eq!(orders.load(Ordering::SeqCst), 1);
}

fn events(daemon: &Daemon, key: &str, body: &Value) -> Vec<Value> {
    let reply = daemon.post(GENERATIONS, &[("authorization", key)], body);
    let text = String::from_utf8(reply.body).unwrap();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[test]
fn a_stream_has_what_is_there_and_then_says_what_is_not() {
    let api = Api::with(&["/picture", "/dead"], Dead::Html);
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = start(&mut command_at(&api.url, "gateway", out.path()));
    let body = request(2, &json!({"stream": true}));
    let told = events(&daemon, &key, &body);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert_eq!(told[0]["type"], "image_generation.completed");
    assert_eq!(told[1]["error"]["code"], "picture_unavailable");
    api.mend();
    let again = events(&daemon, &key, &body);
    let kinds: Vec<_> = again.iter().map(|event| event["type"].clone()).collect();
    assert_eq!(kinds, ["image_generation.completed"; 2]);
    assert_eq!(api.orders(), 1);
}

/// A reply that breaks off: what is missing may have been made.
#[tokio::test]
async fn what_a_reply_that_broke_off_lacks_may_have_been_billed() {
    let url = serve(|path, _, own| {
        if path == "/picture" {
            return Some(raw_reply("200 OK", &[], &pixel()));
        }
        let body =
            format!(r#"{{"created":1,"data":[{{"url":"{own}/picture"}},{{"b64_json":"iVBOR"#);
        Some(reply(200, "application/json", &body))
    });
    let unmade = json!(["the reply broke off within it; it may have been made and billed"]);
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = start(&mut command_at(&url, "gateway", out.path()));
    let body = request(2, &json!({}));
    let told = daemon.post(GENERATIONS, &[("authorization", &key)], &body);
    let told = told.json();
    assert_eq!(told["unmade"], unmade, "{told:#}");
    let kept = told["kept"].as_str().unwrap();
    assert!(std::path::Path::new(kept).exists(), "{kept}");
    daemon.kill();

    let out = tempfile::tempdir().unwrap();
    let agent = Agent::at(&url, "gateway", out.path(), &["--max-cost", "50"]).await;
    let call = json!({"call_id": "a", "request": request(2, &json!({}))});
    let told = agent.json("generate", call).await;
    assert_eq!(told["unmade"], unmade, "{told:#}");
    assert!(told["kept"].is_string(), "{told:#}");
}
