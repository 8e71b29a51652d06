//! Documents that refer to other files.

#![allow(clippy::expect_used, missing_docs)]

use std::fs;

use apifox_build::Builder;
use tempfile::TempDir;

/// A directory with these files, named from there.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    directory
}

const SHOP: &str = r"openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /pets:
    $ref: 'paths/pets.yaml#/list'
  /pets/{id}:
    parameters: [{$ref: 'parameters.json#/id'}]
    get:
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: './schemas/my%20pet.yaml'}}}
        default: {$ref: responses/error.yaml}
components:
  schemas:
    Toy: {$ref: 'schemas/_toy.json'}
    Name: {type: string, minLength: 1}
";

const FILES: &[(&str, &str)] = &[
    ("api/shop.yaml", SHOP),
    (
        "api/paths/pets.yaml",
        "list:
  get:
    responses:
      '200':
        description: ok
        content:
          application/json:
            schema: {type: array, items: {$ref: '../schemas/my%20pet.yaml#'}}
",
    ),
    (
        "api/parameters.json",
        r#"{"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}}"#,
    ),
    (
        "api/responses/error.yaml",
        "description: no
content:
  application/json:
    schema: {type: object, properties: {reason: {type: string, nullable: true}}}
",
    ),
    (
        "api/schemas/my pet.yaml",
        "type: object
required: [name]
properties:
  name: {$ref: '../shop.yaml#/components/schemas/Name'}
  toys: {type: array, items: {$ref: _toy.json}}
  mother: {$ref: '#'}
  home: {$ref: '#/definitions/home'}
definitions:
  home: {type: object, nullable: true, properties: {street: {type: string}}}
",
    ),
    (
        "api/schemas/_toy.json",
        r#"{"type": "object", "properties": {"owner": {"$ref": "my%20pet.yaml"}, "kind": {"type": "string", "enum": ["ball", "bone"]}}}"#,
    ),
];

#[test]
fn references_to_other_files_are_followed() {
    let directory = directory(FILES);
    let code = Builder::new(directory.path()).strict(true).generate();
    let code = code.expect("generated");
    for expected in [
        "pub struct Toy",
        "pub struct MyPet",
        "pub struct Home",
        "pub enum Kind",
    ] {
        assert!(code.contains(expected), "{expected} is missing");
    }
}

/// A document whose one operation replies with what `reference` leads to.
fn replying(reference: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: T, version: '1'}}
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}
"
    )
}

#[cfg(unix)]
const NETWORK: &str = "is not read: only files below the document's directory are";
#[cfg(unix)]
const OUTSIDE: &str = "is not read: it leads out of the document's directory";

/// References, and why they are not followed.
#[cfg(unix)]
const ELSEWHERE: &[(&str, &str)] = &[
    ("https://example.com/a.json", NETWORK),
    ("HTTPS://example.com/a.json#/b", NETWORK),
    ("file:///etc/passwd", NETWORK),
    ("//example.com/a.json", NETWORK),
    ("/etc/passwd", "it is not relative to the file"),
    ("../secret.yaml", OUTSIDE),
    ("x/../../secret.yaml", OUTSIDE),
    ("%2e%2e/secret.yaml", OUTSIDE),
    ("..%2fsecret.yaml", "it is not the path of a file"),
    (
        "link.yaml",
        "a symbolic link leads out of the document's directory",
    ),
    (
        "links/secret.yaml",
        "a symbolic link leads out of the document's directory",
    ),
    ("missing.yaml", "cannot be read: "),
    (".", "something is wrong with the file"),
    ("page.md", "it is neither JSON nor YAML"),
    ("broken.yaml", "something is wrong with the file"),
    (
        "there.yaml#/b",
        "does not resolve: api/there.yaml has no such place",
    ),
    (
        "there.yaml#b",
        "does not resolve: api/there.yaml has no such place",
    ),
];

#[cfg(unix)]
#[test]
fn files_elsewhere_are_refused() {
    for (reference, expected) in ELSEWHERE {
        let directory = directory(&[
            ("secret.yaml", "swagger: no\nb: {type: string}\n"),
            ("api/main.yaml", &replying(reference)),
            ("api/_page.md", "# nothing"),
            ("api/there.yaml", "a: {type: string}\n"),
            ("api/broken.yaml", "a: ["),
            ("api/page.md", "# nothing"),
        ]);
        let api = directory.path().join("api");
        std::os::unix::fs::symlink(directory.path().join("secret.yaml"), api.join("link.yaml"))
            .expect("a link");
        std::os::unix::fs::symlink(directory.path(), api.join("links")).expect("a link");
        let main = api.join("main.yaml");
        let code = apifox_build::rust_file(&main, "Root").expect("generated");
        let warnings: Vec<String> = code.warnings.iter().map(|warning| warning.line()).collect();
        let place =
            "main.yaml:9:49: #/paths/~1a/get/responses/200/content/application~1json/schema: $ref:";
        let expected = expected.replace("api/", &format!("{}/", api.display()));
        let is_told = |line: &String| {
            line.contains(place) && line.contains(reference) && line.contains(&expected)
        };
        assert!(warnings.iter().any(is_told), "{reference}: {warnings:#?}");
        assert!(
            code.text.contains("type Response;"),
            "{reference}: {}",
            code.text
        );
    }
}

