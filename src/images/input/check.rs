//! Checks the pictures in a request against the keyword `x-image` of its document.

use std::collections::HashSet;

use apifox_runtime::{DataUri, Node, Operation, Path, Violation};
use serde_json::{Value, json};

use super::input_image::InputImage;
use super::limits::{ImageLimits, violation};
use crate::body_schema::{IMAGE_LIMITS, body_schema};

/// The member of a request that has its body, where there are parameters as well.
const BODY: &str = "body";

/// Keywords whose schemas are about the same value.
const SAME: [&str; 3] = ["if", "then", "else"];
/// Keywords with lists of such schemas.
const SAME_LISTED: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Every limit that a picture in `request` is beyond, by the keyword `x-image` of
/// the operation's document.
///
/// Only pictures that are in the request, as data URIs, can be checked.
/// [`Client::send`](crate::Client::send) does so before it sends anything.
#[must_use]
pub fn check_images(operation: &Operation, request: &Node<'_>) -> Vec<Violation> {
    // Most requests bring none along, and most documents take none: those are not worth
    // reading again.
    if !has_picture(request) || !operation.document.contains(IMAGE_LIMITS) {
        return Vec::new();
    }
    let Some(schema) = body_schema(operation) else {
        return Vec::new();
    };
    match operation.parameters {
        Some(_) => check(&json!({"properties": {BODY: schema}}), request),
        None => check(&schema, request),
    }
}

/// Every limit that a picture in `body` is beyond, by the keyword `x-image` of `schema`, in which
/// references start.
#[must_use]
pub fn check_images_by(schema: &Value, body: &Node<'_>) -> Vec<Violation> {
    match has_picture(body) {
        true => check(schema, body),
        false => Vec::new(),
    }
}

/// Whether there is a data URI anywhere in a value.
fn has_picture(node: &Node<'_>) -> bool {
    match node {
        Node::String(text) => DataUri::is_data_uri(text),
        Node::Array(items) => items.iter().any(has_picture),
        Node::Object(members) => members.iter().any(|(_, member)| has_picture(member)),
        Node::Null | Node::Bool(_) | Node::Number(_) => false,
    }
}

fn check(schema: &Value, request: &Node<'_>) -> Vec<Violation> {
    let mut walk = Walk {
        root: schema,
        been: HashSet::new(),
        violations: Vec::new(),
    };
    walk.go(schema, request, "");
    walk.violations
}

/// Schema and value, walked together.
struct Walk<'a> {
    root: &'a Value,
    /// Which schemas were held against which values: a schema may refer to itself.
    been: HashSet<(*const Value, String)>,
    violations: Vec<Violation>,
}

impl<'a> Walk<'a> {
    fn go(&mut self, schema: &'a Value, node: &Node<'_>, pointer: &str) {
        let Value::Object(keywords) = schema else {
            return;
        };
        if !self.been.insert((schema, pointer.to_owned())) {
            return;
        }
        if let (Some(limits), Node::String(text)) = (keywords.get(IMAGE_LIMITS), node) {
            self.picture(limits, text, pointer);
        }
        if let Some(target) = keywords
            .get("$ref")
            .and_then(|reference| self.target(reference))
        {
            self.go(target, node, pointer);
        }
        for keyword in SAME {
            if let Some(schema) = keywords.get(keyword) {
                self.go(schema, node, pointer);
            }
        }
        for keyword in SAME_LISTED {
            let listed = keywords.get(keyword).and_then(Value::as_array);
            for schema in listed.into_iter().flatten() {
                self.go(schema, node, pointer);
            }
        }
        self.below(schema, node, pointer);
    }

