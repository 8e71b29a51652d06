//! The job in a line of the jobs file.

use std::path::Path;

use inkstone::{Operation, Violation};
use serde_json::{Map, Value};

use tr::tr;

use crate::args::api::Api;
use crate::error::Code;
use crate::hex::request_hash;
use crate::language::libraries;
use crate::output::input::Input;
use crate::request::choose_operation;
use crate::request::document;
use crate::request::input_image::{self, Picture};
use crate::request::shape::picture_pointers;
use crate::request::verdict::Verdict;
use crate::request::words::explain;
use crate::request::words::explain::shown;

/// The longest id, in characters.
const LONGEST_ID: usize = 200;

/// A request with an id of the user's choice.
#[derive(Debug)]
pub struct Job {
    pub id: String,
    pub operation: &'static Operation,
    pub model: String,
    pub body: Value,
    /// The files that its pictures are from.
    pub inputs: Vec<Input>,
    /// The account that it is to be sent by, if it names one.
    pub account: Option<String>,
    /// Whether its id was made of its prompt, so that it may have to be counted.
    pub is_named_after_prompt: bool,
}

/// What is wrong with a line, and its id if it has one.
#[derive(Debug)]
pub struct InvalidLine {
    pub id: Option<String>,
    /// The exit code, where it is not that of invalid input.
    pub code: Option<Code>,
    pub problems: Vec<String>,
}

impl InvalidLine {
    /// What is wrong with a line, by its id if that is known.
    pub fn new(id: Option<String>, problems: Vec<String>) -> Self {
        Self {
            id,
            code: None,
            problems,
        }
    }

    /// A line of which nothing is known.
    pub fn of(problem: String) -> Self {
        Self::new(None, vec![problem])
    }
}

/// A job that was checked against its document, and the warnings.
pub fn checked(job: Job) -> Result<(Job, Vec<String>), InvalidLine> {
    let verdict = Verdict::check(job.operation, &job.body);
    let warnings = verdict.warnings.iter().map(|warning| {
        let message = libraries::rule(&warning.message);
        format!("{}: {message}", shown(&warning.pointer))
    });
    if verdict.violations.is_empty() {
        return Ok((job, warnings.collect()));
    }
    let document = document::title(job.operation);
    let problem = |violation: &Violation| {
        let text = explain::in_body(Some(job.operation), violation);
        format!("{text} ({document})")
    };
    let problems = verdict.violations.iter().map(problem).collect();
    Err(InvalidLine::new(Some(job.id), problems))
}

/// The job in a line: `{"id", "api"?, "async"?, "account"?, "request": {…}}`, or the request
/// itself with `id` and, if need be, the others among its fields. `api` is for jobs that name
/// none, and paths of pictures start from `directory`.
pub fn read(bytes: &[u8], api: Option<Api>, directory: &Path) -> Result<Job, InvalidLine> {
    let mut fields = fields(bytes).map_err(InvalidLine::of)?;
    let mut problems = Vec::new();
    let id = noted(id(fields.remove("id")), &mut problems);
    let own_api = noted(own_api(fields.remove("api")), &mut problems);
    let is_task = noted(is_task(fields.remove("async")), &mut problems);
    let account = noted(account(fields.remove("account")), &mut problems);
    let mut body = body(fields, &mut problems);
    let (inputs, code) = take_in_pictures(&mut body, directory, &mut problems);
    let target = target(
        own_api.flatten().or(api),
        is_task.unwrap_or_default(),
        &body,
    );
    match (id, noted(target, &mut problems), problems.is_empty()) {
        (Some(id), Some((operation, model)), true) => Ok(Job {
            id,
            operation,
            model,
            body,
            inputs,
            account: account.flatten(),
            is_named_after_prompt: false,
        }),
        (id, ..) => Err(InvalidLine { id, code, problems }),
    }
}

/// Puts pictures of files into the request, which it names by their paths.
fn take_in_pictures(
    body: &mut Value,
    directory: &Path,
    problems: &mut Vec<String>,
) -> (Vec<Input>, Option<Code>) {
    let (mut inputs, mut code) = (Vec::new(), None);
    for pointer in picture_pointers(body) {
        let Some(Value::String(place)) = body.pointer_mut(&pointer) else {
            continue;
        };
        if !input_image::is_path(place) {
            continue;
        }
        match Picture::find(place, directory) {
            Ok(picture) => {
                inputs.extend(picture.input());
                *place = picture.uri;
            }
            Err(error) => {
                code = (error.code == Code::Usage).then_some(error.code).or(code);
                let message = error
                    .message
                    .strip_prefix("--image ")
                    .unwrap_or(&error.message);
                problems.push(format!("{pointer}: {message}"));
            }
        }
    }
    (inputs, code)
}

