//! Pictures go to a store of S3's kind, which fails one request in fifty.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::fleet::scene::{Fleet, jobs};
use crate::support::command::run;
use crate::support::daemon::Daemon;
use crate::support::served::Served;

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
