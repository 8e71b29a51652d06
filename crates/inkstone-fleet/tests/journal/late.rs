//! Results that come after their claim: kept, and taken in where nothing better came.

use std::time::Duration;

use inkstone_fleet::{Claim, Event, Noted};

use crate::support::{Bench, batch, reply, worker};

const LONG: Duration = Duration::from_secs(60);

/// A job that was being sent when its worker fell silent, and is sent again, as asked.
async fn sent_again() -> Option<(Bench, inkstone_fleet::Held)> {
    let bench = Bench::new(&batch(), &["a"], None).await?;
    let slow = worker("slow", LONG);
    let (_, held) = bench.claim(&slow).await;
    assert!(bench.journal.begin(&slow, held, "t").await.unwrap());
    let _ = bench.sql("UPDATE jobs SET lease = now() - interval '1 s'");
    bench.journal.sweep(None).await.unwrap();
    assert_eq!(bench.states(), "a unknown");
    let mut resumed = batch();
    resumed.is_resumed = true;
    bench.take_in(&resumed, vec![]).await;
    bench.retry_unknown().await;
    assert_eq!(bench.states(), "a queued");
    Some((bench, held))
}

async fn comes_late(bench: &Bench, held: inkstone_fleet::Held) -> Noted {
    let slow = worker("slow", LONG);
    bench
        .note(&slow, held, "replied", &reply(2), Some(b"{}"))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_result_for_a_job_that_nobody_claimed_since_is_its_result() {
    let Some(bench) = Bench::new(&batch(), &["a"], None).await else {
        return;
    };
    let slow = worker("slow", LONG);
    let (_, held) = bench.claim(&slow).await;
    bench.journal.begin(&slow, held, "t").await.unwrap();
    let _ = bench.sql("UPDATE jobs SET lease = now() - interval '1 s'");
    bench.journal.sweep(None).await.unwrap();
    assert_eq!(comes_late(&bench, held).await, Noted::Here);
    assert_eq!(bench.states(), "a replied");
}

#[tokio::test]
async fn a_late_result_saves_a_second_request() {
    let Some((bench, held)) = sent_again().await else {
        return;
    };
    let other = worker("other", LONG);
    let (_, claim) = bench.claim(&other).await;
    assert_eq!(comes_late(&bench, held).await, Noted::Beside);
    assert_eq!(bench.states(), "a replied");
    assert!(
        !bench.journal.begin(&other, claim, "t").await.unwrap(),
        "whoever claimed it since does not send it"
    );
    assert_eq!(bench.sql("SELECT lost || ' ' || made FROM jobs"), "0 2");
    assert_eq!(bench.journal.overview().await.unwrap().late, 0);
}

#[tokio::test]
async fn a_late_result_waits_for_the_request_that_is_on_the_wire() {
    let Some((bench, held)) = sent_again().await else {
        return;
    };
    let other = worker("other", LONG);
    let (_, claim) = bench.claim(&other).await;
    bench.journal.begin(&other, claim, "t").await.unwrap();
    for _ in 0..2 {
        assert_eq!(comes_late(&bench, held).await, Noted::Beside);
    }
    assert_eq!(bench.states(), "a submitting");
    assert_eq!(bench.journal.overview().await.unwrap().late, 1);
    let event = Event::default();
    bench
        .note(&other, claim, "unsent", &event, None)
        .await
        .unwrap();
    assert_eq!(bench.states(), "a replied", "it came to nothing");
    assert!(matches!(
        bench.journal.claim(&other).await.unwrap(),
        Claim::Job(_)
    ));
    assert_eq!(
        bench.journal.reply(held.seq).await.unwrap().0.as_deref(),
        Some(&b"{}"[..])
    );
}

#[tokio::test]
async fn a_late_result_beside_another_is_kept_and_counted() {
    let Some((bench, held)) = sent_again().await else {
        return;
    };
    let other = worker("other", LONG);
    let (_, claim) = bench.claim(&other).await;
    bench.journal.begin(&other, claim, "t").await.unwrap();
    bench
        .note(&other, claim, "replied", &reply(1), None)
        .await
        .unwrap();
    comes_late(&bench, held).await;
    assert_eq!(bench.states(), "a replied");
    assert_eq!(bench.journal.overview().await.unwrap().late, 1);
    assert_eq!(
        bench.sql("SELECT convert_from(reply, 'UTF8') FROM late"),
        "{}"
    );
}

/// A failover may lose that it was sent, and not that it was claimed.
#[tokio::test]
async fn a_result_counts_where_the_database_forgot_that_it_was_sent() {
    let tasks = Event {
        task_id: Some("t".to_owned()),
        ..Event::default()
    };
    for (state, event) in [("replied", reply(2)), ("waiting", tasks)] {
        let Some(bench) = Bench::new(&batch(), &["a"], None).await else {
            return;
        };
        let one = worker("one", LONG);
        let (_, held) = bench.claim(&one).await;
        for _ in 0..2 {
            let noted = bench.note(&one, held, state, &event, None).await.unwrap();
            assert_eq!(noted, Noted::Here);
            assert_eq!(bench.states(), format!("a {state}"));
        }
        // It is still this worker's.
        let done = bench.note(&one, held, "replied", &reply(2), None).await;
        assert_eq!(done.unwrap(), Noted::Here);
    }
}
