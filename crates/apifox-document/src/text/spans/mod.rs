//! Where each value stands in a text, in bytes.

mod json;
mod tree;
mod yaml;

use self::tree::{Holds, Member};

pub(crate) use self::tree::Tree;

use super::location::{Text, Written};
use super::{fence, page};

/// The values of a text, as far as it can be read.
pub(crate) fn tree(text: &Text) -> Tree {
    let mut tree = Tree::default();
    match text.written {
        Written::Json => drop(json::read(&mut tree, &text.text, 0)),
        Written::Yaml => drop(yaml::read(&mut tree, &text.text, 0)),
        Written::Markdown => {
            if let Some(fence) = fence::find(&text.text) {
                yaml::read(&mut tree, fence.text, fence.start);
            }
        }
        Written::Page => page_tree(&mut tree, &text.text),
    }
    tree
}

/// The members of an endpoint that a page's blocks hold.
fn page_tree(tree: &mut Tree, text: &str) {
    let mut members = Vec::new();
    for place in page::places(text) {
        let block = text.get(place.bytes.clone()).unwrap_or_default();
        let start = place.bytes.start;
        let read = place.is_json.then(|| json::read(tree, block, start));
        let value = read.flatten();
        let value = value.unwrap_or_else(|| tree.add(place.bytes, Holds::Nothing));
        members.push(Member {
            name: place.key.to_owned(),
            bytes: tree.bytes(value),
            value,
        });
    }
    tree.set_root_members(text.len(), members);
}
