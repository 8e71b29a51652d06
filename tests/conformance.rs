//! Two witnesses: for every document the generated types and the `jsonschema`
//! crate agree on every example and on what is derived from the schemas.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use inkstone::{DOCUMENTS, Node, OPERATIONS, Operation};
use inkstone_sandbox::validator;
use serde_json::{Value, json};

/// The examples that break their own schema, with the reasons.
const DEVIATIONS: &str = include_str!("deviations.txt");

/// Why what recodes is there.
const RECODE: &str = "tests have the feature `recode`";

/// A body of a document: its schema, its examples, and what the type says.
struct Body {
    schema: Value,
    examples: Vec<(String, Value)>,
    check: fn(&Node<'_>) -> inkstone::Report,
    recode: Option<apifox_runtime::Recode>,
}

fn document(operation: &Operation) -> Value {
    serde_json::from_str(operation.document).expect("the corrected document is JSON")
}

fn request(operation: &Operation) -> Body {
    let document = document(operation);
    let body = &document["requestBody"];
    let examples = body["examples"].as_array().into_iter().flatten();
    Body {
        schema: body["jsonSchema"].clone(),
        examples: examples.map(|it| example(it, "value")).collect(),
        check: operation.check_request,
        recode: Some(operation.recode_request.expect(RECODE)),
    }
}

fn response(operation: &Operation) -> Body {
    let document = document(operation);
    let response = &document["responses"][0];
    let filed = document["responseExamples"]
        .as_array()
        .into_iter()
        .flatten();
    let filed = filed.map(|it| example(it, "data"));
    let within = response["jsonSchema"]["examples"].as_array();
    let within = within.into_iter().flatten();
    let within = within.map(|it| (name(it), it["value"].clone()));
    Body {
        schema: response["jsonSchema"].clone(),
        examples: filed.chain(within).collect(),
        check: operation.check_response,
        recode: Some(operation.recode_response.expect(RECODE)),
    }
}

/// The API's error body, which has a document of its own.
fn error(operation: &Operation) -> Body {
    let mut documents = DOCUMENTS.iter();
    let found = documents.find(|it| it.api == operation.api && it.name == "error");
    let found = found.expect("the API's error document");
    let document: Value = serde_json::from_str(found.json).expect("JSON");
    let examples = document["responseExamples"]
        .as_array()
        .into_iter()
        .flatten();
    Body {
        schema: document["jsonSchema"].clone(),
        examples: examples.map(|it| example(it, "data")).collect(),
        check: operation.check_error,
        recode: None,
    }
}

fn example(example: &Value, member: &str) -> (String, Value) {
    let text = example[member].as_str().expect("an example is text");
    (
        name(example),
        serde_json::from_str(text).expect("an example is JSON"),
    )
}

fn name(example: &Value) -> String {
    example["name"].as_str().unwrap_or("example").to_owned()
}

/// The JSON bodies; a request may have none.
fn bodies(operation: &Operation) -> Vec<(&'static str, Body)> {
    let all = [
        ("request", request(operation)),
        ("response", response(operation)),
        ("error", error(operation)),
    ];
    let has_schema = |(_, body): &(_, Body)| !body.schema.is_null();
    all.into_iter().filter(has_schema).collect()
}

fn accepts(body: &Body, instance: &Value) -> bool {
    (body.check)(&Node::from(instance)).violations().is_empty()
}

#[test]
fn every_example_is_judged_alike_and_encodes_to_itself() {
    let mut broken = BTreeSet::new();
    let mut count = 0;
    for operation in OPERATIONS {
        for (part, body) in bodies(operation) {
            let witness = validator(&body.schema).expect("the schema compiles");
            for (example, instance) in &body.examples {
                count += 1;
                let label = format!("{}/{} {part} {example}", operation.api, operation.name);
                let accepted = accepts(&body, instance);
                assert_eq!(accepted, witness.is_valid(instance), "{label}");
                if !accepted {
                    broken.insert(label);
                } else if let Some(recode) = body.recode {
                    let recoded = recode(&Node::from(instance)).expect("it was accepted");
                    assert_eq!(recoded.to_value(), *instance, "{label}");
                }
            }
        }
    }
    assert!(count >= 20, "only {count} examples");
    let known: BTreeSet<String> = DEVIATIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (label, why) = line.split_once(": ").expect("`example: reason`");
            assert!(!why.trim().is_empty(), "{label} has no reason");
            label.to_owned()
        })
        .collect();
    let unknown: Vec<_> = broken.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "break their schema, and tests/deviations.txt doesn't say why: {unknown:?}"
    );
    let repaired: Vec<_> = known.difference(&broken).collect();
    assert!(
        repaired.is_empty(),
        "are fine now, delete them from tests/deviations.txt: {repaired:?}"
    );
}

