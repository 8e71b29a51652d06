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
             (there is #/components/schemas/pet_dto)",
        ),
        (
            "shp.json#/components/schemas/pet_dto".to_owned(),
            "Animal",
            "shp.json#/components/schemas/pet_dto: does not exist (a document is called shop.json)",
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

/// A document of Swagger 2.0, which is translated before anything is made of it.
const SWAGGER: &str = r##"{
    "swagger": "2.0",
    "info": {"title": "Shop", "version": "1"},
    "parameters": {"Order": {"name": "o", "in": "body", "required": true, "schema": {
        "type": "object", "properties": {"count": {"type": "integer"}}}}},
    "definitions": {
        "pet_dto": {"type": "object", "properties": {
            "state": {"type": "string", "enum": ["a", "b"]},
            "price": {"$ref": "#/definitions/Money"},
            "tail": {"type": "object", "properties": {"cm": {"type": "integer"}}, "x-nullable": true}}},
        "Money": {"type": "string", "pattern": "^[0-9]+$"}
    },
    "paths": {
        "/a": {"post": {"operationId": "postA",
            "parameters": [{"$ref": "#/parameters/Order"}],
            "responses": {"200": {"description": "", "schema": {"type": "object",
                "properties": {"pet": {"$ref": "#/definitions/pet_dto"}}}}}}},
        "/b": {"post": {"operationId": "postB",
            "parameters": [{"$ref": "#/parameters/Order"}],
            "responses": {"204": {"description": ""}}}}
    }
}"##;

#[test]
fn places_of_swagger_are_those_of_its_text() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("shop.json"), SWAGGER).expect("a file");
    let pet = |place: &str| format!("shop.json#/definitions/pet_dto{place}");
    let builder = || Builder::new(directory.path());
    let code = builder()
        .rename(pet(""), "Animal")
        .rename(pet("/properties/state/enum/1"), "Sold")
        .rename(pet("/properties/tail"), "Tail")
        .rename("shop.json#/paths/~1a/post/responses/200/schema", "Found")
        .rename("shop.json#/paths/~1b/post", "second")
        .rename("shop.json#/parameters/Order/schema", "Order")
        .replace("shop.json#/definitions/Money", "::my_money::Cents")
        .generate()
        .expect("code");
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "pub struct Animal {",
        "Sold = \"b\"",
        "pub struct Tail {",
        "pub struct Found {",
        "pub mod second {",
        "pub struct Order {",
        "pub type Money = ::my_money::Cents;",
    ] {
        assert!(code.contains(part), "{part}\n{code}");
    }
    // The places of what it is translated to are known as well.
    let code = builder()
        .rename("shop.json#/components/schemas/pet_dto", "Animal")
        .replace("shop.json#/components/schemas/Money", "::my_money::Cents")
        .generate()
        .expect("code");
    assert!(code.contains("pub struct Animal {"), "{code}");
    assert!(code.contains("= ::my_money::Cents;"), "{code}");
    let told = |builder: Builder| builder.generate().expect_err("problems").0[0].line();
    assert_eq!(
        told(builder().rename(pet("s"), "Animal")),
        "shop.json:6:5: #/definitions/pet_dtos: there is nothing here to be called Animal \
         (there is #/definitions/pet_dto)"
    );
    assert_eq!(
        told(builder().replace("shop.json#/definitions/Mony", "X")),
        "shop.json: has no schema at #/definitions/Mony (there is #/definitions/Money)"
    );
}

/// A schema that moves when its document is read: the items of a tuple are `prefixItems` by now.
#[test]
fn what_moves_is_named_where_it_is_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = r##"{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {},
        "components": {"schemas": {"Pair": {"type": "array", "minItems": 1, "maxItems": 1,
            "items": [{"type": "object", "properties": {
                "tag": {"type": "object", "properties": {"name": {"type": "string"}}},
                "price": {"type": "string", "maxLength": 3}}}]}}}}"##;
    fs::write(directory.path().join("shop.json"), text).expect("a file");
    let within =
        |name: &str| format!("shop.json#/components/schemas/Pair/items/0/properties/{name}");
    let code = Builder::new(directory.path())
        .rename(within("tag"), "Label")
        .replace(within("price"), "::my_money::Cents")
        .generate()
        .expect("code");
    for part in ["pub struct Label {", "::my_money::Cents"] {
        assert!(code.contains(part), "{part}\n{code}");
    }
}

