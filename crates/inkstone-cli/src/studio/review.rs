//! A document that was dropped in: its operations, what lint finds, and its Rust; and what
//! changed between two. Nothing is stored.

use apifox_document::api::{Api, Endpoint};
use apifox_document::{Diagnostics, Document, Form, forms, sources};
use apifox_review::{Finding, Role, lint};
use serde_json::{Value, json};

use crate::language::{libraries, review};
use crate::large_stack;

/// The type of a bare schema in the Rust that is shown.
const ROOT: &str = "Root";

pub fn document(json: &Value) -> Result<Value, String> {
    let (name, text) = named(json);
    on_a_large_stack(move || {
        let document = sources::read_text(&name, &text).map_err(told)?;
        let rust = apifox_build::rust_text(&name, &text, ROOT);
        let (rust, problems) = match rust {
            Ok(code) => (Some(code.text), Vec::new()),
            Err(problems) => (None, lines(&problems)),
        };
        let read = forms::read(&document, false).ok();
        Ok(json!({
            "name": name,
            "form": form(document.form()),
            "title": read.as_ref().and_then(|api| api.title.clone()),
            "operations": read.as_ref().map(operations),
            "schemas": read.as_ref().map_or(0, |api| api.models.len()),
            "findings": findings(&document),
            "patch": lint::suggestion(&document).unwrap_or_default(),
            "rust": rust,
            "problems": problems,
        }))
    })
}

pub fn diff(json: &Value) -> Result<Value, String> {
    let (old, new) = (named(&json["old"]), named(&json["new"]));
    on_a_large_stack(move || {
        let read = |(name, text): &(String, String)| sources::read_text(name, text).map_err(told);
        let found = apifox_review::diff(&read(&old)?, &read(&new)?, Role::Both);
        let found = found.map_err(told)?;
        let mut json = found.to_json();
        for (change, found) in json["changes"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .zip(&found.changes)
        {
            change["effect"] = found.effect().name().into();
            change["part"] = review::part(found).into();
            change["message"] = libraries::review(&found.message).into();
        }
        json["sentence"] = found.verdict().to_string().into();
        Ok(json)
    })
}

/// What is wrong with a document, each in a text of its own.
fn lines(problems: &Diagnostics) -> Vec<String> {
    let problems = problems.0.iter();
    problems
        .map(|problem| review::diagnostic(problem).to_string())
        .collect()
}

/// The same as one text.
#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn told(problems: Diagnostics) -> String {
    lines(&problems).join("\n")
}

fn named(json: &Value) -> (String, String) {
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    (text("name"), text("text"))
}

fn on_a_large_stack<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    let ended = large_stack::run(work).map_err(|error| error.to_string())?;
    ended.unwrap_or_else(|_| Err("the document can't be reviewed".to_owned()))
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Project => "Apifox",
        Form::OpenApi => "OpenAPI",
        Form::Swagger => "Swagger 2.0",
        Form::Unversioned => "OpenAPI, without a version",
        Form::Endpoint | Form::Response => "Apifox",
        Form::Schema => "JSON Schema",
        Form::Foreign => "JSON",
    }
}

fn operations(api: &Api) -> Value {
    let one = |endpoint: &Endpoint| {
        json!({
            "method": endpoint.method,
            "path": endpoint.path,
            "title": endpoint.title,
            "tags": endpoint.tags,
            "parameters": endpoint.parameters.len(),
            "body": endpoint.body.as_ref().and_then(|body| body.contents.first()).map(|media| &media.name),
            "statuses": endpoint.responses.iter().map(|response| response.status).collect::<Vec<_>>(),
        })
    };
    api.operations.iter().map(one).collect()
}

fn findings(document: &Document) -> Value {
    match lint::lint(document) {
        Ok(findings) => review::findings(&findings)
            .iter()
            .map(Finding::json)
            .collect(),
        Err(problems) => lines(&problems)
            .iter()
            .map(|problem| json!({"severity": "error", "rule": "unreadable", "message": problem}))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{diff, document};
    use crate::language::in_chinese;

    fn text(most: u32) -> String {
        json!({"type": "integer", "maximum": most}).to_string()
    }

    #[test]
    fn a_review_is_in_the_language_of_its_page() {
        let new = json!({"name": "new.json", "text": text(9)});
        let misspelt = json!({"name": "misspelt.json", "text": r#"{"maxLenght": 1}"#});
        let both = json!({"old": {"name": "old.json", "text": text(4)}, "new": new});
        let broken = json!({"name": "broken.json", "text": "{"});
        let said = |is_chinese: bool| -> Vec<Value> {
            in_chinese(is_chinese, || {
                let document = document(&misspelt).unwrap();
                let finding = &document["findings"][0];
                let diff = diff(&both).unwrap();
                let why = super::document(&broken).unwrap_err();
                let why = why.lines().next().unwrap_or_default().to_owned();
                let changed = diff["changes"][0]["message"].clone();
                vec![
                    finding["message"].clone(),
                    finding["remedy"].clone(),
                    changed,
                    why.into(),
                ]
            })
        };
        let english = json!([
            "maxLenght is not a JSON Schema keyword",
            "write maxLength",
            "maximum 4 → 9: accepts more",
            "error: not JSON: EOF while parsing an object",
        ]);
        let chinese = json!([
            "maxLenght 不是 JSON Schema 的关键字",
            "写 maxLength",
            "maximum 4 → 9：接受的更多",
            "error: 不是 JSON：对象没有写完就结束了",
        ]);
        assert_eq!(json!(said(false)), english);
        assert_eq!(json!(said(true)), chinese);
    }
}
