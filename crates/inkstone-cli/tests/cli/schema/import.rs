//! `inkstone schema`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::command::{Run, bare, inkstone, names, run, run_with_input};

const TABLE: &str = "\
cat/1
POST /v1/images/generations

概览

| 字段 | 值 |
|---|---|
| Type | http |
| Status | -2 |

请求体

{\"type\":\"application/json\",\"jsonSchema\":{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"string\"},\"a\":{\"type\":\"integer\"}}}}

响应

[]
";

const LINES: &str = "\
dog
POST /v1/images/generations

概览
Typehttp
Status1

请求体
{
  \"type\": \"application/json\",
  \"jsonSchema\": {
    \"type\": \"object\"
  }
}

响应
[]
";

const BROKEN: &str = "\
bird
POST /v1/images/generations

请求体
{
  \"type\": oops
}

响应
[]
";

fn write(directory: &Path, pages: &[(&str, &str)]) -> Vec<PathBuf> {
    let path = |(name, text): &(&str, &str)| {
        let path = directory.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    pages.iter().map(path).collect()
}

fn import(pages: &[PathBuf], into: &Path) -> Run {
    run(bare()
        .args(["schema", "import"])
        .args(pages)
        .arg("--into")
        .arg(into))
}

#[test]
fn both_layouts_import_and_a_second_import_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let pages = write(directory.path(), &[("a.txt", TABLE), ("b.txt", LINES)]);
    let into = directory.path().join("schemas/gateway");
    let expected = |what: &str| {
        format!(
            "{what} {} → {}\n{what} {} → {}\n",
            pages[0].display(),
            into.join("cat-1.json").display(),
            pages[1].display(),
            into.join("dog.json").display()
        )
    };
    import(&pages, &into).ended(0, &expected("imported"), "");
    assert_eq!(names(&into), ["cat-1.json", "dog.json"]);
    assert_eq!(
        fs::read_to_string(into.join("cat-1.json")).unwrap(),
        r#"{
  "name": "cat/1",
  "method": "POST",
  "path": "/v1/images/generations",
  "type": "http",
  "status": -2,
  "requestBody": {
    "type": "application/json",
    "jsonSchema": {
      "type": "object",
      "properties": {
        "b": {
          "type": "string"
        },
        "a": {
          "type": "integer"
        }
      }
    }
  },
  "responses": []
}
"#
    );
    import(&pages, &into).ended(0, &expected("unchanged"), "");
}

#[test]
fn one_bad_page_prevents_the_whole_import() {
    let directory = tempfile::tempdir().unwrap();
    let hidden = TABLE.replace("cat/1", "_cat");
    let pages = write(
        directory.path(),
        &[
            ("a", TABLE),
            ("b", BROKEN),
            ("c", TABLE),
            ("d", "only a title"),
            ("e", &hidden),
        ],
    );
    let into = directory.path().join("into");
    let run = import(&pages, &into);
    let place = format!("{}/", directory.path().display());
    assert_eq!(run.code, 3);
    assert_eq!(run.stdout, "");
    let stderr = run.stderr.replace(&place, "");
    let lines: Vec<_> = stderr.lines().collect();
    let (error, lines) = lines.split_at(2);
    assert_eq!(
        error,
        [
            "error: nothing was imported",
            "  b:6:11: #: the operation is omitted, as its 请求体 is not whole: not JSON: expected \
             value (copy the page again, with the whole block)",
        ]
    );
    assert_eq!(lines.len(), 4, "{stderr}");
    assert_eq!(lines[0], "  c: cat-1.json would also be made from a");
    assert!(lines[1].starts_with("  d:1:1: "), "{stderr}");
    assert_eq!(
        lines[2],
        "  e:1:1: the title \"_cat\" can't be a file name: change the page's first line"
    );
    assert!(!into.exists());
}

