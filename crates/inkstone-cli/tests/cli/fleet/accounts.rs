//! Several accounts: a job names its own, or the jobs are spread over them.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::fleet::scene::{Fleet, jobs};
use crate::support::command::run;
use crate::support::scene::{Scene, pictures};
use crate::support::server::serve;

#[test]
fn jobs_are_spread_over_accounts_and_sent_by_their_keys() {
    let Some(fleet) = Fleet::new(&jobs(6)) else {
        return;
    };
    let keys = Arc::new(Mutex::new(Vec::new()));
    let seen = keys.clone();
    let url = serve(move |_, head, _| {
        let key = head
            .lines()
            .find_map(|line| line.strip_prefix("authorization: Bearer "));
        seen.lock()
            .unwrap()
            .push(key.unwrap_or_default().to_owned());
        Some(pictures(1))
    });
    let accounts = ["--account", "east-1", "--account", "west"];
    let mut command = fleet.batch(&accounts);
    command.env("INKSTONE_BASE_URL", &url);
    let refused = run(command.env("INKSTONE_API_KEY_WEST", "key-west"));
    let first = "error: no key: the environment variable INKSTONE_API_KEY_EAST_1 is not set\n";
    assert!(refused.stderr.starts_with(first), "{refused:#?}");
    assert_eq!(refused.code, 5);
    // A worker with the key of one account does its jobs, and no others.
    let mut command = fleet.command(&["work", "--account", "west"]);
    command.env("INKSTONE_BASE_URL", &url);
    run(command.env("INKSTONE_API_KEY_WEST", "key-west")).ended(
        0,
        "",
        "3 jobs carried out here; nothing is left to do\n",
    );
    assert_eq!(*keys.lock().unwrap(), ["key-west"; 3]);
    let mut command = fleet.command(&["work", "--account", "east-1"]);
    command.env("INKSTONE_BASE_URL", &url);
    let run = run(command.env("INKSTONE_API_KEY_EAST_1", "key-east"));
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(keys.lock().unwrap()[3..], ["key-east"; 3]);
    assert_eq!(fleet.status()["jobs"]["done"], 6);
    assert_eq!(
        fleet
            .database
            .sql("SELECT count(*) FROM limits WHERE scope LIKE '%key%'"),
        "0"
    );
}

/// A line whose job names its account.
fn of_account(line: &str, account: &str) -> String {
    let mut job: Value = serde_json::from_str(line).unwrap();
    job["account"] = account.into();
    job.to_string()
}

#[test]
fn a_job_is_sent_by_the_account_that_it_names() {
    let lines = jobs(5);
    let named: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| match number {
            0..3 => of_account(line, "west"),
            _ => line.clone(),
        })
        .collect();
    let Some(fleet) = Fleet::new(&named) else {
        return;
    };
    let accounts = ["--account", "east", "--account", "west"];
    // The jobs are in the journal, and nobody can send them.
    let refused = run(&mut fleet.batch(&accounts));
    assert_eq!(refused.code, 2, "{refused:#?}");
    let spread = || {
        let sql = "SELECT string_agg(account, ' ' ORDER BY seq) FROM jobs";
        fleet.database.sql(sql)
    };
    assert_eq!(spread(), "west west west east west");
    let scopes = "SELECT count(*) FROM jobs WHERE scope NOT LIKE account || '/%'";
    assert_eq!(fleet.database.sql(scopes), "0");
    // What was not sent yet may be given to another one.
    let mut moved = named.clone();
    moved[1] = of_account(&lines[1], "east");
    fleet.scene.write(&moved);
    let again = run(&mut fleet.batch(&[&accounts[..], &["--resume"]].concat()));
    assert_eq!(again.code, 2, "{again:#?}");
    assert_eq!(spread(), "west east west east west");
    assert_eq!(fleet.database.sql(scopes), "0");
}

#[test]
fn an_account_that_nobody_sends_by_is_refused_before_anything_is_begun() {
    let lines = [of_account(&jobs(1)[0], "wets")];
    let scene = Scene::new(&lines);
    scene.run(&[]).ended(
        3,
        "",
        &format!(
            "error: {} has a problem; nothing was sent\n  line 1, job \"j0\": \"account\" needs a \
             shared journal: see --journal\n",
            scene.jobs().display()
        ),
    );
    let Some(fleet) = Fleet::new(&lines) else {
        return;
    };
    let run = fleet.run(&["--account", "west"]);
    assert_eq!(run.code, 3, "{run:#?}");
    let said = "line 1, job \"j0\": the account \"wets\" is none of those that --account gives\n";
    assert!(run.stderr.ends_with(said), "{run:#?}");
    let has_tables = "SELECT to_regclass('batch') IS NOT NULL";
    assert_eq!(fleet.database.sql(has_tables), "f");
}