#[test]
fn places_of_a_file_that_a_document_refers_to_are_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| {
        fs::write(directory.path().join(name), text).expect("a file");
    };
    write(
        "shop.yaml",
        "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n\
         components: {schemas: {Pet: {$ref: 'pets.yaml#/definitions/Animal'}}}\n",
    );
    write(
        "pets.yaml",
        "definitions:\n  Animal: {type: object, properties: {price: {type: string, maxLength: 3}}}\n",
    );
    let code = Builder::new(directory.path())
        .rename("pets.yaml#/definitions/Animal", "Beast")
        .replace(
            "pets.yaml#/definitions/Animal/properties/price",
            "::my_money::Cents",
        )
        .generate()
        .expect("code");
    for part in ["pub struct Beast {", "::my_money::Cents"] {
        assert!(code.contains(part), "{part}\n{code}");
    }
    let told = |builder: Builder| builder.generate().expect_err("problems").0[0].line();
    let builder = || Builder::new(directory.path());
    assert_eq!(
        told(builder().replace("pets.yaml#/definition/Animal", "X")),
        "pets.yaml: has no schema at #/definition/Animal (there is #/definitions/Animal)"
    );
    assert_eq!(
        told(builder().rename("pets.yaml#/definitions/Animals", "X")),
        "pets.yaml:1:1: #/definitions/Animals: there is nothing here to be called X \
         (there is #/definitions/Animal)"
    );
}

/// A document with a webhook and a callback, which the API calls.
fn incoming() -> TempDir {
    let sent = |id: &str| {
        json!({"operationId": id, "responses": {"204": {"description": ""}}, "requestBody": {
            "content": {"application/json": {"schema": {"type": "object", "properties": {
                id: {"type": "string"}}}}}}})
    };
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "Shop", "version": "1"},
        "paths": {"/pets": {"post": {
            "operationId": "addPet", "responses": {"204": {"description": ""}},
            "callbacks": {"onSold": {"{$request.body#/url}": {"post": sent("petSold")}}},
        }}},
        "webhooks": {"newPet": {"post": sent("petArrived")}},
    });
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("shop.json"), document.to_string()).expect("a file");
    directory
}

#[test]
fn what_an_api_calls_itself_is_named_by_its_id() {
    let directory = incoming();
    let builder = || Builder::new(directory.path());
    let modules = |builder: Builder| {
        let code = builder.generate().expect("code");
        let lines = code.lines().map(str::trim);
        let modules = lines.filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(" {"));
        modules.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        modules(builder()),
        [
            "shop",
            "add_pet",
            "webhook_new_pet",
            "add_pet_callback_on_sold"
        ]
    );
    let renamed = builder()
        .rename("petSold", "sold")
        .rename("petArrived", "arrived");
    assert_eq!(modules(renamed), ["shop", "add_pet", "arrived", "sold"]);
    assert_eq!(
        modules(builder().only_operations(["petSold"])),
        ["shop", "add_pet_callback_on_sold"]
    );
    assert_eq!(
        modules(builder().only_operations(["petArrived"])),
        ["shop", "webhook_new_pet"]
    );
    let told = |builder: Builder| builder.generate().expect_err("problems").0[0].line();
    assert_eq!(
        told(builder().only_operations(["petSolt"])),
        "petSolt: is an operation of no document (an operation is called petSold)"
    );
    assert_eq!(
        told(builder().rename("petArived", "arrived")),
        "petArived: is in no document (something is called petArrived)"
    );
    let pages = apifox_build::Pages::number("page");
    let told = told(builder().pages("petArrived", pages));
    assert!(
        told.ends_with(
            "is a webhook or a callback, which the API calls: nobody asks for its pages (name an \
             operation below paths)"
        ),
        "{told}"
    );
}
