//! Requests: every example of every document, decoded, checked and encoded.

use std::hint::black_box;
use std::rc::Rc;

use apifox_runtime::{Endpoint, Node, Operation};
use garde::Validate;
use inkstone::{dashscope, gateway};
use jsonschema::Validator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contest::{Contest, Way};
use crate::{by_garde, hand};

/// The examples of a document, and the ways to handle them.
struct Case {
    name: String,
    /// Whether the document has rules that no type says, so that its requests are
    /// held against the schema itself as well.
    is_guarded: bool,
    decode: Way,
    decode_by_hand: Way,
    validate: Way,
    encode: Way,
    encode_by_hand: Way,
}

/// The examples of a document, read by its type and by one that keeps its rules by hand.
struct Ruled {
    decode: Way,
    by_garde: Way,
}

/// What is measured of requests.
#[must_use]
pub fn contests() -> Vec<Contest> {
    let guarded = Rc::new(cases());
    let ruled = Rc::new(vec![
        ruled::<gateway::wan2_7_image_pro::Request, by_garde::Gateway>(GATEWAY_CASES),
        ruled::<dashscope::wan2_7_image_pro::Request, by_garde::DashScope>(DASHSCOPE_CASES),
    ]);
    let all = |way: fn(&Case) -> &Way| together(&guarded, way, |_| true);
    let some = |way: fn(&Case) -> &Way, is_guarded: bool| {
        together(&guarded, way, move |case| case.is_guarded == is_guarded)
    };
    let by_hand = "a hand-written struct that checks nothing";
    vec![
        Contest {
            what: "decode and check a request",
            against: by_hand,
            wanted: 1.35,
            ours: all(|case| &case.decode),
            peer: all(|case| &case.decode_by_hand),
        },
        Contest {
            what: "… request of documents whose rules types can say",
            against: by_hand,
            wanted: 1.35,
            ours: some(|case| &case.decode, false),
            peer: some(|case| &case.decode_by_hand, false),
        },
        Contest {
            what: "… request of documents with rules across fields",
            against: by_hand,
            wanted: 1.35,
            ours: some(|case| &case.decode, true),
            peer: some(|case| &case.decode_by_hand, true),
        },
        Contest {
            what: "decode and check a request",
            against: "Value + jsonschema + from_value",
            wanted: 0.5,
            ours: all(|case| &case.decode),
            peer: all(|case| &case.validate),
        },
        Contest {
            what: "decode and check a request of Wan 2.7 Pro",
            against: "serde and garde, with the same rules by hand",
            wanted: 1.0,
            ours: together(&ruled, |case| &case.decode, |_| true),
            peer: together(&ruled, |case| &case.by_garde, |_| true),
        },
        Contest {
            what: "encode a request",
            against: by_hand,
            wanted: 1.02,
            ours: all(|case| &case.encode),
            peer: all(|case| &case.encode_by_hand),
        },
    ]
}

/// One way of all the cases that are `wanted`, one after the other.
fn together<C: 'static>(
    cases: &Rc<Vec<C>>,
    way: fn(&C) -> &Way,
    wanted: impl Fn(&C) -> bool + 'static,
) -> Way {
    let cases = Rc::clone(cases);
    Box::new(move || {
        for case in cases.iter().filter(|case| wanted(case)) {
            way(case)();
        }
    })
}

