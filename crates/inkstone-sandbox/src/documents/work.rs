//! How often a schema asks others about one value. A validator follows each reference anew: where
//! each of forty schemas refers to the next one twice, that is 2⁴⁰ times.

use std::collections::HashMap;
use std::ptr;

use apifox_document::pointer::decoded;
use serde_json::{Map, Value};

/// How often schemas may be asked about one value in all.
const MOST: u64 = 1_000_000;

/// How many schemas may lead to one another, about one value: each takes some of the stack.
const DEEPEST: usize = 2_000;

/// Whether every part of a schema, whose references are to places in itself, asks few others about
/// the value that it is asked about. What is asked about its members and items is not counted: a
/// value has only so many.
pub fn is_bounded(schema: &Value) -> bool {
    let mut work = Work {
        root: schema,
        known: HashMap::new(),
    };
    let mut parts = vec![schema];
    while let Some(part) = parts.pop() {
        let asked = work.asked(part, 0);
        if asked.times > MOST || asked.deep > DEEPEST {
            return false;
        }
        match part {
            Value::Object(members) => parts.extend(members.values()),
            Value::Array(items) => parts.extend(items),
            _ => {}
        }
    }
    true
}

/// What asking a schema takes.
#[derive(Clone, Copy)]
struct Asked {
    /// How often schemas are asked in all.
    times: u64,
    /// How many of them wait for one another.
    deep: usize,
}

const ONCE: Asked = Asked { times: 1, deep: 1 };

struct Work<'s> {
    root: &'s Value,
    /// Of the schemas at these addresses.
    known: HashMap<*const Value, Asked>,
}

impl<'s> Work<'s> {
    fn asked(&mut self, schema: &'s Value, depth: usize) -> Asked {
        let Some(rules) = schema.as_object() else {
            return ONCE;
        };
        let key = ptr::from_ref(schema);
        if let Some(asked) = self.known.get(&key) {
            return *asked;
        }
        let mut sum = ONCE;
        if depth > DEEPEST {
            sum.deep = depth;
            return sum;
        }
        // One that leads back to itself is not asked again.
        self.known.insert(key, ONCE);
        for other in self.about_the_same(rules) {
            let asked = self.asked(other, depth + 1);
            sum.times = sum.times.saturating_add(asked.times);
            sum.deep = sum.deep.max(asked.deep + 1);
        }
        self.known.insert(key, sum);
        sum
    }

    /// The schemas that are asked about the same value.
    fn about_the_same(&self, rules: &'s Map<String, Value>) -> Vec<&'s Value> {
        let references = ["$ref", "$dynamicRef"].iter().filter_map(|name| {
            let pointer = rules.get(*name)?.as_str()?.strip_prefix('#')?;
            self.root.pointer(&decoded(pointer))
        });
        let lists = ["allOf", "anyOf", "oneOf"].iter();
        let lists = lists
            .filter_map(|name| rules.get(*name)?.as_array())
            .flatten();
        let single = ["not", "if", "then", "else"];
        let single = single.iter().filter_map(|name| rules.get(*name));
        let dependent = rules.get("dependentSchemas").and_then(Value::as_object);
        let dependent = dependent.into_iter().flat_map(Map::values);
        references
            .chain(lists)
            .chain(single)
            .chain(dependent)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::is_bounded;

    /// So many schemas, each of which holds the next one as `holds` says.
    fn chain(count: usize, holds: fn(Value) -> Value) -> Value {
        let next = |at: usize| json!({"$ref": format!("#/$defs/{}", at + 1)});
        let schemas = (0..count).map(|at| (at.to_string(), holds(next(at))));
        let mut schemas: serde_json::Map<String, Value> = schemas.collect();
        schemas.insert(count.to_string(), json!({"type": "string"}));
        json!({"properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": schemas})
    }

    #[test]
    fn what_doubles_with_each_schema_is_not_bounded() {
        let doubled: [fn(Value) -> Value; 6] = [
            |next| json!({"allOf": [next, next]}),
            |next| json!({"anyOf": [next, next]}),
            |next| json!({"oneOf": [next, {"allOf": [next]}]}),
            |next| json!({"if": next, "else": next}),
            |next| json!({"not": next, "dependentSchemas": {"x": next}}),
            |next| json!({"$ref": next["$ref"], "anyOf": [next]}),
        ];
        for holds in doubled {
            assert!(is_bounded(&chain(10, holds)), "{}", chain(1, holds));
            assert!(!is_bounded(&chain(40, holds)), "{}", chain(1, holds));
        }
    }

    #[test]
    fn what_is_large_or_contains_itself_is_bounded() {
        let long = chain(600, |next| json!({"allOf": [next, {"minLength": 1}]}));
        let endless = json!({"allOf": [{"$ref": "#"}, {"anyOf": [{"$ref": "#"}]}]});
        let tree = json!({"properties": {"a": {"$ref": "#"}}, "items": {"$ref": "#"},
            "patternProperties": {"^a": {"$ref": "#"}}, "unevaluatedProperties": false});
        // As each kind of a resource of FHIR contains resources of all kinds.
        let kinds: Vec<Value> = (0..500)
            .map(|at| {
                json!({"properties": {"kind": {"const": at}, "contained": {"items": {"$ref": "#"}}}})
            })
            .collect();
        for schema in [long, endless, tree, json!({"oneOf": kinds})] {
            assert!(is_bounded(&schema), "{schema}");
        }
        assert!(!is_bounded(&chain(3_000, |next| json!({"allOf": [next]}))));
    }
}
