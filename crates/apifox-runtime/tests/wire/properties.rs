//! Whatever is asked for: nothing panics, and what is sent can be read again.

use apifox_runtime::{Encoded, File, Location, Media, Operation, Serialization, Style};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use url::Url;

use crate::multipart::{Part, read, sending};
use crate::{encode, operation, with};

/// Any JSON, whose strings and keys are often what a URL or a header has trouble with.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a.%/?#&=+ {}\\r\\n\"\\\\;,图-]{0,6}"]
}

fn style() -> impl Strategy<Value = Serialization> {
    let style = prop::sample::select(vec![
        Style::Matrix,
        Style::Label,
        Style::Simple,
        Style::Form,
        Style::SpaceDelimited,
        Style::PipeDelimited,
        Style::DeepObject,
        Style::Json,
    ]);
    (style, any::<bool>(), any::<bool>()).prop_map(|(style, explode, allow_reserved)| {
        Serialization {
            style,
            explode,
            allow_reserved,
        }
    })
}

fn media() -> impl Strategy<Value = Option<Media>> {
    prop::option::of(prop::sample::select(vec![
        Media::Json,
        Media::Form,
        Media::Multipart,
        Media::Parts("multipart/related"),
        Media::Sequence("application/x-ndjson"),
        Media::Text("text/plain"),
        Media::Binary("image/*"),
    ]))
}

/// What may stand in a template beside the parameter that a test is about.
fn template() -> impl Strategy<Value = String> {
    "([a.%图 {}\\\\/-]|%2[eE]){0,4}(\\?[a%图 ?&]{0,3})?(#[a?]{0,2})?"
}

fn leaked(text: String) -> &'static str {
    text.leak()
}

fn is_url_text(path: &str) -> bool {
    path.bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"#<>[\\]^`{|}".contains(&byte))
}

fn is_header_text(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

/// A URL parser takes the path for what it is: nothing is resolved or encoded anew.
fn stands(path: &str) {
    let text = format!("https://host.test/base{path}");
    let url = Url::parse(&text).expect(&text);
    let expected = path.split('?').next().expect("a path");
    assert_eq!(url.path(), format!("/base{expected}"));
    assert_eq!((url.host_str(), url.fragment()), (Some("host.test"), None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_panics(name in text(), style in style(), media in media(), request in value()) {
        let mut asked = operation("/{a}");
        let _ = encode(&Operation { body: media, ..asked }, &request);
        let name = leaked(name);
        for location in [Location::Path, Location::Query, Location::Header, Location::Cookie] {
            asked = with(asked, location, &[("a", style), (name, style)]);
        }
        let asked = Operation { body: media, files: &["a"], ..asked };
        let members = json!({"a": request, name: request});
        let _ = encode(&asked, &members);
        let _ = encode(&asked, &json!({"path": members, "query": members, "body": members}));
    }

    #[test]
    fn a_url_is_url_text(
        start in template(),
        end in template(),
        style in style(),
        name in text(),
        path in value(),
        query in value(),
    ) {
        let (name, template) = (leaked(name), leaked(format!("/{start}/{{p}}{end}")));
        let asked = with(operation(template), Location::Path, &[("p", style)]);
        let asked = with(asked, Location::Query, &[(name, style)]);
        let request = json!({"path": {"p": path}, "query": {name: query}});
        if let Ok(Encoded { path, .. }) = encode(&asked, &request) {
            prop_assert!(is_url_text(&path), "{}", path);
            stands(&path);
        }
    }

    #[test]
    fn headers_are_header_text(style in style(), header in value(), cookie in value()) {
        let asked = with(operation("/t"), Location::Header, &[("h", style)]);
        let asked = with(asked, Location::Cookie, &[("c", style)]);
        for request in [json!({"header": {"h": header}}), json!({"cookie": {"c": cookie}})] {
            if let Ok(Encoded { headers, .. }) = encode(&asked, &request) {
                prop_assert!(headers.iter().all(|(_, value)| is_header_text(value)));
            }
        }
    }

    #[test]
    fn a_path_is_read_again(first: String, second: String) {
        let names = [("p", Style::Simple.joined()), ("q", Style::Simple.joined())];
        let asked = with(operation("/a/{p}/b/{q}"), Location::Path, &names);
        let dots = |text: &str| ["", ".", ".."].contains(&text);
        let request = json!({"path": {"p": first, "q": second}});
        match encode(&asked, &request) {
            Err(_) => prop_assert!(dots(&first) || dots(&second)),
            Ok(Encoded { path, .. }) => {
                let url = Url::parse(&format!("https://host.test{path}")).expect("a URL");
                let segments: Vec<_> = url.path_segments().expect("segments").collect();
                let decoded = |at: usize| {
                    percent_encoding::percent_decode_str(segments[at]).decode_utf8().expect("UTF-8").into_owned()
                };
                prop_assert_eq!(segments.len(), 4);
                prop_assert_eq!((decoded(1), decoded(3)), (first, second));
            }
        }
    }

    #[test]
    fn a_query_and_a_form_are_read_again(
        fields in prop::collection::btree_map(text(), prop::collection::vec(text(), 0..3), 0..5),
    ) {
        let expected: Vec<(String, String)> = fields
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |it| (name.clone(), it.clone())))
            .collect();
        let body: Map<String, Value> =
            fields.iter().map(|(name, values)| (name.clone(), json!(values))).collect();

        let form = Operation { body: Some(Media::Form), ..operation("/t") };
        let sent = encode(&form, &Value::Object(body.clone())).expect("a form");
        let bytes = sent.body.expect("a body").bytes;
        let read: Vec<_> = form_urlencoded::parse(&bytes).into_owned().collect();
        prop_assert_eq!(sorted(read), expected.clone());

        let names: Vec<_> = fields.keys().map(|it| (leaked(it.clone()), Style::Form.exploded())).collect();
        let query = with(operation("/t"), Location::Query, &names);
        let sent = encode(&query, &json!({ "query": body })).expect("a query");
        let url = Url::parse(&format!("https://host.test{}", sent.path)).expect("a URL");
        let read: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(sorted(read), expected);
    }

    #[test]
    fn a_multipart_body_is_read_again(
        texts in prop::collection::vec("\\PC{0,12}", 0..4),
        contents in prop::collection::vec(
            prop_oneof![
                any::<Vec<u8>>(),
                "(\r\n|-|--|--------apifox-000000000000000[0-3]){0,6}".prop_map(String::into_bytes),
            ],
            0..4,
        ),
        name in "[a-z图. -]{1,8}",
    ) {
        let files: Vec<File> =
            contents.iter().map(|it| File::new(it.as_slice()).with_name(&name)).collect();
        let request = json!({"file": files, "text": texts});
        let sent = encode(&sending(&["file"]), &request).expect("a body");
        let (read_files, read_texts): (Vec<Part>, Vec<Part>) =
            read(&sent.body.expect("a body")).into_iter().partition(|it| it.name == "file");
        prop_assert_eq!(read_files.len(), files.len());
        for (part, file) in read_files.iter().zip(&files) {
            prop_assert_eq!(part.file_name.as_deref(), Some(name.as_str()));
            prop_assert_eq!(part.media_type.as_deref(), Some(file.media_type()));
            prop_assert_eq!(part.content.as_slice(), file.bytes());
        }
        let read_texts: Vec<_> = read_texts.into_iter().map(|it| it.content).collect();
        let texts: Vec<_> = texts.into_iter().map(String::into_bytes).collect();
        prop_assert_eq!(read_texts, texts);
    }
}

/// In the order of names, those of one name in their order.
fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs
}
