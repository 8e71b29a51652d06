//! Which field of a rendered page stands in which: the text does not indent them, but a sample
//! shows it.

use serde_json::{Map, Value, json};

use super::fields::Field;

/// A schema, and the fields that may stand in an object above them or beside it. They are left
/// out of it.
pub(super) struct Described {
    pub schema: Value,
    pub unplaced: Vec<String>,
}

/// The object that fields describe, nested as in the sample.
pub(super) fn schema_of(fields: &[Field], sample: Option<&Value>) -> Described {
    let mut nesting = Nesting {
        fields,
        at: 0,
        unplaced: Vec::new(),
    };
    let sample = sample.map(first_item);
    let mut object = Members::default();
    nesting.members(&mut object, sample, 0);
    Described {
        schema: object.schema(),
        unplaced: nesting.unplaced,
    }
}

/// How deeply objects may lie in each other.
const DEEPEST: usize = 32;

struct Nesting<'f> {
    fields: &'f [Field],
    /// The field that is read next.
    at: usize,
    unplaced: Vec<String>,
}

/// The fields of one object.
#[derive(Default)]
struct Members {
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl Members {
    fn schema(self) -> Value {
        let mut schema = json!({"type": "object", "properties": self.properties});
        if !self.required.is_empty() {
            schema["required"] = self.required.into();
        }
        schema
    }
}

impl Nesting<'_> {
    /// Reads the fields of an object; of an inner one, as long as its sample has them.
    fn members(&mut self, object: &mut Members, sample: Option<&Value>, depth: usize) {
        let mut follows_object = false;
        while let Some(field) = self.fields.get(self.at) {
            let shown = sample.and_then(|sample| sample.get(&field.name));
            let is_new = !object.properties.contains_key(&field.name);
            if depth > 0 && (shown.is_none() || !is_new) {
                return;
            }
            self.at += 1;
            if shown.is_none() && follows_object {
                self.unplaced.push(field.name.clone());
                continue;
            }
            let mut schema = field.schema.clone();
            follows_object = self.within(&mut schema, shown, depth);
            if !field.description.is_empty() {
                schema["description"] = field.description.as_str().into();
            }
            if field.is_required {
                object.required.push(field.name.as_str().into());
            }
            object.properties.insert(field.name.clone(), schema);
        }
    }

    /// Reads the fields of an object or of the items of an array; returned is whether `schema`
    /// is one of these.
    fn within(&mut self, schema: &mut Value, shown: Option<&Value>, depth: usize) -> bool {
        let holder = match schema["type"].as_str() {
            Some("object") => schema,
            Some("array") if schema["items"]["type"] == "object" => &mut schema["items"],
            _ => return false,
        };
        let shown = shown.map(first_item).filter(|shown| shown.is_object());
        if shown.is_some() && depth < DEEPEST {
            let mut inner = Members::default();
            self.members(&mut inner, shown, depth + 1);
            *holder = inner.schema();
        }
        true
    }
}

/// The first item of an array, or the value itself.
fn first_item(value: &Value) -> &Value {
    match value {
        Value::Array(items) => items.first().unwrap_or(value),
        value => value,
    }
}
