//! A JSON value as rules see it, however it is held: as a tree, or as a type.
//!
//! A guard looks at a decoded value through this, so that no tree has to be built of
//! it; and at a tree through the same.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use crate::constant::Constant;
use crate::file::File;
use crate::node::Node;
use crate::number::{self, Integer};
use crate::object::OrEmpty;

/// What can be looked at as a JSON value.
pub trait View {
    /// What kind of value it is, and its parts.
    fn look(&self) -> Look<'_>;

    /// The members of an object.
    fn members(&self) -> Option<&dyn Members> {
        match self.look() {
            Look::Object(members) => Some(members),
            _ => None,
        }
    }
}

/// A JSON value, one level of it.
pub enum Look<'v> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Cow<'v, Number>),
    /// A string.
    String(Cow<'v, str>),
    /// An array.
    Array(&'v dyn Elements),
    /// An object.
    Object(&'v dyn Members),
}

/// The items of an array.
pub trait Elements {
    /// How many there are.
    fn count(&self) -> usize;

    /// The item at `index`.
    fn item(&self, index: usize) -> Option<&dyn View>;
}

/// The members of an object, none of which has the name of another.
pub trait Members {
    /// How many there are.
    fn count(&self) -> usize;

    /// The member `name`.
    fn member(&self, name: &str) -> Option<&dyn View>;

    /// Visits all, always in the same order.
    fn each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn View));
}

impl dyn View + '_ {
    /// The member `name` of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&dyn View> {
        self.members().and_then(|it| it.member(name))
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self.look() {
            Look::String(text) => Some(text),
            _ => None,
        }
    }
}

impl<'v> dyn Elements + 'v {
    /// The items, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn View> {
        (0..self.count()).filter_map(|index| self.item(index))
    }
}

/// JSON Schema's equality: `1` and `1.0` are the same number, and the order of an
/// object's members does not matter.
pub(crate) fn same(a: &dyn View, b: &dyn View) -> bool {
    looks_same(&a.look(), &b.look())
}

/// The same of two values that were looked at.
pub(crate) fn looks_same(a: &Look<'_>, b: &Look<'_>) -> bool {
    match (a, b) {
        (Look::Null, Look::Null) => true,
        (Look::Bool(a), Look::Bool(b)) => a == b,
        (Look::Number(a), Look::Number(b)) => number::equal(a, b),
        (Look::String(a), Look::String(b)) => a == b,
        (Look::Array(a), Look::Array(b)) => {
            a.count() == b.count() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Look::Object(a), Look::Object(b)) => {
            let mut is_same = a.count() == b.count();
            a.each(&mut |name, a| {
                is_same = is_same && b.member(name).is_some_and(|b| same(a, b));
            });
            is_same
        }
        _ => false,
    }
}

impl View for Node<'_> {
    fn look(&self) -> Look<'_> {
        match self {
            Self::Null => Look::Null,
            Self::Bool(value) => Look::Bool(*value),
            Self::Number(value) => Look::Number(Cow::Borrowed(value)),
            Self::String(text) => Look::String(Cow::Borrowed(text)),
            Self::Array(items) => Look::Array(items),
            Self::Object(members) => Look::Object(members),
        }
    }
}

impl Members for Vec<(Cow<'_, str>, Node<'_>)> {
    fn count(&self) -> usize {
        self.len()
    }

    fn member(&self, name: &str) -> Option<&dyn View> {
        let mut found = self.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, node)| node as &dyn View)
    }

    fn each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn View)) {
        self.iter().for_each(|(key, node)| visit(key, node));
    }
}

impl View for Value {
    fn look(&self) -> Look<'_> {
        match self {
            Self::Null => Look::Null,
            Self::Bool(value) => Look::Bool(*value),
            Self::Number(value) => Look::Number(Cow::Borrowed(value)),
            Self::String(text) => Look::String(Cow::Borrowed(text)),
            Self::Array(items) => Look::Array(items),
            Self::Object(members) => Look::Object(members),
        }
    }
}

impl View for Map<String, Value> {
    fn look(&self) -> Look<'_> {
        Look::Object(self)
    }
}

impl Members for Map<String, Value> {
    fn count(&self) -> usize {
        self.len()
    }

    fn member(&self, name: &str) -> Option<&dyn View> {
        self.get(name).map(|value| value as &dyn View)
    }

    fn each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn View)) {
        self.iter().for_each(|(key, value)| visit(key, value));
    }
}

impl<V: View> View for BTreeMap<String, V> {
    fn look(&self) -> Look<'_> {
        Look::Object(self)
    }
}

impl<V: View> Members for BTreeMap<String, V> {
    fn count(&self) -> usize {
        self.len()
    }

    fn member(&self, name: &str) -> Option<&dyn View> {
        self.get(name).map(|value| value as &dyn View)
    }

    fn each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn View)) {
        self.iter().for_each(|(key, value)| visit(key, value));
    }
}

impl<T: View> View for Vec<T> {
    fn look(&self) -> Look<'_> {
        Look::Array(self)
    }
}

impl<T: View> Elements for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Option<&dyn View> {
        self.get(index).map(|item| item as &dyn View)
    }
}

impl<T: View + ?Sized> View for Box<T> {
    fn look(&self) -> Look<'_> {
        T::look(self)
    }
}

/// Of a field that is there.
impl<T: View> View for OrEmpty<T> {
    fn look(&self) -> Look<'_> {
        match self {
            Self::Value(value) => value.look(),
            Self::Missing | Self::Empty => Look::String(Cow::Borrowed("")),
        }
    }
}

impl View for () {
    fn look(&self) -> Look<'_> {
        Look::Null
    }
}

impl View for bool {
    fn look(&self) -> Look<'_> {
        Look::Bool(*self)
    }
}

impl View for i64 {
    fn look(&self) -> Look<'_> {
        Look::Number(Cow::Owned((*self).into()))
    }
}

impl View for Number {
    fn look(&self) -> Look<'_> {
        Look::Number(Cow::Borrowed(self))
    }
}

impl View for Integer {
    fn look(&self) -> Look<'_> {
        self.as_number().look()
    }
}

impl View for &str {
    fn look(&self) -> Look<'_> {
        Look::String(Cow::Borrowed(self))
    }
}

impl View for String {
    fn look(&self) -> Look<'_> {
        Look::String(Cow::Borrowed(self))
    }
}

impl View for File {
    fn look(&self) -> Look<'_> {
        Look::String(Cow::Owned(self.to_data_uri()))
    }
}

/// One of an enumeration's values.
#[must_use]
pub fn constant(value: Constant) -> Look<'static> {
    match value {
        Constant::Null => Look::Null,
        Constant::Bool(value) => Look::Bool(value),
        Constant::Integer(value) => Look::Number(Cow::Owned(value.into())),
        Constant::Text(text) => Look::String(Cow::Borrowed(text)),
    }
}

/// A field that has to be there.
pub fn required(value: &impl View) -> Option<&dyn View> {
    Some(value)
}

/// A field that may be missing.
pub fn optional(value: &Option<impl View>) -> Option<&dyn View> {
    value.as_ref().map(|value| value as &dyn View)
}

/// A field whose empty string is as good as none.
pub fn or_empty(value: &OrEmpty<impl View>) -> Option<&dyn View> {
    match value {
        OrEmpty::Missing => None,
        value => Some(value),
    }
}
