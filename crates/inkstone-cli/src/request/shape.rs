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
                // Who asks for pictures here is told before; what came along all the same is at
                // the place that `picture` names, for the document to refuse it.
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
            Self::Messages => format!("/input/messages/0/content/{index}"),
            Self::Prompt => format!("/input/image/{index}"),
        }
    }
}

/// Where a request has its pictures.
pub fn picture_pointers(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |pointer: String, image: &Value| {
        if image.is_string() {
            found.push(pointer);
        }
    };
    match &body["image"] {
        Value::Array(images) => {
            for (index, image) in images.iter().enumerate() {
                add(format!("/image/{index}"), image);
            }
        }
        image => add("/image".to_owned(), image),
    }
    let messages = body["input"]["messages"].as_array();
    for (message, value) in messages.into_iter().flatten().enumerate() {
        let parts = value["content"].as_array();
        for (part, value) in parts.into_iter().flatten().enumerate() {
            let pointer = format!("/input/messages/{message}/content/{part}/image");
            add(pointer, &value["image"]);
        }
    }
    found
}
