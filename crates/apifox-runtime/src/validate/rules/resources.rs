//! Resolves references within one document: base URIs, anchors and JSON pointers.

use std::collections::{HashMap, HashSet};

use jsonptr::{Pointer, PointerBuf};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::validate::rules::draft::Draft;

/// The schema resources of a document and their anchors.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    /// Each resource's base URI and the JSON pointer of its root.
    pub list: Vec<(String, PointerBuf)>,
    /// The resources by base URI, apart from that of the document.
    by_uri: HashMap<String, usize>,
    /// `$anchor` and `$dynamicAnchor`, by resource and name.
    anchors: HashMap<(usize, String), PointerBuf>,
    /// `$dynamicAnchor` alone.
    pub dynamic: Vec<(usize, String, PointerBuf)>,
    /// The names and places of `$dynamicAnchor`.
    dynamic_places: HashSet<(String, PointerBuf)>,
    /// The resource of every schema, by JSON pointer.
    by_schema: HashMap<PointerBuf, usize>,
}

/// The keywords whose value is a schema.
const ONE: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// The keywords whose value is an array of schemas.
const LISTS: &[&str] = &["allOf", "anyOf", "items", "oneOf", "prefixItems"];
/// The keywords whose value is an object of schemas.
const MAPS: &[&str] = &[
    "$defs",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "patternProperties",
    "properties",
];

impl Resources {
    pub fn from_document(root: &Value, draft: Draft) -> Self {
        let mut resources = Self::default();
        resources.list.push((String::new(), PointerBuf::new()));
        let mut pending = vec![(root, PointerBuf::new(), 0)];
        while let Some((schema, pointer, around)) = pending.pop() {
            let before = pending.len();
            resources.visit(schema, pointer, around, draft, &mut pending);
            // In the order of the document.
            pending[before..].reverse();
        }
        resources
    }

    /// The resource that the schema at `pointer` belongs to: its own, or that of
    /// the nearest schema around it.
    pub fn resource(&self, pointer: &Pointer) -> usize {
        let mut around = std::iter::successors(Some(pointer), |inner| inner.parent());
        let resource = around.find_map(|schema| self.by_schema.get(schema));
        resource.copied().unwrap_or(0)
    }

    /// Whether the schema at `pointer` has the dynamic anchor `name`.
    pub fn is_dynamic(&self, name: &str, pointer: &PointerBuf) -> bool {
        let place = (name.to_owned(), pointer.clone());
        self.dynamic_places.contains(&place)
    }

