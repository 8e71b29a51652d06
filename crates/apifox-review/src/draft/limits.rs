//! The limits that a sentence states, in Chinese or English.

use apifox_runtime::Decimal;
use serde_json::{Map, Value};

/// What a sentence says of a field.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Limits {
    /// Keywords of JSON Schema with their values.
    pub keywords: Map<String, Value>,
    /// Whether the field has to be there, where the sentence says so.
    pub is_required: Option<bool>,
}

// Words that say what a number or a word behind them is.
const MOST: &str = "最多|不超过|不能超过|不得超过|最大值为|最大值|最大为|上限为|小于等于|at most|up to|\
    maximum of|maximum:|no more than|<=";
const LEAST: &str = "至少|不少于|最少|最小值为|最小值|大于等于|at least|minimum of|minimum:|>=";
const VALUES: &str = "可选值|枚举值|取值为|取值:|支持的值|allowed values|possible values|one of|\
    must be either|can be either|either|enum:|values:";
const DEFAULT: &str = "默认值为|默认值|默认为|默认|defaults to|default";
const FIXED: &str = "固定为|只能为|必须为|fixed to|must be exactly|always set to";
const REQUIRED: &str = "必填|必需|必须传|required|mandatory";
const OPTIONAL: &str = "选填|非必填|optional";
const TRUNCATED: &str = "截断|截取|truncate";
const NOT_TRUNCATED: &str = "不会截断|不截断|不会被截断|not truncate|not be truncate|n't truncate";
const LENGTHS: &str = "字符|长度|characters|length|张|个|items|images";

/// The limits in a sentence about a value of this type.
pub(super) fn limits(sentence: &str, kind: &str) -> Limits {
    let text = normal(sentence);
    let mut limits = Limits {
        is_required: requirement(&text),
        ..Limits::default()
    };
    let mut add = |name: &str, value: Value| {
        limits.keywords.entry(name.to_owned()).or_insert(value);
    };
    if let Some(value) = after(&text, FIXED).and_then(|rest| word(rest, kind)) {
        add("const", value);
    }
    let values = after(&text, VALUES).map(|rest| listed(rest, kind));
    if let Some(values) = values.filter(|values| values.len() > 1) {
        add("enum", values.into());
    }
    if let Some(value) = after(&text, DEFAULT).and_then(|rest| word(rest, kind)) {
        add("default", value);
    }
    let Some((least, mut most)) = bounds_of(kind) else {
        return limits;
    };
    // More is no error there.
    if kind == "string" && has(&text, TRUNCATED) && !has(&text, NOT_TRUNCATED) {
        most = "x-truncated-length";
    }
    if let Some((low, high)) = range(&text, kind) {
        add(least, low);
        add(most, high);
    }
    if let Some(number) = after(&text, MOST).and_then(first_number) {
        add(most, number);
    }
    if let Some(number) = after(&text, LEAST).and_then(first_number) {
        add(least, number);
    }
    limits
}

/// Punctuation of ASCII, in lower case.
fn normal(sentence: &str) -> String {
    let replaced = sentence.chars().map(|c| match c {
        '：' => ':',
        '，' | '、' => ',',
        '（' => '(',
        '）' => ')',
        '【' => '[',
        '】' => ']',
        '“' | '”' | '‘' | '’' => '"',
        '～' | '–' | '—' => '~',
        c => c,
    });
    let text: String = replaced.collect();
    text.replace('≤', "<=").replace('≥', ">=")
}

/// The keywords that bound a value of this type.
fn bounds_of(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "integer" | "number" => ("minimum", "maximum"),
        "string" => ("minLength", "maxLength"),
        "array" => ("minItems", "maxItems"),
        _ => return None,
    })
}

fn requirement(text: &str) -> Option<bool> {
    let lower = text.to_lowercase();
    let is_optional = has(text, OPTIONAL)
        || lower.contains("not required")
        || lower.contains("可选") && !lower.contains("可选值");
    match (is_optional, has(text, REQUIRED)) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    }
}

/// Whether a text has one of some words, in any case.
fn has(text: &str, words: &str) -> bool {
    let lower = text.to_lowercase();
    words.split('|').any(|word| lower.contains(word))
}

/// What comes after the first of some words, in any case.
fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let lower = text.to_ascii_lowercase();
    let found = words.split('|').find_map(|word| {
        let at = lower.find(word)?;
        text.get(at + word.len()..)
    })?;
    Some(found.trim_start_matches([':', ' ', '=', '值', '为', '是']))
}

