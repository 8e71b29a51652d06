//! What the ledger knows of orders as time goes by.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::ledger::account::{Budget, Spending};
use crate::ledger::answer::{Answer, Ending, Picture};
use crate::ledger::claim::{Claim, Claimed, Identity, Taken};
use crate::ledger::clock::now;
use crate::ledger::conclude::{Conclusion, Forgotten};
use crate::ledger::retention::Retention;
use crate::ledger::running::UnderWay;
use crate::ledger::unfinished::KeptReply;
use crate::ledger::{Ledger, LedgerError};

const HOUR: i64 = 60 * 60;

fn open(directory: &Path) -> Ledger {
    Ledger::open(directory, false, |_| None).unwrap()
}

/// An order of a picture: with a key, or else the attempt after a first one.
fn claim(key: Option<&str>, retention: Retention) -> Claim {
    let key = key.map(|key| Identity::Key(key.to_owned()));
    Claim {
        caller: "ann".to_owned(),
        identity: key.unwrap_or(Identity::Attempt(0)),
        hash: "a cat".to_owned(),
        api: "gateway",
        document: "wan2.7-image-pro",
        model: "wan2.7-image-pro".to_owned(),
        stem: "a".to_owned(),
        request: "{}".to_owned(),
        worst: Spending::default(),
        budget: Budget::default(),
        window: Duration::from_secs(60 * 60),
        retention,
        out: std::env::temp_dir(),
    }
}

fn attempt(number: u32) -> Claim {
    Claim {
        identity: Identity::Attempt(number),
        ..claim(None, Retention::Day)
    }
}

async fn new(ledger: &Ledger, claim: Claim) -> UnderWay {
    let under_way = match ledger.claim(claim).await.unwrap() {
        Taken::New(under_way, _) => Some(under_way),
        _ => None,
    };
    under_way.expect("a new order")
}

/// Concludes an order with a picture of this name.
async fn answer(ledger: &Ledger, under_way: UnderWay, name: &str, reply: Option<KeptReply>) {
    let conclusion = Conclusion {
        ending: Ending::Done,
        answer: Arc::new(Answer {
            pictures: vec![Picture::Saved(name.to_owned())],
            ..Answer::default()
        }),
        spending: Spending::default(),
        reply,
    };
    let seq = under_way.seq;
    ledger.conclude(seq, &conclusion).await.unwrap();
}

/// Lets time go by: orders came so many seconds earlier, and were answered so many.
async fn pass(ledger: &Ledger, came: i64, answered: i64) {
    let text = "UPDATE orders SET time = time - ?, answered = answered - ?";
    let passed = ledger.run(move |sql| sql.execute(text, (came, answered)));
    passed.await.unwrap();
}

#[tokio::test]
async fn what_is_forgotten_after_a_day_is_what_is_not_to_stay() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let all = [Retention::Day, Retention::Pictures, Retention::Order];
    for (retention, name) in all.into_iter().zip(["a.png", "b.png", "c.png"]) {
        let under_way = new(&ledger, claim(Some(name), retention)).await;
        answer(&ledger, under_way, name, None).await;
    }
    let sending = new(&ledger, claim(Some("d.png"), Retention::Day)).await;
    pass(&ledger, 30 * HOUR, 20 * HOUR).await;
    let day_ago = now() - 24 * HOUR;
    // What was answered within a day is known, however long it took.
    assert_eq!(ledger.forget(day_ago).await.unwrap(), []);
    pass(&ledger, 5 * HOUR, 5 * HOUR).await;
    let forgotten = |retention, name: &str| Forgotten {
        files: vec![name.to_owned()],
        retention: Some(retention),
    };
    assert_eq!(
        ledger.forget(day_ago).await.unwrap(),
        [
            forgotten(Retention::Day, "a.png"),
            forgotten(Retention::Pictures, "b.png"),
        ]
    );
    let again = claim(Some("c.png"), Retention::Order);
    let known = ledger.claim(again).await.unwrap();
    assert!(matches!(known, Taken::Known(Claimed::Answered(..))));
    drop(sending);
}

#[tokio::test]
async fn an_order_is_not_forgotten_while_it_is_gone_on_with() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let kept = KeptReply {
        file: Some("reply.json".to_owned()),
        ..KeptReply::default()
    };
    let under_way = new(&ledger, claim(Some("a"), Retention::Day)).await;
    answer(&ledger, under_way, "a.png", Some(kept)).await;
    pass(&ledger, 25 * HOUR, 25 * HOUR).await;
    let again = ledger.claim(claim(Some("a"), Retention::Day)).await;
    let again = again.unwrap();
    assert!(matches!(again, Taken::Again(..)));
    let day_ago = now() - 24 * HOUR;
    assert_eq!(ledger.forget(day_ago).await.unwrap(), []);
    drop(again);
    let files = vec!["a.png".to_owned(), "reply.json".to_owned()];
    let retention = Some(Retention::Day);
    let forgotten = [Forgotten { files, retention }];
    assert_eq!(ledger.forget(day_ago).await.unwrap(), forgotten);
}

