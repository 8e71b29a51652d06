//! The text that is shown for a pointer, in each way of writing.

use super::Diagnostic;
use crate::parse::parse;
use crate::text::{Text, Texts, Written};

/// Line, column and underlined text for a pointer and a keyword.
fn shown(written: Written, text: &str, pointer: &str, keyword: &str) -> (usize, usize, String) {
    let mut text = Text::new(text, written);
    let read = parse("f", &mut text).expect("a document");
    assert!(read.is_some());
    let mut texts = Texts::default();
    texts.insert("f", text);
    let mut diagnostics = [Diagnostic::new("f", pointer, "", "")
        .with_keyword(Some(keyword).filter(|name| !name.is_empty()))];
    texts.locate(&mut diagnostics);
    let location = diagnostics[0].location.as_ref().expect("a place");
    let underlined = &location.source()[location.underlined()];
    (location.line, location.column, underlined.to_owned())
}

#[test]
fn a_pointer_leads_to_its_text() {
    let json = "\u{feff}{\n  \"图\": {\"a/b\": [1, {\"type\": \"x\"}]},\r\n  \"l\\u0061ng\": [\n    2\n  ]\n}\n";
    let yaml = "图:\n  a/b: &it\n    - 1\n    - {type: 'x', 200: y}\nb: *it\nc:\n  <<: {m: 1}\n";
    let markdown = format!("# T\n\n```yaml\nopenapi: 3.0.1\n{yaml}```\n");
    let page = "m\nPOST /x\n说明\nw\n请求体\n{ \"a\": [\n true ] }\n响应\n[{\"code\": 200}]";
    let cases = [
        (Written::Json, json, "/图/a~1b/0", "", (2, 17, "1")),
        (
            Written::Json,
            json,
            "/图/a~1b/1",
            "type",
            (2, 21, "\"type\": \"x\""),
        ),
        (
            Written::Json,
            json,
            "/图/a~1b/1",
            "none",
            (2, 20, "{\"type\": \"x\"}"),
        ),
        (Written::Json, json, "/lang", "", (3, 3, "\"l\\u0061ng\"")),
        (Written::Json, json, "/lang/0/nothing", "", (4, 5, "2")),
        (Written::Json, json, "", "", (1, 1, "{")),
        (Written::Yaml, yaml, "/图/a~1b/1/type", "", (4, 14, "'x'")),
        (Written::Yaml, yaml, "/b/1", "200", (4, 19, "200: y")),
        (Written::Yaml, yaml, "/c/m", "", (7, 11, "1")),
        (Written::Markdown, &markdown, "/图/a~1b/0", "", (7, 7, "1")),
        (Written::Page, page, "/requestBody/a/0", "", (7, 2, "true")),
        (
            Written::Page,
            page,
            "/responses/0",
            "code",
            (9, 3, "\"code\": 200"),
        ),
        (Written::Page, page, "/path", "", (2, 1, "POST /x")),
        (Written::Page, page, "/x-none/1", "", (1, 1, "m")),
    ];
    for (written, text, pointer, keyword, (line, column, underlined)) in cases {
        let expected = (line, column, underlined.to_owned());
        let found = shown(written, text, pointer, keyword);
        assert_eq!(found, expected, "{pointer} {keyword} of {text}");
    }
}

#[test]
fn depth_is_refused_where_it_starts() {
    for (written, item, column) in [(Written::Json, "[", 128), (Written::Yaml, "- ", 257)] {
        let mut text = Text::new(&item.repeat(100_000), written);
        let problems = parse("f", &mut text).map(|_| ()).expect_err("too deep");
        let location = problems.0[0]
            .location
            .as_ref()
            .map(|location| location.column);
        assert_eq!(location, Some(column), "{problems}");
    }
}
