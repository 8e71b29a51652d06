//! Does a document accept a body? Checked by the document itself, without generating
//! anything.

use std::path::Path;

use apifox_runtime::{Checker, Draft, Report, Violation};
use serde_json::Value;

use apifox_document::api::{Api, Endpoint};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::pointer::JsonValueExt as _;
use apifox_document::schema::extensions;
use apifox_document::schema::reachable::standing_alone;
use apifox_document::schema::validate::inexact_rules;
use apifox_document::{Document, Form, forms, sources};

use crate::bodies::{BodySchema, body_schemas, uncompiled, undescribed};
use crate::operation::{Among, endpoint, endpoint_with_media};
use crate::skipped::skipped;

/// Selects a body of a document.
#[derive(Clone, Debug, Default)]
pub struct BodySelector<'s> {
    /// The operation, such as `POST /pets`, or a webhook or callback; not needed where there is
    /// only one. With a media type of its body, such as `savePet as application/merge-patch+json`,
    /// only that one is taken.
    pub operation: Option<&'s str>,
    /// The status of the reply; `None` for the request.
    pub reply: Option<u16>,
}

/// Checks bodies against a document.
#[derive(Debug)]
pub struct BodyChecker {
    /// The first is preferred; never empty.
    alternatives: Vec<Alternative>,
    skipped: Vec<Diagnostic>,
}

/// One of the schemas that describe a body.
#[derive(Debug)]
struct Alternative {
    /// What it is of, where there are several.
    name: Option<String>,
    /// Alone, with what it refers to.
    schema: Value,
    checker: Checker,
}

/// What is said of a body.
#[derive(Debug)]
pub struct Judgement<'c> {
    /// What it breaks and what the schema warns of: nothing is broken where one of several schemas
    /// accepts it.
    pub report: Report,
    /// The schema that it was held against, with what it refers to beside it.
    pub schema: &'c Value,
    /// What that schema is of, where several describe the body: a reply or a media type.
    pub described_by: Option<&'c str>,
}

impl BodyChecker {
    /// Judges a body: by the first schema that accepts it, or else by the one that it breaks least.
    #[must_use]
    pub fn judge(&self, value: &Value) -> Judgement<'_> {
        let mut best: Option<Judgement<'_>> = None;
        let broken = |judgement: &Judgement<'_>| judgement.report.violations().len();
        for alternative in &self.alternatives {
            let judgement = Judgement {
                report: alternative.checker.report(value),
                schema: &alternative.schema,
                described_by: alternative.name.as_deref(),
            };
            let count = broken(&judgement);
            if best.as_ref().is_none_or(|best| count < broken(best)) {
                best = Some(judgement);
            }
            if count == 0 {
                break;
            }
        }
        best.unwrap_or(Judgement {
            report: Report::default(),
            schema: &Value::Null,
            described_by: None,
        })
    }

    /// What of the document is wrong and was skipped, so that it was not checked: as far as the body
    /// depends on it.
    #[must_use]
    pub fn skipped(&self) -> &[Diagnostic] {
        &self.skipped
    }
}

/// Every violation in the body `value`, by the file at `path`: a document of any form,
/// with the corrections beside it, or a bare JSON Schema.
///
/// # Errors
///
/// What is wrong with the document; that it doesn't have the operation, or doesn't
/// describe the body.
pub fn check(
    path: &Path,
    selector: &BodySelector<'_>,
    value: &Value,
) -> Result<Vec<Violation>, Diagnostics> {
    let report = checker(path, selector)?.judge(value).report;
    Ok(report.violations().to_vec())
}

/// What checks any number of such bodies.
///
/// # Errors
///
/// As [`check`].
pub fn checker(path: &Path, selector: &BodySelector<'_>) -> Result<BodyChecker, Diagnostics> {
    let document = sources::read_file(path)?;
    let checker = checker_of(&document, selector);
    checker.map_err(|diagnostics| diagnostics.at(&document.texts))
}

fn checker_of(
    document: &Document,
    selector: &BodySelector<'_>,
) -> Result<BodyChecker, Diagnostics> {
    if document.form() == Form::Schema {
        return of_schema(document);
    }
    let api = forms::read(document, false)?;
    // A reply without an operation.
    if !document.form().has_operations() {
        let only = BodySchema {
            place: "/jsonSchema",
            name: None,
        };
        return of_schemas(document, &api, None, vec![only]);
    }
    let by_media = || endpoint_with_media(&api, selector.operation?);
    let (endpoint, media) = match endpoint(document, &api, selector.operation, Among::All) {
        Ok(endpoint) => (endpoint, None),
        Err(unknown) => match by_media() {
            Some((endpoint, media)) => (endpoint, Some(media)),
            None => return Err(unknown),
        },
    };
    let schemas = body_schemas(endpoint, selector.reply, media);
    if schemas.is_empty() {
        let undescribed = undescribed(document, endpoint, selector.reply);
        // It may be what was omitted.
        let omitted = api.omitted_parts(document);
        return Err(Diagnostics([vec![undescribed], omitted].concat()));
    }
    of_schemas(document, &api, Some(endpoint), schemas)
}

/// What checks against a bare schema.
fn of_schema(document: &Document) -> Result<BodyChecker, Diagnostics> {
    let draft = Draft::of_schema(&document.json).unwrap_or_default();
    let inexact = document.inexact_numbers();
    let inexact = inexact_rules(&document.file, (&document.json, ""), &inexact);
    Diagnostics(inexact).into_result()?;
    let mut skipped = Diagnostics(document.faults.clone());
    skipped.0.extend(extensions::misspelt(document));
    Ok(BodyChecker {
        alternatives: vec![Alternative {
            name: None,
            schema: document.json.clone(),
            checker: compiled(document, (&document.json, ""), draft)?,
        }],
        skipped: skipped.at(&document.texts).0,
    })
}

/// What checks against these schemas of an operation, each of them once.
fn of_schemas(
    document: &Document,
    api: &Api,
    endpoint: Option<&Endpoint>,
    mut schemas: Vec<BodySchema<'_>>,
) -> Result<BodyChecker, Diagnostics> {
    let value = |schema: &BodySchema<'_>| api.json.value_at(schema.place).unwrap_or(&Value::Null);
    let mut known: Vec<&Value> = Vec::new();
    schemas.retain(|schema| {
        let is_new = !known.contains(&value(schema));
        known.push(value(schema));
        is_new
    });
    let is_alone = schemas.len() == 1;
    let places: Vec<&str> = schemas.iter().map(|schema| schema.place).collect();
    let skipped = skipped(document, api, endpoint, &places);
    let mut alternatives = Vec::new();
    for schema in schemas {
        let inexact = inexact_rules(&document.file, (&api.json, schema.place), &api.inexact);
        Diagnostics(inexact).into_result()?;
        let own = value(&schema);
        let (root, alone) = match api.is_shared {
            true => ((&api.json, schema.place), standing_alone(&api.json, own)),
            false => ((own, ""), own.clone()),
        };
        alternatives.push(Alternative {
            name: schema.name.filter(|_| !is_alone),
            schema: alone,
            checker: compiled(document, root, Draft::Latest)?,
        });
    }
    Ok(BodyChecker {
        alternatives,
        skipped,
    })
}

/// The schema at `pointer` in `root`, where references start.
fn compiled(
    document: &Document,
    (root, pointer): (&Value, &str),
    draft: Draft,
) -> Result<Checker, Diagnostics> {
    let checker = Checker::new(root, pointer, draft);
    checker.map_err(|unsupported| uncompiled(document, &unsupported).into())
}
