//! Every style that OpenAPI names, against its
//! [table of examples](https://spec.openapis.org/oas/v3.1.1.html#style-examples), and against
//! [RFC 6570](https://www.rfc-editor.org/rfc/rfc6570#section-3.2) where the two differ: its
//! `label` joins what is not exploded with commas.

use apifox_runtime::{FieldEncoding, Location, Media, Operation, Serialization, Style};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::multipart::read;
use crate::{encode, operation, refusal, with};

/// What `color` is written as, if it can be: the empty string, a string, an array and an object.
type Row = (Location, Serialization, [Option<&'static str>; 4]);

fn table() -> Vec<Row> {
    let lines = include_str!("styles.txt").lines();
    let rows = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let cells = line.split("  ").map(str::trim);
        let cells: Vec<_> = cells.filter(|cell| !cell.is_empty()).collect();
        let [location, style, explode, written @ ..] = &cells[..] else {
            panic!("{line}");
        };
        let written: [&str; 4] = written.try_into().expect("a cell for each value");
        let (location, serialization) = described_as(location, style, explode);
        let written = written.map(|cell| match cell {
            "!" => None,
            "-" => Some(""),
            cell => Some(cell),
        });
        (location, serialization, written)
    });
    rows.collect()
}

/// What a document says of a parameter.
fn described_as(location: &str, style: &str, explode: &str) -> (Location, Serialization) {
    let style = match style {
        "matrix" => Style::Matrix,
        "label" => Style::Label,
        "simple" => Style::Simple,
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "cookie" => Style::Cookie,
        _ => panic!("{style} is no style"),
    };
    let serialization = match explode {
        "true" => style.exploded(),
        "false" => style.joined(),
        "false, reserved" => style.joined().with_reserved(),
        _ => panic!("{explode} is neither true nor false"),
    };
    (
        Location::named(location).expect("a location"),
        serialization,
    )
}

