//! Bodies of one value after the other.

use apifox_runtime::{Media, Operation};
use serde_json::json;

use crate::{encode, operation, refusal};

#[test]
fn each_value_has_a_line() {
    let cases = [
        ("application/x-ndjson", "{\"a\":\"x\\ny\"}\n[1]\n\"b\"\n"),
        (
            "application/json-seq",
            "\u{1e}{\"a\":\"x\\ny\"}\n\u{1e}[1]\n\u{1e}\"b\"\n",
        ),
        (
            "text/event-stream",
            "data: {\"a\":\"x\\ny\"}\n\ndata: [1]\n\ndata: \"b\"\n\n",
        ),
    ];
    for (media, expected) in cases {
        let operation = Operation {
            body: Some(Media::Sequence(media)),
            ..operation("/t")
        };
        let sent = encode(&operation, &json!([{"a": "x\ny"}, [1], "b"])).expect("a body");
        let body = sent.body.expect("a body");
        assert_eq!(body.media_type, media);
        assert_eq!(String::from_utf8(body.bytes).expect("UTF-8"), expected);
        assert_eq!(
            refusal(&operation, &json!({"a": 1})),
            "the body: it is not an array, to be sent as one value after the other"
        );
    }
}
