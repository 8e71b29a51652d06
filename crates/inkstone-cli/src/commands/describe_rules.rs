//! The rules of a field, in words.

use serde_json::{Map, Value};
use tr::tr;

use crate::commands::field_rules::Field;
use crate::request::words::explain;

/// The rules of `field`, as in `required; 1–4; default 1`.
pub fn field(field: &Field) -> String {
    let rules = &field.rules;
    let mut parts = Vec::new();
    if field.required {
        parts.push(tr!("required"));
    }
    let accepted = accepted(rules);
    let default = rules.get("default").map(plain);
    let default = default.filter(|default| *default != accepted);
    parts.push(accepted);
    if let Some(kept) = rules.get("x-truncated-length") {
        parts.push(tr!("cut after {kept} characters", kept));
    }
    if let Some(default) = default {
        parts.push(tr!("default {default}", default));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// What a value may be.
fn accepted(rules: &Map<String, Value>) -> String {
    for keyword in ["anyOf", "oneOf"] {
        if let Some(alternatives) = rules.get(keyword).and_then(Value::as_array) {
            let alternatives = alternatives.iter().filter_map(Value::as_object);
            return joined(alternatives.map(accepted), &tr!(" or "));
        }
    }
    if let Some(value) = rules.get("const") {
        return plain(value);
    }
    if let Some(values) = rules.get("enum").and_then(Value::as_array) {
        return joined(values.iter().map(plain), ", ");
    }
    let mut parts = vec![numbers(rules), text(rules), items(rules)];
    parts.retain(|part| !part.is_empty());
    match parts.is_empty() {
        true => kind(rules),
        false => parts.join(", "),
    }
}

fn kind(rules: &Map<String, Value>) -> String {
    match rules.get("type").and_then(Value::as_str) {
        Some("boolean") => tr!("true or false"),
        Some("string") => tr!("text"),
        Some("integer") => tr!("a whole number"),
        Some("number") => tr!("a number"),
        Some("array") => tr!("an array"),
        Some("object") => tr!("an object"),
        Some(other) => other.to_owned(),
        None => tr!("anything"),
    }
}

fn numbers(rules: &Map<String, Value>) -> String {
    let above = |bound| tr!("above {bound}", bound);
    let below = |bound| tr!("below {bound}", bound);
    let multiple = |bound| tr!("a multiple of {bound}", bound);
    let told = [
        range(rules, "minimum", "maximum", ""),
        rules.get("exclusiveMinimum").map(above).unwrap_or_default(),
        rules.get("exclusiveMaximum").map(below).unwrap_or_default(),
        rules.get("multipleOf").map(multiple).unwrap_or_default(),
    ];
    joined(told.into_iter(), ", ")
}

fn text(rules: &Map<String, Value>) -> String {
    let parts = [
        form(rules),
        range(rules, "minLength", "maxLength", &tr!(" characters")),
        area(rules),
        side(rules),
        ratio(rules),
    ];
    joined(parts.into_iter(), ", ")
}

/// The format of a text.
fn form(rules: &Map<String, Value>) -> String {
    if rules.get("format").is_some_and(|format| format == "uri") {
        return tr!("a URI");
    }
    let Some(pattern) = rules.get("pattern").and_then(Value::as_str) else {
        return String::new();
    };
    if let Some(separators) = separators(pattern) {
        let forms = separators.chars().map(|separator| format!("W{separator}H"));
        return joined(forms, &tr!(" or "));
    }
    explain::form(pattern)
}

/// The characters between width and height, where `pattern` is that of a size.
fn separators(pattern: &str) -> Option<String> {
    const SIDE: &str = "[1-9][0-9]*";
    let between = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let between = between.strip_prefix(SIDE)?.strip_suffix(SIDE)?;
    let class = between
        .strip_prefix('[')
        .and_then(|class| class.strip_suffix(']'));
    let characters = class.unwrap_or(between).replace('\\', "");
    let is_one = characters.chars().count() == 1;
    (class.is_some() || is_one).then_some(characters)
}

fn area(rules: &Map<String, Value>) -> String {
    bounds(rules.get("x-area"), &tr!(" pixels"), |bound| {
        bound.as_u64().map(pixels).unwrap_or_default()
    })
}

fn side(rules: &Map<String, Value>) -> String {
    bounds(rules.get("x-side"), &tr!(" pixels a side"), plain)
}

/// The bounds of one of our own keywords.
fn bounds(rule: Option<&Value>, unit: &str, shown: fn(&Value) -> String) -> String {
    let bound = |name: &str| rule?.get(name).map(shown);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("{least}–{most}{unit}"),
        (Some(least), None) => tr!("{least}{unit} or more", least, unit),
        (None, Some(most)) => tr!("up to {most}{unit}", most, unit),
        (None, None) => String::new(),
    }
}

/// A number of pixels, as a square where it is one.
fn pixels(area: u64) -> String {
    let side = area.isqrt();
    match side * side == area {
        true => format!("{side}²"),
        false => area.to_string(),
    }
}

fn ratio(rules: &Map<String, Value>) -> String {
    match bounds(rules.get("x-aspect-ratio"), "", plain) {
        bounds if bounds.is_empty() => bounds,
        bounds => tr!("ratio {bounds}", bounds),
    }
}

fn items(rules: &Map<String, Value>) -> String {
    let count = range(rules, "minItems", "maxItems", &tr!(" items"));
    let count = if count == "1 items" {
        tr!("1 item")
    } else {
        count
    };
    let Some(names) = rules.get("contains").and_then(Value::as_array) else {
        return count;
    };
    let names = joined(names.iter().map(plain), &tr!(" and "));
    let wanted = match range(rules, "minContains", "maxContains", "") {
        wanted if wanted.is_empty() => tr!("1 or more"),
        wanted => wanted,
    };
    let contained = tr!("{wanted} with {names}", wanted, names);
    joined([count, contained].into_iter(), ", ")
}

fn range(rules: &Map<String, Value>, least: &str, most: &str, unit: &str) -> String {
    match (rules.get(least), rules.get(most)) {
        (Some(least), Some(most)) if least == most => format!("{least}{unit}"),
        (Some(least), Some(most)) => format!("{least}–{most}{unit}"),
        (Some(least), None) => tr!("{least} or more{unit}", least, unit),
        (None, Some(most)) => tr!("up to {most}{unit}", most, unit),
        (None, None) => String::new(),
    }
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

/// A value as it is typed after a flag.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
