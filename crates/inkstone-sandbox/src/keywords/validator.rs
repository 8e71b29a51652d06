//! The validator of a schema, with our own keywords.

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::keywords::{format, pattern, same_length, size_bounds, sum};

/// The validator of a schema, with our own keywords.
///
/// `x-area`, `x-side` and `x-aspect-ratio` limit sizes, strings of the form
/// `<width>x<height>` or `<width>*<height>` with decimal digits that don't start
/// with a zero. Any other string breaks them; what isn't a string passes. The
/// bounds are inclusive, either can be left out, and numbers may have any number
/// of digits:
///
/// ```
/// let schema = serde_json::json!({
///     "x-area": {"minimum": 589824, "maximum": 16777216},
///     "x-aspect-ratio": {"minimum": "1:8", "maximum": "8:1"},
/// });
/// let validator = inkstone_sandbox::validator(&schema)?;
/// assert!(validator.is_valid(&"1920x1080".into()));
/// assert!(!validator.is_valid(&"4096x100".into()));
/// # Ok::<(), String>(())
/// ```
///
/// `x-sum` says what texts such as `"23.51%"` in the items of an array add up to,
/// in decimal digits and without rounding; `x-same-length` that an array below
/// an object has as many items as another one:
///
/// ```
/// let schema = serde_json::json!({
///     "properties": {"palette": {"x-sum": {"of": "ratio", "equals": "100.00%"}}},
///     "x-same-length": {"array": "/boxes", "as": "/parts", "counting": "image"},
/// });
/// let validator = inkstone_sandbox::validator(&schema)?;
/// let value = serde_json::json!({
///     "palette": [{"ratio": "99.9%"}, {"ratio": "0.10%"}],
///     "boxes": [[]],
///     "parts": [{"text": "a"}, {"image": "b"}],
/// });
/// assert!(validator.is_valid(&value));
/// # Ok::<(), String>(())
/// ```
///
/// `x-format` holds strings to a format, such as `date-time`.
///
/// Every other `x-…` keyword is an annotation, and so is `format`. The schema is
/// read as draft 2020-12 unless its `$schema` says otherwise, and never fetches
/// another one.
///
/// # Errors
///
/// Where the schema doesn't compile, and why.
pub fn validator(schema: &Value) -> Result<Validator, String> {
    compile(schema).map_err(|error| match error.pointer.as_str() {
        "" => error.message,
        pointer => format!("{pointer}: {}", error.message),
    })
}

/// Why a schema doesn't compile.
pub struct SchemaError {
    /// The place, from the root of the schema.
    pub pointer: String,
    pub message: String,
}

/// [`validator`], with the place of the error apart from its message.
pub fn compile(schema: &Value) -> Result<Validator, SchemaError> {
    let options = jsonschema::options()
        .offline()
        .should_validate_formats(false)
        .with_keyword("x-area", |_, rule, _| size_bounds::area(rule))
        .with_keyword("x-aspect-ratio", |_, rule, _| {
            size_bounds::aspect_ratio(rule)
        })
        .with_keyword("x-format", |_, rule, _| format::keyword(rule))
        .with_keyword("x-side", |_, rule, _| size_bounds::side(rule))
        .with_keyword("x-sum", |_, rule, _| sum::keyword(rule))
        .with_keyword("x-same-length", |_, rule, _| same_length::keyword(rule));
    // Such as `[\w- ]`, which is none of Rust's.
    let with_any_pattern = |_| {
        let options = options.clone();
        let options = options.with_keyword("pattern", |_, rule, _| pattern::keyword(rule));
        options.build(schema)
    };
    let built = options.build(schema).or_else(with_any_pattern);
    built.map_err(|error| SchemaError {
        // What the meta-schema finds is in the schema as its instance; what a
        // keyword of ours finds has only a place in the schema as such.
        pointer: match error.kind() {
            ValidationErrorKind::Custom { .. } => error.schema_path().to_string(),
            _ => error.instance_path().to_string(),
        },
        message: error.to_string(),
    })
}
