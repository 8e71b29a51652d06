//! What do our own schema keywords mean?

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::size;

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
/// Every other `x-…` keyword is an annotation, and so is `format`. The schema is
/// read as draft 2020-12 unless its `$schema` says otherwise, and never fetches
/// another one.
///
/// # Errors
///
/// Where the schema doesn't compile, and why.
pub fn validator(schema: &Value) -> Result<Validator, String> {
    compile(schema).map_err(|fault| match fault.pointer.as_str() {
        "" => fault.message,
        pointer => format!("{pointer}: {}", fault.message),
    })
}

/// Why a schema doesn't compile.
pub struct SchemaFault {
    /// The place, from the root of the schema.
    pub pointer: String,
    pub message: String,
}

/// [`validator`], with the place of the fault apart from its message.
pub fn compile(schema: &Value) -> Result<Validator, SchemaFault> {
    let options = jsonschema::options()
        .offline()
        .should_validate_formats(false)
        .with_keyword("x-area", area)
        .with_keyword("x-aspect-ratio", aspect_ratio)
        .with_keyword("x-side", side)
        .with_keyword("x-sum", crate::sum::keyword)
        .with_keyword("x-same-length", crate::same_length::keyword);
    options.build(schema).map_err(|error| SchemaFault {
        // What the meta-schema finds is in the schema as its instance; what a
        // keyword of ours finds has only a place in the schema as such.
        pointer: match error.kind() {
            ValidationErrorKind::Custom { .. } => error.schema_path().to_string(),
            _ => error.instance_path().to_string(),
        },
        message: error.to_string(),
    })
}

pub(crate) type AnyKeyword = Box<dyn for<'i> Keyword<'i>>;

struct Area {
    minimum: Option<u64>,
    maximum: Option<u64>,
}

fn area<'a>(
    _: &'a Map<String, Value>,
    rule: &'a Value,
    _: Location,
) -> Result<AnyKeyword, ValidationError<'a>> {
    let [minimum, maximum] = bounds(rule, Value::as_u64).ok_or_else(|| {
        ValidationError::schema(r#"write whole numbers, as in {"minimum": 1, "maximum": 100}"#)
    })?;
    Ok(Box::new(Area { minimum, maximum }))
}

impl Area {
    fn fault(&self, text: &str) -> Option<String> {
        let Some((width, height)) = size::split(text) else {
            return Some(NOT_A_SIZE.into());
        };
        // Beyond 64 bits, a side alone is larger than any maximum can say.
        let area = width
            .parse::<u64>()
            .and_then(|width| Ok(u128::from(width) * u128::from(height.parse::<u64>()?)))
            .unwrap_or(u128::MAX);
        let has_too_few = self.minimum.is_some_and(|least| area < least.into());
        let has_too_many = self.maximum.is_some_and(|most| area > most.into());
        (has_too_few || has_too_many).then(|| "the area is out of bounds".into())
    }
}

impl<'i> Keyword<'i> for Area {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        refuse(instance, |text| self.fault(text))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.validate(instance).is_ok()
    }
}

struct Side {
    minimum: Option<u64>,
    maximum: Option<u64>,
}

fn side<'a>(
    _: &'a Map<String, Value>,
    rule: &'a Value,
    _: Location,
) -> Result<AnyKeyword, ValidationError<'a>> {
    let [minimum, maximum] = bounds(rule, Value::as_u64).ok_or_else(|| {
        ValidationError::schema(r#"write whole numbers, as in {"minimum": 512, "maximum": 2048}"#)
    })?;
    Ok(Box::new(Side { minimum, maximum }))
}

impl Side {
    fn fault(&self, text: &str) -> Option<String> {
        let Some((width, height)) = size::split(text) else {
            return Some(NOT_A_SIZE.into());
        };
        // Beyond 64 bits a side is larger than any bound can say.
        let is_within = |side: &str| match side.parse::<u64>() {
            Ok(side) => {
                self.minimum.is_none_or(|least| side >= least)
                    && self.maximum.is_none_or(|most| side <= most)
            }
            Err(_) => self.maximum.is_none(),
        };
        let is_fine = is_within(width) && is_within(height);
        (!is_fine).then(|| "a side is out of bounds".into())
    }
}

impl<'i> Keyword<'i> for Side {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        refuse(instance, |text| self.fault(text))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.validate(instance).is_ok()
    }
}

type Ratio = (u64, u64);

struct AspectRatio {
    minimum: Option<Ratio>,
    maximum: Option<Ratio>,
}

fn aspect_ratio<'a>(
    _: &'a Map<String, Value>,
    rule: &'a Value,
    _: Location,
) -> Result<AnyKeyword, ValidationError<'a>> {
    let [minimum, maximum] = bounds(rule, ratio).ok_or_else(|| {
        ValidationError::schema(r#"write ratios, as in {"minimum": "1:8", "maximum": "8:1"}"#)
    })?;
    Ok(Box::new(AspectRatio { minimum, maximum }))
}

fn ratio(value: &Value) -> Option<Ratio> {
    let (width, height) = value.as_str()?.split_once(':')?;
    size::split(&format!("{width}x{height}"))?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

impl AspectRatio {
    fn fault(&self, text: &str) -> Option<String> {
        let Some((width, height)) = size::split(text) else {
            return Some(NOT_A_SIZE.into());
        };
        // width / height against a / b is width * b against height * a, which
        // needs no rounding.
        let compare = |(a, b): Ratio| order(&times(width, b), &times(height, a));
        let is_too_tall = self.minimum.is_some_and(|least| compare(least).is_lt());
        let is_too_wide = self.maximum.is_some_and(|most| compare(most).is_gt());
        (is_too_tall || is_too_wide).then(|| "the aspect ratio is out of bounds".into())
    }
}

impl<'i> Keyword<'i> for AspectRatio {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        refuse(instance, |text| self.fault(text))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.validate(instance).is_ok()
    }
}

const NOT_A_SIZE: &str = "not a size of the form <width>x<height> or <width>*<height>";

fn refuse<'i>(
    instance: &'i Value,
    fault: impl Fn(&str) -> Option<String>,
) -> Result<(), ValidationError<'i>> {
    match instance.as_str().and_then(fault) {
        Some(message) => Err(ValidationError::custom(message)),
        None => Ok(()),
    }
}

/// The two bounds, or `None` where the rule isn't made of them.
fn bounds<T>(rule: &Value, read: fn(&Value) -> Option<T>) -> Option<[Option<T>; 2]> {
    let rule = rule.as_object()?;
    let known = ["minimum", "maximum"];
    if rule.keys().any(|key| !known.contains(&key.as_str())) {
        return None;
    }
    let bound = |name| match rule.get(name) {
        Some(value) => read(value).map(Some),
        None => Some(None),
    };
    Some([bound("minimum")?, bound("maximum")?])
}

/// A number in decimal digits times a factor, in decimal digits, last digit first.
fn times(digits: &str, factor: u64) -> Vec<u8> {
    let mut product = Vec::with_capacity(digits.len() + 20);
    let mut carry = 0_u128;
    for digit in digits.bytes().rev() {
        carry += u128::from(digit - b'0') * u128::from(factor);
        product.push((carry % 10) as u8);
        carry /= 10;
    }
    while carry > 0 {
        product.push((carry % 10) as u8);
        carry /= 10;
    }
    product
}

/// Numbers that don't end in zeros, as no product of [`times`] does.
fn order(left: &[u8], right: &[u8]) -> std::cmp::Ordering {
    let length = left.len().cmp(&right.len());
    length.then_with(|| left.iter().rev().cmp(right.iter().rev()))
}
