//! What an API takes of pictures: the keyword `x-image`.

use std::fmt;

use apifox_runtime::Violation;
use serde_json::Value;

use super::input_image::{Facts, InputImage};
use crate::body_schema::IMAGE_LIMITS;
use crate::images::picture::ImageFormat;

/// Which pictures an API accepts.
///
/// Documents state it with the keyword `x-image` on the picture's field:
///
/// ```json
/// {
///   "formats": ["png", "jpeg", "webp", "bmp"],
///   "maxBytes": 20971520,
///   "side": {"minimum": 240, "maximum": 8000},
///   "ratio": {"minimum": "1:8", "maximum": "8:1"}
/// }
/// ```
///
/// Each member may be left out, and says nothing then. The ratio is width to height.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageLimits {
    formats: Option<Vec<ImageFormat>>,
    max_bytes: Option<u64>,
    side: Bounds<u64>,
    ratio: Bounds<Ratio>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds<T> {
    minimum: Option<T>,
    maximum: Option<T>,
}

impl<T> Default for Bounds<T> {
    fn default() -> Self {
        Self {
            minimum: None,
            maximum: None,
        }
    }
}

/// Width to height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ratio {
    width: u32,
    height: u32,
}

/// What the API takes, and what a picture is that is beyond that.
type Beyond = (String, String);

impl ImageLimits {
    /// The limits that the value of a keyword `x-image` states; `None` where it
    /// is not of the form above.
    #[must_use]
    pub fn parse(keyword: &Value) -> Option<Self> {
        let mut limits = Self::default();
        for (name, value) in keyword.as_object()? {
            match name.as_str() {
                "formats" => {
                    let names = value.as_array()?.iter();
                    let formats = names.map(|name| ImageFormat::named(name.as_str()?));
                    limits.formats = Some(formats.collect::<Option<_>>()?);
                }
                "maxBytes" => limits.max_bytes = Some(value.as_u64()?),
                "side" => limits.side = bounds(value, Value::as_u64)?,
                "ratio" => limits.ratio = bounds(value, |ratio| Ratio::parse(ratio.as_str()?))?,
                _ => return None,
            }
        }
        Some(limits)
    }

    /// Every limit that `image` is beyond, at this place of a request. One that lies elsewhere
    /// is beyond none.
    #[must_use]
    pub fn violations(&self, image: &InputImage, pointer: &str) -> Vec<Violation> {
        let Some(facts) = &image.facts else {
            return Vec::new();
        };
        let all = [
            self.format(facts),
            self.bytes(facts),
            self.sides(facts),
            self.ratio(facts),
        ];
        let all = all.into_iter().flatten();
        all.map(|(expected, found)| violation(pointer, expected, found))
            .collect()
    }

    fn format(&self, facts: &Facts) -> Option<Beyond> {
        let formats = self.formats.as_ref()?;
        let format = facts.header.format;
        let is_beyond = !formats.contains(&format);
        is_beyond.then(|| {
            let names: Vec<_> = formats.iter().map(ToString::to_string).collect();
            (
                format!("a picture of format {}", names.join(", ")),
                format.to_string(),
            )
        })
    }

    fn bytes(&self, facts: &Facts) -> Option<Beyond> {
        let limit = self.max_bytes?;
        (facts.bytes > limit).then(|| {
            (
                format!("a picture of at most {limit} bytes"),
                format!("{} bytes", facts.bytes),
            )
        })
    }

    fn sides(&self, facts: &Facts) -> Option<Beyond> {
        let sides = [facts.header.width, facts.header.height].map(u64::from);
        let is_short = |limit| sides.iter().any(|side| *side < limit);
        let is_long = |limit| sides.iter().any(|side| *side > limit);
        let is_beyond =
            self.side.minimum.is_some_and(is_short) | self.side.maximum.is_some_and(is_long);
        is_beyond.then(|| {
            (
                format!("a picture with sides {} pixels", self.side),
                pixels(facts),
            )
        })
    }

    fn ratio(&self, facts: &Facts) -> Option<Beyond> {
        let found = Ratio {
            width: facts.header.width,
            height: facts.header.height,
        };
        let is_beyond = self
            .ratio
            .minimum
            .is_some_and(|least| found.is_below(least))
            | self.ratio.maximum.is_some_and(|most| most.is_below(found));
        is_beyond.then(|| {
            (
                format!("a picture with a ratio of width to height {}", self.ratio),
                pixels(facts),
            )
        })
    }
}

/// What is wrong with a picture at this place of a request.
pub(super) fn violation(pointer: &str, expected: String, found: String) -> Violation {
    Violation {
        pointer: pointer.to_owned(),
        keyword: IMAGE_LIMITS,
        value: found,
        expected,
    }
}

fn pixels(facts: &Facts) -> String {
    format!("{}x{} pixels", facts.header.width, facts.header.height)
}

fn bounds<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Bounds<T>> {
    let mut bounds = Bounds::default();
    for (name, value) in value.as_object()? {
        match name.as_str() {
            "minimum" => bounds.minimum = Some(read(value)?),
            "maximum" => bounds.maximum = Some(read(value)?),
            _ => return None,
        }
    }
    Some(bounds)
}

impl Ratio {
    fn parse(text: &str) -> Option<Self> {
        let (width, height) = text.split_once(':')?;
        let side = |text: &str| text.parse().ok().filter(|side| *side > 0);
        Some(Self {
            width: side(width)?,
            height: side(height)?,
        })
    }

    fn is_below(self, other: Self) -> bool {
        let product = |a, b| u64::from(a) * u64::from(b);
        product(self.width, other.height) < product(other.width, self.height)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.width, self.height)
    }
}

impl<T: fmt::Display> fmt::Display for Bounds<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.minimum, &self.maximum) {
            (Some(minimum), Some(maximum)) => write!(f, "from {minimum} to {maximum}"),
            (Some(minimum), None) => write!(f, "of {minimum} or more"),
            (None, Some(maximum)) => write!(f, "of at most {maximum}"),
            (None, None) => f.write_str("of any length"),
        }
    }
}
