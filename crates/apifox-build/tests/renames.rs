//! The names that a caller gives, and what is told of those that name nothing.

#![allow(clippy::expect_used, missing_docs)]

use std::fs;

use apifox_build::Builder;
use serde_json::json;
use tempfile::TempDir;

fn shop() -> TempDir {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/pets": {"get": {
                "operationId": "listAllPetsV2",
                "responses": {"200": {"description": "", "content": {"application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/pet_dto"}},
                }}}},
            }},
        },
        "components": {"schemas": {
            "pet_dto": {"type": "object", "properties": {
                "name": {"type": "string"},
                "state": {"enum": ["a", "b"]},
                "size": {"oneOf": [{"const": 1}, {"const": 2}]},
                "collar": {"type": "object", "properties": {"name": {"type": "string"}}},
                "lead": {"type": "object", "properties": {"name": {"type": "string"}}},
                "animal": {"type": "object", "properties": {"kind": {"type": "string"}}},
            }},
        }},
    });
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("shop.json"), document.to_string()).expect("a file");
    directory
}

const PET: &str = "shop.json#/components/schemas/pet_dto";

#[test]
fn types_variants_and_modules_have_the_names_that_they_are_given() {
    let directory = shop();
    let in_pet = |place: &str| format!("{PET}/properties/{place}");
    let code = Builder::new(directory.path())
        .strict(true)
        .rename("pet_dto", "Animal")
        .rename("listAllPetsV2", "pets")
        .rename(in_pet("state"), "Availability")
        .rename(in_pet("state/enum/0"), "Available")
        .rename(in_pet("size/oneOf/1"), "Large")
        .rename(in_pet("lead"), "Leash")
        .generate()
        .expect("code");
    let expected = [
        "pub mod pets {",
        "pub struct Animal {",
        "pub state: Option<Availability>,",
        "pub enum Availability {",
        "Available = \"a\", B = \"b\"",
        "_1 = Integer(1), Large = Integer(2)",
        // What equals it shares its type.
        "pub collar: Option<Leash>,",
        "pub lead: Option<Leash>,",
        // The name is taken.
        "pub animal: Option<Animal2>,",
    ];
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in expected {
        assert!(code.contains(part), "{part}\n{code}");
    }
}

#[test]
fn a_name_for_nothing_is_told_with_its_place() {
    let directory = shop();
    let told = |what: &str, name: &str| {
        let builder = Builder::new(directory.path()).rename(what, name);
        let problems = builder.generate().expect_err("problems").0;
        problems
            .iter()
            .map(|problem| problem.line())
            .collect::<Vec<_>>()
    };
    let in_pet = |place: &str| format!("{PET}{place}");
    let cases = [
        (
            "pets_dto".to_owned(),
            "Animal",
            "pets_dto: is in no document (something is called pet_dto)",
        ),
        (
            "shop.json#/components/schemas/pet".to_owned(),
            "Animal",
            "shop.json:1:276: #/components/schemas/pet: there is nothing here to be called Animal \
             (name a schema, a listed value or an operation)",
        ),
        (
            in_pet("/properties/state/enum/2"),
            "C",
            "shop.json:1:362: #/components/schemas/pet_dto/properties/state/enum/2: \
             there is nothing here to be called C (name a schema, a listed value or an \
             operation)",
        ),
        (
            in_pet("/properties/name"),
            "Name",
            "shop.json:1:328: #/components/schemas/pet_dto/properties/name: no type of \
             its own is made here that could be called Name (name the schema that the \
             type is made of, and no name that another has)",
        ),
        (
            in_pet(""),
            "not a name",
            "shop.json#/components/schemas/pet_dto: can't be called not a name (give a \
             Rust identifier that is no keyword and no name of the standard library)",
        ),
        (
            "pet_dto".to_owned(),
            "Option",
            "pet_dto: can't be called Option (give a Rust identifier that is no keyword \
             and no name of the standard library)",
        ),
    ];
    for (what, name, expected) in cases {
        assert_eq!(told(&what, name), [expected]);
    }
}
