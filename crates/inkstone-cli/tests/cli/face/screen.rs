//! What a terminal shows: two lines at the end of a batch, colours, lines that fit, pictures.

#![cfg(target_os = "linux")]

use std::fs;

use crate::support::command::{bare, run};
use crate::support::scene::{Scene, asked, job, replies};
use crate::support::server::reply;
use crate::support::terminal::{columns, in_raw_terminal, in_terminal};

/// The arguments of a batch with a sandbox.
fn batch(scene: &Scene) -> [String; 5] {
    let place = |path: std::path::PathBuf| path.display().to_string();
    [
        "batch",
        &place(scene.jobs()),
        "--out",
        &place(scene.out()),
        "--sandbox",
    ]
    .map(str::to_owned)
}

/// The last lines of a screen.
fn last(screen: &str, count: usize) -> Vec<String> {
    let lines: Vec<_> = screen
        .trim_end()
        .lines()
        .map(|line| line.trim().to_owned())
        .collect();
    lines[lines.len().saturating_sub(count)..].to_vec()
}

#[test]
fn a_batch_ends_with_two_lines_that_a_person_reads() {
    let scene = Scene::with_ids(&["a", "b"]);
    let args = batch(&scene);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let run = in_terminal(200, &[], &args);
    assert_eq!(run.code, 0, "{run:#?}");
    let out = scene.out().display().to_string();
    let [first, second] = <[String; 2]>::try_from(last(&run.stdout, 2)).unwrap();
    // A rehearsal costs nothing, and nobody needs to hear of money.
    assert_eq!(first, format!("2 done, 2 pictures → {out}/index.html"));
    assert!(second.starts_with("after "), "{second}");
    assert!(second.ends_with(&format!("; the whole account is in {out}/summary.json")));
    assert!(
        !run.stdout.contains("CNY") && !run.stdout.contains('{'),
        "{run:#?}"
    );

    let json = in_terminal(200, &[], &[&args[..], &["--json", "--resume"]].concat());
    assert!(json.stdout.contains("\"exit_code\": 0"), "{json:#?}");
}

/// In a pipe it is JSON: see `batch/complete.rs`.
#[test]
fn what_a_batch_may_cost_is_told_in_lines() {
    let scene = Scene::with_ids(&["a", "b"]);
    let args = batch(&scene);
    let plan = |flags: &[&str]| {
        let args: Vec<&str> = args[..4].iter().map(String::as_str).collect();
        in_terminal(90, &[], &[&args[..], &["--dry-run"], flags].concat())
    };
    let english = "\
2 jobs: at most 2 pictures, 0.40 CNY
  as of 2026-11-21, from the vendor's price list for Beijing, unverified: check
  it before you rely on it; a gateway may ask other prices
";
    plan(&["--lang=en"]).ended(0, english, "");
    let chinese = "\
2 个任务：最多 2 张图片，0.40 CNY
  截至 2026-11-21，来源：厂商的北京区域价目表，未经核实：使用前请核对；网关的价
  格可能不同
";
    plan(&["--lang=zh"]).ended(0, chinese, "");
    assert!(plan(&["--json"]).stdout.starts_with("{\n  \"jobs\": 2,"));
}

#[test]
fn what_was_spent_and_what_is_reserved_are_told_apart() {
    let scene = Scene::with_ids(&["a", "b", "c"]);
    // The outcome of one is not known, one is refused, one is made.
    let refused = r#"{"error":{"message":"no","code":"invalid_request"}}"#;
    let (url, count) = replies(vec![
        reply(200, "application/json", "{}"),
        reply(400, "application/json", refused),
    ]);
    let jobs = scene.jobs().display().to_string();
    let out = scene.out().display().to_string();
    let args = [
        "batch",
        &jobs,
        "--out",
        &out,
        "--base-url",
        &url,
        "--concurrency=1",
    ];
    let run = in_terminal(200, &[("INKSTONE_API_KEY", "sk-1")], &args);
    assert_eq!((run.code, asked(&count)), (7, 3), "{run:#?}");
    let line = format!(
        "1 done, 1 refused, 1 unknown, 1 picture, 0.20 CNY, and up to 0.20 CNY reserved → {out}/index.html\n"
    );
    assert!(run.stdout.contains(&line), "{run:#?}");
    let summary = fs::read(scene.out().join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(summary["images"]["spent"], 2);
    assert_eq!(summary["reserved"]["images"], 1);
    assert_eq!(summary["reserved"]["cost"]["by_currency"]["CNY"], 0.2);
}

#[test]
fn without_a_terminal_a_batch_says_that_it_goes_on() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;
    let scene = Scene::new(&[job("a"), job("b")]);
    let url = crate::support::server::serve(|_, _, _| None);
    let mut command = scene.command(&["--base-url", &url, "--concurrency=1"]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    // It comes though no job ends.
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        line,
        "0/2 done, 0.0/min, nothing spent, and up to 0.20 CNY reserved\n"
    );
}