/// A result's value; its error goes to `problems`.
pub fn noted<T>(result: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn fields(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(tr!("is not a JSON object")),
        // Zeros are between the bytes of letters in UTF-16, where JSON has none.
        Err(_) if bytes.contains(&0) => Err(tr!("is UTF-16: save the file as UTF-8")),
        Err(error) => Err(tr!("is not JSON: {error}", error)),
    }
}

/// The request: in a field of its own, or the fields that are left.
fn body(mut fields: Map<String, Value>, problems: &mut Vec<String>) -> Value {
    let Some(request) = fields.remove("request") else {
        return Value::Object(fields);
    };
    problems.extend(fields.keys().map(|name| beside_request(name)));
    request
}

/// What is wrong with a field that stands beside "request" and is none of a job's own.
pub fn beside_request(name: &str) -> String {
    let name = format!("{name:?}");
    tr!(
        "unknown field {name}: beside \"request\" there are \"id\", \"api\", \"async\" and \
         \"account\"",
        name
    )
}

fn id(given: Option<Value>) -> Result<String, String> {
    match given {
        None => Err(tr!("has no \"id\": every job needs one of its own")),
        Some(Value::String(id)) => check_id(id),
        Some(other) => {
            let text: String = other.to_string().chars().take(40).collect();
            Err(tr!("\"id\" is not a text: write it as \"{text}\"", text))
        }
    }
}

/// The id that a user gave to a job, if it can be one.
pub fn check_id(id: String) -> Result<String, String> {
    if id.trim().is_empty() {
        return Err(tr!("\"id\" is blank"));
    }
    if id.chars().count() > LONGEST_ID {
        let most = LONGEST_ID;
        return Err(tr!("\"id\" is longer than {most} characters", most));
    }
    match id.contains(char::is_control) {
        true => {
            let id = format!("{id:?}");
            Err(tr!("\"id\" has characters that can't be shown: {id}", id))
        }
        false => Ok(id),
    }
}

/// The API that a job names.
pub fn own_api(given: Option<Value>) -> Result<Option<Api>, String> {
    let Some(name) = given else {
        return Ok(None);
    };
    let found = name.as_str().and_then(Api::find);
    found.map(Some).ok_or_else(|| {
        let names: Vec<_> = Api::all().map(|api| format!("{:?}", api.name())).collect();
        tr!("\"api\" is none of {names}", names = names.join(", "))
    })
}

/// Whether a job is to be sent as a task.
pub fn is_task(given: Option<Value>) -> Result<bool, String> {
    match given {
        None => Ok(false),
        Some(Value::Bool(is_task)) => Ok(is_task),
        Some(_) => Err(tr!("\"async\" is neither true nor false")),
    }
}

/// The account that a job names.
pub fn account(given: Option<Value>) -> Result<Option<String>, String> {
    match given {
        None => Ok(None),
        Some(Value::String(name)) => Ok(Some(name)),
        Some(_) => Err(tr!(
            "\"account\" is not a text: write the name of an account"
        )),
    }
}

/// The operation and the model of a request.
fn target(
    api: Option<Api>,
    is_task: bool,
    body: &Value,
) -> Result<(&'static Operation, String), String> {
    if !body.is_object() {
        return Err(tr!("\"request\" is not a JSON object"));
    }
    let model = match body.get("model") {
        None => return Err(tr!("/model: the request names no model")),
        Some(Value::String(model)) => model,
        Some(_) => return Err(tr!("/model: the model's name is not a text")),
    };
    let found = match is_task {
        true => choose_operation::task_by_body(api, model, body),
        false => choose_operation::by_body(api, model, body),
    };
    match found {
        Some(operation) => Ok((operation, model.clone())),
        None => Err(unknown_model(api, is_task, model, body)),
    }
}

fn unknown_model(api: Option<Api>, is_task: bool, model: &str, body: &Value) -> String {
    if is_task && choose_operation::by_body(api, model, body).is_some() {
        let model = format!("{model:?}");
        return tr!(
            "/model: no document describes tasks of the model {model}: omit \"async\"",
            model
        );
    }
    let unknown = format!("/model: {}", choose_operation::unknown(api, model));
    let advice = choose_operation::advice(api, model);
    let advice = advice.unwrap_or_else(choose_operation::see_models);
    format!("{unknown}; {advice}")
}

