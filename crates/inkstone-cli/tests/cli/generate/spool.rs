//! Replies with long pictures, which are spooled to files and never lost.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_data::pictures::of_length as picture;

use crate::support::command::{done, generating, names, run, spawn};
use crate::support::scene::{Scene, replies};
use crate::support::server::{always, raw_reply, reply};

fn body(pictures: &[Vec<u8>]) -> Value {
    let item = |bytes: &Vec<u8>| json!({"b64_json": STANDARD.encode(bytes), "revised_prompt": "", "url": ""});
    json!({"created": 1, "data": pictures.iter().map(item).collect::<Vec<_>>()})
}

/// The endings of the files in a directory.
fn endings(directory: &Path) -> Vec<String> {
    let ending = |name: &String| name.rsplit_once('.').map_or("", |(_, end)| end).to_owned();
    names(directory).iter().map(ending).collect()
}

/// The memory of a process now, in KiB, without that of the program's own code: as it is compiled
/// for tests, that is thirty MiB and more.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[test]
fn large_pictures_take_little_memory() {
    const MOST: u64 = 16 << 10;
    let pictures: Vec<_> = (1..=4).map(|seed| picture(seed, 48 << 20)).collect();
    let url = always(reply(200, "application/json", &body(&pictures).to_string()));
    let directory = tempfile::tempdir().unwrap();
    let mut command = generating(&url, directory.path(), &["--json"]);
    let mut child = spawn(command.stdin(Stdio::null()));
    let mut highest = None;
    while child.try_wait().unwrap().is_none() {
        highest = highest.max(memory(child.id()));
        std::thread::sleep(Duration::from_millis(2));
    }
    let run = done(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let said = run.json();
    for (image, picture) in said["images"].as_array().unwrap().iter().zip(&pictures) {
        assert!(fs::read(image["path"].as_str().unwrap()).unwrap() == *picture);
    }
    assert_eq!(names(directory.path()).len(), 8);
    match highest {
        Some(highest) => assert!(highest <= MOST, "{highest} KiB"),
        None => test_data::skip("this system does not say how much memory a process took"),
    }
}

#[test]
fn an_invalid_picture_is_kept_in_the_reply() {
    let body = body(&[picture(1, 90_000), vec![b'x'; 90_000]]);
    let url = always(reply(200, "application/json", &body.to_string()));
    let directory = tempfile::tempdir().unwrap();
    let run = run(&mut generating(&url, directory.path(), &["--json"]));
    assert_eq!(run.code, 9, "{run:#?}");
    let said = run.json();
    let kept = fs::read(said["kept"].as_str().unwrap()).unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert!(kept["reply"] == body);
    let mut endings = endings(directory.path());
    endings.sort();
    assert_eq!(endings, ["json", "json", "png"]);
}

#[test]
fn a_reply_that_breaks_off_is_kept() {
    let body = body(&[picture(1, 90_000), picture(2, 90_000)]).to_string();
    let mut cut = reply(200, "application/json", &body);
    cut.truncate(cut.len() - 40_001);
    let url = always(cut);
    let directory = tempfile::tempdir().unwrap();
    let run = run(&mut generating(&url, directory.path(), &["--json"]));
    // The first picture is whole, and saved; what came of the second is kept.
    assert_eq!(run.code, 9, "{run:#?}");
    assert_eq!(endings(directory.path()), ["png", "json", "json"]);
    let kept = run.json()["kept"].as_str().unwrap().to_owned();
    let kept: Value = serde_json::from_slice(&fs::read(kept).unwrap()).unwrap();
    let reply = kept["reply"].as_str().unwrap().to_owned();
    assert!(reply.as_bytes() == &body.as_bytes()[..body.len() - 40_001]);
}

#[test]
fn a_batch_takes_large_pictures_through_files_too() {
    let scene = Scene::with_ids(&["a"]);
    let pictures = [picture(1, 90_000), picture(2, 90_000)];
    let whole = raw_reply("200 OK", &[], body(&pictures).to_string().as_bytes());
    let (url, _) = replies(vec![whole]);
    let run = scene.run_at(&url, &[]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(scene.pictures(), ["a-2.png", "a.png"]);
    for (name, picture) in ["a.png", "a-2.png"].iter().zip(&pictures) {
        assert!(fs::read(scene.out().join(name)).unwrap() == *picture);
    }
    for left in [".incoming", "replies"] {
        assert!(!scene.out().join(left).exists(), "{left}");
    }
}
