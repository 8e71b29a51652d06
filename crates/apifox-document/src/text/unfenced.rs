//! OpenAPI in the text of a page that was copied without the fence around it.

use serde::de::IgnoredAny;

use super::fence::Fence;

/// The members that OpenAPI and Swagger have at the top.
const TOP: [&str; 21] = [
    "openapi",
    "swagger",
    "$self",
    "basePath",
    "components",
    "consumes",
    "definitions",
    "externalDocs",
    "host",
    "info",
    "jsonSchemaDialect",
    "parameters",
    "paths",
    "produces",
    "responses",
    "schemes",
    "security",
    "securityDefinitions",
    "servers",
    "tags",
    "webhooks",
];

/// The document that stands among the lines of a page, from the line that says its version up
/// to the first that is not part of it.
pub fn find(text: &str) -> Option<Fence<'_>> {
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let rest = text.get(start..)?;
        let found = match line {
            line if opens_yaml(line) => Some(yaml_length(rest)),
            line if opens_json(line, rest) => Some(json_length(rest)),
            _ => None,
        };
        if let Some((length, is_closed)) = found {
            return Some(Fence {
                text: rest.get(..length)?,
                line: number,
                start,
                is_closed,
            });
        }
        start += line.len();
    }
    None
}

fn opens_yaml(line: &str) -> bool {
    let value = ["openapi:", "swagger:"]
        .iter()
        .find_map(|name| line.strip_prefix(name));
    let value = value.map(|value| value.trim().trim_start_matches(['"', '\'']));
    value.is_some_and(|value| value.starts_with(['2', '3']))
}

/// How many bytes of the text are YAML of a document, and whether something comes after it.
fn yaml_length(text: &str) -> (usize, bool) {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        if !belongs(line) {
            return (length, true);
        }
        length += line.len();
    }
    (length, false)
}

/// Whether a line may be one of a document in YAML.
fn belongs(line: &str) -> bool {
    let is_within = line.trim().is_empty() || line.starts_with([' ', '\t', '#', '-']);
    let name = line.split(':').next().unwrap_or_default();
    let name = name.trim().trim_matches(['"', '\'']);
    let is_top = TOP.contains(&name) || name.starts_with("x-");
    // The last line may be cut off within its name.
    is_within || line.contains(':') && is_top || !line.ends_with('\n') && is_start(name)
}

fn is_start(name: &str) -> bool {
    let mut names = TOP.iter().chain(&["x-"]);
    names.any(|whole| whole.starts_with(name))
}

fn opens_json(line: &str, rest: &str) -> bool {
    const FIRST_LINES: usize = 4;
    let is_version = |line: &str| {
        let line = line.trim_start_matches(['{', ' ', '\t']);
        ["\"openapi\"", "\"swagger\""]
            .iter()
            .any(|name| line.starts_with(name))
    };
    line.starts_with('{') && rest.lines().take(FIRST_LINES).any(is_version)
}

/// How many bytes of the text are JSON, and whether it is whole.
fn json_length(text: &str) -> (usize, bool) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => (values.byte_offset(), true),
        _ => (text.len(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_document_ends_where_the_page_goes_on() {
        let cases = [
            (
                "Skip\n\nyaml\nopenapi: 3.0.1\npaths:\n  /a: {}\n\nPager\nx",
                Some(("openapi: 3.0.1\npaths:\n  /a: {}\n\n", 3, true)),
            ),
            (
                "T\nopenapi: '3.1.0'\npaths:\n  /a: {}\nx-a: 1\nsecur",
                Some((
                    "openapi: '3.1.0'\npaths:\n  /a: {}\nx-a: 1\nsecur",
                    1,
                    false,
                )),
            ),
            (
                "T\n{\n \"openapi\": \"3.0.0\"\n}\n修改于",
                Some(("{\n \"openapi\": \"3.0.0\"\n}", 1, true)),
            ),
            (
                "{ \"openapi\": \"3.0.0\", ",
                Some(("{ \"openapi\": \"3.0.0\", ", 0, false)),
            ),
            ("openapi: generate\n", None),
            ("# openapi: 3.0.1", None),
        ];
        for (text, expected) in cases {
            let found = find(text).map(|found| (found.text, found.line, found.is_closed));
            assert_eq!(found, expected, "{text}");
        }
    }
}
