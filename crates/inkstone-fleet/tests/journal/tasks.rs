//! Tasks that are found for unknown jobs, and tables of an earlier version.

use std::time::{Duration, SystemTime};

use futures_util::future::join_all;
use inkstone_fleet::{Event, FoundTask, Journal, Noted, Settings};
use test_data::postgres::Database;

use crate::support::{Bench, batch, worker};

const LONG: Duration = Duration::from_secs(60);

/// A journal whose jobs are all unknown.
async fn unknown(ids: &[&str]) -> Option<Bench> {
    let bench = Bench::new(&batch(), ids, None).await?;
    let one = worker("one", LONG);
    for _ in ids {
        let (_, held) = bench.claim(&one).await;
        assert!(bench.journal.begin(&one, held, "t").await.unwrap());
    }
    bench.journal.sweep(Some("one")).await.unwrap();
    Some(bench)
}

fn task(id: &str) -> FoundTask<'_> {
    FoundTask {
        id,
        submitted: SystemTime::now(),
        slack: LONG,
    }
}

#[tokio::test]
async fn a_task_is_given_to_one_job_and_only_without_a_rival() {
    let Some(bench) = unknown(&["a", "b", "c"]).await else {
        return;
    };
    let accounts = ["default".to_owned()];
    let lost = bench.journal.lost(&accounts).await.unwrap();
    assert_eq!(lost.len(), 3);
    let sent = Duration::from_secs_f64(lost[0].sent.unwrap());
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    assert!(now.abs_diff(sent) < LONG, "{sent:?} {now:?}");
    assert!(
        bench
            .journal
            .lost(&["other".to_owned()])
            .await
            .unwrap()
            .is_empty()
    );
    let found = async |seq, id, considered: &[i64]| {
        bench
            .journal
            .found(seq, task(id), considered)
            .await
            .unwrap()
    };
    assert!(!found(1, "t1", &[1, 2]).await, "it may be that of c");
    assert!(found(1, "t1", &[1, 2, 3]).await);
    assert!(!found(1, "t1", &[1, 2, 3]).await, "it has it already");
    assert!(!found(2, "t1", &[2, 3]).await, "a has it");
    assert_eq!(bench.states(), "a waiting, b unknown, c unknown");
    // One that is on the wire only since then can't have it.
    let _ = bench.sql("UPDATE jobs SET sent = now() + interval '1 hour' WHERE id = 'c'");
    assert!(found(2, "t2", &[2]).await);
    let tasks = ["t1", "t2", "t3"].map(str::to_owned);
    let mut known = bench.journal.tasks_known(&tasks).await.unwrap();
    known.sort();
    assert_eq!(known, ["t1", "t2"]);
    // Why nothing is found is said once, behind what was said before.
    let mark = "; then: ";
    for why in ["none", "several"] {
        bench.journal.not_found(3, mark, why).await.unwrap();
    }
    let message = bench.sql("SELECT message FROM jobs WHERE id = 'c'");
    assert!(
        message.ends_with("it may have been billed; then: several"),
        "{message}"
    );
}

#[tokio::test]
async fn what_comes_late_of_another_task_is_kept_beside_the_one_that_was_found() {
    let Some(bench) = unknown(&["a"]).await else {
        return;
    };
    assert!(bench.journal.found(1, task("t1"), &[1]).await.unwrap());
    let event = Event {
        task_id: Some("t2".to_owned()),
        ..Event::default()
    };
    let held = inkstone_fleet::Held { seq: 1, fence: 1 };
    let one = worker("one", LONG);
    let noted = bench
        .note(&one, held, "waiting", &event, None)
        .await
        .unwrap();
    assert_eq!(noted, Noted::Beside);
    assert_eq!(bench.sql("SELECT task_id FROM jobs"), "t1");
    assert_eq!(bench.journal.overview().await.unwrap().late, 1);
}

#[tokio::test]
async fn only_what_was_looked_for_is_sent_again() {
    let Some(bench) = unknown(&["a", "b", "c"]).await else {
        return;
    };
    let _ = bench.sql("UPDATE jobs SET sent = now() - interval '25 hours' WHERE id = 'c'");
    let unknown = bench.journal.unknown().await.unwrap();
    let listed: Vec<_> = unknown.iter().map(|job| job.may_be_listed).collect();
    assert_eq!(listed, [true, true, false]);
    let told = [unknown[0].held, unknown[2].held];
    // An answer may be lost.
    for _ in 0..2 {
        bench.journal.retry_unknown(&told).await.unwrap();
        assert_eq!(bench.states(), "a queued, b unknown, c queued");
    }
    assert_eq!(
        bench.sql("SELECT string_agg(lost_attempts::text, ' ' ORDER BY seq) FROM jobs"),
        "1 0 1"
    );
    // It was sent by somebody else meanwhile, and is unknown again.
    let one = worker("one", LONG);
    let (_, held) = bench.claim(&one).await;
    assert!(bench.journal.begin(&one, held, "t").await.unwrap());
    bench.journal.sweep(Some("one")).await.unwrap();
    bench.journal.retry_unknown(&told).await.unwrap();
    assert_eq!(bench.states(), "a unknown, b unknown, c queued");
}

/// Several may begin or resume a batch at the same time.
#[tokio::test]
async fn tables_that_several_make_at_once_are_made_once() {
    for _ in 0..5 {
        let Some(database) = Database::new() else {
            return;
        };
        let settings = Settings {
            url: database.url(),
            password: None,
            connections: 1,
        };
        let journals: Vec<_> = (0..6).map(|_| Journal::new(&settings).unwrap()).collect();
        let made = join_all(journals.iter().map(Journal::migrate)).await;
        for made in made {
            made.unwrap();
        }
        journals[0].check().await.unwrap();
    }
}

/// Who has tables of the same names for something else is told so, and not kept waiting.
#[tokio::test]
async fn tables_of_something_else_are_in_the_way() {
    let Some(database) = Database::new() else {
        return;
    };
    let _ = database.sql("CREATE TABLE jobs (id text)");
    let settings = Settings {
        url: database.url(),
        password: None,
        connections: 1,
    };
    let refused = Journal::new(&settings).unwrap().migrate().await;
    let refused = refused.unwrap_err();
    assert!(!refused.is_transient());
    let said = "the tables can't be made: ERROR: relation \"jobs\" already exists";
    assert_eq!(refused.to_string(), said);
}

#[tokio::test]
async fn tables_of_an_earlier_version_are_upgraded() {
    let Some(bench) = Bench::new(&batch(), &["a"], None).await else {
        return;
    };
    let _ = bench.sql(
        "DELETE FROM refinery_schema_history WHERE version >= 2;
        DROP FUNCTION tasks_known, job_found, unknown_retry;
        DROP INDEX jobs_tasks, jobs_resent, late_tasks;
        ALTER TABLE jobs DROP COLUMN sent",
    );
    let refused = bench.journal.check().await.unwrap_err().to_string();
    assert!(refused.contains("an earlier version"), "{refused}");
    bench.journal.migrate().await.unwrap();
    bench.journal.check().await.unwrap();
    let one = worker("one", LONG);
    let (_, held) = bench.claim(&one).await;
    assert!(bench.journal.begin(&one, held, "t").await.unwrap());
    let _ = bench.sql("UPDATE refinery_schema_history SET version = 9 WHERE version = 3");
    let refused = bench.journal.check().await.unwrap_err().to_string();
    assert!(refused.contains("a later version"), "{refused}");
}
