//! The marks of guesses in a draft, `x-draft`.

use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::pointer::walk;

/// The member that marks a guess.
pub const DRAFT_MARK: &str = "x-draft";

/// A problem for each guess that nobody has confirmed yet, in a document of any form.
#[must_use]
pub fn unconfirmed(file: &str, json: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(json, &mut |place, value| {
        if place.name().is_some_and(holds_values) {
            return false;
        }
        if let Some(reasons) = value.get(DRAFT_MARK).and_then(reasons) {
            let message = format!("is a guess: {reasons}");
            let help = "confirm or correct it, and delete x-draft";
            let diagnostic = Diagnostic::new(file, place.pointer(), message, help);
            found.push(diagnostic.with_keyword(DRAFT_MARK));
        }
        true
    });
    found
}

/// Whether a member holds values of the API, which may be called anything.
fn holds_values(name: &str) -> bool {
    matches!(name, "example" | "examples" | "default" | "enum" | "const") || name == DRAFT_MARK
}

/// What a mark says; `None` for one that says nothing any more.
fn reasons(mark: &Value) -> Option<String> {
    match mark {
        Value::Object(reasons) => {
            let reasons = reasons.iter().map(|(keyword, reason)| {
                let reason = reason.as_str().unwrap_or_default();
                format!("{keyword} ({reason})")
            });
            let reasons: Vec<String> = reasons.collect();
            (!reasons.is_empty()).then(|| reasons.join(", "))
        }
        Value::String(reason) => (!reason.trim().is_empty()).then(|| reason.clone()),
        Value::Null | Value::Bool(false) => None,
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::unconfirmed;

    #[test]
    fn a_mark_is_found_wherever_it_stands() {
        let json = json!({
            "x-draft": "all",
            "a": [{"x-draft": {"type": "1 sample", "maximum": "at most 3"}}],
            "b": {"x-draft": {}, "example": {"x-draft": "data"}},
            "c": {"x-draft": ""},
            "d": {"properties": {"e": {"x-draft": true}}},
        });
        let found: Vec<String> = unconfirmed("f", &json)
            .iter()
            .map(|found| format!("{} {}", found.pointer, found.message))
            .collect();
        assert_eq!(
            found,
            [
                " is a guess: all",
                "/a/0 is a guess: type (1 sample), maximum (at most 3)",
                "/d/properties/e is a guess: true",
            ]
        );
    }
}
