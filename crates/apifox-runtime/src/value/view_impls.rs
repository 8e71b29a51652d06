//! [`JsonView`] for trees and for the types that generated types consist of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use crate::value::constant::Constant;
use crate::value::dimensions::Dimensions;
use crate::value::integer::Integer;
use crate::value::json_view::{Elements, JsonRef, JsonView, Members, equal_refs};
use crate::value::node::Node;
use crate::value::or_empty::OrEmpty;

impl JsonView for Node<'_> {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        match self {
            Self::Null => JsonRef::Null,
            Self::Bool(value) => JsonRef::Bool(*value),
            Self::Number(value) => JsonRef::Number(Cow::Borrowed(value)),
            Self::String(text) => JsonRef::String(Cow::Borrowed(text)),
            Self::Array(items) => JsonRef::Array(items),
            Self::Object(members) => JsonRef::Object(members),
        }
    }
}

impl Members for Vec<(Cow<'_, str>, Node<'_>)> {
    #[inline]
    fn count(&self) -> usize {
        self.len()
    }

    #[inline]
    fn member(&self, name: &str) -> Option<&dyn JsonView> {
        let mut found = self.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, node)| node as &dyn JsonView)
    }

    #[inline]
    fn for_each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn JsonView)) {
        self.iter().for_each(|(key, node)| visit(key, node));
    }
}

impl JsonView for Value {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        match self {
            Self::Null => JsonRef::Null,
            Self::Bool(value) => JsonRef::Bool(*value),
            Self::Number(value) => JsonRef::Number(Cow::Borrowed(value)),
            Self::String(text) => JsonRef::String(Cow::Borrowed(text)),
            Self::Array(items) => JsonRef::Array(items),
            Self::Object(members) => JsonRef::Object(members),
        }
    }
}

macro_rules! members {
    ($([$($of:tt)*] $map:ty),*) => {$(
        impl$($of)* JsonView for $map {
            #[inline]
            fn as_json(&self) -> JsonRef<'_> {
                JsonRef::Object(self)
            }
        }

        impl$($of)* Members for $map {
            #[inline]
            fn count(&self) -> usize {
                self.len()
            }

            #[inline]
            fn member(&self, name: &str) -> Option<&dyn JsonView> {
                self.get(name).map(|value| value as &dyn JsonView)
            }

            #[inline]
            fn for_each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn JsonView)) {
                self.iter().for_each(|(key, value)| visit(key, value));
            }
        }
    )*};
}

members! { [] Map<String, Value>, [<V: JsonView>] BTreeMap<String, V> }

impl<T: JsonView> JsonView for Vec<T> {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::Array(self)
    }
}

impl<T: JsonView> Elements for Vec<T> {
    #[inline]
    fn count(&self) -> usize {
        self.len()
    }

    #[inline]
    fn item(&self, index: usize) -> Option<&dyn JsonView> {
        self.get(index).map(|item| item as &dyn JsonView)
    }
}

impl<T: JsonView + ?Sized> JsonView for Box<T> {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        T::as_json(self)
    }
}

/// For a field that is present.
impl<T: JsonView> JsonView for OrEmpty<T> {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        match self {
            Self::Value(value) => value.as_json(),
            Self::Missing | Self::Empty => JsonRef::String(Cow::Borrowed("")),
        }
    }
}

impl JsonView for () {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::Null
    }
}

impl JsonView for bool {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::Bool(*self)
    }
}

impl JsonView for Number {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::Number(Cow::Borrowed(self))
    }
}

impl JsonView for Integer {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        self.as_number().as_json()
    }
}

impl JsonView for &str {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::String(Cow::Borrowed(self))
    }
}

impl JsonView for String {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::String(Cow::Borrowed(self))
    }
}

impl JsonView for Dimensions {
    #[inline]
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::String(Cow::Owned(self.to_text()))
    }

    #[inline]
    fn dimensions(&self) -> Option<Dimensions> {
        Some(*self)
    }
}

impl Constant {
    /// Whether a value is this one.
    pub(crate) fn is_json(self, value: &JsonRef<'_>) -> bool {
        match (self, value) {
            // Most are strings, which are compared without a view of this one.
            (Self::Text(text), JsonRef::String(value)) => text == value,
            _ => equal_refs(&self.to_json(), value),
        }
    }

    /// The value as JSON.
    pub(crate) fn to_json(self) -> JsonRef<'static> {
        match self {
            Self::Null => JsonRef::Null,
            Self::Bool(value) => JsonRef::Bool(value),
            Self::Integer(value) => JsonRef::Number(Cow::Owned(value.into())),
            Self::Text(text) => JsonRef::String(Cow::Borrowed(text)),
        }
    }
}
