//! Documents as they are written, in YAML, in Markdown or as the text of a page, with one value
//! changed where it stands.

use apifox_document::pointer::JsonValueExt as _;
use apifox_document::{Diagnostic, Document};
use serde_json::Value;

/// The text after a change of the value at `pointer`; `None` where that has no text of its own.
pub fn changed(document: &Document, text: &str, pointer: &str) -> Option<String> {
    let mut place = [Diagnostic::new(&document.file, pointer, "", "")];
    document.texts.locate(&mut place);
    let [place] = place;
    let location = place.location.filter(|_| place.file == document.file)?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let start: usize = lines[..location.line - 1].iter().map(|it| it.len()).sum();
    let bytes = location.underlined();
    let written = location.source().get(bytes.clone())?;
    let value = document.json.value_at(pointer)?;
    // What is put together from a page that is rendered has no place of its own.
    let in_json = value.to_string();
    let is_own = match value {
        Value::String(text) => written.contains(text),
        _ => written == in_json,
    };
    if !is_own {
        return None;
    }
    let other = other(value, written)?;
    let (before, after) = (
        text.get(..start + bytes.start)?,
        text.get(start + bytes.end..)?,
    );
    Some(format!("{before}{other}{after}"))
}

/// What is written in place of a value.
fn other(value: &Value, written: &str) -> Option<String> {
    Some(match value {
        Value::String(_) if written.starts_with(['|', '>', '&', '*', '!']) => return None,
        Value::String(_) => match written.strip_suffix(['"', '\'']) {
            Some(open) => format!("{open}x{}", &written[open.len()..]),
            None => format!("{written}x"),
        },
        Value::Number(_) => format!("{written}1"),
        Value::Bool(flag) => (!flag).to_string(),
        _ => return None,
    })
}

/// What a page shows around what it says: changing that changes nothing.
const AROUND: [(&str, &str); 10] = [
    ("|---|", "the head of a table"),
    ("| Method |", "the line below the title says it"),
    ("| Path |", "the line below the title says it"),
    ("Method", "the line below the title says it"),
    ("Path", "the line below the title says it"),
    ("Typehttp", "in a page that has it twice, the first counts"),
    ("Status", "in a page that has it twice, the first counts"),
    ("Module", "in a page that has it twice, the first counts"),
    ("Folder", "in a page that has it twice, the first counts"),
    ("说明", "a heading without text below it"),
];

/// What a rendered page shows around what it says, besides its sample of code.
const AROUND_RENDERED: [(&str, &str); 8] = [
    ("- ", "the menu"),
    ("请求参数", "a heading"),
    ("Header 参数", "a heading"),
    (
        "}",
        "the end of a list of fields, which their indentation says",
    ),
    ("示例代码", "a heading"),
    ("返回响应", "a heading"),
    ("Body", "a heading"),
    ("修改于", "when it was changed"),
];

/// The lines of a page that may be changed without anything else being read, though they are
/// more than what a page shows around it.
pub fn unread_lines(text: &str, is_same: impl Fn(&str) -> bool) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut unread = Vec::new();
    let mut is_in_sample = false;
    for (at, line) in lines.iter().enumerate() {
        is_in_sample = (is_in_sample || *line == "示例代码") && *line != "返回响应";
        let is_around = AROUND.iter().chain(&AROUND_RENDERED);
        let is_around = is_around
            .into_iter()
            .any(|(start, _)| line.starts_with(start));
        if line.trim().is_empty() || is_in_sample || is_around {
            continue;
        }
        let (before, after) = (lines[..=at].join("\n"), lines[at + 1..].join("\n"));
        if is_same(&format!("{before}x\n{after}")) {
            unread.push((*line).to_owned());
        }
    }
    unread
}
