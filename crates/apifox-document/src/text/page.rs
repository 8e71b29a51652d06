//! Reads the text of a published Apifox page into an endpoint object.
//!
//! A page is a name, a line `METHOD /path`, an overview and a few titled
//! blocks, most of them JSON. Two layouts occur: the overview as a Markdown
//! table or as run-together lines, and JSON on one line or pretty-printed.
//! The endpoint object has the keys of an `api` in Apifox's project export.

use std::fmt;
use std::ops::Range;

use serde_json::Value;

use super::reindent::reindent;

/// The headings of a page, in Chinese and in English, with the key each block has in
/// a project export.
const HEADINGS: [(&[&str], Block); 6] = [
    (&["说明", "description"], Block::Prose("description")),
    (&["概览", "overview"], Block::Overview),
    (
        &["参数", "请求参数", "parameters", "request parameters"],
        Block::Json("parameters"),
    ),
    (&["请求体", "request body"], Block::Json("requestBody")),
    (&["响应", "responses", "response"], Block::Json(RESPONSES)),
    (
        &["响应示例", "response examples", "response example"],
        Block::Json("responseExamples"),
    ),
];

/// The key of the block that every page has.
const RESPONSES: &str = "responses";

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

/// The end of the message about a block that is not JSON.
pub(crate) const AGAIN: &str = "; copy the page again, with the whole block";

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
    /// The incomplete blocks, which the endpoint object lacks.
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

/// Reads `text`, the whole of a published page; `page` names it in errors.
///
/// # Errors
///
/// When the page says method and path neither below its title nor in its overview.
pub fn read(page: &str, text: &str) -> Result<Endpoint, PageError> {
    let reader = Reader { page };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    let head = reader.head(&lines)?;
    let mut members = vec![
        ("name", quoted(head.name)),
        ("method", quoted(head.method)),
        ("path", quoted(head.path)),
    ];
    let below = head.end();
    let mut faults: Vec<PageError> = head.fault.into_iter().collect();
    let blocks = blocks(&lines, below);
    for &(heading, block, at, end) in &blocks {
        let (at, end) = within_fence(&lines, at, end);
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
    if !blocks.iter().any(|block| block.1 == Block::Json(RESPONSES)) {
        faults.push(reader.error(Some("响应"), lines.len(), 1, "the page has none"));
    }
    Ok(Endpoint {
        name: head.name.to_owned(),
        json: object(&members),
        faults,
    })
}

/// What comes before the blocks of a page.
struct Head<'a> {
    name: &'a str,
    method: &'a str,
    path: &'a str,
    /// The lines of the title and of method and path, from 0.
    name_at: Option<usize>,
    route_at: Option<usize>,
    /// What is missing in it.
    fault: Option<PageError>,
}

impl Head<'_> {
    /// The first line of the blocks, from 0.
    fn end(&self) -> usize {
        self.route_at.map_or(0, |at| at + 1)
    }
}

/// The place of a member of the endpoint object in the text of its page.
pub struct Place {
    /// The member's name.
    pub key: &'static str,
    /// The bytes of the page that hold its value.
    pub bytes: Range<usize>,
    /// Whether they are JSON.
    pub is_json: bool,
}

/// Where the members of the endpoint object stand in the text of a page.
pub fn places(text: &str) -> Vec<Place> {
    let starts: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            *at += line.len();
            Some(*at - line.len())
        })
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    let place = |key, at: usize, end: usize, is_json| {
        let last = end.saturating_sub(1).max(at);
        let line = lines.get(last).map_or(0, |line| line.len());
        let start = starts.get(at).copied().unwrap_or(text.len());
        let end = starts.get(last).map_or(text.len(), |start| start + line);
        Place {
            key,
            bytes: start..end,
            is_json,
        }
    };
    let Ok(head) = (Reader { page: "" }).head(&lines) else {
        return Vec::new();
    };
    let line = |(key, at): (_, Option<usize>)| at.map(|at| place(key, at, at + 1, false));
    let of_head = [
        ("name", head.name_at.or(head.route_at)),
        ("method", head.route_at),
        ("path", head.route_at),
    ];
    let mut places: Vec<Place> = of_head.into_iter().filter_map(line).collect();
    for (_, block, at, end) in blocks(&lines, head.end()) {
        let (at, end) = within_fence(&lines, at, end);
        match block {
            Block::Prose(key) => places.push(place(key, at, end, false)),
            Block::Json(key) => places.push(place(key, at, end, true)),
            Block::Overview => {}
        }
    }
    places
}

