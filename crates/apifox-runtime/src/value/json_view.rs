//! JSON values as rules see them, whether they are trees or generated types.
//!
//! Guards check decoded values through this, so that these need not be encoded first.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Number;

use crate::value::dimensions::Dimensions;
use crate::value::number;

/// Something that can be seen as a JSON value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be seen as a JSON value",
    label = "rules of a schema can't look into this",
    note = "generated types that rules look into implement `apifox_runtime::JsonView`; a type of \
            your own within one, which `Builder::replace` names, has to implement it as well"
)]
pub trait JsonView {
    /// The value, one level deep.
    fn as_json(&self) -> JsonRef<'_>;

    /// The member `name` of an object, if it has one; `None` where this is not an object.
    fn lookup(&self, name: &str) -> Option<Option<&dyn JsonView>> {
        self.as_json().lookup(name)
    }

    /// The size that a string states, where it is kept as one: its text would have to be written.
    fn dimensions(&self) -> Option<Dimensions> {
        None
    }
}

/// A JSON value, one level deep.
pub enum JsonRef<'v> {
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

impl<'v> JsonRef<'v> {
    #[inline]
    fn lookup(self, name: &str) -> Option<Option<&'v dyn JsonView>> {
        match self {
            Self::Object(members) => Some(members.member(name)),
            _ => None,
        }
    }
}

/// The items of an array, in order.
pub trait Elements {
    /// How many there are.
    fn count(&self) -> usize;

    /// The item at `index`.
    fn item(&self, index: usize) -> Option<&dyn JsonView>;
}

/// The members of an object. Names are unique.
pub trait Members {
    /// How many there are.
    fn count(&self) -> usize;

    /// The member `name`.
    fn member(&self, name: &str) -> Option<&dyn JsonView>;

    /// Visits all members, always in the same order.
    fn for_each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn JsonView));
}

impl dyn JsonView + '_ {
    /// The member `name` of an object.
    #[inline]
    pub(crate) fn member(&self, name: &str) -> Option<&dyn JsonView> {
        self.lookup(name).flatten()
    }

    /// The text of a string.
    #[inline]
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self.as_json() {
            JsonRef::String(text) => Some(text),
            _ => None,
        }
    }
}

impl<'v> dyn Elements + 'v {
    /// The items, in order.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn JsonView> {
        (0..self.count()).filter_map(|index| self.item(index))
    }
}

/// The members of an object by name. In a tree, to look for each of many members in turn
/// would take as long as there are members, squared.
pub(crate) struct Lookup<'v> {
    members: &'v dyn Members,
    by_name: Option<HashMap<&'v str, &'v dyn JsonView>>,
}

impl<'v> Lookup<'v> {
    pub fn new(members: &'v dyn Members) -> Self {
        /// Up to this many members, looking is quicker.
        const FEW: usize = 32;
        let by_name = (members.count() > FEW).then(|| {
            let mut by_name = HashMap::with_capacity(members.count());
            members.for_each(&mut |name, value| {
                by_name.insert(name, value);
            });
            by_name
        });
        Self { members, by_name }
    }

    pub fn member(&self, name: &str) -> Option<&'v dyn JsonView> {
        match &self.by_name {
            Some(by_name) => by_name.get(name).copied(),
            None => self.members.member(name),
        }
    }
}

/// JSON Schema's equality: `1` and `1.0` are the same number, and the order of an
/// object's members does not matter.
pub(crate) fn same(a: &dyn JsonView, b: &dyn JsonView) -> bool {
    equal_refs(&a.as_json(), &b.as_json())
}

/// The same for values that were already taken apart.
pub(crate) fn equal_refs(a: &JsonRef<'_>, b: &JsonRef<'_>) -> bool {
    match (a, b) {
        (JsonRef::Null, JsonRef::Null) => true,
        (JsonRef::Bool(a), JsonRef::Bool(b)) => a == b,
        (JsonRef::Number(a), JsonRef::Number(b)) => number::equal(a, b),
        (JsonRef::String(a), JsonRef::String(b)) => a == b,
        (JsonRef::Array(a), JsonRef::Array(b)) => {
            a.count() == b.count() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (JsonRef::Object(a), JsonRef::Object(b)) => {
            let mut is_same = a.count() == b.count();
            let b = Lookup::new(*b);
            a.for_each(&mut |name, a| {
                is_same = is_same && b.member(name).is_some_and(|b| same(a, b));
            });
            is_same
        }
        _ => false,
    }
}

/// Whether a string is accepted; values of other types are.
pub(crate) fn if_text(value: &dyn JsonView, accepts: impl FnOnce(&str) -> bool) -> bool {
    match value.as_json() {
        JsonRef::String(text) => accepts(&text),
        _ => true,
    }
}
