//! How much work it is to judge a value by a schema. A validator asks a schema as often as it is
//! referred to: where each of forty schemas refers to the next one twice, that is 2⁴⁰ times.

use std::collections::HashMap;
use std::ptr;

use apifox_document::pointer::decoded;
use apifox_runtime::Pattern;
use serde_json::{Map, Value};

/// How often schemas may be asked in all, however small they and the value are.
const MOST: u64 = 1_000_000;

/// How often one schema may be asked of one place of a value, on average.
const MOST_TIMES: u64 = 100;

/// How many schemas may lead to one another.
const DEEPEST: usize = 1_000;

/// Stands for the names of members, which are texts that no schema looks into.
static NAME: Value = Value::Null;

/// Whether a value can be judged by a schema, whose references are to places in itself, with as
/// much work as the sizes of both deserve.
pub fn is_bounded(schema: &Value, value: &Value) -> bool {
    let mut work = Work {
        root: schema,
        asked: HashMap::new(),
        patterns: HashMap::new(),
    };
    let sum = work.count(schema, value, 0);
    let different = u64::try_from(work.asked.len()).unwrap_or(u64::MAX);
    sum <= MOST.max(MOST_TIMES.saturating_mul(different))
}

struct Work<'s> {
    root: &'s Value,
    /// How often schemas are asked in all for one schema and one value, by their addresses.
    asked: HashMap<(*const Value, *const Value), u64>,
    patterns: HashMap<&'s str, Pattern>,
}

impl<'s> Work<'s> {
    fn count(&mut self, schema: &'s Value, value: &Value, depth: usize) -> u64 {
        let Some(rules) = schema.as_object() else {
            return 1;
        };
        let key = (ptr::from_ref(schema), ptr::from_ref(value));
        if let Some(sum) = self.asked.get(&key) {
            return *sum;
        }
        if depth == DEEPEST {
            return u64::MAX;
        }
        // One that leads back to itself at the same place is not asked again.
        self.asked.insert(key, 1);
        let mut pairs = self.of_same_value(rules, value);
        match value {
            Value::Object(members) => self.of_members(rules, members, &mut pairs),
            Value::Array(items) => of_items(rules, items, &mut pairs),
            _ => {}
        }
        let mut sum: u64 = 1;
        for (schema, value) in pairs {
            sum = sum.saturating_add(self.count(schema, value, depth + 1));
        }
        if rules.contains_key("unevaluatedProperties") || rules.contains_key("unevaluatedItems") {
            // What the others have looked at is found out by asking them again.
            sum = sum.saturating_mul(2);
        }
        self.asked.insert(key, sum);
        sum
    }

    /// The schemas that are asked about the value itself.
    fn of_same_value<'v>(
        &self,
        rules: &'s Map<String, Value>,
        value: &'v Value,
    ) -> Vec<(&'s Value, &'v Value)> {
        let mut schemas: Vec<&Value> = Vec::new();
        for name in ["$ref", "$dynamicRef"] {
            let reference = rules.get(name).and_then(Value::as_str);
            let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
            schemas.extend(pointer.and_then(|pointer| self.root.pointer(&decoded(pointer))));
        }
        for name in ["allOf", "anyOf", "oneOf"] {
            schemas.extend(
                rules
                    .get(name)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
        let single = ["not", "if", "then", "else"];
        schemas.extend(single.iter().filter_map(|name| rules.get(*name)));
        let dependent = rules.get("dependentSchemas").and_then(Value::as_object);
        let dependent = dependent.into_iter().flatten();
        let of_members = dependent.filter(|(name, _)| value.get(name).is_some());
        schemas.extend(of_members.map(|(_, schema)| schema));
        schemas.into_iter().map(|schema| (schema, value)).collect()
    }

    fn of_members<'v>(
        &mut self,
        rules: &'s Map<String, Value>,
        members: &'v Map<String, Value>,
        pairs: &mut Vec<(&'s Value, &'v Value)>,
    ) {
        let patterns = rules.get("patternProperties").and_then(Value::as_object);
        for (name, value) in members {
            let before = pairs.len();
            let named = rules.get("properties").and_then(|named| named.get(name));
            pairs.extend(named.map(|schema| (schema, value)));
            for (pattern, schema) in patterns.into_iter().flatten() {
                let known = self.patterns.entry(pattern);
                let known = known.or_insert_with(|| Pattern::owned(pattern.clone()));
                if known.is_match(name) {
                    pairs.push((schema, value));
                }
            }
            if pairs.len() == before {
                pairs.extend(
                    rules
                        .get("additionalProperties")
                        .map(|schema| (schema, value)),
                );
            }
            pairs.extend(
                rules
                    .get("unevaluatedProperties")
                    .map(|schema| (schema, value)),
            );
            pairs.extend(rules.get("propertyNames").map(|schema| (schema, &NAME)));
        }
    }
}

