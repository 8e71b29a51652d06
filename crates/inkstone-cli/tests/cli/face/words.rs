//! Rules in the words of flags, and hints that fit.

use serde_json::json;

use crate::support::command::{bare, inkstone, run};

/// What a refused `generate` says, line by line.
fn said(args: &[&str]) -> Vec<String> {
    let run = inkstone(&[&["generate", "a cat", "--sandbox"], args].concat());
    assert_eq!(run.stdout, "", "{run:#?}");
    run.stderr.lines().map(str::to_owned).collect()
}

#[test]
fn a_rule_is_told_in_the_words_of_flags() {
    let cases: [(&[&str], &str); 8] = [
        (
            &["--model=wan2.7-image-pro", "--negative-prompt=x"],
            "  wan2.7-image-pro takes no --negative-prompt; these models do: ",
        ),
        (
            &["--model=qwen-image-edit-2509"],
            "  qwen-image-edit-2509 needs --image",
        ),
        (&["--n=9"], "  --n: expected at most 4, found 9"),
        (
            &["--set=sede=3"],
            "  --set sede: wan2.7-image-pro has no such field: did you mean seed?",
        ),
        (
            &["--set=frob=3"],
            "  --set frob: wan2.7-image-pro has no such field, only model, prompt, ",
        ),
        (
            &["--model=qwen-image-edit-2509", "--set=image=\"x\""],
            "  --set image: expected a URL, or a picture as a data: URI, found \"x\"",
        ),
        (
            &["--size=7x"],
            "  --size: expected one of \"1K\", \"2K\", \"4K\"; or ",
        ),
        (
            &[
                "--model=qwen-image-max",
                "--api=dashscope",
                "--image=https://a/b.png",
            ],
            "error: qwen-image-max takes no --image; these models do: ",
        ),
    ];
    for (args, expected) in cases {
        let lines = said(args);
        assert!(
            lines.iter().any(|line| line.starts_with(expected)),
            "{args:?}: {lines:#?}"
        );
        for sign in ["^(", "[A-Z", "\\[", "a match of"] {
            assert!(!lines.concat().contains(sign), "{args:?}: {lines:#?}");
        }
    }
}

/// A value that is none of what the user typed is not shown: they are counted.
#[test]
fn more_pictures_than_one_are_counted() {
    let model = "qwen-image-edit-2509";
    let pictures = ["https://a/b.png", "https://a/c.png"];
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let request = json!({"model": model, "prompt": "a hat", "image": pictures});
    let file = write("request.json", request.to_string());
    let [first, second] = pictures;
    let table = format!("prompt,model,image\na hat,{model},{first}|{second}\n");
    let jobs = write("jobs.csv", table);
    let lists = format!("hint: `inkstone models gateway/{model}` lists what it accepts\n");
    let broken = format!("error: the request breaks a rule of gateway/{model}\n");
    let in_body = "/image: type: expected one picture, found 2";
    let (model, first) = (format!("--model={model}"), format!("--image={first}"));
    let second = format!("--image={second}");
    let generate = ["generate", "a hat", "--dry-run", &model, &first, &second];
    let said = format!("{broken}  --image: expected one picture, found 2\n{lists}");
    inkstone(&generate).ended(3, "", &said);
    let chinese = run(bare().args(generate).env("LC_ALL", "zh_CN.UTF-8"));
    let line = "  --image：应为一张图片，实际为 2\n";
    assert!(chinese.stderr.contains(line), "{chinese:#?}");
    inkstone(&["check", &file]).ended(3, "", &format!("{broken}  {in_body}\n{lists}"));
    let batch = inkstone(&["batch", &jobs, "--dry-run", "--out=out"]);
    let line = format!("  line 2, job \"a-hat\": {in_body} (gateway/qwen-image-edit-2509)\n");
    assert!(batch.stderr.contains(&line), "{batch:#?}");
    // What is no list of pictures is shown as it is.
    let set = [
        "generate",
        "a hat",
        "--dry-run",
        &model,
        "--set=image=[7,8]",
    ];
    let said = format!("{broken}  --set image: expected a string, found [7,8]\n{lists}");
    inkstone(&set).ended(3, "", &said);
}

#[test]
fn no_document_shows_a_regular_expression() {
    let names = inkstone(&["models"]).stdout;
    for name in names
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next())
    {
        let table = inkstone(&["models", name]).stdout;
        for sign in ["a match of", "[0-9]", "\\", "?:", "^"] {
            assert!(!table.contains(sign), "{name}: {sign}: {table}");
        }
    }
}

