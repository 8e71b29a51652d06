//! The figures of `docs/fleet.md`, by hand, for they take minutes:
//!
//! ```sh
//! cargo test --test cli fleet::large -- --ignored --nocapture
//! ```
//!
//! `INKSTONE_FLEET="8 20000 5"` is 8 workers, 20,000 jobs and 5 stops of PostgreSQL.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use test_data::postgres::{Database, Postgres};

use crate::fleet::scene::{Fleet, Worker, jobs};
use crate::fleet::stores::{environment, server};
use crate::support::command::run;
use crate::support::daemon::Daemon;
use crate::support::served::Served;

const CONCURRENCY: usize = 4;

const FLAGS: [&str; 3] = ["--lease=5s", "--grace=20s", "--concurrency=4"];

/// Which has a program see another time.
const OTHER_TIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/// The numbers in a variable, or these.
fn numbers(variable: &str, otherwise: [usize; 3]) -> [usize; 3] {
    let given = std::env::var(variable).unwrap_or_default();
    let given: Vec<usize> = given.split_whitespace().flat_map(str::parse).collect();
    given.try_into().unwrap_or(otherwise)
}

/// A worker whose clock is so many hours ahead.
fn at_another_time(command: &mut Command, hours: usize) -> &mut Command {
    if !Path::new(OTHER_TIME).exists() {
        test_data::skip("clocks are all the same: apt-get install faketime");
        return command;
    }
    command
        .env("LD_PRELOAD", OTHER_TIME)
        .env("FAKETIME", format!("+{}s", hours * 3600))
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
}

#[test]
#[ignore = "takes minutes: 20,000 jobs"]
fn thousands_of_jobs_outlast_kills_and_stops() {
    let [workers, count, stops] = numbers("INKSTONE_FLEET", [8, 20_000, 5]);
    let (Some(program), Some(postgres)) = (server(), Postgres::start()) else {
        return;
    };
    let mut fleet = Fleet::on(Database::on(Arc::new(postgres)), &jobs(count));
    let bucket = tempfile::tempdir().unwrap();
    let store = Daemon::start(Command::new(program).arg(bucket.path()).arg("50"));
    let served = Served::with(&json!([{"delay": 50, "times": "always"}]));
    fleet.out = "s3://pictures/cats".to_owned();
    fleet.environment = environment(&served.url, &store.url);
    let began = Instant::now();
    let batch = Worker::start(&mut fleet.batch(&FLAGS));
    while fleet
        .database
        .sql("SELECT to_regclass('jobs_tasks') IS NULL")
        == "t"
        || fleet.database.sql("SELECT count(*) FROM jobs") == "0"
    {
        std::thread::sleep(Duration::from_millis(100));
    }
    let kills = disturbed(&fleet, workers - 1, (count, stops));
    batch.wait();
    let took = began.elapsed();
    let summary = run(&mut fleet.command(&["export"])).json();
    let stats = served.stats();
    let jobs = &summary["jobs"];
    let (submitted, most) = (&stats["submitted"], &stats["most_of_one"]);
    eprintln!(
        "{count} jobs, {workers} workers, {kills} kills, {stops} stops, {took:?}: {} done, {} \
         unknown, {submitted} submitted, {most} of one at most",
        jobs["done"], jobs["unknown"]
    );
    assert_eq!(*most, 1, "{stats:#}");
    let (done, unknown) = (
        jobs["done"].as_u64().unwrap(),
        jobs["unknown"].as_u64().unwrap(),
    );
    assert_eq!(done + unknown, count as u64, "{jobs:#}");
    assert!(unknown <= (kills * CONCURRENCY) as u64);
    let submitted = submitted.as_u64().unwrap();
    assert!(done <= submitted && submitted <= count as u64);
    let listed = summary["not_done"].as_array().unwrap();
    let listed: HashSet<&str> = listed
        .iter()
        .map(|job| job["id"].as_str().unwrap())
        .collect();
    assert_eq!(listed.len() as u64, unknown);
    assert_eq!(
        whole(&fleet, &bucket.path().join("pictures/cats"), &listed),
        done
    );
}

