//! A batch is begun once, watched, paused, resumed and cancelled, from anywhere.

use std::time::Duration;

use serde_json::json;
use test_data::until;

use crate::fleet::scene::{Fleet, Worker, jobs};
use crate::support::command::run;
use crate::support::served::Served;

#[test]
fn a_batch_is_begun_once_and_continued() {
    let Some(fleet) = Fleet::new(&jobs(3)) else {
        return;
    };
    let url = fleet.database.url();
    fleet.run(&["--sandbox", "--resume"]).ended(
        2,
        "",
        "error: the journal holds no batch that --resume could continue; nothing was sent\n",
    );
    assert_eq!(fleet.run(&["--sandbox"]).code, 0);
    fleet.run(&["--sandbox"]).ended(
        2,
        "",
        "error: the journal already holds a batch\n\
         hint: continue it with --resume, which sends nothing twice; or start another batch in \
         another database\n",
    );
    fleet.scene.write(&[jobs(4), vec![]].concat());
    let run = fleet.run(&["--sandbox", "--resume"]);
    assert_eq!(
        (run.code, &run.json()["jobs"]["done"]),
        (0, &json!(4)),
        "{run:#?}"
    );
    let changed = jobs(1)[0].replace("p0", "another prompt");
    fleet.scene.write(&[changed]);
    fleet.run(&["--sandbox", "--resume"]).ended(
        3,
        "",
        "error: the journal has other requests under ids of this file; nothing was sent\n  \
         j0\n\
         hint: restore the old requests, or give these other ids\n",
    );
    assert!(!fleet.database.sql("SELECT * FROM batch").contains(&url));
}

#[test]
fn workers_pause_go_on_and_stop() {
    let Some(mut fleet) = Fleet::new(&jobs(40)) else {
        return;
    };
    let served = Served::with(&json!([{"delay": 100, "times": "always"}]));
    fleet
        .environment
        .push(("INKSTONE_BASE_URL", served.url.clone()));
    let batch = Worker::start(&mut fleet.batch(&["--concurrency=1"]));
    until("jobs", || {
        fleet
            .database
            .sql("SELECT to_regclass('batch') IS NOT NULL")
            == "t"
    });
    until("a job is done", || {
        fleet
            .database
            .sql("SELECT count(*) > 0 FROM jobs WHERE state = 'done'")
            == "t"
    });
    let helper = fleet.worker(&["--concurrency=2"]);
    run(&mut fleet.command(&["pause"])).ended(
        0,
        "paused: nothing more is sent until `inkstone batch resume`; what is running ends\n",
        "",
    );
    until("nothing runs", || fleet.status()["workers"] == json!({}));
    let before = served.stats()["submitted"].clone();
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(served.stats()["submitted"], before);
    assert_eq!(fleet.status()["batch"], "paused");
    run(&mut fleet.command(&["resume"])).ended(0, "the workers go on\n", "");
    until("both work", || {
        fleet.status()["workers"].as_object().unwrap().len() == 2
    });
    run(&mut fleet.command(&["cancel"])).ended(
        0,
        "cancelled: nothing more is sent; pictures that were paid for are still fetched\n",
        "",
    );
    assert_eq!(helper.wait(), Some(0));
    assert_eq!(batch.wait(), Some(130), "the rest was never sent");
    let status = fleet.status();
    let jobs = |state: &str| status["jobs"][state].as_u64().unwrap();
    assert!(jobs("queued") > 0 && jobs("done") > 0, "{status:#}");
    assert_eq!(jobs("queued") + jobs("done"), 40, "{status:#}");
    assert_eq!(served.stats()["submitted"], jobs("done"));
}

/// What is damaged in the journal is no reason to send something else, nor to stop.
#[test]
fn a_job_whose_request_is_damaged_is_not_sent() {
    let Some(mut fleet) = Fleet::new(&jobs(4)) else {
        return;
    };
    let served = Served::with(&json!([]));
    // The jobs are in the journal, and nobody can send them.
    let begun = fleet.run(&[]);
    assert_eq!(begun.code, 2, "{begun:#?}");
    for damage in [
        "UPDATE bodies SET body = '{' WHERE job = 1",
        "UPDATE jobs SET request = 'x' WHERE seq = 2",
        "DELETE FROM bodies WHERE job = 3",
    ] {
        let _ = fleet.database.sql(damage);
    }
    fleet
        .environment
        .push(("INKSTONE_BASE_URL", served.url.clone()));
    let worked = run(&mut fleet.command(&["work"]));
    assert_eq!(worked.code, 0, "{worked:#?}");
    let rows = fleet.database.sql(
        "SELECT state || ': ' || coalesce(stage || ', ' || message, '') FROM jobs ORDER BY seq",
    );
    let lines: Vec<&str> = rows.lines().collect();
    let json = "refused: invalid, the request in the journal is not JSON: ";
    for line in &lines[..2] {
        assert!(
            line.starts_with(json) && line.ends_with("; nothing was sent"),
            "{rows}"
        );
    }
    let missing = "refused: invalid, the journal has no request for it; nothing was sent";
    assert_eq!(lines[2..], [missing, "done:"]);
    assert_eq!(served.stats()["submitted"], 1);
}

#[test]
fn what_is_wrong_with_a_journal_is_said() {
    let Some(fleet) = Fleet::new(&jobs(1)) else {
        return;
    };
    let mut command = fleet.command(&["work"]);
    run(command.env_remove("INKSTONE_JOURNAL")).ended(
        2,
        "",
        "error: no journal is named\n\
         hint: give it with --journal postgres://user@host/database, or in INKSTONE_JOURNAL\n",
    );
    run(&mut fleet.command(&["status"])).ended(
        2,
        "",
        "error: the journal can't be used: the database has no batch: begin one with inkstone \
         batch JOBS --journal … --out …\n\
         hint: docs/fleet.md says how a journal is set up\n",
    );
    let nowhere = ["status", "--journal", "postgres://a:hidden@127.0.0.1:1/b"];
    let run = run(&mut fleet.command(&nowhere));
    assert_eq!(run.code, 8, "{run:#?}");
    assert!(
        run.stderr.starts_with("error: the journal can't be used: "),
        "{run:#?}"
    );
    assert!(!run.stderr.contains("hidden"), "{run:#?}");
    // A store without a journal to go with it.
    let scene = crate::support::scene::Scene::with_ids(&["a"]);
    let mut command = crate::support::command::bare();
    command.arg("batch").arg(scene.jobs());
    let run = crate::support::command::run(command.args(["--out", "s3://b/c", "--sandbox"]));
    run.ended(
        2,
        "",
        "error: --out s3://b/c is a store, which needs --journal postgres://…\n",
    );
}
