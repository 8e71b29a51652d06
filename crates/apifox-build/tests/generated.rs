//! What the code in `golden/` does: it is compiled here.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]
// Only some of what is generated is called here.
#![allow(dead_code, clippy::enum_variant_names)]

use serde_json::{from_value, json};

macro_rules! goldens {
    ($($name:ident),*) => {
        $(mod $name { include!(concat!("golden/", stringify!($name), ".rs")); })*
    };
}

goldens!(
    amounts,
    arrays,
    deprecated,
    guarded,
    names,
    objects,
    replies,
    suggestions,
    unions
);

#[test]
fn names_are_told_apart() {
    let all = json!({
        "foo-bar": true, "foo_bar": false, "fooBar": true, "a": "类", "A": -1, "type": "x",
        "self": "ab", "类目": 9, "": null, "report": [1],
    });
    let root: names::Root = from_value(all.clone()).expect("valid");
    assert_eq!(
        (root.foo_bar, root.foo_bar2, root.foo_bar3),
        (Some(true), Some(false), Some(true))
    );
    assert_eq!(serde_json::to_value(&root).expect("JSON"), all);
}

#[test]
fn objects_contain_themselves() {
    let tree = json!({
        "name": "a", "kind": "node", "undeclared": 1, "more": [null], "note": "",
        "left": {"name": "b", "kind": "node", "undeclared": null},
        "children": [], "labels": {"k": "v"},
    });
    let root: objects::Root = from_value(tree.clone()).expect("valid");
    assert_eq!(root.left.as_ref().map(|it| it.name.as_str()), Some("b"));
    assert_eq!(root.additional.get("more"), Some(&json!([null])));
    assert_eq!(root.note.value(), None);
    assert_eq!(serde_json::to_value(&root).expect("JSON"), tree);

    let mut built = objects::Root::new("a".into(), json!(1));
    assert_eq!(built.additional.insert("name", json!(1)), Err(json!(1)));
    assert_eq!(built.additional.insert("x", json!(1)), Ok(None));
    let children = objects::Children::try_from(vec![built; 3]);
    assert_eq!(
        children.expect_err("too many").to_string(),
        "(root): maxItems: expected at most 2 items, found \
         [{\"name\":\"a\",\"kind\":\"node\",\"undeclared\":1,\"x\":1},{\"name\":\"a\"…"
    );
}

