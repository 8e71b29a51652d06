//! Strings: lengths and patterns, and sizes such as `1024*1024`.

use apifox_runtime::{Format, SizeRules};
use serde_json::Value;

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Shape, Text, TypeRef};
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
        let size = SizeRules {
            separators: separators(schema)?,
            ..SizeRules::from_schema(schema.value.as_object()?)?
        };
        let is_bounded = size.max_area < u64::MAX || size.max_side < u64::MAX;
        is_bounded.then(|| self.declare(schema, hint, Shape::Size(size)))
    }
}

/// The separators that the pattern of a size allows.
fn separators(schema: &Schema<'_>) -> Option<&'static [char]> {
    let pattern = schema.get("pattern")?.as_str()?;
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let separator = inner.strip_prefix(SIDE)?.strip_suffix(SIDE)?;
    Some(match separator {
        "x" | "[x]" => &['x'],
        "\\*" | "[*]" => &['*'],
        "[x*]" => &['x', '*'],
        "[*x]" => &['*', 'x'],
        _ => return None,
    })
}
