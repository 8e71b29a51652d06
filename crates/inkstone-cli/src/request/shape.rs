//! Where the bodies of an operation hold what a command's flags ask for.

use inkstone::Operation;
use serde_json::{Map, Value, json};

use crate::request::document;

/// Where a body holds its prompt, and with it everything else.
pub enum Shape {
    /// At the top level, like every field.
    Flat,
    /// In a message, together with the pictures; the other fields are parameters.
    Messages,
    /// In `input`; the other fields are parameters.
    Prompt,
}

impl Shape {
    pub fn for_operation(operation: &Operation) -> Self {
        Self::of_schema(&document::request_schema(operation))
    }

    /// The shape of the bodies that have this schema.
    pub fn of_schema(schema: &Value) -> Self {
        let has = |pointer| schema.pointer(pointer).is_some();
        if has("/properties/input/properties/prompt") {
            Self::Prompt
        } else if has("/properties/input") {
            Self::Messages
        } else {
            Self::Flat
        }
    }

    /// Whether bodies with this schema may have pictures.
    pub fn takes_pictures(&self, schema: &Value) -> bool {
        match self {
            Self::Flat => schema.pointer("/properties/image").is_some(),
            Self::Messages => schema.to_string().contains("\"image\""),
            Self::Prompt => false,
        }
    }

    /// The pointer to the object with the size and the number of pictures.
    pub fn parent(&self) -> &'static str {
        match self {
            Self::Flat => "",
            Self::Messages | Self::Prompt => "/parameters",
        }
    }

    /// What the schema of a body says of one of these.
    pub fn parameter<'a>(&self, schema: &'a Value, name: &str) -> Option<&'a Value> {
        let object = match self {
            Self::Flat => schema,
            Self::Messages | Self::Prompt => schema.pointer("/properties/parameters")?,
        };
        object.get("properties")?.get(name)
    }

    /// The object with these in a body, which is added where it is missing.
    pub fn parameters_mut<'a>(&self, body: &'a mut Value) -> Option<&'a mut Map<String, Value>> {
        let members = body.as_object_mut()?;
        match self {
            Self::Flat => Some(members),
            Self::Messages | Self::Prompt => {
                let parameters = members.entry("parameters").or_insert_with(|| json!({}));
                parameters.as_object_mut()
            }
        }
    }

    /// The body with these fields and pictures.
    pub fn arrange(&self, mut fields: Map<String, Value>, images: &[String]) -> Value {
        let input = match self {
            Self::Flat => {
                match images {
                    [] => {}
                    [image] => drop(fields.insert("image".to_owned(), json!(image))),
                    images => drop(fields.insert("image".to_owned(), json!(images))),
                }
                return fields.into();
            }
            Self::Messages => {
                let images = images.iter().map(|image| json!({"image": image}));
                let prompt = fields.shift_remove("prompt");
                let text = prompt.map(|prompt| json!({"text": prompt}));
                let content: Vec<Value> = images.chain(text).collect();
                json!({"messages": [{"role": "user", "content": content}]})
            }
            Self::Prompt => {
                let own = ["prompt", "negative_prompt"].into_iter();
                let own = own.filter_map(|name| fields.shift_remove_entry(name));
                let mut input: Map<String, Value> = own.collect();
                // No such document takes pictures, and its check says so.
                if !images.is_empty() {
                    input.insert("image".to_owned(), json!(images));
                }
                input.into()
            }
        };
        let mut body: Map<_, _> = fields.shift_remove_entry("model").into_iter().collect();
        body.insert("input".to_owned(), input);
        if !fields.is_empty() {
            body.insert("parameters".to_owned(), fields.into());
        }
        body.into()
    }

    /// Where [`arrange`](Self::arrange) puts a field, beside so many pictures.
    pub fn place(&self, field: &str, images: usize) -> String {
        match (self, field) {
            (Self::Flat, _) | (_, "model") => format!("/{field}"),
            (Self::Messages, "prompt") => self.picture(images, images),
            (Self::Prompt, "prompt" | "negative_prompt") => format!("/input/{field}"),
            _ => format!("/parameters/{field}"),
        }
    }

    /// Where it puts a picture of so many.
    pub fn picture(&self, index: usize, images: usize) -> String {
        match self {
            Self::Flat if images == 1 => "/image".to_owned(),
            Self::Flat => format!("/image/{index}"),
            Self::Messages | Self::Prompt => format!("/input/messages/0/content/{index}"),
        }
    }

    /// The pictures that a body brings along, each of which may be billed.
    pub fn inputs(&self, body: &Value) -> u32 {
        let count = match self {
            Self::Prompt => 0,
            Self::Flat => match &body["image"] {
                Value::Array(images) => images.len(),
                Value::String(_) => 1,
                _ => 0,
            },
            Self::Messages => {
                let messages = body["input"]["messages"].as_array();
                let parts = messages.into_iter().flatten();
                let parts = parts.flat_map(|message| message["content"].as_array());
                parts
                    .flatten()
                    .filter(|part| part.get("image").is_some())
                    .count()
            }
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// The places of the pictures in a request, with their pointers.
pub fn picture_places(body: &mut Value) -> Vec<(String, &mut Value)> {
    let mut places = Vec::new();
    let Some(members) = body.as_object_mut() else {
        return places;
    };
    for (name, member) in members {
        match (name.as_str(), member) {
            ("image", Value::Array(images)) => {
                let images = images.iter_mut().enumerate();
                places.extend(images.map(|(index, image)| (format!("/image/{index}"), image)));
            }
            ("image", image) => places.push(("/image".to_owned(), image)),
            ("input", input) => places.extend(pictures_of_messages(input)),
            _ => {}
        }
    }
    places
}

fn pictures_of_messages(input: &mut Value) -> Vec<(String, &mut Value)> {
    let mut places = Vec::new();
    let messages = input.get_mut("messages").and_then(Value::as_array_mut);
    for (message, value) in messages.into_iter().flatten().enumerate() {
        let parts = value.get_mut("content").and_then(Value::as_array_mut);
        for (part, value) in parts.into_iter().flatten().enumerate() {
            if let Some(image) = value.get_mut("image") {
                let pointer = format!("/input/messages/{message}/content/{part}/image");
                places.push((pointer, image));
            }
        }
    }
    places
}
