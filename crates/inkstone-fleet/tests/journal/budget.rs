//! The budget: reserved in the claim's transaction, settled by what came.

use std::time::Duration;

use inkstone_fleet::{Claim, Event};

use crate::support::{Bench, batch, reply, worker};

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_budget_is_reached_and_never_exceeded() {
    let mut limited = batch();
    // Each job may make two pictures at 0.20.
    limited.max_images = Some(5);
    limited.max_cost = Some(1_000_000);
    let Some(bench) = Bench::new(&limited, &["a", "b", "c", "d"], None).await else {
        return;
    };
    let one = worker("one", LONG);
    let spent = || bench.sql("SELECT images || ' ' || cost FROM batch");
    let (_, a) = bench.claim(&one).await;
    let (_, b) = bench.claim(&one).await;
    assert_eq!(spent(), "4 800000");
    assert!(
        matches!(bench.journal.claim(&one).await.unwrap(), Claim::Wait(_)),
        "two more would be six, but a running job may return a part"
    );
    bench.journal.begin(&one, a, "t").await.unwrap();
    bench
        .note(&one, a, "replied", &reply(1), None)
        .await
        .unwrap();
    assert_eq!(spent(), "3 600000");
    let (_, c) = bench.claim(&one).await;
    assert_eq!(spent(), "5 1000000");
    // Nothing was sent of this one, and nothing of it is spent.
    let event = Event::default();
    bench.note(&one, b, "unsent", &event, None).await.unwrap();
    assert_eq!(spent(), "3 600000");
    bench.journal.begin(&one, c, "t").await.unwrap();
    bench.journal.sweep(Some("one")).await.unwrap();
    assert_eq!(spent(), "3 600000", "unknown counts as the worst");
    assert_eq!(
        bench.claim(&one).await.0.job.id,
        "a",
        "its pictures are missing"
    );
    let (_, d) = bench.claim(&one).await;
    bench.journal.sweep(Some("one")).await.unwrap();
    assert_eq!(
        spent(),
        "3 600000",
        "a claim that lapsed returns what it held"
    );
    assert!(!bench.journal.begin(&one, d, "t").await.unwrap());

    // What is counted anew is the same, and what is sent again counts twice.
    limited.is_resumed = true;
    bench.take_in(&limited, vec![]).await;
    assert_eq!(spent(), "3 600000");
    bench.retry_unknown().await;
    assert_eq!(spent(), "3 600000");
    bench.take_in(&limited, vec![]).await;
    assert_eq!(spent(), "3 600000");
    limited.max_images = Some(4);
    bench.take_in(&limited, vec![]).await;
    let _ = bench.sql("UPDATE jobs SET state = 'done' WHERE state = 'replied'");
    assert!(matches!(
        bench.journal.claim(&one).await.unwrap(),
        Claim::Budget
    ));
}
