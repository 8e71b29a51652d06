//! Fills in what flags leave open: prompts from files, and a request from the file beside a
//! picture.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use inkstone::Operation;
use serde_json::{Map, Value};
use tr::tr;

use crate::args::api::{self, Api};
use crate::args::request::RequestArgs;
use crate::console;
use crate::error::CliError;
use crate::input;
use crate::output::input::{Input, LENGTH, UPLOADED};
use crate::request::assignment::Assignment;
use crate::request::input_image::Picture;
use crate::request::shape::Shape;
use crate::request::words::flags::FLAGS;

/// How long a picture is there.
const UPLOADS_LAST: Duration = Duration::from_secs(48 * 60 * 60);

/// The flags with everything that they refer to.
pub fn complete(args: &RequestArgs) -> Result<RequestArgs, CliError> {
    given_once(args)?;
    let mut args = args.clone();
    if args.prompt.as_deref() == Some("-") {
        args.prompt = Some(prompt(Path::new("-"))?);
    }
    if let Some(file) = &args.prompt_file {
        args.prompt = Some(prompt(file)?);
    }
    if let Some(file) = args.from.take() {
        fill_in(&mut args, &file)?;
    }
    Ok(args)
}

/// Refuses a field that has a flag of its own and is set by `--set` as well: one would be lost.
fn given_once(args: &RequestArgs) -> Result<(), CliError> {
    let flags = FLAGS.iter();
    let flags = flags.map(|own| (own.field, own.flag, (own.given)(args).is_some()));
    let flags = flags.chain([
        ("prompt", "--prompt-file", args.prompt_file.is_some()),
        ("model", "--model", args.model.is_some()),
        ("image", "--image", !args.image.is_empty()),
    ]);
    for (field, flag, _) in flags.filter(|(.., is_given)| *is_given) {
        if let Some(assignment) = args.set.iter().find(|set| set.is_of(field)) {
            let set = assignment.flag();
            return Err(CliError::usage(tr!(
                "{flag} and {set} are for the same field: give one of them",
                flag,
                set
            )));
        }
    }
    Ok(())
}

/// The prompt in a file, without the line's end that editors add.
fn prompt(file: &Path) -> Result<String, CliError> {
    let text = input::text(file)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Some(found) = input::control_character(text) {
        let (name, line) = (input::name(file), found.line);
        let message = tr!("{name}, line {line}: {found}", name, line, found);
        return Err(CliError::invalid(message).hint(found.hint()));
    }
    match text.trim() {
        "" => {
            let name = input::name(file);
            Err(CliError::invalid(tr!("{name} has no prompt", name)))
        }
        prompt => Ok(prompt.to_owned()),
    }
}

/// Takes from a sidecar what no flag gives.
fn fill_in(args: &mut RequestArgs, file: &Path) -> Result<(), CliError> {
    let sidecar = input::json(file, &input::bytes(file)?)?;
    let text = |name: &str| sidecar[name].as_str();
    let names = text("api").zip(text("document"));
    let operation = names.and_then(|(api, name)| api::operation(api, name));
    let (Some(operation), Some(body)) = (operation, sidecar["request"].as_object()) else {
        let name = input::name(file);
        let message = tr!("{name} does not say how a picture was made", name);
        return Err(CliError::invalid(message).hint(tr!(
            "give the file beside a picture, as in --from cat.png.json"
        )));
    };
    if args.model.is_none() {
        args.model = text("model").map(str::to_owned);
        args.api = args.api.or_else(|| Api::find(operation.api));
    }
    let mut taken = Taken::read(operation, body.clone());
    taken.time = text("time").and_then(|time| humantime::parse_rfc3339_weak(time).ok());
    let is_same = args.model.as_deref() == text("model");
    taken.give_to(args, file, is_same)
}

/// What a request says, by flag.
#[derive(Default)]
struct Taken {
    fields: Map<String, Value>,
    images: Vec<String>,
    /// What no flag gives, by its path.
    others: Vec<(Vec<String>, Value)>,
    /// When it was sent.
    time: Option<SystemTime>,
}

impl Taken {
    fn read(operation: &Operation, mut body: Map<String, Value>) -> Self {
        let mut taken = Self::default();
        body.remove("model");
        match Shape::for_operation(operation) {
            Shape::Flat => taken.take(&[], body),
            Shape::Messages | Shape::Prompt => {
                if let Some(Value::Object(parameters)) = body.remove("parameters") {
                    taken.take(&["parameters"], parameters);
                }
                if let Some(Value::Object(mut input)) = body.remove("input") {
                    if let Some(messages) = input.remove("messages") {
                        taken.messages(messages);
                    }
                    taken.take(&["input"], input);
                }
                taken.take(&[], body);
            }
        }
        taken
    }

