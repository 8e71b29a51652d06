//! Strings: lengths and patterns, and sizes such as `1024*1024`.

use super::number::unsigned;
use super::{Hint, Lowering, count};
use crate::model::{Shape, Size, Text, Use};
use crate::schema::{Fault, Schema};

/// What a side of a picture looks like in a pattern.
const SIDE: &str = "[1-9][0-9]*";

impl<'d> Lowering<'d> {
    pub(super) fn text(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let text = self.heard(schema, text(schema))?;
        if text == Text::default() {
            return Some(Use::Text);
        }
        Some(self.declare(schema, hint, Shape::Text(text)))
    }

    pub(super) fn size(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let size = self.heard(schema, size(schema))?;
        Some(self.declare(schema, hint, Shape::Size(size)))
    }
}

fn text(schema: &Schema<'_>) -> Result<Text, Fault> {
    let text = Text {
        min_length: count(schema, "minLength")?.unwrap_or(0),
        max_length: count(schema, "maxLength")?,
        pattern: pattern(schema)?,
        truncated_length: count(schema, "x-truncated-length")?,
    };
    if text.max_length.is_some_and(|most| most < text.min_length) {
        return Err(
            Fault::new("maxLength", "is less than minLength: no value fits")
                .remedy("correct one of the two"),
        );
    }
    Ok(text)
}

fn pattern(schema: &Schema<'_>) -> Result<Option<String>, Fault> {
    let Some(value) = schema.get("pattern") else {
        return Ok(None);
    };
    let fault = |message: String| {
        Fault::new("pattern", message).remedy("write a regular expression of ECMA-262")
    };
    let source = value
        .as_str()
        .ok_or_else(|| fault("is not a string".into()))?;
    regress::Regex::with_flags(source, "u")
        .map_err(|error| fault(format!("{source:?} is no regular expression: {error}")))?;
    Ok(Some(source.to_owned()))
}

fn size(schema: &Schema<'_>) -> Result<Size, Fault> {
    let separators = separators(schema).ok_or_else(|| {
        Fault::new(
            "pattern",
            "is not that of a size, which x-area and x-aspect-ratio ask for",
        )
        .remedy(format!(
            "write ^{SIDE}\\*{SIDE}$, ^{SIDE}x{SIDE}$ or ^{SIDE}[x*]{SIDE}$"
        ))
    })?;
    let area = schema.get("x-area");
    let max_area = unsigned(area.and_then(|it| it.get("maximum"))).ok_or_else(|| {
        Fault::new("x-area", "has no `maximum` in pixels")
            .remedy("write {\"minimum\": 262144, \"maximum\": 4194304}")
    })?;
    let min_area = match area.and_then(|it| it.get("minimum")) {
        None => 0,
        minimum => unsigned(minimum).ok_or_else(|| {
            Fault::new("x-area", "has a `minimum` that is no count of pixels")
                .remedy("write a whole number from 0")
        })?,
    };
    Ok(Size {
        separators,
        min_area,
        max_area,
        min_ratio: ratio(schema, "minimum")?,
        max_ratio: ratio(schema, "maximum")?,
    })
}

/// The separators that the pattern of a size allows.
fn separators(schema: &Schema<'_>) -> Option<Vec<char>> {
    let pattern = schema.get("pattern")?.as_str()?;
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let separator = inner.strip_prefix(SIDE)?.strip_suffix(SIDE)?;
    Some(match separator {
        "x" | "[x]" => vec!['x'],
        "\\*" | "[*]" => vec!['*'],
        "[x*]" | "(?:x|\\*)" => vec!['x', '*'],
        "[*x]" | "(?:\\*|x)" => vec!['*', 'x'],
        _ => return None,
    })
}

/// A bound of `x-aspect-ratio`, such as `"1:8"`.
fn ratio(schema: &Schema<'_>, bound: &str) -> Result<Option<(u64, u64)>, Fault> {
    let Some(value) = schema.get("x-aspect-ratio").and_then(|it| it.get(bound)) else {
        return Ok(None);
    };
    let parsed = value.as_str().and_then(|text| text.split_once(':'));
    let parsed = parsed.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match parsed.filter(|(a, b): &(u64, u64)| *a > 0 && *b > 0) {
        Some(ratio) => Ok(Some(ratio)),
        None => Err(Fault::new(
            "x-aspect-ratio",
            format!("has a `{bound}` that is no ratio"),
        )
        .remedy("write width:height, such as \"1:8\"")),
    }
}