#[test]
fn both_witnesses_agree_on_what_is_derived_from_the_schemas() {
    for operation in OPERATIONS {
        for (part, body) in bodies(operation) {
            let label = format!("{}/{} {part}", operation.api, operation.name);
            let witness = validator(&body.schema).expect("the schema compiles");
            let pool = pool(&body.schema);
            let (mut valid, mut invalid) = (0, 0);
            let mut judge = |instance: &Value| {
                let accepted = accepts(&body, instance);
                assert_eq!(accepted, witness.is_valid(instance), "{label}: {instance}");
                if accepted {
                    valid += 1;
                    if let Some(recode) = body.recode {
                        let node = Node::from(instance);
                        let recoded = recode(&node).expect("it was accepted");
                        assert!(recoded == node, "{label}: {instance} became {recoded:?}");
                    }
                } else {
                    invalid += 1;
                }
            };
            for base in bases(operation, part, &body) {
                for mutant in mutants(&base, &pool) {
                    judge(&mutant);
                }
            }
            for instance in &pool {
                judge(instance);
            }
            assert!(valid > 0, "{label}: nothing was valid");
            assert!(invalid > 100, "{label}: only {invalid} were invalid");
        }
    }
}

/// The examples to change: the body's own, and the fullest of them. A document
/// without a valid example borrows those of its API.
fn bases(operation: &Operation, part: &str, body: &Body) -> Vec<Value> {
    let instances = |body: &Body| body.examples.iter().map(|(_, it)| it.clone()).collect();
    let mut bases: Vec<Value> = instances(body);
    if !bases.iter().any(|it| accepts(body, it)) {
        let others = OPERATIONS.iter().filter(|it| it.api == operation.api);
        let others = others.flat_map(|other| bodies(other));
        let same = others.filter(|(other, _)| *other == part);
        bases.extend(same.flat_map(|(_, body)| -> Vec<Value> { instances(&body) }));
    }
    bases.extend(complete(body));
    bases
}

/// The first example with every optional field that the schema has a default
/// or a bound for, so that each rule has a place where it can be broken.
fn complete(body: &Body) -> Option<Value> {
    let (_, first) = body.examples.iter().find(|(_, it)| accepts(body, it))?;
    let mut instance = first.clone();
    fill(&mut instance, &body.schema);
    accepts(body, &instance).then_some(instance)
}

fn fill(instance: &mut Value, schema: &Value) {
    let (Some(members), Some(properties)) =
        (instance.as_object_mut(), schema["properties"].as_object())
    else {
        return;
    };
    for (name, property) in properties {
        let value = match property["type"].as_str() {
            _ if property.get("default").is_some() => property["default"].clone(),
            Some("object") => json!({}),
            Some("integer") => property.get("minimum").unwrap_or(&json!(0)).clone(),
            Some("string") => json!(""),
            _ => continue,
        };
        let member = members.entry(name).or_insert(value);
        fill(member, property);
    }
}

/// Values to put in every place: one of each type, and around every limit that
/// the schema has anywhere.
fn pool(schema: &Value) -> Vec<Value> {
    let mut pool = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!(" "),
        json!("1"),
        json!("x".repeat(501)),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"extra": 1}),
    ];
    pool.extend(SIZES.iter().map(|text| json!(text)));
    pool.extend(URIS.iter().map(|text| json!(text)));
    limits(schema, &mut pool);
    pool
}

