//! The JSON of a page that no command sends: its sample replies, and bodies of requests that
//! are shown by themselves.

use std::ops::Range;

use serde_json::Value;

/// A sample, and where it stands in its text.
pub(super) struct Sample {
    pub json: Value,
    pub start: usize,
    pub end: usize,
    /// The line above it that says what it is.
    pub heading: String,
}

/// The samples outside of `commands`, in the order of the text.
pub(super) fn samples(text: &str, commands: &[Range<usize>]) -> Vec<Sample> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find(['{', '['])) {
        let start = at + next;
        if let Some(command) = commands.iter().find(|command| command.contains(&start)) {
            at = command.end;
            continue;
        }
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        let json = values.next().and_then(Result::ok);
        let is_sample = json.as_ref().is_some_and(is_sample) && opens_line(text, start, commands);
        match json.filter(|_| is_sample) {
            Some(json) => {
                let heading = heading(text, start);
                let end = start + values.byte_offset();
                found.push(Sample {
                    json,
                    start,
                    end,
                    heading,
                });
                at = end;
            }
            None => at = start + 1,
        }
    }
    found
}

/// Whether a value is more than brackets in prose, such as an interval `[0, 1]`.
fn is_sample(json: &Value) -> bool {
    match json {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    }
}

/// Whether nothing stands before a place on its line, but a command or the code of a page.
fn opens_line(text: &str, start: usize, commands: &[Range<usize>]) -> bool {
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let before = text[line..start].trim();
    before.is_empty() || commands.iter().any(|command| command.end == start)
}

/// The last line of prose above a place.
fn heading(text: &str, start: usize) -> String {
    let mut lines = text[..start].lines().rev().map(str::trim);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with("```"));
    line.unwrap_or_default().to_owned()
}

impl Sample {
    /// Whether it is the body of a request.
    pub fn is_request(&self) -> bool {
        let heading = self.heading.to_lowercase();
        let is_reply = ["response", "reply", "响应", "返回"]
            .iter()
            .any(|word| heading.contains(word));
        let is_request = ["request", "请求体", "请求示例", "请求参数"]
            .iter()
            .any(|word| heading.contains(word));
        is_request && !is_reply
    }

    /// The status that it is a reply with, and why.
    pub fn status(&self) -> (String, &'static str) {
        if let Some(status) = status_in(&self.heading) {
            return (status, "the line above the sample has it");
        }
        let has = |name: &str| self.json.get(name).is_some();
        let is_error = has("error") && !self.json["error"].is_null()
            || has("message") && (has("code") || has("error_code")) && !has("data");
        match is_error {
            true => ("default".to_owned(), "the sample shows an error"),
            false => ("200".to_owned(), "the sample shows no error"),
        }
    }
}

/// The HTTP status in a line that is about one.
fn status_in(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let is_about = ["http", "status", "response", "状态", "响应", "返回"]
        .iter()
        .any(|word| lower.contains(word));
    let words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let mut words = words.filter(|word| word.len() == 3);
    let is_status = |word: &&str| matches!(word.parse::<u16>(), Ok(200..=299 | 400..=599));
    words
        .find(is_status)
        .filter(|_| is_about)
        .map(str::to_owned)
}
