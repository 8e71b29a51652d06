//! Flags, settings, and what is wrong with them.

use crate::support::command::{KEY, bare, inkstone, run};
#[cfg(target_os = "linux")]
use crate::support::terminal::{columns, fits, in_terminal};

type Variables<'a> = &'a [(&'a str, &'a str)];

#[test]
fn wrong_arguments_are_usage_errors() {
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage: inkstone"),
        (&["generate"], "<PROMPT>"),
        (
            &["generate", "a", "--api", "gatway"],
            "a similar value exists: 'gateway'",
        ),
        (
            &["generate", "a", "--n", "two"],
            "invalid value 'two' for '--n <N>'",
        ),
        (
            &["generate", "a", "--set", "size=2K"],
            "2K is not JSON (trailing characters at line 1 column 2); text needs quotes: --set 'size=\"2K\"'",
        ),
        (
            &["generate", "a", "--sandbox", "--base-url", "http://a"],
            "cannot be used with",
        ),
        (
            &["generate", "a", "--set", "prompt.x=1"],
            "--set prompt.x: x would be in a value that is not an object",
        ),
        (&["schema", "import", "--into", "x"], "<FILE>..."),
        (&["frobnicate"], "unrecognized subcommand 'frobnicate'"),
    ];
    for (args, stderr) in cases {
        let run = inkstone(args);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{args:?}: {run:#?}"
        );
        assert!(run.stderr.contains(stderr), "{args:?}: {run:#?}");
    }
}

