//! Draws arrays.

use serde_json::Value;

use crate::draw::drawer::Drawer;
use crate::draw::parts::counts;

/// How many items are drawn at most, whatever a schema asks for.
const MOST_ITEMS: usize = 500;
/// How many items an array has that may have any number.
const USUAL: usize = 2;

impl<'s> Drawer<'s> {
    pub fn array(&mut self, parts: &[&'s Value], name: &str, depth: usize) -> Option<Value> {
        let least = self.least(parts);
        let most = counts(parts, "maxItems").min().unwrap_or(usize::MAX);
        let usual = match self.is_sparse(depth) || self.manner.optional == 0 {
            true => least,
            false => least.max(1 + self.below(USUAL)),
        };
        let count = usual.min(most).min(MOST_ITEMS);
        let is_unique = parts.iter().any(|part| part["uniqueItems"] == true);
        let mut items: Vec<Value> = Vec::new();
        // Of distinct items, a few more are drawn than are needed.
        for _ in 0..count * 4 {
            if items.len() == count {
                break;
            }
            let schemas = item_schemas(parts, items.len());
            match self.draw(&schemas, name.strip_suffix('s').unwrap_or(name), depth + 1) {
                Some(item) if !is_unique || !items.contains(&item) => items.push(item),
                Some(_) => {}
                None if items.len() >= least => break,
                None => return None,
            }
        }
        Some(items.into())
    }

    fn least(&self, parts: &[&Value]) -> usize {
        let contains = parts.iter().filter(|part| part.get("contains").is_some());
        let contains = contains.map(|part| part["minContains"].as_u64().unwrap_or(1) as usize);
        let least = counts(parts, "minItems").chain(contains).max().unwrap_or(0);
        least.min(MOST_ITEMS)
    }
}

/// The schemas of an item: what must be contained comes behind what has a place of its own.
fn item_schemas<'s>(parts: &[&'s Value], at: usize) -> Vec<&'s Value> {
    let mut schemas = Vec::new();
    for part in parts {
        let first = part["prefixItems"].as_array();
        let placed = first.and_then(|first| first.get(at));
        schemas.extend(placed.or_else(|| part.get("items")));
        let before = first.map_or(0, Vec::len);
        let needed = part["minContains"].as_u64().unwrap_or(1) as usize;
        if (before..before + needed).contains(&at) {
            schemas.extend(part.get("contains"));
        }
    }
    schemas
}
