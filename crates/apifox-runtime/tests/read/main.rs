//! What is read without a tree is what a tree decodes to, and so is what is wrong.

#![allow(clippy::expect_used)]

mod wrapped;

use apifox_runtime::{self as rt, Decode as _, Node};
use serde_json::{Value, json};

use crate::wrapped::{Wrap, Wrapped};

#[derive(Debug, PartialEq)]
struct Pet {
    name: String,
    age: Option<rt::Integer>,
    note: rt::OrEmpty<bool>,
    friends: Option<Vec<Pet>>,
}

rt::object! {
    Pet { required name = "name", optional age = "age", or_empty note = "note",
    optional friends = "friends" }
}

#[derive(Debug, PartialEq)]
struct Nothing {}

rt::object! { Nothing {} }

#[derive(Debug, PartialEq)]
struct Open {
    a: Option<bool>,
    additional: rt::Additional<Open, String>,
}

rt::object! { Open { optional a = "a", ..additional } }

#[derive(Debug, PartialEq)]
struct Kennel {
    door: Option<rt::Nullable<Box<Kennel>>>,
    pets: Option<rt::Nullable<Vec<rt::Nullable<Pet>>>>,
    next: Option<Tenant>,
}

rt::object! { Kennel { optional door = "door", optional pets = "pets", optional next = "next" } }

#[derive(Debug, PartialEq)]
enum Tenant {
    Kennel(Box<Kennel>),
    Word(bool),
}

rt::alternatives! {
    one_of Tenant { boxed Kennel(Kennel), from Word(bool) }
    reads { boxed Kennel: "door" | "pets" | "next" }
}

/// What text is read as, and that a tree decodes to the same, and what other formats than JSON
/// may make of it.
fn read<T: rt::Decode + serde::de::DeserializeOwned + serde::Serialize>(
    text: &str,
) -> Result<Value, String> {
    let node = Node::parse(text.as_bytes()).expect("JSON");
    let decoded = T::decode_root(&node).map_err(|error| error.to_string());
    let read = serde_json::from_str::<T>(text).map_err(|error| error.to_string());
    let json = |it: T| serde_json::to_value(&it).expect("JSON");
    let (read, decoded) = (read.map(json), decoded.map(json));
    assert_eq!(read, decoded);
    let value: Value = serde_json::from_str(text).expect("JSON");
    for wrap in [Wrap::Newtype, Wrap::Option, Wrap::Nothing] {
        let wrapped = T::deserialize(Wrapped(&value, wrap)).map(json);
        assert_eq!(wrapped.ok(), read.clone().ok(), "{text} {wrap:?}");
    }
    read
}

