//! What has arrived is not lost: a task is waited for, and pictures are fetched, by the next
//! process as well.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{GENERATIONS, command_at, start};
use crate::support::command::names;
use crate::support::daemon::{Daemon, Reply, send_later};
use crate::support::server::{pixel, raw_reply, reply, serve};

/// An API that answers each order with `answer`, and whose tasks and pictures take until it is
/// told that they are ready.
struct Api {
    url: String,
    orders: Arc<AtomicUsize>,
    /// How often a task or a picture was asked for.
    asked: Arc<AtomicUsize>,
    is_ready: Arc<AtomicBool>,
}

impl Api {
    fn with(answer: impl Fn(&str) -> Value + Send + 'static) -> Self {
        let (orders, asked) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let is_ready = Arc::<AtomicBool>::default();
        let (ordered, questions, ready) = (orders.clone(), asked.clone(), is_ready.clone());
        let url = serve(move |path, head, own| {
            let json = |json: Value| Some(reply(200, "application/json", &json.to_string()));
            if head.starts_with("POST") {
                ordered.fetch_add(1, Ordering::SeqCst);
                return json(answer(own));
            }
            questions.fetch_add(1, Ordering::SeqCst);
            let is_ready = ready.load(Ordering::SeqCst);
            if path == "/gone" && !is_ready {
                return Some(raw_reply("404 X", &[], b""));
            }
            if path == "/gone" || path == "/picture" {
                return is_ready.then(|| raw_reply("200 OK", &[], &pixel()));
            }
            let output = match is_ready {
                true => json!({"task_id": "t", "task_status": "SUCCEEDED",
                    "results": [{"url": format!("{own}/picture")}]}),
                false => json!({"task_id": "t", "task_status": "RUNNING"}),
            };
            json(json!({"request_id": "r", "output": output}))
        });
        Self {
            url,
            orders,
            asked,
            is_ready,
        }
    }

    fn start(&self, api: &str, out: &Path) -> (Daemon, String) {
        start(&mut command_at(&self.url, api, out))
    }

    fn make_ready(&self) {
        self.is_ready.store(true, Ordering::SeqCst);
    }

    fn orders(&self) -> usize {
        self.orders.load(Ordering::SeqCst)
    }

    fn wait_until_asked(&self) {
        let is_asked = || self.asked.load(Ordering::SeqCst) > 0;
        test_data::until("it is asked", is_asked);
    }
}

fn request() -> Value {
    json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 1})
}

fn order(daemon: &Daemon, key: &str) -> Reply {
    order_as(daemon, key, "url")
}

fn order_as(daemon: &Daemon, key: &str, format: &str) -> Reply {
    let headers = [("authorization", key), ("idempotency-key", "a")];
    let mut body = request();
    body["response_format"] = format.into();
    daemon.post(GENERATIONS, &headers, &body)
}

/// Places an order, and leaves once the API is asked for its picture or its task.
fn leave(api: &Api, daemon: &Daemon, key: &str) {
    let headers = [
        ("authorization", key),
        ("idempotency-key", "a"),
        ("content-type", "application/json"),
    ];
    // Who leaves before the request is read has ordered nothing.
    let sent = send_later(daemon, GENERATIONS, &headers, &request());
    api.wait_until_asked();
    drop(sent);
}

#[track_caller]
fn has_picture(daemon: &Daemon, answer: &Reply) {
    assert_eq!(answer.status, 200, "{:?}", answer.json());
    let url = answer.json()["data"][0]["url"].as_str().unwrap().to_owned();
    let (_, name) = url.rsplit_once('/').unwrap();
    let picture = daemon.get(&format!("/pictures/{name}"));
    assert_eq!(picture.body[..4], *b"\x89PNG");
}

/// A reply that was to have pictures, and names a task instead.
#[test]
fn a_task_that_a_reply_names_is_waited_for_after_a_restart_as_well() {
    let named =
        |_: &str| json!({"request_id": "r", "output": {"task_id": "t", "task_status": "PENDING"}});
    let api = Api::with(named);
    api.make_ready();
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = api.start("dashscope", out.path());
    has_picture(&daemon, &order(&daemon, &key));
    assert_eq!(api.orders(), 1);

    let api = Api::with(named);
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = api.start("dashscope", out.path());
    leave(&api, &daemon, &key);
    daemon.kill();
    api.make_ready();
    let (daemon, key) = api.start("dashscope", out.path());
    has_picture(&daemon, &order(&daemon, &key));
    assert_eq!(api.orders(), 1);
}

/// A reply with the address of a picture.
fn with_url(own: &str) -> Value {
    json!({"request_id": "r", "created": 1, "data": [{"url": format!("{own}/picture")}]})
}

fn leave_and_kill(api: &Api, kind: &str, out: &Path) {
    let (daemon, key) = api.start(kind, out);
    leave(api, &daemon, &key);
    daemon.kill();
}

