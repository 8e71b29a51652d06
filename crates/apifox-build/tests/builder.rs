//! What the settings of a `Builder` change, and how a wish is refused that can't
//! be granted.

#![allow(clippy::expect_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use apifox_build::{Builder, Pages};
use serde_json::json;
use tempfile::TempDir;

fn shop() -> TempDir {
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Shop"},
        "paths": {
            "/pets": {"get": {
                "tags": ["pets"],
                "responses": {"200": {"description": "", "content": {"application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
                }}}},
            }},
            "/orders/{id}": {"delete": {
                "tags": ["orders"],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
                "responses": {"204": {"description": ""}},
            }},
        },
        "components": {"schemas": {
            "Pet": {"type": "object", "properties": {"price": {"$ref": "#/components/schemas/Money"}}},
            "Money": {"type": "string", "pattern": "^[0-9]+$"},
        }},
    });
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("shop.json"), document.to_string()).expect("a file");
    directory
}

/// The names of all modules, types and aliases.
fn names(code: &str) -> Vec<&str> {
    let name = |line: &'_ str| -> Option<usize> {
        let line = line.trim_start();
        [
            "pub mod ",
            "pub struct ",
            "pub enum ",
            "pub type ",
            "pub static ",
            "pub const ",
        ]
        .iter()
        .find_map(|start| line.starts_with(start).then_some(start.len()))
    };
    code.lines()
        .filter_map(|line| {
            let rest = &line.trim_start()[name(line)?..];
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
        })
        .collect()
}

#[test]
fn settings_choose_what_is_made_and_how_it_is_called() {
    let directory = shop();
    let builder = || Builder::new(directory.path()).strict(true);
    let cases = [
        (
            builder(),
            "DOCUMENTS OPERATIONS shop get_pets Request delete_orders_id Request Path Pet Money",
        ),
        (
            builder().only_path("/orders"),
            "DOCUMENTS OPERATIONS shop delete_orders_id Request Path",
        ),
        (
            builder().only_tag("pets").module("shop.json", "store::v1"),
            "DOCUMENTS OPERATIONS store v1 get_pets Request Pet Money",
        ),
        (
            builder().only_tag("pets").operations(false),
            "shop get_pets Response Request Pet Money",
        ),
        (
            builder()
                .only_tag("pets")
                .operations(false)
                .replace("shop.json#/components/schemas/Money", "::my_money::Cents"),
            "shop get_pets Response Request Pet Money",
        ),
        (
            builder()
                .operations(false)
                .only_operations(["DELETE /orders/{id}"]),
            "shop delete_orders_id Response Request Path",
        ),
        (
            builder()
                .operations(false)
                .only_operations(["get_pets", "delete /orders/{id}"])
                .only_path("/pets"),
            "shop get_pets Response Request Pet Money",
        ),
    ];
    for (builder, expected) in cases {
        let code = builder.generate().expect("code");
        assert_eq!(names(&code).join(" "), expected, "{builder:?}\n{code}");
    }
}

#[test]
fn derives_and_types_of_the_callers_are_used() {
    let directory = shop();
    let code = Builder::new(directory.path())
        .derive("Hash")
        .derive("::my_crate::Trait")
        .replace("shop.json#/components/schemas/Money", "::my_money::Cents")
        .generate()
        .expect("code");
    assert!(
        code.contains("pub type Money = ::my_money::Cents;"),
        "{code}"
    );
    let derived = "#[derive(Clone, Debug, PartialEq, Eq, Hash, ::my_crate::Trait)]";
    assert_eq!(
        code.matches("#[derive(").count(),
        code.matches(derived).count(),
        "{code}"
    );
}

#[test]
fn a_setting_that_cant_be_followed_is_refused() {
    let directory = shop();
    let problems = Builder::new(directory.path())
        .derive("not a path")
        .replace("shop.json#/components/schemas/Mony", "X")
        .module("shp.json", "x")
        .generate()
        .expect_err("problems");
    assert_eq!(
        problems.to_string(),
        "3 problems in the documents:
  not a path: is not a Rust path
      write a path such as ::my_crate::Name
  shop.json: has no schema at #/components/schemas/Mony
      there is #/components/schemas/Money
  shp.json: does not exist
      a document is called shop.json"
    );
}