#[test]
fn of_repeated_members_the_last_counts() {
    let fine = [
        (r#"{"name": 1, "name": "a"}"#, json!({"name": "a"})),
        (
            r#"{"name": "a", "age": true, "age": 1}"#,
            json!({"name": "a", "age": 1}),
        ),
        (
            r#"{"note": 1, "name": "", "note": "", "name": "a"}"#,
            json!({"name": "a", "note": ""}),
        ),
        (
            r#"{"name": "a", "friends": [{"name": 1, "name": "b"}]}"#,
            json!({"name": "a", "friends": [{"name": "b"}]}),
        ),
        (
            r#"{"name": "a", "friends": [{"name": "b"}, {"name": "c"}], "friends": []}"#,
            json!({"name": "a", "friends": []}),
        ),
    ];
    for (text, expected) in fine {
        assert_eq!(read::<Pet>(text), Ok(expected), "{text}");
    }
    let wrong = [
        (
            r#"{"name": "a", "name": 1}"#,
            "/name: type: expected a string, found 1",
        ),
        (
            r#"{"name": "a", "age": 1, "age": true}"#,
            "/age: type: expected an integer, found true",
        ),
        (
            r#"{"name": "a", "note": "", "note": 1}"#,
            "/note: type: expected a boolean, found 1",
        ),
        (
            r#"{"name": "a", "friends": [{"name": "b"}, {"name": "c", "name": 1}, 2]}"#,
            "/friends/1/name: type: expected a string, found 1; \
             /friends/2: type: expected an object, found 2",
        ),
        (
            r#"{"name": "a", "friends": [{"name": "b"}], "friends": 1}"#,
            "/friends: type: expected an array, found 1",
        ),
        (
            r#"{"name": "a", "friends": [{"name": "b"}], "friends": [{"name": 1}]}"#,
            "/friends/0/name: type: expected a string, found 1",
        ),
    ];
    for (text, expected) in wrong {
        assert_eq!(read::<Pet>(text), Err(expected.to_owned()), "{text}");
    }
    assert_eq!(
        read::<Open>(r#"{"b": 1, "a": 1, "b": "c", "a": true}"#),
        Ok(json!({"a": true, "b": "c"}))
    );
    assert_eq!(
        read::<Open>(r#"{"b": "c", "b": 1}"#),
        Err("/b: type: expected a string, found 1".to_owned())
    );
}

#[test]
fn what_is_no_object_or_has_other_members_is_told() {
    let wrong = [
        ("null", "(root): type: expected an object, found null"),
        ("[{}]", "(root): type: expected an object, found [{}]"),
        ("1.5", "(root): type: expected an object, found 1.5"),
        (r#""a""#, r#"(root): type: expected an object, found "a""#),
        (
            "{}",
            r#"(root): required: expected the field "name", found {}"#,
        ),
        (
            r#"{"name": "a", "nam\u0065s": [1]}"#,
            "/names: additionalProperties: expected no field but name, age, note, friends, \
             found [1]",
        ),
    ];
    for (text, expected) in wrong {
        assert_eq!(read::<Pet>(text), Err(expected.to_owned()), "{text}");
    }
    assert_eq!(
        read::<Nothing>(r#"{"a": 1}"#),
        Err("/a: additionalProperties: expected no such field, found 1".to_owned())
    );
    // A key with an escape is the same key.
    assert_eq!(
        read::<Pet>(r#"{"n\u0061me": "a"}"#),
        Ok(json!({"name": "a"}))
    );
}

#[test]
fn values_within_each_other_are_read_where_they_stand() {
    let fine = [
        r#"{"door":null,"pets":null}"#,
        r#"{"door":{"door":{}},"pets":[null,{"name":"a"}]}"#,
        r#"{"next":{"door":null,"next":{"next":true,"pets":[]}}}"#,
        r#"{"next":{}}"#,
        r#"{"next":false}"#,
    ];
    for text in fine {
        let value: Value = serde_json::from_str(text).expect(text);
        assert_eq!(read::<Kennel>(text), Ok(value));
    }
    let wrong = [
        (
            r#"{"door":[]}"#,
            "/door: type: expected an object; or null, found []",
        ),
        (
            r#"{"pets":{"name":"a"}}"#,
            r#"/pets: type: expected an array; or null, found {"name":"a"}"#,
        ),
        (
            r#"{"pets":[null,1]}"#,
            "/pets/1: type: expected an object; or null, found 1",
        ),
    ];
    for (text, expected) in wrong {
        assert_eq!(read::<Kennel>(text), Err(expected.to_owned()), "{text}");
    }
}

/// A union that holds itself in a box is read no deeper than it is decoded.
#[test]
fn depth_is_measured_in_unions_too() {
    let mut value = json!(true);
    for _ in 0..400 {
        value = json!({"next": value});
    }
    let node = Node::from(&value).into_owned();
    let explained = Kennel::decode_root(&node).expect_err("it is too deep");
    let read = serde_json::from_value::<Kennel>(value).expect_err("it is too deep");
    assert_eq!(read.to_string(), explained.to_string());
}

#[test]
fn text_that_is_no_json_is_an_error_of_its_own() {
    let error = serde_json::from_str::<Pet>(r#"{"name": "a", "age": tru}"#);
    assert_eq!(
        error.expect_err("no JSON").to_string(),
        "expected ident at line 1 column 25"
    );
}

/// Members that no field takes are outsiders' text: many of them must not take long.
#[test]
fn many_lost_members_are_put_back_once() {
    let lost: Vec<String> = (0..100_000)
        .map(|it| format!("\"k{it}\":1,\"name\":1"))
        .collect();
    let text = format!("{{{}}}", lost.join(","));
    let error = serde_json::from_str::<Pet>(&text)
        .expect_err("closed")
        .to_string();
    assert!(error.starts_with("/name: type: expected a string, found 1; /k0: "));
}

#[test]
fn a_field_that_was_taken_out_again_leaves_nothing_behind() {
    let mut fields = rt::Additional::<Open, String>::default();
    assert_eq!(fields.insert("more", "a".to_owned()), Ok(None));
    assert_eq!((fields.len(), fields.is_empty()), (1, false));
    assert_eq!(fields.remove("more"), Some("a".to_owned()));
    assert_eq!((fields.len(), fields.is_empty()), (0, true));
    assert_eq!(fields, rt::Additional::default());
    assert_eq!(fields.iter().next(), None);
}

#[test]
fn a_type_that_does_not_say_how_it_is_decoded_accepts_nothing() {
    #[derive(Debug)]
    struct Silent;

    impl rt::Decode for Silent {}

    rt::impl_deserialize! { Silent }

    for json in ["1", "{}", "[]"] {
        let error = serde_json::from_str::<Silent>(json).expect_err(json);
        assert!(error.to_string().starts_with("(root): type: "), "{error}");
    }
}
