//! Reads the values of a text, and where each stands in it, in one pass.

mod builder;
mod json;
mod outdented;
#[cfg(test)]
mod properties;
mod scalar;
mod tree;
mod yaml;

use self::tree::{Holds, Member};
use super::page;

pub(crate) use self::builder::{RepeatedMembers, Unsayable, Values};
pub(crate) use self::tree::Tree;
pub(crate) use self::yaml::YamlError;

/// Reads JSON.
///
/// # Errors
///
/// Why it is not JSON.
pub(crate) fn json(text: &str) -> Result<Values, serde_json::Error> {
    json::read(text, 0)
}

/// Reads YAML, which starts at the byte `offset` of its file.
///
/// # Errors
///
/// Why it is not YAML, or cannot be written as JSON.
pub(crate) fn yaml(text: &str, offset: usize) -> Result<Values, YamlError> {
    yaml::read(text, offset)
}

/// Where the members of an endpoint stand in the text of its page, and those that an object
/// in them has more than once.
pub(crate) fn page(text: &str) -> (Tree, RepeatedMembers) {
    let mut tree = Tree::default();
    let mut members = Vec::new();
    let mut repeated = RepeatedMembers::default();
    for place in page::places(text) {
        let block = text.get(place.bytes.clone()).unwrap_or_default();
        let values = place.is_json.then(|| json::read(block, place.bytes.start));
        let value = values.and_then(Result::ok).and_then(|values| {
            repeated.append(place.key, values.repeated);
            tree.append(values.tree)
        });
        let value = value.unwrap_or_else(|| tree.add(place.bytes, Holds::Nothing));
        members.push(Member {
            name: place.key.to_owned(),
            bytes: tree.bytes(value),
            value,
        });
    }
    let root = tree.add(0..text.len(), Holds::Members(members));
    (tree.with_root(root), repeated)
}
