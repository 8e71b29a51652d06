//! Reads the text of a published Apifox page into an endpoint object.
//!
//! A page is a name, a line `METHOD /path`, an overview and a few titled
//! blocks, most of them JSON. Two layouts occur: the overview as a Markdown
//! table or as run-together lines, and JSON on one line or pretty-printed.
//! The endpoint object has the keys of an `api` in Apifox's project export.

use std::fmt;

use serde_json::Value;

use crate::problem::Problem;
use crate::reindent::reindent;

/// The headings of a page, with the key each block has in a project export.
const HEADINGS: [(&str, Block); 6] = [
    ("说明", Block::Prose("description")),
    ("概览", Block::Overview),
    ("参数", Block::Json("parameters")),
    ("请求体", Block::Json("requestBody")),
    ("响应", Block::Json("responses")),
    ("响应示例", Block::Json("responseExamples")),
];

/// The rows of the overview, with the key each has in a project export.
///
/// `Method` and `Path` are left out: the page's second line has them.
const OVERVIEW: [(&str, &str); 4] = [
    ("Type", "type"),
    ("Status", "status"),
    ("Module", "moduleId"),
    ("Folder", "folderId"),
];

const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

#[derive(Clone, Copy, PartialEq)]
enum Block {
    Prose(&'static str),
    Overview,
    Json(&'static str),
}

/// An endpoint read from a page.
#[derive(Debug)]
pub struct Endpoint {
    /// The page's title, which names the document's file.
    pub name: String,
    /// The endpoint object as JSON text, the vendor's tokens untouched.
    pub json: String,
    /// The blocks that are not whole; the endpoint object is without them.
    pub faults: Vec<PageError>,
}

/// What is wrong with a page, and where.
#[derive(Debug, PartialEq)]
pub struct PageError {
    /// The page, as the caller named it.
    pub page: String,
    /// The heading of the block, where the fault lies in one.
    pub block: Option<String>,
    /// The line in the page, from 1.
    pub line: usize,
    /// The column in that line, in characters from 1.
    pub column: usize,
    /// What was found, and what to do.
    pub message: String,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.page, self.line, self.column)?;
        if let Some(block) = &self.block {
            write!(f, "block {block}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for PageError {}

impl PageError {
    /// The fault as one of a document.
    pub(crate) fn problem(&self) -> Problem {
        let block = self.block.as_deref().unwrap_or_default();
        Problem {
            file: self.page.clone(),
            pointer: String::new(),
            keyword: None,
            message: format!(
                "line {}, column {}: the block {block} is left out: {}",
                self.line, self.column, self.message
            ),
            remedy: "copy the page again, with the whole block".into(),
        }
    }
}

/// Reads `text`, the whole of a published page; `page` names it in errors.
///
/// # Errors
///
/// When the page has no line `METHOD /path`.
pub fn read(page: &str, text: &str) -> Result<Endpoint, PageError> {
    let reader = Reader { page };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut filled = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let (_, name) = filled
        .next()
        .ok_or_else(|| reader.error(None, 1, 1, "the page is empty"))?;
    let (route_at, (method, path)) = filled
        .next()
        .and_then(|(at, line)| Some((at, route(line)?)))
        .ok_or_else(|| {
            let message = "expected a line such as `POST /v1/images/generations` after the title";
            reader.error(None, 2.min(lines.len()), 1, message)
        })?;

    let mut members = vec![
        ("name", quoted(name.trim())),
        ("method", quoted(method)),
        ("path", quoted(path)),
    ];
    let mut faults = Vec::new();
    for (heading, block, at, end) in blocks(&lines, route_at + 1) {
        let body = &lines[at..end];
        match block {
            Block::Prose(key) => {
                let prose = body.join("\n");
                if !prose.trim().is_empty() {
                    members.push((key, quoted(prose.trim())));
                }
            }
            Block::Overview => members.extend(overview(body)),
            Block::Json(key) => match reader.json(heading, at, body) {
                Ok(json) => members.push((key, json)),
                Err(fault) => faults.push(fault),
            },
        }
    }
    Ok(Endpoint {
        name: name.trim().to_owned(),
        json: object(&members),
        faults,
    })
}

fn route(line: &str) -> Option<(&str, &str)> {
    let (method, path) = line.trim().split_once(char::is_whitespace)?;
    METHODS.contains(&method).then(|| (method, path.trim()))
}

/// The page's blocks: heading, kind, first line of the body and the line after it.
fn blocks<'a>(lines: &[&'a str], from: usize) -> Vec<(&'a str, Block, usize, usize)> {
    let mut found: Vec<(&str, Block, usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(from) {
        let Some((_, block)) = HEADINGS.iter().find(|(heading, _)| *heading == line.trim()) else {
            continue;
        };
        // Prose may hold a line that reads like a heading; a block of JSON can't.
        let in_prose = matches!(found.last(), Some((_, Block::Prose(_), ..)));
        if in_prose && matches!(block, Block::Json(_)) && !opens_json(&lines[at + 1..]) {
            continue;
        }
        if let Some(last) = found.last_mut() {
            last.3 = at;
        }
        found.push((line.trim(), *block, at + 1, lines.len()));
    }
    found
}

fn opens_json(lines: &[&str]) -> bool {
    lines
        .iter()
        .map(|line| line.trim_start())
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with(['{', '[']))
}

fn overview(lines: &[&str]) -> Vec<(&'static str, String)> {
    OVERVIEW
        .iter()
        .filter_map(|(label, key)| {
            let value = lines.iter().find_map(|line| overview_value(line, label))?;
            let is_number = serde_json::from_str::<serde_json::Number>(value).is_ok();
            Some((
                *key,
                if is_number {
                    value.to_owned()
                } else {
                    quoted(value)
                },
            ))
        })
        .collect()
}

/// The value of the row `| Label | value |` or of the line `Labelvalue`.
fn overview_value<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let line = line.trim();
    match line.strip_prefix('|') {
        Some(row) => {
            let (found, value) = row.strip_suffix('|')?.split_once('|')?;
            (found.trim() == label).then(|| value.trim())
        }
        None => line.strip_prefix(label).map(str::trim),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("{}:{value}", quoted(key)))
        .collect();
    let mut json = reindent(&format!("{{{}}}", members.join(",")), 0);
    json.push('\n');
    json
}

struct Reader<'a> {
    page: &'a str,
}

