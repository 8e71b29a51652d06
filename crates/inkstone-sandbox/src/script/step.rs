//! A step of a script: which requests it is for, how often, and what it does.

use std::sync::Arc;

use hyper::Method;
use serde_json::Value;

use crate::documents::path_template::readable;
use crate::script::effect::{CutKind, Effect, Override};
use crate::script::step_reader::{self, StepReader};
use crate::script::values;
use crate::shorten;

/// A step of a script.
#[derive(Debug)]
pub struct Step {
    pub target: Target,
    pub model: Option<String>,
    /// How often it is still played; `None` is always.
    pub left: Option<u64>,
    pub effect: Arc<Effect>,
}

/// Which requests a step is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Any,
    /// A request for pictures, answered at once or by a task.
    Generation,
    /// A request for a task.
    Submission,
    /// A request that queries, lists or cancels tasks.
    Task,
    /// The download of a picture.
    Image,
    /// A method, and a path as people read it.
    Route(Method, String),
}

/// What steps look at to decide whether they are for a request.
pub struct RequestFacts<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    /// The path of the documents that it belongs to, as in `/tasks/{task_id}`.
    pub template: Option<&'a str>,
    pub kind: RequestKind,
    pub model: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Generation,
    Submission,
    Task,
    Image,
    /// An operation of a document that was given beside the sandbox's own.
    Operation,
    Other,
}

const TARGETS: &str = "\"generation\", \"submission\", \"task\", \"image\", \"any\" \
                       or a method and a path";

impl Step {
    /// A step from JSON; an error says how to write what is wrong in it.
    pub fn read(json: &Value, number: u64) -> Result<Self, String> {
        let Value::Object(members) = json else {
            let shown = shorten::json(json, step_reader::VALUE_BYTES);
            return Err(format!(
                "write an object, as in {{\"error\": \"Throttling\"}}, not {shown}"
            ));
        };
        let mut reader = StepReader::new(members);
        let target = reader.take("on", TARGETS, "generation", parse_target)?;
        let model = reader.take("model", "a model's name", "model-1", values::string)?;
        let left = reader.take("times", "a number from 1, or \"always\"", 3, values::times)?;
        let effect = reader.effect(number, json)?;
        reader.finish()?;
        check(&effect, target.as_ref(), model.as_ref())?;
        Ok(Self {
            target: target.unwrap_or_else(|| default_target(&effect)),
            model,
            left: left.unwrap_or(Some(1)),
            effect: Arc::new(effect),
        })
    }

    /// How it ends connections before their requests are read, if it does.
    pub fn cut_before_request(&self) -> Option<CutKind> {
        self.effect.cut_before_request()
    }

    /// Whether it is for a request.
    pub fn matches(&self, request: &RequestFacts<'_>) -> bool {
        let kind = request.kind;
        let is_target = match &self.target {
            Target::Any => true,
            Target::Generation => {
                matches!(
                    kind,
                    RequestKind::Generation | RequestKind::Submission | RequestKind::Operation
                )
            }
            Target::Submission => kind == RequestKind::Submission,
            Target::Task => kind == RequestKind::Task,
            Target::Image => kind == RequestKind::Image,
            Target::Route(method, path) => {
                let is_path = |own: &str| readable(own) == *path;
                method == request.method
                    && (is_path(request.path) || request.template.is_some_and(is_path))
            }
        };
        let model = self.model.as_deref();
        let is_model = model.is_none_or(|_| model == request.model);
        self.cut_before_request().is_none() && is_target && is_model
    }
}

fn parse_target(value: &Value) -> Option<Target> {
    Some(match value.as_str()? {
        "any" => Target::Any,
        "generation" => Target::Generation,
        "submission" => Target::Submission,
        "task" => Target::Task,
        "image" => Target::Image,
        route => {
            let (method, path) = route.split_once(' ')?;
            let is_path = path.starts_with('/') && !path.contains(['?', ' ']);
            let method = Method::from_bytes(method.as_bytes()).ok()?;
            Target::Route(method, is_path.then(|| readable(path))?)
        }
    })
}

fn default_target(effect: &Effect) -> Target {
    match effect.override_reply {
        Some(Override::Expired) => Target::Image,
        _ if effect.no_ranges => Target::Image,
        _ if effect.stages.is_some() => Target::Submission,
        _ => Target::Generation,
    }
}

/// Refuses members that contradict each other.
fn check(effect: &Effect, target: Option<&Target>, model: Option<&String>) -> Result<(), String> {
    let is_limited = target.is_some() || model.is_some();
    if effect.cut_before_request().is_some() && is_limited {
        return Err(
            "\"cut\" at \"accept\" ends a connection before a request is read: \
                    leave \"on\" and \"model\" out"
                .into(),
        );
    }
    let transport = &effect.transport;
    let is_long = transport.drip.is_some() || effect.padding.is_some();
    if transport.is_chunked && transport.cut.is_some() && is_long {
        return Err(
            "\"chunked\" with \"cut\" can't be combined with \"drip\" or \"padding\"".into(),
        );
    }
    Ok(())
}
