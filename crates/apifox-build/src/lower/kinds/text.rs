//! Strings: lengths and patterns, and sizes such as `1024*1024`.

use apifox_runtime::Format;
use serde_json::Value;

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Shape, Size, Text, TypeRef};
use crate::schema::Schema;

/// What a side of a picture looks like in a pattern.
const SIDE: &str = "[1-9][0-9]*";

impl<'d> Lowering<'d> {
    pub fn text(&mut self, schema: &Schema<'d>, hint: &Hint) -> TypeRef {
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let format = schema.get("x-format").and_then(Value::as_str);
        let format = format.and_then(Format::named);
        let text = Text {
            format,
            min_length: schema.count("minLength").unwrap_or(0),
            max_length: schema.count("maxLength"),
            pattern: pattern.map(str::to_owned),
            truncated_length: schema.count("x-truncated-length"),
        };
        let format_alone = Text {
            format,
            ..Text::default()
        };
        if text == format_alone {
            return format.map_or(TypeRef::Text, TypeRef::Format);
        }
        self.declare(schema, hint, Shape::Text(text))
    }

    /// `None` for a pattern that is not that of a size, or without a largest area or
    /// side: one with more digits than 64 bits hold could be right then.
    pub fn size(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let size = Size {
            separators: separators(schema)?,
            min_area: pixels(schema, "x-area", "minimum", 0)?,
            max_area: pixels(schema, "x-area", "maximum", u64::MAX)?,
            min_side: pixels(schema, "x-side", "minimum", 0)?,
            max_side: pixels(schema, "x-side", "maximum", u64::MAX)?,
            min_ratio: ratio(schema, "minimum"),
            max_ratio: ratio(schema, "maximum"),
        };
        let is_bounded = size.max_area < u64::MAX || size.max_side < u64::MAX;
        is_bounded.then(|| self.declare(schema, hint, Shape::Size(size)))
    }
}

/// A bound of the keyword `name`, in pixels; `None` for one that 64 bits don't hold.
fn pixels(schema: &Schema<'_>, name: &str, bound: &str, unbounded: u64) -> Option<u64> {
    match schema.get(name).and_then(|bounds| bounds.get(bound)) {
        Some(pixels) => pixels.as_u64(),
        None => Some(unbounded),
    }
}

/// The separators that the pattern of a size allows.
fn separators(schema: &Schema<'_>) -> Option<Vec<char>> {
    let pattern = schema.get("pattern")?.as_str()?;
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let separator = inner.strip_prefix(SIDE)?.strip_suffix(SIDE)?;
    Some(match separator {
        "x" | "[x]" => vec!['x'],
        "\\*" | "[*]" => vec!['*'],
        "[x*]" => vec!['x', '*'],
        "[*x]" => vec!['*', 'x'],
        _ => return None,
    })
}

/// A bound of `x-aspect-ratio`, such as `"1:8"`.
fn ratio(schema: &Schema<'_>, bound: &str) -> Option<(u64, u64)> {
    let value = schema.get("x-aspect-ratio")?.get(bound)?;
    let (width, height) = value.as_str()?.split_once(':')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
