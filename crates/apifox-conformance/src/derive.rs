//! Values that are derived from a schema: at its limits, beyond them, and of other types.

use std::iter;

use apifox_document::pointer::JsonPointerExt as _;
use serde_json::{Value, json};

use crate::pool::pool;
use crate::sample::Sampler;

/// How many bytes of JSON are judged of one body: of a large one there are fewer values.
const MOST_BYTES: usize = 32 << 20;
/// How many places of a value are changed.
const MOST_PLACES: usize = 200;

/// What the values to judge a body by are made of.
pub(crate) struct Derived {
    /// Values of each type, and around the limits of the schema.
    pool: Vec<Value>,
    /// How long one of them is, on average.
    usual_length: usize,
    /// What is changed: the examples, and what is made by the schema.
    bases: Vec<Value>,
}

/// A change of one place in a value.
#[derive(Clone, Copy)]
enum Change<'v> {
    Put(&'v Value),
    RemoveMember(&'v str),
    /// A member that nothing names.
    AddMember(usize),
    RemoveItem(usize),
    /// An item, and so many copies of it at the end.
    Repeat(usize, usize),
}

impl Derived {
    pub fn new(schema: &Value, examples: &[&Value], others: &[Value]) -> Self {
        let mut bases: Vec<Value> = examples.iter().map(|value| (*value).clone()).collect();
        let full = bases
            .first()
            .map(|example| Sampler::new(schema).filled(example.clone()));
        bases.push(Sampler::new(schema).made());
        bases.extend(full);
        let pool = pool(schema, others);
        let lengths: usize = pool.iter().map(length).sum();
        Self {
            usual_length: lengths / pool.len().max(1),
            pool,
            bases,
        }
    }

    /// The values of the pool, and each base with each of its parts changed in turn: `most` of
    /// them at most, from everywhere.
    pub fn values(&self, most: usize) -> impl Iterator<Item = Value> {
        let each = most / (self.bases.len() + 1);
        let step = self.pool.len().div_ceil(each.max(1)).max(1);
        let pool = self.pool.iter().step_by(step).cloned();
        pool.chain(
            self.bases
                .iter()
                .flat_map(move |base| self.mutants(base, each)),
        )
    }

    /// A value, and what becomes of it by a change: so many, and fewer of a large one.
    fn mutants<'v>(&'v self, base: &'v Value, most: usize) -> impl Iterator<Item = Value> + 'v {
        let bytes = MOST_BYTES / self.bases.len();
        let most = most.min(bytes / (length(base) + self.usual_length)).max(1);
        let places = places(base);
        let all = || {
            places.iter().flat_map(|place| {
                let own = base.pointer(place).into_iter().flat_map(own_changes);
                let put = self.pool.iter().map(Change::Put);
                put.chain(own).map(move |change| (place, change))
            })
        };
        let step = all().count().div_ceil(most).max(1);
        let chosen: Vec<(String, Change<'v>)> = all()
            .step_by(step)
            .map(|(place, change)| (place.clone(), change))
            .collect();
        let changed = chosen.into_iter().filter_map(|(place, change)| {
            let mut mutant = base.clone();
            apply(mutant.pointer_mut(&place)?, change);
            Some(mutant)
        });
        iter::once(base.clone()).chain(changed)
    }
}

/// How long a value is as JSON, in bytes.
fn length(value: &Value) -> usize {
    value.to_string().len()
}

/// The changes of an object or array that another value has not: each member or item left out,
/// an item several times, and a member too many.
fn own_changes(value: &Value) -> Vec<Change<'_>> {
    match value {
        Value::Object(members) => {
            let removed = members.keys().map(|name| Change::RemoveMember(name));
            removed.chain((0..3).map(Change::AddMember)).collect()
        }
        Value::Array(items) => (0..items.len())
            .flat_map(|at| {
                let repeated = [1, 2, 3, 8].map(|copies| Change::Repeat(at, copies));
                iter::once(Change::RemoveItem(at)).chain(repeated)
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn apply(place: &mut Value, change: Change<'_>) {
    match (change, place) {
        (Change::Put(value), place) => *place = value.clone(),
        (Change::RemoveMember(name), Value::Object(members)) => {
            members.remove(name);
        }
        (Change::AddMember(kind), Value::Object(members)) => {
            let value = [json!(1), json!(null), json!({"deep": [1]})]
                .into_iter()
                .nth(kind);
            members.insert("an extra field".to_owned(), value.unwrap_or_default());
        }
        (Change::RemoveItem(at), Value::Array(items)) if at < items.len() => {
            items.remove(at);
        }
        (Change::Repeat(at, copies), Value::Array(items)) => {
            let item = items.get(at).cloned().unwrap_or_default();
            items.extend(vec![item; copies]);
        }
        _ => {}
    }
}

/// The places of a value and of what is in it, as JSON pointers; some of very many.
fn places(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = found.get(at).cloned().filter(|_| found.len() < MOST_PLACES) {
        let room = MOST_PLACES - found.len();
        match value.pointer(&pointer) {
            Some(Value::Object(members)) => {
                found.extend(members.keys().take(room).map(|name| pointer.child(name)));
            }
            Some(Value::Array(items)) => {
                found.extend((0..items.len().min(room)).map(|index| pointer.child(index)));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Derived, MOST_BYTES};

    #[test]
    fn each_part_of_an_example_is_changed_in_turn() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "array", "items": {"maximum": 4}},
            "b": {"enum": ["x"]},
        }});
        let example = json!({"a": [3]});
        let derived = Derived::new(&schema, &[&example], &[json!("mine")]);
        let values: Vec<Value> = derived.values(20_000).collect();
        let expected = [
            json!({"a": [3]}),
            json!({}),
            json!({"a": []}),
            json!({"a": [3, 3]}),
            json!({"a": [4]}),
            json!({"a": [5]}),
            json!({"a": ["mine"]}),
            json!({"a": [3], "b": "x"}),
            json!({"a": [3], "an extra field": null}),
            json!({"a": [null], "b": "x"}),
            json!("x"),
        ];
        for value in expected {
            assert!(values.contains(&value), "{value}");
        }
    }

    #[test]
    fn large_schemas_and_examples_have_fewer_values() {
        let names: Vec<String> = (0..40).map(|at| format!("n{at}")).collect();
        let properties: serde_json::Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), json!({"$ref": "#"})))
            .collect();
        let listed: Vec<Value> = (0..3_000).map(|at| json!(at)).collect();
        let schema = json!({"type": "object", "properties": properties,
            "$defs": {"e": {"enum": listed}}});
        let example = json!({"text": "x".repeat(100_000), "items": vec![1; 20_000]});
        let derived = Derived::new(&schema, &[&example], &[]);
        let (mut count, mut bytes) = (0, 0);
        for value in derived.values(20_000) {
            count += 1;
            bytes += value.to_string().len();
        }
        assert!((500..=20_000).contains(&count), "{count}");
        assert!(bytes < 2 * MOST_BYTES, "{bytes}");
    }
}
