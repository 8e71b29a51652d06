//! What is wrong in documents, and what differs between two, in the chosen language.

use apifox_document::Diagnostic;
use apifox_review::{Change, Finding};
use tr::tr;

use crate::language::is_translated;
use crate::language::libraries::review;

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
        true => text.split(", ").map(review).collect::<Vec<_>>().join("，"),
        false => text.to_owned(),
    }
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
