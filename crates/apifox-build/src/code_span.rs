//! Text as code within a line of Markdown.

/// A text as a code span, whatever backticks it has; lines are joined.
pub(crate) fn code_span(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    // One space on both sides is none; without one, backticks would be of the span's own.
    let is_within = text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty();
    let is_padded = is_within || text.is_empty() || text.starts_with('`') || text.ends_with('`');
    let space = if is_padded { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser};

    use super::code_span;

    #[test]
    fn a_span_is_read_as_the_text() {
        let texts = [
            "a", "a`b", "`", "``", "`a", "a``b`c", " a ", " a", "a ", " ", "  ", "a`b<i>c", "\\`",
            "`` ` ``", "*a*",
        ];
        for text in texts {
            let span = format!("before {} behind", code_span(text));
            let events = Parser::new(&span).filter(|event| {
                let is_around = matches!(event, Event::Start(_) | Event::End(_));
                !is_around
            });
            let events: Vec<Event<'_>> = events.collect();
            let expected = ["before ".into(), text.into(), " behind".into()];
            let [before, code, behind] = expected;
            let expected = [Event::Text(before), Event::Code(code), Event::Text(behind)];
            assert_eq!(events, expected, "{span}");
        }
    }

    #[test]
    fn a_span_is_within_a_paragraph() {
        assert_eq!(code_span("a\n\nb"), "`a  b`");
        assert_eq!(code_span(""), "`  `");
    }
}