#[test]
fn a_place_that_is_not_there_is_named_with_its_document() {
    let directory = shop();
    let cases = [
        (
            "shop.json#/components/schemas/Order",
            "shop.json: has no schema at #/components/schemas/Order (name a schema by its JSON \
             pointer)",
        ),
        (
            "shop.json#/definitions/Money",
            "shop.json: has no schema at #/definitions/Money (there is \
             #/components/schemas/Money)",
        ),
        (
            "shop.json#/components/schemas/Money/type",
            "shop.json: has no schema at #/components/schemas/Money/type (name a schema by its \
             JSON pointer)",
        ),
        (
            "shp.json#/components/schemas/Money",
            "shp.json#/components/schemas/Money: does not exist (a document is called shop.json)",
        ),
        (
            "Money",
            "Money: does not exist (name a file below the directory, and a JSON pointer in it)",
        ),
    ];
    for (place, expected) in cases {
        let builder = Builder::new(directory.path()).replace(place, "X");
        let problems = builder.generate().expect_err("problems").0;
        let told: Vec<_> = problems.iter().map(|problem| problem.line()).collect();
        assert_eq!(told, [expected]);
    }
}

#[test]
fn what_chooses_no_operation_is_refused() {
    let directory = shop();
    let builder = || Builder::new(directory.path());
    let cases = [
        (
            builder().only_path("/pet").only_path("/order/"),
            vec![
                "/order/: is the beginning of no path of an operation (there are the paths \
                 /orders/{id}, /pets)",
            ],
        ),
        (
            builder()
                .only_tag("none")
                .only_tag("order")
                .operations(false),
            vec![
                "none: is a tag of no operation (there are the tags orders, pets)",
                "order: is a tag of no operation (there are the tags orders, pets)",
            ],
        ),
        (
            builder().only_path("/pets").only_tag("orders"),
            vec![
                "only_path, only_tag: choose no operation together (leave one of them out: an \
                 operation has to pass all of them)",
            ],
        ),
    ];
    for (builder, expected) in cases {
        let problems = builder.generate().expect_err("problems").0;
        let told: Vec<_> = problems.iter().map(|problem| problem.line()).collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn of_many_paths_some_are_told() {
    let paths: serde_json::Map<_, _> = (0..9)
        .map(|number| {
            let operation = json!({"get": {"responses": {"204": {"description": ""}}}});
            (format!("/things/{number}"), operation)
        })
        .collect();
    let document =
        json!({"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": paths});
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("a.json"), document.to_string()).expect("a file");
    let builder = Builder::new(directory.path()).only_path("/thing/7");
    assert_eq!(
        builder.generate().expect_err("problems").0[0].line(),
        "/thing/7: is the beginning of no path of an operation (there are the paths /things/7, \
         /things/0, /things/1, /things/2, /things/3 and 4 more)"
    );
}

/// A list of pets, page by page.
fn pages() -> TempDir {
    let string = json!({"type": "string"});
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Shop"},
        "paths": {
            "/pets": {"get": {
                "operationId": "listPets",
                "parameters": [{"name": "after", "in": "query", "schema": string}],
                "responses": {"200": {"description": "", "content": {"application/json": {
                    "schema": {"type": "object", "properties": {
                        "pets": {"type": "array", "minItems": 1,
                            "items": {"$ref": "#/components/schemas/Pet"}},
                        "next": {"type": "string", "nullable": true},
                    }},
                }}}},
            }},
            "/search": {"post": {
                "operationId": "search",
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "properties": {"page": {"type": "integer"}},
                }}}},
                "responses": {"200": {"description": "", "content": {"application/json": {
                    "schema": {"type": "array", "items": string},
                }}}},
            }},
        },
        "components": {"schemas": {
            "Pet": {"type": "object", "properties": {"id": string}},
        }},
    });
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("shop.json"), document.to_string()).expect("a file");
    directory
}