    /// The JSON pointer that `reference`, found in `resource`, resolves to.
    pub fn target(&self, resource: usize, reference: &str) -> Option<PointerBuf> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = if uri.is_empty() {
            resource
        } else {
            let uri = join(&self.list[resource].0, uri);
            match self.list[0].0 == uri {
                true => 0,
                false => *self.by_uri.get(&uri)?,
            }
        };
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        let root = &self.list[resource].1;
        if fragment.is_empty() || fragment.starts_with('/') {
            return Some(root.concat(Pointer::parse(&fragment).ok()?));
        }
        self.anchors
            .get(&(resource, fragment.into_owned()))
            .cloned()
    }

    /// Adds a schema, and to `pending` those in it.
    fn visit<'s>(
        &mut self,
        schema: &'s Value,
        pointer: PointerBuf,
        around: usize,
        draft: Draft,
        pending: &mut Vec<(&'s Value, PointerBuf, usize)>,
    ) {
        let Value::Object(members) = schema else {
            self.by_schema.insert(pointer, around);
            return;
        };
        // In draft 7 everything beside `$ref` is ignored, `$id` as well.
        let only_refers = draft == Draft::Seven && members.contains_key("$ref");
        let id = members.get("$id").and_then(Value::as_str);
        let id = id.filter(|_| !only_refers).unwrap_or_default();
        let (uri, fragment) = id.split_once('#').unwrap_or((id, ""));
        let mut resource = around;
        if !uri.is_empty() {
            let uri = join(&self.list[around].0, uri);
            if pointer.is_root() {
                self.list[0].0 = uri;
            } else {
                resource = self.list.len();
                self.by_uri.entry(uri.clone()).or_insert(resource);
                self.list.push((uri, pointer.clone()));
            }
        }
        self.by_schema.insert(pointer.clone(), resource);
        if draft == Draft::Seven && !fragment.is_empty() {
            self.anchors
                .insert((resource, fragment.to_owned()), pointer.clone());
        }
        if draft == Draft::Latest {
            self.name(members, resource, &pointer);
        }
        for (key, value) in members {
            let pointer = || pointer.with_trailing_token(key.as_str());
            match value {
                Value::Array(items) if LISTS.contains(&key.as_str()) => {
                    let items = items.iter().enumerate();
                    pending.extend(items.map(|(index, item)| {
                        (item, pointer().with_trailing_token(index), resource)
                    }));
                }
                Value::Object(map) if MAPS.contains(&key.as_str()) => {
                    pending.extend(map.iter().map(|(name, value)| {
                        (
                            value,
                            pointer().with_trailing_token(name.as_str()),
                            resource,
                        )
                    }));
                }
                value if ONE.contains(&key.as_str()) => {
                    pending.push((value, pointer(), resource));
                }
                _ => {}
            }
        }
    }

    fn name(
        &mut self,
        members: &serde_json::Map<String, Value>,
        resource: usize,
        pointer: &Pointer,
    ) {
        for key in ["$anchor", "$dynamicAnchor"] {
            let Some(name) = members.get(key).and_then(Value::as_str) else {
                continue;
            };
            self.anchors
                .insert((resource, name.to_owned()), pointer.to_buf());
            if key == "$dynamicAnchor" {
                let dynamic = (resource, name.to_owned(), pointer.to_buf());
                self.dynamic.push(dynamic);
                let place = (name.to_owned(), pointer.to_buf());
                self.dynamic_places.insert(place);
            }
        }
    }
}

/// Resolves a URI reference without fragment against a base, as RFC 3986 §5.2.
fn join(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let scheme_end = base
        .find(':')
        .filter(|_| has_scheme(base))
        .map_or(0, |at| at + 1);
    let (scheme, rest) = base.split_at(scheme_end);
    if reference.starts_with("//") {
        return format!("{scheme}{reference}");
    }
    let path_start = match rest.strip_prefix("//") {
        Some(authority) => authority.find('/').map_or(rest.len(), |at| at + 2),
        None => 0,
    };
    let (authority, path) = rest.split_at(path_start);
    let path = path.split('?').next().unwrap_or_default();
    let joined = if reference.starts_with('/') {
        reference.to_owned()
    } else {
        let directory = path.rfind('/').map_or("", |at| &path[..=at]);
        let slash = if directory.is_empty() && !authority.is_empty() {
            "/"
        } else {
            ""
        };
        format!("{slash}{directory}{reference}")
    };
    format!("{scheme}{authority}{}", without_dots(&joined))
}

fn has_scheme(uri: &str) -> bool {
    let scheme = uri.split(['/', '?', '#']).next().unwrap_or_default();
    scheme.contains(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn without_dots(path: &str) -> String {
    if !path.split('/').any(|part| matches!(part, "." | "..")) {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if kept.len() > 1 => drop(kept.pop()),
            ".." => {}
            part => kept.push(part),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn references_are_resolved_as_the_standard_says() {
        let cases = [
            ("http://a/b/c", "d", "http://a/b/d"),
            ("http://a/b/c", "/d", "http://a/d"),
            ("http://a/b/c", "../d", "http://a/d"),
            ("http://a/b/c/", "./d", "http://a/b/c/d"),
            ("http://a", "d", "http://a/d"),
            ("http://a/b", "//x/y", "http://x/y"),
            ("http://a/b", "urn:x:y", "urn:x:y"),
            ("", "d.json", "d.json"),
            ("d.json", "e.json", "e.json"),
        ];
        for (base, reference, expected) in cases {
            assert_eq!(
                join(base, reference),
                expected,
                "{reference} against {base}"
            );
        }
    }
}
