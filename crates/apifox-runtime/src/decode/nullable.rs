//! Values that may be `null`.

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::decode::decoding::{Decode, Left, Rejected, deserialize, read_as_tree};
use crate::decode::tree::as_tree;
use crate::validate::report::Report;
use crate::value::dimensions::Dimensions;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::node::Node;
use crate::value::path::Path;

/// A value, or `null`.
///
/// It is not an `Option`, which stands for a member that may be missing: a member that may
/// be either is an `Option<Nullable<T>>`, and encodes to what it was decoded from.
///
/// ```
/// use apifox_runtime::Nullable;
///
/// let name: Nullable<String> = "mimi".into();
/// assert_eq!(name.value().map(String::as_str), Some("mimi"));
/// assert_eq!(Nullable::<String>::from(None), Nullable::Null);
/// assert_eq!(Nullable::Value(1).into_value(), Some(1));
///
/// let read = |json| serde_json::from_str::<Nullable<Vec<String>>>(json);
/// assert_eq!(read("null")?, Nullable::Null);
/// assert_eq!(read(r#"["a"]"#)?, Nullable::Value(vec!["a".to_owned()]));
/// assert_eq!(
///     read("1").unwrap_err().to_string(),
///     "(root): type: expected an array; or null, found 1"
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// `null`
    #[default]
    Null,
    /// Not `null`.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value; `None` for `null`.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => None,
        }
    }

    /// The value; `None` for `null`.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => None,
        }
    }

    /// Whether it is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        value.into_value()
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Null => serializer.serialize_unit(),
        }
    }
}

impl<T: JsonView> JsonView for Nullable<T> {
    fn as_json(&self) -> JsonRef<'_> {
        match self {
            Self::Value(value) => value.as_json(),
            Self::Null => JsonRef::Null,
        }
    }

    fn lookup(&self, name: &str) -> Option<Option<&dyn JsonView>> {
        self.value()?.lookup(name)
    }

    fn dimensions(&self) -> Option<Dimensions> {
        self.value()?.dimensions()
    }
}

/// The type of the value does not accept `null`.
impl<T: Decode> Decode for Nullable<T> {
    const IS_COMPOSITE: bool = T::IS_COMPOSITE;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        if matches!(node, Node::Null) {
            return Some(Self::Null);
        }
        let known = report.violations().len();
        let value = T::decode(node, at, report).map(Self::Value);
        if value.is_none() {
            report.add_null(known, at);
        }
        value
    }

    #[inline]
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
    ) -> Result<Rejected<'de>, D::Error> {
        match T::IS_COMPOSITE {
            true => {
                let mut left = Left::NOTHING;
                deserializer.deserialize_option(NullableVisitor(place, &mut left))?;
                Ok(left.settle(place))
            }
            false => read_as_tree(deserializer, place),
        }
    }
}

impl<'de, T: Decode> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

/// Tells `null` from a value, which is read as its own type.
struct NullableVisitor<'p, 'de, T>(&'p mut Option<Nullable<T>>, &'p mut Left<'de>);

impl<'de, T: Decode> Visitor<'de> for NullableVisitor<'_, 'de, T> {
    type Value = ();

    as_tree!(scalars);
    as_tree!(array);
    as_tree!(object);

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        let mut value = None;
        self.1.put(T::read(inner, &mut value)?);
        *self.0 = value.map(Nullable::Value);
        Ok(())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        self.1.put(Nullable::read(inner, self.0)?);
        Ok(())
    }
}