#[test]
fn pages_are_told_by_what_is_in_the_document() {
    let directory = pages();
    let code = Builder::new(directory.path())
        .pages("listPets", Pages::cursor("after", "/next").items("/pets"))
        .pages("POST /search", Pages::number_from("/page", 0))
        .generate()
        .expect("code");
    for expected in [
        "    impl rt::PagedEndpoint for Request {
            type Item = super::Pet;
            const PAGES: rt::Pages = rt::Pages {
                parameter: \"/query/after\",
                next: rt::NextPage::Cursor(\"/next\"),
                items: \"/pets\",
                more: None,
            };
        }
",
        "            type Item = String;
            const PAGES: rt::Pages = rt::Pages {
                parameter: \"/page\",
                next: rt::NextPage::Number(0i64),
                items: \"\",
                more: None,
            };
",
    ] {
        assert!(code.contains(expected), "{code}");
    }
    let last = Pages::last_item("after", "/id").items("/pets");
    let code = Builder::new(directory.path()).pages("listPets", last.more("/next"));
    let code = code.generate().expect("code");
    assert!(code.contains("rt::NextPage::LastItem(\"/id\")"), "{code}");
}

#[test]
fn operations_and_pages_that_are_not_there_are_refused() {
    let directory = pages();
    let refused = |builder: Builder| builder.generate().expect_err("problems").to_string();
    let builder = || Builder::new(directory.path());
    let list = |pages: Pages| refused(builder().pages("listPets", pages));
    let cases = [
        (
            refused(builder().only_operations(["listPet", "search"])),
            "listPet: is an operation of no document
      an operation is called listPets",
        ),
        (
            refused(builder().pages("GET /orders", Pages::number("page"))),
            "GET /orders: is an operation of no document",
        ),
        (
            list(Pages::cursor("aftr", "/next").items("/pets")),
            "there is no parameter aftr that asks for a page
      a parameter is called after",
        ),
        (
            list(Pages::cursor("after", "/next").items("/items")),
            "at /items in the body of the reply is no list, of which there could be pages
      there are lists at /pets",
        ),
        (
            list(Pages::cursor("after", "/nxt").items("/pets")),
            "nothing is at /nxt in what pages are told by",
        ),
        (
            list(Pages::last_item("after", "/no").items("/pets")),
            "nothing is at /no in what pages are told by",
        ),
        (
            refused(builder().pages("search", Pages::offset("/from"))),
            "the body of the request has no /from that asks for a page",
        ),
    ];
    for (problem, expected) in cases {
        for said in expected.lines() {
            assert!(problem.contains(said.trim()), "{problem}");
        }
    }
}

/// The files below a directory that are read at once.
fn small_files(directory: &Path) -> Vec<PathBuf> {
    let is_small = |path: &PathBuf| path.metadata().is_ok_and(|file| file.len() < 200_000);
    let found = test_data::files::below(directory).into_iter();
    found.filter(is_small).collect()
}

#[test]
fn what_nothing_warns_of_is_built_strictly_too() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("tests/wire/annotated.yaml")];
    paths.extend(small_files(&root.join("../../exactness/documents")));
    paths.extend(
        test_data::find("documents")
            .iter()
            .flat_map(|all| small_files(all)),
    );
    let mut count = 0;
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let name = path.file_name().expect("a name").to_string_lossy();
        let clean = apifox_build::rust_text(&name, &text, "Root");
        if !clean.is_ok_and(|code| code.warnings.is_empty()) {
            continue;
        }
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(&*name), text).expect("a file");
        let built = Builder::new(directory.path()).strict(true).generate();
        assert!(built.is_ok(), "{}: {:?}", path.display(), built.err());
        count += 1;
    }
    assert!(count > 5, "{count}");
}

/// The module of a document with one operation is that of the operation; that all are listed is no
/// use of it.
#[test]
fn a_deprecated_operation_is_marked_also_where_it_is_alone() {
    let endpoint = |status: &str| {
        json!({
            "method": "get", "path": "/pets", "name": "List pets", "status": status,
            "responses": [{"code": 200, "jsonSchema": {"type": "object"}}],
        })
    };
    for (status, is_deprecated) in [("deprecated", true), ("released", false)] {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("pets.json");
        fs::write(file, endpoint(status).to_string()).expect("a file");
        let code = Builder::new(directory.path()).generate().expect("code");
        let marked = "#[allow(deprecated)]\npub const OPERATIONS";
        assert_eq!(code.contains(marked), is_deprecated, "{code}");
        let module = "///\n/// Document: `pets.json`\n#[deprecated]\npub mod pets {";
        assert_eq!(code.contains(module), is_deprecated, "{code}");
        assert_eq!(code.contains("/// Deprecated."), is_deprecated, "{code}");
    }
}
