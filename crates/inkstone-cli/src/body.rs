//! From flags to the body of a request: one shape for each family of APIs.

use inkstone::Operation;
use serde_json::{Map, Value, json};

use crate::args::{Api, Generate};
use crate::document;
use crate::exit::{Code, Failure};
use crate::fill;
use crate::picture::Picture;
use crate::size;

/// A request, and which flag each of its values came from.
pub struct Body {
    pub json: Value,
    origins: Vec<Origin>,
}

struct Origin {
    pointer: String,
    flag: String,
}

/// Where a body has its prompt.
enum Shape {
    /// The gateway's: at the top, as every field.
    Flat,
    /// DashScope's: in a message, among the pictures.
    Messages,
    /// DashScope's older one, of text alone: in `input`.
    Prompt,
}

impl Shape {
    fn of(operation: &Operation) -> Self {
        if operation.api != Api::Dashscope.name() {
            return Self::Flat;
        }
        let schema = document::request_schema(operation);
        match schema.pointer("/properties/input/properties/prompt") {
            Some(_) => Self::Prompt,
            None => Self::Messages,
        }
    }
}

/// The body that the flags ask for; checking it is up to the caller.
pub fn build(operation: &Operation, model: &str, args: &Generate) -> Result<Body, Failure> {
    let images = args.image.iter().map(|given| Picture::find(given));
    let images = images.collect::<Result<Vec<_>, _>>()?;
    let mut body = match Shape::of(operation) {
        Shape::Flat => flat(model, args, images),
        Shape::Messages => messages(model, args, images),
        Shape::Prompt if images.is_empty() => prompt(model, args),
        Shape::Prompt => return Err(imageless(operation)),
    };
    for assignment in &args.set {
        let made = assignment.makes(&body.json);
        assignment.apply(&mut body.json)?;
        body.note(&made, &assignment.flag());
        body.note(&assignment.pointer(), &assignment.flag());
    }
    fill::required_fields(&document::request_schema(operation), &mut body.json);
    if let Some(pointer) = body.pointer_to("--size") {
        size::adapt(operation, &mut body.json, &pointer);
    }
    Ok(body)
}

/// The gateway's: every field at the top.
fn flat(model: &str, args: &Generate, images: Vec<Picture>) -> Body {
    let mut fields = vec![
        ("model", "--model", Some(json!(model))),
        ("prompt", "PROMPT", Some(json!(args.prompt))),
    ];
    fields.extend(options(args));
    let uris = images.iter().map(|it| it.uri.clone()).collect();
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

/// DashScope's: a message of parts, and parameters.
fn messages(model: &str, args: &Generate, images: Vec<Picture>) -> Body {
    const CONTENT: &str = "/input/messages/0/content";
    let mut body = Body::new();
    let mut content = Vec::new();
    for image in images {
        body.note(&format!("{CONTENT}/{}", content.len()), &image.flag);
        content.push(json!({"image": image.uri}));
    }
    body.note(&format!("{CONTENT}/{}", content.len()), "PROMPT");
    content.push(json!({"text": args.prompt}));
    body.note("/model", "--model");
    body.json = json!({
        "model": model,
        "input": {"messages": [{"role": "user", "content": content}]},
    });
    body.put_parameters(options(args));
    body
}

/// DashScope's older one: the prompts in `input`, and parameters.
fn prompt(model: &str, args: &Generate) -> Body {
    let mut body = Body::new();
    let of_input = |(name, ..): &Field| *name == "negative_prompt";
    let (said, parameters) = options(args).into_iter().partition(of_input);
    let prompt = ("prompt", "PROMPT", Some(json!(args.prompt)));
    let input = [vec![prompt], said].concat();
    let input = body.object("/input", input);
    body.note("/model", "--model");
    body.json = json!({"model": model, "input": input});
    body.put_parameters(parameters);
    body
}

/// That a document has no place for pictures.
fn imageless(operation: &Operation) -> Failure {
    Failure::new(
        Code::Invalid,
        format!(
            "--image: {}/{} makes pictures from text alone",
            operation.api, operation.name
        ),
    )
    .hint("`inkstone models` lists what each model accepts")
}

type Field = (&'static str, &'static str, Option<Value>);

/// The fields that both families name alike.
fn options(args: &Generate) -> Vec<Field> {
    vec![
        (
            "negative_prompt",
            "--negative-prompt",
            args.negative_prompt.as_ref().map(|it| json!(it)),
        ),
        ("size", "--size", args.size.as_ref().map(|it| json!(it))),
        ("n", "--n", args.n.map(|it| json!(it))),
        (
            "prompt_extend",
            "--prompt-extend",
            args.prompt_extend.map(|it| json!(it)),
        ),
        (
            "watermark",
            "--watermark",
            args.watermark.map(|it| json!(it)),
        ),
        ("seed", "--seed", args.seed.map(|it| json!(it))),
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

    /// DashScope's parameters, where there are any.
    fn put_parameters(&mut self, fields: Vec<Field>) {
        let parameters = self.object("/parameters", fields);
        if parameters.as_object().is_some_and(|it| !it.is_empty()) {
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
        let origin = self.origins.iter().find(|it| it.flag == flag)?;
        self.json
            .pointer(&origin.pointer)
            .map(|_| origin.pointer.clone())
    }

    /// The flag that sets the value at `pointer`, or what that lies in. Of
    /// several the last one given counts.
    pub fn flag(&self, pointer: &str) -> Option<&str> {
        let sets = |it: &&Origin| {
            let below = pointer.strip_prefix(it.pointer.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.origins
            .iter()
            .rev()
            .find(sets)
            .map(|it| it.flag.as_str())
    }
}