/// An object in the order of the table, whichever map `serde_json` has.
fn request(location: Location, value: &str) -> String {
    format!(r#"{{"{}": {{"color": {value}}}}}"#, location.name())
}

fn described(location: Location, serialization: Serialization) -> Operation {
    let path = match location {
        // A label that is empty alone would be the segment `.`.
        Location::Path => "/t{color}-",
        _ => "/t",
    };
    with(operation(path), location, &[("color", serialization)])
}

/// What a parameter is written as, without what stands around it.
fn written(operation: &Operation, location: Location, json: &str) -> Result<String, String> {
    let request = request(location, json);
    let request = apifox_runtime::Node::parse(request.as_bytes()).expect("JSON");
    let sent = operation
        .encode(&request)
        .map_err(|error| error.to_string())?;
    Ok(match location {
        Location::Path => {
            let inner = sent.path.strip_prefix("/t").expect("its start");
            inner.strip_suffix('-').expect("its end").to_owned()
        }
        Location::Query => sent.path.strip_prefix("/t?").unwrap_or_default().to_owned(),
        Location::Header | Location::Cookie => {
            let headers = sent.headers.into_iter();
            headers.map(|(_, value)| value).collect()
        }
    })
}

#[test]
fn every_style_is_written_as_the_specification_shows() {
    let values = [
        r#""""#,
        r#""blue""#,
        r#"["blue", "black", "brown"]"#,
        r#"{"R": 100, "G": 200, "B": 150}"#,
    ];
    for (location, serialization, expected) in table() {
        let operation = described(location, serialization);
        for (value, expected) in values.into_iter().zip(expected) {
            let written = written(&operation, location, value);
            let case = format!("{location:?} {serialization:?} {value}: {written:?}");
            match (expected, location) {
                // A path can't do without a value.
                (Some(""), Location::Path) => assert!(written.is_err(), "{case}"),
                (Some(expected), _) => assert_eq!(written.as_deref(), Ok(expected), "{case}"),
                (None, _) => assert!(written.is_err(), "{case}"),
            }
        }
    }
}

#[test]
fn nothing_is_written_for_nothing() {
    for (location, serialization, _) in table() {
        let operation = described(location, serialization);
        for value in ["null", "[]", "{}", "[null]", r#"{"x": null}"#] {
            let is_array = value.starts_with('[') && serialization.style == Style::DeepObject;
            let is_object = value.starts_with('{')
                && serialization.explode
                && matches!(
                    serialization.style,
                    Style::SpaceDelimited | Style::PipeDelimited
                );
            let written = written(&operation, location, value);
            match location == Location::Path || is_array || is_object {
                true => assert!(written.is_err(), "{location:?} {serialization:?} {value}"),
                false => assert_eq!(written.as_deref(), Ok(""), "{serialization:?} {value}"),
            }
        }
    }
}

#[test]
fn what_a_style_cannot_write_is_refused() {
    let nested = "it holds an array or an object in another, which its style can't write";
    for (location, serialization, _) in table() {
        for value in [
            json!([[1]]),
            json!([{}]),
            json!({"x": [1]}),
            json!({"x": {"y": 1}}),
        ] {
            let operation = described(location, serialization);
            let request = json!({location.name(): {"color": value}});
            let refused = refusal(&operation, &request);
            assert!(
                refused.ends_with(nested),
                "{serialization:?} {value}: {refused}"
            );
        }
    }
    for line in REFUSED.lines() {
        let cells = line.split("  ").map(str::trim);
        let cells: Vec<_> = cells.filter(|cell| !cell.is_empty()).collect();
        let [location, style, explode, value, problem] = cells[..] else {
            panic!("{line}");
        };
        let (location, serialization) = described_as(location, style, explode);
        let value: Value = serde_json::from_str(value).expect(line);
        let request = json!({location.name(): {"color": value}});
        let refused = encode(&described(location, serialization), &request).err();
        let problem = match problem {
            "ambiguous" => {
                "a text in it has the character that separates its items, and would be read as two"
            }
            "bracket" => "a name in it has a bracket, which its style writes around names",
            other => other,
        };
        let expected = format!("{} parameter `color`: {problem}", location.name());
        let expected = (problem != "-").then_some(expected);
        assert_eq!(refused.map(|error| error.to_string()), expected, "{line}");
    }
}

/// Values, and why they can't be written, if they can't.
const REFUSED: &str = r#"header  simple          false            "a,b"                 -
header  simple          false            ["a,b"]               ambiguous
header  simple          false            ["a,b", "c"]          ambiguous
header  simple          true             {"a": "b,c", "d": 1}  ambiguous
header  simple          true             {"a=b": "c"}          ambiguous
header  simple          true             {"a": "b=c"}          -
path    label           true             [1.5, 2]              ambiguous
path    label           false            [1.5, 2]              -
path    simple          false            ["a,b", "c"]          -
query   spaceDelimited  false            ["a b", "c"]          ambiguous
query   pipeDelimited   false            ["a|b", "c"]          ambiguous
query   form            false            ["a,b", "c"]          -
query   form            false, reserved  ["a,b", "c"]          ambiguous
query   deepObject      true             {"a[b]": 1}           bracket
query   deepObject      true             {"a.b": 1}            -
query   simple          false            1                     its style is one of a path
path    form            false            1                     its style is one of a query"#;

/// A receiver could not tell whose a member of an exploded object is.
#[test]
fn a_member_with_the_name_of_something_else_is_refused() {
    let (object, deep) = (Style::Form.exploded(), Style::DeepObject.exploded());
    for (location, name) in [(Location::Query, "query"), (Location::Cookie, "cookie")] {
        let operation = with(
            described(location, object),
            location,
            &[("R", object), ("other", object), ("other[x]", object)],
        );
        let operation = match location {
            Location::Query => with(operation, location, &[("deep", deep)]),
            _ => operation,
        };
        let cases = [
            (json!({"color": {"R": 1}, "R": 2}), "color"),
            // A receiver knows of it, be it given or not.
            (json!({"color": {"R": 1}}), "color"),
            (json!({"color": {"other": 1}, "other": null}), "color"),
            (
                json!({"color": {"G": 1}, "other": {"B": 2, "G": 3}}),
                "other",
            ),
            (json!({"other": {"color": 3}}), "other"),
        ];
        for (values, refused) in cases {
            assert_eq!(
                refusal(&operation, &json!({ name: values })),
                format!("{name} parameter `{refused}`: a name in it is that of another parameter"),
            );
        }
        let fine = json!({"color": {"color": 1, "G": 2}, "other": {"B": 2}, "R": [1, 2]});
        encode(&operation, &json!({ name: fine })).expect("names of their own");
    }
    let fixed = with(operation("/t?G=1#B"), Location::Query, &[("color", object)]);
    assert_eq!(
        refusal(&fixed, &json!({"query": {"color": {"G": 1}}})),
        "query parameter `color`: a name in it is that of another parameter"
    );
    encode(&fixed, &json!({"query": {"color": {"B": 1}}})).expect("a name of its own");
    let deeper = with(
        described(Location::Query, deep),
        Location::Query,
        &[("color[R]", object)],
    );
    assert_eq!(
        refusal(&deeper, &json!({"query": {"color": {"R": 1}}})),
        "query parameter `color`: a name in it is that of another parameter"
    );
}

#[test]
fn a_member_with_the_name_of_another_field_is_refused() {
    const FIELDS: &[FieldEncoding] = &[
        field("color", Some(Style::Form.exploded()), &[]),
        field("other", Some(Style::Form.exploded()), &[]),
        field("R", None, &[]),
        field("picture", None, &["image/png"]),
    ];
    let cases = [
        (json!({"color": {"R": 1}, "R": 2}), "color"),
        (json!({"color": {"R": 1}}), "color"),
        (json!({"color": {"picture": 1}}), "color"),
        (
            json!({"color": {"undeclared": 1}, "undeclared": 2}),
            "color",
        ),
        (json!({"color": {"G": 1}, "other": {"G": 3}}), "other"),
    ];
    for media in [
        Media::Form,
        Media::Multipart,
        Media::Parts("multipart/mixed"),
    ] {
        let operation = Operation {
            body: Some(media),
            files: &["picture"],
            encoding: FIELDS,
            ..operation("/t")
        };
        for (values, refused) in &cases {
            assert_eq!(
                refusal(&operation, values),
                format!("the body's `{refused}`: a name in it is that of another field"),
                "{media:?}"
            );
        }
        let fine = json!({"color": {"color": 1, "G": 2}, "other": {"B": 2}, "R": [1, 2]});
        encode(&operation, &fine).expect("names of their own");
    }
}

#[test]
fn reserved_characters_stay_where_they_end_nothing() {
    let text = json!("a/b?c=d:e@f!$'()*,;~ %2F%zz#&+[]");
    let cases = [
        (
            Location::Query,
            "color=a/b?c=d:e@f!$%27()*,;~%20%2F%25zz%23%26%2B%5B%5D",
        ),
        (
            Location::Path,
            "a%2Fb%3Fc=d:e@f!$'()*,;~%20%2F%25zz%23&+%5B%5D",
        ),
    ];
    for (location, expected) in cases {
        let serialization = location.default_serialization().with_reserved();
        let operation = described(location, serialization);
        let written = written(&operation, location, &text.to_string());
        assert_eq!(written.as_deref(), Ok(expected));
    }
}

const ENCODING: &[FieldEncoding] = &[
    field("ids", Some(Style::Form.joined()), &[]),
    field("meta", Some(Style::DeepObject.exploded()), &[]),
    field("piped", Some(Style::PipeDelimited.joined()), &[]),
    field("json", None, &["application/json"]),
    FieldEncoding {
        headers: &[("X-Kind", "a")],
        ..field("text", None, &["text/plain; charset=utf-8"])
    },
    field("picture", None, &["image/png", "image/jpeg"]),
    field("bytes", None, &["application/x-tar"]),
];

const fn field(
    name: &'static str,
    serialization: Option<Serialization>,
    media: &'static [&'static str],
) -> FieldEncoding {
    FieldEncoding {
        name,
        serialization,
        media,
        headers: &[],
    }
}

