//! The database is restored from a backup that is older than pictures in the store: their jobs
//! are not sent again.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::fleet::scene::Fleet;
use crate::fleet::stores::{environment, server};
use crate::support::command::{names, run};
use crate::support::daemon::Daemon;
use crate::support::served::Served;

/// As it was before anything was sent.
const RESTORED: &str = "DELETE FROM pictures;
    UPDATE jobs SET state = 'queued', made = 0, time = NULL, request_id = NULL, task_id = NULL,
        reply = NULL, reply_file = NULL, unmade = NULL, sent = NULL, held_images = 0,
        held_cost = 0;
    UPDATE batch SET images = 0, cost = 0";

/// The sidecar of a picture that did not get there.
const AGAIN: &str = "gone.png.json";

fn jobs(word: &str) -> Vec<String> {
    let gateway = |id: &str, n: u32| {
        json!({"id": id, "request": {
            "model": "qwen-image-2.0-2026-03-03", "prompt": word, "size": "512x512", "n": n,
        }})
        .to_string()
    };
    let task = |id: &str| {
        json!({"id": id, "api": "dashscope", "async": true, "request": {
            "model": "wan2.7-image", "input": {"messages": [
                {"role": "user", "content": [{"text": word}]},
            ]}, "parameters": {"n": 2, "size": "1K"},
        }})
        .to_string()
    };
    // One whose name another has, but for a number.
    let mut jobs = vec![gateway("一只猫", 1), gateway("a/b", 2), gateway("a/b-2", 1)];
    jobs.extend([task("whole"), task("gone")]);
    jobs
}

/// Everything that is not made anew by each export, with hashes.
fn files(out: &Path) -> Vec<(String, u64)> {
    // Nor when a picture is fetched again: it does not come with the whole reply then.
    let is_made_anew =
        |name: &String| name.starts_with("index") || name == "summary.json" || name == AGAIN;
    let names = names(out).into_iter().filter(|name| !is_made_anew(name));
    names
        .filter(|name| out.join(name).is_file())
        .map(|name| {
            let mut hash = DefaultHasher::new();
            fs::read(out.join(&name)).unwrap().hash(&mut hash);
            (name, hash.finish())
        })
        .collect()
}

/// Runs a batch whose pictures are in `out`, restores its journal, and runs it again.
fn is_not_sent_again(mut fleet: Fleet, served: &Served, out: &Path) {
    let api = ("DASHSCOPE_BASE_URL", served.url.clone());
    fleet.environment.push(api);
    let first = run(&mut fleet.batch(&["--max-images", "8"]));
    assert_eq!(first.code, 0, "{first:#?}");
    let before = files(out);
    assert_eq!(before.len(), 15, "{:?}", names(out));
    let submitted = served.stats()["submitted"].clone();
    let _ = fleet.database.sql(RESTORED);
    // Of one picture only the sidecar got there; its URL is known.
    let picture = AGAIN.trim_end_matches(".json");
    fs::remove_file(out.join(picture)).unwrap();
    // Whose sidecar is of another job has nothing to do with it.
    fs::write(out.join("whole-7.png.json"), r#"{"id": "other"}"#).unwrap();
    let again = run(&mut fleet.batch(&["--resume", "--max-images", "8"]));
    assert_eq!(again.code, 0, "{again:#?}");
    assert_eq!(served.stats()["submitted"], submitted);
    let said = "warning: 5 jobs not sent: the store has their pictures already, of which the \
                journal does not know\n";
    assert!(again.stderr.starts_with(said), "{again:#?}");
    fs::remove_file(out.join("whole-7.png.json")).unwrap();
    assert_eq!(files(out), before);
    let images = |run: &Value| run["images"].clone();
    assert_eq!(images(&again.json()), images(&first.json()));
    let spent = "SELECT images FROM batch";
    assert_eq!(fleet.database.sql(spent), "8");
    // The same ids with other requests are other jobs, in a store that batches share.
    let tables = "batch, jobs, limits, pictures, bodies, late";
    let _ = fleet.database.sql(&format!("TRUNCATE {tables}"));
    fleet.scene.write(&jobs("another"));
    let other = run(&mut fleet.batch(&[]));
    assert_eq!(other.code, 0, "{other:#?}");
    assert_eq!(served.stats()["submitted"], 10);
    assert_eq!(files(out).len(), 31, "{:?}", names(out));
}

#[test]
fn jobs_whose_pictures_are_in_a_directory_are_not_sent_again() {
    let Some(mut fleet) = Fleet::new(&jobs("first")) else {
        return;
    };
    let served = Served::with(&json!([]));
    fleet.answered_by(&served);
    let out = fleet.scene.out();
    is_not_sent_again(fleet, &served, &out);
}

#[test]
fn jobs_whose_pictures_are_in_a_bucket_are_not_sent_again() {
    let Some(server) = server() else {
        return;
    };
    let Some(mut fleet) = Fleet::new(&jobs("first")) else {
        return;
    };
    let bucket = tempfile::tempdir().unwrap();
    let mut command = Command::new(server);
    let store = Daemon::start(command.arg(bucket.path()).arg("20"));
    let served = Served::with(&json!([]));
    fleet.out = "s3://pictures/cats".to_owned();
    fleet.environment = environment(&served.url, &store.url);
    is_not_sent_again(fleet, &served, &bucket.path().join("pictures/cats"));
}