/// A damaged text never takes the place of a whole one, in whatever form it is.
#[test]
fn what_lost_a_part_is_not_imported() {
    let unanswered =
        "openapi: 3.0.1\ninfo: {title: t}\npaths:\n  /pets:\n    get:\n      summary: s\n";
    let again = "(copy the page again, with the whole block)";
    let end = "(copy the page again, to its end)";
    let whole = "is omitted: the text ends before its body and its responses are whole";
    let reply = LINES.replace("响应\n[]", "响应\n[成功]");
    let parameters = TABLE.replace("响应\n", "参数\n{,}\n响应\n");
    let none = LINES.replace("响应\n[]\n", "");
    let fence = |text: &str| format!("# t\n\n```yaml\n{text}");
    let cases = [
        (
            "a.txt",
            reply,
            format!("a.txt:17:2: #: the block 响应 is omitted: not JSON: expected value {again}"),
        ),
        (
            "b.txt",
            parameters,
            format!(
                "b.txt:16:2: #: the block 参数 is omitted: not JSON: key must be a string {again}"
            ),
        ),
        (
            "c.txt",
            none,
            format!("c.txt:15:1: #: the block 响应 is omitted: the page has none {again}"),
        ),
        (
            "d.md",
            fence(unanswered),
            format!("d.md:8:5: #/paths/~1pets/get: {whole} {end}"),
        ),
        (
            "e.yaml",
            unanswered.to_owned(),
            format!(
                "e.yaml:5:5: #/paths/~1pets/get: is omitted: the text ends before its responses, so it may be cut off {end}"
            ),
        ),
        (
            "f.txt",
            format!("Skip\n\n{unanswered}"),
            format!("f.txt:7:5: #/paths/~1pets/get: {whole} {end}"),
        ),
    ];
    for (name, text, expected) in cases {
        let directory = tempfile::tempdir().unwrap();
        let pages = write(directory.path(), &[(name, &text)]);
        let into = directory.path().join("into");
        let place = format!("{}/", directory.path().display());
        let expected = format!(
            "error: nothing was imported\n  {expected}\nhint: correct these files or leave them out, and import again\n"
        );
        let run = import(&pages, &into);
        let said = run.stderr.replace(&place, "");
        assert_eq!((run.code, said), (3, expected), "{name}");
        assert!(!into.exists(), "{name}");
    }
}

#[test]
fn what_is_not_of_the_first_document_stays_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let two = "openapi: 3.1.0\npaths: {}\n---\nopenapi: 3.1.0\n";
    let pages = write(directory.path(), &[("two.yaml", two)]);
    let into = directory.path().join("into");
    let run = import(&pages, &into);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(fs::read_to_string(into.join("two.yaml")).unwrap(), two);
}

#[test]
fn a_page_of_prose_is_led_to_draft() {
    let directory = tempfile::tempdir().unwrap();
    let pages = write(
        directory.path(),
        &[("pets.txt", PROSE), ("pets.md", PROSE), ("d.txt", "prose")],
    );
    let run = import(&pages, &directory.path().join("into"));
    let place = format!("{}/", directory.path().display());
    let expected = "\
error: nothing was imported
  pets.txt:2:1: expected a line such as `POST /v1/images/generations` after the title; `inkstone schema draft pets.txt` makes a first document of its prose
  pets.md: holds no document of Apifox (give a project export, OpenAPI 3.0 to 3.2 or Swagger 2.0 in JSON or YAML, a page in Markdown with OpenAPI in it, or the text of a published page); `inkstone schema draft pets.md` makes a first document of its prose
  d.txt:1:1: expected a line such as `POST /v1/images/generations` after the title
hint: correct these files or leave them out, and import again
";
    assert_eq!(
        (run.code, run.stderr.replace(&place, "").as_str()),
        (3, expected)
    );
}

#[test]
fn a_missing_page_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let mut pages = write(directory.path(), &[("a", TABLE)]);
    pages.push(directory.path().join("none"));
    let into = directory.path().join("into");
    let run = import(&pages, &into);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("/none can't be read: "), "{run:#?}");
    assert!(!into.exists());
}

#[test]
fn documents_in_any_form_are_copied_unchanged() {
    const OPENAPI: &str = "openapi: 3.0.1\ninfo: {}\npaths: {/a: {get: {responses: {}}}}\n";
    let fenced = format!("# A\n\n```yaml\n{OPENAPI}```\n");
    let project = r#"{"apifoxProject": "1.0.0", "apiCollection": []}"#;
    let directory = tempfile::tempdir().unwrap();
    let files = [
        ("shop.apifox.json", project),
        ("v1.yml", OPENAPI),
        ("one.md", &fenced),
        ("bare", OPENAPI),
    ];
    let paths = write(directory.path(), &files);
    let into = directory.path().join("into");
    let run = import(&paths, &into);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let imported = ["bare.yaml", "one.md", "shop.apifox.json", "v1.yaml"];
    assert_eq!(names(&into), imported);
    for ((_, text), name) in
        files
            .iter()
            .zip(["shop.apifox.json", "v1.yaml", "one.md", "bare.yaml"])
    {
        assert_eq!(
            fs::read_to_string(into.join(name)).unwrap(),
            *text,
            "{name}"
        );
    }
}

