//! Chinese, by flag or locale; codes and JSON stay English.

use crate::support::command::{Run, bare, run};
use crate::support::server::{always, reply};
use crate::support::terminal::fits;

fn in_language(environment: &[(&str, &str)], args: &[&str]) -> Run {
    run(bare().args(args).envs(environment.iter().copied()))
}

const CHINESE: &[(&str, &str)] = &[("LC_ALL", "zh_CN.UTF-8")];

#[test]
fn messages_are_in_the_language_of_the_flag_or_the_locale() {
    let wrong = ["generate", "一只猫", "--model", "wan2.7-image-prp"];
    let english = "error: no document describes the model \"wan2.7-image-prp\"
hint: did you mean \"wan2.7-image-pro\" or \"wan2.7-image\"?
";
    let chinese = "错误：没有文档描述模型 \"wan2.7-image-prp\"
提示：您是想用 \"wan2.7-image-pro\" 还是 \"wan2.7-image\"？
";
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let cases: [Case<'_>; 9] = [
        (&[], &[], english),
        (CHINESE, &[], chinese),
        (&[], &["--lang", "zh"], chinese),
        (&[], &["--lang=zh"], chinese),
        (CHINESE, &["--lang=en"], english),
        (&[("LC_ALL", ""), ("LANG", "zh_TW.UTF-8")], &[], chinese),
        (
            &[("LC_ALL", ""), ("LANG", "zh_CN.utf8@pinyin")],
            &[],
            chinese,
        ),
        // What is said is in UTF-8.
        (&[("LC_ALL", "zh_CN.GBK")], &[], english),
        (&[("LC_ALL", "zh_CN.GBK")], &["--lang=zh"], chinese),
    ];
    for (environment, flags, expected) in cases {
        in_language(environment, &[&wrong[..], flags].concat()).ended(2, "", expected);
    }
    // After `--`, it is a prompt.
    let run = in_language(&[], &["generate", "--model=x", "--", "--lang=zh"]);
    assert!(run.stderr.starts_with("error: "), "{run:#?}");
}

#[test]
fn what_the_libraries_and_documents_say_is_in_chinese_too() {
    let wrong = [
        "generate",
        "一只猫",
        "--sandbox",
        "--api=dashscope",
        "--model=qwen-image-3.0",
        "--image=https://example.com/cat.png",
        "--size=2049*2048",
        "--n=9",
        "--set=parameters.prompt_extend_mode=\"agent\"",
    ];
    let expected = "警告：--size (/parameters/size): 超过 2048*2048 像素：厂商的页面不允许，但有一次测试中 2560*2560 被接受
错误：请求违反了 dashscope/qwen-image-3.0 的 2 条规则
  --n：应为至多 6，实际为 9
  --set parameters.prompt_extend_mode：应为以下之一：\"direct\"（条件：给出图片），实际为 \"agent\"
提示：`inkstone models dashscope/qwen-image-3.0` 列出它接受什么
";
    in_language(CHINESE, &wrong).ended(3, "", expected);
    let closed = [
        "generate",
        "一只猫",
        "--api=dashscope",
        "--base-url=http://127.0.0.1:9",
        "--allow-http",
        "--timeout=30s",
    ];
    let key = ("DASHSCOPE_API_KEY", "k");
    let run = in_language(&[CHINESE[0], key], &closed);
    assert!(run.stderr.contains("错误：无法连接 API："), "{run:#?}");
    let models = in_language(CHINESE, &["models", "dashscope/qwen-image-3.0"]);
    let size = "\n  parameters.size                   W*H, 512²–2560² 像素, 宽高比 1:8–8:1\n";
    assert!(models.stdout.contains(size), "{models:#?}");
}

#[test]
fn the_help_of_every_command_is_in_chinese() {
    let commands: [&[&str]; 27] = [
        &[],
        &["generate"],
        &["batch"],
        &["task"],
        &["task", "list"],
        &["task", "show"],
        &["task", "wait"],
        &["task", "cancel"],
        &["check"],
        &["models"],
        &["schema"],
        &["schema", "import"],
        &["schema", "draft"],
        &["schema", "rust"],
        &["schema", "lint"],
        &["schema", "diff"],
        &["schema", "operations"],
        &["schema", "keywords"],
        &["schema", "members"],
        &["sandbox"],
        &["studio"],
        &["serve"],
        &["mcp"],
        &["doctor"],
        &["completions"],
        &["man"],
        &["help"],
    ];
    for command in commands {
        for help in ["--help", "-h"] {
            let command: Vec<&str> = match command {
                ["help"] => vec!["help", "generate"],
                _ => [command, &[help]].concat(),
            };
            let run = in_language(CHINESE, &command);
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}");
            for english in [
                "Usage:",
                "Options:",
                "Arguments:",
                "Commands:",
                "Print ",
                "[default: ",
                " the ",
                "[OPTIONS]",
            ] {
                assert!(
                    !run.stdout.contains(english),
                    "{command:?}: {english}: {}",
                    run.stdout
                );
            }
            assert!(run.stdout.contains("用法："), "{command:?}");
            fits(&run.stdout, 80, &command);
        }
    }
}

