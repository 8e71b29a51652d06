//! `--document`: APIs that the program does not know, by their pages alone.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::command::{Run, bare, inkstone, json_in, run, run_with_input};
use crate::support::served::Served;
use crate::support::server::{PIXEL, always, pixel, reply};

/// The page of the example of another vendor.
fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/flux/schemas/flux.md")
}

fn generate(out: &Path, args: &[&str]) -> Run {
    let page = page();
    let (page, out) = (page.to_str().unwrap(), out.to_str().unwrap());
    let all = ["generate", "a cat", "--document", page, "--out", out];
    inkstone(&[&all[..], args].concat())
}

#[test]
fn a_page_is_enough_to_generate() {
    let out = tempfile::tempdir().unwrap();
    let args = [
        "--model=flux-kontext-pro",
        "--n=2",
        "--set=aspect_ratio=\"21:9\"",
    ];
    let run = generate(out.path(), &[&args[..], &["--sandbox"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let sidecar = json_in(out.path(), "-2.png.json");
    let request = json!({
        "model": "flux-kontext-pro", "prompt": "a cat", "n": 2, "aspect_ratio": "21:9",
    });
    assert_eq!(
        (&sidecar["api"], &sidecar["request"]),
        (&json!("document"), &request)
    );

    // A server of the vendor's, which a second process plays.
    let page = page();
    let operation = "--operation=POST /v1/images/generations";
    let flags = ["--document", page.to_str().unwrap(), operation];
    let served = Served::with_flags(&json!([]), &flags);
    let run = generate(
        out.path(),
        &[&args[..], &["--base-url", &served.url]].concat(),
    );
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(served.stats()["submitted"], 1);
}

#[test]
fn what_breaks_the_page_is_not_sent() {
    let out = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 3] = [
        (&[], "aspect_ratio"),
        (&["--set=aspect_ratio=\"1:9\""], ": expected one of"),
        (
            &["--set=aspect_ratio=\"1:1\"", "--n=11"],
            "--n: expected at most 10, found 11",
        ),
    ];
    for (args, said) in cases {
        let run = generate(
            out.path(),
            &[args, &["--base-url=http://127.0.0.1:1"]].concat(),
        );
        assert_eq!(run.code, 3, "{args:?} {run:#?}");
        assert!(run.stderr.contains(said), "{args:?} {run:#?}");
    }
    let dry = generate(out.path(), &["--set=aspect_ratio=\"1:1\"", "--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:#?}");
    assert_eq!(
        dry.json(),
        json!({"prompt": "a cat", "aspect_ratio": "1:1"})
    );
    let run = generate(out.path(), &["--set=aspect_ratio=\"1:1\""]);
    assert_eq!(run.code, 2, "{run:#?}");
    assert!(run.stderr.contains("the address is not known"), "{run:#?}");
}

/// A picture is sent where the document has it, or not at all.
#[test]
fn a_picture_is_not_put_where_a_document_has_none() {
    let directory = tempfile::tempdir().unwrap();
    let (file, picture) = (
        directory.path().join("d.json"),
        directory.path().join("a.png"),
    );
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/make": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object",
                "properties": {"input": {
                    "type": "object",
                    "required": ["prompt"],
                    "properties": {"prompt": {"type": "string"}, "image": {"type": "string"}},
                }},
            }}}},
            "responses": {"200": {"description": "ok"}},
        }}},
    });
    fs::write(&file, document.to_string()).unwrap();
    fs::write(&picture, pixel()).unwrap();
    let dry = |more: &[&str]| {
        let mut command = bare();
        command.args(["generate", "a cat", "--dry-run", "--document"]);
        run(command.arg(&file).args(more))
    };
    let refused = dry(&["--image", picture.to_str().unwrap()]);
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (2, ""),
        "{refused:#?}"
    );
    let said = "--image: nothing says where document/post /make has its pictures";
    assert!(refused.stderr.contains(said), "{refused:#?}");
    assert!(
        refused.stderr.contains("give them with --set"),
        "{refused:#?}"
    );
    let given = dry(&["--set=input.image=\"https://example.com/a.png\""]);
    let input = json!({"prompt": "a cat", "image": "https://example.com/a.png"});
    assert_eq!(
        (given.code, given.json()["input"].clone()),
        (0, input),
        "{given:#?}"
    );
}

