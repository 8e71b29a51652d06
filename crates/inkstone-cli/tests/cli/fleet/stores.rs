//! Pictures go to a store of S3's kind, which fails one request in fifty.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::fleet::scene::{Fleet, jobs};
use crate::support::command::run;
use crate::support::daemon::Daemon;
use crate::support::served::Served;
use crate::support::server::{pixel, raw_reply, reply, serve};

/// The server, which is a program outside the workspace.
pub fn server() -> Option<PathBuf> {
    let inkstone = Path::new(env!("CARGO_BIN_EXE_inkstone"));
    let server = inkstone.with_file_name("inkstone-s3-server");
    if server.exists() {
        return Some(server);
    }
    test_data::skip(
        "inkstone-s3-server is not built: cargo build --target-dir target --manifest-path \
         crates/inkstone-fleet/tests/s3-server/Cargo.toml",
    );
    None
}

/// The settings for an API and a store.
pub fn environment(api: &str, store: &str) -> Vec<(&'static str, String)> {
    let settings = [
        ("INKSTONE_BASE_URL", api),
        ("AWS_ENDPOINT", store),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "us-east-1"),
    ];
    settings
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
}

#[test]
fn every_picture_is_in_the_store_and_whole() {
    let Some(server) = server() else {
        return;
    };
    let Some(mut fleet) = Fleet::new(&jobs(60)) else {
        return;
    };
    let bucket = tempfile::tempdir().unwrap();
    let mut command = Command::new(server);
    let store = Daemon::start(command.arg(bucket.path()).arg("50"));
    let served = Served::with(&json!([]));
    fleet.out = "s3://pictures/cats/2026".to_owned();
    fleet.environment = environment(&served.url, &store.url);
    let run = run(&mut fleet.batch(&[]));
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.json()["images"]["saved"], 60);
    assert_eq!(served.stats()["submitted"], 60);
    let out = bucket.path().join("pictures/cats/2026");
    for number in 0..60 {
        let picture = std::fs::read(out.join(format!("j{number}.png"))).unwrap();
        let known = fleet.database.sql(&format!(
            "SELECT pictures.length || ' ' || sha256 FROM pictures JOIN jobs ON seq = job
            WHERE id = 'j{number}'"
        ));
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(&picture);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(known, format!("{} {hash}", picture.len()), "j{number}");
        let sidecar = std::fs::read(out.join(format!("j{number}.png.json"))).unwrap();
        let sidecar: serde_json::Value = serde_json::from_slice(&sidecar).unwrap();
        assert_eq!(sidecar["id"], format!("j{number}"));
    }
    for name in ["index.html", "summary.json"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    assert_eq!(
        fleet
            .database
            .sql("SELECT count(*) FROM batch WHERE out LIKE '%secret%'"),
        "0"
    );
}