#[test]
fn missing_settings_are_named() {
    let out = tempfile::tempdir().unwrap();
    let address = "error: the address of the gateway is not known: INKSTONE_BASE_URL is not set
hint: give it with --base-url https://… or in INKSTONE_BASE_URL; or try --sandbox, which needs neither address nor key
";
    let key = |name: &str| {
        format!(
            "error: no key: the environment variable {name} is not set
hint: export {name}=…; or try --sandbox, which needs no key
"
        )
    };
    let cases: [(&[&str], Variables<'_>, i32, &str); 6] = [
        (&[], &[("INKSTONE_API_KEY", KEY)], 2, address),
        (&["--base-url=http://127.0.0.1:1"], &[], 5, &key("INKSTONE_API_KEY")),
        (&[], &[("INKSTONE_BASE_URL", "http://127.0.0.1:1")], 5, &key("INKSTONE_API_KEY")),
        (&["--api=dashscope"], &[("INKSTONE_API_KEY", KEY)], 5, &key("DASHSCOPE_API_KEY")),
        (
            &["--api=dashscope"],
            &[("DASHSCOPE_API_KEY", "a\nb")],
            5,
            "error: the key in DASHSCOPE_API_KEY has characters that a header can't have
hint: export DASHSCOPE_API_KEY=…; or try --sandbox, which needs no key
",
        ),
        (
            &["--base-url=http://example.com"],
            &[("INKSTONE_API_KEY", KEY)],
            2,
            "error: plain http to example.com would show the key to the network: use https, or allow http
hint: see --base-url, --region and --allow-http in `inkstone generate --help`
",
        ),
    ];
    for (args, environment, code, stderr) in cases {
        let mut command = bare();
        command
            .args(["generate", "a cat", "--out"])
            .arg(out.path())
            .args(args);
        command.envs(environment.iter().copied());
        run(&mut command).ended(code, "", stderr);
    }
}

#[test]
fn the_model_chooses_the_document() {
    let run = inkstone(&["generate", "a", "--model", "qwen-image-2.0-prop"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr
            .starts_with("error: no document describes the model \"qwen-image-2.0-prop\"\n")
    );
    assert!(
        run.stderr
            .contains("hint: did you mean \"qwen-image-2.0-pro\", "),
        "{run:#?}"
    );

    let run = inkstone(&["generate", "a", "--model", "qwen-image", "--api", "gateway"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .ends_with("hint: dashscope has it: use --api dashscope\n"),
        "{run:#?}"
    );
}

#[test]
fn an_unwritable_directory_is_reported_before_anything_is_sent() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut command = bare();
    let run = run(command
        .args(["generate", "--sandbox", "a", "--out"])
        .arg(&file));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("nothing was sent"), "{run:#?}");
    assert!(
        run.stderr
            .ends_with("hint: give another directory with --out\n"),
        "{run:#?}"
    );
}

#[test]
fn an_address_that_repeats_the_path_is_refused() {
    let run = inkstone(&["generate", "a", "--base-url", "https://example.com/v1/"]);
    run.ended(
        2,
        "",
        "error: the address ends with /v1, and /v1/images/generations is appended to it; nothing was sent
hint: leave /v1 out: --base-url https://example.com
",
    );
}

/// The commands, as their help lists them.
fn commands(of: &[&str]) -> Vec<Vec<String>> {
    let help = inkstone(&[of, &["--help"]].concat()).stdout;
    let Some((_, listed)) = help.split_once("\nCommands:\n") else {
        return Vec::new();
    };
    let lines = listed.lines().take_while(|line| !line.is_empty());
    // A description that goes on is further in.
    let names = lines.filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    let all = names.filter(|name| *name != "help").flat_map(|name| {
        let own = [of, &[name]].concat();
        let below = commands(&own);
        let own: Vec<String> = own.into_iter().map(str::to_owned).collect();
        std::iter::once(own).chain(below)
    });
    all.collect()
}

/// How lines of examples begin, which are left whole to be pasted.
#[cfg(target_os = "linux")]
const EXAMPLES: [&str; 5] = ["  inkstone ", "  client", "  {", "    {", "    \"args\""];

#[cfg(target_os = "linux")]
#[test]
fn the_help_of_every_command_fits_terminals_in_both_languages() {
    let mut all = commands(&[]);
    all.push(Vec::new());
    assert!(all.len() > 25, "{all:#?}");
    for command in &all {
        for (language, most) in [("en", 80), ("en", 60), ("zh", 80), ("zh", 60)] {
            for help in ["--help", "-h"] {
                let own = command.iter().map(String::as_str);
                let args: Vec<&str> = own.chain(["--lang", language, help]).collect();
                let run = in_terminal(most, &[], &args);
                assert_eq!(run.code, 0, "{args:?}: {run:#?}");
                // Behind the flags stand texts, tables and examples.
                let is_example = |line: &&str| EXAMPLES.iter().any(|start| line.starts_with(start));
                let is_long = |line: &&str| columns(line) > most.into();
                let whole = run.stdout.lines().filter(|line| is_long(line));
                let long: Vec<&str> = whole.filter(|line| !is_example(line)).collect();
                assert!(long.is_empty(), "{args:?}: {most} columns: {long:#?}");
                let begins_wrong = |line: &str| line.trim_start().starts_with([']', '）', '。']);
                assert!(!run.stdout.lines().any(begins_wrong), "{args:?}: {run:#?}");
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_commands_print_fits_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().display().to_string();
    let cases: [&[&str]; 4] = [
        &["doctor", "--out", &out],
        &["schema", "members"],
        &["schema", "keywords"],
        &["models"],
    ];
    for args in cases {
        for language in ["en", "zh"] {
            let args = [args, &["--lang", language]].concat();
            fits(&in_terminal(80, &[], &args).stdout, 80, &args);
        }
    }
}

#[test]
fn the_help_fits_where_there_is_no_terminal() {
    let commands: [&[&str]; 14] = [
        &[],
        &["generate"],
        &["batch"],
        &["task"],
        &["task", "wait"],
        &["check"],
        &["models"],
        &["schema"],
        &["schema", "import"],
        &["schema", "rust"],
        &["schema", "lint"],
        &["schema", "diff"],
        &["sandbox"],
        &["completions"],
    ];
    for command in commands {
        let run = inkstone(&[command, &["--help"]].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}");
        for line in run.stdout.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}

#[test]
fn completions_are_printed() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = inkstone(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        assert!(run.stdout.contains("negative-prompt"), "{shell}");
    }
}
