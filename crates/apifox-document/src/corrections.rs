//! Applies the corrections that lie beside a document.
//!
//! A correction file is a JSON Patch ([RFC 6902](https://www.rfc-editor.org/rfc/rfc6902))
//! whose operations each carry a `why`. Every operation that changes something
//! comes right after a `test` of the value it replaces, so that a correction
//! fails as soon as the vendor repairs the document, instead of hiding it.

use apifox_runtime::is_kept;
use json_patch::{PatchError, PatchOperation, jsonptr::Pointer};
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, shortened};
use crate::document::Document;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, steps, walk};
use crate::text::Texts;

/// The endings of correction files, in the order they are applied: first what
/// is wrong in the document, then what only its prose says.
pub const CORRECTION_ENDINGS: [&str; 2] = [".bugs.patch.json", ".prose.patch.json"];

impl Document {
    /// Corrects the document by the operations of a correction, which `file` names
    /// in errors.
    ///
    /// # Errors
    ///
    /// That the correction breaks the rules of corrections, or can't be applied; the
    /// document is half corrected then, and must not be used.
    pub fn correct(&mut self, file: &str, operations: Value) -> Result<(), Diagnostics> {
        let correction = Correction {
            file: file.to_owned(),
            json: operations,
            faults: Vec::new(),
        };
        apply(&mut self.json, &self.file, &correction)
    }
}

/// A correction file, read.
#[derive(Debug)]
pub struct Correction {
    /// The file, for errors.
    pub file: String,
    /// Its contents.
    pub json: Value,
    /// What is wrong in its text, though it can be read.
    pub faults: Vec<Diagnostic>,
}

/// The numbers that a correction writes into a document, and a double does not keep. Those of a
/// `test` are compared with what was read of the document, which did not keep them either.
pub fn inexact(file: &str, json: &Value, texts: &Texts) -> Diagnostics {
    let mut found = Diagnostics::default();
    walk(json, &mut |place, value| {
        let pointer = place.pointer();
        let mut steps = steps(&pointer);
        let operation = steps.next().map(|index| "".child(index));
        let is_test = operation.and_then(|operation| json.value_at(&operation));
        let is_test = is_test.is_some_and(|operation| operation["op"] == "test");
        if value.is_f64()
            && !is_test
            && let Some(written) = texts.written(file, &pointer)
            && !is_kept(written)
        {
            let message = format!("{written} has more digits than are kept");
            let help = "write an integer of 64 bits, or a number of 15 digits";
            found.0.push(Diagnostic::new(file, &pointer, message, help));
        }
        true
    });
    found
}

/// Applies `correction` to `document`, which came from `document_file`.
///
/// After an error the document is half corrected and must not be used.
pub fn apply(
    document: &mut Value,
    document_file: &str,
    correction: &Correction,
) -> Result<(), Diagnostics> {
    let operations = operations(correction)?;
    let mut diagnostics = Diagnostics::default();
    let mut test_failed = false;
    for (index, operation) in operations.iter().enumerate() {
        let is_test = matches!(operation, PatchOperation::Test(_));
        // The failed test is reported already: its change need not be.
        if test_failed && !is_test {
            test_failed = false;
            continue;
        }
        let applied = json_patch::patch(document, std::slice::from_ref(operation));
        test_failed = is_test && applied.is_err();
        if let Err(error) = applied {
            let (message, help) = not_applied(document, document_file, operation, &error);
            let keyword = is_test.then_some("test");
            let diagnostic = Diagnostic::new(&correction.file, "".child(index), message, help);
            diagnostics.0.push(diagnostic.with_keyword(keyword));
        }
    }
    diagnostics.into_result()
}

/// Why an operation cannot be applied, and what to do about it.
fn not_applied(
    document: &Value,
    document_file: &str,
    operation: &PatchOperation,
    error: &PatchError,
) -> (String, &'static str) {
    match operation {
        PatchOperation::Test(test) => (
            stale(document, document_file, &test.path, &test.value),
            "if the vendor repaired the document, delete this `test` and the \
             change after it; otherwise adapt both to the document",
        ),
        _ => (
            format!("cannot be applied to {document_file}: {}", error.kind),
            "adapt the operation's `path` to the document",
        ),
    }
}

/// That `path` no longer holds the expected value.
fn stale(document: &Value, document_file: &str, path: &Pointer, expected: &Value) -> String {
    let found = match path.resolve(document) {
        Ok(found) => format!("now stands {}", shortened(found)),
        Err(_) => "now stands nothing".into(),
    };
    format!(
        "{document_file}#{path} was {} when this was written; there {found}",
        shortened(expected)
    )
}

/// The operations of a correction file.
///
/// # Errors
///
/// That the file breaks the rules of corrections.
fn operations(correction: &Correction) -> Result<Vec<PatchOperation>, Diagnostics> {
    let fault = |pointer: String, message: String, help: &str| {
        Diagnostic::new(&correction.file, pointer, message, help)
    };
    let Some(items) = correction.json.as_array() else {
        return Err(fault(
            String::new(),
            "a correction is an array of JSON Patch operations".into(),
            "write [{\"op\": \"test\", …}, {\"op\": \"replace\", …}]",
        )
        .into());
    };
    let mut diagnostics = Diagnostics::default();
    let mut operations = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let pointer = "".child(index);
        match serde_json::from_value::<PatchOperation>(item.clone()) {
            Ok(operation) => operations.push(operation),
            Err(error) => diagnostics.0.push(fault(
                pointer.clone(),
                format!("not a JSON Patch operation: {error}"),
                "RFC 6902 lists the operations and their members",
            )),
        }
        if item["why"].as_str().is_none_or(str::is_empty) {
            diagnostics.0.push(fault(
                pointer,
                "the operation has no `why`".into(),
                "say in `why` what contradicts the document, and where",
            ));
        }
    }
    diagnostics.into_result()?;
    untested(correction, &operations).map_or(Ok(operations), |diagnostic| Err(diagnostic.into()))
}

