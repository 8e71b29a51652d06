//! What is wrong with a request, in the words of the flags that it came from.

use inkstone::{Operation, Violation};
use tr::tr;

use crate::language::libraries;
use crate::request::body::Body;
use crate::request::words::suggest;
use crate::request::words::taken::{MOST_MODELS, models_with, not_taken};

/// Keywords that forbid a field.
const FORBIDDING: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];

/// A violation of a request that was made of flags.
pub fn by_flags(operation: &Operation, body: &Body, violation: &Violation) -> String {
    let model = body.json["model"].as_str().unwrap_or(operation.name);
    if let Some(flag) = missing_flag(violation, body) {
        return tr!("{model} needs {flag}", model, flag);
    }
    let Some(flag) = body.flag(&violation.pointer) else {
        return in_body(Some(operation), violation);
    };
    if FORBIDDING.contains(&violation.keyword) {
        return match flag.strip_prefix("--set ") {
            Some(field) => no_such_field(model, field, violation),
            None => not_taken(model, flag, name(&violation.pointer)),
        };
    }
    let expected = libraries::behind_chinese(expected(violation));
    let value = &violation.value;
    tr!(
        "{flag}: expected {expected}, found {value}",
        flag,
        expected,
        value
    )
}

/// A violation of a request whose body was given.
pub fn in_body(operation: Option<&Operation>, violation: &Violation) -> String {
    let (text, keyword) = (at(shown(&violation.pointer), violation), violation.keyword);
    let is_field = FORBIDDING.contains(&keyword);
    let fields = fields(violation);
    let similar = match is_field {
        true => suggest::nearest(name(&violation.pointer), fields.into_iter(), 1),
        false => Vec::new(),
    };
    match similar.first() {
        Some(similar) => tr!("{text}; did you mean {similar}?", text, similar),
        None if is_field => elsewhere(operation, &text, name(&violation.pointer)),
        None => text,
    }
}

/// A violation at `place`.
pub fn at(place: &str, violation: &Violation) -> String {
    let expected = libraries::behind_chinese(expected(violation));
    let value = &violation.value;
    tr!(
        "{place}: {keyword}: expected {expected}, found {value}",
        place,
        keyword = violation.keyword,
        expected,
        value
    )
}

/// `text`, and which models take the field that this one does not.
fn elsewhere(operation: Option<&Operation>, text: &str, field: &str) -> String {
    let models = models_with(field);
    let Some(operation) = operation else {
        return text.to_owned();
    };
    let others = models
        .iter()
        .filter(|model| !operation.models.contains(model));
    let others: Vec<&str> = others.copied().take(MOST_MODELS).collect();
    match others.as_slice() {
        [] => text.to_owned(),
        others => {
            let models = others.join(", ");
            tr!("{text}; these models take it: {models}", text, models)
        }
    }
}

fn no_such_field(model: &str, field: &str, violation: &Violation) -> String {
    let fields = fields(violation);
    let similar = suggest::nearest(name(&violation.pointer), fields.iter().copied(), 1);
    match similar.first() {
        Some(similar) => tr!(
            "--set {field}: {model} has no such field: did you mean {similar}?",
            field,
            model,
            similar
        ),
        None if fields.is_empty() => tr!("--set {field}: {model} has no such field", field, model),
        None => {
            let fields = fields.join(", ");
            tr!(
                "--set {field}: {model} has no such field, only {fields}",
                field,
                model,
                fields
            )
        }
    }
}

/// The names that a violation lists which forbids others.
fn fields(violation: &Violation) -> Vec<&str> {
    let Some(listed) = violation.expected.strip_prefix("no field but ") else {
        return Vec::new();
    };
    let named = match listed.rsplit_once(" and ") {
        Some((named, more)) if more.ends_with(" more") => named,
        _ => listed,
    };
    named.split(", ").collect()
}

/// What was expected; of a pattern, what a person can do with it.
pub fn expected(violation: &Violation) -> String {
    match violation.expected.strip_prefix("a match of ") {
        Some(pattern) => form(pattern),
        None => libraries::rule(&violation.expected),
    }
}

/// The form that a pattern asks for, as far as it is one that many documents have.
pub fn form(pattern: &str) -> String {
    let lower = pattern.to_lowercase();
    if ["http", "[hh][tt]"]
        .iter()
        .any(|start| lower.contains(start))
    {
        return tr!("a URL, or a picture as a data: URI");
    }
    match pattern.contains("[0-9]") && pattern.contains(['x', '*']) {
        true => tr!("a size, as in 1024x1024"),
        false => tr!("a text in the form that the document describes"),
    }
}

/// The flag that would set a missing field.
fn missing_flag<'a>(violation: &Violation, flags: &'a Body) -> Option<&'a str> {
    // Only the text names the field; the pointer is that of the object around it.
    let name = violation.expected.split('"').nth(1)?;
    let is_missing = violation.keyword == "required";
    is_missing.then(|| flags.flag(&format!("{}/{name}", violation.pointer)))?
}

/// The name of the field that a pointer leads to.
fn name(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

/// A pointer as messages show it.
pub fn shown(pointer: &str) -> &str {
    match pointer {
        "" => "(root)",
        pointer => pointer,
    }
}

#[cfg(test)]
mod tests {
    use super::{Violation, fields, no_such_field};

    #[test]
    fn the_fields_that_there_are_are_told() {
        let only = "--set frob: m has no such field, only size, seed";
        let cases: [(&str, &[&str], &str); 3] = [
            ("no field but size, seed", &["size", "seed"], only),
            (
                "no field but size, seed and 3 more",
                &["size", "seed"],
                only,
            ),
            ("no such field", &[], "--set frob: m has no such field"),
        ];
        for (expected, names, told) in cases {
            let violation = Violation {
                pointer: "/frob".to_owned(),
                keyword: "additionalProperties",
                value: "1".to_owned(),
                expected: expected.to_owned(),
            };
            assert_eq!(fields(&violation), names, "{expected}");
            assert_eq!(no_such_field("m", "frob", &violation), told);
        }
    }
}
