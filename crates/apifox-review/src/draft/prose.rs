//! What the prose of a page says, and of which field.

use std::collections::BTreeSet;
use std::ops::Range;

/// A sentence of the prose.
#[derive(Debug, PartialEq)]
pub(super) struct Statement {
    /// The field that it is about, where that is known.
    pub field: Option<Named>,
    pub sentence: String,
    /// The line that it stands in.
    pub line: String,
    /// Whether it is about replies.
    pub is_reply: bool,
}

/// The field that a sentence is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// Its name, after the names of those around it where the page has them: `parameters.seed`.
    pub name: String,
    /// Its type, where the page names it.
    pub kind: Option<&'static str>,
    /// The word that stands for the name, where the page does not have the name.
    pub by_word: Option<&'static str>,
}

/// The types of JSON Schema, each as pages name it.
const TYPES: [(&str, &str); 6] = [
    ("string", "string str text"),
    ("integer", "integer int int32 int64 long"),
    ("number", "number float double"),
    ("boolean", "boolean bool"),
    ("array", "array list"),
    ("object", "object"),
];

/// Words that stand for usual names where a page was copied without them.
const WORDS: [(&str, &str); 12] = [
    ("随机数种子", "seed"),
    ("random seed", "seed"),
    ("水印", "watermark"),
    ("分辨率", "size"),
    ("图像数量", "n"),
    ("生成数量", "n"),
    ("不希望", "negative_prompt"),
    ("反向提示词", "negative_prompt"),
    ("提示词改写", "prompt_extend"),
    ("模型名称", "model"),
    ("消息数组", "messages"),
    ("请求标识", "request_id"),
];

/// Headings that say of what the following lines are.
const REPLY: &str = "返回参数|响应参数|返回响应|response|returns|出参";
const REQUEST: &str = "请求参数|请求体|body 参数|request|parameters|入参";

/// The sentences of the text outside of `code`; `names` are those of fields.
pub(super) fn statements(
    text: &str,
    code: &[Range<usize>],
    names: &BTreeSet<String>,
) -> Vec<Statement> {
    let lines = lines(text, code);
    let mut reading = Reading {
        names,
        field: None,
        is_described: false,
        is_reply: false,
        is_beside_body: false,
        required_column: None,
        found: Vec::new(),
    };
    for (at, line) in lines.iter().enumerate() {
        let rest = lines.iter().skip(at + 1);
        let mut next = rest.skip_while(|next| **next == Some(""));
        let next = next.next().copied().flatten().unwrap_or_default();
        match line {
            // Code ends what a field's name began, and so does a gap below what was said of it.
            None => reading.field = None,
            Some("") if reading.is_described => reading.field = None,
            Some("") => {}
            Some(line) => reading.line(line, next),
        }
    }
    reading.found
}

/// The lines of prose; `None` where code stands between them.
fn lines<'t>(text: &'t str, code: &[Range<usize>]) -> Vec<Option<&'t str>> {
    let mut code: Vec<&Range<usize>> = code.iter().collect();
    code.sort_by_key(|range| range.start);
    let mut lines = Vec::new();
    let mut at = 0;
    for range in code {
        let prose = text.get(at..range.start).unwrap_or_default();
        lines.extend(prose.lines().map(|line| Some(line.trim())));
        lines.push(None);
        at = range.end.max(at);
    }
    let prose = text.get(at..).unwrap_or_default();
    lines.extend(prose.lines().map(|line| Some(line.trim())));
    lines
}

struct Reading<'n> {
    names: &'n BTreeSet<String>,
    /// The field whose name stood above.
    field: Option<Named>,
    /// Whether something was said of it.
    is_described: bool,
    is_reply: bool,
    /// Whether the lines are about parameters beside the body.
    is_beside_body: bool,
    /// The column of a table that says whether a field is required.
    required_column: Option<usize>,
    found: Vec<Statement>,
}