/// The first change that no `test` right before it guards.
fn untested(correction: &Correction, operations: &[PatchOperation]) -> Option<Diagnostic> {
    let (index, _) = operations.iter().enumerate().find(|(index, operation)| {
        if matches!(operation, PatchOperation::Test(_)) {
            return false;
        }
        let before = index.checked_sub(1).and_then(|at| operations.get(at));
        !matches!(before, Some(PatchOperation::Test(test)) if guards(&test.path, operation))
    })?;
    Some(Diagnostic::new(
        &correction.file,
        "".child(index),
        "no `test` of the value that this operation changes comes right before it",
        "put a `test` of the old value, or of the object that gains a member, before it",
    ))
}

/// Whether a test at `tested` sees what an operation replaces, and what it takes from elsewhere:
/// the value itself, or what has it as a member.
fn guards(tested: &Pointer, operation: &PatchOperation) -> bool {
    let sees = |changed: &Pointer| tested == changed || changed.parent() == Some(tested);
    let taken = match operation {
        PatchOperation::Move(own) => sees(&own.from),
        PatchOperation::Copy(own) => sees(&own.from),
        _ => true,
    };
    taken && sees(operation.path())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Correction, apply, inexact};
    use crate::parse;
    use crate::text::{Text, Texts, Written};

    fn corrected(patch: Value) -> Result<Value, String> {
        let mut document = json!({"a": {"const": "wrong"}});
        let correction = Correction {
            file: "m.bugs.patch.json".into(),
            json: patch,
            faults: Vec::new(),
        };
        apply(&mut document, "m.json", &correction)
            .map(|()| document)
            .map_err(|diagnostics| diagnostics.to_string())
    }

    #[test]
    fn a_guarded_change_is_made() {
        let patch = json!([
            {"op": "test", "path": "/a/const", "value": "wrong", "why": "w"},
            {"op": "replace", "path": "/a/const", "value": "right", "why": "w"},
            {"op": "test", "path": "/a", "value": {"const": "right"}, "why": "w"},
            {"op": "add", "path": "/a/minLength", "value": 1, "why": "w"},
        ]);
        assert_eq!(
            corrected(patch),
            Ok(json!({"a": {"const": "right", "minLength": 1}}))
        );
    }

    #[test]
    fn faults_say_what_to_do() {
        let cases = [
            (
                json!([
                    {"op": "test", "path": "/a/const", "value": "old", "why": "w"},
                    {"op": "replace", "path": "/a/const", "value": "right", "why": "w"},
                ]),
                "1 problem in the documents:\n  m.bugs.patch.json#/0: test: m.json#/a/const was \"old\" when this was written; there now stands \"wrong\"\n      if the vendor repaired the document, delete this `test` and the change after it; otherwise adapt both to the document",
            ),
            (
                json!([{"op": "replace", "path": "/a/const", "value": 1, "why": "w"}]),
                "1 problem in the documents:\n  m.bugs.patch.json#/0: no `test` of the value that this operation changes comes right before it\n      put a `test` of the old value, or of the object that gains a member, before it",
            ),
            (
                json!([{"op": "test", "path": "/b", "value": 1}]),
                "1 problem in the documents:\n  m.bugs.patch.json#/0: the operation has no `why`\n      say in `why` what contradicts the document, and where",
            ),
            // What is taken from elsewhere has to be tested as well.
            (
                json!([
                    {"op": "test", "path": "", "value": {"a": {"const": "wrong"}}, "why": "w"},
                    {"op": "move", "from": "/a/const", "path": "/b", "why": "w"},
                ]),
                "1 problem in the documents:\n  m.bugs.patch.json#/1: no `test` of the value that this operation changes comes right before it\n      put a `test` of the old value, or of the object that gains a member, before it",
            ),
            (
                json!({}),
                "1 problem in the documents:\n  m.bugs.patch.json: a correction is an array of JSON Patch operations\n      write [{\"op\": \"test\", …}, {\"op\": \"replace\", …}]",
            ),
        ];
        for (patch, expected) in cases {
            assert_eq!(corrected(patch).expect_err("a fault"), expected);
        }
    }

    #[test]
    fn numbers_that_are_not_kept_are_told() {
        let file = "m.bugs.patch.json";
        let text = r#"[{"op": "test", "path": "/a", "value": 9007199254740993.0},
            {"op": "replace", "path": "/a", "value": [0.1, {"enum": [9007199254740993.0]}]}]"#;
        let mut text = Text::new(text, Written::Json);
        let parsed = parse::json(file, &mut text).expect("JSON");
        let mut texts = Texts::default();
        texts.insert(file, text);
        let found = inexact(file, &parsed.json, &texts);
        assert_eq!(
            found.to_string(),
            "1 problem in the documents:\n  m.bugs.patch.json#/1/value/1/enum/0: \
             9007199254740993.0 has more digits than are kept\n      \
             write an integer of 64 bits, or a number of 15 digits"
        );
    }
}