impl Job {
    /// Identifies the request: a hash of its API and its body, in which white space and the
    /// order of fields do not count.
    pub fn hash(&self) -> String {
        request_hash(&[self.operation.api], &mut self.body.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{InvalidLine, Job};

    fn read(bytes: &[u8]) -> Result<Job, InvalidLine> {
        super::read(bytes, None, Path::new(""))
    }

    fn checked(bytes: &[u8]) -> Result<Job, InvalidLine> {
        Ok(super::checked(read(bytes)?)?.0)
    }

    const CAT: &str = r#""model":"wan2.7-image-pro","prompt":"a cat""#;

    #[test]
    fn a_request_stands_alone_or_with_its_id_among_its_fields() {
        let cases = [
            format!(r#"{{"id":"1","request":{{{CAT}}}}}"#),
            format!(r#"{{"id":"1",{CAT}}}"#),
            format!(r#" {{"id":"1","api":"gateway", {CAT} }} "#),
            r#"{"request":{"prompt":"a cat","model":"wan2.7-image-pro"},"id":"1"}"#.to_owned(),
        ];
        let jobs = cases.map(|line| checked(line.as_bytes()).unwrap());
        for job in &jobs {
            assert_eq!((job.id.as_str(), job.operation.api), ("1", "gateway"));
            assert_eq!((job.hash(), &job.body), (jobs[0].hash(), &jobs[0].body));
        }
        let other = read(format!(r#"{{"id":"1",{CAT},"n":1}}"#).as_bytes()).unwrap();
        assert_ne!(other.hash(), jobs[0].hash());
    }

    const INVALID: [(&str, &[&str]); 11] = [
        ("[]", &["is not a JSON object"]),
        (
            "{",
            &["is not JSON: EOF while parsing an object at line 1 column 1"],
        ),
        (
            r#"{"id":7,"api":"x","request":[],"prio":1}"#,
            &[
                "\"id\" is not a text: write it as \"7\"",
                "\"api\" is none of \"gateway\", \"dashscope\", \"compatible-mode\", \
                 \"gateway-tasks\", \"gateway-image-tasks\"",
                "unknown field \"prio\": beside \"request\" there are \"id\", \"api\", \"async\" \
                 and \"account\"",
                "\"request\" is not a JSON object",
            ],
        ),
        (
            "{}",
            &[
                "has no \"id\": every job needs one of its own",
                "/model: the request names no model",
            ],
        ),
        (
            r#"{"id":"a\u0007","model":1}"#,
            &[
                "\"id\" has characters that can't be shown: \"a\\u{7}\"",
                "/model: the model's name is not a text",
            ],
        ),
        (
            r#"{"id":"a","async":1,"model":"wan2.7-image-pro","prompt":"x"}"#,
            &["\"async\" is neither true nor false"],
        ),
        (
            r#"{"id":"a","account":["east"],"model":"wan2.7-image-pro","prompt":"x"}"#,
            &["\"account\" is not a text: write the name of an account"],
        ),
        (
            r#"{"id":"a","async":true,"model":"qwen-image-max","prompt":"x"}"#,
            &[
                "/model: no document describes tasks of the model \"qwen-image-max\": \
               omit \"async\"",
            ],
        ),
        (
            r#"{"id":"a","model":"wan2.7-image-prp"}"#,
            &[
                "/model: no document describes the model \"wan2.7-image-prp\"; \
               did you mean \"wan2.7-image-pro\" or \"wan2.7-image\"?",
            ],
        ),
        (
            r#"{"id":"a","model":"wan2.7-image-pro","prompt":"","n":9}"#,
            &[
                "/prompt: minLength: expected at least 1 character, found \"\" (gateway/wan2.7-image-pro)",
                "/n: maximum: expected at most 4, found 9 (gateway/wan2.7-image-pro)",
            ],
        ),
        (
            r#"{"id":"a","model":"wan2.7-image-pro","prompt":"x","sede":9}"#,
            &[
                "/sede: additionalProperties: expected no field but model, prompt, size, n, watermark, seed, found 9; did you mean seed? (gateway/wan2.7-image-pro)",
            ],
        ),
    ];

    #[test]
    fn everything_wrong_with_a_line_is_reported() {
        for (line, expected) in INVALID {
            let wrong = checked(line.as_bytes()).unwrap_err();
            assert_eq!(wrong.problems, expected, "{line}");
        }
    }
}
