//! The text of a page as an Apifox site renders it: method and path on lines of their own, and
//! each field as its name, its type and what is said of it.

mod fields;
mod nesting;
mod sample;
mod types;

use serde_json::{Map, Value, json};

use self::fields::{Field, fields};
use self::nesting::schema_of;
use self::sample::sample;
use super::endpoint::Endpoint;
use super::error::{Omitted, PageError};
use super::head::METHODS;
use super::json::quoted;

/// The parts of a page, by the lines that they start with; the first that fits counts.
const HEADINGS: [(&str, Part); 8] = [
    (
        "path 参数|path params|path parameters",
        Part::Parameters("path"),
    ),
    (
        "query 参数|query params|query parameters",
        Part::Parameters("query"),
    ),
    (
        "header 参数|header params|header parameters",
        Part::Parameters("header"),
    ),
    (
        "cookie 参数|cookie params|cookie parameters",
        Part::Parameters("cookie"),
    ),
    ("body 参数|body params|body parameters", Part::Body),
    (
        "示例代码|请求示例|request samples|request example|code samples",
        Part::Code,
    ),
    ("返回响应|responses", Part::Responses),
    ("修改于|modified at|上一页|previous page|pager", Part::End),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Parameters(&'static str),
    Body,
    /// Code that calls the operation, which shows its body again.
    Code,
    Responses,
    /// What the site puts below the page.
    End,
}

/// Reads a page; `None` for a text that is not one. What is not whole is a fault of the endpoint.
pub(super) fn read(page: &str, lines: &[&str]) -> Option<Endpoint> {
    let head = Head::find(lines)?;
    let sections = sections(lines, head.end);
    let mut reader = Reader {
        page,
        lines,
        faults: Vec::new(),
    };
    let mut members = vec![
        ("name", quoted(head.name)),
        ("method", quoted(head.method)),
        ("path", quoted(head.path)),
    ];
    members.push(("parameters", reader.parameters(&sections).to_string()));
    if let Some(body) = sections.iter().find(|section| section.part == Part::Body) {
        members.push(("requestBody", reader.body(body).to_string()));
    }
    let responses = sections
        .iter()
        .find(|section| section.part == Part::Responses);
    let lost = match responses {
        Some(section) => {
            let (responses, examples) = reader.responses(section);
            members.push(("responses", Value::from(responses).to_string()));
            members.push(("responseExamples", Value::from(examples).to_string()));
            None
        }
        None => {
            let end = (lines.len().max(1), 1);
            let message = "the page ends before its responses";
            let error = PageError::new(page, Some("Body"), end, message);
            Some(error.omitting(Omitted::Operation))
        }
    };
    Some(Endpoint::new(
        head.name.to_owned(),
        &members,
        reader.faults,
        lost,
    ))
}

/// The title, the method and the path.
struct Head<'a> {
    name: &'a str,
    method: &'a str,
    path: &'a str,
    /// The line after them, from 0.
    end: usize,
}

impl<'a> Head<'a> {
    fn find(lines: &[&'a str]) -> Option<Self> {
        let filled = lines.iter().enumerate();
        let filled: Vec<(usize, &'a str)> = filled
            .map(|(at, line)| (at, line.trim()))
            .filter(|(_, line)| !line.is_empty())
            .collect();
        filled.windows(3).find_map(|window| {
            let [(_, name), (_, method), (at, path)] = window else {
                return None;
            };
            let is_path = path.starts_with('/') || path.contains("://");
            (METHODS.contains(method) && is_path && !path.contains(char::is_whitespace)).then_some(
                Self {
                    name,
                    method,
                    path,
                    end: at + 1,
                },
            )
        })
    }
}

/// The lines of a part, after its heading.
struct Section<'a> {
    part: Part,
    /// What stands beside the heading.
    rest: &'a str,
    /// The first of its lines, from 0.
    start: usize,
    end: usize,
}

fn sections<'a>(lines: &[&'a str], from: usize) -> Vec<Section<'a>> {
    let mut found: Vec<Section<'a>> = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(from) {
        let Some((part, rest)) = heading(line.trim()) else {
            continue;
        };
        if let Some(last) = found.last_mut() {
            last.end = at;
        }
        found.push(Section {
            part,
            rest,
            start: at + 1,
            end: lines.len(),
        });
    }
    found
}

/// The part that a line is the heading of, and the rest of the line.
fn heading(line: &str) -> Option<(Part, &str)> {
    for (names, part) in HEADINGS {
        for name in names.split('|') {
            let start = line.get(..name.len());
            if start.is_some_and(|start| start.to_lowercase() == name) {
                let rest = line.get(name.len()..).unwrap_or_default();
                return Some((part, rest.trim()));
            }
        }
    }
    None
}

/// The default media type of bodies.
const JSON: &str = "application/json";

struct Reader<'a> {
    page: &'a str,
    lines: &'a [&'a str],
    faults: Vec<PageError>,
}

