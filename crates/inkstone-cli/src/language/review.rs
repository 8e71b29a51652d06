//! What is wrong in documents, and what differs between two, in the chosen language.

use apifox_document::Diagnostic;
use apifox_review::{Change, Finding};
use tr::tr;

use crate::language::is_translated;
use crate::language::libraries::{review, reviewed};

/// A diagnostic in the chosen language.
pub fn diagnostic(diagnostic: &Diagnostic) -> Diagnostic {
    let message = review(&diagnostic.message);
    // A keyword stands before the message, with a colon as the language has it.
    let (keyword, message) = match &diagnostic.keyword {
        Some(keyword) if is_translated() => (None, format!("{keyword}：{message}")),
        keyword => (keyword.clone(), message),
    };
    Diagnostic {
        keyword,
        message,
        help: review(&diagnostic.help),
        subject: diagnostic.subject.as_deref().map(subject),
        ..diagnostic.clone()
    }
}

/// What stands around a diagnostic, in the chosen language: a label, what it is about, or where the
/// same is wrong as well, as in `4 places: also at a.json:1:2; b.json:3:4; 1 more`.
pub fn around(text: &str) -> String {
    let more = text.rsplit_once("; ").and_then(|(places, more)| {
        let count: usize = more.strip_suffix(" more")?.parse().ok()?;
        Some((places, count))
    });
    match more {
        Some((places, count)) => tr!("{places}; {count} more", places = review(places), count),
        None => review(text),
    }
}

/// What a place is about, as in `GET /pets, response 200`.
fn subject(text: &str) -> String {
    match is_translated() {
        true => parts(text)
            .iter()
            .map(|part| review(part))
            .collect::<Vec<_>>()
            .join("，"),
        false => text.to_owned(),
    }
}

/// The parts of what a place is about. A path or a name may have a comma too: what follows it is a
/// part only if it is known as one, or an operation.
fn parts(text: &str) -> Vec<String> {
    let is_operation = |piece: &str| {
        let method = piece.split_once(' ').map_or("", |(method, _)| method);
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let mut parts: Vec<String> = Vec::new();
    for piece in text.split(", ") {
        match parts.last_mut() {
            Some(last) if !is_operation(piece) && reviewed(piece).is_none() => {
                *last += &format!(", {piece}");
            }
            _ => parts.push(piece.to_owned()),
        }
    }
    parts
}

/// Findings in the chosen language.
pub fn findings(findings: &[Finding]) -> Vec<Finding> {
    let told = |finding: &Finding| Finding {
        diagnostic: diagnostic(&finding.diagnostic),
        ..finding.clone()
    };
    findings.iter().map(told).collect()
}

/// What a change is about: a part of an operation, such as `reply 200`.
pub fn part(change: &Change) -> String {
    match is_translated() && !change.part.is_empty() {
        true => review(&change.part),
        false => change.part.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_comma_within_a_path_or_a_name_parts_nothing() {
        let cases: [(&str, &[&str]); 4] = [
            ("GET /a/{x, y}", &["GET /a/{x, y}"]),
            (
                "GET /a/{x, y}, response 200, header a, b",
                &["GET /a/{x, y}", "response 200", "header a, b"],
            ),
            (
                "POST /a, callback done, POST {$request.body#/url}, request body",
                &[
                    "POST /a",
                    "callback done",
                    "POST {$request.body#/url}",
                    "request body",
                ],
            ),
            ("schema a, b", &["schema a, b"]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text), expected);
        }
    }
}