/// Every document that takes JSON.
///
/// # Panics
///
/// When one is missing here.
fn cases() -> Vec<Case> {
    use dashscope as d;
    use gateway as g;
    let cases = vec![
        case::<g::qwen_image_2_0_2026_03_03::Request, hand::Gateway>(),
        case::<g::qwen_image_edit_2509::Request, hand::Gateway>(),
        case::<g::qwen_image_max::Request, hand::Gateway>(),
        case::<g::wan2_7_image_pro::Request, hand::Gateway>(),
        case::<d::qwen_image_2_0::Request, hand::Generation>(),
        case::<d::qwen_image_2_1_pro::Request, hand::Generation>(),
        case::<d::qwen_image_3_0::Request, hand::Generation>(),
        case::<d::qwen_image_edit::Request, hand::Generation>(),
        case::<d::qwen_image_edit_max::Request, hand::Generation>(),
        case::<d::qwen_image_edit_plus::Request, hand::Generation>(),
        case::<d::qwen_image_max::Request, hand::Generation>(),
        case::<d::qwen_image_plus::Request, hand::Generation>(),
        case::<d::qwen_image_plus_async::Request, hand::Synthesis>(),
        case::<d::wan2_7_image::Request, hand::Generation>(),
        case::<d::wan2_7_image_async::Request, hand::Generation>(),
        case::<d::wan2_7_image_pro::Request, hand::Generation>(),
        case::<d::wan2_7_image_pro_async::Request, hand::Generation>(),
    ];
    for operation in inkstone::OPERATIONS {
        let name = name(operation);
        let is_here = cases.iter().any(|case| case.name == name);
        // Of other APIs the types are not public.
        let has_types = ["gateway", "dashscope"].contains(&operation.api);
        assert!(
            is_here || !has_types || examples(operation).is_empty(),
            "{name} is missing"
        );
    }
    cases
}

fn name(operation: &Operation) -> String {
    format!("{}/{}", operation.api, operation.name)
}

/// The examples of requests in JSON, as they stand in the document.
fn examples(operation: &Operation) -> Vec<String> {
    let document: Value = serde_json::from_str(operation.document).expect("a document is JSON");
    let body = &document["requestBody"];
    let examples = body["examples"].as_array().into_iter().flatten();
    let text = |example: &Value| example["value"].as_str().map(str::to_owned);
    examples.filter_map(text).collect()
}

fn case<R, H>() -> Case
where
    R: Endpoint + DeserializeOwned + 'static,
    H: DeserializeOwned + Serialize + 'static,
{
    let operation = R::OPERATION;
    let texts = Rc::new(examples(operation));
    let document: Value = serde_json::from_str(operation.document).expect("a document is JSON");
    let schema = &document["requestBody"]["jsonSchema"];
    let validator = jsonschema::validator_for(schema).expect("a schema that compiles");
    for text in texts.iter() {
        agree::<R, H>(text, &validator);
    }
    refuses_what_is_wrong::<R>(&texts[0]);
    Case {
        name: name(operation),
        is_guarded: schema.get("allOf").is_some(),
        decode: each(&texts, decode::<R>),
        decode_by_hand: each(&texts, decode::<H>),
        validate: each(&texts, move |text| validate::<H>(&validator, text)),
        encode: each(&values(&texts, decode::<R>), |value| encode(value)),
        encode_by_hand: each(&values(&texts, decode::<H>), |value| encode(value)),
    }
}

/// Requests that keep the rules of their document or break them: a list of `document`, `body`
/// and `violations`.
const DASHSCOPE_CASES: &str = include_str!("../../tests/rules.json");

/// The same for the gateway, by members beside model and prompt.
const GATEWAY_CASES: &str = r#"[
    {"body": {}, "violations": []},
    {"body": {"size": "4K", "n": 4, "seed": 2147483647, "watermark": true}, "violations": []},
    {"body": {"size": "8192x1024"}, "violations": []},
    {"body": {"size": "768*768"}, "violations": []},
    {"body": {"size": "8193x1024"}, "violations": ["size"]},
    {"body": {"size": "768*767"}, "violations": ["size"]},
    {"body": {"size": "4096x4097"}, "violations": ["size"]},
    {"body": {"size": "01024x1024"}, "violations": ["size"]},
    {"body": {"size": "8K"}, "violations": ["size"]},
    {"body": {"prompt": ""}, "violations": ["prompt"]},
    {"body": {"model": "wan2.7-image"}, "violations": ["model"]},
    {"body": {"n": 0}, "violations": ["n"]},
    {"body": {"n": 5}, "violations": ["n"]},
    {"body": {"seed": -1}, "violations": ["seed"]},
    {"body": {"seed": 2147483648}, "violations": ["seed"]},
    {"body": {"watermark": "true"}, "violations": ["watermark"]},
    {"body": {"image": "https://example.com/1.png"}, "violations": ["image"]}
]"#;

