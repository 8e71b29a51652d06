//! Numbers of the formats `float` and `double`, and integers of so many bits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use crate::decode::decoding::Decode;
use crate::validate::bounds::{Bounds, Limit};
use crate::validate::report::{Invalid, Report};
use crate::value::integer::Integer;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::node::Node;
use crate::value::number::{EXACT, float, is_integer, whole};
use crate::value::path::Path;

/// A number in double precision. It is finite, as JSON's numbers are.
///
/// ```
/// use apifox_runtime::Double;
///
/// let half = Double::try_from(0.5)?;
/// assert_eq!(half.get() * 3.0, 1.5);
/// assert!(half < Double::from(1));
/// assert!(Double::try_from(f64::NAN).is_err());
/// # Ok::<(), apifox_runtime::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Double(f64);

/// A number in single precision: up to `f32::MAX`. Its digits are kept as they are written.
///
/// ```
/// use apifox_runtime::Float;
///
/// let tenth = Float::try_from(0.1_f32)?;
/// assert_eq!(tenth.get(), 0.1_f32);
/// assert_eq!(serde_json::to_string(&tenth).ok().as_deref(), Some("0.1"));
/// assert_eq!(
///     serde_json::from_str::<Float>("1e39").unwrap_err().to_string(),
///     "(root): maximum: expected at most 3.4028234663852886e+38, found 1e+39"
/// );
/// # Ok::<(), apifox_runtime::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Float(f64);

impl Double {
    const BOUNDS: Bounds = Bounds::NONE;

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Float {
    const BOUNDS: Bounds = Bounds {
        minimum: Some(Limit::Float(f32::MIN as f64)),
        maximum: Some(Limit::Float(f32::MAX as f64)),
        ..Bounds::NONE
    };

    /// The number.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is rounded, as floats are"
    )]
    pub const fn get(self) -> f32 {
        self.0 as f32
    }
}

macro_rules! numbers {
    ($($name:ident),*) => {$(
        impl Decode for $name {
            const IS_COMPOSITE: bool = false;

            fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
                let Node::Number(number) = node else {
                    return report.wrong_type(at, node, "a number");
                };
                Self::BOUNDS.check(number, at, report)?;
                Some(Self(float(number)))
            }
        }

        crate::impl_deserialize! { $name }
        crate::try_from! { $name: i64, u64, usize, Integer }

        impl TryFrom<f64> for $name {
            type Error = Invalid;

            fn try_from(value: f64) -> Result<Self, Invalid> {
                Self::decode_root(&Node::from(value))
            }
        }

        impl TryFrom<Number> for $name {
            type Error = Invalid;

            fn try_from(value: Number) -> Result<Self, Invalid> {
                Self::decode_root(&Node::Number(value))
            }
        }

        impl From<i32> for $name {
            fn from(value: i32) -> Self {
                Self(value.into())
            }
        }

        impl From<$name> for Number {
            fn from(value: $name) -> Self {
                number(value.0)
            }
        }

        impl JsonView for $name {
            fn as_json(&self) -> JsonRef<'_> {
                JsonRef::Number(std::borrow::Cow::Owned(number(self.0)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                number(self.0).serialize(serializer)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                number(self.0).fmt(f)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other) == Ordering::Equal
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        /// By value, in which -0 is 0.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                (self.0 + 0.0).to_bits().hash(state);
            }
        }
    )*};
}

numbers! { Double, Float }

impl From<Double> for f64 {
    fn from(value: Double) -> Self {
        value.0
    }
}

impl From<Float> for f64 {
    fn from(value: Float) -> Self {
        value.0
    }
}

impl From<Float> for f32 {
    fn from(value: Float) -> Self {
        value.get()
    }
}

/// The number with the fewest digits that is this one in single precision.
impl TryFrom<f32> for Float {
    type Error = Invalid;

    fn try_from(value: f32) -> Result<Self, Invalid> {
        let shortest = value.to_string().parse().unwrap_or(f64::NAN);
        Self::try_from(shortest)
    }
}

/// A number that is known to be finite, whole ones without a fraction.
fn number(value: f64) -> Number {
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
        return (value as i64).into();
    }
    Number::from_f64(value).unwrap_or_else(|| 0.into())
}

/// Integers that a type of Rust holds.
macro_rules! integers {
    ($($name:ident),*) => {$(
        impl Decode for $name {
            const IS_COMPOSITE: bool = false;

            #[inline]
            fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
                const LIMITS: (i128, i128) = ($name::MIN as i128, $name::MAX as i128);
                decoded(LIMITS, node, at, report)?.try_into().ok()
            }
        }

        impl JsonView for $name {
            fn as_json(&self) -> JsonRef<'_> {
                JsonRef::Number(std::borrow::Cow::Owned((*self).into()))
            }
        }
    )*};
}

integers! { i8, i16, i32, i64, u8, u16, u32, u64 }

fn decoded(
    (least, most): (i128, i128),
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<i128> {
    let number = match node {
        Node::Number(number) if is_integer(number) => number,
        _ => return report.wrong_type(at, node, "an integer"),
    };
    // What has more than 128 bits is beyond either limit.
    let beyond = if float(number) < 0.0 {
        i128::MIN
    } else {
        i128::MAX
    };
    match whole(number).unwrap_or(beyond) {
        value if value < least => {
            report.violation(at, "minimum", number, format_args!("at least {least}"))
        }
        value if value > most => {
            report.violation(at, "maximum", number, format_args!("at most {most}"))
        }
        value => Some(value),
    }
}