#[test]
fn what_is_wrong_in_a_file_is_told_of_that_file() {
    let directory = directory(&[
        ("api/main.yaml", &replying("parts/pet.yaml")),
        (
            "api/parts/pet.yaml",
            "type: object\nproperties:\n  a: {minimum: high}\n  b: {$ref: '#/nothing'}\n  c: {$ref: '../../x.yaml'}\n  d: {$ref: old.json}\n",
        ),
        (
            "api/parts/pet.bugs.patch.json",
            r#"[
            {"op": "test", "path": "/properties/a", "value": {"minimum": "high"}, "why": "a"},
            {"op": "replace", "path": "/properties/a", "value": {"maximum": "low"}, "why": "a"}
        ]"#,
        ),
        (
            "api/parts/old.json",
            r#"{"type": "string", "type": "integer"}"#,
        ),
        ("api/parts/alone.yaml", "type: object\n"),
    ]);
    let main = directory.path().join("api/main.yaml");
    let code = apifox_build::rust_file(&main, "Root").expect("generated");
    let root = format!("{}/", directory.path().display());
    let lines = code
        .warnings
        .iter()
        .map(|warning| warning.line().replace(&root, ""));
    let lines: Vec<String> = lines.collect();
    let expected = [
        "api/parts/old.json:1:20: #/type: is written twice; the first, in line 1, is ignored",
        "api/parts/pet.yaml:3:3: #/properties/a: maximum: \"low\" is not a number",
        "api/parts/pet.yaml:4:7: #/properties/b: $ref: #/nothing does not resolve: api/parts/pet.yaml has no such place",
        "api/parts/pet.yaml:4:7: #/properties/b: $ref: ",
        "api/parts/pet.yaml:5:7: #/properties/c: $ref: ../../x.yaml is not read: it leads out",
        "api/parts/pet.yaml:5:7: #/properties/c: $ref: ../../x.yaml does not resolve",
    ];
    for expected in expected {
        assert!(
            lines.iter().any(|line| line.starts_with(expected)),
            "{expected}: {lines:#?}"
        );
    }
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    let problems = Builder::new(directory.path())
        .generate()
        .expect_err("a problem");
    let files: Vec<&str> = problems
        .0
        .iter()
        .map(|problem| problem.file.as_str())
        .collect();
    assert_eq!(files, ["api/parts/alone.yaml"], "{problems}");
}

#[test]
fn a_build_depends_on_the_files_that_are_referred_to() {
    let mut files = FILES.to_vec();
    files.push(("api/schemas/_toy.bugs.patch.json", "[]"));
    let directory = directory(&files);
    let (sources, problems) = apifox_document::sources::read(directory.path());
    assert_eq!(problems.0, []);
    let names: Vec<&str> = sources
        .documents
        .iter()
        .map(|document| document.file.as_str())
        .collect();
    assert_eq!(names, ["api/shop.yaml"]);
    for (file, _) in files {
        let is_watched = sources
            .watched
            .iter()
            .any(|path| *path == directory.path().join(file));
        assert!(is_watched, "{file}: {:#?}", sources.watched);
    }
}

#[test]
fn a_schema_refers_to_files_as_well() {
    let directory = directory(&[
        (
            "root.json",
            r##"{"type": "object", "properties": {"a": {"$ref": "more/a.yaml#/$defs/word"}, "b": {"$ref": "more/a.yaml#tree"}}}"##,
        ),
        (
            "more/a.yaml",
            "$defs:\n  word: {type: string, maxLength: 3}\n  tree: {$anchor: tree, type: object, properties: {next: {$ref: '#tree'}, root: {$ref: ../root.json}}}\n",
        ),
    ]);
    let code =
        apifox_build::rust_file(&directory.path().join("root.json"), "Root").expect("generated");
    assert!(code.warnings.is_empty(), "{:?}", code.warnings);
    for expected in [
        "pub struct Root",
        "pub struct Tree",
        "pub struct Word",
        "next: Option<Box<",
    ] {
        assert!(code.text.contains(expected), "{expected}: {}", code.text);
    }
}