#[test]
fn the_files_of_a_document_come_along() {
    let main = "openapi: 3.0.1\ninfo: {}\npaths: {/a: {$ref: paths/a.yml}}\n\
                components: {schemas: {A: {type: string}, B: {$ref: ../b.json}}}\n";
    let item = "get: {responses: {200: {description: ok, content: {application/json: {schema: \
                {$ref: '../shop.yml#/components/schemas/A'}}}}}}\n";
    let directory = tempfile::tempdir().unwrap();
    let from = directory.path().join("from");
    fs::create_dir_all(from.join("paths")).unwrap();
    fs::write(directory.path().join("b.json"), "{}").unwrap();
    write(&from, &[("shop.yml", main), ("paths/a.yml", item)]);
    let into = directory.path().join("into");
    let run = import(&[from.join("shop.yml")], &into);
    assert_eq!(run.code, 0, "{run:#?}");
    let told = "../b.json is not read: it leads out of the document's directory";
    assert!(run.stderr.contains(told), "{run:#?}");
    assert_eq!(names(&into), ["paths", "shop.yml"]);
    assert_eq!(fs::read_to_string(into.join("shop.yml")).unwrap(), main);
    assert_eq!(fs::read_to_string(into.join("paths/a.yml")).unwrap(), item);
}

#[test]
fn a_file_without_an_end_is_not_read() {
    let zero = Path::new("/dev/zero");
    if zero.exists() {
        let run = run(bare().args(["schema", "lint"]).arg(zero));
        assert_eq!(run.code, 3, "{run:#?}");
        assert!(
            run.stderr.contains("/dev/zero: is larger than 64 MiB"),
            "{run:#?}"
        );
    }
}

#[test]
fn only_documents_are_imported() {
    let directory = tempfile::tempdir().unwrap();
    let files = [
        ("a.json", r#"{"type": "object"}"#),
        ("b.json", "{\"a\": 1,]"),
        ("c.yaml", "openapi: 2.0.0\npaths: {}\n"),
        ("d.md", "# nothing\n"),
    ];
    let paths = write(directory.path(), &files);
    let into = directory.path().join("into");
    let run = import(&paths, &into);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    let place = format!("{}/", directory.path().display());
    let none = "holds no document of Apifox (give a project export, OpenAPI 3.0 to 3.2 or \
                Swagger 2.0 in JSON or YAML, a page in Markdown with OpenAPI in it, or the text of a published page)";
    let mend = "(fix the file, or give it another extension if it isn't a document)";
    assert_eq!(
        run.stderr.replace(&place, ""),
        format!(
            "\
error: nothing was imported
  a.json: {none}
  b.json:1:9: #: not JSON: key must be a string {mend}
  c.yaml:1:10: #/openapi: is version \"2.0.0\", which is one of Swagger (write \"swagger\": \"2.0\" in its place)
  d.md: {none}
hint: correct these files or leave them out, and import again
"
        )
    );
    assert!(!into.exists());
}

/// The pages as published, where they are at hand.
#[test]
fn the_published_pages_import_to_the_documents_in_the_project() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Some(upstream) = test_data::find("upstream") else {
        return;
    };
    let pages: Vec<_> = names(&upstream)
        .into_iter()
        .filter(|name| name.starts_with("gateway-"))
        .map(|name| upstream.join(name))
        .collect();
    let into = tempfile::tempdir().unwrap();
    let run = import(&pages, into.path());
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(names(into.path()).len(), 4);
    for name in names(into.path()) {
        let ours = fs::read(project.join("schemas/gateway").join(&name)).unwrap();
        assert!(fs::read(into.path().join(&name)).unwrap() == ours, "{name}");
    }
}

