//! The limiter, on the wire: off unless asked for, and shared by those who share it.

use std::time::{Duration, Instant};

use inkstone::{Client, Limit, Limiter};

use crate::server::{Act, Server, reply};
use crate::{CAT, KEY, cat};

const PERIOD: Duration = Duration::from_secs(3);

#[tokio::test]
async fn clients_that_share_a_limiter_wait_for_each_other() {
    let server = Server::start(vec![reply("200 OK", CAT)]).await;
    let limit = Limit::new(2, PERIOD).concurrent(1);
    let limiter = Limiter::published().with("gateway", "wan2.7-image-pro", limit);
    let client = |key: &str, limiter: Option<&Limiter>| {
        let builder = Client::builder(&server.url).key(key);
        let builder = match limiter {
            Some(limiter) => builder.limiter(limiter.clone()),
            None => builder,
        };
        builder.build().expect("a client")
    };
    let took = async |clients: &[Client]| {
        let start = Instant::now();
        for client in clients {
            client.send(&cat()).await.expect("a reply");
        }
        start.elapsed()
    };
    let one = client(KEY, Some(&limiter));
    let same = client(KEY, Some(&limiter));
    let other = client("sk-other", Some(&limiter));
    let free = client(KEY, None);
    let shared = took(&[one.clone(), same.clone(), one]).await;
    assert!(shared >= PERIOD, "{shared:?}");
    let apart = took(&[other.clone(), other, free.clone(), free.clone(), free]).await;
    assert!(apart < PERIOD, "{apart:?}");
}

#[tokio::test]
async fn a_call_that_is_dropped_gives_its_place_back() {
    let script = vec![Act::Hold(vec![]), reply("200 OK", CAT)];
    let server = Server::start(script).await;
    let limit = Limit::new(100, PERIOD).concurrent(1);
    let limiter = Limiter::published().with("gateway", "wan2.7-image-pro", limit);
    let builder = Client::builder(&server.url).key(KEY).limiter(limiter);
    let client = builder.build().expect("a client");
    let request = cat();
    let dropped = tokio::time::timeout(PERIOD / 4, client.send(&request));
    assert!(dropped.await.is_err());
    client.send(&request).await.expect("a reply");
    assert_eq!(server.count(), 2);
}
