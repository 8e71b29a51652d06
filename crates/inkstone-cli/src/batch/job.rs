//! What does a line of the jobs file ask for?

use inkstone::Operation;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::args::Api;
use crate::choose;
use crate::verdict::Verdict;

/// The longest id, in characters.
const LONGEST_ID: usize = 200;

/// A job: a request under a name of the user's own.
#[derive(Debug)]
pub struct Job {
    pub id: String,
    pub operation: &'static Operation,
    pub model: String,
    pub body: Value,
}

/// What is wrong with a line; with its id, where it has one.
#[derive(Debug, Default)]
pub struct Wrong {
    pub id: Option<String>,
    pub problems: Vec<String>,
}

/// The job in a line, as [`read`] finds it, and what its document warns of.
/// `api` is the one for jobs that name none.
pub fn checked(bytes: &[u8], api: Option<Api>) -> Result<(Job, Vec<String>), Wrong> {
    let job = read(bytes, api)?;
    let verdict = Verdict::of(job.operation, &job.body);
    let warnings = verdict.warnings.iter();
    let warnings = warnings.map(|it| format!("{}: {}", shown(&it.pointer), it.message));
    if verdict.violations.is_empty() {
        return Ok((job, warnings.collect()));
    }
    let document = format!("{}/{}", job.operation.api, job.operation.name);
    let problem = |it: &inkstone::Violation| {
        format!(
            "{}: {}: expected {}, found {} ({document})",
            shown(&it.pointer),
            it.keyword,
            it.expected,
            it.value
        )
    };
    Err(Wrong {
        id: Some(job.id),
        problems: verdict.violations.iter().map(problem).collect(),
    })
}

fn shown(pointer: &str) -> &str {
    match pointer {
        "" => "(root)",
        pointer => pointer,
    }
}

/// The job in a line: `{"id", "api"?, "async"?, "request": {…}}`, or the request itself
/// with `id` and, if need be, `api` and `async` among its fields.
pub fn read(bytes: &[u8], api: Option<Api>) -> Result<Job, Wrong> {
    if bytes.trim_ascii().is_empty() {
        return wrong(None, "is empty: every line has to be a job");
    }
    let mut fields: Map<String, Value> = match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return wrong(None, "is no JSON object"),
        Err(error) => return wrong(None, &format!("is not JSON: {error}")),
    };
    let mut problems = Vec::new();
    let mut noted = |result: Result<_, String>| result.map_err(|it| problems.push(it)).ok();
    let id = noted(id(fields.remove("id")));
    let own_api = match own_api(fields.remove("api")) {
        Ok(api) => api,
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let is_task = match fields.remove("async") {
        None => Ok(false),
        Some(Value::Bool(is_task)) => Ok(is_task),
        Some(_) => Err("\"async\" is neither true nor false".to_owned()),
    };
    let is_task = is_task.unwrap_or_else(|problem| {
        problems.push(problem);
        false
    });
    let body = match fields.remove("request") {
        Some(request) => {
            let unknown = fields.keys();
            problems.extend(unknown.map(|it| {
                format!(
                    "unknown field {it:?}: beside \"request\" there are \"id\", \"api\" and \
                     \"async\""
                )
            }));
            request
        }
        None => Value::Object(fields),
    };
    let target = target(own_api.or(api), is_task, &body).map_err(|problem| problems.push(problem));
    match (id, target, problems.is_empty()) {
        (Some(id), Ok((operation, model)), true) => Ok(Job {
            id,
            operation,
            model,
            body,
        }),
        (id, ..) => Err(Wrong { id, problems }),
    }
}

fn wrong<T>(id: Option<String>, problem: &str) -> Result<T, Wrong> {
    Err(Wrong {
        id,
        problems: vec![problem.to_owned()],
    })
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
        Some(other) => Err(format!(
            "\"id\" is no text: write it as \"{}\"",
            brief(&other)
        )),
    }
}

fn own_api(given: Option<Value>) -> Result<Option<Api>, String> {
    match given.as_ref().map(|it| it.as_str()) {
        None => Ok(None),
        Some(Some("gateway")) => Ok(Some(Api::Gateway)),
        Some(Some("dashscope")) => Ok(Some(Api::Dashscope)),
        Some(_) => Err("\"api\" is neither \"gateway\" nor \"dashscope\"".to_owned()),
    }
}

/// The operation and the model of a request.
fn target(
    api: Option<Api>,
    is_task: bool,
    body: &Value,
) -> Result<(&'static Operation, String), String> {
    if !body.is_object() {
        return Err("\"request\" is no JSON object".to_owned());
    }
    let model = match body.get("model") {
        None => return Err("/model: the request names no model".to_owned()),
        Some(Value::String(model)) => model,
        Some(_) => return Err("/model: the model's name is no text".to_owned()),
    };
    let found = match is_task {
        true => choose::task_by_body(model, body),
        false => choose::by_body(api, model, body),
    };
    if let Some(operation) = found {
        return Ok((operation, model.clone()));
    }
    if is_task && choose::by_body(api, model, body).is_some() {
        return Err(format!(
            "/model: no document describes tasks of the model {model:?}: leave \"async\" out"
        ));
    }
    let unknown = format!("/model: {}", choose::unknown(api, model));
    Err(match choose::advice(api, model) {
        Some(advice) => format!("{unknown}; {advice}"),
        None => format!("{unknown}; `inkstone models` lists those there are"),
    })
}

fn brief(value: &Value) -> String {
    value.to_string().chars().take(40).collect()
}

impl Job {
    /// What tells this request from any other: its API, and its body without
    /// regard to white space and the order of fields.
    pub fn hash(&self) -> String {
        let mut body = self.body.clone();
        body.sort_all_objects();
        let mut hash = Sha256::new();
        hash.update(self.operation.api);
        hash.update([0]);
        hash.update(body.to_string());
        hash.finalize()
            .iter()
            .map(|it| format!("{it:02x}"))
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

    #[test]
    fn everything_wrong_with_a_line_is_told() {
        let cases: [(&str, &[&str]); 11] = [
            (" ", &["is empty: every line has to be a job"]),
            ("[]", &["is no JSON object"]),
            (
                "{",
                &["is not JSON: EOF while parsing an object at line 1 column 1"],
            ),
            (
                r#"{"id":7,"api":"x","request":[],"prio":1}"#,
                &[
                    "\"id\" is no text: write it as \"7\"",
                    "\"api\" is neither \"gateway\" nor \"dashscope\"",
                    "unknown field \"prio\": beside \"request\" there are \"id\", \"api\" and \"async\"",
                    "\"request\" is no JSON object",
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
                    "/model: the model's name is no text",
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
                   leave \"async\" out",
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
        for (line, expected) in cases {
            let wrong = checked(line.as_bytes(), None).unwrap_err();
            assert_eq!(wrong.problems, expected, "{line}");
        }
    }
}