impl Reader<'_> {
    fn parameters(&mut self, sections: &[Section<'_>]) -> Value {
        let mut lists = Map::new();
        for section in sections {
            let Part::Parameters(location) = section.part else {
                continue;
            };
            let fields = self.fields(section.start, section.end, location);
            let list: Vec<Value> = fields.iter().map(parameter).collect();
            lists.insert(location.to_owned(), list.into());
        }
        lists.into()
    }

    /// The fields of some lines; what stands before the first is no field and is not lost.
    fn fields(&mut self, start: usize, end: usize, block: &str) -> Vec<Field> {
        let (fields, unread) = fields(&self.lines[start..end]);
        if let Some(line) = unread {
            let message = "the type of this field is not known; any value is accepted";
            let place = (start + line + 1, 1);
            let error = PageError::new(self.page, Some(block), place, message);
            self.faults.push(error.omitting(Omitted::Field));
        }
        fields
    }

    fn body(&mut self, section: &Section<'_>) -> Value {
        let (media, start) = self.media(section.rest, section.start, section.end);
        let schema = self.schema(start, section.end, "Body");
        let is_form = media.contains("form");
        let mut body = json!({"type": media, "required": true});
        match is_form {
            true => {
                let properties = schema.0["properties"].as_object();
                let required = schema.0["required"].as_array();
                let field = |(name, property): (&String, &Value)| {
                    let needed =
                        required.is_some_and(|names| names.contains(&name.as_str().into()));
                    let kind = property["type"].as_str().unwrap_or("string");
                    let kind = if property["format"] == "binary" {
                        "file"
                    } else {
                        kind
                    };
                    json!({"name": name, "required": needed, "type": kind, "schema": property})
                };
                let fields = properties.into_iter().flatten().map(field);
                body["parameters"] = fields.collect();
            }
            false => body["jsonSchema"] = schema.0,
        }
        if let Some(example) = schema.1 {
            body["examples"] = json!([{"mediaType": media, "value": example.to_string()}]);
        }
        body
    }

    /// The media type beside a heading or on the next line, and the line after it.
    fn media(&self, rest: &str, start: usize, end: usize) -> (String, usize) {
        let is_media = |text: &&str| text.contains('/') && !text.contains(char::is_whitespace);
        if let Some(media) = rest.split_whitespace().next().filter(is_media) {
            return (media.to_owned(), start);
        }
        let next = (start..end).find(|at| !self.lines[*at].trim().is_empty());
        let media = next.map(|at| (self.lines[at].trim(), at + 1));
        match media.filter(|(media, _)| is_media(media)) {
            Some((media, start)) => (media.to_owned(), start),
            None => (JSON.to_owned(), start),
        }
    }

    /// The schema that fields and their sample describe, and the sample.
    fn schema(&mut self, start: usize, end: usize, block: &str) -> (Value, Option<Value>) {
        let (example, fields_end) = sample(self.lines, start, end);
        let fields = self.fields(start, fields_end, block);
        let described = schema_of(&fields, example.as_ref());
        for name in described.unplaced {
            let message = format!(
                "nothing shows whether {name:?} stands in the object above it or beside it; \
                 the field is left out"
            );
            let place = (start.max(1), 1);
            let error = PageError::new(self.page, Some(block), place, message);
            self.faults.push(error.omitting(Omitted::Field));
        }
        (described.schema, example)
    }

    fn responses(&mut self, section: &Section<'_>) -> (Vec<Value>, Vec<Value>) {
        let starts = (section.start..section.end).filter_map(|at| {
            let (status, name) = status(self.lines[at].trim())?;
            Some((at, status, name))
        });
        let starts: Vec<(usize, u16, &str)> = starts.collect();
        let (mut responses, mut examples) = (Vec::new(), Vec::new());
        for (index, (at, status, name)) in starts.iter().enumerate() {
            let end = starts
                .get(index + 1)
                .map_or(section.end, |(next, ..)| *next);
            let (media, start) = self.media("", at + 1, end);
            let (schema, example) = self.schema(start, end, "返回响应");
            responses.push(json!({"id": index + 1, "name": name, "code": status,
                "contentType": media, "jsonSchema": schema}));
            if let Some(example) = example {
                examples.push(json!({"name": name, "responseId": index + 1,
                    "data": example.to_string()}));
            }
        }
        (responses, examples)
    }
}

fn parameter(field: &Field) -> Value {
    let mut parameter = json!({
        "name": field.name,
        "required": field.is_required,
        "description": field.description,
        "schema": field.schema,
    });
    if let Some(example) = &field.example {
        parameter["sampleValue"] = example.as_str().into();
    }
    parameter
}

/// The status and the name of a reply: `🟢200成功`.
fn status(line: &str) -> Option<(u16, &str)> {
    let text = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let digits = text.get(..3)?;
    let rest = text.get(3..)?;
    let is_marked = text.len() < line.len();
    let is_status = digits.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.starts_with(|c: char| c.is_ascii_digit())
        && (is_marked || rest.is_empty());
    let status = digits.parse().ok().filter(|_| is_status)?;
    (100..600).contains(&status).then(|| (status, rest.trim()))
}
