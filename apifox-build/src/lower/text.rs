//! Strings: lengths and patterns, and sizes such as `1024*1024`.

use serde_json::Value;

use super::{Hint, Lowering, count};
use crate::model::{Shape, Size, Text, Use};
use crate::schema::Schema;

/// What a side of a picture looks like in a pattern.
const SIDE: &str = "[1-9][0-9]*";

impl<'d> Lowering<'d> {
    pub(super) fn text(&mut self, schema: &Schema<'d>, hint: &Hint) -> Use {
        let pattern = schema.get("pattern").and_then(Value::as_str);
        let text = Text {
            min_length: count(schema, "minLength").unwrap_or(0),
            max_length: count(schema, "maxLength"),
            pattern: pattern.map(str::to_owned),
            truncated_length: count(schema, "x-truncated-length"),
        };
        if text == Text::default() {
            return Use::Text;
        }
        self.declare(schema, hint, Shape::Text(text))
    }

    /// `None` for a pattern that is not that of a size, or without a largest area.
    pub(super) fn size(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let area = |bound| schema.get("x-area").and_then(|it| it.get(bound));
        let size = Size {
            separators: separators(schema)?,
            min_area: area("minimum").map_or(Some(0), Value::as_u64)?,
            max_area: area("maximum")?.as_u64()?,
            min_ratio: ratio(schema, "minimum"),
            max_ratio: ratio(schema, "maximum"),
        };
        Some(self.declare(schema, hint, Shape::Size(size)))
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
