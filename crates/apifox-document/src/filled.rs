//! Makes small maps with little code.

use std::collections::BTreeMap;

/// A map of these entries, of which the last of a key counts. To collect them would sort them
/// first, by code that is compiled for each type of value anew.
pub(crate) fn filled<V>(entries: impl IntoIterator<Item = (String, V)>) -> BTreeMap<String, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}