impl Reader<'_> {
    /// The JSON of a block whose body starts at line `at`, counted from 0.
    fn json(&self, heading: &str, at: usize, body: &[&str]) -> Result<String, PageError> {
        let text = body.join("\n");
        if text.trim().is_empty() {
            let message = "the block is empty: copy the page again, with its JSON";
            return Err(self.error(Some(heading), at, 1, message));
        }
        if let Err(fault) = serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            let line = fault.line().clamp(1, body.len());
            // The byte it is at may be the last of a character.
            let starts = body[line - 1].char_indices().map(|(at, _)| at);
            let column = starts.take_while(|at| *at < fault.column()).count().max(1);
            let told = fault.to_string();
            let told = told.split(" at line ").next().unwrap_or_default();
            let message = format!("not JSON: {told}; copy the page again, with the whole block");
            return Err(self.error(Some(heading), at + line, column, message));
        }
        Ok(text)
    }

    fn error(
        &self,
        block: Option<&str>,
        line: usize,
        column: usize,
        message: impl Into<String>,
    ) -> PageError {
        PageError {
            page: self.page.to_owned(),
            block: block.map(str::to_owned),
            line,
            column,
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    const COMPACT: &str = "m-1\nPOST /v1/x\n说明\n行一\n响应\n行二\n概览\n| Method | POST |\n|---|---|\n| Path | /v1/x |\n| Type | http |\n| Status | -2 |\n请求体\n{ \"n\": 1e3 }\n响应\n[]\n";
    const PRETTY: &str = "m-1\r\n\r\nPOST /v1/x\r\n\r\nMethodPOST\r\nPath/v1/x\r\nTypehttp\r\nStatus-2\r\n\r\n说明\r\n\r\n行一\r\n响应\r\n行二\r\n\r\n概览\r\n\r\nMethodPOST\r\nPath/v1/x\r\nTypehttp\r\nStatus-2\r\n\r\n请求体\r\n\r\n{\r\n  \"n\": 1e3\r\n}\r\n\r\n响应\r\n\r\n[]";

    #[test]
    fn both_layouts_read_alike() {
        let expected = "{\n  \"name\": \"m-1\",\n  \"method\": \"POST\",\n  \"path\": \"/v1/x\",\n  \"description\": \"行一\\n响应\\n行二\",\n  \"type\": \"http\",\n  \"status\": -2,\n  \"requestBody\": {\n    \"n\": 1e3\n  },\n  \"responses\": []\n}\n";
        assert_eq!(read("a", COMPACT).expect("compact").json, expected);
        assert_eq!(read("a", PRETTY).expect("pretty").json, expected);
    }

    #[test]
    fn faults_are_located() {
        let cases = [
            ("", "p.txt:1:1: the page is empty"),
            (
                "m\nhello\n",
                "p.txt:2:1: expected a line such as `POST /v1/images/generations` after the title",
            ),
            (
                "m\nPOST /x\n请求体\n\n{ \"图\": 1,\n \"图\" 2 }\n响应\n[]\n",
                "p.txt:6:6: block 请求体: not JSON: expected `:`; copy the page again, with the whole block",
            ),
            (
                "m\nPOST /x\n请求体\n{ \"a\": [1, 2\n响应\n[]\n",
                "p.txt:4:12: block 请求体: not JSON: EOF while parsing a list; copy the page again, with the whole block",
            ),
            (
                "m\nPOST /x\n请求体\n{\n\"图\n}\n响应\n[]\n",
                "p.txt:5:2: block 请求体: not JSON: control character (\\u0000-\\u001F) found while parsing a string; copy the page again, with the whole block",
            ),
            (
                "m\nPOST /x\n请求体\n\n响应\n[]\n",
                "p.txt:3:1: block 请求体: the block is empty: copy the page again, with its JSON",
            ),
        ];
        for (page, expected) in cases {
            let error = read("p.txt", page).map(|mut it| it.faults.remove(0));
            let error = error.unwrap_or_else(|error| error);
            assert_eq!(error.to_string(), expected);
        }
    }
}