#[test]
fn colours_are_as_the_environment_says() {
    let wrong = ["generate", "a", "--model", "wan"];
    let red = "\x1b[1;31merror: \x1b[0m";
    type Case<'a> = (&'a [(&'a str, &'a str)], bool);
    let cases: [Case<'_>; 4] = [
        (&[], true),
        (&[("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "")], true),
        (&[("CLICOLOR", "0")], false),
    ];
    for (environment, is_red) in cases {
        let run = in_raw_terminal(80, environment, &wrong);
        assert_eq!(run.code, 2);
        assert_eq!(
            run.stdout.contains(red),
            is_red,
            "{environment:?}: {run:#?}"
        );
        assert_eq!(
            run.stdout.contains("\x1b["),
            is_red,
            "{environment:?}: {run:#?}"
        );
    }
    let piped = |environment: &[(&str, &str)]| {
        run(bare().args(wrong).envs(environment.iter().copied())).stderr
    };
    assert!(!piped(&[]).contains('\x1b'));
    assert!(piped(&[("CLICOLOR_FORCE", "1")]).starts_with(red));
    assert!(!piped(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\x1b'));
}

#[test]
fn sixty_columns_are_enough_in_both_languages() {
    let commands: [&[&str]; 12] = [
        &["--help"],
        &["generate", "--help"],
        &["generate", "-h"],
        &["batch", "--help"],
        &["task", "wait", "--help"],
        &["models"],
        &["models", "wan2.7-image-pro"],
        &["doctor", "--help"],
        &["generate", "a cat"],
        &["generate", "a cat", "--model", "wan2.7-image-prp"],
        &[
            "generate",
            "a cat",
            "--n",
            "9",
            "--size",
            "1x1",
            "--negative-prompt",
            "x",
            "--sandbox",
        ],
        &["schema", "lint", "nowhere.json"],
    ];
    for language in ["en", "zh"] {
        for command in commands {
            let run = in_terminal(60, &[], &[command, &["--lang", language]].concat());
            for line in run.stdout.lines() {
                let columns = columns(line);
                assert!(!line.trim_start().starts_with([']', ')', '）']), "{line}");
                // Commands to be pasted and JSON are left whole.
                let is_whole = line.contains("inkstone ")
                    || line.contains('{')
                    || line.contains("[可用的值：")
                    || !line.trim().contains(' ');
                assert!(
                    columns <= 60 || is_whole,
                    "{command:?} {language}: {columns} {line}"
                );
            }
        }
    }
}

const MISTAKEN: &str = "openapi: 3.1.0
info: {title: 图, version: '1'}
paths:
  /pictures:
    get:
      responses:
        '200':
          description: 图片
          content:
            application/json:
              schema: {type: object, properties: {尺寸: {type: integer, default: '图片的尺寸，以像素为单位，不是厘米'}}}
        '2x': {description: 图片}
";

const IN_ENGLISH: &str = "\
warning: default \"图片的尺寸，以像素为单位，不是厘米\" is not
         of type \"integer\" [default-wrong-type]
  --> api.yaml:11:80
   |
11 | …default: '图片的尺寸，以像素为单位，不是厘米'}}}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = at: /paths/~1pictures/get/responses/200/content/application~1json/schema/properties/尺寸/default
   = help: remove the default, or correct it

warning: 2x is not an HTTP status; the response is skipped
         [skipped]
  --> api.yaml:12:9
   |
12 |         '2x': {description: 图片}
   |         ^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = at: /paths/~1pictures/get/responses/2x
   = help: write a status such as 200, a range such as 2XX,
           or default
   = in: GET /pictures

api.yaml: 0 errors, 2 warnings, 0 infos
";

const IN_CHINESE: &str = "\
警告：default \"图片的尺寸，以像素为单位，不是厘米\" 的类型不
      是 \"integer\" [default-wrong-type]
  --> api.yaml:11:80
   |
11 | …default: '图片的尺寸，以像素为单位，不是厘米'}}}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = 位置：/paths/~1pictures/get/responses/200/content/application~1json/schema/properties/尺寸/default
   = 帮助：删除 default，或者更正

