//! Runs the binary.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
pub use test_data::files::names;

/// The key of every run, which must never be printed.
pub const KEY: &str = "sk-0123456789.abcdef";

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// What it said on stderr, but for the notices of further attempts.
    pub fn said(&self) -> String {
        let is_notice = |line: &&str| line.contains(", attempt ") && line.ends_with(" s");
        let lines = self.stderr.lines().filter(|line| !is_notice(line));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// Asserts how it ended.
    #[track_caller]
    pub fn ended(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!(
            (self.stderr.as_str(), self.stdout.as_str(), self.code),
            (stderr, stdout, code)
        );
    }
}

/// The binary, in an environment without settings.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkstone"));
    for name in [
        "INKSTONE_API_KEY",
        "INKSTONE_BASE_URL",
        "DASHSCOPE_API_KEY",
        "DASHSCOPE_BASE_URL",
        "DASHSCOPE_REGION",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    // Whatever language the machine speaks.
    command.env("LC_ALL", "C").env_remove("LANGUAGE");
    command.env("TMPDIR", test_data::temporary(env!("CARGO_TARGET_TMPDIR")));
    command
}

/// The binary with both keys.
pub fn with_keys() -> Command {
    let mut command = bare();
    command
        .env("INKSTONE_API_KEY", KEY)
        .env("DASHSCOPE_API_KEY", KEY);
    command
}

pub fn inkstone<A: AsRef<std::ffi::OsStr>>(args: &[A]) -> Run {
    run(with_keys().args(args))
}

pub fn run(command: &mut Command) -> Run {
    done(command.stdin(Stdio::null()).output().unwrap())
}

/// Has a server at `url` asked for a cat.
pub fn generating(url: &str, out: &Path, more: &[&str]) -> Command {
    let mut command = with_keys();
    command.args(["generate", "a cat", "--base-url", url, "--out"]);
    command.arg(out).args(more);
    command
}

pub fn generate(url: &str, out: &Path, more: &[&str]) -> Run {
    run(&mut generating(url, out, more))
}

/// Starts it; what it says can be read.
pub fn spawn(command: &mut Command) -> Child {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    piped.spawn().unwrap()
}

/// Gives it a signal, such as `-INT`.
pub fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let kill = Command::new("kill").args([name, &id]).status();
    assert!(kill.unwrap().success());
}

/// The command, run by another program that ends with its words.
pub fn wrapped(program: Command, command: &Command) -> Command {
    let mut program = in_environment_of(command, program);
    program.arg(command.get_program()).args(command.get_args());
    program
}

/// The program with the settings of a command.
pub fn in_environment_of(command: &Command, mut program: Command) -> Command {
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => program.env(name, value),
            None => program.env_remove(name),
        };
    }
    program
}

pub fn run_with_input(command: &mut Command, input: &[u8]) -> Run {
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // The program may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    done(child.wait_with_output().unwrap())
}

pub fn done(output: Output) -> Run {
    let run = Run {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(
        !run.stdout.contains(KEY) && !run.stderr.contains(KEY),
        "{run:#?}"
    );
    run
}

/// The names of the pictures in `directory`, sorted.
pub fn pictures(directory: &Path) -> Vec<String> {
    let mut names = names(directory);
    names.retain(|name| name.ends_with(".png"));
    names
}

/// The first file in `directory` with this ending, as `.png.json`.
pub fn json_in(directory: &Path, ending: &str) -> Value {
    let names = names(directory);
    let name = names.iter().find(|name| name.ends_with(ending)).unwrap();
    serde_json::from_slice(&std::fs::read(directory.join(name)).unwrap()).unwrap()
}

/// `text` with the moment in a file's name replaced.
pub fn timeless(text: &str) -> String {
    const MOMENT: usize = "20261121-083000".len();
    let is_moment = |text: &str| {
        text.char_indices().all(|(at, c)| {
            if at == 8 {
                c == '-'
            } else {
                c.is_ascii_digit()
            }
        })
    };
    let mut timeless = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match rest.get(..MOMENT) {
            Some(moment) if is_moment(moment) => {
                timeless += "TIME";
                rest = &rest[MOMENT..];
            }
            _ => {
                timeless.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    timeless
}