fn form(media: Media) -> Operation {
    Operation {
        body: Some(media),
        files: &["picture", "bytes"],
        encoding: ENCODING,
        ..operation("/t")
    }
}

#[test]
fn a_form_follows_its_encoding() {
    let cases = [
        (json!({"ids": [1, 2]}), "ids=1,2"),
        (json!({"ids": ["a,b", "c"]}), "ids=a%2Cb,c"),
        (json!({"meta": {"a b": 1}}), "meta%5Ba%20b%5D=1"),
        (json!({"piped": ["x", "y"]}), "piped=x%7Cy"),
        (json!({"json": "x"}), "json=%22x%22"),
        (
            json!({"json": [1, {"a": 2}]}),
            "json=1&json=%7B%22a%22%3A2%7D",
        ),
        (
            json!({"ids": null, "meta": {}, "plain": "a b"}),
            "plain=a+b",
        ),
    ];
    for (value, expected) in cases {
        let sent = encode(&form(Media::Form), &value).expect("a form");
        let bytes = sent.body.expect("a body").bytes;
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
    }
    let refused = [
        (
            json!({"meta": {"a": [1]}}),
            "the body's `meta`: it holds an array or an object in another, which its style can't write",
        ),
        (
            json!({"text": {"a": 1}}),
            "the body's `text`: it is an object, and its media type is text/plain; charset=utf-8, which is not JSON",
        ),
    ];
    for (value, expected) in refused {
        assert_eq!(refusal(&form(Media::Form), &value), expected);
    }
}

