//! The job in a line of the jobs file.

use inkstone::{Operation, Violation};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::args::api::Api;
use crate::request::choose_operation;
use crate::request::verdict::{Verdict, describe_violation, shown};

/// The longest id, in characters.
const LONGEST_ID: usize = 200;

/// A request with an id of the user's choice.
#[derive(Debug)]
pub struct Job {
    pub id: String,
    pub operation: &'static Operation,
    pub model: String,
    pub body: Value,
}

/// What is wrong with a line, and its id if it has one.
#[derive(Debug, Default)]
pub struct InvalidLine {
    pub id: Option<String>,
    pub problems: Vec<String>,
}

/// The job in a line, checked against its document, and the warnings. `api` is for jobs
/// that name none.
pub fn checked(bytes: &[u8], api: Option<Api>) -> Result<(Job, Vec<String>), InvalidLine> {
    let job = read(bytes, api)?;
    let verdict = Verdict::check(job.operation, &job.body);
    let warnings = verdict.warnings.iter();
    let warnings =
        warnings.map(|warning| format!("{}: {}", shown(&warning.pointer), warning.message));
    if verdict.violations.is_empty() {
        return Ok((job, warnings.collect()));
    }
    let document = format!("{}/{}", job.operation.api, job.operation.name);
    let problem = |violation: &Violation| {
        let text = describe_violation(shown(&violation.pointer), violation);
        format!("{text} ({document})")
    };
    Err(InvalidLine {
        id: Some(job.id),
        problems: verdict.violations.iter().map(problem).collect(),
    })
}

/// The job in a line: `{"id", "api"?, "async"?, "request": {…}}`, or the request itself
/// with `id` and, if need be, `api` and `async` among its fields.
pub fn read(bytes: &[u8], api: Option<Api>) -> Result<Job, InvalidLine> {
    let mut fields = fields(bytes).map_err(|problem| InvalidLine {
        id: None,
        problems: vec![problem],
    })?;
    let mut problems = Vec::new();
    let id = noted(id(fields.remove("id")), &mut problems);
    let own_api = noted(own_api(fields.remove("api")), &mut problems);
    let is_task = noted(is_task(fields.remove("async")), &mut problems);
    let body = body(fields, &mut problems);
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
        }),
        (id, ..) => Err(InvalidLine { id, problems }),
    }
}

