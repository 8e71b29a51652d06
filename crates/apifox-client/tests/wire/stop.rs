//! Calls that are to end, and pauses that are told of.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apifox_client::{Hook, Pause, Retries, Stage, StopSignal};
use serde_json::json;
use tokio::net::TcpListener;

use crate::server::{Act, Server, reply};
use crate::shop::{client, operation};

const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(200);

/// Gives the signal a moment later.
fn soon() -> StopSignal {
    let stop = StopSignal::new();
    let given = stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(SHORT).await;
        given.give();
    });
    stop
}

#[tokio::test]
async fn a_call_that_pauses_ends_with_its_last_error() {
    let server = Server::start(vec![reply("429 Full", "retry-after: 30\r\n", "")]).await;
    let shop = client(&server.url).retries(Retries::default());
    let shop = shop.build().expect("a client").with_stop(soon());
    let start = Instant::now();
    let sent = shop.send_json(&operation("POST"), &json!({})).await;
    let error = sent.expect_err("throttled");
    assert!(start.elapsed() < LONG / 100);
    assert_eq!(error.stage(), Stage::Throttled);
    assert!(!error.may_have_been_taken());
    assert_eq!(server.count(), 1);
    // Nothing is sent any more.
    let sent = shop.send_json(&operation("POST"), &json!({})).await;
    assert_eq!(sent.expect_err("stopped").stage(), Stage::NotSent);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_request_that_was_sent_is_waited_for() {
    let server = Server::start(vec![Act::Hold(vec![])]).await;
    let shop = client(&server.url).deadline(3 * SHORT);
    let shop = shop.build().expect("a client").with_stop(soon());
    let sent = shop.send_json(&operation("POST"), &json!({})).await;
    assert_eq!(sent.expect_err("late").stage(), Stage::OutcomeUnknown);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_connection_that_does_not_come_is_not_waited_for() {
    // It waits to be accepted, and TLS never begins.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let shop = client(&format!("https://{address}")).connect_timeout(LONG);
    let shop = shop.deadline(LONG).build().expect("a client");
    let start = Instant::now();
    let sent = shop.with_stop(soon());
    let sent = sent.send_json(&operation("POST"), &json!({})).await;
    let took = start.elapsed();
    assert_eq!(sent.expect_err("no connection").stage(), Stage::NotSent);
    // Not by itself, but for the signal.
    assert!(SHORT <= took && took < LONG / 100, "{took:?}");
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Hook for Told {
    fn pausing(&self, pause: &Pause<'_>) {
        let text = format!("{:?} {} of {}", pause.error.stage(), pause.next, pause.most);
        self.0.lock().expect("a lock").push(text);
    }
}

#[tokio::test]
async fn every_pause_is_told_of() {
    let told = Told::default();
    let server = Server::start(vec![reply("429 Full", "", "")]).await;
    let shop = client(&server.url).build().expect("a client");
    let sent = shop.with_hook(told.clone());
    let sent = sent.send_json(&operation("POST"), &json!({})).await;
    assert_eq!(sent.expect_err("throttled").attempts(), 3);
    let told = told.0.lock().expect("a lock").clone();
    assert_eq!(told, ["Throttled 2 of 3", "Throttled 3 of 3"]);
}
