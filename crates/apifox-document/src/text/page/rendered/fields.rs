//! The fields of a rendered page: the name, the type, and what is said of it, each on a line.

use serde_json::Value;

use super::types;

/// A field as it is written.
#[derive(Debug)]
pub(super) struct Field {
    pub name: String,
    pub schema: Value,
    pub is_required: bool,
    pub description: String,
    /// The example in its own text.
    pub example: Option<String>,
}

const REQUIRED: [&str; 3] = ["必需", "必填", "required"];
const OPTIONAL: [&str; 3] = ["可选", "选填", "optional"];

/// What the next lines are, by the label above or before them.
const LABELS: [(&[&str], Label); 3] = [
    (&["示例值", "example"], Label::Example),
    (&["默认值", "default"], Label::Default),
    (&["枚举值", "allowed values", "enum"], Label::Enum),
];

#[derive(Clone, Copy, PartialEq)]
enum Label {
    Example,
    Default,
    Enum,
}

/// The fields in some lines, and the line of the first one whose type is not known.
pub(super) fn fields(lines: &[&str]) -> (Vec<Field>, Option<usize>) {
    let filled = lines.iter().enumerate();
    let filled: Vec<(usize, &str)> = filled
        .map(|(at, line)| (at, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let mut found: Vec<Field> = Vec::new();
    let (mut label, mut unread) = (None, None);
    let mut at = 0;
    while let Some((line, text)) = filled.get(at).copied() {
        let next = filled.get(at + 1).map(|(_, next)| *next);
        at += 1;
        if let Some(schema) = next.filter(|_| is_name(text)).and_then(types::schema) {
            found.push(Field {
                name: text.to_owned(),
                schema,
                is_required: false,
                description: String::new(),
                example: None,
            });
            label = None;
            at += 1;
            continue;
        }
        let is_marked = next.is_some_and(|next| {
            let after = filled.get(at + 1).map(|(_, after)| *after);
            is_choice(next) && label.is_none() || after.is_some_and(is_choice) && is_type(next)
        });
        match found.last_mut() {
            Some(field) if !(is_marked && is_name(text) && is_type(next.unwrap_or_default())) => {
                label = field.add(text, label);
            }
            _ => unread = unread.or(is_marked.then_some(line)),
        }
    }
    (found, unread)
}

/// Whether a text may be the name of a field, and not a sentence.
fn is_name(text: &str) -> bool {
    !text.contains(char::is_whitespace) && !is_choice(text) && labelled(text).is_none()
}

/// Whether a text looks like a type that is not known.
fn is_type(text: &str) -> bool {
    let first = text.split(['<', '[', '(', ' ']).next().unwrap_or_default();
    ["oneOf", "anyOf", "allOf", "one of", "any of", "all of"].contains(&first)
}

fn is_choice(text: &str) -> bool {
    let text = text.to_lowercase();
    REQUIRED.contains(&text.as_str()) || OPTIONAL.contains(&text.as_str())
}

/// The label that a line is or starts with, and the rest of the line.
fn labelled(text: &str) -> Option<(Label, &str)> {
    let (name, rest) = text.split_once([':', '：']).unwrap_or((text, ""));
    let name = name.trim().to_lowercase();
    let label = LABELS
        .iter()
        .find(|(names, _)| names.contains(&name.as_str()));
    label.map(|(_, label)| (*label, rest.trim()))
}

impl Field {
    /// Adds what a line says of it; returned is what the next line is.
    fn add(&mut self, text: &str, label: Option<Label>) -> Option<Label> {
        if is_choice(text) {
            self.is_required = REQUIRED.contains(&text.to_lowercase().as_str());
            return None;
        }
        if let Some((label, rest)) = labelled(text) {
            return match rest {
                "" => Some(label),
                rest => self.value(rest, label),
            };
        }
        if let Some(label) = label {
            return self.value(text, label);
        }
        if !self.bound(text) {
            let break_ = if self.description.is_empty() {
                ""
            } else {
                "\n"
            };
            self.description = format!("{}{break_}{text}", self.description);
        }
        None
    }

    fn value(&mut self, text: &str, label: Label) -> Option<Label> {
        let value = self.typed(text);
        match (label, value) {
            (Label::Example, _) => self.example = Some(text.to_owned()),
            (Label::Default, Some(value)) => self.schema["default"] = value,
            (Label::Enum, Some(value)) => {
                if let Value::Array(values) = &mut self.schema["enum"] {
                    values.push(value);
                } else {
                    self.schema["enum"] = vec![value].into();
                }
                return Some(Label::Enum);
            }
            _ => {}
        }
        None
    }

    /// A value of the field's type.
    fn typed(&self, text: &str) -> Option<Value> {
        match self.schema["type"].as_str() {
            Some("string") => Some(text.trim_matches('"').into()),
            Some("integer" | "number" | "boolean") => serde_json::from_str(text).ok(),
            _ => None,
        }
    }

    /// Adds a bound: `>= 1`, `<= 10 字符`.
    fn bound(&mut self, text: &str) -> bool {
        let (is_least, rest) = match text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
            Some(rest) => (true, rest),
            None => match text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
                Some(rest) => (false, rest),
                None => return false,
            },
        };
        let mut words = rest.split_whitespace();
        let number = words
            .next()
            .and_then(|number| serde_json::from_str::<Value>(number).ok());
        let Some(number) = number.filter(Value::is_number) else {
            return false;
        };
        let keyword = match (self.schema["type"].as_str(), is_least) {
            (Some("integer" | "number"), true) => "minimum",
            (Some("integer" | "number"), false) => "maximum",
            (Some("string"), true) => "minLength",
            (Some("string"), false) => "maxLength",
            (Some("array"), true) => "minItems",
            (Some("array"), false) => "maxItems",
            _ => return false,
        };
        self.schema[keyword] = number;
        true
    }
}