#[test]
fn a_size_is_understood_as_people_write_it() {
    let sizes = [
        ("wan2.7-image-pro", "2k", "2K"),
        ("wan2.7-image-pro", " 4K ", "4K"),
        ("wan2.7-image-pro", "1920×1080", "1920x1080"),
        ("wan2.7-image-pro", "1920 X 1080", "1920x1080"),
        ("wan2.7-image-pro", "1920*1080", "1920*1080"),
        ("qwen-image-2.0", "1024x1024", "1024*1024"),
        ("qwen-image-2.0", "1024×1024", "1024*1024"),
    ];
    for (model, given, sent) in sizes {
        let args = [
            "generate",
            "a",
            "--dry-run",
            "--model",
            model,
            "--size",
            given,
        ];
        let body = inkstone(&args).json();
        let size = body
            .pointer("/size")
            .or_else(|| body.pointer("/parameters/size"));
        assert_eq!(size.and_then(|size| size.as_str()), Some(sent), "{given}");
    }
}

#[test]
fn a_wrong_model_gets_the_nearest_three() {
    let cases = [
        (
            "qwen-image-2.0-prop",
            "hint: did you mean \"qwen-image-2.0-pro\", ",
        ),
        ("Qwen-Image-Max", "hint: did you mean \"qwen-image-max\", "),
        ("dall-e", "hint: `inkstone models` lists the models"),
    ];
    for (model, hint) in cases {
        for args in [&["generate", "a", "--model", model][..], &["models", model]] {
            let run = inkstone(args);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:#?}");
            let lines: Vec<_> = run.stderr.lines().collect();
            assert_eq!(lines.len(), 2, "{run:#?}");
            assert!(lines[1].starts_with(hint), "{run:#?}");
            assert!(lines[1].matches('"').count() <= 6, "{run:#?}");
        }
    }
    let named = inkstone(&[
        "generate",
        "a",
        "--dry-run",
        "--model",
        "dashscope/wan2.7-image-pro",
    ]);
    assert!(named.json()["input"].is_object(), "{named:#?}");
}

#[test]
fn a_missing_file_is_exit_code_2_everywhere() {
    let commands: [&[&str]; 16] = [
        &[
            "generate",
            "a",
            "--image",
            "nowhere",
            "--model=qwen-image-edit-2509",
        ],
        &["generate", "--prompt-file", "nowhere"],
        &["generate", "--from", "nowhere"],
        &["batch", "nowhere", "--out", "x", "--sandbox"],
        &[
            "batch",
            "Cargo.toml",
            "--out",
            "x",
            "--sandbox",
            "--prices",
            "nowhere",
        ],
        &["check", "nowhere"],
        &["check", "--document", "nowhere", "Cargo.toml"],
        &["check", "--document", "Cargo.toml", "nowhere"],
        &["schema", "import", "nowhere", "--into", "x"],
        &["schema", "draft", "nowhere"],
        &["schema", "rust", "nowhere"],
        &["schema", "lint", "nowhere"],
        &[
            "schema",
            "lint",
            "../../schemas/gateway/qwen-image-max.json",
            "--settings",
            "nowhere",
        ],
        &["schema", "diff", "nowhere", "Cargo.toml"],
        &["schema", "operations", "nowhere"],
        &["sandbox", "--port=0", "--script", "nowhere"],
    ];
    for command in commands {
        let run = run(bare().args(command).current_dir(env!("CARGO_MANIFEST_DIR")));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{command:?}: {run:#?}"
        );
        let names_it = run.stderr.starts_with("error: ") && run.stderr.contains("nowhere");
        assert!(names_it, "{command:?}: {run:#?}");
    }
}

