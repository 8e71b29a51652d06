//! Every schema of a document, as it is written.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::keywords::{Form, keyword};

/// A schema with members, and where it stands.
pub(crate) struct Schema<'d> {
    pub pointer: String,
    /// The place of the schema that it is part of, or its own.
    pub root: String,
    pub members: &'d Map<String, Value>,
    /// The same, as a value.
    pub value: &'d Value,
    /// Whether it says something only together with others, as in `allOf`.
    pub is_branch: bool,
}

impl<'d> Schema<'d> {
    pub fn get(&self, name: &str) -> Option<&'d Value> {
        self.members.get(name)
    }

    /// The place of a member.
    pub fn below(&self, name: &str) -> String {
        self.pointer.child(name)
    }
}

/// The schemas at `roots` and in them; and what is none where one has to be.
pub(super) fn all<'d>(
    json: &'d Value,
    roots: &BTreeSet<String>,
) -> (Vec<Schema<'d>>, Vec<(String, &'d Value)>) {
    let mut walk = Walk::default();
    // A schema within another one comes with it.
    for root in roots {
        if let Some(schema) = json.pointer(root)
            && !walk.seen.contains(root)
        {
            walk.schema(schema, root.clone(), root, false);
        }
    }
    (walk.schemas, walk.no_schemas)
}

#[derive(Default)]
struct Walk<'d> {
    schemas: Vec<Schema<'d>>,
    no_schemas: Vec<(String, &'d Value)>,
    seen: HashSet<String>,
}

impl<'d> Walk<'d> {
    fn schema(&mut self, value: &'d Value, pointer: String, root: &str, is_branch: bool) {
        let Value::Object(members) = value else {
            if !value.is_boolean() {
                self.no_schemas.push((pointer, value));
            }
            return;
        };
        self.seen.insert(pointer.clone());
        for (name, value) in members {
            if let Some(known) = keyword(name) {
                let below = pointer.child(name);
                self.below(known.form, name, value, &below, root);
            }
        }
        self.schemas.push(Schema {
            pointer,
            root: root.to_owned(),
            members,
            value,
            is_branch,
        });
    }

    /// The schemas in the value of a keyword.
    fn below(&mut self, form: Form, name: &str, value: &'d Value, below: &str, root: &str) {
        const BRANCHES: [&str; 7] = ["allOf", "anyOf", "else", "if", "not", "oneOf", "then"];
        let is_branch = BRANCHES.contains(&name);
        match (form, value) {
            (Form::Schema | Form::SchemaOrSchemas, Value::Object(_)) => {
                self.schema(value, below.to_owned(), root, is_branch);
            }
            (Form::Schemas | Form::SchemaOrSchemas, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.schema(item, below.child(index), root, is_branch);
                }
            }
            (Form::NamedSchemas, Value::Object(named)) => {
                for (name, value) in named {
                    self.schema(value, below.child(name), root, false);
                }
            }
            _ => {}
        }
    }
}
