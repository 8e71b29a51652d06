//! What is left of an object that can't be read, for the explanation.

use std::borrow::Cow;

use serde::de::MapAccess;

use crate::decode::object::entries::Entries;
use crate::decode::tree::object;
use crate::value::node::Node;

/// The members of an object that no field has accepted.
#[derive(Debug, Default)]
pub struct Unclaimed<'de>(Vec<(Cow<'de, str>, Node<'de>)>);

impl<'de> Unclaimed<'de> {
    /// Whether there are none.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object, once the fields are restored behind these: of repeated members the
    /// last one counts.
    #[must_use]
    #[cold]
    pub fn into_node(self) -> Node<'de> {
        object(self.0)
    }

    /// Adds the member whose value was read last.
    #[cold]
    #[inline(never)]
    pub(crate) fn add<A: MapAccess<'de>>(
        &mut self,
        entries: &mut Entries<'de, A>,
        value: Node<'de>,
    ) {
        self.put(entries.take_key().unwrap_or_default(), value);
    }

    /// Adds a member.
    pub(crate) fn put(&mut self, key: Cow<'de, str>, value: Node<'de>) {
        self.0.push((key, value));
    }
}
