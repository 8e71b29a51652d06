//! Claims, leases, fencing numbers; and what a lapse makes of each state.

use std::time::{Duration, Instant};

use apifox_client::Limit;
use inkstone_fleet::{Claim, Control, Event, NewBatch, Noted, PictureRow, TakenIn};

use crate::support::{Bench, batch, job, reply, worker};

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(30);

#[tokio::test]
async fn a_job_has_one_worker_and_runs_to_its_end() {
    let Some(bench) = Bench::new(&batch(), &["a", "b"], None).await else {
        return;
    };
    let (one, two) = (worker("one", LONG), worker("two", LONG));
    let (first, held) = bench.claim(&one).await;
    let (second, _) = bench.claim(&two).await;
    assert_eq!((first.job.id.as_str(), second.job.id.as_str()), ("a", "b"));
    assert_eq!(first.body.as_deref(), Some(&b"a"[..]));
    assert!(matches!(
        bench.journal.claim(&one).await.unwrap(),
        Claim::Wait(_)
    ));
    assert!(bench.journal.begin(&one, held, "t").await.unwrap());
    assert!(
        bench.journal.begin(&one, held, "t").await.unwrap(),
        "asked again, as where the answer was lost"
    );
    assert!(!bench.journal.begin(&two, held, "t").await.unwrap());
    assert_eq!(bench.states(), "a submitting, b queued");
    for state in ["replied", "replied"] {
        assert_eq!(
            bench
                .note(&one, held, state, &reply(1), Some(b"{}"))
                .await
                .unwrap(),
            Noted::Here
        );
    }
    assert_eq!(
        bench.journal.reply(held.seq).await.unwrap(),
        (Some(b"{}".to_vec()), None)
    );
    let done = Event {
        pictures: vec![PictureRow {
            number: 0,
            file: "a.png".to_owned(),
            length: 3,
            sha256: "s".to_owned(),
        }],
        ..Event::default()
    };
    for _ in 0..2 {
        let noted = bench.note(&one, held, "done", &done, None).await;
        assert_eq!(noted.unwrap(), Noted::Here);
    }
    // A delayed repeat of an earlier step undoes nothing.
    assert_eq!(
        bench
            .note(&one, held, "replied", &reply(1), None)
            .await
            .unwrap(),
        Noted::Here
    );
    assert_eq!(bench.states(), "a done, b queued");
    assert_eq!(bench.journal.page(0).await.unwrap()[0].files, ["a.png"]);
}

#[tokio::test]
async fn a_refused_job_is_an_ending_as_well() {
    let Some(bench) = Bench::new(&batch(), &["a"], None).await else {
        return;
    };
    let two = worker("two", LONG);
    let (_, other) = bench.claim(&two).await;
    assert!(bench.journal.begin(&two, other, "t").await.unwrap());
    let refused = Event {
        stage: Some("refused".to_owned()),
        message: Some("no\0t this".to_owned()),
        ..Event::default()
    };
    assert_eq!(
        bench
            .note(&two, other, "refused", &refused, None)
            .await
            .unwrap(),
        Noted::Here
    );
    assert_eq!(bench.states(), "a refused");
    assert!(matches!(
        bench.journal.claim(&two).await.unwrap(),
        Claim::Finished
    ));
    let page = bench.journal.page(0).await.unwrap();
    assert_eq!(page[0].row["message"], "no\u{fffd}t this");
}

#[tokio::test]
async fn a_lapsed_claim_is_free_and_what_was_being_sent_is_unknown() {
    let Some(bench) = Bench::new(&batch(), &["claimed", "sent", "task", "paid"], None).await else {
        return;
    };
    let (dead, other) = (worker("dead", SHORT), worker("other", LONG));
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(bench.claim(&dead).await.1);
    }
    for held in &held[1..] {
        assert!(bench.journal.begin(&dead, *held, "t").await.unwrap());
    }
    let task = Event {
        task_id: Some("task-1".to_owned()),
        ..Event::default()
    };
    let note = |held, state, event| bench.journal.note(&dead, held, state, event, None);
    note(held[2], "waiting", &task).await.unwrap();
    note(held[3], "replied", &reply(1)).await.unwrap();
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(bench.journal.sweep(None).await.unwrap(), 4);
    assert_eq!(
        bench.states(),
        "claimed queued, sent unknown, task waiting, paid replied"
    );
    // Paid for first, then running tasks, then what is to be sent; the unknown one never.
    for (id, task_id) in [("paid", None), ("task", Some("task-1")), ("claimed", None)] {
        let (claimed, _) = bench.claim(&other).await;
        assert_eq!(
            (claimed.job.id.as_str(), claimed.job.task_id.as_deref()),
            (id, task_id)
        );
    }
    assert!(!bench.journal.begin(&dead, held[0], "t").await.unwrap());
    assert_eq!(bench.journal.renew(&dead, &held).await.unwrap(), 0);
    bench.journal.sweep(Some("other")).await.unwrap();
    assert_eq!(
        bench.sql("SELECT count(*) FROM jobs WHERE worker IS NOT NULL"),
        "0"
    );
}