/// Has so many workers do all jobs, one of which is killed each second, while PostgreSQL is
/// stopped so often, evenly over all of it. Returns how many kills there were.
fn disturbed(fleet: &Fleet, workers: usize, (count, stops): (usize, usize)) -> usize {
    let start = |number: usize| {
        let mut command = fleet.command(&["work"]);
        command.args(FLAGS);
        Worker::start(at_another_time(&mut command, number % 8))
    };
    let mut all: Vec<Worker> = (1..=workers).map(&start).collect();
    let left = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'submitting')
        OR (state = 'replied' AND tries < 6)";
    let (mut kills, mut stopped) = (0, 0);
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let left: usize = fleet.database.sql(left).parse().unwrap();
        if left == 0 {
            break;
        }
        let next = kills % all.len();
        all[next].kill();
        kills += 1;
        if stopped < stops && left < count * (stops - stopped) / (stops + 1) {
            fleet.database.server.stop_at_once();
            std::thread::sleep(Duration::from_millis(500));
            fleet.database.server.go_on();
            stopped += 1;
        }
        all[next] = start(next + 1);
    }
    for worker in all {
        worker.wait();
    }
    assert_eq!(stopped, stops, "it was over before");
    kills
}

/// How many pictures are in the store, each with the hash that the journal has.
fn whole(fleet: &Fleet, out: &Path, listed: &HashSet<&str>) -> u64 {
    let known = "SELECT jobs.id || ' ' || sha256 FROM pictures JOIN jobs ON seq = job";
    let mut whole = 0;
    for line in fleet.database.sql(known).lines() {
        let (id, known) = line.split_once(' ').unwrap();
        let picture = std::fs::read(out.join(format!("{id}.png"))).unwrap();
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(&picture);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, known, "{id}");
        assert!(!listed.contains(id));
        whole += 1;
    }
    whole
}

/// What a worker has needed of memory at most, in KiB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.unwrap().trim().split(' ').next();
    number.unwrap().parse().unwrap()
}

#[test]
#[ignore = "takes minutes: a million jobs"]
fn a_claim_and_a_worker_are_the_same_with_a_million_jobs() {
    let [_, most, _] = numbers("INKSTONE_FLEET", [0, 1_000_000, 0]);
    let Some(mut fleet) = Fleet::new(&jobs(1)) else {
        return;
    };
    let served = Served::with(&json!([]));
    fleet.environment = vec![("INKSTONE_BASE_URL", served.url.clone())];
    let mut command = fleet.batch(&[]);
    let begun = run(command.env_remove("INKSTONE_API_KEY"));
    assert_eq!(begun.code, 5, "{begun:#?}");
    let mut figures = Vec::new();
    for count in [1000, most] {
        let more = format!(
            "INSERT INTO jobs (id, stem, line, \"offset\", length, hash, api, document, model,
                request, worst, scope, account)
            SELECT 'k' || n, 'k' || n, n, \"offset\", length, hash, api, document, model, request,
                worst, scope, account
            FROM (SELECT * FROM jobs ORDER BY seq LIMIT 1) one,
                generate_series((SELECT count(*) FROM jobs) + 1, {count}) n;
            INSERT INTO bodies SELECT seq, (SELECT body FROM bodies LIMIT 1) FROM jobs
                ON CONFLICT DO NOTHING;
            UPDATE jobs SET state = 'done' WHERE seq % 2 = 0 AND state = 'queued';
            ANALYZE jobs"
        );
        let _ = fleet.database.sql(&more);
        let mut command = fleet.command(&["work", "--concurrency=4"]);
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut worker = quiet.stderr(Stdio::null()).spawn().unwrap();
        // All of the small batch would be done, and its worker gone.
        let before = served.stats()["submitted"].as_u64().unwrap();
        while served.stats()["submitted"].as_u64().unwrap() < before + 300 {
            std::thread::sleep(Duration::from_millis(50));
        }
        let memory = memory(worker.id());
        worker.kill().unwrap();
        worker.wait().unwrap();
        let claims = fleet.database.sql(
            "DO $$ BEGIN
                FOR i IN 1..100 LOOP
                    PERFORM job_claim('measured', '1 minute', ARRAY['default']);
                END LOOP;
                PERFORM set_config('inkstone.took',
                    (extract(epoch FROM clock_timestamp() - now()) * 10)::text, false);
            END $$;
            SELECT current_setting('inkstone.took')",
        );
        let claim: f64 = claims.parse().unwrap();
        eprintln!("{count} jobs: {claim:.3} ms a claim, without its commit; {memory} KiB a worker");
        figures.push((claim, memory));
        let _ = fleet.database.sql("SELECT job_sweep('measured')");
    }
    let [(claim, memory), (last_claim, last_memory)] = figures[..] else {
        unreachable!("there are two")
    };
    assert!(last_claim < claim * 3.0, "a claim takes longer");
    assert!(last_memory < memory * 5 / 4, "a worker takes more");
}