#[test]
fn errors_of_usage_are_in_chinese_too() {
    let cases: [(&[&str], &str); 13] = [
        (
            &["generate", "a", "--sizee", "2K"],
            "错误：意外的参数 '--sizee'\n\n  建议：有相近的参数：'--size'\n",
        ),
        (
            &["generate", "a", "--n", "abc"],
            "错误：'--n <N>' 的值 'abc' 无效：不是整数\n",
        ),
        (
            &["generate", "a", "--n", "99999999999999999999"],
            "错误：'--n <N>' 的值 '99999999999999999999' 无效：数字太大\n",
        ),
        (
            &["batch", "a", "--out", "o", "--concurrency", "0"],
            "的值 '0' 无效：0 不在 1..=",
        ),
        (
            &["generate", "a", "--n"],
            "错误：'--n <N>' 需要一个值，却没有给出\n",
        ),
        (
            &["generate", "a", "-1"],
            "错误：意外的参数 '-1'\n\n  建议：要把 '-1' 当作值，请用 '-- -1'\n",
        ),
        (
            &["--lang", "zh"],
            "错误：'inkstone' 需要一个子命令，却没有给出\n  [子命令：generate, ",
        ),
        (
            &["generate", "a", "--set", "x"],
            "错误：'--set <FIELD=JSON>' 的值 'x' 无效：应为 FIELD=JSON",
        ),
        (
            &["generate", "a", "--sandbox", "--base-url", "http://a"],
            "错误：参数 '--sandbox' 不能与 '--base-url <URL>' 同时使用\n",
        ),
        (
            &["serve", "--listen", "x"],
            "错误：'--listen <ADDR:PORT>' 的值 'x' 无效：不是地址和端口",
        ),
        (&["generate"], "错误：没有给出必需的参数：\n  <PROMPT>\n"),
        (
            &["generate", "a", "--api", "gatway"],
            "的值 'gatway' 无效\n  [可用的值：",
        ),
        (
            &["generat"],
            "错误：不认识的子命令 'generat'\n\n  建议：有相近的子命令：'generate'\n",
        ),
    ];
    for (args, expected) in cases {
        let run = in_language(CHINESE, args);
        assert_eq!(run.code, 2, "{args:?}: {run:#?}");
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
        assert!(
            run.stderr.ends_with("更多信息请用 '--help'。\n"),
            "{run:#?}"
        );
    }
}

#[test]
fn json_and_names_stay_english() {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let run = in_language(
        CHINESE,
        &[
            "generate",
            "a",
            "--json",
            "--out",
            place,
            "--base-url=http://127.0.0.1:1",
        ],
    );
    let json = run.json();
    assert_eq!(
        (run.code, &json["stage"]),
        (5, &"account".into()),
        "{run:#?}"
    );
    assert_eq!(
        json["error"],
        "no key: the environment variable INKSTONE_API_KEY is not set"
    );
    let jobs = out.path().join("jobs.txt");
    std::fs::write(&jobs, "a cat\n").unwrap();
    let batch = in_language(
        CHINESE,
        &["batch", jobs.to_str().unwrap(), "--sandbox", "--out", place],
    );
    assert_eq!(batch.code, 0, "{batch:#?}");
    assert_eq!(batch.json()["jobs"]["done"], 1);
    assert!(out.path().join("a-cat.png").exists());
}

#[test]
fn a_batch_that_fails_is_told_in_chinese_and_its_sheet_is_english() {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let jobs = out.path().join("jobs.jsonl");
    let job = "{\"id\":\"a\",\"model\":\"wan2.7-image-pro\",\"prompt\":\"a cat\"}\n";
    std::fs::write(&jobs, job).unwrap();
    let refused = r#"{"error":{"message":"no","code":"invalid_request"}}"#;
    let url = always(reply(400, "application/json", refused));
    let args = [
        "batch",
        jobs.to_str().unwrap(),
        "--out",
        place,
        "--base-url",
        &url,
    ];
    let key = ("INKSTONE_API_KEY", "k");
    let run = in_language(&[CHINESE[0], key], &args);
    assert_eq!(run.code, 4, "{run:#?}");
    let told = "\n  1 个被拒绝：没有计费；请更正请求，并给它一个新的 id\n";
    assert!(run.stderr.contains(told), "{run:#?}");
    for file in ["index.html", "summary.json"] {
        let text = std::fs::read_to_string(out.path().join(file)).unwrap();
        let is_chinese = |c: char| ('\u{3000}'..'\u{a000}').contains(&c);
        assert!(!text.contains(is_chinese), "{file}: {text}");
    }
}

