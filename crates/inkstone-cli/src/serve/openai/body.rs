//! From the fields of a request to the body that the API wants, and back from a place in
//! that body to the field.

use inkstone::{Operation, Violation};
use serde_json::{Map, Value, json};

use crate::request::shape::Shape;
use crate::request::{document, required_fields, size_separator};
use crate::serve::openai::fields::Fields;

/// The body for an operation, and where its values came from.
pub struct Body {
    pub json: Value,
    shape: Shape,
    /// How many pictures come before the prompt.
    images: usize,
    /// Whether the caller wrote it in the API's own shape.
    is_native: bool,
}

impl Body {
    /// The body that the fields ask for, not checked yet.
    pub fn build(operation: &Operation, model: &str, fields: &Fields) -> Self {
        let schema = document::request_schema(operation);
        let shape = Shape::of_schema(&schema);
        let mut others = fields.others.clone();
        if fields.is_form {
            read_texts(&shape, &schema, &mut others);
        }
        let is_native = others.contains_key("input");
        others.insert("model".to_owned(), model.into());
        let mut json = match is_native {
            true => Value::Object(others),
            false => shape.arrange(others, &fields.images),
        };
        required_fields::fill_in(&schema, &mut json);
        size_separator::adapt(operation, &mut json, &format!("{}/size", shape.parent()));
        Self {
            json,
            shape,
            images: fields.images.len(),
            is_native,
        }
    }

    /// The field that a place in the body came from; `None` for the body as a whole.
    pub fn field(&self, pointer: &str) -> Option<String> {
        let below = match self.shape {
            Shape::Messages | Shape::Prompt if !self.is_native => {
                if let Some(place) = pointer.strip_prefix("/input/messages") {
                    return Some(self.message_field(place).to_owned());
                }
                let inner = ["/input", "/parameters"].iter();
                let inner = inner
                    .filter_map(|parent| pointer.strip_prefix(parent))
                    .next();
                inner.unwrap_or(pointer)
            }
            _ => pointer,
        };
        let name = below.strip_prefix('/')?;
        let name = name.replace("~1", "/").replace("~0", "~");
        Some(name)
    }

    /// The field that a place in the messages came from.
    fn message_field(&self, place: &str) -> &'static str {
        let part = place.strip_prefix("/0/content/").unwrap_or_default();
        let index = part.split('/').next().and_then(|index| index.parse().ok());
        match index {
            Some(index) if self.images > index => "image",
            _ => "prompt",
        }
    }

    /// The field that a violation is about.
    pub fn violated_field(&self, violation: &Violation) -> Option<String> {
        // Only the text names a missing field; the pointer is that of the object around it.
        let missing = match violation.keyword {
            "required" => violation.expected.split('"').nth(1),
            _ => None,
        };
        match missing {
            Some(name) => self.field(&format!("{}/{name}", violation.pointer)),
            None => self.field(&violation.pointer),
        }
    }
}

/// Reads the texts of a form that are numbers and the like by the schema.
fn read_texts(shape: &Shape, schema: &Value, fields: &mut Map<String, Value>) {
    for (name, value) in fields {
        let property = shape.parameter(schema, name);
        let keywords = property.map(|property| document::resolve(schema, property));
        let is_text = keywords.is_none_or(|keywords| match keywords.get("type") {
            Some(Value::String(only)) => only == "string",
            Some(Value::Array(types)) => types.contains(&json!("string")),
            _ => true,
        });
        let read = value.as_str().filter(|_| !is_text);
        if let Some(read) = read.and_then(|text| serde_json::from_str(text).ok()) {
            *value = read;
        }
    }
}