#[test]
fn parts_follow_their_encoding() {
    let png = "data:image/png;base64,aGk=";
    let request = json!({
        "ids": [1, 2], "json": "x", "meta": {"a": 1}, "text": "t", "picture": png, "bytes": png,
    });
    let sent = encode(&form(Media::Multipart), &request).expect("a form");
    let body = sent.body.expect("a body");
    let text = String::from_utf8_lossy(&body.bytes).into_owned();
    assert!(text.contains("name=\"text\"\r\nX-Kind: a\r\n"), "{text}");
    let mut parts = read(&body);
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    let parts: Vec<_> = parts
        .iter()
        .map(|part| {
            let content = String::from_utf8_lossy(&part.content).into_owned();
            (part.name.as_str(), part.media_type.as_deref(), content)
        })
        .collect();
    let expected = [
        ("bytes", Some("application/x-tar"), "hi"),
        ("ids", None, "1,2"),
        ("json", Some("application/json"), "\"x\""),
        ("meta[a]", None, "1"),
        ("picture", Some("image/png"), "hi"),
        ("text", Some("text/plain; charset=utf-8"), "t"),
    ];
    let expected = expected.map(|(name, media, content)| (name, media, content.to_owned()));
    assert_eq!(parts, expected);
    let gif = json!({"picture": "data:image/gif;base64,aGk="});
    assert_eq!(
        refusal(&form(Media::Multipart), &gif),
        "the body's `picture`: its media type is image/gif, and the document allows only image/png, image/jpeg"
    );
}

#[test]
fn parts_without_names_are_in_the_order_of_the_document() {
    const IN_ORDER: &[FieldEncoding] = &[
        field("meta", None, &[]),
        field("note", None, &[]),
        field("picture", None, &[]),
    ];
    let operation = Operation {
        body: Some(Media::Parts("multipart/related")),
        files: &["picture"],
        encoding: IN_ORDER,
        ..operation("/t")
    };
    let request = json!({
        "note": "n", "picture": "data:image/png;base64,aGk=", "meta": {"a": 1},
    });
    let body = encode(&operation, &request)
        .expect("a body")
        .body
        .expect("a body");
    let boundary = "--------apifox-0000000000000000";
    let media_type = format!("multipart/related; boundary={boundary}; type=\"application/json\"");
    assert_eq!(body.media_type, media_type);
    let expected = format!(
        "--{boundary}\r\nContent-Type: application/json\r\n\r\n{{\"a\":1}}\r\n\
         --{boundary}\r\nContent-Type: text/plain\r\n\r\nn\r\n\
         --{boundary}\r\nContent-Disposition: attachment; filename=\"file.png\"\r\n\
         Content-Type: image/png\r\n\r\nhi\r\n--{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8(body.bytes).expect("UTF-8"), expected);
}

/// What a server makes of a value: texts, as all values of parameters are.
#[derive(Clone, Debug, PartialEq)]
enum Sent {
    Text(String),
    Items(Vec<String>),
    Members(Vec<(String, String)>),
}

impl Sent {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Items(items) => json!(items),
            Self::Members(members) => {
                let members = members
                    .iter()
                    .map(|(name, text)| (name.clone(), json!(text)));
                Value::Object(members.collect())
            }
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,3}", "[a.,;=|/?#&+ %图-]{0,4}"]
}

fn sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        word().prop_map(Sent::Text),
        prop::collection::vec(word(), 2..4).prop_map(Sent::Items),
        prop::collection::btree_map(word(), word(), 1..4)
            .prop_map(|members| Sent::Members(members.into_iter().collect())),
    ]
}

fn decoded(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .expect("UTF-8")
        .into_owned()
}