/// Whether a text has three English words in a row.
fn has_english(text: &str) -> bool {
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words: Vec<&str> = text.split(' ').collect();
    words
        .windows(3)
        .any(|words| words.iter().all(|word| is_word(word)))
}

#[test]
fn what_goes_wrong_in_any_command_is_told_in_chinese() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(directory.path().join(name), text).unwrap();
    };
    write(
        "bad.jsonl",
        "{\"id\":\"a\",\"model\":\"wan2.7-image-pro\",\"n\":9}\n",
    );
    write(
        "long.jsonl",
        &format!("{{\"id\":\"{}\"}}\n", "a".repeat(999)),
    );
    write("good.txt", "a cat\n");
    write("prices.json", "{\"currency\":\"CNY\"}");
    write("page.txt", "nothing\n");
    write(
        "keys.json",
        "{\"keys\":[{\"name\":\"a\",\"sha256\":\"1\"}]}",
    );
    let cases = [
        ("batch bad.jsonl --sandbox --out o", "第 1 行，任务 \"a\"："),
        ("batch long.jsonl --sandbox --out o", "\"id\" 超过"),
        (
            "batch good.txt --base-url http://a --dry-run --prices prices.json --out o",
            "不是价目表",
        ),
        ("serve --listen 0.0.0.0:0 --sandbox", "从其他机器可以访问"),
        (
            "serve --keys keys.json",
            "keys.json 不是密钥文件：a：sha256",
        ),
        ("serve --keys keys.json --max-images 1", "用于 --add-key"),
        (
            "serve --base-url http://127.0.0.1:9",
            "--base-url 是一个 API 的地址",
        ),
        ("mcp --http 0.0.0.0:0", "从其他机器可以访问"),
        (
            "sandbox --document a.json b.json --operation x",
            "--operation 只用于单个 --document",
        ),
        ("schema draft page.txt", "请在页面里加上该操作的 curl 命令"),
        ("schema import page.txt --into o", "什么也没有导入"),
        ("generate a --set x=1 --set a..b=1 --dry-run", "不是字段"),
        (
            "generate a --async --document page.txt",
            "page.txt 无法使用",
        ),
    ];
    for (line, expected) in cases {
        let args: Vec<&str> = line.split(' ').collect();
        let mut command = bare();
        command.args(&args).current_dir(directory.path());
        let run = run(command.env("LC_ALL", "zh_CN.UTF-8"));
        assert!(run.code >= 2, "{line}: {run:#?}");
        assert!(run.stderr.contains(expected), "{line}: {run:#?}");
        // What a page or a document has wrong is told in English.
        let is_own = !line.contains("page.txt");
        assert!(!is_own || !has_english(&run.stderr), "{line}: {run:#?}");
    }
}

#[test]
fn what_is_wrong_and_what_changed_in_documents_is_told_in_chinese() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let old = file(
        "old.json",
        r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}"#,
    );
    let new = file(
        "new.json",
        r#"{"type": "object", "properties": {"a": {"type": "string", "default": 1}}}"#,
    );
    let run = in_language(CHINESE, &["schema", "diff", &old, &new]);
    run.ended(
        0,
        "schema\n\
         \x20 ! 不兼容  /a: 不再必填（请求：新增，应答：不兼容）\n\
         \x20 = 中性    /a: default 无 → 1\n\
         1 处不兼容，0 处新增，1 处中性\n\
         major\n",
        "",
    );
    let run = in_language(CHINESE, &["schema", "lint", &new]);
    let said = "警告：default 1 的类型不是 \"string\" [default-wrong-type]\n";
    assert!(run.stdout.starts_with(said), "{run:#?}");
    assert!(run.stdout.contains("= 帮助：写 \"1\"\n"), "{run:#?}");
    let members = ["a", "b", "c", "d"].map(|name| format!(r#""{name}": {{"maxlength": 3}}"#));
    let repeated = file(
        "repeated.json",
        &format!(r#"{{"properties": {{{}}}}}"#, members.join(", ")),
    );
    let run = in_language(CHINESE, &["schema", "lint", &repeated]);
    let said = format!("= 见于：共 4 处，另见 {repeated}:1:59；{repeated}:1:82；还有 1 处\n");
    assert!(run.stdout.contains(&said), "{run:#?}");
    // What programs read stays as it is.
    let json = in_language(CHINESE, &["schema", "lint", "--json", &new]).json();
    assert_eq!(
        json["findings"][0]["message"],
        "default 1 is not of type \"string\""
    );
    let markdown = in_language(
        CHINESE,
        &["schema", "diff", "--format=markdown", &old, &new],
    );
    assert!(
        markdown.stdout.contains("is no longer required"),
        "{markdown:#?}"
    );
}
