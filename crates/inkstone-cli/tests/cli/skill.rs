//! The agent skill, followed word for word: its commands need no key and end well.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::command::run;

const SKILL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../SKILL.md");

/// The commands of a manual, block by block.
fn blocks(text: &str) -> Vec<&str> {
    let blocks = text.split("```sh\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

#[cfg(unix)]
#[test]
fn the_skill_is_followed_word_for_word() {
    let directory = tempfile::tempdir().unwrap();
    let binaries = Path::new(env!("CARGO_BIN_EXE_inkstone")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let text = fs::read_to_string(SKILL).unwrap();
    let blocks = blocks(&text);
    assert_eq!(blocks.len(), 6);
    for block in blocks {
        let mut command = Command::new("sh");
        command
            .args(["-e", "-c", block])
            .current_dir(directory.path());
        command.env("PATH", &path);
        for key in ["INKSTONE_API_KEY", "INKSTONE_BASE_URL", "DASHSCOPE_API_KEY"] {
            command.env_remove(key);
        }
        let ended = run(&mut command);
        assert_eq!(ended.code, 0, "{block}\n{ended:#?}");
    }
    let entries = |name: &str| fs::read_dir(directory.path().join(name)).unwrap().count();
    assert_eq!(entries("rehearsal"), 2);
    assert!(directory.path().join("batch/summary.json").exists());
}

#[test]
fn the_skill_has_a_name_and_says_when_to_use_it() {
    let text = fs::read_to_string(SKILL).unwrap();
    let head = text
        .strip_prefix("---\n")
        .unwrap()
        .split("\n---\n")
        .next()
        .unwrap();
    let member = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
    assert_eq!(member("name: "), Some("inkstone"));
    let description = member("description: ").unwrap();
    // The most that a skill may have.
    assert!((1..=1024).contains(&description.chars().count()));
}
