//! What is no document but something that people take for one is told by its name.

#![allow(clippy::expect_used)]

use apifox_document::sources::read_text;
use apifox_document::{Form, forms};
use serde_json::Value;

#[test]
fn what_is_in_another_tools_format_is_told_by_its_name() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("foreign.json")).expect("an array of cases");
    for case in cases {
        let text = |member: &str| case[member].as_str().expect(member);
        let (file, name, instead) = (text("file"), text("is"), text("instead"));
        let read = read_text(file, text("text"));
        let read = read.and_then(|document| forms::read(&document, true));
        let told = read.expect_err(name).to_string();
        let expected = format!(
            "1 problem in the documents:\n  {file}: is {name}, which is not read\n      {instead}"
        );
        assert_eq!(told.trim(), expected, "{case}");
    }
}

#[test]
fn a_document_with_such_members_is_none_of_them() {
    let cases = [
        (
            r#"{"type": "object", "properties": {"info": {}, "log": {}, "openrpc": {}}}"#,
            Form::Schema,
        ),
        (
            r#"{"openapi": "3.0.0", "info": {"_postman_id": "1"}, "paths": {}}"#,
            Form::OpenApi,
        ),
    ];
    for (text, form) in cases {
        let read = read_text("a.json", text).map(|document| document.form());
        assert_eq!(read.expect(text), form, "{text}");
    }
}
