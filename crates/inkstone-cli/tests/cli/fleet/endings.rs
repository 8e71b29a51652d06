//! How a worker ends says why, as a batch does.

use serde_json::json;

use crate::fleet::scene::{Fleet, Worker};
use crate::support::command::run;

/// What the journal refuses is said, and nothing is sent.
#[test]
fn why_nothing_can_be_noted_is_said() {
    let Some((fleet, served)) = Fleet::begun(2, &[], &json!([])) else {
        return;
    };
    let _ = fleet
        .database
        .sql("ALTER FUNCTION job_begin RENAME TO job_began");
    run(&mut fleet.command(&["work", "--concurrency=1"])).ended(
        9,
        "",
        "error: 1 job carried out here; stopped because the journal can't be used: function \
         job_begin(bigint, bigint, text, interval, text) does not exist (42883)\n",
    );
    assert_eq!(served.stats()["submitted"], 0);
}

#[test]
fn a_worker_ends_as_a_batch_does() {
    let refused = json!([{"status": 401, "times": "always"}]);
    let failing = json!([{"status": 400, "code": "none", "times": "always",
        "cut": {"at": "request", "how": "reset"}}]);
    let cases = [
        (
            "1 job",
            &["--max-images=1"][..],
            json!([]),
            10,
            "the next request could exceed the budget",
        ),
        (
            "1 job",
            &[],
            refused,
            5,
            "the API refuses the key or the account",
        ),
        ("10 jobs", &[], failing, 7, "10 jobs failed in a row"),
    ];
    for (carried_out, flags, script, code, why) in cases {
        let Some((fleet, _served)) = Fleet::begun(11, flags, &script) else {
            return;
        };
        run(&mut fleet.command(&["work", "--concurrency=1"])).ended(
            code,
            "",
            &format!("error: {carried_out} carried out here; stopped because {why}\n"),
        );
    }
}

#[test]
fn a_worker_that_is_told_to_end_says_so() {
    let slow = json!([{"delay": 500, "times": "always"}]);
    let Some((fleet, served)) = Fleet::begun(20, &[], &slow) else {
        return;
    };
    let worker = Worker::start(fleet.command(&["work"]).arg("--concurrency=1"));
    test_data::until("it is sent", || served.stats()["submitted"] != 0);
    worker.terminate();
    assert_eq!(worker.wait(), Some(130));
}
