//! OpenAPI in a fence of Markdown, as Apifox sites give out a page.

/// The text in a fence, and where it starts.
#[derive(Debug, PartialEq)]
pub struct Fence<'t> {
    /// The text between the lines of the fence.
    pub text: &'t str,
    /// How many lines come before it.
    pub line: usize,
    /// How many bytes come before it.
    pub start: usize,
    /// Whether it has an end: otherwise the text may be cut off.
    pub is_closed: bool,
}

/// The first fence that holds a document.
pub fn find(text: &str) -> Option<Fence<'_>> {
    all(text).into_iter().next()
}

/// The fences that hold a document, OpenAPI or an Apifox project. A fence that is not closed
/// goes to the end of the text.
pub fn all(text: &str) -> Vec<Fence<'_>> {
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    let mut at = 0;
    let until = |open: &Open, end: usize, is_closed: bool| Fence {
        text: &text[open.start..end],
        line: open.line,
        start: open.start,
        is_closed,
    };
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let marks = line.trim_start();
        let mark = marks.chars().next().unwrap_or_default();
        let length = marks.chars().take_while(|c| *c == mark).count();
        let is_bare = line.trim().len() == length;
        match &open {
            None if length >= 3 && matches!(mark, '`' | '~') => {
                open = Some(Open {
                    start: at,
                    line: number + 1,
                    mark,
                    length,
                });
            }
            Some(opening) if mark == opening.mark && length >= opening.length && is_bare => {
                found.push(until(opening, start, true));
                open = None;
            }
            _ => {}
        }
    }
    found.extend(open.map(|opening| until(&opening, text.len(), false)));
    found.retain(|fence| is_document(fence.text));
    found
}

/// A fence that is not closed yet.
struct Open {
    start: usize,
    line: usize,
    mark: char,
    length: usize,
}

/// The members that identify a document.
const NAMES: [&str; 4] = ["openapi", "swagger", "apifoxProject", "apidogProject"];

/// Whether a text has a line of YAML or JSON that identifies a document.
pub fn is_document(text: &str) -> bool {
    let is_named = |line: &str| {
        let line = line.trim_start().trim_start_matches('{').trim_start();
        let line = line.trim_start_matches(['"', '\'']);
        NAMES.iter().any(|name| {
            let rest = line.strip_prefix(name);
            let rest = rest.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
            rest.is_some_and(|rest| rest.starts_with(':'))
        })
    };
    text.lines().any(is_named)
}

#[cfg(test)]
mod tests {
    use super::{Fence, find};

    #[test]
    fn the_fence_with_openapi_is_found() {
        let fence = |text, line| Some((text, line));
        let cases = [
            (
                "# T\n\n```yaml\nopenapi: 3.0.1\n```\n",
                fence("openapi: 3.0.1\n", 3),
            ),
            (
                "```sh\nls\n```\n````json\n{\"openapi\": 1,\n```\n}\n````",
                fence("{\"openapi\": 1,\n```\n}\n", 4),
            ),
            (
                "```yaml\nopenapi: 3.0.1\npaths:",
                fence("openapi: 3.0.1\npaths:", 1),
            ),
            (
                "~~~yaml\nopenapi: 3.0.1\n```\n~~~\n",
                fence("openapi: 3.0.1\n```\n", 1),
            ),
            (
                "```sh\nopenapi generate\n```\n```\n{\"apifoxProject\": \"1.0.0\"}\n```",
                fence("{\"apifoxProject\": \"1.0.0\"}\n", 4),
            ),
            ("# openapi: 3.0.1\n", None),
            ("```sh\nls\n```", None),
        ];
        for (text, expected) in cases {
            let found = find(text);
            if let Some(Fence {
                text: fenced,
                start,
                ..
            }) = &found
            {
                assert!(text[*start..].starts_with(fenced), "{text}");
            }
            assert_eq!(
                found.map(|fence| (fence.text, fence.line)),
                expected,
                "{text}"
            );
        }
    }
}