#[test]
fn rust_is_printed() {
    let rust = |schema: &str| {
        run_with_input(
            bare().args(["schema", "rust", "-", "--root", "Cat"]),
            schema.as_bytes(),
        )
    };
    let good = rust(r#"{"type":"object","properties":{"name":{"type":"string"}}}"#);
    assert_eq!((good.code, good.stderr.as_str()), (0, ""), "{good:#?}");
    assert!(good.stdout.contains("pub struct Cat"), "{good:#?}");

    let bad = rust(r#"{"type":"object","frobnicate":1}"#);
    assert_eq!((bad.code, bad.stdout.as_str()), (3, ""), "{bad:#?}");
    assert_eq!(
        bad.stderr,
        "\
error: frobnicate: is not a keyword of JSON Schema
 --> standard input:1:18
  |
1 | {\"type\":\"object\",\"frobnicate\":1}
  |                  ^^^^^^^^^^^^^^
  |
  = help: if it is an extension, its name has to start with x-; if it is a slip, correct it

error: standard input has 1 problem
"
    );

    rust("{\"图\": 1,]").ended(
        3,
        "",
        "\
error: not JSON: key must be a string
 --> standard input:1:9
  |
1 | {\"图\": 1,]
  |          ^
  |
  = help: fix the file, or give it another extension if it isn't a document

error: standard input has 1 problem
",
    );
}

#[test]
fn keywords_are_listed_as_the_manual_lists_them() {
    let run = run(bare().args(["schema", "keywords"]));
    assert_eq!(run.code, 0);
    let manual = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/keywords.md");
    let manual = fs::read_to_string(manual).unwrap();
    let (_, table) = manual.split_once("\n```text\n").unwrap();
    let (table, _) = table.split_once("```").unwrap();
    assert!(table.contains("\nmaximum                enforced\n"));
    assert_eq!(
        run.stdout, table,
        "docs/keywords.md is stale: put in what `inkstone schema keywords` prints"
    );
}

const PROSE: &str = "\
Adopt a pet

curl https://pets.example/v1/pets --header 'Content-Type: application/json' \\
  --data '{\"name\": \"Tom\"}'{\"id\": 1}

name string required
At most 20 characters.
";

#[test]
fn a_page_of_prose_becomes_a_draft_that_no_build_takes() {
    let directory = tempfile::tempdir().unwrap();
    let page = &write(directory.path(), &[("pets.txt", PROSE)])[0];
    let drafted = run(bare().args(["schema", "draft"]).arg(page));
    assert_eq!(drafted.code, 0, "{}", drafted.stderr);
    assert!(drafted.stderr.contains("delete its x-draft"));
    let document: serde_json::Value = serde_json::from_str(&drafted.stdout).unwrap();
    let body = &document["paths"]["/v1/pets"]["post"]["requestBody"]["content"];
    let schema = &body["application/json"]["schema"];
    assert_eq!(schema["required"], serde_json::json!(["name"]));
    assert_eq!(schema["properties"]["name"]["maxLength"], 20);

    let rust = ["schema", "rust", "-"];
    let refused = run_with_input(bare().args(rust), drafted.stdout.as_bytes());
    assert_eq!(refused.code, 3);
    let problem =
        "x-draft: is a guess: type (1 sample shows it), maxLength (At most 20 characters.)";
    assert!(refused.stderr.contains(problem), "{}", refused.stderr);
}

#[test]
fn what_is_no_page_of_prose_is_no_draft() {
    let cases = [
        (TABLE, "put it in place with `inkstone schema import`"),
        ("nothing", "add a curl command"),
    ];
    for (text, hint) in cases {
        let run = run_with_input(bare().args(["schema", "draft", "-"]), text.as_bytes());
        assert_eq!(run.code, 3);
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
}

#[test]
fn openapi_is_imported_out_of_its_page() {
    let directory = tempfile::tempdir().unwrap();
    let openapi = "openapi: 3.0.1\ninfo: {title: t}\npaths:\n  /pets:\n    get:\n      responses:\n        '200': {description: ok}\n";
    let page = format!("Skip to content\n\nyaml\n{openapi}\n\nPager\n");
    let pages = write(directory.path(), &[("pets.txt", &page)]);
    let into = directory.path().join("into");
    let run = import(&pages, &into);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let written = fs::read_to_string(into.join("pets.yaml")).unwrap();
    assert_eq!(written, openapi);

    let cut = &page[..page.find("      responses").unwrap()];
    let pages = write(directory.path(), &[("cut.txt", cut)]);
    let run = import(&pages, &into);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("/paths/~1pets"), "{}", run.stderr);
}

/// A Postman collection is no schema that accepts anything; what a page was made of may lie beside
/// it in a directory.
#[test]
fn what_other_tools_write_is_refused_by_every_command_but_left_alone_in_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let files = [
        (
            "a.har.json",
            r#"{"log": {"version": "1.2", "entries": []}}"#,
        ),
        ("body.json", "{}"),
        (
            "old/README.md",
            "---\ntitle: a\ngenerator: widdershins v4\n---\n\n# a\n",
        ),
        (
            "old/a.json",
            r#"{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {}}"#,
        ),
    ];
    fs::create_dir(directory.path().join("old")).unwrap();
    let [har, body, page, _]: [PathBuf; 4] = write(directory.path(), &files).try_into().unwrap();
    let [har, body, page] = [&har, &body, &page].map(|path| path.to_str().unwrap());
    let commands: [&[&str]; 6] = [
        &["schema", "rust", har],
        &["schema", "lint", har],
        &["schema", "operations", har],
        &["check", "--document", har, body],
        &["schema", "diff", har, har],
        &["schema", "rust", page],
    ];
    for command in commands {
        let run = inkstone(command);
        let is_named = run.stderr.contains("which is not read");
        assert!(run.code == 3 && is_named, "{command:?}: {run:#?}");
    }
    let old = directory.path().join("old");
    let old = old.to_str().unwrap();
    inkstone(&["schema", "diff", old, old]).ended(
        0,
        "0 breaking, 0 additive, 0 neutral\npatch\n",
        "",
    );
}
