//! The tests of a crate's documents.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use apifox_runtime::{Document, Media, Operation};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use crate::body::{Body, Judge, Witness};
use crate::derive::Derived;
use crate::document::{BodySchema, Described};
use crate::examples;
use crate::ledger::Ledger;
use crate::witness;

/// The tests of a crate's documents: of every example, and of values derived from the schemas
/// of every request and reply in JSON.
pub struct Suite {
    operations: &'static [&'static Operation],
    documents: &'static [Document],
    ledger: Ledger,
    witness: Option<Witness>,
    formats: Vec<String>,
    values: Vec<Value>,
}

impl Suite {
    /// The tests of these operations and documents, which are what is generated.
    #[must_use]
    pub fn new(operations: &'static [&'static Operation], documents: &'static [Document]) -> Self {
        Self {
            operations,
            documents,
            ledger: Ledger::default(),
            witness: None,
            formats: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Examples that break their own schema are listed in this file, each on a line as
    /// `example: reason`. One that is missing there fails, and so does one that is there and
    /// fine, or no example. The file may be missing.
    #[must_use]
    pub fn ledger_file(self, path: impl AsRef<Path>) -> Self {
        Self {
            ledger: Ledger::read(path.as_ref()),
            ..self
        }
    }

    /// What compiles schemas instead of `jsonschema` with its defaults: for documents with
    /// keywords of their own, such as `x-side`, or with patterns that it reads otherwise than
    /// ECMA-262, such as `(?!x)\w`.
    #[must_use]
    pub fn witness(self, witness: Witness) -> Self {
        Self {
            witness: Some(witness),
            ..self
        }
    }

    /// Formats that are asserted, as `Builder::formats` of `apifox-build` was told; others
    /// restrict nothing. A [`witness`](Self::witness) of your own takes care of formats itself.
    #[must_use]
    pub fn formats(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_owned());
        self.formats.extend(names);
        self
    }

    /// Values to judge every body by, beside those that are derived: such as texts in formats
    /// that the documents use.
    #[must_use]
    pub fn values(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// Runs the tests as the usual harness would, with its arguments.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let arguments = Arguments::from_args();
        libtest_mimic::run(&arguments, self.trials()).exit_code()
    }

    /// The tests.
    fn trials(self) -> Vec<Trial> {
        let (bodies, problems) = self.bodies();
        let most = values_of_each(bodies.len());
        let mut trials: Vec<Trial> = problems
            .into_iter()
            .map(|problem| Trial::test(problem.clone(), || Err(Failed::from(problem))))
            .collect();
        let suite = Arc::new(self);
        let mut labels = Vec::new();
        for body in bodies.into_iter().map(Arc::new) {
            for (at, (name, _)) in body.examples.iter().enumerate() {
                let label = format!("{} {name}", body.label);
                labels.push(label.clone());
                let (suite, body) = (Arc::clone(&suite), Arc::clone(&body));
                trials.push(Trial::test(label.clone(), move || {
                    suite.example(&body, at, &label)
                }));
            }
            let label = format!("{}: values at its limits and beyond", body.label);
            let suite = Arc::clone(&suite);
            trials.push(Trial::test(label, move || suite.derived(&body, most)));
        }
        let problems = suite.ledger.problems(&labels);
        trials.push(Trial::test(
            "the ledger is of examples",
            move || match problems.is_empty() {
                true => Ok(()),
                false => Err(problems.join("\n").into()),
            },
        ));
        trials
    }