/// The window is an hour.
#[tokio::test]
async fn the_window_of_a_repetition_begins_with_the_answer() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let under_way = new(&ledger, attempt(0)).await;
    pass(&ledger, 10 * HOUR, 0).await;
    // While it is under way it has no age, for a lost first attempt and for a later one.
    for number in [0, 1] {
        let taken = ledger.claim(attempt(number)).await.unwrap();
        assert!(matches!(taken, Taken::Known(Claimed::UnderWay(..))));
    }
    answer(&ledger, under_way, "a.png", None).await;
    for number in [0, 1] {
        let taken = ledger.claim(attempt(number)).await.unwrap();
        assert!(matches!(taken, Taken::Known(Claimed::Answered(..))));
    }
    pass(&ledger, 0, 2 * HOUR).await;
    drop(new(&ledger, attempt(1)).await);
}

/// An unknown order whose task somebody waits for again, and pictures that are still to be had.
#[tokio::test]
async fn what_is_gone_on_with_or_is_still_to_be_fetched_is_found_after_the_window() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let under_way = new(&ledger, attempt(0)).await;
    ledger.note_task(under_way.seq, "t").await.unwrap();
    let seq = under_way.seq;
    drop(under_way);
    let text = "UPDATE orders SET state = 'unknown', answered = time WHERE seq = ?";
    let unknown = ledger.run(move |sql| sql.execute(text, [seq]));
    unknown.await.unwrap();
    let waited_for = ledger.claim(attempt(1)).await.unwrap();
    assert!(matches!(waited_for, Taken::Again(..)));
    pass(&ledger, 2 * HOUR, 2 * HOUR).await;
    let taken = ledger.claim(attempt(2)).await.unwrap();
    assert!(matches!(taken, Taken::Known(Claimed::UnderWay(..))));
    drop((waited_for, taken));

    let under_way = new(&ledger, attempt(0)).await;
    let kept = KeptReply {
        text: Some("{}".to_owned()),
        ..KeptReply::default()
    };
    answer(&ledger, under_way, "a.png", Some(kept)).await;
    pass(&ledger, 2 * HOUR, 2 * HOUR).await;
    let taken = ledger.claim(attempt(0)).await.unwrap();
    assert!(matches!(taken, Taken::Again(..)));
}

/// Version 3 noted neither when an order was answered nor what of it stays.
#[tokio::test]
async fn a_ledger_of_version_3_keeps_the_orders_of_agents() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    for (caller, key) in [("agent", "a"), ("ann", "b")] {
        let claim = Claim {
            caller: caller.to_owned(),
            ..claim(Some(key), Retention::Day)
        };
        let under_way = new(&ledger, claim).await;
        answer(&ledger, under_way, &format!("{key}.png"), None).await;
    }
    pass(&ledger, 25 * HOUR, 25 * HOUR).await;
    drop(ledger);
    let path = directory.path().join("orders.sqlite3");
    let before = "DROP INDEX orders_by_answer; ALTER TABLE orders DROP COLUMN answered;
        ALTER TABLE orders DROP COLUMN retention; PRAGMA user_version = 3";
    // The thread that writes it ends in its own time.
    let earlier = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        let sql = Connection::open(&path).unwrap();
        sql.execute_batch(before).is_ok()
    });
    assert!(earlier);
    let ledger = open(directory.path());
    let forgotten = Forgotten {
        files: vec!["b.png".to_owned()],
        retention: None,
    };
    let day_ago = now() - 24 * HOUR;
    assert_eq!(ledger.forget(day_ago).await.unwrap(), [forgotten]);
}

/// Nobody would know of it after a restart, and it would be placed again.
#[tokio::test]
async fn nothing_new_is_taken_in_where_the_ledger_was_removed_or_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let under_way = new(&ledger, claim(Some("a"), Retention::Day)).await;
    answer(&ledger, under_way, "a.png", None).await;
    let path = directory.path().join("orders.sqlite3");
    let backup = directory.path().join("backup");
    std::fs::copy(&path, &backup).unwrap();
    std::fs::remove_file(&path).unwrap();
    let known = ledger.claim(claim(Some("a"), Retention::Day)).await;
    assert!(matches!(known, Ok(Taken::Known(Claimed::Answered(..)))));
    let refused = ledger.claim(claim(Some("b"), Retention::Day)).await;
    let gone = format!("{} was removed or replaced meanwhile", path.display());
    let said = |refused: Result<Taken, LedgerError>| refused.err().map(|LedgerError(why)| why);
    assert_eq!(said(refused), Some(gone.clone()));
    // The system has to tell two files of one name apart.
    if cfg!(unix) {
        std::fs::rename(&backup, &path).unwrap();
        let refused = ledger.claim(claim(Some("b"), Retention::Day)).await;
        assert_eq!(said(refused), Some(gone));
    }
}

/// The log beside it may be lost or damaged, and nobody would know of the order.
#[tokio::test]
async fn an_order_that_is_taken_in_is_in_the_file_itself() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let other = tempfile::tempdir().unwrap();
    for id in ["a", "b"] {
        let _under_way = new(&ledger, claim(Some(id), Retention::Day)).await;
        let name = "orders.sqlite3";
        std::fs::copy(directory.path().join(name), other.path().join(name)).unwrap();
        let known = open(other.path())
            .claim(claim(Some(id), Retention::Day))
            .await;
        assert!(
            matches!(known, Ok(Taken::Known(Claimed::Answered(..)))),
            "{id}"
        );
    }
}
