//! What the settings of a `Builder` change, and how a wish is refused that can't
//! be granted.

#![allow(clippy::expect_used, missing_docs)]

use std::fs;

use apifox_build::Builder;
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
            "DOCUMENTS OPERATIONS shop get_pets OPERATION Response Request delete_orders_id \
             OPERATION Response Request Path Pet Money",
        ),
        (
            builder().only_path("/orders"),
            "DOCUMENTS OPERATIONS shop delete_orders_id OPERATION Response Request Path",
        ),
        (
            builder().only_tag("pets").module("shop.json", "store::v1"),
            "DOCUMENTS OPERATIONS store v1 get_pets OPERATION Response Request Pet Money",
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
        (builder().only_tag("none").operations(false), "shop"),
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
  not a path#: is not a Rust path
      write a path such as ::my_crate::Name
  shop.json#/components/schemas/Mony#: does not exist
      a document is called shop.json
  shp.json#: does not exist
      a document is called shop.json"
    );
}