impl Reading<'_> {
    fn line(&mut self, line: &str, next: &str) {
        if let Some(row) = line.strip_prefix('|') {
            self.row(row);
            return;
        }
        if self.heading(line) {
            return;
        }
        if self.is_beside_body {
            return;
        }
        let line = line.trim_start_matches(['-', '*', '•', '#', ' ']);
        let (first, rest) = first_word(line);
        let typed = typed(rest).or_else(|| typed(next).filter(|_| rest.is_empty()));
        let is_known = self.names.contains(first);
        let is_field = is_name(first)
            && kind_of(first).is_none()
            && (is_known || typed.is_some_and(|(_, after)| follows_type(after)));
        if !is_field {
            // The type on a line of its own was read with the name.
            if self.field.is_none() || kind_of(line).is_none() {
                self.sentences(line);
            }
            return;
        }
        self.field = Some(Named {
            name: first.to_owned(),
            kind: typed.map(|(kind, _)| kind),
            by_word: None,
        });
        self.is_described = false;
        match typed.filter(|_| !rest.is_empty()) {
            Some((_, after)) => self.sentences(after),
            None => self.sentences(rest),
        }
    }

    /// Whether a line is a heading, which ends what a field's name began.
    fn heading(&mut self, line: &str) -> bool {
        const LONGEST: usize = 24;
        let lower = line.to_lowercase();
        let has = |words: &str| words.split('|').any(|word| lower.contains(word));
        if line.chars().count() > LONGEST || !has(REPLY) && !has(REQUEST) {
            return false;
        }
        self.is_reply = has(REPLY);
        self.is_beside_body = has("header|path|query|cookie");
        self.field = None;
        true
    }

    /// A row of a table, without its first mark.
    fn row(&mut self, row: &str) {
        let cells: Vec<&str> = row
            .trim_end_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        let is_required = |cell: &str| {
            let cell = cell.to_lowercase();
            ["必填", "必选", "必须", "required"].contains(&cell.as_str())
        };
        if let Some(column) = cells.iter().position(|cell| is_required(cell)) {
            self.required_column = Some(column);
            return;
        }
        let name = cells[0].trim_matches(['`', '*', ' ']);
        let kind = cells.iter().skip(1).find_map(|cell| kind_of(cell));
        if !is_name(name) || !self.names.contains(name) && kind.is_none() {
            return;
        }
        self.field = Some(Named {
            name: name.to_owned(),
            kind,
            by_word: None,
        });
        let required = self.required_column.and_then(|column| cells.get(column));
        match required.map(|cell| cell.to_lowercase()).as_deref() {
            Some("是" | "yes" | "y" | "true" | "✓" | "✅") => self.sentences("required"),
            Some("否" | "no" | "n" | "false") => self.sentences("optional"),
            _ => {}
        }
        for (column, cell) in cells.iter().enumerate().skip(1) {
            if kind_of(cell).is_none() && self.required_column != Some(column) {
                self.sentences(cell);
            }
        }
        self.field = None;
    }

    fn sentences(&mut self, text: &str) {
        let field = self.field.clone().or_else(|| self.by_word(text));
        self.is_described |= !text.is_empty();
        for sentence in split(text) {
            self.found.push(Statement {
                field: field.clone(),
                sentence: sentence.to_owned(),
                line: text.to_owned(),
                is_reply: self.is_reply,
            });
        }
    }

    /// The field whose usual word stands in a line.
    fn by_word(&self, line: &str) -> Option<Named> {
        let lower = line.to_lowercase();
        let mut words = WORDS.iter().filter(|(_, name)| self.names.contains(*name));
        let (word, name) = words.find(|(word, _)| lower.contains(word))?;
        let named = Named {
            name: (*name).to_owned(),
            kind: None,
            by_word: Some(word),
        };
        Some(named)
    }
}

/// The first word of a line, and what comes after it.
fn first_word(line: &str) -> (&str, &str) {
    let line = line.trim_start_matches(['`', '"']);
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-[]".contains(c)));
    let (first, rest) = line.split_at(end.unwrap_or(line.len()));
    (
        first,
        rest.trim_start_matches(['`', '"', ':', '：', ' ', '\t']),
    )
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// The type that a text begins with, in brackets or not, and what comes after it.
fn typed(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start_matches(['(', '（', '<', '[', ' ']);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    let (word, after) = text.split_at(end.unwrap_or(text.len()));
    let kind = kind_of(word)?;
    let after = after.trim_start_matches([')', '）', '>', ']', ',', '，', ' ']);
    Some((kind, after))
}

/// Whether a text may come after a type, so that the word before is the name of a field and the
/// type no word of a sentence.
fn follows_type(after: &str) -> bool {
    let lower = after.to_lowercase();
    let words = [
        "required", "optional", "必", "可选", "选填", "[", "<", "-", ":", "：",
    ];
    after.is_empty() || words.iter().any(|word| lower.starts_with(word))
}

fn kind_of(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(['`', ' ']).to_lowercase();
    let end = text.find(['[', '<', '(']).unwrap_or(text.len());
    let is_called = |(_, names): &&(_, &str)| names.split(' ').any(|name| name == &text[..end]);
    TYPES.iter().find(is_called).map(|(kind, _)| *kind)
}

/// The sentences of a text.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(['。', '；', ';']);
    let parts = parts.flat_map(|part| part.split(". "));
    parts.map(str::trim).filter(|part| !part.is_empty())
}
