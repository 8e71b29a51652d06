//! What may stand between a worker and its journal: a pooler, TLS, and another server than
//! before.

use std::sync::Arc;

use serde_json::json;
use test_data::postgres::{Database, Postgres, passes_through_a_pooler};

use crate::fleet::scene::{Fleet, Worker, jobs};
use crate::support::command::run;
use crate::support::scene::Scene;
use crate::support::served::Served;

/// All tests of fleets, and the one with the kills, once more.
#[test]
fn everything_works_through_a_pooler_of_transactions() {
    passes_through_a_pooler(&["fleet::", "--skip", "fleet::between", "--test-threads=4"]);
}

#[test]
fn a_server_has_to_show_a_certificate_that_is_trusted() {
    let Some(mut server) = Postgres::start() else {
        return;
    };
    let Some((port, signer)) = server.with_tls() else {
        return;
    };
    let fleet = Fleet::on(Database::on(Arc::new(server)), &jobs(2));
    let name = fleet.database.name();
    let url = |settings: &str| format!("postgres://inkstone@localhost:{port}/{name}{settings}");
    let batch = |url: &str| {
        let mut command = fleet.batch_at(url, &["--sandbox"]);
        command.env_remove("SSL_CERT_DIR");
        command
    };
    let strange = run(batch(&url("?sslmode=require")).env_remove("SSL_CERT_FILE"));
    assert_eq!(strange.code, 8, "{strange:#?}");
    assert!(strange.stderr.contains("UnknownIssuer"), "{strange:#?}");
    // The server takes nobody who does not encrypt.
    let open = run(&mut batch(&url("?sslmode=disable")));
    assert_ne!(open.code, 0, "{open:#?}");
    let taken = run(batch(&url("?sslmode=require")).env("SSL_CERT_FILE", &signer));
    assert_eq!(taken.code, 0, "{taken:#?}");
    assert_eq!(taken.json()["jobs"]["done"], 2);
    // Whose certificate is for another name is somebody else.
    let other = url("?sslmode=require").replace("localhost", "127.0.0.1");
    let other = run(batch(&other).arg("--resume").env("SSL_CERT_FILE", &signer));
    assert_eq!(other.code, 8, "{other:#?}");
    assert!(other.stderr.contains("not valid for name"), "{other:#?}");
}

/// The server is lost for good, and its replica takes over.
#[test]
fn a_failover_is_waited_out_and_nothing_is_sent_twice() {
    const JOBS: u64 = 150;
    let Some(primary) = Postgres::start() else {
        return;
    };
    let database = Database::on(Arc::new(primary));
    let replica = database.server.replica();
    let scene = Scene::new(&jobs(usize::try_from(JOBS).unwrap()));
    let served = Served::with(&json!([{"delay": 100, "times": "always"}]));
    let url = database.url_with(&replica);
    let mut fleet = Fleet {
        out: scene.out().display().to_string(),
        scene,
        database,
        environment: vec![("INKSTONE_BASE_URL", served.url.clone())],
    };
    let flags = ["--lease=3s", "--concurrency=2"];
    let batch = Worker::start(&mut fleet.batch_at(&url, &flags));
    let done = "SELECT count(*) FROM jobs WHERE state = 'done'";
    // Who has jobs has begun: whoever begins while there is no server is told so.
    let have = |count: u64| {
        let workers = "SELECT count(DISTINCT worker) FROM jobs";
        test_data::until("so many workers have jobs", || {
            let is_there = "SELECT to_regclass('jobs_tasks') IS NOT NULL";
            fleet.database.sql(is_there) == "t" && fleet.database.sql(workers) == count.to_string()
        });
    };
    have(1);
    let mut command = fleet.command(&["work"]);
    let worker = Worker::start(command.env("INKSTONE_JOURNAL", &url).args(flags));
    have(2);
    fleet.database.server.stop_at_once();
    std::thread::sleep(std::time::Duration::from_millis(700));
    replica.promote();
    fleet.database = fleet.database.on_replica(replica);
    let ended = (batch.wait(), worker.wait());
    let jobs = fleet
        .database
        .sql("SELECT DISTINCT state, stage, message FROM jobs");
    assert_eq!(ended, (Some(0), Some(0)), "{jobs}");
    assert_eq!(fleet.database.sql(done), JOBS.to_string());
    let stats = served.stats();
    assert_eq!(stats["most_of_one"], 1, "sent twice: {stats:#}");
    assert_eq!(stats["submitted"], JOBS, "{stats:#}");
    for number in 0..JOBS {
        assert!(fleet.picture(&format!("j{number}.png")).exists());
    }
}