#[test]
fn replies_are_held_against_the_page() {
    let body = json!({"created": "now", "data": [{"b64_json": PIXEL}]}).to_string();
    let url = always(reply(200, "application/json", &body));
    let out = tempfile::tempdir().unwrap();
    let run = generate(
        out.path(),
        &["--set=aspect_ratio=\"1:1\"", "--base-url", &url],
    );
    assert_eq!(run.code, 0, "{run:#?}");
    let said = "the reply deviates from its document: /created";
    assert!(run.stderr.contains(said), "{run:#?}");
}

#[test]
fn a_document_of_several_operations_has_one_chosen() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("api.yaml");
    let operation = "
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {type: object, properties: {url: {type: string}}}}}}}}}}";
    let text = format!(
        "openapi: 3.0.1\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:{operation}\n  /b:{operation}\ncomponents:\n  schemas:\n    Order: {{type: object, required: [prompt], properties: {{prompt: {{type: string}}, n: {{$ref: '#/components/schemas/Count'}}}}}}\n    Count: {{type: integer, maximum: 3}}\n"
    );
    fs::write(&file, text).unwrap();
    let out = directory.path().join("out");
    let args = |more: &[&str]| {
        let mut command = bare();
        command
            .args(["generate", "a cat", "--sandbox", "--document"])
            .arg(&file);
        command.arg("--out").arg(&out).args(more);
        run(&mut command)
    };
    let refused = args(&[]);
    assert_eq!(refused.code, 3, "{refused:#?}");
    assert!(
        refused
            .stderr
            .contains("has 2 operations: which one is meant?"),
        "{refused:#?}"
    );
    let made = args(&["--operation", "POST /b", "--n=3"]);
    assert_eq!(
        (made.code, made.stdout.lines().count()),
        (0, 3),
        "{made:#?}"
    );
    let refused = args(&["--operation", "POST /b", "--n=4"]);
    assert!(
        refused.stderr.contains("--n: expected at most 3"),
        "{refused:#?}"
    );
}

const TASKS: &str = "\
openapi: 3.0.1
info: {title: t, version: '1'}
paths:
  /v2/draw:
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [prompt], properties: {prompt: {type: string}, n: {type: integer}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Tasks'}}}}}
  /v2/draw/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, required: [task_id, status], properties: {task_id: {type: string}, status: {type: string}, data: {type: array, items: {type: object, properties: {url: {type: string}}}}}}}}}}
components:
  schemas:
    Tasks: {type: object, required: [data], properties: {data: {type: array, items: {type: object, required: [task_id], properties: {task_id: {type: string}}}}}}
";

/// A page of a gateway that answers with tasks says where they are asked about.
#[test]
fn tasks_of_a_document_are_waited_for_where_it_says() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tasks.yaml");
    fs::write(&file, TASKS).unwrap();
    let file = file.to_str().unwrap();
    let out = directory.path().join("out");
    let out = out.to_str().unwrap();
    let args = [
        "generate",
        "a cat",
        "--document",
        file,
        "--out",
        out,
        "--n=2",
    ];
    let one = [&args[..], &["--operation=POST /v2/draw"]].concat();
    let run = inkstone(&[&one[..], &["--sandbox"]].concat());
    assert_eq!((run.code, run.stdout.lines().count()), (0, 2), "{run:#?}");

    let flags = ["--document", file, "--operation=POST /v2/draw"];
    let served = Served::with_flags(&json!([]), &flags);
    let later = ["--async", "--no-wait", "--base-url", &served.url];
    let run = inkstone(&[&args[..], &later].concat());
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(
        run.stderr.contains(&format!("--document {file}")),
        "{run:#?}"
    );
    let id = run.stdout.trim();
    let wait = [
        "task",
        "wait",
        id,
        "--document",
        file,
        "--out",
        out,
        "--base-url",
        &served.url,
    ];
    let run = inkstone(&wait);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 2), "{run:#?}");
    assert_eq!(served.stats()["submitted"], 1);
    let refused = generate(directory.path(), &["--async", "--set=aspect_ratio=\"1:1\""]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    let said = "does not say where to ask about a task";
    assert!(refused.stderr.contains(said), "{refused:#?}");
}

