//! From flags to the body of a request, in the shape that the API wants.

use inkstone::Operation;
use serde_json::{Map, Value};
use tr::tr;

use crate::args::request::RequestArgs;
use crate::error::CliError;
use crate::input;
use crate::output::input::Input;
use crate::request::document;
use crate::request::input_image::Picture;
use crate::request::required_fields;
use crate::request::shape::Shape;
use crate::request::size_separator;
use crate::request::words::flags::{FLAGS, Flag};
use crate::request::words::taken;

/// The body of a request, and the flag that each of its values came from.
pub struct Body {
    pub json: Value,
    /// The files that its pictures are from.
    pub inputs: Vec<Input>,
    /// Pointers to values, each with its flag.
    origins: Vec<(String, String)>,
}

/// The body that the flags ask for, not checked yet.
pub fn build(operation: &Operation, model: &str, args: &RequestArgs) -> Result<Body, CliError> {
    let images = args.image.iter();
    let images = images.map(|given| Picture::find(given, &args.relative_to));
    let images = images.collect::<Result<Vec<_>, _>>()?;
    let shape = Shape::for_operation(operation);
    // Of a flat body, the document says whether it may have pictures.
    let is_flat = matches!(shape, Shape::Flat);
    if !images.is_empty() && !is_flat && !taken::takes_pictures(operation) {
        return Err(takes_no_images(model));
    }
    // Where such a document has its pictures, nobody knows but who wrote it.
    if !images.is_empty() && matches!(shape, Shape::Prompt) {
        let document = document::title(operation);
        return Err(CliError::usage(tr!(
            "--image: nothing says where {document} has its pictures",
            document
        ))
        .hint(tr!("give them with --set")));
    }
    let mut body = Body {
        json: Value::Null,
        inputs: images.iter().filter_map(Picture::input).collect(),
        origins: Vec::new(),
    };
    let mut fields = Map::new();
    if !is_flat || !model.is_empty() {
        fields.insert("model".to_owned(), model.into());
    }
    body.note(&shape.place("model", 0), "--model");
    for Flag {
        field, flag, given, ..
    } in FLAGS
    {
        let value = given(args);
        check_characters(flag, value.as_ref())?;
        body.note(&shape.place(field, images.len()), flag);
        fields.extend(value.map(|value| (field.to_owned(), value)));
    }
    if is_flat {
        body.note("/image", "--image");
    }
    for (index, image) in images.iter().enumerate() {
        body.note(&shape.picture(index, images.len()), &image.flag);
    }
    let uris: Vec<_> = images.into_iter().map(|image| image.uri).collect();
    body.json = shape.arrange(fields, &uris);
    for assignment in &args.set {
        let outermost = assignment.outermost_new(&body.json);
        assignment.apply(&mut body.json)?;
        body.note(&outermost, &assignment.flag());
        body.note(&assignment.pointer(), &assignment.flag());
    }
    required_fields::fill_in(&document::request_schema(operation), &mut body.json);
    if let Some(pointer) = body.pointer_to("--size") {
        size_separator::adapt(operation, &mut body.json, &pointer);
    }
    Ok(body)
}

/// The error of pictures for a document that takes none.
fn takes_no_images(model: &str) -> CliError {
    let message = taken::not_taken(model, "--image", "image");
    CliError::invalid(message).hint(tr!("choose one of these with --model"))
}

/// Refuses control characters in what a flag gives: a picture of them would be paid for.
fn check_characters(flag: &str, value: Option<&Value>) -> Result<(), CliError> {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    match input::control_character(text) {
        None => Ok(()),
        Some(found) => {
            let message = tr!("{flag}: {found}", flag, found);
            Err(CliError::invalid(message).hint(found.hint()))
        }
    }
}

impl Body {
    fn note(&mut self, pointer: &str, flag: &str) {
        self.origins.push((pointer.to_owned(), flag.to_owned()));
    }

    fn pointer_to(&self, flag: &str) -> Option<String> {
        let (pointer, _) = self.origins.iter().find(|(_, own)| own == flag)?;
        self.json.pointer(pointer).map(|_| pointer.clone())
    }

    /// The last flag that sets the value at `pointer` or a value around it.
    pub fn flag(&self, pointer: &str) -> Option<&str> {
        let sets = |origin: &str| {
            let below = pointer.strip_prefix(origin);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut latest_first = self.origins.iter().rev();
        let (_, flag) = latest_first.find(|(origin, _)| sets(origin))?;
        Some(flag)
    }
}