/// A result's value; its error goes to `problems`.
fn noted<T>(result: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn fields(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    if bytes.trim_ascii().is_empty() {
        return Err("is empty: every line has to be a job".to_owned());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("is not a JSON object".to_owned()),
        Err(error) => Err(format!("is not JSON: {error}")),
    }
}

/// The request: in a field of its own, or the fields that are left.
fn body(mut fields: Map<String, Value>, problems: &mut Vec<String>) -> Value {
    let Some(request) = fields.remove("request") else {
        return Value::Object(fields);
    };
    problems.extend(fields.keys().map(|name| {
        format!(
            "unknown field {name:?}: beside \"request\" there are \"id\", \"api\" and \
             \"async\""
        )
    }));
    request
}

fn id(given: Option<Value>) -> Result<String, String> {
    match given {
        None => Err("has no \"id\": every job needs one of its own".to_owned()),
        Some(Value::String(id)) if id.trim().is_empty() => Err("\"id\" is blank".to_owned()),
        Some(Value::String(id)) if id.chars().count() > LONGEST_ID => {
            Err(format!("\"id\" is longer than {LONGEST_ID} characters"))
        }
        Some(Value::String(id)) if id.contains(char::is_control) => {
            Err(format!("\"id\" has characters that can't be shown: {id:?}"))
        }
        Some(Value::String(id)) => Ok(id),
        Some(other) => {
            let text: String = other.to_string().chars().take(40).collect();
            Err(format!("\"id\" is not a text: write it as \"{text}\""))
        }
    }
}

fn own_api(given: Option<Value>) -> Result<Option<Api>, String> {
    match given.as_ref().map(Value::as_str) {
        None => Ok(None),
        Some(Some(name)) if let Some(api) = Api::find(name) => Ok(Some(api)),
        Some(_) => {
            let names: Vec<_> = Api::all().map(|api| format!("{:?}", api.name())).collect();
            Err(format!("\"api\" is none of {}", names.join(", ")))
        }
    }
}

fn is_task(given: Option<Value>) -> Result<bool, String> {
    match given {
        None => Ok(false),
        Some(Value::Bool(is_task)) => Ok(is_task),
        Some(_) => Err("\"async\" is neither true nor false".to_owned()),
    }
}

/// The operation and the model of a request.
fn target(
    api: Option<Api>,
    is_task: bool,
    body: &Value,
) -> Result<(&'static Operation, String), String> {
    if !body.is_object() {
        return Err("\"request\" is not a JSON object".to_owned());
    }
    let model = match body.get("model") {
        None => return Err("/model: the request names no model".to_owned()),
        Some(Value::String(model)) => model,
        Some(_) => return Err("/model: the model's name is not a text".to_owned()),
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
        return format!(
            "/model: no document describes tasks of the model {model:?}: omit \"async\""
        );
    }
    let unknown = format!("/model: {}", choose_operation::unknown(api, model));
    match choose_operation::advice(api, model) {
        Some(advice) => format!("{unknown}; {advice}"),
        None => format!("{unknown}; `inkstone models` lists the known models"),
    }
}

impl Job {
    /// Identifies the request: a hash of its API and its body, in which white space and the
    /// order of fields do not count.
    pub fn hash(&self) -> String {
        let mut body = self.body.clone();
        body.sort_all_objects();
        let mut hash = Sha256::new();
        hash.update(self.operation.api);
        hash.update([0]);
        hash.update(body.to_string());
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{checked, read};

    const CAT: &str = r#""model":"wan2.7-image-pro","prompt":"a cat""#;

    #[test]
    fn a_request_stands_alone_or_with_its_id_among_its_fields() {
        let cases = [
            format!(r#"{{"id":"1","request":{{{CAT}}}}}"#),
            format!(r#"{{"id":"1",{CAT}}}"#),
            format!(r#" {{"id":"1","api":"gateway", {CAT} }} "#),
            r#"{"request":{"prompt":"a cat","model":"wan2.7-image-pro"},"id":"1"}"#.to_owned(),
        ];
        let jobs = cases.map(|line| checked(line.as_bytes(), None).unwrap().0);
        for job in &jobs {
            assert_eq!((job.id.as_str(), job.operation.api), ("1", "gateway"));
            assert_eq!((job.hash(), &job.body), (jobs[0].hash(), &jobs[0].body));
        }
        let other = read(format!(r#"{{"id":"1",{CAT},"n":1}}"#).as_bytes(), None).unwrap();
        assert_ne!(other.hash(), jobs[0].hash());
    }

    const INVALID: [(&str, &[&str]); 11] = [
        (" ", &["is empty: every line has to be a job"]),
        ("[]", &["is not a JSON object"]),
        (
            "{",
            &["is not JSON: EOF while parsing an object at line 1 column 1"],
        ),
        (
            r#"{"id":7,"api":"x","request":[],"prio":1}"#,
            &[
                "\"id\" is not a text: write it as \"7\"",
                "\"api\" is none of \"gateway\", \"dashscope\", \"compatible-mode\", \"gateway-tasks\", \"gateway-image-tasks\"",
                "unknown field \"prio\": beside \"request\" there are \"id\", \"api\" and \"async\"",
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
               did you mean \"wan2.7-image-pro\"?",
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
                "/sede: additionalProperties: expected no field but model, prompt, size, n, watermark, seed, found 9 (gateway/wan2.7-image-pro)",
            ],
        ),
    ];

    #[test]
    fn everything_wrong_with_a_line_is_reported() {
        for (line, expected) in INVALID {
            let wrong = checked(line.as_bytes(), None).unwrap_err();
            assert_eq!(wrong.problems, expected, "{line}");
        }
    }
}