警告：2x 不是 HTTP 状态码；已跳过该应答 [skipped]
  --> api.yaml:12:9
   |
12 |         '2x': {description: 图片}
   |         ^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = 位置：/paths/~1pictures/get/responses/2x
   = 帮助：写状态码（如 200）、范围（如 2XX）或 default
   = 见于：GET /pictures

api.yaml: 0 个错误，2 个警告，0 条提示
";

/// What is said of a place in a document is in the words and columns of the terminal too.
#[test]
fn what_is_found_in_a_document_fits_the_terminal_in_its_language() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("api.yaml");
    fs::write(&file, MISTAKEN).unwrap();
    let shown = |columns, language| {
        let run = in_terminal(
            columns,
            &[],
            &[
                "schema",
                "lint",
                &file.display().to_string(),
                "--lang",
                language,
            ],
        );
        let name = file.display().to_string();
        run.stdout.replace(&name, "api.yaml")
    };
    assert_eq!(shown(60, "en"), IN_ENGLISH);
    assert_eq!(shown(60, "zh"), IN_CHINESE);
}

/// What a message quotes may differ from other text in nothing but its spaces.
#[test]
fn no_space_of_what_is_quoted_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("api.json");
    let shown = |default: &str| {
        let schema = format!(r#"{{"type":"string","default":"{default}","enum":["a b"]}}"#);
        fs::write(&file, schema).unwrap();
        let file = file.display().to_string();
        in_terminal(80, &[], &["schema", "lint", &file, "--lang=en"]).stdout
    };
    for default in ["a  b", "a\u{3000}b"] {
        let screen = shown(default);
        let told = format!("default \"{default}\" is not among the values");
        assert!(screen.contains(&told), "{screen}");
    }
}

const WITHOUT_EFFECT: &str = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: a
          content:
            application/json:
              schema: {type: string, nullable: true, enum: [a, b]}
";

/// What has no location is broken once, with the label that stands before it.
#[test]
fn what_is_said_without_its_text_is_broken_once() {
    let directory = tempfile::tempdir().unwrap();
    let files = ["old.yaml", "new.yaml"].map(|name| {
        let path = directory.path().join(name);
        fs::write(&path, WITHOUT_EFFECT).unwrap();
        path.display().to_string()
    });
    let [old, new] = &files;
    let shown = |language| {
        let run = in_terminal(60, &[], &["schema", "diff", old, new, "--lang", language]);
        let first = run.stdout.split("\n\n").next().unwrap_or_default();
        first.replace(old, "old.yaml")
    };
    let english = "\
warning:
old.yaml#/paths/~1a/get/responses/200/content/application~1json/schema:
nullable: has no effect here by OpenAPI 3.0, where the rest
of the schema refuses null; null is accepted, as is commonly
meant
    fix the document, or add a correction beside it
    in GET /a, response 200";
    assert_eq!(shown("en"), english);
    let chinese = "\
警告：
old.yaml#/paths/~1a/get/responses/200/content/application~1json/schema:
nullable：按 OpenAPI 3.0 在此没有作用，因为 schema 的其余部
分拒绝 null；按通常的本意接受 null
    修正文档，或在旁边添加更正
    见于：GET /a，应答 200";
    assert_eq!(shown("zh"), chinese);
}

/// A job has its account since the batch began; a worker does those of the accounts it is told.
#[test]
fn an_account_is_another_thing_to_a_worker() {
    let told = |command: &[&str], language: &str| {
        let help = run(bare().args(command).args(["--help", "--lang", language])).stdout;
        let rest = help.split("--account <NAME>\n").nth(1).unwrap_or_default();
        let lines = rest.lines().take_while(|line| !line.is_empty());
        lines.map(str::trim).collect::<Vec<_>>().join(" ")
    };
    let keys = "give it again for each. Its keys are in variables that end with its name, as in \
                DASHSCOPE_API_KEY_EAST for east";
    assert_eq!(
        told(&["batch"], "en"),
        format!(
            "An account to send by, with --journal; {keys}. Jobs that name none are spread over \
             them"
        )
    );
    let worker = format!("An account whose jobs this worker does; {keys}");
    assert_eq!(told(&["batch", "work"], "en"), worker);
    let chinese = told(&["batch", "work"], "zh");
    assert!(
        chinese.starts_with("由这个工作进程执行其任务的账户；"),
        "{chinese}"
    );
}

