//! What clients stored: what was sent to `POST /pets` is found at `GET /pets/{id}`.

use std::collections::{BTreeSet, HashMap};

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
    There(Resource),
    Deleted,
}

/// The members of a resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    pub members: Map<String, Value>,
    /// Which of them clients sent; the others are the server's, and outlive a PUT.
    sent: BTreeSet<String>,
}

impl Resource {
    /// Takes what a client sends.
    pub fn take(&mut self, sent: &Map<String, Value>) {
        self.sent.extend(sent.keys().cloned());
        self.members.extend(sent.clone());
    }

    /// Removes what clients sent.
    pub fn forget_sent(&mut self) {
        for name in std::mem::take(&mut self.sent) {
            self.members.remove(&name);
        }
    }
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

    /// What a collection has, each with its id, if anything was ever done to it.
    pub fn list(&self, collection: &str) -> Option<Vec<(String, Map<String, Value>)>> {
        let kept = self.0.lock();
        let all = kept.collections.get(collection)?;
        let there = all.iter().filter_map(|(id, stored)| match stored {
            Stored::There(resource) => Some((id.clone(), resource.members.clone())),
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
/// there.
pub fn id(value: &Value, parameter: &str, collection: &str) -> Option<String> {
    let places = overlay::places(value).into_iter();
    let objects = places.filter_map(|place| value.pointer(&place)?.as_object());
    let found = objects.filter_map(|object| id_member(object, parameter, collection));
    let (_, _, id) = found.min_by_key(|(rank, ..)| *rank)?;
    Some(id)
}

/// The member that is the id of an object: the one of the parameter's name, one that is called
/// after the resources of `collection`, or one that is usually called so. Its rank among these,
/// its name, and its text.
pub fn id_member<'o>(
    object: &'o Map<String, Value>,
    parameter: &str,
    collection: &str,
) -> Option<(usize, &'o str, String)> {
    let last = plain(collection.rsplit('/').next().unwrap_or_default());
    let one = match last.strip_suffix("ies") {
        Some(start) => format!("{start}y"),
        None => last.trim_end_matches('s').to_owned(),
    };
    let wanted = plain(parameter);
    let named = [format!("{one}id"), format!("{last}id")];
    let usual = [&wanted, &named[0], &named[1], "id", "uuid", "key", "slug"];
    let found = object.iter().filter_map(|(name, member)| {
        let text = match member {
            Value::String(text) if !text.is_empty() => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let own = plain(name);
        let rank = usual.iter().position(|usual| own == *usual)?;
        Some((rank, name.as_str(), text))
    });
    found.min_by_key(|(rank, ..)| *rank)
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