#[test]
fn unions_are_one_of_their_alternatives() {
    assert_eq!(
        from_value::<unions::Root>(json!("1K")).expect("valid"),
        unions::Tier::_1K.into()
    );
    let pixels = unions::Pixels::new(64, 8).expect("valid");
    assert_eq!(
        from_value::<unions::Root>(json!("64x8")).expect("valid"),
        pixels.into()
    );
    let error = unions::Pixels::new(65, 8)
        .expect_err("too wide")
        .to_string();
    assert_eq!(
        error,
        "(root): x-aspect-ratio: expected a ratio of width to height at most 8:1, found \"65x8\""
    );
    let cases = [
        (json!({"a": 1}), "/a: type: expected a boolean, found 1"),
        (
            json!(true),
            "(root): oneOf: expected one of \"1K\", \"2K\"; or a string; or an integer; or null; or an object, found true",
        ),
    ];
    for (instance, expected) in cases {
        let error = from_value::<unions::Root>(instance).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn guards_check_what_is_decoded_and_what_is_made() {
    let cases = [
        (
            json!({"a": 0.4, "b": "x"}),
            "/a: minimum: expected at least 0.5, found 0.4",
        ),
        (
            json!({"b": "no"}),
            "/b: not: expected a value that does not fit the schema in `not`, found \"no\"",
        ),
        (
            json!({"a": 1}),
            "(root): dependentRequired: expected the field \"b\" beside \"a\", found {\"a\":1}",
        ),
    ];
    for (instance, expected) in cases {
        let error = from_value::<guarded::Root>(instance).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
    let a = guarded::AType::try_from(serde_json::Number::from(1)).expect("large enough");
    let value = guarded::RootValue {
        a: Some(a),
        ..guarded::RootValue::new()
    };
    assert!(guarded::Root::try_from(value).is_err());
}

#[test]
fn guards_add_up_and_compare_lengths_and_sizes() {
    let fine = [
        json!({"shares": [{"share": "50%"}, {"share": "50.00%"}]}),
        // What is no amount is left to other rules.
        json!({"shares": [{"share": "half"}, {}]}),
        json!({"boxes": [1, 2], "pages": [[{"box": true}, {}, {"box": false}], [{}]]}),
        json!({"boxes": [1]}),
        json!({"boxes": [1], "pages": []}),
        json!({"pages": [[{"box": true}]]}),
        json!({"size": "64*64"}),
        json!({"size": "2K"}),
        json!({"boxes": [], "size": "1K"}),
        json!({"boxes": [], "size": "64x64"}),
        json!({"boxes": [], "size": "10*10"}),
    ];
    for instance in fine {
        let root: amounts::Root = from_value(instance.clone()).expect("valid");
        assert_eq!(serde_json::to_value(&root).expect("JSON"), instance);
    }
    let cases = [
        (
            json!({"shares": [{"share": "50%"}, {"share": "49.99%"}]}),
            "/shares: x-sum: expected `share` to add up to 100.00%, not 99.99%, found ",
        ),
        (json!({"shares": []}), "/shares: x-sum: "),
        (
            json!({"boxes": [1], "pages": [[{"box": true}, {"box": false}]]}),
            "/boxes: x-same-length: expected as many items as /pages/0 has with `box`, 2 and not 1",
        ),
        (
            json!({"boxes": [1], "pages": [[], [{"box": true}]]}),
            "/boxes: x-same-length: ",
        ),
        (json!({"boxes": [], "size": "2K"}), "/size: anyOf: "),
        // Another separator makes it another text.
        (json!({"boxes": [], "size": "64*64"}), "/size: anyOf: "),
        (json!({"boxes": [], "size": "10x11"}), "/size: anyOf: "),
    ];
    for (instance, expected) in cases {
        let error = from_value::<amounts::Root>(instance).expect_err(expected);
        let told = error.to_string();
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn what_only_warns_refuses_nothing() {
    for text in ["abc", "abcd"] {
        let c: guarded::C = from_value(json!(text)).expect("a text");
        assert_eq!(c.get(), text);
    }
    assert!(from_value::<guarded::C>(json!(1)).is_err());
    let report = apifox_runtime::check::<guarded::C>(&apifox_runtime::Node::from(&json!("abcd")));
    let told: Vec<String> = report.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["(root): long"]);
    let report = apifox_runtime::check::<guarded::C>(&apifox_runtime::Node::from(&json!("abc")));
    assert!(report.warnings().is_empty());
}

#[test]
fn tuples_have_each_item_in_its_place() {
    let all = json!({"point": [1.5, 2], "tags": ["a"]});
    let root: arrays::Root = from_value(all.clone()).expect("valid");
    let point = root.point.as_ref().expect("a point");
    assert_eq!(point.1.to_string(), "2");
    assert_eq!(arrays::PointItem2::try_from(2), Ok(point.1.clone()));
    assert_eq!(serde_json::to_value(&root).expect("JSON"), all);
    let cases = [
        (
            json!({"point": [1]}),
            "/point: minItems: expected at least 2 items, found [1]",
        ),
        (
            json!({"point": [1, 2, 3]}),
            "/point: maxItems: expected at most 2 items, found [1,2,3]",
        ),
        (
            json!({"point": [1, -2]}),
            "/point/1: minimum: expected at least 0, found -2",
        ),
        (
            json!({"point": {}}),
            "/point: type: expected an array, found {}",
        ),
    ];
    for (instance, expected) in cases {
        let error = from_value::<arrays::Root>(instance).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
}

/// The status says which of several bodies came.
#[test]
fn replies_are_told_apart_by_their_status() {
    use apifox_runtime::{Decode as _, Node};
    use replies::adopt::{Error, Response};

    let reply = |status, body| Response::decode_reply(status, &Node::from(&body));
    let pet = json!({"name": "mimi"});
    assert!(matches!(reply(200, pet.clone()), Ok(Response::Status200(pet)) if pet.name == "mimi"));
    assert!(matches!(
        reply(202, json!({"task": "t"})),
        Ok(Response::Status202(_))
    ));
    assert_eq!(reply(204, json!(null)), Ok(Response::Status204));
    assert_eq!(
        reply(202, pet.clone()).expect_err("a pet").to_string(),
        r#"(root): required: expected the field "task", found {"name":"mimi"}; "#.to_owned()
            + r#"/name: additionalProperties: expected no field but task, found "mimi""#
    );
    assert_eq!(
        reply(203, pet).expect_err("unknown").to_string(),
        "(root): status: expected a status that the document describes, found 203"
    );

    let error = |status, body| Error::decode_reply(status, &Node::from(&body));
    let problem = json!({"code": 7});
    assert!(matches!(
        error(400, problem.clone()),
        Ok(Error::Status400(_))
    ));
    assert!(matches!(
        error(409, problem.clone()),
        Ok(Error::Status409(_))
    ));
    assert!(matches!(
        error(404, json!({"what": "pet"})),
        Ok(Error::Status404(_))
    ));
    assert!(matches!(
        error(503, json!({"retry": true})),
        Ok(Error::Status5xx(_))
    ));
    assert!(matches!(error(418, problem.clone()), Ok(Error::Default(_))));
    // Without a status it is the first that fits.
    assert!(matches!(from_value(problem), Ok(Error::Status400(_))));
}

/// Who names a deprecated operation is warned, and nobody else: this is compiled without warnings.
#[test]
fn a_deprecated_operation_warns_who_names_it() {
    #[expect(deprecated, reason = "that is what is tested")]
    let request = deprecated::adopt::Request::new(deprecated::Pet::default());
    assert_eq!(
        serde_json::to_value(request).expect("JSON"),
        json!({"body": {}})
    );
    let pet = deprecated::Pet::default().nick("Mimi");
    assert_eq!(pet.nick.as_deref(), Some("Mimi"));
    assert_eq!(deprecated::list::OPERATION.name, "list");
}

/// What comes under several statuses is one type where the bodies are.
#[test]
fn bodies_of_one_type_need_no_status() {
    use apifox_runtime::{Endpoint, EventEndpoint};

    fn is<T: 'static, U: 'static>() -> bool {
        std::any::TypeId::of::<T>() == std::any::TypeId::of::<U>()
    }
    assert!(is::<
        <replies::find::Request as Endpoint>::Response,
        replies::Pet,
    >());
    assert!(is::<
        <replies::find::Request as Endpoint>::Error,
        replies::Problem,
    >());
    assert!(is::<
        <replies::chat::Request as Endpoint>::Response,
        replies::Pet,
    >());
    assert!(is::<
        <replies::chat::Request as EventEndpoint>::Event,
        replies::chat::Event,
    >());
    // HEAD is answered with headers alone.
    assert!(is::<
        <replies::look::Request as Endpoint>::Response,
        serde_json::Value,
    >());
    assert!(replies::look::Request::OPERATION.responses.is_empty());
}

/// Many required fields are given by name.
#[test]
fn a_builder_takes_many_required_fields() {
    use replies::register::{Body, Kind};

    let pet = Body::builder()
        .legs(4)
        .and_then(|pet| pet.name("mimi"))
        .expect("within the rules")
        .owner(None)
        .born("2024")
        .kind(Kind::Cat)
        .build()
        .tag("small");
    let expected = json!({
        "name": "mimi", "kind": "cat", "legs": 4, "born": "2024", "owner": null, "tag": "small",
    });
    assert_eq!(serde_json::to_value(pet).expect("JSON"), expected);
    assert_eq!(
        Body::builder()
            .legs(9_i64)
            .expect_err("too many")
            .to_string(),
        "(root): maximum: expected at most 8, found 9"
    );
}