#[tokio::test]
async fn renewed_leases_last_and_a_held_up_job_rests() {
    let Some(bench) = Bench::new(&batch(), &["a"], None).await else {
        return;
    };
    let one = worker("one", Duration::from_millis(1500));
    let (_, held) = bench.claim(&one).await;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(450)).await;
        assert_eq!(bench.journal.renew(&one, &[held]).await.unwrap(), 1);
    }
    assert!(bench.journal.begin(&one, held, "t").await.unwrap());
    bench
        .note(&one, held, "replied", &reply(1), None)
        .await
        .unwrap();
    bench
        .journal
        .held_up(held, "download", "not there")
        .await
        .unwrap();
    assert!(matches!(
        bench.journal.claim(&one).await.unwrap(),
        Claim::Wait(_)
    ));
    let _ = bench.sql("UPDATE jobs SET not_before = '-infinity'");
    assert_eq!(bench.claim(&one).await.0.job.state, "replied");
}

#[tokio::test]
async fn a_batch_is_begun_once_paused_resumed_and_cancelled() {
    let Some(bench) = Bench::new(&batch(), &["a", "b"], None).await else {
        return;
    };
    let one = worker("one", LONG);
    let taken = async |batch: &NewBatch, jobs| bench.take_in(batch, jobs).await;
    let mut resumed = batch();
    assert_eq!(taken(&resumed, vec![]).await, TakenIn::Begun);
    resumed.is_resumed = true;
    assert_eq!(taken(&resumed, vec![job("c", None)]).await, TakenIn::All);
    let mut changed = job("a", None);
    changed.row["hash"] = "another".into();
    assert_eq!(
        taken(&resumed, vec![changed, job("d", None)]).await,
        TakenIn::Changed(vec!["a".to_owned()])
    );
    resumed.sandbox = !resumed.sandbox;
    assert_eq!(taken(&resumed, vec![]).await, TakenIn::OtherSandbox);
    resumed.sandbox = !resumed.sandbox;
    resumed.out = "elsewhere".to_owned();
    assert_eq!(
        taken(&resumed, vec![]).await,
        TakenIn::OtherOut("s3://bucket/prefix".to_owned())
    );
    assert_eq!(bench.states(), "a queued, b queued, c queued");
    bench.journal.control(Control::Paused).await.unwrap();
    assert!(matches!(
        bench.journal.claim(&one).await.unwrap(),
        Claim::Paused(_)
    ));
    bench.journal.control(Control::Running).await.unwrap();
    let (_, held) = bench.claim(&one).await;
    bench.journal.control(Control::Cancelled).await.unwrap();
    assert!(matches!(
        bench.journal.claim(&one).await.unwrap(),
        Claim::Wait(_)
    ));
    bench.journal.begin(&one, held, "t").await.unwrap();
    bench
        .note(&one, held, "replied", &reply(1), None)
        .await
        .unwrap();
    bench.journal.sweep(Some("one")).await.unwrap();
    assert_eq!(bench.claim(&one).await.0.job.id, "a", "it is paid for");
    let overview = bench.journal.overview().await.unwrap();
    assert_eq!((overview.states["queued"], overview.workers["one"]), (2, 1));
    assert_eq!(bench.journal.apis().await.unwrap(), ["gateway"]);
}

#[tokio::test]
async fn all_workers_together_keep_to_the_limits() {
    let limit = Limit::new(20, Duration::from_secs(1)).concurrent(3);
    let ids: Vec<String> = (0..24).map(|number| format!("j{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let Some(bench) = Bench::new(&batch(), &ids, Some(limit)).await else {
        return;
    };
    let began = Instant::now();
    let run = async |name: &str| {
        let worker = worker(name, LONG);
        let mut sent = 0;
        loop {
            match bench.journal.claim(&worker).await.unwrap() {
                Claim::Job(claimed) => {
                    let running = bench.sql("SELECT count(*) FROM jobs WHERE worker IS NOT NULL");
                    assert!(running.parse::<i32>().unwrap() <= 3, "{running}");
                    let held = inkstone_fleet::Held {
                        seq: claimed.job.seq,
                        fence: claimed.job.fence,
                    };
                    bench.journal.begin(&worker, held, "t").await.unwrap();
                    let event = Event::default();
                    let noted = bench.note(&worker, held, "refused", &event, None);
                    noted.await.unwrap();
                    sent += 1;
                }
                Claim::Wait(pause) => tokio::time::sleep(pause).await,
                _ => return sent,
            }
        }
    };
    let sent = tokio::join!(run("one"), run("two"), run("three"), run("four"));
    assert_eq!(sent.0 + sent.1 + sent.2 + sent.3, 24);
    let took = began.elapsed();
    assert!(
        took > Duration::from_millis(1100),
        "24 at 20 a second: {took:?}"
    );
}
