//! Changes a schema so that it accepts `null` too.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::acceptance::Acceptance;
use crate::forms::dialect::identifiers::NAMES;
use crate::pointer::JsonPointerExt as _;
use crate::schema::keywords::applies;

/// What moved from one place to another.
pub(super) enum Move {
    /// A schema, with all in it.
    Schema { from: String, to: String },
    /// The reference of a schema, which itself stays.
    Reference { from: String, to: String },
}

/// Lets one schema accept `null`.
pub(super) struct Admission<'a, 'f> {
    pub acceptance: Acceptance<'a, 'f>,
    /// The places that references lead to.
    pub referred: &'a BTreeSet<String>,
    /// What moved, in this order.
    pub moves: Vec<Move>,
}

impl Admission<'_, '_> {
    /// Changes the schema at `place` so that it accepts `null` too. What stands in it keeps its
    /// place where it can.
    pub fn admit(&mut self, schema: &mut Value, place: &str) {
        self.admit_to_keywords(schema, place, 0);
        self.acceptance.renew();
        self.or_null(schema, place);
    }

    /// Where a schema may refuse `null` all the same, it becomes one of two alternatives.
    fn or_null(&mut self, schema: &mut Value, place: &str) {
        if self.acceptance.of(schema) == Some(true) {
            return;
        }
        let Value::Object(members) = schema else {
            return;
        };
        let restricts = |name: &String| name == "x-tags" || applies(name).is_some();
        let mut restricting: Vec<String> =
            members.keys().filter(|it| restricts(it)).cloned().collect();
        // What is in `anyOf` has to leave it before others come there.
        restricting.sort_by_key(|name| name != "anyOf");
        let own = place.child("anyOf").child(0);
        let mut alternative = Map::new();
        for name in restricting {
            if name == "$ref" {
                self.reference_moved(place, &own);
            } else {
                self.schema_moved(place.child(&name), own.child(&name));
            }
            if let Some(value) = members.remove(&name) {
                alternative.insert(name, value);
            }
        }
        members.insert("anyOf".into(), json!([alternative, {"type": "null"}]));
    }

    fn admit_to_keywords(&mut self, schema: &mut Value, place: &str, depth: usize) {
        const DEEPEST: usize = 64;
        let Value::Object(members) = schema else {
            return;
        };
        if depth > DEEPEST {
            return;
        }
        add_to_type(members);
        if let Some(constant) = members.remove("const") {
            members.insert("enum".into(), json!([constant]));
        }
        if let Some(Value::Array(values)) = members.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        for keyword in ["anyOf", "oneOf"] {
            let refuses = members
                .get(keyword)
                .is_some_and(|schemas| self.acceptance.count(schemas).any() == Some(false));
            if let Some(Value::Array(alternatives)) = members.get_mut(keyword)
                && refuses
            {
                alternatives.push(json!({"type": "null"}));
            }
        }
        if let Some(target) = members.remove("$ref") {
            let to = ref_or_null(members, &target, place);
            self.reference_moved(place, &to);
        } else if let Some(target) = only_reference(members) {
            let to = ref_or_null(members, &target, place);
            self.schema_moved(place.child("allOf").child(0), to);
        } else if let Some(Value::Array(branches)) = members.get_mut("allOf") {
            let all = place.child("allOf");
            for (index, branch) in branches.iter_mut().enumerate() {
                self.admit_to_branch(branch, all.child(index), depth);
            }
        }
    }

    /// Lets a part of an `allOf` accept `null`. One that is used elsewhere too refuses it there.
    fn admit_to_branch(&mut self, branch: &mut Value, place: String, depth: usize) {
        if self.acceptance.of(branch) == Some(true) {
            return;
        }
        let is_named = NAMES.iter().any(|name| branch.get(name).is_some());
        if !branch.is_object() || is_named || self.referred.contains(&place) {
            *branch = json!([branch.take(), {"type": "null"}]);
            *branch = json!({"anyOf": branch.take()});
            let alternative = place.child("anyOf").child(0);
            self.schema_moved(place, alternative);
        } else {
            self.admit_to_keywords(branch, &place, depth + 1);
            self.or_null(branch, &place);
        }
    }

    fn schema_moved(&mut self, from: String, to: String) {
        self.moves.push(Move::Schema { from, to });
    }

    fn reference_moved(&mut self, from: &str, to: &str) {
        self.moves.push(Move::Reference {
            from: from.to_owned(),
            to: to.to_owned(),
        });
    }
}

/// The reference that is the only schema of `allOf`, which older documents write to have
/// something beside it. It is removed.
fn only_reference(members: &mut Map<String, Value>) -> Option<Value> {
    let [Value::Object(branch)] = members.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let target = branch.get("$ref").cloned()?;
    let is_more = |name: &String| applies(name).is_some() || NAMES.contains(&name.as_str());
    let says_more = branch.keys().any(|name| name != "$ref" && is_more(name));
    if says_more || members.contains_key("anyOf") {
        return None;
    }
    members.remove("allOf");
    Some(target)
}

/// Lets the schema at `place` accept `null` or what `target` accepts, and says where the
/// reference to it is. Title and description stay in place, and so do alternatives that are
/// there already.
fn ref_or_null(members: &mut Map<String, Value>, target: &Value, place: &str) -> String {
    let either = json!([{"$ref": target}, {"type": "null"}]);
    if !members.contains_key("anyOf") {
        members.insert("anyOf".into(), either);
        return place.child("anyOf").child(0);
    }
    let more = json!({"anyOf": either});
    let index = match members.get_mut("allOf") {
        Some(Value::Array(all)) => {
            all.push(more);
            all.len() - 1
        }
        _ => {
            members.insert("allOf".into(), json!([more]));
            0
        }
    };
    let all = place.child("allOf").child(index);
    all.child("anyOf").child(0)
}

pub(super) fn add_to_type(members: &mut Map<String, Value>) {
    let types = match members.get("type") {
        Some(Value::String(one)) => vec![Value::from(one.as_str())],
        Some(Value::Array(types)) => types.clone(),
        _ => return,
    };
    if !types.iter().any(|each| each == "null") {
        let types: Vec<Value> = types.into_iter().chain(["null".into()]).collect();
        members.insert("type".into(), types.into());
    }
}