    fn take(&mut self, path: &[&str], members: Map<String, Value>) {
        for (name, value) in members {
            match (name.as_str(), value) {
                (name, value) if FLAGS.iter().any(|flag| flag.field == name) => {
                    self.fields.insert(name.to_owned(), value);
                }
                ("image", Value::String(image)) => self.images.push(image),
                ("image", Value::Array(images)) => {
                    let images = images.iter().filter_map(Value::as_str);
                    self.images.extend(images.map(str::to_owned));
                }
                (_, value) => {
                    let path = path.iter().copied().map(str::to_owned);
                    self.others.push((path.chain([name]).collect(), value));
                }
            }
        }
    }

    /// The text and the pictures of one message; more than that is taken as it is.
    fn messages(&mut self, messages: Value) {
        let parts = match messages.as_array().map(Vec::as_slice) {
            Some([message]) => message["content"].as_array(),
            _ => None,
        };
        let texts = parts
            .into_iter()
            .flatten()
            .filter_map(|part| part["text"].as_str());
        let texts: Vec<_> = texts.collect();
        match (parts, texts.as_slice()) {
            (Some(parts), [] | [_]) => {
                let images = parts.iter().filter_map(|part| part["image"].as_str());
                self.images.extend(images.map(str::to_owned));
                if let [text] = texts.as_slice() {
                    self.fields.insert("prompt".to_owned(), (*text).into());
                }
            }
            _ => {
                let path = ["input", "messages"].map(str::to_owned).to_vec();
                self.others.push((path, messages));
            }
        }
    }

    fn give_to(self, args: &mut RequestArgs, file: &Path, is_same: bool) -> Result<(), CliError> {
        for flag in &FLAGS {
            if (flag.given)(args).is_none()
                && let Some(value) = self.fields.get(flag.field)
            {
                (flag.give)(args, value);
            }
        }
        if args.image.is_empty() {
            let images = self
                .images
                .into_iter()
                .map(|image| found_again(image, (file, self.time)));
            args.image = images.collect::<Result<_, _>>()?;
        }
        if is_same {
            let others = self.others.into_iter();
            let others = others.map(|(path, value)| Assignment::new(path, value));
            args.set = others.chain(args.set.drain(..)).collect();
        } else {
            for (path, _) in self.others {
                let field = path.join(".");
                console::warning(&tr!(
                    "{field} is not taken over: it is another model's",
                    field
                ));
            }
        }
        Ok(())
    }
}

/// Whether what was uploaded for a request is no longer there.
fn is_gone(sent: Option<SystemTime>) -> bool {
    let age = sent.and_then(|sent| sent.elapsed().ok());
    age.is_some_and(|age| age >= UPLOADS_LAST)
}

/// The picture that a sidecar names: a URL as it is, a file where it was or beside the sidecar,
/// wherever it is the same.
fn found_again(
    image: String,
    (sidecar, sidecar_time): (&Path, Option<SystemTime>),
) -> Result<String, CliError> {
    let Some(input) = Input::parse(&image) else {
        if image.starts_with(UPLOADED) && is_gone(sidecar_time) {
            let message = tr!(
                "a picture of the request was uploaded, and is gone by now: {image}",
                image
            );
            return Err(CliError::invalid(message).hint(tr!("give the picture with --image")));
        }
        if image.contains(LENGTH) {
            let message = tr!("it is not known which file a picture of the request was");
            return Err(CliError::usage(message).hint(tr!("give the picture with --image")));
        }
        return Ok(image);
    };
    let beside = sidecar.parent().unwrap_or(Path::new("")).join(&input.path);
    let places = [PathBuf::from(&input.path), beside.clone()];
    let mut refused = None;
    for path in places.iter().filter(|path| path.exists()) {
        match same(path, &input) {
            Ok(path) => return Ok(path),
            Err(error) => drop(refused.get_or_insert(error)),
        }
    }
    match refused {
        Some(error) => Err(error),
        None => same(&beside, &input),
    }
}

/// The path of a file, if it has the picture that went in.
fn same(path: &Path, input: &Input) -> Result<String, CliError> {
    let path = path.display().to_string();
    let picture = Picture::find(&path, Path::new(""))?;
    match picture.input() {
        Some(found) if found.sha256 == input.sha256 => Ok(path),
        _ => {
            let message = tr!("{path} is no longer the picture that the request had", path);
            Err(CliError::invalid(message)
                .hint(tr!("restore it, or give another one with --image")))
        }
    }
}
