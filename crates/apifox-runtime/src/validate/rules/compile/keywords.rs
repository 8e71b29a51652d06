//! Rules of keywords that apply no other schema.

use serde_json::Value;

use super::source::{Compiled, Source};
use crate::format::named::Format;
use crate::validate::bounds::BOUNDS;
use crate::validate::rules::listed::Listed;
use crate::validate::rules::rule::{Rule, Type};
use crate::validate::rules::same_length::SameLength;
use crate::validate::rules::sum::Sum;
use crate::validate::size::SizeRules;
use crate::validate::text::Text;
use crate::value::node::Node;

/// The formats of numbers: which there are is said by bounds.
const NUMBERS: [&str; 2] = ["double", "float"];

pub(super) fn values(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    if let Some(value) = source.get("type") {
        let names = match value {
            Value::Array(names) => &names[..],
            name => std::slice::from_ref(name),
        };
        let types: Option<Vec<Type>> = names.iter().map(Type::from_value).collect();
        let types = types.ok_or_else(|| source.fault("type", "does not name a type of JSON"))?;
        rules.push(Rule::Type(types));
    }
    match source.get("enum") {
        None => {}
        Some(Value::Array(values)) => {
            let listed = Listed::new(values.iter().map(owned).collect());
            rules.push(Rule::Enum(listed));
        }
        Some(_) => return Err(source.fault("enum", "is not an array")),
    }
    rules.extend(source.get("const").map(|value| Rule::Const(owned(value))));
    Ok(rules)
}

fn owned(value: &Value) -> Node<'static> {
    Node::from(value).into_owned()
}

pub(super) fn numbers(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    for bound in BOUNDS {
        let keyword = bound.keyword;
        match source.get(keyword) {
            None => {}
            Some(Value::Number(number)) => {
                if keyword == "multipleOf" && number.as_f64().is_none_or(|divisor| divisor <= 0.0) {
                    return Err(source.fault(keyword, "is not above 0"));
                }
                rules.push(Rule::Number(bound, number.clone()));
            }
            Some(_) => return Err(source.fault(keyword, "is not a number")),
        }
    }
    Ok(rules)
}

pub(super) fn texts(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    let text = Text {
        format: format(source)?,
        min_length: source.count("minLength")?.unwrap_or(0),
        max_length: source.count("maxLength")?,
        pattern: match source.text("pattern")? {
            Some(pattern) => Some(source.regex("pattern", pattern)?),
            None => None,
        },
        truncated_length: None,
    };
    let is_ruled = text.format.is_some() || text.pattern.is_some();
    if is_ruled || text.min_length > 0 || text.max_length.is_some() {
        rules.push(Rule::Text(text));
    }
    let is_size = ["x-area", "x-aspect-ratio", "x-side"];
    if is_size.iter().any(|name| source.get(name).is_some()) {
        let size = SizeRules::from_keywords(|name| source.get(name));
        let fault = |(keyword, message)| source.fault(keyword, message);
        rules.push(Rule::Size(size.map_err(fault)?));
    }
    Ok(rules)
}

/// Our own `x-format`. What it calls formats of numbers restricts no string.
fn format(source: &Source<'_>) -> Compiled<Option<Format>> {
    let Some(name) = source.text("x-format")? else {
        return Ok(None);
    };
    match Format::named(name) {
        None if !NUMBERS.contains(&name) => {
            Err(source.fault("x-format", "is not the name of a format that is checked"))
        }
        format => Ok(format),
    }
}

/// Our own keywords, but for those of sizes.
pub(super) fn own(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    if let Some(value) = source.get("x-sum") {
        let sum = Sum::from_keyword(value).ok_or_else(|| source.fault("x-sum", Sum::FORM))?;
        rules.push(Rule::Sum(sum));
    }
    if let Some(value) = source.get("x-same-length") {
        let same = SameLength::from_keyword(value);
        let same = same.ok_or_else(|| source.fault("x-same-length", SameLength::FORM))?;
        rules.push(Rule::SameLength(same));
    }
    let warning = source.text("x-warning")?;
    rules.extend(warning.map(|text| Rule::Warning(text.to_owned())));
    Ok(rules)
}
