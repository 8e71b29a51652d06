//! What documents say of listed values, each generator's in its own way.

use std::collections::HashMap;

use serde_json::Value;

use crate::annotate::given_names::{KEYWORD, KEYWORD_OF_VALUES};
use crate::model::Docs;
use crate::names;
use crate::schema::Schema;

/// Lists of names, one for each value of `enum`.
const NAMES: [&str; 4] = [
    "x-enum-varnames",
    "x-enumNames",
    "x-enum-names",
    "x-speakeasy-enums",
];

/// Lists of descriptions, one for each value of `enum`, or objects of such by value.
const DESCRIPTIONS: [&str; 3] = ["x-enum-descriptions", "x-enumDescriptions", "x-enumdesc"];

/// What a document says of listed values.
#[derive(Debug, Default)]
pub(super) struct Described(HashMap<String, Words>);

/// What is said of one value.
#[derive(Debug, Default)]
struct Words {
    /// The name that a caller gives it.
    given: Option<String>,
    /// A name that is meant for code.
    name: Option<String>,
    title: Option<String>,
    description: Option<String>,
    is_deprecated: bool,
}

impl Described {
    pub fn new(schema: &Schema<'_>) -> Self {
        let mut described = Self::default();
        described.add_entries(schema.get("x-apifox-enum"), "name");
        let named = schema.get("x-ms-enum");
        described.add_entries(named.and_then(|named| named.get("values")), "name");
        described.add_lists(schema);
        described
    }

    /// The same of one of several alternatives, whose own words are those of its value if
    /// it has only one.
    pub fn of_alternative(schema: &Schema<'_>) -> Self {
        let mut described = Self::new(schema);
        described.add_only(schema);
        described
    }

    /// Objects with a `value`, a name and a `description`.
    fn add_entries(&mut self, entries: Option<&Value>, name: &str) {
        for entry in entries.and_then(Value::as_array).into_iter().flatten() {
            let Some(value) = entry.get("value") else {
                continue;
            };
            let words = Words {
                given: None,
                name: None,
                title: text(entry.get(name)).filter(|name| value.as_str() != Some(name)),
                description: text(entry.get("description")),
                is_deprecated: is_true(entry.get("deprecated")),
            };
            self.0.entry(value.to_string()).or_insert(words);
        }
    }

    /// Lists beside `enum`, which go by its order.
    fn add_lists(&mut self, schema: &Schema<'_>) {
        let listed = schema.get("enum").and_then(Value::as_array);
        let find = |names: &[&str]| names.iter().find_map(|name| schema.get(name));
        let (names, descriptions) = (find(&NAMES), find(&DESCRIPTIONS));
        let given = schema.get(KEYWORD_OF_VALUES);
        if [names, descriptions, given].iter().all(Option::is_none) {
            return;
        }
        for (at, value) in listed.into_iter().flatten().enumerate() {
            let words = self.0.entry(value.to_string()).or_default();
            words.given = text(given.and_then(|names| names.get(at)));
            words.name = text(names.and_then(|names| names.get(at)));
            let by_value = value.as_str().and_then(|name| descriptions?.get(name));
            let by_place = || descriptions.and_then(|list| list.get(at));
            let said = text(by_value.or_else(by_place));
            words.description = said.or(words.description.take());
        }
    }

    fn add_only(&mut self, schema: &Schema<'_>) {
        let listed = schema.get("enum").and_then(Value::as_array);
        let only = match listed.map(Vec::as_slice) {
            Some([only]) => Some(only),
            _ => schema.get("const"),
        };
        if let Some(only) = only {
            let words = self.0.entry(only.to_string()).or_default();
            words.given = text(schema.get(KEYWORD)).or(words.given.take());
            let title = text(schema.get("title")).filter(|title| only.as_str() != Some(title));
            words.title = words.title.take().or(title);
            let description = text(schema.get("description"));
            words.description = words.description.take().or(description);
            words.is_deprecated |= is_true(schema.get("deprecated"));
        }
    }

    /// What a variant is called after: the name that the document has for it in code, the
    /// value itself where it is a string, or else its title.
    pub fn name(&self, value: &Value) -> Value {
        let words = self.0.get(&value.to_string());
        let named = words.and_then(|words| words.name.clone());
        let titled = || words.and_then(|words| words.title.clone());
        let is_number = value.is_number();
        let name = named.or_else(|| titled().filter(|title| is_number && is_word(title)));
        name.map_or_else(|| value.clone(), Value::String)
    }

    /// The name that a caller gives a variant.
    pub fn given(&self, value: &Value) -> Option<String> {
        let given = self.0.get(&value.to_string())?.given.clone();
        given.filter(|name| names::is_free(name))
    }

    pub fn docs(&self, value: &Value) -> Docs {
        let words = self.0.get(&value.to_string());
        Docs {
            title: words.and_then(|words| words.title.clone()),
            description: words.and_then(|words| words.description.clone()),
            is_deprecated: words.is_some_and(|words| words.is_deprecated),
            ..Docs::default()
        }
    }
}

/// Whether a title makes a name: it begins with a letter, and is short.
fn is_word(title: &str) -> bool {
    const LONGEST: usize = 30;
    title.starts_with(char::is_alphabetic) && title.chars().count() <= LONGEST
}

fn is_true(value: Option<&Value>) -> bool {
    value == Some(&Value::Bool(true))
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
