//! Every schema of a document, as it is written.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, member};
use apifox_document::schema::subschemas;

/// Where a schema is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaPlace {
    /// The pointer to the outermost schema around it, or to itself.
    pub root: String,
    pub pointer: String,
}

impl SchemaPlace {
    /// A schema that is not part of another one.
    pub fn root(pointer: &str) -> Self {
        Self {
            root: pointer.to_owned(),
            pointer: pointer.to_owned(),
        }
    }
}

/// A schema with members, and where it is.
pub(crate) struct Schema<'d> {
    pub place: SchemaPlace,
    pub members: &'d Map<String, Value>,
    /// The same, as a value.
    pub value: &'d Value,
    /// Whether it only means something together with others, as in `allOf`.
    pub is_branch: bool,
}

impl<'d> Schema<'d> {
    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&'d Value> {
        member(self.members, name)
    }

    pub fn pointer(&self) -> &str {
        &self.place.pointer
    }

    /// The pointer to a member.
    pub fn member_pointer(&self, name: &str) -> String {
        self.place.pointer.child(name)
    }
}

/// The schemas at `roots` and in them; and the values that are not schemas where a schema
/// has to be, by pointer.
pub(super) fn find_schemas<'d>(
    json: &'d Value,
    roots: &BTreeSet<String>,
) -> (Vec<Schema<'d>>, Vec<(String, &'d Value)>) {
    let mut walk = Walk::default();
    for root in roots {
        // One root may be part of another.
        if let Some(schema) = json.value_at(root)
            && !walk.seen.contains(root)
        {
            walk.schema(schema, SchemaPlace::root(root), false);
        }
    }
    (walk.schemas, walk.invalid_schemas)
}

/// The keywords whose schemas only mean something together with the one around them.
const BRANCHES: [&str; 7] = ["allOf", "anyOf", "else", "if", "not", "oneOf", "then"];

#[derive(Default)]
struct Walk<'d> {
    schemas: Vec<Schema<'d>>,
    invalid_schemas: Vec<(String, &'d Value)>,
    seen: HashSet<String>,
}

impl<'d> Walk<'d> {
    fn schema(&mut self, value: &'d Value, place: SchemaPlace, is_branch: bool) {
        let Value::Object(members) = value else {
            if !value.is_boolean() {
                self.invalid_schemas.push((place.pointer, value));
            }
            return;
        };
        self.seen.insert(place.pointer.clone());
        for subschema in subschemas(members) {
            let inner = SchemaPlace {
                pointer: format!("{}{}", place.pointer, subschema.pointer),
                root: place.root.clone(),
            };
            let is_branch = BRANCHES.contains(&subschema.keyword);
            self.schema(subschema.value, inner, is_branch);
        }
        self.schemas.push(Schema {
            place,
            members,
            value,
            is_branch,
        });
    }
}
