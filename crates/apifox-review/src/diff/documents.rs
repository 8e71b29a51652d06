//! Which documents are compared with which, and what each of them is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::Diff;
use super::change::{Change, Effect, Relation, Role};
use super::operations::Sides;
use super::schema::Comparison;
use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::forms;
use apifox_document::schema::SchemaRef;
use apifox_document::schema::validate::SchemaValidator;
use apifox_document::{Document, sources};

/// What changed from the document `old` to the document `new`, of any form, or
/// from one bare JSON Schema to another, whose values have the role `role`.
///
/// # Errors
///
/// Every problem that keeps either from being read.
pub fn diff(old: &Document, new: &Document, role: Role) -> Result<Diff, Diagnostics> {
    let (old, new) = both(Read::of(old), Read::of(new))?;
    let mut found = Diff::default();
    compare(&old, &new, role, &mut found)?;
    Ok(found)
}

/// What changed from the document or bare schema in one file to that in another,
/// or from all documents below one directory to all below another: those with the
/// same path, but for its ending, are compared. The corrections beside documents
/// are applied.
///
/// # Errors
///
/// Every problem that keeps a document from being read; that one path is a
/// directory and the other is none.
pub fn diff_files(old: &Path, new: &Path, role: Role) -> Result<Diff, Diagnostics> {
    if old.is_dir() && new.is_dir() {
        let (old, new) = both(all(old), all(new))?;
        return directories(&old, &new, role);
    }
    let (old, new) = both(sources::read_file(old), sources::read_file(new))?;
    diff(&old, &new, role)
}

/// Both, or what is wrong with either.
fn both<T>(
    old: Result<T, Diagnostics>,
    new: Result<T, Diagnostics>,
) -> Result<(T, T), Diagnostics> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(Diagnostics(old)), Err(Diagnostics(new))) => Err(Diagnostics([old, new].concat())),
        (Err(problems), _) | (_, Err(problems)) => Err(problems),
    }
}

/// The documents below a directory, by their path without its ending.
fn all(root: &Path) -> Result<BTreeMap<String, Read>, Diagnostics> {
    let (sources, mut problems) = sources::read(root);
    let mut all = BTreeMap::new();
    for document in &sources.documents {
        let name = sources::stem(&document.file).to_owned();
        match Read::of(document) {
            Ok(read) => drop(all.insert(name, read)),
            Err(found) => problems.0.extend(found.0),
        }
    }
    problems.into_result()?;
    Ok(all)
}

fn directories(
    old: &BTreeMap<String, Read>,
    new: &BTreeMap<String, Read>,
    role: Role,
) -> Result<Diff, Diagnostics> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut all = Diff::default();
    for name in names {
        let mut found = Diff::default();
        let sides = (old.get(name), new.get(name));
        match sides {
            (Some(old), Some(new)) => compare(old, new, role, &mut found)?,
            (Some(old), None) => found.changes.extend(old.appears(role, false)),
            (None, Some(new)) => found.changes.extend(new.appears(role, true)),
            (None, None) => {}
        }
        for change in &mut found.changes {
            change.file = Some(name.clone());
        }
        all.changes.extend(found.changes);
        all.warnings.extend(found.warnings);
    }
    Ok(all)
}

/// A document, and what it is.
struct Read {
    file: String,
    api: Api,
    kind: Kind,
    warnings: Vec<Diagnostic>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operations,
    /// A reply alone, with a `jsonSchema`.
    Reply,
    /// A bare JSON Schema.
    Schema,
}

impl Read {
    /// The changes that it makes that this is new, or else that it is gone.
    fn appears(&self, role: Role, is_new: bool) -> Vec<Change> {
        let nothing = Api::default();
        let role = match self.kind {
            Kind::Operations if is_new => return Sides::new(&nothing, &self.api).changes(),
            Kind::Operations => return Sides::new(&self.api, &nothing).changes(),
            Kind::Reply => Role::Reply,
            Kind::Schema => role,
        };
        let change = match is_new {
            true => Change::of(role, Relation::Unknown, "is a new document").judged(
                role,
                Effect::Additive,
                Effect::Additive,
            ),
            false => Change::of(role, Relation::Unknown, "is gone"),
        };
        vec![change]
    }

    fn of(document: &Document) -> Result<Self, Diagnostics> {
        let is_reply = document
            .json
            .get("jsonSchema")
            .is_some_and(Value::is_object);
        let kind = match forms::is_document(&document.json) {
            true => Kind::Operations,
            false if is_reply => Kind::Reply,
            false => Kind::Schema,
        };
        let mut warnings = document.faults.clone();
        let api = match kind {
            Kind::Schema => {
                validated(document)?;
                Api {
                    json: document.json.clone(),
                    ..Api::default()
                }
            }
            _ => forms::read(document, false)?,
        };
        warnings.extend(api.notes.iter().cloned());
        Ok(Self {
            file: document.file.clone(),
            api,
            kind,
            warnings,
        })
    }
}

/// That a bare schema is a valid one.
fn validated(document: &Document) -> Result<(), Diagnostics> {
    let schema = SchemaRef {
        value: &document.json,
        pointer: "",
    };
    let models = BTreeMap::new();
    let validated = SchemaValidator::default().validate(&document.file, schema, schema, &models);
    validated.map(drop).map_err(Diagnostics)
}

fn compare(old: &Read, new: &Read, role: Role, found: &mut Diff) -> Result<(), Diagnostics> {
    for warning in old.warnings.iter().chain(&new.warnings) {
        if !found.warnings.contains(warning) {
            found.warnings.push(warning.clone());
        }
    }
    if old.kind != new.kind {
        return Err(unlike(old, new).into());
    }
    let changes = match old.kind {
        Kind::Operations => Sides::new(&old.api, &new.api).changes(),
        Kind::Reply => alone(old, new, "/jsonSchema", Role::Reply),
        Kind::Schema => alone(old, new, "", role),
    };
    found.changes.extend(changes);
    Ok(())
}

/// The changes of a schema that belongs to no operation.
fn alone(old: &Read, new: &Read, pointer: &str, role: Role) -> Vec<Change> {
    let mut sides = Sides {
        old: &old.api,
        new: &new.api,
        comparison: Comparison::default(),
        noted: std::collections::HashSet::new(),
    };
    sides.schemas(role, &[pointer], &[pointer])
}

fn unlike(old: &Read, new: &Read) -> Diagnostic {
    let what = |it: &Read| match it.kind {
        Kind::Operations => "a document of operations",
        Kind::Reply => "a reply alone",
        Kind::Schema => "a bare JSON Schema",
    };
    Diagnostic::new(
        &new.file,
        "",
        format!("is {}, and {} is {}", what(new), old.file, what(old)),
        "compare two documents, or two schemas",
    )
}
