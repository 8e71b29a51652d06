//! Whole documents of every form: each is read, generated and compiled, and each
//! generated type gives the verdicts of an independent validator, on the document's
//! own examples, on instances drawn from its schemas, and on what becomes of both
//! when something in them is changed.

#![allow(clippy::all, clippy::pedantic, missing_docs)]

use apifox_exactness::draw::Draw;
use apifox_exactness::witness;
use apifox_runtime::{Check, Node, Operation};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/documents.rs"));
#[cfg(clippy)]
pub static DOCUMENTS: &[Document] = &[];

/// A document, and the operations that were generated of it.
pub struct Document {
    name: &'static str,
    json: &'static str,
    outcome: Result<&'static [&'static Operation], &'static str>,
}

/// How many instances are drawn for a schema.
const INSTANCES: usize = 24;
/// How often each instance is changed.
const CHANGES: usize = 3;

fn main() {
    let arguments = Arguments::from_args();
    let trials = DOCUMENTS.iter().flat_map(trials).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials(document: &'static Document) -> Vec<Trial> {
    let name = document.name;
    let mut trials = vec![Trial::test(format!("{name}: generated"), || {
        share(document)
    })];
    for operation in document.outcome.unwrap_or_default() {
        let called = format!("{name}: {} {}", operation.method, operation.path);
        trials.push(Trial::test(called.clone(), || judge(document, operation)));
    }
    trials
}

/// At least 98 of a hundred operations have types.
fn share(document: &Document) -> Result<(), Failed> {
    let made = document.outcome?.len();
    let json: Value = serde_json::from_str(document.json)?;
    let described = witness::operations(&json);
    if made * 100 < described * 98 {
        return Err(format!("{made} of {described} operations").into());
    }
    Ok(())
}

/// Apidog writes what Apifox writes, under its own name.
fn by_apifox(json: &str) -> String {
    let json = json.replace("\"x-apidog-", "\"x-apifox-");
    json.replace("\"apidogProject\"", "\"apifoxProject\"")
}

fn judge(document: &Document, operation: &Operation) -> Result<(), Failed> {
    let json: Value = serde_json::from_str(&by_apifox(document.json))?;
    let examples = witness::examples(&json, operation);
    if let Some(schema) = witness::request(&json, operation) {
        compare("request", &schema, operation.check_request, &examples)?;
    }
    for response in operation.responses {
        let schema = witness::response(&json, response.pointer);
        compare(response.pointer, &schema, response.check, &examples)?;
    }
    Ok(())
}

fn compare(what: &str, schema: &Value, check: Check, examples: &[Value]) -> Result<(), Failed> {
    let witness =
        jsonschema::validator_for(schema).map_err(|error| format!("{what}: {error}\n{schema}"))?;
    let mut draw = Draw::new(schema.to_string().len() as u64);
    let drawn: Vec<Value> = (0..INSTANCES).map(|_| draw.instance(schema)).collect();
    for instance in examples.iter().chain(&drawn) {
        let mut changed = vec![instance.clone()];
        changed.extend((0..CHANGES).map(|_| draw.spoiled(instance.clone())));
        for instance in changed {
            let said = check(&Node::from(&instance));
            if said.violations().is_empty() != witness.is_valid(&instance) {
                return Err(
                    format!("{what}: {instance}\nschema {schema}\nthe type says {said:?}").into(),
                );
            }
        }
    }
    Ok(())
}
