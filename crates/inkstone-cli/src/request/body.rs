//! From flags to the body of a request, in the shape that the API wants.

use inkstone::Operation;
use serde_json::{Map, Value, json};
use tr::tr;

use crate::args::request::RequestArgs;
use crate::error::CliError;
use crate::output::input::Input;
use crate::request::document;
use crate::request::input_image::Picture;
use crate::request::required_fields;
use crate::request::shape::Shape;
use crate::request::size_separator;
use crate::request::words::taken;

/// The body of a request, and the flag that each of its values came from.
pub struct Body {
    pub json: Value,
    /// The files that its pictures are from.
    pub inputs: Vec<Input>,
    origins: Vec<Origin>,
}

struct Origin {
    pointer: String,
    flag: String,
}

/// The body that the flags ask for, not checked yet.
pub fn build(operation: &Operation, model: &str, args: &RequestArgs) -> Result<Body, CliError> {
    let images = args.image.iter();
    let images = images.map(|given| Picture::find(given, &args.relative_to));
    let images = images.collect::<Result<Vec<_>, _>>()?;
    let inputs = images.iter().filter_map(Picture::input).collect();
    let shape = Shape::for_operation(operation);
    // Of a flat body, the document says whether it may have pictures.
    if !images.is_empty() && !matches!(shape, Shape::Flat) && !taken::takes_pictures(operation) {
        return Err(takes_no_images(model));
    }
    let mut body = match shape {
        Shape::Flat => flat(model, args, images),
        Shape::Messages => messages(model, args, images),
        Shape::Prompt => prompt(model, args),
    };
    for assignment in &args.set {
        let outermost = assignment.outermost_new(&body.json);
        assignment.apply(&mut body.json)?;
        body.note(&outermost, &assignment.flag());
        body.note(&assignment.pointer(), &assignment.flag());
    }
    body.inputs = inputs;
    required_fields::fill_in(&document::request_schema(operation), &mut body.json);
    if let Some(pointer) = body.pointer_to("--size") {
        size_separator::adapt(operation, &mut body.json, &pointer);
    }
    Ok(body)
}

/// The gateway's shape: every field at the top level.
fn flat(model: &str, args: &RequestArgs, images: Vec<Picture>) -> Body {
    let mut fields = vec![
        (
            "model",
            "--model",
            (!model.is_empty()).then(|| json!(model)),
        ),
        ("prompt", "PROMPT", args.prompt.as_deref().map(Value::from)),
    ];
    fields.extend(options(args));
    let uris = images.iter().map(|image| image.uri.clone()).collect();
    fields.push(("image", "--image", one_or_all(uris)));
    let mut body = Body::new();
    body.json = body.object("", fields);
    for (index, image) in images.iter().enumerate() {
        let pointer = match images.len() {
            1 => "/image".to_owned(),
            _ => format!("/image/{index}"),
        };
        body.note(&pointer, &image.flag);
    }
    body
}

/// DashScope's shape: a message of parts, and parameters.
fn messages(model: &str, args: &RequestArgs, images: Vec<Picture>) -> Body {
    const CONTENT: &str = "/input/messages/0/content";
    let mut body = Body::new();
    let mut content = Vec::new();
    for image in images {
        body.note(&format!("{CONTENT}/{}", content.len()), &image.flag);
        content.push(json!({"image": image.uri}));
    }
    body.note(&format!("{CONTENT}/{}", content.len()), "PROMPT");
    if let Some(prompt) = &args.prompt {
        content.push(json!({"text": prompt}));
    }
    body.note("/model", "--model");
    body.json = json!({
        "model": model,
        "input": {"messages": [{"role": "user", "content": content}]},
    });
    body.put_parameters(options(args));
    body
}

/// DashScope's older shape: the prompts in `input`, and parameters.
fn prompt(model: &str, args: &RequestArgs) -> Body {
    let mut body = Body::new();
    let is_input = |(name, ..): &Field| *name == "negative_prompt";
    let (negative_prompt, parameters) = options(args).into_iter().partition(is_input);
    let prompt = ("prompt", "PROMPT", args.prompt.as_deref().map(Value::from));
    let input = [vec![prompt], negative_prompt].concat();
    let input = body.object("/input", input);
    body.note("/model", "--model");
    body.json = json!({"model": model, "input": input});
    body.put_parameters(parameters);
    body
}

/// The error of pictures for a document that takes none.
fn takes_no_images(model: &str) -> CliError {
    let message = taken::not_taken(model, "--image", "image");
    CliError::invalid(message).hint(tr!("choose one of these with --model"))
}

/// A field's name, its flag, and its value if it is set.
type Field = (&'static str, &'static str, Option<Value>);

/// The fields that have the same names in both APIs.
fn options(args: &RequestArgs) -> Vec<Field> {
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    vec![
        (
            "negative_prompt",
            "--negative-prompt",
            text(&args.negative_prompt),
        ),
        ("size", "--size", text(&args.size)),
        ("n", "--n", args.n.map(Value::from)),
        (
            "prompt_extend",
            "--prompt-extend",
            args.prompt_extend.map(Value::from),
        ),
        ("watermark", "--watermark", args.watermark.map(Value::from)),
        ("seed", "--seed", args.seed.map(Value::from)),
    ]
}

fn one_or_all(mut images: Vec<String>) -> Option<Value> {
    match images.len() {
        0 => None,
        1 => images.pop().map(Value::from),
        _ => Some(json!(images)),
    }
}

impl Body {
    fn new() -> Self {
        Self {
            json: Value::Null,
            inputs: Vec::new(),
            origins: Vec::new(),
        }
    }

    fn object(&mut self, parent: &str, fields: Vec<Field>) -> Value {
        let mut object = Map::new();
        for (name, flag, value) in fields {
            self.note(&format!("{parent}/{name}"), flag);
            if let Some(value) = value {
                object.insert(name.to_owned(), value);
            }
        }
        object.into()
    }

    /// Adds DashScope's parameters, if there are any.
    fn put_parameters(&mut self, fields: Vec<Field>) {
        let parameters = self.object("/parameters", fields);
        if parameters
            .as_object()
            .is_some_and(|members| !members.is_empty())
        {
            self.json["parameters"] = parameters;
        }
    }

    fn note(&mut self, pointer: &str, flag: &str) {
        self.origins.push(Origin {
            pointer: pointer.to_owned(),
            flag: flag.to_owned(),
        });
    }

    fn pointer_to(&self, flag: &str) -> Option<String> {
        let origin = self.origins.iter().find(|origin| origin.flag == flag)?;
        self.json
            .pointer(&origin.pointer)
            .map(|_| origin.pointer.clone())
    }

    /// The last flag that sets the value at `pointer` or a value around it.
    pub fn flag(&self, pointer: &str) -> Option<&str> {
        let sets = |origin: &&Origin| {
            let below = pointer.strip_prefix(origin.pointer.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let origin = self.origins.iter().rev().find(sets)?;
        Some(&origin.flag)
    }
}