/// A range of numbers: `[0, 10]`, `1-4`, `1 到 4`, `between 1 and 4`. Of strings only a range
/// of characters.
fn range(text: &str, kind: &str) -> Option<(Value, Value)> {
    let lower = text.to_lowercase();
    let is_about_length = LENGTHS.split('|').any(|word| lower.contains(word));
    if !matches!(kind, "integer" | "number") && !is_about_length {
        return None;
    }
    let numbers = numbers(text);
    numbers.windows(2).find_map(|pair| {
        let [(_, end, low), (start, after, high)] = pair else {
            return None;
        };
        let between = text.get(*end..*start)?.trim();
        let is_interval = between == "," && text.get(*after..)?.trim_start().starts_with(']');
        let is_range = matches!(between, "-" | "~" | "到" | "至" | "to" | "..")
            || between == "and" && lower.contains("between");
        let is_size = text.get(*after..)?.starts_with(['*', 'x', '×', ':']);
        let ends = Decimal::from_value(low).zip(Decimal::from_value(high));
        let is_ordered = ends.is_some_and(|(low, high)| low.compare(high).is_le());
        ((is_interval || is_range) && is_ordered && !is_size).then(|| (low.clone(), high.clone()))
    })
}

/// The numbers of a text: where each starts and ends, and its value. A sign counts only after
/// a bracket or a space.
fn numbers(text: &str) -> Vec<(usize, usize, Value)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let is_signed = bytes[at] == b'-'
            && is_digit(at + 1)
            && before.is_none_or(|before| matches!(before, b' ' | b'[' | b'('));
        let is_part =
            before.is_some_and(|before| before.is_ascii_alphanumeric() || *before == b'.');
        if !(is_digit(at) || is_signed) || is_part {
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        while is_digit(at) || bytes.get(at) == Some(&b'.') && is_digit(at + 1) {
            at += 1;
        }
        if let Ok(value) = serde_json::from_str(&text[start..at]) {
            found.push((start, at, value));
        }
    }
    found
}

fn first_number(text: &str) -> Option<Value> {
    const NEAR: usize = 12;
    let (start, _, value) = numbers(text).into_iter().next()?;
    (start <= NEAR).then_some(value)
}

/// The first word as a value of a type.
fn word(text: &str, kind: &str) -> Option<Value> {
    let end = |c: char| c.is_whitespace() || ",;。；()[]|\"`'".contains(c);
    let text = text.trim_start_matches(['"', '`', '\'', '(']);
    let word = text.split(end).next()?.trim_end_matches('.');
    typed(word, kind)
}

fn typed(word: &str, kind: &str) -> Option<Value> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.*/:+".contains(c);
    match kind {
        "string" if !word.is_empty() && word.chars().all(is_plain) => Some(word.into()),
        "integer" | "number" | "boolean" => {
            let value: Value = serde_json::from_str(word).ok()?;
            let fits = match kind {
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                _ => value.is_boolean(),
            };
            fits.then_some(value)
        }
        _ => None,
    }
}

/// The values of a list: `a, b 或 c`, up to the first that is none.
fn listed(text: &str, kind: &str) -> Vec<Value> {
    let text = text
        .replace(" or ", ",")
        .replace(" and ", ",")
        .replace(['或', '和'], ",");
    let text = text.trim_start_matches([':', ' ', '[', '(']);
    let mut values: Vec<Value> = Vec::new();
    for item in text.split([',', '/', '|']) {
        let item = item.trim();
        let first = item.split(['(', '。', ';']).next().unwrap_or_default();
        let plain = first.trim().trim_matches(['"', '`', '\'', ']', ')', '.']);
        if plain.is_empty() {
            continue;
        }
        match typed(plain, kind) {
            Some(value) if !values.contains(&value) => values.push(value),
            Some(_) => {}
            None => break,
        }
        let ends = item.contains(['。', ';']);
        if ends {
            break;
        }
    }
    values
}

/// Whether a sentence says something of a value, of whatever type.
pub(super) fn states_a_limit(sentence: &str) -> bool {
    let kinds = ["integer", "string", "array", "boolean"];
    let mut stated = kinds
        .into_iter()
        .map(|kind| limits(sentence, kind).keywords);
    stated.any(|keywords| !keywords.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::limits;

    #[test]
    fn limits_are_read_in_chinese_and_english() {
        let cases = include_str!("../../tests/draft/limits.json");
        let cases: Vec<(String, String, Value, Option<bool>)> =
            serde_json::from_str(cases).expect("the cases");
        for (kind, sentence, keywords, is_required) in cases {
            let found = limits(&sentence, &kind);
            assert_eq!(Value::from(found.keywords), keywords, "{sentence}");
            assert_eq!(found.is_required, is_required, "{sentence}");
        }
    }
}