fn of_items<'s, 'v>(
    rules: &'s Map<String, Value>,
    items: &'v [Value],
    pairs: &mut Vec<(&'s Value, &'v Value)>,
) {
    let first = rules.get("prefixItems").and_then(Value::as_array);
    let first = first.map_or(&[][..], Vec::as_slice);
    pairs.extend(first.iter().zip(items));
    let behind = rules.get("items").into_iter();
    pairs.extend(behind.flat_map(|schema| {
        items
            .iter()
            .skip(first.len())
            .map(move |item| (schema, item))
    }));
    let any = ["contains", "unevaluatedItems"];
    let any = any.iter().filter_map(|name| rules.get(*name));
    pairs.extend(any.flat_map(|schema| items.iter().map(move |item| (schema, item))));
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
        json!({"$ref": "#/$defs/0", "$defs": schemas})
    }

    #[test]
    fn what_doubles_with_each_level_is_not_bounded() {
        let doubled: [fn(Value) -> Value; 6] = [
            |next| json!({"allOf": [next, next]}),
            |next| json!({"anyOf": [next, next]}),
            |next| json!({"oneOf": [next, {"allOf": [next]}]}),
            |next| json!({"if": next, "else": next}),
            |next| json!({"not": next, "dependentSchemas": {"x": next}}),
            |next| json!({"$ref": next["$ref"], "anyOf": [next]}),
        ];
        for holds in doubled {
            let value = json!({"x": 1});
            assert!(is_bounded(&chain(10, holds), &value), "{}", chain(1, holds));
            assert!(
                !is_bounded(&chain(40, holds), &value),
                "{}",
                chain(1, holds)
            );
        }
    }

    #[test]
    fn what_doubles_with_each_level_of_the_value_is_not_bounded() {
        let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!({"a": inner}));
        let lists = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        let root = json!({"$ref": "#"});
        let own = [
            json!({"allOf": [{"properties": {"a": root}}, {"properties": {"a": root}}]}),
            json!({"properties": {"a": root}, "patternProperties": {"^a": root}}),
            json!({"patternProperties": {"^a": root, "a$": root}}),
            json!({"properties": {"a": root}, "unevaluatedProperties": true}),
            json!({"items": root, "contains": root}),
        ];
        for schema in own {
            for value in [&nested, &lists] as [&dyn Fn(usize) -> Value; 2] {
                assert!(is_bounded(&schema, &value(10)), "{schema}");
            }
            let are_bounded = [
                is_bounded(&schema, &nested(60)),
                is_bounded(&schema, &lists(60)),
            ];
            assert!(are_bounded != [true, true], "{schema}");
        }
    }

    #[test]
    fn what_is_large_is_bounded() {
        let item = json!({"properties": {"a": {"$ref": "#/$defs/text"}}, "additionalProperties": {"$ref": "#"}});
        let schema = json!({"items": item, "anyOf": [{"type": "array"}, item],
            "$defs": {"text": {"allOf": [{"type": "string"}, {"minLength": 1}]}}});
        let many: Vec<Value> = (0..200_000).map(|at| json!({"a": "b", "c": at})).collect();
        assert!(is_bounded(&schema, &many.into()));
        let deep = (0..120).fold(json!([]), |inner, _| json!({"b": inner}));
        assert!(is_bounded(&schema, &deep));
        let long = chain(400, |next| json!({"allOf": [next, {"minLength": 1}]}));
        assert!(is_bounded(&long, &json!("a")));
        let endless = json!({"allOf": [{"$ref": "#"}, {"anyOf": [{"$ref": "#"}]}]});
        assert!(is_bounded(&endless, &json!({})));
    }
}
