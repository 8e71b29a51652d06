//! What changed between two documents, in Markdown: for a release note or a comment.

use apifox_review::{Diff, DistinctChange, Effect};

use crate::commands::schema::places::elsewhere;
use crate::console::printable;

/// The verdict, and a list for each effect that changes have.
pub fn text(found: &Diff) -> String {
    let effects = [Effect::Breaking, Effect::Additive, Effect::Neutral];
    let counts = effects.map(|effect| format!("{} {effect}", found.count(effect)));
    let mut text = format!("**{}**: {}\n", found.verdict(), counts.join(", "));
    let distinct = found.distinct();
    for effect in effects {
        let changes = distinct.iter();
        let rows: String = changes
            .filter(|told| told.change.effect() == effect)
            .map(row)
            .collect();
        if !rows.is_empty() {
            text += &format!("\n### {}\n\n{rows}", heading(effect));
        }
    }
    text
}

fn heading(effect: Effect) -> &'static str {
    match effect {
        Effect::Breaking => "Breaking",
        Effect::Additive => "Additive",
        Effect::Neutral => "Neutral",
    }
}

/// A change, as in ``- `POST /pets` body `/n`: maximum 6 → 4: accepts less``.
fn row(told: &DistinctChange<'_>) -> String {
    let change = told.change;
    let operation = change.operation.as_deref().unwrap_or("schema");
    let file = change
        .file
        .as_deref()
        .map(|file| format!("{}: ", escaped(file)));
    let part = match change.part.as_str() {
        "" => String::new(),
        part => format!(" {}", escaped(part)),
    };
    let path = match change.path.as_str() {
        "" => String::new(),
        path => format!(" {}", code(path)),
    };
    let place = format!("{}{part}{path}", code(operation));
    let elsewhere = elsewhere(told).map(|words| format!(" ({})", escaped(&words)));
    format!(
        "- {}{place}: {}{}\n",
        file.unwrap_or_default(),
        escaped(&change.message),
        elsewhere.unwrap_or_default()
    )
}

/// A text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in printable(text).chars() {
        match c {
            '\n' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text as code, whatever backticks are in it.
fn code(text: &str) -> String {
    let text = printable(text).replace(['\n', '\t'], " ");
    let mut longest = 0;
    let mut here = 0;
    for c in text.chars() {
        here = if c == '`' { here + 1 } else { 0 };
        longest = longest.max(here);
    }
    match longest {
        0 => format!("`{text}`"),
        longest => {
            let ticks = "`".repeat(longest + 1);
            format!("{ticks} {text} {ticks}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};

    #[test]
    fn nothing_in_a_document_is_markup() {
        assert_eq!(escaped("a*b <i>\n[x](y)"), "a\\*b \\<i\\> \\[x\\](y)");
        assert_eq!(code("GET /a"), "`GET /a`");
        assert_eq!(code("a``b"), "``` a``b ```");
    }
}
