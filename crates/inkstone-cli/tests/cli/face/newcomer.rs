//! The commands that a newcomer tries first: each ends with what to do next.

use std::path::Path;

use crate::support::command::{Run, bare, run, run_with_input, with_keys};

/// A command, its exit code, and a part of what it ends with.
type Case = (&'static [&'static str], i32, &'static str);

const CASES: [Case; 31] = [
    (&[], 2, "generate"),
    (&["--help"], 0, "Exit codes:"),
    (&["--version"], 0, "inkstone "),
    (
        &["help", "batch"],
        0,
        "In a file of plain text, each line is a prompt.",
    ),
    (&["modles"], 2, "a similar subcommand exists: 'models'"),
    (&["models"], 0, "wan2.7-image-pro"),
    (&["models", "wan2.7-image-pro"], 0, "price: "),
    (&["generate"], 2, "<PROMPT>"),
    (
        &["generate", "a cat"],
        2,
        "or try --sandbox, which needs neither address nor key",
    ),
    (
        &["generate", "a cat", "--api=dashscope"],
        5,
        "export DASHSCOPE_API_KEY=…; or try --sandbox, which needs no key",
    ),
    (&["generate", "a cat", "--sandbox"], 0, ".png"),
    (
        &["generate", "-", "--sandbox", "-o", "cat.png"],
        0,
        "cat.png",
    ),
    (
        &[
            "generate",
            "a cat",
            "--sandbox",
            "--model",
            "wan2.7-imag-pro",
        ],
        2,
        "did you mean \"wan2.7-image-pro\"",
    ),
    (
        &["generate", "a cat", "--sandbox", "--size", "2k"],
        0,
        ".png",
    ),
    (
        &["generate", "a cat", "--sandbox", "--negative-promt", "x"],
        2,
        "a similar argument exists: '--negative-prompt'",
    ),
    (
        &["generate", "a cat", "--sandbox", "--n", "9"],
        3,
        "`inkstone models gateway/wan2.7-image-pro` lists what it accepts",
    ),
    (
        &["batch", "prompts.txt", "--out", "cats", "--sandbox"],
        0,
        "\"exit_code\": 0",
    ),
    (
        &["batch", "prompts.txt", "--out", "cats", "--sandbox"],
        2,
        "continue it with --resume",
    ),
    (
        &["batch", "statsu"],
        2,
        "hint: did you mean `inkstone batch status`?",
    ),
    (&["task", "wait"], 2, "give the id of a task"),
    (
        &["generate", "--sandbox", "a", "ginger", "cat"],
        2,
        "hint: put the prompt in quotes, as in inkstone generate \"a ginger cat\"",
    ),
    (
        &["generate", "--sandbox", "a cat", "--n=3", "--set", "n=2"],
        2,
        "--n and --set n are for the same field: give one of them",
    ),
    (
        &["generate", "--dry-run", "a cat", "--set=prompt=\"a dog\""],
        2,
        "PROMPT and --set prompt are for the same field: give one of them",
    ),
    (
        &[
            "generate",
            "--dry-run",
            "--prompt-file=x",
            "--set=input.prompt=1",
        ],
        2,
        "--prompt-file and --set input.prompt are for the same field: give one of them",
    ),
    (
        &[
            "generate",
            "--dry-run",
            "a",
            "--model=qwen-image",
            "--set=model=\"b\"",
        ],
        2,
        "--model and --set model are for the same field: give one of them",
    ),
    (
        &[
            "generate",
            "--dry-run",
            "a",
            "--image=https://a/b",
            "--set=image=\"b\"",
        ],
        2,
        "--image and --set image are for the same field: give one of them",
    ),
    // What takes anything for a prompt, or any field, is no better for it.
    (
        &["generate", "--dry-run", ""],
        3,
        "hint: `inkstone models gateway/wan2.7-image-pro` lists what it accepts",
    ),
    (
        &["generate", "--dry-run", "a cat", "--set", "foo=1"],
        3,
        "hint: `inkstone models gateway/wan2.7-image-pro` lists what it accepts",
    ),
    (
        &["models", "--edits", "qwen-image", "--api=dashscope"],
        2,
        "\"qwen-image\" is none of the models of --edits\nhint: `inkstone models --edits` lists them",
    ),
    // Another account would pay.
    (
        &[
            "batch",
            "prompts.txt",
            "--out",
            "east",
            "--sandbox",
            "--account=east",
        ],
        2,
        "the following required arguments were not provided:\n  --journal <URL>",
    ),
    (
        &["doctor"],
        2,
        "try `inkstone generate --sandbox \"a cat\"`, which needs neither key nor network",
    ),
];

fn tried(directory: &Path, args: &[&str]) -> Run {
    let mut command = bare();
    command.args(args).current_dir(directory);
    match args.contains(&"-") {
        true => run_with_input(&mut command, b"a cat\n"),
        false => run(&mut command),
    }
}

#[test]
fn each_command_ends_with_the_next_step() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("prompts.txt"), "a cat\na dog\n").unwrap();
    for (args, code, part) in CASES {
        let run = tried(directory.path(), args);
        assert_eq!(run.code, code, "{args:?}: {run:#?}");
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains(part), "{args:?}: {run:#?}");
        assert!(
            !said.contains("panicked") && !said.contains("os error 32"),
            "{args:?}"
        );
    }
}

/// The words of a command in the help; those in quotes are one.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.skip(1).collect()
}

#[test]
fn the_examples_of_the_help_can_be_sent() {
    let directory = tempfile::tempdir().unwrap();
    let at = |args: &[&str]| run(with_keys().args(args).current_dir(directory.path()));
    let made = at(&["generate", "--sandbox", "-o", "cat.png", "a cat"]);
    assert_eq!(made.code, 0, "{made:#?}");
    std::fs::write(directory.path().join("cat.txt"), "a cat\n").unwrap();
    for language in ["en", "zh"] {
        let help = at(&["generate", "--help", "--lang", language]).stdout;
        let lines = help.lines().map(str::trim);
        let examples: Vec<&str> = lines
            .filter(|line| line.starts_with("inkstone generate -"))
            .collect();
        assert!(examples.len() > 5, "{help}");
        for example in examples {
            let words = words(example);
            let mut args: Vec<&str> = words.iter().map(String::as_str).collect();
            args.push("--dry-run");
            let run = at(&args);
            assert_eq!(run.code, 0, "{example}: {run:#?}");
        }
    }
}

#[test]
fn a_pipe_to_head_ends_without_a_word() {
    use std::process::Stdio;
    for args in [
        &["--help"][..],
        &["generate", "--help"],
        &["models"],
        &["models", "--json"],
        &["man"],
        &["completions", "bash"],
        &["schema", "keywords"],
    ] {
        let mut child = bare()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(
            output.stderr.is_empty() && output.status.success(),
            "{args:?}: {output:#?}"
        );
    }
}
