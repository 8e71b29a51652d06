//! The limiter, on the wire: off unless asked for, and shared by those who share it.

use std::time::{Duration, Instant};

use inkstone::{Client, Limit, Limiter};

use crate::server::{Server, reply};
use crate::{CAT, KEY, cat};

const PERIOD: Duration = Duration::from_millis(400);

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
