//! Whether two values differ in more than annotations; references are followed.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::pairs::{paired, resolved};
use crate::diff::schema::IMAGE;
use apifox_document::forms::dialect::repairs::is_annotation;
use apifox_document::members::{Holds, ObjectKind};
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded};
use apifox_document::schema::keywords::{Treatment, keyword};
use apifox_document::schema::subschemas_of_keyword;

/// Two documents while values in them are compared.
pub(super) struct Difference<'d> {
    old: &'d Value,
    new: &'d Value,
    /// The pairs of places that were compared, or are being compared.
    pub seen: HashSet<(String, String)>,
}

impl<'d> Difference<'d> {
    pub fn new(old: &'d Value, new: &'d Value) -> Self {
        Self {
            old,
            new,
            seen: HashSet::new(),
        }
    }

    /// Whether the values at two places, which hold the same, differ.
    pub fn is_in(&mut self, holds: Holds, old: &str, new: &str) -> bool {
        let (Some(a), Some(b)) = (self.old.value_at(old), self.new.value_at(new)) else {
            return true;
        };
        match holds {
            Holds::Schema => self.schemas(old, new),
            Holds::Object(_) | Holds::List(_) | Holds::Map(_) | Holds::ListOrObject { .. } => {
                let pairs = paired(holds, (self.old, old), (self.new, new));
                let is_of_objects = matches!(holds, Holds::Object(_));
                let count = |value: &Value| match value {
                    Value::Array(items) => items.len(),
                    Value::Object(members) if !is_of_objects => members.len(),
                    _ => 1,
                };
                count(a) != count(b)
                    || pairs.len() != count(a)
                    || pairs.iter().any(|(kind, a, b)| self.objects(*kind, a, b))
            }
            _ => a != b,
        }
    }

    fn objects(&mut self, kind: ObjectKind, old: &str, new: &str) -> bool {
        let others = (self.old.value_at(old), self.new.value_at(new));
        if kind.may_refer() && beside_reference(others.0) != beside_reference(others.1) {
            return true;
        }
        let places = resolved(self.old, kind, old).zip(resolved(self.new, kind, new));
        let Some((old, new)) = places else {
            return self.old.value_at(old) != self.new.value_at(new);
        };
        let objects = (self.old.value_at(&old), self.new.value_at(&new));
        let (Some(Value::Object(a)), Some(Value::Object(b))) = objects else {
            return objects.0 != objects.1;
        };
        if !self.seen.insert((old.clone(), new.clone())) {
            return false;
        }
        let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
        names.into_iter().any(|name| {
            let counts = |value: Option<&Value>| {
                value.is_some_and(|value| kind.judge(name, value) != Ok(None))
            };
            match (counts(a.get(name)), counts(b.get(name))) {
                (false, false) => false,
                (true, true) => {
                    let member = kind.member(name);
                    let holds = member.map_or(Holds::Anything, |member| member.holds);
                    self.is_in(holds, &old.child(name), &new.child(name))
                }
                _ => true,
            }
        })
    }

    fn schemas(&mut self, old: &str, new: &str) -> bool {
        let schemas = (self.old.value_at(old), self.new.value_at(new));
        let (Some(Value::Object(a)), Some(Value::Object(b))) = schemas else {
            return schemas.0 != schemas.1;
        };
        if !self.seen.insert((old.to_owned(), new.to_owned())) {
            return false;
        }
        let (names, others) = (assertions(a), assertions(b));
        names != others
            || names
                .into_iter()
                .any(|name| self.keywords(name, (old, &a[name]), (new, &b[name])))
    }

    /// Whether the values of a keyword differ in the schemas at two places.
    fn keywords(&mut self, name: &str, (old, a): (&str, &Value), (new, b): (&str, &Value)) -> bool {
        let target = |value: &Value| value.as_str()?.strip_prefix('#').map(decoded);
        if let ("$ref", Some(old), Some(new)) = (name, target(a), target(b)) {
            let is_there = self.old.value_at(&old).is_some() && self.new.value_at(&new).is_some();
            return if is_there {
                self.schemas(&old, &new)
            } else {
                a != b
            };
        }
        let within = |value: &Value| {
            let subschemas = subschemas_of_keyword(name, value);
            subschemas
                .map(|inner| inner.pointer)
                .collect::<BTreeSet<_>>()
        };
        let shared = within(a);
        if shared.is_empty() {
            return a != b;
        }
        shared != within(b)
            || shared
                .iter()
                .any(|inner| self.schemas(&format!("{old}{inner}"), &format!("{new}{inner}")))
    }
}

/// What stands beside a reference and is no annotation.
fn beside_reference(object: Option<&Value>) -> Vec<(&String, &Value)> {
    let members = object.and_then(Value::as_object);
    let members = members.filter(|members| members.contains_key("$ref"));
    let is_other = |(name, _): &(&String, &Value)| ObjectKind::Reference.member(name).is_none();
    members.into_iter().flatten().filter(is_other).collect()
}

/// The keywords of a schema that are no annotations.
fn assertions(schema: &Map<String, Value>) -> BTreeSet<&String> {
    let is_assertion = |name: &&String| match keyword(name) {
        Some(known) => known.treatment != Treatment::Annotation || known.name == IMAGE,
        None => matches!(name.as_str(), "discriminator" | "nullable") || !is_annotation(name),
    };
    schema.keys().filter(is_assertion).collect()
}