    /// Compiles the schema of a body.
    fn judge<'b>(&self, body: &'b Body) -> Result<Judge<'b>, String> {
        body.judge(|schema| match self.witness {
            Some(witness) => witness(schema),
            None => witness::compile(schema, &self.formats),
        })
    }

    /// Judges one example.
    fn example(&self, body: &Body, at: usize, label: &str) -> Result<(), Failed> {
        let Some((_, value)) = body.examples.get(at) else {
            return Ok(());
        };
        let is_valid = self.judge(body)?.accepts(value)?;
        match (is_valid, self.ledger.has(label)) {
            (true, false) | (false, true) => Ok(()),
            (true, true) => Err("it is fine: delete it from the ledger".into()),
            (false, false) => {
                let report = (body.check)(&apifox_runtime::Node::from(value));
                let broken = report.violations().iter().map(ToString::to_string);
                let broken: Vec<String> = broken.collect();
                let message = format!(
                    "it breaks its schema: {}. Correct the document, or add a line \
                     `{label}: the reason` to the ledger",
                    broken.join("; ")
                );
                Err(message.into())
            }
        }
    }

    /// Judges values that are derived from a body's schema.
    fn derived(&self, body: &Body, most: usize) -> Result<(), Failed> {
        let judge = self.judge(body)?;
        let examples = body.examples.iter().map(|(_, value)| value);
        let bases: Vec<&Value> = examples.collect();
        let derived = Derived::new(&judge.schema, &bases, &self.values);
        for value in derived.values(most) {
            judge.accepts(&value)?;
        }
        Ok(())
    }

    /// The bodies of all operations, and why a document can't be read.
    fn bodies(&self) -> (Vec<Body>, Vec<String>) {
        let mut documents: HashMap<*const u8, Result<Arc<Described>, String>> = HashMap::new();
        let (mut bodies, mut problems) = (Vec::new(), Vec::new());
        for operation in self.operations {
            let document = documents
                .entry(operation.document.as_ptr())
                .or_insert_with(|| {
                    Described::read(operation.name, operation.document).map(Arc::new)
                });
            match document {
                Ok(document) => bodies.extend(of_operation(document, operation)),
                Err(problem) => problems.push(format!("{}: {problem}", label(operation))),
            }
        }
        for document in self
            .documents
            .iter()
            .filter(|document| document.name == "error")
        {
            match Described::read(document.name, document.json) {
                Ok(described) => bodies.extend(self.error(document, Arc::new(described))),
                Err(problem) => problems.push(format!("{}/error: {problem}", document.api)),
            }
        }
        (bodies, problems)
    }

    /// The body of an API's errors, which has a document of its own.
    fn error(&self, document: &Document, described: Arc<Described>) -> Option<Body> {
        let mut operations = self.operations.iter();
        let operation = operations.find(|operation| operation.api == document.api)?;
        let BodySchema { schema, place } = described.error()?;
        Some(Body {
            label: format!("{} error", document.api),
            examples: examples::of_body(&described.json, None, &place?),
            schema,
            document: described,
            check: operation.check_error,
            recode: None,
        })
    }
}

/// How many values are judged of all bodies, of each at most, and of each in any case.
const VALUES: (usize, usize, usize) = (2_000_000, 20_000, 500);

/// How many values are judged of each of so many bodies.
fn values_of_each(bodies: usize) -> usize {
    let (of_all, most, least) = VALUES;
    (of_all / bodies.max(1)).clamp(least, most)
}

/// The request of an operation, and its replies.
fn of_operation(document: &Arc<Described>, operation: &Operation) -> Vec<Body> {
    let endpoint = document.endpoint(operation.pointer);
    let examples = |place: Option<&String>| {
        let found = place.map(|place| examples::of_body(&document.json, endpoint, place));
        found.unwrap_or_default()
    };
    let request = document
        .request(operation)
        .map(|BodySchema { schema, place }| Body {
            label: format!("{} request", label(operation)),
            examples: examples(place.as_ref()),
            schema,
            document: Arc::clone(document),
            check: operation.check_request,
            recode: operation.recode_request,
        });
    let several = operation.responses.len() > 1;
    // What can be encoded again is what reports success.
    let is_success = |status: u16| match status {
        0 => operation.reply == Media::Json,
        status => (200..300).contains(&status),
    };
    let replies = operation.responses.iter().filter_map(|reply| {
        let BodySchema { schema, place } = document.reply(operation, reply.pointer)?;
        let status = match (several, reply.status) {
            (false, _) => String::new(),
            (true, 0) => " default".to_owned(),
            (true, status) => format!(" {status}"),
        };
        Some(Body {
            label: format!("{} response{status}", label(operation)),
            examples: examples(place.as_ref()),
            schema,
            document: Arc::clone(document),
            check: reply.check,
            recode: operation
                .recode_response
                .filter(|_| !several && is_success(reply.status)),
        })
    });
    request.into_iter().chain(replies).collect()
}

fn label(operation: &Operation) -> String {
    match operation.api {
        "" => operation.name.to_owned(),
        api => format!("{api}/{}", operation.name),
    }
}
