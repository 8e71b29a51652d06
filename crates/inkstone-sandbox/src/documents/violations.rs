//! How a value breaks its schema, in words.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use crate::documents::schema::{Schema, UNJUDGED};
use crate::shorten;

/// Any further violations are only counted.
const MOST_LISTED: usize = 100;
const RULE_BYTES: usize = 120;
const VALUE_BYTES: usize = 120;

/// Every violation of a schema by one value.
pub struct Violations {
    /// Where the first is, as a JSON pointer.
    pub first: String,
    /// All of them: pointer, rule and value.
    pub text: String,
    /// Whether the value was judged; if not, the text says why.
    pub is_judged: bool,
}

/// What a body is called, within which a pointer says enough.
const BODY: &str = "the body";

/// The violations, in the order of their places, or `None` where there are none.
pub fn find(schema: &Schema, value: &Value) -> Option<Violations> {
    find_in(schema, value, BODY)
}

/// The violations of a value that is called by a name of its own.
pub fn find_in(schema: &Schema, value: &Value, name: &str) -> Option<Violations> {
    let Ok(errors) = schema.errors(value) else {
        return Some(Violations {
            first: String::new(),
            text: format!("{name} {UNJUDGED}"),
            is_judged: false,
        });
    };
    let errors = errors.iter();
    let mut found: Vec<_> = errors.map(|error| Violation::new(schema, error)).collect();
    // The validator's order follows its own, which is not the same everywhere.
    found.sort_by(|left, right| (&left.pointer, &left.rule).cmp(&(&right.pointer, &right.rule)));
    let first = found.first()?.pointer.clone();
    let listed = found.iter().take(MOST_LISTED);
    let listed = listed.map(|violation| violation.text(name));
    let mut text = listed.collect::<Vec<_>>().join("; ");
    if found.len() > MOST_LISTED {
        text += &format!("; and {} more", found.len() - MOST_LISTED);
    }
    Some(Violations {
        first,
        text,
        is_judged: true,
    })
}

struct Violation {
    pointer: String,
    rule: String,
    value: String,
}

impl Violation {
    fn new(schema: &Schema, error: &ValidationError<'_>) -> Self {
        Self {
            pointer: error.instance_path().to_string(),
            rule: rule(schema, error),
            value: shorten::json(error.instance(), VALUE_BYTES),
        }
    }

    fn text(&self, name: &str) -> String {
        let nested = format!("{name}{}", self.pointer);
        let place = match self.pointer.as_str() {
            "" => name,
            _ if name != BODY => &nested,
            pointer => pointer,
        };
        format!("{place} breaks {}: {}", self.rule, self.value)
    }
}

/// The keyword and what it asks for.
fn rule(schema: &Schema, error: &ValidationError<'_>) -> String {
    let path = error.schema_path().as_str();
    let keyword = match error.kind() {
        // The validator reports minContains and maxContains as contains.
        Kind::Contains => path.rsplit('/').next().unwrap_or(path),
        kind => kind.keyword(),
    };
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let branches: Vec<_> = context
                .iter()
                .map(|all| branch(schema, all, error))
                .collect();
            format!("{keyword} ({})", branches.join(" or "))
        }
        Kind::OneOfMultipleValid { .. } => format!("{keyword} (more than one fits)"),
        // The engine gave up; the value may well be valid.
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            format!("{keyword} (too costly to match against a value this long)")
        }
        Kind::Required { property } => format!("{keyword} {property}"),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let names: Vec<_> = unexpected.iter().map(|name| Value::from(&**name)).collect();
            let names = shorten::json(&names.into(), RULE_BYTES);
            format!("{keyword}, which forbids {names}")
        }
        _ => match schema.json.pointer(path) {
            Some(rule) => format!("{keyword} {}", shorten::json(rule, RULE_BYTES)),
            None => keyword.to_owned(),
        },
    }
}

fn branch(schema: &Schema, all: &[ValidationError<'_>], outer: &ValidationError<'_>) -> String {
    let mut rules: Vec<_> = all
        .iter()
        .take(MOST_LISTED)
        .map(|error| {
            let inner = error.instance_path().as_str();
            let rule = rule(schema, error);
            match inner.strip_prefix(outer.instance_path().as_str()) {
                Some("") | None => rule,
                Some(below) => format!("{below} {rule}"),
            }
        })
        .collect();
    rules.sort();
    rules.join(" and ")
}
