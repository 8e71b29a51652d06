//! The fields of an object that its schema does not name.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::marker::PhantomData;

use serde::ser::{Serialize, SerializeMap};
use serde_json::Value;

/// The names of the fields that an object's schema lists.
pub trait Named {
    /// What `properties` lists.
    const NAMES: &'static [&'static str];
}

/// The fields of an object `S` that its schema does not name.
///
/// It can't hold a field that the schema names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Additional<S, V = Value> {
    entries: Entries<V>,
    of: PhantomData<fn() -> S>,
}

/// Fields by name; `None` where there are none, as is most common. A map without a box
/// would take three times the space, and a call to drop it.
type Entries<V> = Option<Box<BTreeMap<String, V>>>;

impl<S, V> Default for Additional<S, V> {
    fn default() -> Self {
        Self {
            entries: None,
            of: PhantomData,
        }
    }
}

impl<S, V> Additional<S, V> {
    /// Fields that are known not to be named.
    pub(crate) fn unnamed(entries: BTreeMap<String, V>) -> Self {
        Self {
            entries: (!entries.is_empty()).then(|| Box::new(entries)),
            of: PhantomData,
        }
    }

    /// Sets the field `key`, which is known not to be named.
    pub(crate) fn put(&mut self, key: String, value: V) -> Option<V> {
        self.entries.get_or_insert_default().insert(key, value)
    }
}

impl<S: Named, V> Additional<S, V> {
    /// Sets the field `key` and returns its previous value.
    ///
    /// # Errors
    ///
    /// The value, when the schema names the field: set it there.
    pub fn insert(&mut self, key: impl Into<String>, value: V) -> Result<Option<V>, V> {
        let key = key.into();
        if S::NAMES.contains(&key.as_str()) {
            return Err(value);
        }
        Ok(self.put(key, value))
    }
}

impl<S, V> Additional<S, V> {
    /// The field `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        self.entries.as_ref()?.get(key)
    }

    /// Removes the field `key`.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let entries = self.entries.as_mut()?;
        let removed = entries.remove(key);
        if entries.is_empty() {
            self.entries = None;
        }
        removed
    }

    /// The fields by name.
    pub fn iter(&self) -> btree_map::Iter<'_, String, V> {
        let entries = self.entries.as_ref();
        entries.map_or_else(btree_map::Iter::default, |entries| entries.iter())
    }

    /// The fields by name, whose values may be changed.
    pub fn iter_mut(&mut self) -> btree_map::IterMut<'_, String, V> {
        let entries = self.entries.as_mut();
        entries.map_or_else(btree_map::IterMut::default, |entries| entries.iter_mut())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, |entries| entries.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_none()
    }
}

impl<'a, S, V> IntoIterator for &'a Additional<S, V> {
    type Item = (&'a String, &'a V);
    type IntoIter = btree_map::Iter<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, S, V> IntoIterator for &'a mut Additional<S, V> {
    type Item = (&'a String, &'a mut V);
    type IntoIter = btree_map::IterMut<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<S, V> IntoIterator for Additional<S, V> {
    type Item = (String, V);
    type IntoIter = btree_map::IntoIter<String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries
            .map(|entries| *entries)
            .unwrap_or_default()
            .into_iter()
    }
}

impl<S, V: Serialize> Additional<S, V> {
    /// Writes the fields into the object that `map` writes.
    ///
    /// # Errors
    ///
    /// The serializer's.
    #[inline]
    pub fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Some(entries) = &self.entries else {
            return Ok(());
        };
        let mut entries = entries.iter();
        entries.try_for_each(|(key, value)| map.serialize_entry(key, value))
    }
}