fn ruled<R, G>(cases: &str) -> Ruled
where
    R: Endpoint + DeserializeOwned + 'static,
    G: DeserializeOwned + Validate<Context = ()> + 'static,
{
    let operation = R::OPERATION;
    let cases: Vec<Value> = serde_json::from_str(cases).expect("cases are JSON");
    let meant = |case: &&Value| {
        case["document"]
            .as_str()
            .is_none_or(|it| it == name(operation))
    };
    for case in cases.iter().filter(meant) {
        let mut body = serde_json::json!({"model": "wan2.7-image-pro", "prompt": "a cat"});
        match case["document"].is_null() {
            true => body
                .as_object_mut()
                .expect("an object")
                .extend(case["body"].as_object().expect("members").clone()),
            false => body = case["body"].clone(),
        }
        let is_valid = case["violations"].as_array().is_some_and(Vec::is_empty);
        let text = body.to_string();
        assert_eq!(serde_json::from_str::<R>(&text).is_ok(), is_valid, "{text}");
        assert_eq!(checked::<G>(&text).is_some(), is_valid, "{text}");
    }
    let texts = Rc::new(examples(operation));
    Ruled {
        decode: each(&texts, decode::<R>),
        by_garde: each(&texts, |text: &str| {
            checked::<G>(text).expect("an example is valid")
        }),
    }
}

/// A request whose rules are written by hand.
fn checked<G: DeserializeOwned + Validate<Context = ()>>(text: &str) -> Option<G> {
    let request: G = serde_json::from_str(text).ok()?;
    request.validate().is_ok().then_some(request)
}

/// Both ways read the same, write the same, and find nothing wrong with it.
fn agree<R: Endpoint + DeserializeOwned, H: DeserializeOwned + Serialize>(
    text: &str,
    validator: &Validator,
) {
    let value: Value = serde_json::from_str(text).expect("an example is JSON");
    assert!(validator.is_valid(&value), "{text}");
    let written = |bytes: Vec<u8>| -> Value { serde_json::from_slice(&bytes).expect("JSON") };
    assert_eq!(written(encode(&decode::<R>(text))), value);
    assert_eq!(written(encode(&decode::<H>(text))), value);
    assert_eq!(written(encode(&validate::<H>(validator, text))), value);
}

/// What is timed as checking does check.
fn refuses_what_is_wrong<R: Endpoint>(text: &str) {
    let mut value: Value = serde_json::from_str(text).expect("an example is JSON");
    value["model"] = "no-such-model".into();
    let report = (R::OPERATION.check_request)(&Node::from(&value));
    assert_eq!(report.violations().len(), 1, "{text}");
}

fn decode<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("an example fits")
}

fn validate<T: DeserializeOwned>(validator: &Validator, text: &str) -> T {
    let value: Value = serde_json::from_str(text).expect("an example is JSON");
    assert!(validator.is_valid(&value), "an example is valid");
    serde_json::from_value(value).expect("an example fits")
}

fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("a request has a JSON form")
}

fn values<T>(texts: &[String], decode: impl Fn(&str) -> T) -> Rc<Vec<T>> {
    Rc::new(texts.iter().map(|text| decode(text)).collect())
}

/// Does the same to each of `items`.
fn each<A: std::borrow::Borrow<B> + 'static, B: ?Sized + 'static, T>(
    items: &Rc<Vec<A>>,
    act: impl Fn(&B) -> T + 'static,
) -> Way {
    let items = Rc::clone(items);
    Box::new(move || {
        for item in items.iter() {
            black_box(act(black_box(item.borrow())));
        }
    })
}