/// What stands behind the help: rows hang, paragraphs flow, and examples stay whole.
#[test]
fn what_stands_behind_help_is_laid_out_for_the_terminal() {
    let cases = [
        (
            "en",
            ["--help", "--verbose"],
            "
  INKSTONE_JOURNAL    a shared batch's database, for `batch
                      work`, `status` and the like; to begin
                      a batch there, give --journal; the
                      variable is not enough
  PGPASSWORD          its password;
",
        ),
        (
            "zh",
            ["--help", "--verbose"],
            "
  INKSTONE_JOURNAL    共享批次的数据库，供 `batch work`、
                      `status` 等使用；要在那里开始批次，请
                      给出 --journal，只有这个变量还不够
",
        ),
        (
            "en",
            ["batch", "--help"],
            "
prompts. Paths of pictures start from the directory of JOBS:
  prompt,image,model
",
        ),
        (
            "en",
            ["check", "--help"],
            "
  inkstone check --document api.yaml --operation listPets --reply 200 reply.json
",
        ),
        (
            "zh",
            ["completions", "--help"],
            "
  bash
      ~/.local/share/bash-completion/completions/inkstone
  zsh         fpath 中某个目录下的 _inkstone，例如 ~/.zfunc
",
        ),
    ];
    for (language, args, part) in cases {
        let args = [&["--lang", language], &args[..]].concat();
        let screen = in_terminal(60, &[], &args).stdout + "\n";
        assert!(screen.contains(part), "{screen}");
        // In a pipe, the lines are as long as the environment says.
        let piped = run(bare().args(&args).env("COLUMNS", "60")).stdout + "\n";
        assert_eq!(piped, screen);
    }
}

#[test]
fn what_is_too_narrow_for_prices_is_told() {
    let told = |columns| {
        let run = in_terminal(columns, &[], &["models", "--lang=en"]);
        (
            run.stdout.contains("PRICE"),
            run.stdout
                .contains("hint: 75 columns are needed to show prices"),
        )
    };
    assert_eq!([74, 75].map(told), [(false, true), (true, false)]);
}

/// What is longer than the terminal can't be drawn over: each time it is drawn, a line stays.
#[test]
fn the_progress_of_a_batch_fits_the_terminal_in_chinese() {
    let ids: Vec<String> = (0..30).map(|number| format!("job-{number}")).collect();
    let scene = Scene::new(&ids.iter().map(|id| job(id)).collect::<Vec<_>>());
    let args = batch(&scene);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let run = in_raw_terminal(60, &[], &[&args[..], &["--lang", "zh"]].concat());
    assert_eq!(run.code, 0, "{run:#?}");
    let drawn = run.stdout.split(['\r', '\n', '\x1b']);
    let drawn = drawn.map(|line| line.trim_start_matches(['[', '2', 'K', '1', 'A', 'B']));
    let bars: Vec<_> = drawn.filter(|line| line.contains('░')).collect();
    assert!(bars.iter().any(|bar| bar.contains("正在开始")), "{run:#?}");
    for bar in bars {
        assert!(columns(bar) <= 60, "{bar}");
    }
}

#[test]
fn a_picture_is_shown_where_it_is_asked_for() {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().display().to_string();
    let generate = [
        "generate",
        "a",
        "--sandbox",
        "--size=512x512",
        "--model=qwen-image-2.0",
        "--out",
        &place,
    ];
    // Blocks of colour, in any terminal.
    let always = in_raw_terminal(
        80,
        &[("COLORTERM", "truecolor")],
        &[&generate[..], &["--preview=always"]].concat(),
    );
    assert_eq!(always.code, 0, "{always:#?}");
    assert!(
        always.stdout.contains('▄') && always.stdout.contains(".png"),
        "{always:#?}"
    );
    // iTerm2 gets the picture itself, a plain terminal nothing.
    let auto = |environment: &[(&str, &str)], more: &[&str]| {
        in_raw_terminal(80, environment, &[&generate[..], more].concat()).stdout
    };
    let shows = |screen: &str| screen.contains('▄') || screen.contains("\x1b]1337;File=");
    assert!(!shows(&auto(&[], &[])));
    let iterm = [("TERM_PROGRAM", "iTerm.app")];
    assert!(shows(&auto(&iterm, &[])));
    assert!(!shows(&auto(&iterm, &["--preview=never"])));
    assert!(!shows(&auto(&iterm, &["--json"])));
    assert!(auto(&[("TERM", "foot")], &[]).contains("\x1bPq\"1;1;"));
    // Never in a pipe.
    let piped = run(bare().args(generate).arg("--preview=always"));
    assert_eq!(piped.stdout.lines().count(), 1, "{piped:#?}");
}
