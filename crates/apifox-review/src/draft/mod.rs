//! A first document from a page of prose: curl commands and samples of JSON say what is sent
//! and what comes back, the prose says what limits there are. Every guess is marked, and a
//! build refuses a document with such marks.

mod curl;
mod infer;
mod limits;
mod operation;
mod place;
mod prose;
mod samples;
mod url;

use std::ops::Range;

use serde_json::{Map, Value, json};

use self::curl::{Command, commands};
use self::operation::Operation;
use self::prose::statements;
use self::samples::{Sample, samples};
use self::url::Url;

/// Why no document is made of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// It has no curl command with an address.
    #[error("holds no curl command with the address of an operation")]
    NoCommand,
}

/// A document of OpenAPI 3.1 to go on from, of the page `text`. Each guess is named in a member
/// `x-draft` beside it: the keyword that is a guess, and the sentence or sample that it is
/// taken from.
///
/// # Errors
///
/// That the page shows no operation.
pub fn draft(title: &str, text: &str) -> Result<Value, DraftError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let commands = commands(text);
    let code: Vec<Range<usize>> = commands
        .iter()
        .map(|command| command.bytes.clone())
        .collect();
    let samples = samples(text, &code);
    let operations = operations(&commands, &samples);
    let Some(first) = operations.first() else {
        return Err(DraftError::NoCommand);
    };
    let ends = samples.iter().map(|sample| sample.start..sample.end);
    let code: Vec<Range<usize>> = code.into_iter().chain(ends).collect();
    let names = operations.iter().flat_map(Operation::names).collect();
    let statements = statements(text, &code, &names);
    let mut paths = Map::new();
    for operation in &operations {
        let path = paths
            .entry(operation.url.path.clone())
            .or_insert_with(|| json!({}));
        path[operation.method()] = operation.object(&statements);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": title, "version": "0"},
        "servers": [{"url": first.url.server}],
        "paths": paths,
    });
    if let Some((name, scheme)) = operations.iter().find_map(Operation::security) {
        document["components"] = json!({"securitySchemes": {name: scheme}});
        document["security"] = json!([{name: []}]);
    }
    Ok(document)
}

/// The operations of the commands. A sample belongs to the command before it, or to the first.
fn operations<'t>(commands: &'t [Command], samples: &'t [Sample]) -> Vec<Operation<'t>> {
    let mut operations: Vec<Operation<'t>> = Vec::new();
    for command in commands {
        let url = Url::read(&command.url);
        let method = command.method().to_ascii_lowercase();
        let is_same =
            |other: &&mut Operation<'_>| other.url.may_be(&url) && other.method() == method;
        match operations.iter_mut().find(is_same) {
            Some(operation) => {
                if url.parameters.len() > operation.url.parameters.len() {
                    operation.url = url;
                }
                operation.commands.push(command);
            }
            None => operations.push(Operation {
                url,
                commands: vec![command],
                requests: Vec::new(),
                replies: Vec::new(),
            }),
        }
    }
    for sample in samples {
        let before = |operation: &Operation<'_>| {
            let ends = operation.commands.iter().map(|command| command.bytes.end);
            ends.filter(|end| *end <= sample.start).max().unwrap_or(0)
        };
        let nearest = (0..operations.len())
            .rev()
            .max_by_key(|at| before(&operations[*at]));
        if let Some(operation) = nearest.and_then(|at| operations.get_mut(at)) {
            match sample.is_request() || operation.sends(&sample.json) {
                true => operation.requests.push(sample),
                false => operation.replies.push(sample),
            }
        }
    }
    operations
}