fn route(line: &str) -> Option<(&'static str, &str)> {
    let (method, path) = line.trim().split_once(char::is_whitespace)?;
    Some((known_method(method)?, path.trim())).filter(|(_, path)| {
        // In lower case it may be the start of a sentence.
        METHODS.contains(&method) || is_path(path) && !path.contains(char::is_whitespace)
    })
}

fn known_method(name: &str) -> Option<&'static str> {
    METHODS
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(name))
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') || text.contains("://")
}

/// The page's blocks: heading, kind, first line of the body and the line after it.
fn blocks<'a>(lines: &[&'a str], from: usize) -> Vec<(&'a str, Block, usize, usize)> {
    let mut found: Vec<(&str, Block, usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(from) {
        let Some(block) = heading(line) else {
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
        found.push((line.trim(), block, at + 1, lines.len()));
    }
    found
}

/// The block that a line is the heading of, as text or as Markdown.
fn heading(line: &str) -> Option<Block> {
    let line = line.trim().trim_start_matches('#');
    let line = line.trim_end_matches([':', '：']).trim().to_lowercase();
    let named = HEADINGS
        .iter()
        .find(|(names, _)| names.contains(&line.as_str()));
    named.map(|(_, block)| *block)
}

fn opens_json(lines: &[&str]) -> bool {
    lines
        .iter()
        .map(|line| line.trim_start_matches(is_blank))
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with(['{', '[']) || line.starts_with(FENCE))
}

/// What a fence of Markdown starts with.
const FENCE: &str = "```";

/// The lines in a fence of Markdown, where it is all that a block is.
fn within_fence(lines: &[&str], at: usize, end: usize) -> (usize, usize) {
    let is_filled = |at: &usize| !lines[*at].trim().is_empty();
    let first = (at..end).find(is_filled);
    let last = (at..end).rev().find(is_filled);
    match (first, last) {
        (Some(first), Some(last)) if first < last && lines[first].trim().starts_with(FENCE) => {
            let is_closed = lines[last].trim() == FENCE;
            (first + 1, if is_closed { last } else { end })
        }
        _ => (at, end),
    }
}

/// Whether a character is invisible; browsers put such into copied text.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// JSON text with spaces in place of whitespace that JSON does not allow between tokens;
/// every other byte stays in its place.
fn spaced(text: &str) -> String {
    let (mut spaced, mut in_string, mut is_escaped) = (String::new(), false, false);
    for c in text.chars() {
        let is_strange = !in_string && is_blank(c) && !matches!(c, ' ' | '\t' | '\n' | '\r');
        match is_strange {
            true => spaced.extend(std::iter::repeat_n(' ', c.len_utf8())),
            false => spaced.push(c),
        }
        in_string ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && in_string && !is_escaped;
    }
    spaced
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
    /// The title and the line `METHOD /path`. Where the page lacks one of them,
    /// the overview has method and path as well, and the path does for a title.
    fn head<'a>(&self, lines: &[&'a str]) -> Result<Head<'a>, PageError> {
        let mut filled = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        let (first_at, first) = filled
            .next()
            .ok_or_else(|| self.error(None, 1, 1, "the page is empty"))?;
        let head = |name, (method, path), name_at, route_at, fault| Head {
            name,
            method,
            path,
            name_at,
            route_at,
            fault,
        };
        if let Some((at, line)) = filled.next()
            && let Some(route) = route(line)
        {
            return Ok(head(first.trim(), route, Some(first_at), Some(at), None));
        }
        if let Some(route) = route(first) {
            let fault = self.error(Some("title"), 1, 1, "the page starts after its title");
            return Ok(head(route.1, route, None, Some(first_at), Some(fault)));
        }
        let expected = "expected a line such as `POST /v1/images/generations` after the title";
        let fault = |block| self.error(block, 2.min(lines.len()), 1, expected);
        let of_overview = |label| lines.iter().find_map(|line| overview_value(line, label));
        let method = of_overview("Method").and_then(known_method);
        match (method, of_overview("Path")) {
            (Some(method), Some(path)) if is_path(path) => {
                let fault = fault(Some("METHOD /path"));
                Ok(head(path, (method, path), None, None, Some(fault)))
            }
            _ => Err(fault(None)),
        }
    }

    /// The JSON of a block whose body starts at line `at`, counted from 0.
    fn json(&self, heading: &str, at: usize, body: &[&str]) -> Result<String, PageError> {
        let text = spaced(&body.join("\n"));
        if text.trim().is_empty() {
            let message = "the block is empty: copy the page again, with its JSON";
            return Err(self.error(Some(heading), at, 1, message));
        }
        if let Err(fault) = serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            let line = fault.line().clamp(1, body.len());
            // The column counts bytes, and may be in the middle of a character.
            let starts = body[line - 1].char_indices().map(|(at, _)| at);
            let column = starts.take_while(|at| *at < fault.column()).count().max(1);
            let reason = fault.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            let message = format!("not JSON: {reason}{AGAIN}");
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
    fn a_page_may_be_in_english_or_copied_as_markdown() {
        let expected = read("a", COMPACT).expect("compact").json;
        let english = COMPACT
            .replace("说明\n", "Description\n")
            .replace("概览\n", "Overview\n")
            .replace("请求体\n", "Request Body\n")
            .replace("\n响应\n[]", "\nResponses\n[]");
        let markdown = COMPACT
            .replace("概览\n", "## 概览\n")
            .replace(
                "请求体\n{ \"n\": 1e3 }",
                "## 请求体：\n\n```json\n{ \"n\": 1e3 }\n```\n",
            )
            .replace("POST /v1/x\n", "post /v1/x\n");
        let copied = COMPACT.replace("{ \"n\": 1e3 }", "{\u{a0}\"n\": 1e3\u{3000}}\u{200b}");
        for page in [english, markdown, copied] {
            let read = read("a", &page).expect("a page");
            let plain: serde_json::Value = serde_json::from_str(&read.json).expect("JSON");
            assert_eq!(plain.to_string(), {
                let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
                expected.to_string()
            });
            assert_eq!(read.faults, []);
        }
    }

    #[test]
    fn the_head_of_a_page_may_be_missing() {
        let untitled = read("p.txt", "POST /x\n请求体\n{}\n").expect("route");
        assert_eq!(untitled.name, "/x");
        assert_eq!(untitled.faults[0].block.as_deref(), Some("title"));
        let page = "概览\n| Method | POST |\n| Path | /x |\n请求体\n{}\n";
        let headless = read("p.txt", page).expect("overview");
        assert!(
            headless
                .json
                .contains("\"path\": \"/x\",\n  \"requestBody\"")
        );
        let faults: Vec<_> = headless.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "p.txt:2:1: block METHOD /path: expected a line such as `POST \
                 /v1/images/generations` after the title",
                "p.txt:5:1: block 响应: the page has none",
            ]
        );
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
            let error = read("p.txt", page).map(|mut endpoint| endpoint.faults.remove(0));
            let error = error.unwrap_or_else(|error| error);
            assert_eq!(error.to_string(), expected);
        }
    }
}
