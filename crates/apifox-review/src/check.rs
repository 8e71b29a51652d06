//! Does a document accept a body? Checked by the document itself, without generating
//! anything.

use std::path::Path;

use apifox_runtime::{Checker, Draft, Violation};
use serde_json::Value;

use apifox_document::diagnostics::Diagnostics;
use apifox_document::forms;
use apifox_document::pointer::JsonValueExt as _;
use apifox_document::schema::validate::inexact_rules;
use apifox_document::{Document, sources};

use crate::operation::{Among, body_schema, endpoint, uncompiled, undescribed};

/// Selects a body of a document.
#[derive(Clone, Debug, Default)]
pub struct BodySelector<'s> {
    /// The operation, such as `POST /pets`, or a webhook or callback; not needed where there is
    /// only one.
    pub operation: Option<&'s str>,
    /// The status of the reply; `None` for the request.
    pub reply: Option<u16>,
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
    let report = checker(path, selector)?.report(value);
    Ok(report.violations().to_vec())
}

/// What checks any number of such bodies.
///
/// # Errors
///
/// As [`check`].
pub fn checker(path: &Path, selector: &BodySelector<'_>) -> Result<Checker, Diagnostics> {
    let document = sources::read_file(path)?;
    let checker = checker_of(&document, selector);
    checker.map_err(|diagnostics| diagnostics.at(&document.texts))
}

fn checker_of(document: &Document, selector: &BodySelector<'_>) -> Result<Checker, Diagnostics> {
    if !document.form().has_operations() {
        let draft = Draft::of_schema(&document.json).unwrap_or_default();
        let inexact = document.inexact_numbers();
        Diagnostics(inexact_rules(
            &document.file,
            (&document.json, ""),
            &inexact,
        ))
        .into_result()?;
        return compiled(document, (&document.json, ""), draft);
    }
    let api = forms::read(document, false)?;
    let endpoint = endpoint(document, &api, selector.operation, Among::All)?;
    let Some(pointer) = body_schema(endpoint, selector.reply) else {
        return Err(undescribed(document, endpoint, selector.reply).into());
    };
    let inexact = inexact_rules(&document.file, (&api.json, pointer), &api.inexact);
    Diagnostics(inexact).into_result()?;
    let schema = match api.is_shared {
        true => (&api.json, pointer.as_str()),
        false => (api.json.value_at(pointer).unwrap_or(&Value::Null), ""),
    };
    compiled(document, schema, Draft::Latest)
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
