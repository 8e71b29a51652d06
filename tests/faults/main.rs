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
mod cancel;
#[path = "../wire/log.rs"]
mod log;
mod play;
mod relay;
mod table;

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::task::JoinSet;

use crate::call::Call;
use crate::log::Log;
use crate::table::Row;

const KEY: &str = "sk-never-to-be-shown";

/// Most of a call's time is waiting: as many at once keep two processors busy, and leave none
/// waiting for the machine for long.
const AT_ONCE: usize = 20;

/// A fault in a call, and what is to become of it.
type Case = (Arc<Row>, Call, Value);

/// All of them, with the reasons that rows give for what they leave out.
fn cases() -> VecDeque<Case> {
    let rows = table::rows().into_iter().map(Arc::new);
    let cases = rows.flat_map(|row| {
        let expected = |call| Some((row.clone(), call, row.expected(call)?));
        Call::ALL
            .into_iter()
            .filter_map(expected)
            .collect::<Vec<_>>()
    });
    cases.collect()
}

/// Plays cases until there are none left; says what is wrong.
async fn play_all(cases: Arc<Mutex<VecDeque<Case>>>) -> String {
    let stage = play::Stage::set().await;
    let next = || cases.lock().expect("a lock").pop_front();
    let mut wrong = String::new();
    while let Some((row, call, expected)) = next() {
        let (found, broken) = play::play(&stage, &row, call).await;
        let place = format!("{}, {call:?}", row.fault);
        if !fits(&expected, &found) {
            writeln!(wrong, "{place}: expected {expected}, found {found}").expect("memory");
        }
        for what in broken {
            writeln!(wrong, "{place}: {what}").expect("memory");
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_meets_every_fault() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).expect("the only one");
    let cases = cases();
    assert!(cases.len() > 1000, "{}", cases.len());
    let cases = Arc::new(Mutex::new(cases));
    let playing: JoinSet<_> = (0..AT_ONCE).map(|_| play_all(cases.clone())).collect();
    let wrong = playing.join_all().await.concat();
    assert!(wrong.is_empty(), "\n{wrong}");
    let log = log.0.lock().expect("a lock");
    let shown = log.find(&KEY[..8]);
    assert_eq!(shown, None, "{:?}", shown.map(|at| log.get(at..at + 200)));
}

/// Whether that was found, or one of those: where a connection ends as soon as it
/// is made, it is for chance to say whether something of the request had left.
fn fits(expected: &Value, found: &Value) -> bool {
    match expected {
        Value::Array(ways) => ways.contains(found),
        only => only == found,
    }
}
