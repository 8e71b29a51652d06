//! OpenAPI in a fence of Markdown, as Apifox sites give out a page.

/// The text in a fence, and where it starts.
#[derive(Debug, PartialEq)]
pub(crate) struct Fence<'t> {
    pub text: &'t str,
    /// How many lines come before it.
    pub line: usize,
    /// How many bytes come before it.
    pub start: usize,
}

/// The first fence that holds OpenAPI; one that nothing closes goes to the end.
pub(crate) fn find(text: &str) -> Option<Fence<'_>> {
    let mut open: Option<(usize, usize, usize)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let ticks = line
            .trim_start()
            .bytes()
            .take_while(|it| *it == b'`')
            .count();
        let is_bare = line.trim().len() == ticks;
        match open {
            None if ticks >= 3 => open = Some((at, number + 1, ticks)),
            Some((from, first, opened)) if ticks >= opened && is_bare => {
                open = None;
                if is_openapi(&text[from..start]) {
                    return Some(Fence {
                        text: &text[from..start],
                        line: first,
                        start: from,
                    });
                }
            }
            _ => {}
        }
    }
    let (from, line, _) = open.filter(|(from, ..)| is_openapi(&text[*from..]))?;
    Some(Fence {
        text: &text[from..],
        line,
        start: from,
    })
}

fn is_openapi(text: &str) -> bool {
    let is_version = |line: &str| {
        let line = line
            .trim_start()
            .trim_start_matches(['"', '\'', '{'])
            .trim_start();
        let line = line.trim_start_matches(['"', '\'']);
        line.starts_with("openapi") || line.starts_with("swagger")
    };
    text.lines().any(is_version)
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
            ("# openapi: 3.0.1\n", None),
            ("```sh\nls\n```", None),
        ];
        for (text, expected) in cases {
            let found = find(text);
            if let Some(Fence {
                text: it, start, ..
            }) = &found
            {
                assert!(text[*start..].starts_with(it), "{text}");
            }
            assert_eq!(found.map(|it| (it.text, it.line)), expected, "{text}");
        }
    }
}