    /// The members of an object, or the items of an array.
    fn below(&mut self, schema: &'a Value, node: &Node<'_>, pointer: &str) {
        match node {
            Node::Object(members) => {
                for (name, member) in members {
                    let named = schema
                        .get("properties")
                        .and_then(|properties| properties.get(&**name));
                    if let Some(schema) = named.or_else(|| schema.get("additionalProperties")) {
                        let step = Path::ROOT.key(name);
                        self.go(schema, member, &format!("{pointer}{step}"));
                    }
                }
            }
            Node::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Some(schema) = item_schema(schema, index) {
                        self.go(schema, item, &format!("{pointer}/{index}"));
                    }
                }
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => {}
        }
    }

    /// The schema that a `$ref` within the document leads to.
    fn target(&self, reference: &Value) -> Option<&'a Value> {
        let pointer = reference.as_str()?.strip_prefix('#')?;
        self.root.pointer(pointer)
    }

    fn picture(&mut self, limits: &Value, text: &str, pointer: &str) {
        // Whether a URL is one is up to the schema; the picture is not here.
        if !DataUri::is_data_uri(text) {
            return;
        }
        let limits = ImageLimits::parse(limits);
        match InputImage::from_uri(text) {
            Ok(image) => {
                let found = limits.map(|limits| limits.violations(&image, pointer));
                self.violations.extend(found.into_iter().flatten());
            }
            Err(error) => {
                let (expected, found) = ("a whole picture".to_owned(), format!("one that {error}"));
                self.violations.push(violation(pointer, expected, found));
            }
        }
    }
}

/// The schema for the item at `index`, by either draft.
fn item_schema(schema: &Value, index: usize) -> Option<&Value> {
    let prefix = schema.get("prefixItems").and_then(|items| items.get(index));
    prefix.or_else(|| match schema.get("items")? {
        Value::Array(items) => items.get(index).or_else(|| schema.get("additionalItems")),
        items => Some(items),
    })
}

#[cfg(test)]
mod tests {
    use apifox_runtime::Node;
    use serde_json::{Value, json};

    use super::check;

    /// A black PNG of 2 by 1 pixels.
    const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAC0lEQVR4nGNgAAMAAAcAAbKGrPQAAAAASUVORK5CYII=";

    /// A schema, a value, and where pictures in it break the schema.
    fn cases() -> Vec<(Value, Value, Vec<&'static str>)> {
        let image = json!({"type": "string", "x-image": {"side": {"minimum": 2}}});
        let in_list = json!({"properties": {"a": {"items": image}}});
        vec![
            (image.clone(), json!(PICTURE), vec![""]),
            (
                json!({"properties": {"a/b": image}}),
                json!({"a/b": PICTURE}),
                vec!["/a~1b"],
            ),
            (
                json!({"additionalProperties": image}),
                json!({"a": PICTURE}),
                vec!["/a"],
            ),
            (
                in_list.clone(),
                json!({"a": [PICTURE, "https://a", PICTURE]}),
                vec!["/a/0", "/a/2"],
            ),
            (in_list, json!({"a": PICTURE}), vec![]),
            (
                json!({"prefixItems": [true, image]}),
                json!([PICTURE, PICTURE]),
                vec!["/1"],
            ),
            (
                json!({"items": [true, image]}),
                json!([PICTURE, PICTURE, PICTURE]),
                vec!["/1"],
            ),
            (
                json!({"oneOf": [true, {"items": image}]}),
                json!([PICTURE]),
                vec!["/0"],
            ),
            (json!({"if": true, "then": image}), json!(PICTURE), vec![""]),
            // Once, however many ways lead there.
            (
                json!({"$defs": {"a": image}, "$ref": "#/$defs/a", "allOf": [{"$ref": "#/$defs/a"}]}),
                json!(PICTURE),
                vec![""],
            ),
            // A schema that refers to itself.
            (
                json!({
                    "anyOf": [{"$ref": "#"}, image],
                    "properties": {"a": {"$ref": "#"}},
                    "items": {"$ref": "#"},
                }),
                json!({"a": [{"a": PICTURE}]}),
                vec!["/a/0/a"],
            ),
            (json!({"$ref": "#/nowhere"}), json!(PICTURE), vec![]),
            (json!(true), json!(PICTURE), vec![]),
        ]
    }

    #[test]
    fn pictures_are_found_wherever_a_schema_says_that_they_are() {
        for (schema, value, expected) in cases() {
            let found = check(&schema, &Node::from(&value));
            let pointers: Vec<_> = found
                .iter()
                .map(|violation| violation.pointer.as_str())
                .collect();
            assert_eq!(pointers, expected, "{schema}");
            assert!(
                found.iter().all(|violation| violation.keyword == "x-image"),
                "{schema}"
            );
        }
    }
}