#[test]
fn a_time_limit_is_seconds_and_not_nothing() {
    for limit in ["0", "0s", "soon", "-3"] {
        let flag = format!("--timeout={limit}");
        let run = inkstone(&["generate", "a", "--sandbox", &flag]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:#?}");
        assert!(run.stderr.contains("--timeout <DURATION>"), "{run:#?}");
    }
    // Nobody answers, and after a second nobody is waited for any more.
    let url = crate::support::server::serve(|_, _, _| None);
    let out = tempfile::tempdir().unwrap();
    let began = std::time::Instant::now();
    let run = inkstone(&[
        "generate",
        "a",
        "--timeout=1",
        "--base-url",
        &url,
        "--out",
        out.path().to_str().unwrap(),
    ]);
    assert_eq!(run.code, 7, "{run:#?}");
    assert!(began.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn hints_name_the_command_that_ran() {
    let cases: [(&[&str], &str); 3] = [
        (&["generate", "a", "--out=x"], "`inkstone generate --help`"),
        (&["task", "list"], "`inkstone task list --help`"),
        (&["task", "show", "1"], "`inkstone task show --help`"),
    ];
    for (command, hint) in cases {
        let directory = tempfile::tempdir().unwrap();
        let plain = "--base-url=http://example.com";
        let mut command = crate::support::command::with_keys()
            .args(command)
            .arg(plain)
            .current_dir(directory.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8(std::mem::take(&mut command.stderr)).unwrap();
        assert_eq!(command.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(hint), "{stderr}");
    }
}

#[test]
fn the_id_of_a_request_is_told_once() {
    let url = crate::support::server::always(crate::support::server::reply(
        400,
        "application/json",
        r#"{"code":"InvalidParameter","message":"no (request id: req-77)","request_id":"req-77"}"#,
    ));
    let out = tempfile::tempdir().unwrap();
    let run = inkstone(&[
        "generate",
        "a",
        "--api=dashscope",
        "--base-url",
        &url,
        "--out",
        out.path().to_str().unwrap(),
    ]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert_eq!(run.stderr.matches("req-77").count(), 1, "{run:#?}");
}

#[test]
fn an_import_that_replaces_another_document_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let document = |most: u32, more: &str| {
        format!(
            r#"{{"openapi":"3.1.0","info":{{"title":"t","version":"1"}},"paths":{{"/a":{{"post":{{
            "operationId":"a","requestBody":{{"content":{{"application/json":{{"schema":
            {{"type":"integer","maximum":{most}}}}}}}}},"responses":{{"200":{{"description":"d"}}}}}}}}{more}}}}}"#
        )
    };
    let import = |text: &str| {
        let file = directory.path().join("a.json");
        std::fs::write(&file, text).unwrap();
        let into = directory.path().join("schemas");
        run(bare()
            .args(["schema", "import"])
            .arg(&file)
            .arg("--into")
            .arg(&into))
    };
    let first = import(&document(6, ""));
    assert!(
        first.stdout.starts_with("imported ") && first.stderr.is_empty(),
        "{first:#?}"
    );
    let same = import(&document(6, ""));
    assert!(
        same.stdout.starts_with("unchanged ") && same.stderr.is_empty(),
        "{same:#?}"
    );
    let narrower = import(&document(4, ""));
    assert!(narrower.stdout.starts_with("replaced "), "{narrower:#?}");
    let verdict = "a.json was a different document: 1 breaking and 0 additive changes (major)\n";
    assert!(
        narrower.stderr.starts_with("warning: ") && narrower.stderr.ends_with(verdict),
        "{narrower:#?}"
    );
    let wider = import(&document(8, ""));
    let verdict = "a.json was a different document: 0 breaking and 1 additive changes (minor)\n";
    assert!(wider.stderr.ends_with(verdict), "{wider:#?}");
}

#[test]
fn operations_are_listed_and_changes_told_in_markdown() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, most: u32| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /pets:\n    post:\n      operationId: addPet\n      summary: Add a *pet*\n      parameters:\n        - {{name: n, in: query, schema: {{type: integer, maximum: {most}}}}}\n      responses: {{'200': {{description: d}}}}\nwebhooks:\n  newPet:\n    post:\n      summary: A pet came\n      responses: {{'200': {{description: d}}}}\n"
        );
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (old, new) = (write("old.yaml", 6), write("new.yaml", 4));
    let run = inkstone(&["schema", "operations", &old]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let listed: Vec<&str> = run.stdout.lines().collect();
    let expected = [
        "POST    /pets  addPet: Add a *pet*",
        "POST    webhook newPet  A pet came",
    ];
    assert_eq!(listed, expected);
    let json = inkstone(&["schema", "operations", "--json", &old]).json();
    let told = |at: usize| {
        let [path, incoming] = ["path", "incoming"].map(|name| json[at][name].clone());
        (path, incoming)
    };
    assert_eq!(
        [told(0), told(1)],
        [
            ("/pets".into(), false.into()),
            ("webhook newPet".into(), true.into())
        ]
    );
    let run = inkstone(&["schema", "diff", "--format=markdown", &old, &new]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(
        run.stdout.starts_with(
            "**major**: 1 breaking, 0 additive, 0 neutral\n\n### Breaking\n\n- `POST /pets` "
        ),
        "{run:#?}"
    );
}

#[test]
fn manual_pages_are_printed_and_written() {
    let run = inkstone(&["man"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains(".TH inkstone 1"), "{run:#?}");
    let directory = tempfile::tempdir().unwrap();
    let run = inkstone(&["man", "--into", directory.path().to_str().unwrap()]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    for page in ["inkstone.1", "inkstone-generate.1", "inkstone-task-wait.1"] {
        assert!(directory.path().join(page).exists(), "{page}");
    }
}

#[test]
fn shells_complete_models_states_and_regions() {
    let script = inkstone(&["completions", "bash"]).stdout;
    for word in ["wan2.7-image-pro", "ap-southeast-1", "succeeded"] {
        assert!(script.contains(word), "{word}");
    }
    // Names that are not known yet are left to the API's documents to judge.
    let run = inkstone(&["generate", "a", "--region", "mars"]);
    assert!(
        run.stderr.contains("there is no region \"mars\"") || run.stderr.contains("has no regions"),
        "{run:#?}"
    );
}