/// Reads what was written, as OpenAPI describes each style; written for this test alone.
#[expect(clippy::too_many_lines, reason = "a style each")]
fn server_reads(text: &str, location: Location, how: Serialization, like: &Sent) -> Sent {
    let plain = |text: &str| match location {
        Location::Header => text.to_owned(),
        _ if how.style == Style::Cookie => text.to_owned(),
        _ => decoded(text),
    };
    let prefix = match how.style {
        Style::Label => ".",
        Style::Matrix => ";",
        _ => "",
    };
    let text = text.strip_prefix(prefix).expect("its prefix");
    let between = match (how.style, how.explode) {
        (Style::Matrix, _) => ";",
        (Style::Label, true) => ".",
        (Style::Label | Style::Simple, _) => ",",
        _ if location == Location::Cookie => "; ",
        _ => "&",
    };
    let is_named = !matches!(how.style, Style::Label | Style::Simple);
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        (plain(name), value.to_owned())
    };
    let within = match how.style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    let deep = |name: &str| {
        let name = name
            .strip_prefix("color[")
            .and_then(|name| name.strip_suffix(']'));
        name.expect("brackets").to_owned()
    };
    match like {
        Sent::Text(_) => Sent::Text(match is_named {
            true => plain(&pair(text).1),
            false => plain(text),
        }),
        Sent::Items(_) if how.explode => {
            let items = text.split(between);
            Sent::Items(match is_named {
                true => items.map(|item| plain(&pair(item).1)).collect(),
                false => items.map(plain).collect(),
            })
        }
        Sent::Members(_) if how.explode => {
            let members = text.split(between).map(pair);
            let members = members.map(|(name, value)| match how.style {
                Style::DeepObject => (deep(&name), plain(&value)),
                _ => (name, plain(&value)),
            });
            Sent::Members(members.collect())
        }
        Sent::Items(_) | Sent::Members(_) => {
            let value = if is_named {
                pair(text).1
            } else {
                text.to_owned()
            };
            let items: Vec<String> = value.split(within).map(plain).collect();
            match like {
                Sent::Members(_) => Sent::Members(
                    items
                        .chunks(2)
                        .map(|pair| (pair[0].clone(), pair[1].clone()))
                        .collect(),
                ),
                _ => Sent::Items(items),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_sent_is_what_a_server_reads(row in 0..table().len(), value in sent()) {
        let (location, how, _) = table().swap_remove(row);
        let operation = described(location, how);
        let json = value.json().to_string();
        if let Ok(text) = written(&operation, location, &json) {
            // A value whose text is empty can't be told from none, in some places.
            prop_assume!(!text.is_empty());
            let read = server_reads(&text, location, how, &value);
            prop_assert_eq!(read, value, "{:?} {:?} {}", location, how, text);
        }
    }

    #[test]
    fn a_form_is_what_a_server_reads(value in sent(), style in prop::sample::select(vec![
        Style::Form.joined(), Style::Form.exploded(), Style::DeepObject.exploded(),
    ])) {
        let encoding: &'static [FieldEncoding] = vec![field("color", Some(style), &[])].leak();
        let operation = Operation { body: Some(Media::Form), encoding, ..operation("/t") };
        if let Ok(sent) = encode(&operation, &json!({"color": value.json()})) {
            let bytes = sent.body.expect("a body").bytes;
            let pairs: Vec<(String, String)> =
                form_urlencoded::parse(&bytes).into_owned().collect();
            let joined = |texts: Vec<&str>| vec![("color".to_owned(), texts.join(","))];
            let expected = match (&value, style.explode, style.style) {
                (Sent::Text(text), ..) => joined(vec![text]),
                (Sent::Items(items), false, _) => joined(items.iter().map(String::as_str).collect()),
                (Sent::Items(items), true, _) => {
                    items.iter().map(|item| ("color".to_owned(), item.clone())).collect()
                }
                (Sent::Members(members), _, Style::DeepObject) => members
                    .iter()
                    .map(|(name, text)| (format!("color[{name}]"), text.clone()))
                    .collect(),
                (Sent::Members(members), true, _) => members.clone(),
                (Sent::Members(members), false, _) => joined(
                    members.iter().flat_map(|(name, text)| [name.as_str(), text]).collect(),
                ),
            };
            prop_assert_eq!(pairs, expected);
        }
    }
}
