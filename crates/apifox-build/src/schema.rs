//! A schema in its document.

use apifox_runtime::Draft;
use serde_json::{Map, Value};

use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::{JsonType, SchemaRef};

use crate::model::Docs;

/// A schema, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Schema<'d> {
    pub value: &'d Value,
    pub pointer: String,
    pub draft: Draft,
    /// How much of it is looked at.
    pub view: View,
}

/// How much of a schema is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// Only what it says of one type, as if `type` named that alone.
    pub only: Option<JsonType>,
    /// Only what Rust types can enforce; a guard enforces the rest.
    pub weakened: bool,
    /// The schema was merged from others and stands nowhere in the document.
    pub merged: bool,
}

impl<'d> Schema<'d> {
    pub fn new(value: &'d Value, pointer: String) -> Self {
        Self {
            value,
            pointer,
            draft: Draft::Latest,
            view: View::default(),
        }
    }

    /// The schema and its place, as `apifox-document` knows them.
    pub fn located(&self) -> SchemaRef<'_> {
        SchemaRef {
            value: self.value,
            pointer: &self.pointer,
        }
    }

    /// The same schema, looked at less closely.
    pub fn viewed(&self, view: View) -> Self {
        let view = View {
            only: view.only.or(self.view.only),
            weakened: view.weakened || self.view.weakened,
            merged: view.merged || self.view.merged,
        };
        Self {
            view,
            ..self.clone()
        }
    }

    /// The keyword `name`'s value.
    pub fn get(&self, name: &str) -> Option<&'d Value> {
        self.value.get(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The schema that is the value of the keyword `name`.
    pub fn child(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(self.at(value, name))
    }

    /// The count that is the value of the keyword `name`, such as `minItems`; JSON
    /// Schema lets it be written `2.0`.
    pub fn count(&self, name: &str) -> Option<u64> {
        let value = self.get(name)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count too large for 64 bits is as good as the largest"
        )]
        let rounded = |float| float as u64;
        value.as_u64().or_else(|| value.as_f64().map(rounded))
    }

    /// The schemas in the array that is the value of the keyword `name`.
    pub fn children(&self, name: &str) -> Vec<Self> {
        let items = self.get(name).and_then(Value::as_array);
        let items = items.map_or(&[][..], Vec::as_slice);
        let at = |(index, value)| self.at(value, &format!("{name}/{index}"));
        items.iter().enumerate().map(at).collect()
    }

    /// The members of the object that is the value of the keyword `name`.
    pub fn members(&self, name: &str) -> Vec<(&'d str, Self)> {
        let Some(members) = self.get(name).and_then(Value::as_object) else {
            return Vec::new();
        };
        let at = |(key, value): (&'d String, &'d Value)| {
            let step = name.child(key);
            (key.as_str(), self.at(value, &step))
        };
        members.iter().map(at).collect()
    }

    fn at(&self, value: &'d Value, step: &str) -> Self {
        Self {
            value,
            pointer: format!("{}/{step}", self.pointer),
            draft: self.draft,
            view: View {
                merged: self.view.merged,
                ..View::default()
            },
        }
    }

    /// The keywords of a schema that is an object; none of one that is a boolean.
    pub fn keywords(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let keywords = self.value.as_object().into_iter().flat_map(Map::keys);
        keywords.map(String::as_str)
    }

    pub fn docs(&self) -> Docs {
        let text = |name| {
            let text = self.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Docs {
            title: text("title"),
            description: text("description"),
            default: self.get("default").cloned(),
            is_deprecated: self.get("deprecated") == Some(&Value::Bool(true)),
            pointer: self.pointer.clone(),
        }
    }

    /// The types that `type` names, all where it is missing.
    pub fn types(&self) -> Vec<JsonType> {
        let named = self.get("type").and_then(JsonType::list);
        let named = named.unwrap_or_else(|| JsonType::ALL.to_vec());
        match self.view.only {
            Some(only) => vec![only],
            None => named,
        }
    }

    pub fn names_a_type(&self) -> bool {
        self.has("type") || self.view.only.is_some()
    }

    /// The schemas of an array's items, where there is one for each and no more
    /// and no fewer items may be there.
    pub fn tuple(&self) -> Option<Vec<Self>> {
        let (prefix, rest) = match self.draft {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven => ("items", "additionalItems"),
        };
        let items = self.children(prefix);
        let length = items.len() as f64;
        let count = |name| self.get(name).and_then(Value::as_f64);
        let is_full = count("minItems") == Some(length);
        let is_closed = self.get(rest) == Some(&Value::Bool(false));
        let is_bounded = count("maxItems") == Some(length)
            || is_closed && count("maxItems").is_none_or(|most| most >= length);
        let is_plain = !self.has("contains") && self.get("uniqueItems") != Some(&true.into());
        (!items.is_empty() && is_full && is_bounded && is_plain).then_some(items)
    }
}
