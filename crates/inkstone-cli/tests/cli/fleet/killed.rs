//! Workers are killed and PostgreSQL falls: nothing is sent twice, nothing is lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use test_data::postgres::{Database, Postgres};

use crate::fleet::scene::{Fleet, Worker, jobs};
use crate::support::command::{names, run};
use crate::support::served::Served;

const JOBS: usize = 160;

/// How many requests each worker sends at a time.
const CONCURRENCY: usize = 3;

#[test]
fn nothing_is_sent_twice_or_lost_when_workers_and_the_database_are_killed() {
    // Its own server: it falls.
    let Some(server) = Postgres::start() else {
        return;
    };
    let server = Arc::new(server);
    let served = Served::with(&json!([{"delay": 150, "times": "always"}]));
    let mut fleet = Fleet::on(Database::on(server.clone()), &jobs(JOBS));
    fleet.answered_by(&served);
    let flags = ["--lease=2s", "--grace=20s", "--concurrency=3"];
    let batch = Worker::start(&mut fleet.batch(&flags));
    test_data::until("the jobs are there", || {
        let is_there = "SELECT to_regclass('batch') IS NOT NULL";
        fleet.database.sql(is_there) == "t"
            && fleet.database.sql("SELECT count(*) FROM jobs") != "0"
    });
    let mut workers: Vec<Worker> = (0..3).map(|_| fleet.worker(&flags)).collect();
    let mut kills = 0;
    for round in 0..9 {
        std::thread::sleep(Duration::from_millis(350));
        let next = round % workers.len();
        workers[next].kill();
        kills += 1;
        if round % 3 == 2 {
            server.stop_at_once();
            std::thread::sleep(Duration::from_millis(300));
            server.go_on();
        }
        workers[next] = fleet.worker(&flags);
    }
    // Those that are left finish.
    batch.wait();
    for worker in workers {
        worker.wait();
    }
    settled(&fleet, &served, kills);
}

#[test]
fn a_result_that_can_not_be_noted_is_kept_for_the_next_worker() {
    is_kept_for_the_next_worker(&[]);
}

/// Whoever has less time to end gives the journal up sooner.
#[test]
fn a_result_is_kept_in_time_where_there_is_little() {
    is_kept_for_the_next_worker(&["--grace=10s"]);
}

/// What came while PostgreSQL was away is in a file, and the next worker takes it in.
fn is_kept_for_the_next_worker(flags: &[&str]) {
    let Some(server) = Postgres::start() else {
        return;
    };
    let server = Arc::new(server);
    let served = Served::with(&json!([{"delay": 1500}]));
    let spool = tempfile::tempdir().unwrap();
    let spool = spool.path().to_str().unwrap();
    let mut fleet = Fleet::on(Database::on(server.clone()), &jobs(1));
    fleet.answered_by(&served);
    let mut command = fleet.batch(&["--spool", spool]);
    let batch = Worker::start(command.args(flags));
    test_data::until("it is sent", || {
        let sent = "SELECT count(*) FROM jobs WHERE state = 'submitting'";
        fleet.database.sql("SELECT to_regclass('late') IS NOT NULL") == "t"
            && fleet.database.sql(sent) != "0"
    });
    server.stop_at_once();
    let since = Instant::now();
    batch.terminate();
    assert_ne!(batch.wait(), Some(0));
    // Not even for a pooler, which takes what nobody answers.
    let took = since.elapsed();
    assert!(took < Duration::from_secs(30), "{took:?}");
    let kept = || -> Vec<String> {
        let mut kept = names(std::path::Path::new(spool));
        kept.retain(|name| name.starts_with("inkstone-kept-"));
        kept
    };
    assert_eq!(kept().len(), 1);
    server.go_on();
    run(&mut fleet.command(&["work", "--spool", spool])).ended(
        0,
        "",
        "1 job carried out here; nothing is left to do\n",
    );
    assert_eq!(kept(), Vec::<String>::new());
    assert_eq!(fleet.status()["jobs"]["done"], 1);
    assert!(fleet.picture("j0.png").exists());
    assert_eq!(served.stats()["submitted"], 1);
}

/// Holds the end against what the sandbox saw.
fn settled(fleet: &Fleet, served: &Served, kills: usize) {
    let summary = run(&mut fleet.command(&["export"])).json();
    let count = |state: &str| summary["jobs"][state].as_u64().unwrap();
    let (done, unknown) = (count("done"), count("unknown"));
    assert_eq!(done + unknown, JOBS as u64, "{:#}", summary["jobs"]);
    let stats = served.stats();
    assert_eq!(stats["most_of_one"], 1, "sent twice: {stats:#}");
    let submitted = stats["submitted"].as_u64().unwrap();
    assert!(
        done <= submitted && submitted <= done + unknown,
        "{stats:#} {summary:#}"
    );
    assert!(
        unknown <= (kills * CONCURRENCY) as u64,
        "more than were on the wire: {unknown}"
    );
    // The unknown ones are listed, and all pictures of the others are there.
    let listed = summary["not_done"].as_array().unwrap();
    assert_eq!(listed.len() as u64, unknown);
    for number in 0..JOBS {
        let id = format!("j{number}");
        let is_listed = listed.iter().any(|job| job["id"] == id);
        let picture = fleet.picture(&format!("{id}.png"));
        let bytes = std::fs::read(picture).unwrap_or_default();
        assert!(
            is_listed || bytes.starts_with(b"\x89PNG"),
            "{id} is neither listed nor there"
        );
    }
    assert_eq!(summary["images"]["saved"], done);
}
