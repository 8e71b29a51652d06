//! `inkstone schema diff`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{Run, bare, run};

/// One operation of a document in OpenAPI, whose `n` is at most `most` in the
/// request, and in the reply.
fn document(most: u32) -> Value {
    let pets = json!({"type": "object", "properties": {"n": {"type": "integer", "maximum": most}}});
    json!({
        "openapi": "3.0.1",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"post": {
            "requestBody": {"required": true, "content": {"application/json": {"schema": pets}}},
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": pets}}}},
        }}},
    })
}

fn write(directory: &Path, name: &str, json: &Value) -> String {
    let path = directory.join(name);
    fs::write(&path, json.to_string()).unwrap();
    path.display().to_string()
}

fn diff(old: &Value, new: &Value, flags: &[&str]) -> Run {
    let directory = tempfile::tempdir().unwrap();
    let old = write(directory.path(), "old.json", old);
    let new = write(directory.path(), "new.json", new);
    run(bare().args(["schema", "diff", &old, &new]).args(flags))
}

const WIDER: &str = "\
POST /pets
  + additive  body /n: maximum 4 → 6: accepts more
  ! breaking  reply 200 /n: maximum 4 → 6: accepts more
1 breaking, 1 additive, 0 neutral
major
";

#[test]
fn changes_are_listed_by_operation() {
    diff(&document(4), &document(6), &[]).ended(0, WIDER, "");
    let nothing = "0 breaking, 0 additive, 0 neutral\npatch\n";
    diff(&document(4), &document(4), &[]).ended(0, nothing, "");
}

#[test]
fn breaking_changes_can_fail() {
    let error = "error: 1 change breaks callers\n";
    diff(&document(4), &document(6), &["--fail-on", "breaking"]).ended(1, WIDER, error);
    let run = diff(&document(4), &document(4), &["--fail-on", "breaking"]);
    assert_eq!(run.code, 0, "{run:#?}");
}

#[test]
fn json_has_every_member() {
    let run = diff(&document(4), &document(6), &["--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let change = |part: &str, request: &str, reply: &str, at: &str| {
        json!({
            "file": null,
            "operation": "POST /pets",
            "part": part,
            "path": "/n",
            "keyword": "maximum",
            "relation": "wider",
            "request": request,
            "reply": reply,
            "message": "maximum 4 → 6: accepts more",
            "old": format!("/paths/~1pets/post/{at}/content/application~1json/schema/properties/n"),
            "new": format!("/paths/~1pets/post/{at}/content/application~1json/schema/properties/n"),
        })
    };
    let expected = json!({
        "verdict": "major",
        "breaking": 1,
        "additive": 1,
        "neutral": 0,
        "changes": [
            change("body", "additive", "neutral", "requestBody"),
            change("reply 200", "neutral", "breaking", "responses/200"),
        ],
    });
    assert_eq!(run.json(), expected);
}

#[test]
fn what_could_not_be_read_breaks_and_is_warned_of() {
    let directory = tempfile::tempdir().unwrap();
    let page = |name: &str, responses: &str| {
        let path = directory.path().join(name);
        let page = format!("Pets\nGET /pets\n概览\n| Method | GET |\n响应\n[{responses}]\n");
        fs::write(&path, page).unwrap();
        path
    };
    let old = page("old.txt", r#"{"id": 1, "name": "成功", "code": 200}"#);
    let new = page("new.txt", r#"{"id": 1, "name": 成功, "code": 200}"#);
    let run = |flags: &[&str]| {
        let run = run(bare()
            .args(["schema", "diff", "--fail-on=breaking"])
            .args([&old, &new])
            .args(flags));
        let directory = format!("{}/", directory.path().display());
        (run.code, run.stdout, run.stderr.replace(&directory, ""))
    };
    let (code, _, stderr) = run(&[]);
    let warning = r#"warning: the block 响应 is omitted: not JSON: expected value
 --> new.txt:6:20
  |
6 | [{"id": 1, "name": 成功, "code": 200}]
  |                    ^^
  |
  = help: copy the page again, with the whole block

error: 2 changes break callers
"#;
    assert_eq!((code, stderr.as_str()), (1, warning));
    let (code, stdout, _) = run(&["--json"]);
    let found: Value = serde_json::from_str(&stdout).unwrap();
    let change = &found["changes"][1];
    let place = format!("{}/new.txt:6", directory.path().display());
    let message = format!(
        "{place}: the block 响应 is omitted: not JSON: expected value, and is not compared (in the \
         new document)"
    );
    assert_eq!(code, 1);
    assert_eq!(change["message"], message);
    assert_eq!(change["relation"], "not compared");
    let (_, stdout, _) = run(&["--lang=zh", "--format=markdown"]);
    assert!(stdout.contains("not compared"), "{stdout}");
    let (_, stdout, _) = run(&["--lang=zh"]);
    let told: String = stdout.split_whitespace().collect();
    assert!(told.contains("块“响应”已略去"), "{stdout}");
    assert!(told.contains("未作比较（新文档中）"), "{stdout}");
}

#[test]
fn a_bare_schema_has_a_role() {
    let (old, new) = (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}));
    let both = "\
schema
  ! breaking  accepts \"b\" as well (requests: additive, replies: breaking)
1 breaking, 0 additive, 0 neutral
major
";
    diff(&old, &new, &[]).ended(0, both, "");
    for (role, verdict) in [("request", "minor"), ("reply", "major")] {
        let run = diff(&old, &new, &["--as", role]);
        assert_eq!(run.stdout.lines().last(), Some(verdict), "{run:#?}");
    }
}

#[test]
fn effects_are_told_in_chinese_to_people_alone() {
    let (old, new) = (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}));
    let both = "\
schema
  ! 不兼容  也接受 \"b\"（请求：新增，应答：不兼容）