const SIZES: &[&str] = &[
    "1K",
    "2K",
    "4K",
    "1k",
    "8K",
    "512x512",
    "512*512",
    "511x513",
    "512×512",
    "512X512",
    "2048x2048",
    "2048*2048",
    "2049*2048",
    "2048x2049",
    "4194304x1",
    "1*4194304",
    "262144*1",
    "262143*1",
    "768x768",
    "768*767",
    "4096x4096",
    "4096*4097",
    "2176x272",
    "2177x272",
    "272*2176",
    "272*2177",
    "01024*1024",
    "+1024*1024",
    "1024*1024 ",
    "1024 *1024",
    "1024**1024",
    "1024x",
    "*1024",
    "0*1024",
    "1024.0*1024",
    "1664*928",
    "1664x928",
    "99999999999999999999999*1",
    "1024*1024*1",
    "1024\n*1024",
];

const URIS: &[&str] = &[
    "https://a/b.png",
    "http://a",
    "http://",
    "https",
    "HTTPS://a",
    "ftp://a",
    "oss://a/b",
    "data:image/png;base64,AAAA",
    "data:",
    "https://a/b c",
    "https://a/%zz",
    "https://a/%20",
    "https://a/%2",
    "https://a/图.png",
    "//a/b",
    "a.png",
    " https://a",
];

fn limits(schema: &Value, pool: &mut Vec<Value>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("minimum" | "maximum" | "const" | "default", Value::Number(number)) => {
                        let limit = number.as_i64().expect("limits are whole");
                        pool.extend([limit - 1, limit, limit + 1].map(Value::from));
                        #[expect(clippy::cast_precision_loss, reason = "limits are small")]
                        pool.extend([limit as f64, limit as f64 + 0.5].map(Value::from));
                    }
                    ("const" | "default", other) => pool.push(other.clone()),
                    ("enum" | "examples", Value::Array(values)) => pool.extend(values.clone()),
                    _ => limits(value, pool),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| limits(item, pool)),
        _ => {}
    }
}

/// The instance with one change: each place holding each value of the pool,
/// each member or item left out, one of them twice, and one too many.
fn mutants(base: &Value, pool: &[Value]) -> Vec<Value> {
    let mut mutants = vec![base.clone()];
    for pointer in places(base, "") {
        let place = |instance: &mut Value, change: &dyn Fn(&mut Value)| {
            change(instance.pointer_mut(&pointer).expect("the place is there"));
        };
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut mutant = base.clone();
            place(&mut mutant, change);
            mutants.push(mutant);
        };
        for value in pool {
            with(&|it| *it = value.clone());
        }
        match base.pointer(&pointer) {
            Some(Value::Object(members)) => {
                for key in members.keys() {
                    with(&|it| {
                        it.as_object_mut().expect("an object").remove(key);
                    });
                }
                for value in [json!(1), json!(null), json!({"deep": [1]})] {
                    with(&|it| it["an extra field"] = value.clone());
                }
            }
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    with(&|it| {
                        it.as_array_mut().expect("an array").remove(index);
                    });
                    for copies in [1, 2, 3, 4] {
                        with(&|it| {
                            let array = it.as_array_mut().expect("an array");
                            array.extend(vec![item.clone(); copies]);
                        });
                    }
                }
                for part in [
                    json!({"image": "https://a/b.png"}),
                    json!({"text": "t", "image": "https://a"}),
                ] {
                    for copies in [1, 3, 4] {
                        with(&|it| {
                            let array = it.as_array_mut().expect("an array");
                            array.extend(vec![part.clone(); copies]);
                        });
                    }
                }
            }
            _ => {}
        }
    }
    mutants
}

fn places(value: &Value, pointer: &str) -> Vec<String> {
    let mut found = vec![pointer.to_owned()];
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                found.extend(places(member, &format!("{pointer}/{key}")));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                found.extend(places(item, &format!("{pointer}/{index}")));
            }
        }
        _ => {}
    }
    found
}