#[test]
fn what_a_file_does_not_have_is_called_as_it_is_written() {
    let directory = directory(&[
        ("main.json", r#"{"$ref": "parts/all.json#/$defs/a"}"#),
        (
            "parts/all.json",
            r##"{"$defs": {"a": {"$ref": "#/$defs/none"}}}"##,
        ),
    ]);
    let refused = apifox_build::rust_file(&directory.path().join("main.json"), "Root");
    let refused = refused.expect_err("refused").to_string();
    let expected = "parts/all.json#/$defs/none";
    assert!(
        refused.contains("there is nothing at ") && refused.contains(expected),
        "{refused}"
    );
    assert!(!refused.contains("x-referenced-files"), "{refused}");
}

#[test]
fn maps_of_names_may_be_in_files_as_well() {
    let directory = directory(&[
        (
            "main.yaml",
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {$ref: paths.yaml}\ncomponents: {$ref: './components.yaml#/all'}\n",
        ),
        (
            "paths.yaml",
            "/a/{id}:\n  get:\n    parameters: [{$ref: 'main.yaml#/components/parameters/id'}]\n    responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'main.yaml#/components/schemas/Pet'}}}}}\n",
        ),
        (
            "components.yaml",
            "all:\n  parameters: {id: {name: id, in: path, required: true, schema: {type: integer}}}\n  schemas: {$ref: schemas/_all.yaml}\n",
        ),
        (
            "schemas/_all.yaml",
            "Pet: {$ref: pet.yaml}\nToy: {type: object, properties: {pet: {$ref: '#/Pet'}}}\n",
        ),
        (
            "schemas/pet.yaml",
            "type: object\nproperties: {toy: {$ref: '_all.yaml#/Toy'}}\n",
        ),
    ]);
    let code = apifox_build::rust_file(&directory.path().join("main.yaml"), "Root");
    let code = code.expect("generated");
    assert!(code.warnings.is_empty(), "{:?}", code.warnings);
    for expected in [
        "pub mod get_a_id",
        "-> super::Pet, ::serde_json::Value",
        "type Response;",
        "pub struct Pet",
        "pub struct Toy",
        "Schema: `",
        "schemas/_all.yaml#/Toy`",
    ] {
        assert!(code.text.contains(expected), "{expected}: {}", code.text);
    }
    assert!(!code.text.contains("Pet2"), "{}", code.text);
}

#[test]
fn properties_may_be_in_files_as_well() {
    let directory = directory(&[
        (
            "main.yaml",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [first], properties: {own: {type: boolean}, $ref: 'parts/all.yaml#/ids'}}}}}\n      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'parts/all.yaml#/Got'}}}}}\n",
        ),
        (
            "parts/all.yaml",
            "ids: {first: {type: integer}, more: {type: array, items: {$ref: more.yaml#/Id}}}\nGot: {type: object, properties: {$ref: '#/again'}}\nagain: {$ref: 'more.yaml#/fields'}\n",
        ),
        (
            "parts/more.yaml",
            "Id: {type: string, maxLength: 2}\nfields: {left: {$ref: '#/Id'}, properties: {$ref: '#/Id'}}\n",
        ),
    ]);
    let code = apifox_build::rust_file(&directory.path().join("main.yaml"), "Root");
    let code = code.expect("generated");
    assert!(code.warnings.is_empty(), "{:?}", code.warnings);
    for expected in [
        "pub own: Option<bool>",
        "pub first: rt::Integer",
        "pub more: Option<Vec<super::Id>>",
        "pub left: Option<Id>",
        "pub properties: Option<Id>",
    ] {
        assert!(code.text.contains(expected), "{expected}: {}", code.text);
    }
}

#[test]
fn what_is_no_map_of_schemas_is_told_as_it_is_written() {
    let main = |properties: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{type: object, properties: {properties}}}}}}}}}}}\n"
        )
    };
    let cases = [
        (
            main("{a: {$ref: 'all.yaml#Word'}}"),
            "main.yaml#/paths/~1a/get/responses/200/content/application~1json/schema/properties/a: $ref: all.yaml#Word does not resolve: all.yaml has no such place (write a slash after the `#`: without one it is an `$anchor`)",
        ),
        (
            main("{a: {$ref: 'in.yaml#/In'}}"),
            "in.yaml#/In/properties/w: $ref: #Word does not resolve: in.yaml has no such place (write a slash after the `#`: without one it is an `$anchor`)",
        ),
    ];
    let no_map = main("{$ref: 'all.yaml#/n'}");
    let files = directory(&[("main.yaml", &no_map), ("all.yaml", "n: {a: 1}\n")]);
    let refused = apifox_build::rust_file(&files.path().join("main.yaml"), "Root");
    let refused = refused.map(|code| code.warnings.iter().map(ToString::to_string).collect());
    let refused: String = refused.unwrap_or_else(|problems| problems.to_string());
    assert!(
        refused.contains(" is not a schema; anything is accepted here"),
        "{refused}"
    );
    for (text, expected) in cases {
        let directory = directory(&[
            ("main.yaml", &text),
            ("all.yaml", "n: {a: 1}\nWord: {type: string}\n"),
            (
                "in.yaml",
                "Word: {type: string}\nIn: {type: object, properties: {w: {$ref: '#Word'}}}\n",
            ),
        ]);
        let document = apifox_document::sources::read_file(&directory.path().join("main.yaml"));
        let document = document.expect("read");
        let told: Vec<String> = document
            .faults
            .iter()
            .map(|fault| {
                let fault = apifox_document::Diagnostic {
                    location: None,
                    file: fault.file.rsplit('/').next().unwrap_or_default().to_owned(),
                    message: fault
                        .message
                        .replace(&format!("{}/", directory.path().display()), ""),
                    ..fault.clone()
                };
                fault.line()
            })
            .collect();
        assert_eq!(told, [expected], "{text}");
        let found = apifox_build::rust_file(&directory.path().join("main.yaml"), "Root");
        let found = match found {
            Ok(code) => code.warnings.iter().map(ToString::to_string).collect(),
            Err(problems) => problems.to_string(),
        };
        assert!(!found.contains("x-referenced-files"), "{found}");
    }
}

