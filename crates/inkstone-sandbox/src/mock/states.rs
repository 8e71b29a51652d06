//! What clients stored: what was sent to `POST /pets` is found at `GET /pets/{id}`.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde_json::{Map, Value};

use crate::mock::overlay;

/// How many resources are kept, of all kinds.
const MOST: usize = 10_000;

/// What was stored, by the path of its collection.
// A panic elsewhere can't leave a resource half stored.
#[derive(Default)]
pub struct States(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    collections: HashMap<String, Vec<(String, Stored)>>,
    count: usize,
    /// How many were made, so that no two have the same id.
    made: u64,
}

/// What is known of a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    Members(Map<String, Value>),
    Deleted,
}

impl States {
    /// A number that no other call gets.
    pub fn next(&self) -> u64 {
        let mut kept = self.0.lock();
        kept.made += 1;
        kept.made
    }

    pub fn get(&self, collection: &str, id: &str) -> Option<Stored> {
        let kept = self.0.lock();
        let all = kept.collections.get(collection)?;
        let found = all.iter().find(|(own, _)| own == id)?;
        Some(found.1.clone())
    }

    /// What a collection has, if anything was ever done to it.
    pub fn list(&self, collection: &str) -> Option<Vec<Map<String, Value>>> {
        let kept = self.0.lock();
        let all = kept.collections.get(collection)?;
        let there = all.iter().filter_map(|(_, stored)| match stored {
            Stored::Members(members) => Some(members.clone()),
            Stored::Deleted => None,
        });
        Some(there.collect())
    }

    /// Changes a resource, or stores a new one; where there are too many, nothing.
    pub fn set(&self, collection: &str, id: &str, stored: Stored) {
        let mut kept = self.0.lock();
        let count = kept.count;
        let all = kept.collections.entry(collection.to_owned()).or_default();
        match all.iter_mut().find(|(own, _)| own == id) {
            Some((_, own)) => *own = stored,
            None if count < MOST => {
                all.push((id.to_owned(), stored));
                kept.count += 1;
            }
            None => {}
        }
    }
}

/// The id of what a reply or a request tells of, by the parameter of the path that leads
/// there: the member of its name, one that is called after the resources of `collection`, or
/// one that is usually called so.
pub fn id(value: &Value, parameter: &str, collection: &str) -> Option<String> {
    let wanted = plain(parameter);
    let last = plain(collection.rsplit('/').next().unwrap_or_default());
    let one = match last.strip_suffix("ies") {
        Some(start) => format!("{start}y"),
        None => last.trim_end_matches('s').to_owned(),
    };
    let named = [format!("{one}id"), format!("{last}id")];
    let usual = [&named[0], &named[1], "id", "uuid", "key", "slug"];
    let ranks = |name: &str| {
        let name = plain(name);
        match name == wanted {
            true => Some(0),
            false => usual
                .iter()
                .position(|usual| name == *usual)
                .map(|at| at + 1),
        }
    };
    let mut best: Option<(usize, String)> = None;
    for place in overlay::places(value) {
        let members = value.pointer(&place).and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            let text = match member {
                Value::String(text) if !text.is_empty() => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            let rank = ranks(name);
            if rank.is_some_and(|rank| best.as_ref().is_none_or(|(best, _)| rank < *best)) {
                best = rank.map(|rank| (rank, text));
            }
        }
    }
    best.map(|(_, id)| id)
}

/// A name however it is written: `petId`, `pet_id` and `pet-id` are the same.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_id_of_a_reply_is_found() {
        let cases = [
            (json!({"id": 5}), "petId", Some("5")),
            (json!({"pet_id": "a", "id": 5}), "petId", Some("a")),
            (json!({"code": 0, "data": {"id": 7}}), "id", Some("7")),
            (json!({"name": "x"}), "name", Some("x")),
            (json!({"name": "x", "articleId": 4}), "id", Some("4")),
            (json!({"article_id": 4, "id": 5}), "id", Some("5")),
            (json!({"code": 0}), "id", None),
            (json!([{"id": 1}]), "id", None),
        ];
        for (reply, parameter, expected) in cases {
            assert_eq!(
                id(&reply, parameter, "api/articles").as_deref(),
                expected,
                "{reply}"
            );
        }
    }
}