/// A place that takes no pictures costs nothing: it is found before a request is sent, and a batch
/// has only one.
#[test]
fn a_store_is_tried_before_anything_is_paid_for() {
    let Some(server) = server() else {
        return;
    };
    let Some(mut fleet) = Fleet::new(&jobs(3)) else {
        return;
    };
    let bucket = tempfile::tempdir().unwrap();
    let store = Daemon::start(Command::new(server).arg(bucket.path()).arg("0"));
    let served = Served::with(&json!([]));
    let right = environment(&served.url, &store.url);
    let mut wrong = right.clone();
    wrong.retain(|(name, _)| *name != "AWS_SECRET_ACCESS_KEY");
    wrong.push(("AWS_SECRET_ACCESS_KEY", "another".to_owned()));
    let refused = |fleet: &Fleet, out: &str, command: &mut Command| {
        let run = run(command);
        assert_eq!(run.code, 2, "{run:#?}");
        let said = format!("error: {out} does not keep pictures: .inkstone-check-");
        assert!(run.stderr.starts_with(&said), "{run:#?}");
        assert!(run.stderr.contains("; nothing was sent"), "{run:#?}");
        assert_eq!(served.stats()["submitted"], 0);
        fleet.database.sql("SELECT to_regclass('batch') IS NULL")
    };
    let place = "s3://pictures/dogs";
    fleet.out = place.to_owned();
    fleet.environment.clone_from(&wrong);
    assert_eq!(refused(&fleet, place, &mut fleet.batch(&[])), "t");
    // The journal has it by now, and a worker has other keys than whoever began the batch.
    fleet.environment.clone_from(&right);
    let begun = run(&mut fleet.batch(&["--max-images=0"]));
    assert_eq!(begun.code, 10, "{begun:#?}");
    fleet.environment = wrong;
    assert_eq!(refused(&fleet, place, &mut fleet.command(&["work"])), "f");
    fleet.environment = right;
    fleet.out = "s3://pictures/cats".to_owned();
    let elsewhere = run(&mut fleet.batch(&["--resume"]));
    assert_eq!(elsewhere.code, 2, "{elsewhere:#?}");
    let said = "the pictures of this batch go to s3://pictures/dogs, not to s3://pictures/cats";
    assert!(elsewhere.stderr.contains(said), "{elsewhere:#?}");
    assert_eq!(served.stats()["submitted"], 0);
    fleet.out = place.to_owned();
    let run = run(&mut fleet.batch(&["--resume"]));
    assert_eq!(run.code, 0, "{run:#?}");
    let out = bucket.path().join("pictures/dogs");
    for number in 0..3 {
        assert!(out.join(format!("j{number}.png")).is_file(), "{number}");
    }
    let left = std::fs::read_dir(&out).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("check")
    });
    assert_eq!(left.count(), 0);
}

/// Some stores have what was put only a moment later.
#[test]
fn a_store_that_lags_keeps_pictures() {
    let Some(server) = server() else {
        return;
    };
    let Some(mut fleet) = Fleet::new(&jobs(1)) else {
        return;
    };
    let bucket = tempfile::tempdir().unwrap();
    let mut command = Command::new(server);
    let store = Daemon::start(command.arg(bucket.path()).args(["0", "200"]));
    let served = Served::with(&json!([]));
    fleet.out = "s3://pictures/cats".to_owned();
    fleet.environment = environment(&served.url, &store.url);
    let run = run(&mut fleet.batch(&[]));
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(bucket.path().join("pictures/cats/j0.png").is_file());
}

/// The CRC of a chunk of PNG.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => (crc >> 1) ^ 0xedb8_8320,
            _ => crc >> 1,
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// A picture of so many bytes and some more, most of which are a comment.
fn long_picture(length: usize) -> Vec<u8> {
    let pixel = pixel();
    // Behind the signature and the first chunk.
    let (before, after) = pixel.split_at(33);
    let mut chunk = b"prVt".to_vec();
    chunk.extend((0..length).map(|at| (at % 253) as u8));
    let crc = crc(&chunk).to_be_bytes();
    let length = u32::try_from(length).unwrap().to_be_bytes();
    [before, &length, &chunk, &crc, after].concat()
}

/// What is longer than a part goes in several, and arrives whole although the store fails.
#[test]
fn long_pictures_are_put_in_parts() {
    let Some(server) = server() else {
        return;
    };
    let Some(mut fleet) = Fleet::new(&jobs(2)) else {
        return;
    };
    let bucket = tempfile::tempdir().unwrap();
    let store = Daemon::start(Command::new(server).arg(bucket.path()).arg("5"));
    let picture = long_picture(17 << 20);
    let served = picture.clone();
    let url = serve(move |path, _, own| {
        let body = json!({"created": 1, "data": [{"url": format!("{own}/picture")}]});
        Some(match path {
            "/picture" => raw_reply("200 OK", &[], &served),
            _ => reply(200, "application/json", &body.to_string()),
        })
    });
    fleet.out = "s3://pictures/long".to_owned();
    fleet.environment = environment(&url, &store.url);
    let run = run(&mut fleet.batch(&["--concurrency=2"]));
    assert_eq!(run.code, 0, "{run:#?}");
    for number in 0..2 {
        let path = bucket.path().join(format!("pictures/long/j{number}.png"));
        let found = std::fs::read(path).unwrap();
        assert!(found == picture, "j{number}: {} bytes", found.len());
    }
}