#[test]
fn a_reply_outlives_the_server_while_its_pictures_are_fetched() {
    let api = Api::with(with_url);
    let out = tempfile::tempdir().unwrap();
    leave_and_kill(&api, "gateway", out.path());
    api.make_ready();
    let (daemon, key) = api.start("gateway", out.path());
    let first = order(&daemon, &key);
    has_picture(&daemon, &first);
    assert_eq!(order(&daemon, &key).json(), first.json());
    assert_eq!(api.orders(), 1);
    assert_eq!(names(&out.path().join("pictures")).len(), 1);
}

#[test]
fn a_picture_that_can_not_be_fetched_is_fetched_when_it_is_asked_for_again() {
    let api = Api::with(|own| json!({"created": 1, "data": [{"url": format!("{own}/gone")}]}));
    let out = tempfile::tempdir().unwrap();
    let (daemon, key) = api.start("gateway", out.path());
    let told = order_as(&daemon, &key, "b64_json");
    assert_eq!(told.status, 502, "{:?}", told.json());
    let error = &told.json()["error"];
    assert_eq!(error["code"], "picture_unavailable");
    let said = error["details"].to_string();
    let kept = names(&out.path().join("pictures"));
    assert!(
        kept.len() == 1 && said.contains(&kept[0]),
        "{kept:?} {said}"
    );
    // Nobody was given a picture: without a key as well, it is the same order.
    let headers = [("authorization", key.as_str())];
    let mut body = request();
    body["response_format"] = "b64_json".into();
    for _ in 0..2 {
        assert_eq!(daemon.post(GENERATIONS, &headers, &body).status, 502);
    }
    assert_eq!(api.orders(), 2);
    api.make_ready();
    has_picture(&daemon, &order(&daemon, &key));
    assert_eq!(daemon.post(GENERATIONS, &headers, &body).status, 200);
    assert_eq!(api.orders(), 2);
    let left = names(&out.path().join("pictures"));
    assert!(left.iter().all(|name| name.ends_with(".png")), "{left:?}");
}

/// A reply that breaks off within its pictures: as many may have been made as were asked for.
#[test]
fn a_reply_that_is_not_whole_is_kept_and_counts_at_its_worst() {
    let url = serve(|path, _, own| {
        if path == "/picture" {
            return Some(raw_reply("200 OK", &[], &pixel()));
        }
        let body = format!(r#"{{"created":1,"data":[{{"url":"{own}/picture"}},{{"ur"#);
        Some(reply(200, "application/json", &body))
    });
    let out = tempfile::tempdir().unwrap();
    let mut command = command_at(&url, "gateway", out.path());
    command.args(["--max-images", "5"]);
    let (daemon, key) = start(&mut command);
    let mut body = request();
    body["n"] = 3.into();
    let ask = |id: &str| {
        let headers = [("authorization", key.as_str()), ("idempotency-key", id)];
        daemon.post(GENERATIONS, &headers, &body)
    };
    has_picture(&daemon, &ask("a"));
    let kept = names(&out.path().join("pictures"));
    assert!(kept.iter().any(|name| name.contains("-reply.")), "{kept:?}");
    has_picture(&daemon, &ask("a"));
    let refused = ask("b");
    assert_eq!(
        refused.json()["error"]["code"],
        "insufficient_quota",
        "{:?}",
        refused.json()
    );
}

/// A reply that counts more pictures than it has: they are billed.
#[test]
fn pictures_that_the_api_counts_are_off_the_budget() {
    let url = serve(|path, _, own| {
        if path == "/picture" {
            return Some(raw_reply("200 OK", &[], &pixel()));
        }
        let body = format!(
            r#"{{"created":1,"data":[{{"url":"{own}/picture"}}],"usage":{{"image_count":2}}}}"#
        );
        Some(reply(200, "application/json", &body))
    });
    let out = tempfile::tempdir().unwrap();
    let mut command = command_at(&url, "gateway", out.path());
    command.args(["--max-images", "5"]);
    let (daemon, key) = start(&mut command);
    let mut body = request();
    body["n"] = 3.into();
    let ask = |id: &str| {
        let headers = [("authorization", key.as_str()), ("idempotency-key", id)];
        daemon.post(GENERATIONS, &headers, &body)
    };
    // 2 of 5, then 2 of the 3 that are left.
    has_picture(&daemon, &ask("a"));
    has_picture(&daemon, &ask("b"));
    let kept = names(&out.path().join("pictures"));
    assert!(kept.iter().any(|name| name.contains("-reply.")), "{kept:?}");
    let refused = ask("c").json();
    assert_eq!(
        refused["error"]["message"],
        "the budget is 5 pictures: 4 are spent, and this may make 3 more"
    );
}