#[test]
fn operations_and_their_parts_may_be_in_files_as_well() {
    let directory = directory(&[
        (
            "main.yaml",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}:\n    get: {$ref: pets/get.yaml}\n",
        ),
        (
            "pets/get.yaml",
            "operationId: getPet\nparameters: {$ref: parameters.yaml#/all}\nresponses: {$ref: responses.yaml}\nx-samples: [{a: 1}]\n",
        ),
        (
            "pets/parameters.yaml",
            "all: [{$ref: '#/id'}]\nid: {name: id, in: path, required: true, schema: {type: integer}}\n",
        ),
        (
            "pets/responses.yaml",
            "'200':\n  description: ok\n  content: {$ref: 'content.yaml'}\n  body: x\n",
        ),
        (
            "pets/content.yaml",
            "application/json: {schema: {type: string, nullable: true, maxLength: 2}}\n",
        ),
    ]);
    let code = apifox_build::rust_file(&directory.path().join("main.yaml"), "Root");
    let code = code.expect("generated");
    for expected in [
        "pub mod get_pet",
        "pub id: rt::Integer",
        "max_length: Some(2)",
        "rt::Nullable<",
    ] {
        assert!(code.text.contains(expected), "{expected}: {}", code.text);
    }
    let warnings = code.warnings.iter().map(ToString::to_string);
    let warnings: Vec<String> = warnings.collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("pets/responses.yaml:4:9")
            && warnings[0].contains("body is not a member of Response"),
        "{warnings:?}"
    );
}

#[test]
fn names_and_addresses_are_those_of_one_file() {
    let directory = directory(&[
        (
            "main.yaml",
            "openapi: 3.2.0
$self: https://x.example/v1/pets/api.yaml
info: {title: T, version: '1'}
paths:
  /a:
    post:
      requestBody: {required: true, content: {application/json: {$ref: 'media.yaml#/Sent'}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Got'}}}}}
components:
  schemas:
    Own: {$anchor: n, type: string, enum: [own]}
    Got:
      type: object
      required: [a, b, c, d, e]
      properties:
        a: {$ref: '#n'}
        b: {$ref: 'pets/api.yaml#/Pet'}
        c: {$ref: 'pets/api.yaml#n'}
        d: {$ref: './api.yaml#/components/schemas/Own'}
        e: {$ref: 'https://x.example/v1/pets/api.yaml#n'}
",
        ),
        (
            "pets/api.yaml",
            "Pet: {$dynamicAnchor: n, type: string, enum: [other]}\n",
        ),
        (
            "media.yaml",
            "Sent: {schema: {type: object, required: [s], properties: {s: {type: integer}}}}\n",
        ),
    ]);
    let code = apifox_build::rust_file(&directory.path().join("main.yaml"), "Root");
    let code = code.expect("generated");
    assert!(code.warnings.is_empty(), "{:?}", code.warnings);
    for expected in [
        "pub a: Own,",
        "pub b: Pet,",
        "pub c: Pet,",
        "pub d: Own,",
        "pub e: Own,",
        "pub s: rt::Integer,",
    ] {
        assert!(code.text.contains(expected), "{expected}: {}", code.text);
    }
}

#[test]
fn text_alone_has_no_files() {
    let code = apifox_build::rust_text("t.yaml", &replying("a.yaml"), "Root").expect("generated");
    let lines: Vec<String> = code.warnings.iter().map(|warning| warning.line()).collect();
    let expected = "a.yaml is not read: the document was not read from a file";
    assert!(lines[0].contains(expected), "{lines:?}");
}
