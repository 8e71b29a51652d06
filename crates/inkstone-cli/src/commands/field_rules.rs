//! What a document accepts, field by field.

use serde_json::{Map, Value};

use crate::request::document::{DEEPEST, properties, required, resolve};

/// A field of a request, and the rules for it.
#[derive(Debug, PartialEq)]
pub struct Field {
    /// As in `parameters.size` or `input.messages[].role`.
    pub path: String,
    pub required: bool,
    /// The keywords of its schema that restrict it, or give its default.
    pub rules: Map<String, Value>,
}

/// The keywords that restrict a value, or give its default.
const RULES: [&str; 25] = [
    "type",
    "const",
    "enum",
    "anyOf",
    "oneOf",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "x-area",
    "x-aspect-ratio",
    "x-side",
    "x-truncated-length",
    "default",
];

/// Every field of the request that `schema` describes.
pub fn fields(schema: &Value) -> Vec<Field> {
    let mut walk = Walk {
        root: schema,
        fields: Vec::new(),
    };
    walk.members("", schema, DEEPEST);
    walk.fields
}

/// Whether `schema` accepts fields that it doesn't name.
pub fn is_open(schema: &Value) -> bool {
    resolve(schema, schema).get("additionalProperties") != Some(&Value::Bool(false))
}

struct Walk<'a> {
    root: &'a Value,
    fields: Vec<Field>,
}

impl Walk<'_> {
    /// The fields of an object, or of the items of an array of objects.
    fn members(&mut self, path: &str, schema: &Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let keywords = resolve(self.root, schema);
        let required = required(&keywords);
        for (name, property) in properties(&keywords) {
            let path = match path {
                "" => name.clone(),
                _ => format!("{path}.{name}"),
            };
            self.field(&path, required.contains(&name.as_str()), property, depth);
        }
        // A field that only one alternative requires is not required.
        for keyword in ["anyOf", "oneOf"] {
            let alternatives = keywords.get(keyword).and_then(Value::as_array);
            for alternative in alternatives.into_iter().flatten() {
                let from = self.fields.len();
                self.members(path, alternative, depth);
                for field in &mut self.fields[from..] {
                    field.required = false;
                }
            }
        }
    }

    fn field(&mut self, path: &str, required: bool, schema: &Value, depth: usize) {
        let keywords = resolve(self.root, schema);
        let rules = self.rules(&keywords);
        // An object is described by its fields alone.
        if !keywords.contains_key("properties") {
            self.fields.push(Field {
                path: path.to_owned(),
                required,
                rules,
            });
        }
        self.members(path, schema, depth);
        if let Some(items) = keywords.get("items") {
            self.members(&format!("{path}[]"), items, depth);
        }
    }

    fn rules(&self, keywords: &Map<String, Value>) -> Map<String, Value> {
        let rules = RULES.iter().filter_map(|keyword| {
            let value = keywords.get(*keyword)?;
            let value = match *keyword {
                "anyOf" | "oneOf" => self.alternatives(value),
                "contains" => Value::from(required(&resolve(self.root, value))),
                _ => value.clone(),
            };
            Some(((*keyword).to_owned(), value))
        });
        rules.collect()
    }

    fn alternatives(&self, value: &Value) -> Value {
        let alternatives = value.as_array().into_iter().flatten();
        alternatives
            .map(|schema| Value::from(self.rules(&resolve(self.root, schema))))
            .collect()
    }
}
