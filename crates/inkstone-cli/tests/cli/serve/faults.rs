//! A disk that is full from some write on, or a server that is killed there: once there is room
//! and a server again, whoever asks again gets what was paid for, and nothing is paid for twice.

#![cfg(target_os = "linux")]

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{GENERATIONS, command_at};
use crate::support::daemon::{Daemon, Reply};
use crate::support::failing_disk::{Fault, fail};
use crate::support::studio::Studio;

/// Orders whose pictures come behind a URL, in the reply, and by a task that a reply names.
const ORDERS: [&str; 6] = ["url-0", "inline-1", "task-2", "url-3", "inline-4", "task-5"];

struct Play {
    studio: Studio,
    out: TempDir,
}

impl Play {
    /// A server with its key; one that could not start has none.
    fn start(&self, fault: Option<(Fault, u64)>) -> (Daemon, String) {
        let out = self.out.path().join("out");
        let mut command = command_at(&self.studio.url, "dashscope", &out);
        if let Some((fault, at)) = fault {
            fail(&mut command, &out, fault, at);
        }
        let mut daemon = Daemon::start(&mut command);
        let key = format!("Bearer {}", daemon.line());
        (daemon, key)
    }
}

fn order((daemon, key): &(Daemon, String), id: &str) -> Option<Reply> {
    let headers = [("authorization", key.as_str()), ("idempotency-key", id)];
    let content = json!([{"role": "user", "content": [{"text": id}]}]);
    let body = json!({"model": "qwen-image-2.0", "input": {"messages": content},
        "parameters": {"n": 1}});
    daemon.try_post(GENERATIONS, &headers, &body)
}

/// The name of the picture that a reply has.
fn picture(reply: &Reply) -> Option<String> {
    let reply = (reply.status == 200).then(|| reply.json())?;
    let url = reply["data"][0]["url"].as_str()?.to_owned();
    Some(url.rsplit_once("/pictures/")?.1.to_owned())
}

/// Plays a fault at one write. Whether it came to that write.
fn play(fault: Fault, at: u64) -> bool {
    let play = Play {
        studio: Studio::open(),
        out: tempfile::tempdir().unwrap(),
    };
    let faulty = play.start(Some((fault, at)));
    let mut told: Vec<Value> = Vec::new();
    if !faulty.0.url.is_empty() {
        for id in ORDERS {
            let reply = order(&faulty, id);
            if reply.as_ref().and_then(picture).is_none() {
                told.push(reply.map_or(Value::Null, |reply| reply.json()));
            }
        }
        if told.is_empty() {
            return false;
        }
    }
    faulty.0.kill();
    play.studio.wait_until_quiet();
    let about = format!("{fault:?} at write {at}: {told:#?}");
    let sound = play.start(None);
    for id in ORDERS {
        let reply = order(&sound, id).unwrap();
        let sent = play.studio.made().get(id).copied().unwrap_or_default();
        assert!(sent <= 1, "{about}: {id} was sent twice");
        match picture(&reply) {
            Some(name) => {
                let picture = sound.0.get(&format!("/pictures/{name}"));
                assert!(picture.body.starts_with(b"\x89PNG"), "{about}: {id}");
                assert_eq!(sent, 1, "{about}: {id}");
            }
            // It was killed once the order was noted: before it was sent or before the reply came,
            // as far as anybody knows.
            None => {
                let is_unknown = reply.json()["error"]["code"] == "outcome_unknown";
                let may_be = is_unknown && fault == Fault::Kill;
                assert!(may_be, "{about}: {id}: {:#}", reply.json());
            }
        }
    }
    true
}

/// Plays a fault at every `step`th write, from the first on.
fn play_all(fault: Fault, step: usize) {
    let mut writes = (1..).step_by(step);
    let last = writes.find(|at| !play(fault, *at)).unwrap();
    assert!(last > 30, "it writes more often than {last} times");
}

/// At which writes a fault is played each time that tests are run.
const EVERY: usize = 11;

#[test]
fn a_disk_that_is_full_loses_no_order() {
    play_all(Fault::Full, EVERY);
}

#[test]
fn a_kill_at_a_write_orders_nothing_twice() {
    play_all(Fault::Kill, EVERY);
}

#[test]
#[ignore = "takes minutes: every write in turn"]
fn every_write_of_a_server_in_turn_can_fail() {
    play_all(Fault::Full, 1);
    play_all(Fault::Kill, 1);
}
