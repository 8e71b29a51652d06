//! Fault × call: `faults.json` says of each fault what is to become of each call
//! that meets it, and every rule of `play.rs` holds for all of them.
//!
//! A fault is a script of the sandbox. The calls are a request to the gateway, for
//! URLs and for pictures in the reply; an edit, which is a form; a request to
//! DashScope; a task that is submitted, and one that is waited for; and a picture
//! that is saved. A column of the table is about one of them or several: `send` is
//! all that submit something, `gateway` the first three. What a row has no column
//! for, its member `without` gives a reason for.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod call;
#[path = "../wire/log.rs"]
mod log;
mod play;
mod relay;
mod table;

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::call::Call;
use crate::log::Log;

const KEY: &str = "sk-never-to-be-shown";

/// As many calls at once leave none waiting for the machine.
const AT_ONCE: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_meets_every_fault() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).expect("the only one");
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    for row in table::rows() {
        let row = Arc::new(row);
        for call in Call::ALL {
            let Some(expected) = row.expected(call) else {
                continue;
            };
            let (row, room) = (row.clone(), room.clone());
            playing.spawn(async move {
                let _place = room.acquire().await.expect("room");
                let (found, broken) = play::play(&row, call).await;
                (row.fault.clone(), call, expected, found, broken)
            });
        }
    }
    let mut wrong = String::new();
    let mut count = 0;
    for (fault, call, expected, found, broken) in playing.join_all().await {
        count += 1;
        let place = format!("{fault}, {call:?}");
        if !fits(&expected, &found) {
            writeln!(wrong, "{place}: expected {expected}, found {found}").expect("memory");
        }
        for what in broken {
            writeln!(wrong, "{place}: {what}").expect("memory");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count > 500, "{count}");
    let log = log.0.lock().expect("a lock");
    let shown = log.find(&KEY[..8]);
    assert_eq!(shown, None, "{:?}", shown.map(|at| log.get(at..at + 200)));
}

/// Whether that was found, or one of those.
fn fits(expected: &Value, found: &Value) -> bool {
    match expected {
        Value::Array(ways) => ways.contains(found),
        only => only == found,
    }
}
