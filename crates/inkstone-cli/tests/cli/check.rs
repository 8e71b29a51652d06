//! `inkstone check`: the verdicts on bodies of every model.

use serde_json::{Map, Value, json};

use crate::support::command::{bare, run, run_with_input};
use crate::support::server::{PIXEL, pixel};

/// What a case changes in a good body: `a.b` or `a.0.b`, and its new value;
/// none for a field that is taken out.
type Change = (&'static str, Option<Value>);

fn changed(good: &Value, changes: &[Change]) -> Value {
    let mut body = good.clone();
    for (path, value) in changes {
        let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
        let pointer: String = parent
            .split('.')
            .filter(|part| !part.is_empty())
            .map(|part| format!("/{part}"))
            .collect();
        match (body.pointer_mut(&pointer).unwrap(), value) {
            (Value::Object(members), Some(value)) => {
                members.insert(name.to_owned(), value.clone());
            }
            (Value::Object(members), None) => {
                members.remove(name);
            }
            (Value::Array(items), Some(value)) => items.push(value.clone()),
            (other, _) => panic!("{path}: {other}"),
        }
    }
    body
}

/// The verdicts on these bodies: what each breaks, as `pointer keyword`. They are checked in one
/// run, a body a line, against this document.
fn verdicts(document: &str, bodies: &[Value]) -> Vec<Vec<String>> {
    let (api, _) = document.split_once('/').unwrap();
    let lines: Vec<_> = bodies
        .iter()
        .map(|body| json!({"api": api, "request": body}).to_string())
        .collect();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bodies.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let run = run(bare().args(["check", "--json"]).arg(&file));
    let verdict = |line: &str| -> Vec<String> {
        let said: Value = serde_json::from_str(line).unwrap();
        let violations = said["violations"].as_array().unwrap().iter();
        let violations: Vec<_> = violations
            .map(|violation| {
                let (pointer, keyword) = (&violation["pointer"], &violation["keyword"]);
                format!(
                    "{} {}",
                    pointer.as_str().unwrap(),
                    keyword.as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(
            (&said["document"], &said["valid"]),
            (&json!(document), &json!(violations.is_empty())),
            "{line}"
        );
        violations
    };
    let verdicts: Vec<_> = run.stdout.lines().map(verdict).collect();
    let is_good = verdicts.iter().all(Vec::is_empty);
    assert_eq!(run.code, if is_good { 0 } else { 3 }, "{run:#?}");
    verdicts
}

/// Tries each change on a good body of every model, and expects these violations.
fn judge<E>(document: &str, models: &[&str], good: &Value, cases: &[(Vec<Change>, E)])
where
    E: std::fmt::Debug,
    Vec<String>: PartialEq<E>,
{
    let mut good = good.clone();
    let mut bodies = Vec::new();
    for model in models {
        good["model"] = json!(model);
        bodies.extend(cases.iter().map(|(changes, _)| changed(&good, changes)));
    }
    let found = verdicts(document, &bodies);
    assert_eq!(found.len(), bodies.len(), "{document}");
    let expected = cases.iter().map(|(_, expected)| expected).cycle();
    for ((body, found), expected) in bodies.iter().zip(found).zip(expected) {
        assert_eq!(found, *expected, "{body}");
    }
}

fn set(path: &'static str, value: impl Into<Value>) -> Vec<Change> {
    vec![(path, Some(value.into()))]
}

fn without(path: &'static str) -> Vec<Change> {
    vec![(path, None)]
}

/// The rules that all documents of a kind share for `n`, `seed` and `watermark`.
fn numbers(prefix: &str, most: u64) -> Vec<(Vec<Change>, Vec<String>)> {
    let path = |name: &str| -> &'static str {
        match prefix {
            "" => name.to_owned().leak(),
            _ => format!("{prefix}.{name}").leak(),
        }
    };
    let breaks = |name: &str, keyword: &str| {
        let pointer = path(name).replace('.', "/");
        vec![format!("/{pointer} {keyword}")]
    };
    vec![
        (set(path("n"), 1), vec![]),
        (set(path("n"), 1.0), vec![]),
        (set(path("n"), most), vec![]),
        (set(path("n"), 0), breaks("n", "minimum")),
        (set(path("n"), most + 1), breaks("n", "maximum")),
        (set(path("n"), 1.5), breaks("n", "type")),
        (set(path("n"), Value::Null), breaks("n", "type")),
        (set(path("n"), "1"), breaks("n", "type")),
        (set(path("seed"), 0), vec![]),
        (set(path("seed"), 2_147_483_647), vec![]),
        (set(path("seed"), -1), breaks("seed", "minimum")),
        (
            set(path("seed"), 2_147_483_648_u64),
            breaks("seed", "maximum"),
        ),
        (set(path("watermark"), true), vec![]),
        (set(path("watermark"), "true"), breaks("watermark", "enum")),
        (
            set(path("watermark"), Value::Null),
            breaks("watermark", "enum"),
        ),
    ]
}

fn judge_numbers(document: &str, models: &[&str], good: &Value, prefix: &str, most: u64) {
    judge(document, models, good, &numbers(prefix, most));
}

#[test]
fn gateway_models_with_tiers() {
    let good = json!({"prompt": "a cat"});
    let shared: Vec<(Vec<Change>, &[&str])> = vec![
        (vec![], &[]),
        (without("prompt"), &[" required"]),
        (set("prompt", ""), &["/prompt minLength"]),
        (set("prompt", 7), &["/prompt type"]),
        (set("prompt", json!(["a"])), &["/prompt type"]),
        (set("size", "1K"), &[]),
        (set("size", "2K"), &[]),
        (set("size", "4K"), &[]),
        (set("size", "8K"), &["/size anyOf"]),
        (set("size", "1920x1080"), &[]),
        (set("size", "1920*1080"), &[]),
        (set("size", "1920×1080"), &["/size anyOf"]),
        (set("size", "1920X1080"), &["/size anyOf"]),
        (set("size", " 1920x1080"), &["/size anyOf"]),
        (set("size", "01920x1080"), &["/size anyOf"]),
        (set("size", "+1920x1080"), &["/size anyOf"]),
        (set("size", "banana"), &["/size anyOf"]),
        (set("size", ""), &["/size anyOf"]),
        (set("size", Value::Null), &["/size anyOf"]),
        (
            set("image", "https://a/b.png"),
            &["/image additionalProperties"],
        ),
    ];
    let small: [(Vec<Change>, &[&str]); 4] = [
        (set("size", "512x512"), &[]),
        (set("size", "512x511"), &["/size anyOf"]),
        (set("size", "2048x2048"), &[]),
        (set("size", "2048x2049"), &["/size anyOf"]),
    ];
    let large: [(Vec<Change>, &[&str]); 8] = [
        (set("size", "768x768"), &[]),
        (set("size", "768x767"), &["/size anyOf"]),
        (set("size", "4096x4096"), &[]),
        (set("size", "4096x4097"), &["/size anyOf"]),
        (set("size", "8192x1024"), &[]),
        (set("size", "8193x1024"), &["/size anyOf"]),
        (set("size", "1024x8192"), &[]),
        (set("size", "1024x8193"), &["/size anyOf"]),
    ];
    for (model, own) in [
        ("qwen-image-2.0-2026-03-03", small.as_slice()),
        ("wan2.7-image-pro", large.as_slice()),
    ] {
        let document = format!("gateway/{model}");
        judge(&document, &[model], &good, &shared);
        judge(&document, &[model], &good, own);
        judge_numbers(&document, &[model], &good, "", 4);
    }
}

#[test]
fn gateway_qwen_image_max() {
    let good = json!({
        "model": "qwen-image-max", "prompt": "a cat", "size": "1328x1328",
        "n": 1, "watermark": false, "prompt_extend": true,
    });
    let mut cases: Vec<(Vec<Change>, &[&str])> = vec![
        (vec![], &[]),
        (set("size", "1328*1328"), &[]),
        (set("size", "512x512"), &[]),
        (set("size", "512x511"), &["/size x-area"]),
        (set("size", "2048x2048"), &[]),
        (set("size", "2049x2048"), &["/size x-area"]),
        (set("size", "2K"), &["/size pattern"]),
        (set("size", Value::Null), &["/size type"]),
        (set("n", 1.0), &[]),
        (set("n", 2), &["/n const"]),
        (set("watermark", "no"), &["/watermark enum"]),
        (set("prompt_extend", Value::Null), &["/prompt_extend type"]),
        (set("prompt", ""), &[]),
        (set("something_else", 7), &[]),
    ];
    for field in ["prompt", "size", "n", "watermark", "prompt_extend"] {
        cases.push((without(field), &[" required"]));
    }
    judge("gateway/qwen-image-max", &["qwen-image-max"], &good, &cases);
}

#[test]
fn gateway_qwen_image_edit() {
    let good = json!({"prompt": "a hat", "image": "https://a/b.png"});
    let cases: [(Vec<Change>, &[&str]); 13] = [
        (vec![], &[]),
        (without("prompt"), &[" required"]),
        (without("image"), &[" required"]),
        (set("image", "http://a/b"), &[]),
        (set("image", format!("data:image/png;base64,{PIXEL}")), &[]),
        (
            set(
                "image",
                "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
            ),
            &["/image x-image"],
        ),
        (
            set("image", "data:image/png;base64,iVBORw0KGgo="),
            &["/image x-image"],
        ),
        (set("image", "cat.png"), &["/image pattern"]),
        (set("image", "ftp://a/b"), &["/image pattern"]),
        (set("image", "https://a/b c"), &["/image pattern"]),
        (set("image", ""), &["/image pattern"]),
        (set("image", json!(["https://a/b.png"])), &["/image type"]),
        (set("something_else", 7), &[]),
    ];
    judge(
        "gateway/qwen-image-edit-2509",
        &["qwen-image-edit-2509"],
        &good,
        &cases,
    );
}

fn message() -> Value {
    json!({
        "input": {"messages": [{"role": "user", "content": [{"text": "a cat"}]}]},
        "parameters": {},
    })
}

/// The rules that all documents of DashScope share.
fn judge_messages(document: &str, models: &[&str]) {
    const CONTENT: &str = "input.messages.0.content";
    let other = json!({"role": "user", "content": [{"text": "b"}]});
    let cases: [(Vec<Change>, &[&str]); 15] = [
        (vec![], &[]),
        (without("parameters"), &[]),
        (without("input"), &[" required"]),
        (without("input.messages"), &["/input required"]),
        (
            set("input.messages", json!([])),
            &["/input/messages minItems"],
        ),
        (
            set("input.messages.1", other),
            &["/input/messages maxItems"],
        ),
        (
            without("input.messages.0.role"),
            &["/input/messages/0 required"],
        ),
        (
            set("input.messages.0.role", "system"),
            &["/input/messages/0/role const"],
        ),
        (set(CONTENT, "a cat"), &["/input/messages/0/content type"]),
        (set("parameters", json!([])), &["/parameters type"]),
        (set("parameters", Value::Null), &["/parameters type"]),
        (set("parameters.prompt_extend", false), &[]),
        (
            set("parameters.prompt_extend", 0),
            &["/parameters/prompt_extend type"],
        ),
        (set("parameters.negative_prompt", ""), &[]),
        (set("parameters.negative_prompt", "x".repeat(501)), &[]),
    ];
    judge(document, models, &message(), &cases);
}

#[test]
fn dashscope_qwen_image_2() {
    let document = "dashscope/qwen-image-2.0";
    let models = [
        "qwen-image-2.0",
        "qwen-image-2.0-pro",
        "qwen-image-2.0-pro-2026-06-22",
    ];
    judge_messages(document, &models);
    judge_numbers(document, &models[..1], &message(), "parameters", 6);
    let cases: [(Vec<Change>, &[&str]); 7] = [
        (set("parameters.size", "1664*928"), &[]),
        (set("parameters.size", "2688*1536"), &[]),
        (set("parameters.size", "512*512"), &[]),
        (
            set("parameters.size", "511*512"),
            &["/parameters/size x-area"],
        ),
        (
            set("parameters.size", "2048*2049"),
            &["/parameters/size x-area"],
        ),
        (
            set("parameters.size", "1664x928"),
            &["/parameters/size pattern"],
        ),
        (set("parameters.size", "2K"), &["/parameters/size pattern"]),
    ];
    judge(document, &models, &message(), &cases);
}

#[test]
fn dashscope_qwen_image_max() {
    let document = "dashscope/qwen-image-max";
    let models = ["qwen-image-max", "qwen-image-max-2025-12-30"];
    judge_messages(document, &models);
    let cases: [(Vec<Change>, &[&str]); 5] = [
        (set("parameters.size", "1000*1000"), &[]),
        (
            set("parameters.size", "2048*2049"),
            &["/parameters/size x-area"],
        ),
        (
            set("parameters.size", "1000x1000"),
            &["/parameters/size pattern"],
        ),
        (set("parameters.n", 1), &[]),
        (set("parameters.n", 2), &["/parameters/n const"]),
    ];
    judge(document, &models, &message(), &cases);
}

#[test]
fn dashscope_qwen_image_plus() {
    let document = "dashscope/qwen-image-plus";
    let models = ["qwen-image-plus", "qwen-image"];
    judge_messages(document, &models);
    let mut cases: Vec<(Vec<Change>, &[&str])> = vec![
        (
            set("parameters.size", "1000*1000"),
            &["/parameters/size enum"],
        ),
        (
            set("parameters.size", "1664x928"),
            &["/parameters/size enum"],
        ),
        (set("parameters.n", 2), &["/parameters/n const"]),
    ];
    for size in [
        "1664*928",
        "1472*1104",
        "1328*1328",
        "1104*1472",
        "928*1664",
    ] {
        cases.push((set("parameters.size", size), &[]));
    }
    judge(document, &models, &message(), &cases);
}

#[test]
fn the_shape_decides_where_both_apis_have_the_model() {
    let flat = json!({
        "model": "qwen-image-max", "prompt": "a", "size": "1328x1328",
        "n": 1, "watermark": false, "prompt_extend": true,
    });
    let mut deep = message();
    deep["model"] = json!("qwen-image-max");
    let cases = [
        (&flat, None, "gateway", 0),
        (&deep, None, "dashscope", 0),
        (&flat, Some("dashscope"), "dashscope", 3),
        (&deep, Some("gateway"), "gateway", 3),
    ];
    for (body, api, document, code) in cases {
        let mut command = bare();
        command.args(["check", "--json", "-"]);
        command.args(api.map(|api| format!("--api={api}")));
        let run = run_with_input(&mut command, body.to_string().as_bytes());
        let said = run.json();
        assert_eq!(
            (run.code, said["document"].as_str()),
            (code, Some(&*format!("{document}/qwen-image-max")))
        );
    }
}

/// A request that does not say how many pictures it wants.
const VALID_WAN: &str = "valid: gateway/wan2.7-image-pro
cost: 0.50 to 2.00 CNY
1 to 4 pictures are made, and each is billed
";

#[test]
fn a_verdict_in_words() {
    let check = |body: &str| run_with_input(bare().args(["check", "-"]), body.as_bytes());

    let good = r#"{"model":"wan2.7-image-pro","prompt":"a"}"#;
    check(good).ended(0, VALID_WAN, "");

    let mut long = message();
    long["model"] = json!("qwen-image");
    long["parameters"]["negative_prompt"] = json!("猫".repeat(501));
    let warned = check(&long.to_string());
    assert_eq!(
        (warned.code, warned.stdout.as_str()),
        (0, "valid: dashscope/qwen-image-plus\ncost: 0.25 CNY\n")
    );
    assert!(
        warned
            .stderr
            .starts_with("warning: /parameters/negative_prompt: 501 characters"),
        "{warned:#?}"
    );

    check(r#"{"model":"wan2.7-image-pro","prompt":"","n":100,"seed":-5}"#).ended(
        3,
        "",
        "error: the request breaks 3 rules of gateway/wan2.7-image-pro
  /prompt: minLength: expected at least 1 character, found \"\"
  /n: maximum: expected at most 4, found 100
  /seed: minimum: expected at least 0, found -5
hint: `inkstone models gateway/wan2.7-image-pro` lists what it accepts
",
    );

    check("{\n  \"model\": wan\n}").ended(
        3,
        "",
        "error: standard input is not JSON: expected value at line 2 column 12\n",
    );
}

#[test]
fn models_without_a_document_are_refused() {
    let cases = [
        (
            r#"{"prompt":"a"}"#,
            "error: /model: the body names no model\n",
            "hint: `inkstone models` lists the models\n",
        ),
        ("[]", "error: the body is not a JSON object\n", ""),
        ("\"str\"", "error: the body is not a JSON object\n", ""),
        (
            r#"{"model":7}"#,
            "error: /model: the model's name is not a text\n",
            "hint: `inkstone models` lists the models\n",
        ),
        (
            r#"{"model":"wan2.7-image-por"}"#,
            "error: /model: no document describes the model \"wan2.7-image-por\"\n",
            "hint: did you mean \"wan2.7-image-pro\" or \"wan2.7-image\"?\n",
        ),
    ];
    for (body, error, hint) in cases {
        let run = run_with_input(bare().args(["check", "-"]), body.as_bytes());
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{run:#?}");
        assert!(
            run.stderr.starts_with(error) && run.stderr.ends_with(hint),
            "{run:#?}"
        );
    }
    let run = run_with_input(
        bare().args(["check", "--api", "dashscope", "-"]),
        br#"{"model":"qwen-image-edit-2509"}"#,
    );
    assert!(
        run.stderr
            .ends_with("hint: gateway has it: use --api gateway\n"),
        "{run:#?}"
    );
}

#[test]
fn without_async_the_synchronous_document_is_chosen() {
    let message = r#"{"messages":[{"role":"user","content":[{"text":"a"}]}]}"#;
    let cases = [
        (
            "wan2.7-image-pro",
            message,
            "valid: dashscope/wan2.7-image-pro\ncost: 0.50 CNY\n",
        ),
        (
            "qwen-image-plus",
            message,
            "valid: dashscope/qwen-image-plus\ncost: 0.20 CNY\n",
        ),
        (
            "qwen-image-plus",
            r#"{"prompt":"a"}"#,
            "valid: dashscope/qwen-image-plus-async\ncost: 0.20 CNY\n",
        ),
    ];
    for (model, input, expected) in cases {
        let body = format!(r#"{{"model":"{model}","input":{input},"parameters":{{"n":1}}}}"#);
        run_with_input(bare().args(["check", "-"]), body.as_bytes()).ended(0, expected, "");
    }
    let body = br#"{"model":"qwen-image-plus","input":{}}"#;
    let run = run_with_input(bare().args(["check", "-"]), body);
    let expected = "error: the request breaks a rule of dashscope/qwen-image-plus\n";
    assert!(run.stderr.starts_with(expected), "{run:#?}");
}

#[test]
fn a_file_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("body.json");
    let body = Value::from(Map::from_iter([
        ("model".to_owned(), json!("wan2.7-image-pro")),
        ("prompt".to_owned(), json!("a")),
    ]));
    std::fs::write(&file, body.to_string()).unwrap();
    run(bare().arg("check").arg(&file)).ended(0, VALID_WAN, "");

    let missing = directory.path().join("none.json");
    let run = run(bare().arg("check").arg(&missing));
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .starts_with(&format!("error: {} can't be read: ", missing.display()))
    );
}

/// A line that may never end, as that of `/dev/zero`, is the last one.
#[test]
fn a_file_is_not_read_beyond_a_line_that_is_too_long() {
    let directory = tempfile::tempdir().unwrap();
    let valid = r#"{"id":"a","model":"wan2.7-image-pro","prompt":"a","n":1}"#;
    let file = directory.path().join("jobs.jsonl");
    std::fs::write(&file, format!("{valid}\n")).unwrap();
    let mut whole = std::fs::File::options().append(true).open(&file).unwrap();
    whole.set_len(258 << 20).unwrap();
    std::io::Write::write_all(&mut whole, format!("\n{{\n{valid}\n").as_bytes()).unwrap();
    let name = file.display();
    let problem = "line 2: is longer than 256 MiB, and the file was not read beyond it\n";
    run(bare().arg("check").arg(&file)).ended(
        3,
        problem,
        &format!("error: 1 of the 2 requests in {name} are not valid\n"),
    );
    run(bare().args(["batch", "--dry-run", "--out=out"]).arg(&file)).ended(
        3,
        "",
        &format!("error: {name} has a problem; nothing was sent\n  {problem}"),
    );
    #[cfg(target_os = "linux")]
    {
        let endless = directory.path().join("endless.jsonl");
        std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
        let name = endless.display();
        run(bare().arg("check").arg(&endless)).ended(
            3,
            &problem.replace("line 2", "line 1"),
            &format!("error: 1 of the 1 requests in {name} are not valid\n"),
        );
    }
}

#[test]
fn each_line_of_a_file_of_lines_is_a_request() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("jobs.jsonl");
    let lines = [
        r#"{"model":"wan2.7-image-pro","prompt":"a","n":1}"#,
        "",
        r#"{"id":"cat","model":"wan2.7-image-pro","prompt":"","n":9}"#,
        r#"{"id":"dog","api":"dashscope","request":{"model":"wan2.7-image-pro","prompt":"a"}}"#,
        r#"{"id":"owl","seed":7,"request":{"model":"wan2.7-image-pro","prompt":"a"}}"#,
        r#"{"model":"wan2.7-image-prp"}"#,
        "{",
        r#"{"id":"fox","async":true,"model":"wan2.7-image-pro","input":{"messages":[{"role":"user","content":[{"text":"a"}]}]}}"#,
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let name = file.display();
    run(bare().arg("check").arg(&file)).ended(
        3,
        "line 3: /prompt: minLength: expected at least 1 character, found \"\" (gateway/wan2.7-image-pro)\n\
         line 3: /n: maximum: expected at most 4, found 9 (gateway/wan2.7-image-pro)\n\
         line 4: (root): required: expected the field \"input\", found {\"model\":\"wan2.7-image-pro\",\"prompt\":\"a\"} (dashscope/wan2.7-image-pro)\n\
         line 4: warning: (root): without parameters.n the API chooses how many images to make, and each is billed: 1 or 4 by source, up to 12 where enable_sequential is true\n\
         line 5: unknown field \"seed\": beside \"request\" there are \"id\", \"api\", \"async\" and \"account\"\n\
         line 6: /model: no document describes the model \"wan2.7-image-prp\"; did you mean \"wan2.7-image-pro\" or \"wan2.7-image\"?\n\
         line 7: is not JSON: EOF while parsing an object at line 1 column 1\n\
         line 8: warning: (root): without parameters.n the API chooses how many images to make, and each is billed: 1 or 4 by source, up to 12 where enable_sequential is true\n",
        &format!("error: 5 of the 7 requests in {name} are not valid\n"),
    );
    let told = run(bare().args(["check", "--json"]).arg(&file));
    let told: Vec<Value> = told
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let valid: Vec<_> = told
        .iter()
        .filter(|verdict| verdict["valid"] == true)
        .map(|verdict| (&verdict["line"], &verdict["document"]))
        .collect();
    assert_eq!(
        valid,
        [
            (&json!(1), &json!("gateway/wan2.7-image-pro")),
            (&json!(8), &json!("dashscope/wan2.7-image-pro-async"))
        ]
    );
    assert_eq!(told[1]["violations"][1]["pointer"], "/n");
    assert_eq!(told[5]["violations"][0]["keyword"], "json");

    // A document that was given knows no members beside the body.
    let schema = directory.path().join("schema.json");
    std::fs::write(&schema, r#"{"type":"object","required":["id"]}"#).unwrap();
    std::fs::write(&file, "{\"id\":1}\n{}\n").unwrap();
    let run = run(bare()
        .arg("check")
        .arg("--document")
        .arg(&schema)
        .arg(&file));
    assert_eq!(run.code, 3, "{run:#?}");
    assert!(
        run.stdout.starts_with("line 2: (root): required: "),
        "{run:#?}"
    );
}

#[test]
fn what_is_beside_a_request_is_judged_as_a_batch_judges_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("jobs.jsonl");
    let cat = r#""model":"wan2.7-image-pro","prompt":"x""#;
    let lines = [
        format!(r#"{{"id":"a","account":"east",{cat}}}"#),
        format!(r#"{{"id":"b","account":"east","request":{{{cat}}}}}"#),
        format!(r#"{{"account":["east"],{cat}}}"#),
        format!(r#"{{"api":"x",{cat}}}"#),
        format!(r#"{{"async":1,{cat}}}"#),
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    run(bare().arg("check").arg(&file)).ended(
        3,
        "line 3: \"account\" is not a text: write the name of an account\n\
         line 4: \"api\" is none of \"gateway\", \"dashscope\", \"compatible-mode\", \
         \"gateway-tasks\", \"gateway-image-tasks\"\n\
         line 5: \"async\" is neither true nor false\n",
        &format!(
            "error: 3 of the 5 requests in {} are not valid\n",
            file.display()
        ),
    );
}

#[test]
fn a_line_that_is_not_an_object_is_not_a_request() {
    let directory = tempfile::tempdir().unwrap();
    let others = directory.path().join("others.jsonl");
    std::fs::write(&others, "[]\n\"str\"\n{\"request\":[]}\n").unwrap();
    run(bare().arg("check").arg(&others)).ended(
        3,
        "line 1: is not a JSON object\nline 2: is not a JSON object\n\
         line 3: \"request\" is not a JSON object\n",
        &format!(
            "error: 3 of the 3 requests in {} are not valid\n",
            others.display()
        ),
    );
}

/// A schema of whose pattern no use can be made, in the second of two replies.
const UNREADABLE: &str = r#"{
  "name": "a", "method": "POST", "path": "/a",
  "requestBody": {"type": "application/json", "jsonSchema": {"type": "string", "x-image": {"maxBytes": 5}}},
  "responses": [
    {"code": 200, "name": "甲", "contentType": "json", "jsonSchema": {"type": "object", "required": ["x"]}},
    {"code": 200, "name": "乙", "contentType": "json", "jsonSchema": {"type": "string", "pattern": "["}}
  ]
}"#;

#[test]
fn what_a_given_document_could_not_say_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let document = directory.path().join("a.json");
    std::fs::write(&document, UNREADABLE).unwrap();
    let check = |flags: &[&str], file: &str, body: &str| {
        let file = directory.path().join(file);
        std::fs::write(&file, body).unwrap();
        let mut command = bare();
        command.arg("check").arg(&file);
        run(command.arg("--document").arg(&document).args(flags))
    };
    let name = document.display();
    let warning = format!(
        "warning: pattern: \"[\" is not a regular expression of ECMA-262; it is skipped
 --> {name}:6:88
  |
6 | …tentType\": \"json\", \"jsonSchema\": {{\"type\": \"string\", \"pattern\": \"[\"}}}}
  |                                                      ^^^^^^^^^^^^^^
  |
  = at: /responses/1/jsonSchema
  = help: fix the document, or add a correction beside it
  = in: POST /a, response 200

"
    );
    let reply = ["--reply", "200"];
    check(&reply, "b.json", "\"b\"").ended(0, &format!("valid: {name} (乙)\n"), &warning);
    // Of many bodies it is told once.
    let lines = "\"b\"\n".repeat(3000);
    check(&reply, "b.jsonl", &lines).ended(0, "valid: 3000 requests\n", &warning);
    let told = check(&["--reply", "200", "--json"], "b.json", "{}");
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let expected = json!({
        "valid": false,
        "document": format!("{name} (甲)"),
        "violations": [{
            "pointer": "", "keyword": "required", "value": "{}", "expected": "the field \"x\"",
        }],
        "warnings": [{
            "file": name.to_string(), "pointer": "/responses/1/jsonSchema", "line": 6, "column": 88,
            "message": "pattern: \"[\" is not a regular expression of ECMA-262; it is skipped",
        }],
        "cost": null,
    });
    assert_eq!(told, expected);

    // What is skipped in a reply is nothing to a request, whose pictures are checked.
    let picture = format!("{:?}", format!("data:image/png;base64,{PIXEL}"));
    let size = pixel().len();
    for file in ["b.json", "b.jsonl"] {
        let checked = check(&[], file, &picture);
        let said =
            format!("(root): x-image: expected a picture of at most 5 bytes, found {size} bytes");
        let all = checked.stdout.clone() + &checked.stderr;
        assert_eq!((checked.code, all.contains(&said)), (3, true), "{all}");
        assert!(!all.contains("warning"), "{all}");
    }
}

#[test]
fn a_document_whose_operation_is_lost_is_refused_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let (page, body) = (
        directory.path().join("m.txt"),
        directory.path().join("b.json"),
    );
    std::fs::write(
        &page,
        "m\nPOST /v1/x\n概览\nMethodPOST\nPath/v1/x\n请求体\n{\"type\": \n",
    )
    .unwrap();
    std::fs::write(&body, "{}").unwrap();
    let (page, body) = (page.to_str().unwrap(), body.to_str().unwrap());
    let reason = "error: the operation is omitted, as its 请求体 is not whole: not JSON: EOF while parsing a value\n";
    let commands: [&[&str]; 6] = [
        &["check", body, "--document", page],
        &["models", "--document", page],
        &["generate", "a", "--dry-run", "--document", page],
        &["sandbox", "--port", "0", "--document", page],
        &["schema", "rust", page],
        &["schema", "operations", page],
    ];
    for command in commands {
        let run = run(bare().args(command));
        let is_said = run.stderr.contains(reason);
        assert_eq!(
            (run.code, run.stdout.as_str(), is_said),
            (3, "", true),
            "{command:?} {run:#?}"
        );
    }
}