1 处不兼容，0 处新增，0 处中性
major
";
    diff(&old, &new, &["--lang=zh"]).ended(0, both, "");
    let additive = "schema\n  + 新增    也接受 \"b\"（请求：新增，应答：中性）\n0 处不兼容，1 处新增，0 处中性\nminor\n";
    diff(&old, &new, &["--lang=zh", "--as=request"]).ended(0, additive, "");
    for format in ["json", "markdown"] {
        let flags = |language| ["--format", format, "--lang", language];
        let [english, chinese] = ["en", "zh"].map(|language| diff(&old, &new, &flags(language)));
        assert_eq!(english.stdout, chinese.stdout);
    }
}

#[test]
fn long_lines_are_broken() {
    let values: Vec<String> = (0..30).map(|number| format!("value {number}")).collect();
    let run = diff(&json!({"enum": ["a"]}), &json!({"enum": values}), &[]);
    assert_eq!(run.code, 0);
    assert!(
        run.stdout.lines().all(|line| line.chars().count() <= 80),
        "{run:#?}"
    );
    assert!(run.stdout.lines().count() > 6, "{run:#?}");
}

#[test]
fn directories_are_compared() {
    let directory = tempfile::tempdir().unwrap();
    for (side, most) in [("old", 4), ("new", 6)] {
        let below = directory.path().join(side).join("shop");
        fs::create_dir_all(&below).unwrap();
        write(&below, "pets.json", &document(most));
    }
    let of = |side: &str| directory.path().join(side);
    let run = run(bare()
        .args(["schema", "diff"])
        .arg(of("old"))
        .arg(of("new")));
    let expected = WIDER.replace("POST /pets", "shop/pets: POST /pets");
    run.ended(0, &expected, "");
}

#[test]
fn directories_without_documents_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let file = write(directory.path(), "pets.json", &document(4));
    let told = |old: &Path, new: &Path, flags: &[&str]| {
        let flags = ["--fail-on=breaking"].iter().chain(flags);
        let run = run(bare().args(["schema", "diff"]).args([old, new]).args(flags));
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{run:#?}");
        let directory = format!("{}/", directory.path().display());
        run.stderr.replace(&directory, "")
    };
    let wrong = told(&empty, &empty, &[]);
    assert!(wrong.contains("empty: has no document in it"), "{wrong}");
    assert!(
        wrong.contains("documents end in .json, .yaml, .yml, .md or .txt"),
        "{wrong}"
    );
    let chinese = told(&empty, directory.path(), &["--lang=zh"]);
    assert!(chinese.contains("empty: 其中没有文档"), "{chinese}");
    let mixed = told(Path::new(&file), &empty, &[]);
    assert!(
        mixed.contains("empty: is a directory, but pets.json is not"),
        "{mixed}"
    );
    assert!(
        mixed.contains("compare two files, or two directories"),
        "{mixed}"
    );
}

#[test]
fn unreadable_documents_are_refused() {
    let run = diff(&json!({"type": "sting"}), &json!({"type": "string"}), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{run:#?}");
    assert!(run.stderr.contains("old.json: type: "), "{run:#?}");

    let run = diff(&document(4), &json!({"type": "string"}), &[]);
    assert_eq!(run.code, 3, "{run:#?}");
    assert!(run.stderr.contains("is a bare JSON Schema"), "{run:#?}");
}

#[test]
fn what_operations_share_is_told_once() {
    let document = |most: u32| {
        let n = json!({"type": "integer", "maximum": most});
        let pet = json!({"$ref": "#/components/schemas/Pet"});
        let reply =
            json!({"200": {"description": "", "content": {"application/json": {"schema": pet}}}});
        json!({
            "openapi": "3.0.1",
            "info": {"title": "Pets", "version": "1"},
            "paths": {
                "/pets": {"post": {"responses": reply}},
                "/pets/first": {"get": {"responses": reply}},
                "/pets/last": {"get": {"responses": reply}},
            },
            "components": {"schemas": {"Pet": {"type": "object", "properties": {"n": n}}}},
        })
    };
    let told = "\
POST /pets
  ! breaking  reply 200 /n: maximum 4 → 6: accepts more (also at 2 more places,
              such as GET /pets/first reply 200 /n)
3 breaking, 0 additive, 0 neutral
major
";
    diff(&document(4), &document(6), &[]).ended(0, told, "");
    let markdown = diff(&document(4), &document(6), &["--format", "markdown"]).stdout;
    let row = "- `POST /pets` reply 200 `/n`: maximum 4 → 6: accepts more (also at 2 more places, such \
               as GET /pets/first reply 200 /n)\n";
    assert!(markdown.contains(row), "{markdown}");
    let json = diff(&document(4), &document(6), &["--json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["changes"].as_array().map(Vec::len), Some(3));
}