/// A document says when a model is to retire, and whoever asks for it is told.
#[test]
fn what_is_announced_of_a_model_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("old.json");
    let document = json!({
        "name": "old", "method": "POST", "path": "/v1/images/generations",
        "requestBody": {"type": "application/json", "jsonSchema": {
            "type": "object", "required": ["model", "prompt"],
            "properties": {
                "model": {
                    "enum": ["old-1", "new-1"],
                    "if": {"const": "old-1"},
                    "then": {"x-warning": "announced to retire on 2027-01-31: new-1 takes its place"},
                },
                "prompt": {"type": "string"},
            },
        }},
        "responses": [{"code": 200, "jsonSchema": {"type": "object", "properties": {
            "data": {"type": "array", "items": {"type": "object", "properties": {"url": {"type": "string"}}}},
        }}}],
    });
    fs::write(&file, document.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let announced = "announced to retire on 2027-01-31: new-1 takes its place";
    let out = directory.path().join("out");
    let generate = |model: &str| {
        let args = [
            "generate",
            "a cat",
            "--sandbox",
            "--document",
            file,
            "--model",
            model,
            "--out",
        ];
        inkstone(&[&args[..], &[out.to_str().unwrap()]].concat())
    };
    let check = |model: &str| {
        let body = json!({"model": model, "prompt": "a cat"}).to_string();
        run_with_input(
            bare().args(["check", "-", "--document", file]),
            body.as_bytes(),
        )
    };
    let models = |model: &str| inkstone(&["models", model, "--document", file]);
    for (model, is_told) in [("old-1", true), ("new-1", false)] {
        for run in [generate(model), check(model), models(model)] {
            assert_eq!(run.code, 0, "{model} {run:#?}");
            assert_eq!(run.stderr.contains(announced), is_told, "{model} {run:#?}");
        }
    }
    let json = inkstone(&["models", "--document", file, "--json"]).json();
    let expected = json!([{"model": "old-1", "message": announced}]);
    assert_eq!(json[0]["announcements"], expected);
}

#[test]
fn an_operation_that_is_not_there_is_looked_for_in_the_list() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("api.json");
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/make": {"post": {"operationId": "make", "responses": {"200": {"description": "ok"}}}}},
    });
    fs::write(&file, document.to_string()).unwrap();
    let file = file.display().to_string();
    let args = ["generate", "a", "--document", &file, "--operation", "bake"];
    let hint = |language: &str| {
        let run = run(bare().args(args).args(["--lang", language]));
        assert_eq!(run.code, 3, "{run:#?}");
        run.stderr.lines().last().unwrap_or_default().to_owned()
    };
    let list = format!("`inkstone schema operations {file}`");
    let english = format!("hint: --operation takes a method and path or an id; {list} lists them");
    assert_eq!(hint("en"), english);
    let chinese = format!("提示：--operation 接受方法和路径，或 id；{list} 列出它们");
    assert_eq!(hint("zh"), chinese);
    let listed = run(bare().args(["schema", "operations", &file]));
    assert!(listed.stdout.contains("/make"), "{listed:#?}");
    // A media type is at fault only where the document can be read.
    let media = "hint: --operation takes no media type here";
    let broken = directory.path().join("broken.yaml");
    fs::write(&broken, "openapi: [").unwrap();
    let broken = broken.display().to_string();
    for (file, is_told) in [(&*file, true), (&*broken, false), ("nowhere.json", false)] {
        let named = ["--operation", "make as text/plain", "--lang=en"];
        let run = run(bare()
            .args(["generate", "a", "--document", file])
            .args(named));
        assert_eq!(run.stderr.contains(media), is_told, "{run:#?}");
    }
}
