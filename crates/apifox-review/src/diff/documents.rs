//! Which documents are compared with which, and what each of them is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::api_comparison::ApiComparison;
use super::change::{Change, Effect, Relation, Role};
use super::report::Diff;
use super::uncompared::uncompared;
use super::unread::{Unread, unread, unread_changes};
use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::forms;
use apifox_document::pointer::written_place;
use apifox_document::schema::SchemaRef;
use apifox_document::schema::validate::SchemaValidator;
use apifox_document::{Document, Form, Sources, sources};

/// What changed from the document `old` to the document `new`, of any form, or from one
/// bare JSON Schema to another, whose values have the role `role`.
///
/// # Errors
///
/// Every diagnostic of a document that can't be read; that the two are of different kinds.
pub fn diff(old: &Document, new: &Document, role: Role) -> Result<Diff, Diagnostics> {
    let mut diff = Diff::default();
    // What is wrong with both is reported of both.
    if are_equal(old, new)
        && let Ok(old) = Input::read(old)
        && unread_changes(&old.unread, &unread(new, &old.api)).is_empty()
    {
        diff.add_warnings(&old.warnings);
        diff.add_warnings(&old.warnings_in(new));
        return Ok(diff);
    }
    let (old, new) = both(old, new, Input::read)?;
    compare(&old, &new, role, &mut diff)?;
    Ok(diff)
}

/// What changed from the document or bare schema in one file to that in another, or from
/// all documents below one directory to all below another, which are compared where their
/// paths are the same without the extension. The corrections beside documents are applied.
///
/// # Errors
///
/// Every diagnostic of a document that can't be read; that only one path is a directory, or
/// that a directory has no document.
pub fn diff_files(old: &Path, new: &Path, role: Role) -> Result<Diff, Diagnostics> {
    if old.is_dir() && new.is_dir() {
        let (old, new) = ((old, sources::read(old)), (new, sources::read(new)));
        let (old, new) = both(&old, &new, read_inputs)?;
        return compare_directories(&old, &new, role);
    }
    if old.is_dir() || new.is_dir() {
        return Err(one_directory(old, new).into());
    }
    let (old, new) = both(old, new, sources::read_file)?;
    diff(&old, &new, role)
}

/// Whether two documents say the same, and are read as the same. What a translation skipped is
/// not in them any more.
fn are_equal(old: &Document, new: &Document) -> bool {
    let is_translated = old.is_translated() || new.is_translated();
    !is_translated && old.is_page == new.is_page && old.json == new.json
}

/// Both, read at once; or what is wrong with either.
fn both<'d, D: Sync + ?Sized, T: Send>(
    old: &'d D,
    new: &'d D,
    read: impl Fn(&'d D) -> Result<T, Diagnostics> + Sync,
) -> Result<(T, T), Diagnostics> {
    match sources::both(old, new, read) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(Diagnostics(old)), Err(Diagnostics(new))) => Err(Diagnostics([old, new].concat())),
        (Err(diagnostics), _) | (_, Err(diagnostics)) => Err(diagnostics),
    }
}

/// That only one of two paths is a directory.
fn one_directory(old: &Path, new: &Path) -> Diagnostic {
    let (directory, file) = match old.is_dir() {
        true => (old, new),
        false => (new, old),
    };
    let message = format!("is a directory, but {} is not", file.display());
    let help = "compare two files, or two directories";
    Diagnostic::new(directory.display().to_string(), "", message, help)
}

/// The documents below a directory, by their path without its extension. One without any is
/// refused: its path is wrong, and would pass for a directory in which nothing changed.
fn read_inputs<'d>(
    (path, (sources, diagnostics)): &'d (&Path, (Sources, Diagnostics)),
) -> Result<BTreeMap<String, Input<'d>>, Diagnostics> {
    let mut diagnostics = diagnostics.clone();
    let mut inputs = BTreeMap::new();
    for document in &sources.documents {
        let name = sources::stem(&document.file).to_owned();
        match Input::read(document) {
            Ok(input) => drop(inputs.insert(name, input)),
            Err(found) => diagnostics.0.extend(found.0),
        }
    }
    diagnostics.into_result()?;
    if inputs.is_empty() {
        let message = "has no document in it";
        let help = "check the path: documents end in .json, .yaml, .yml, .md or .txt";
        return Err(Diagnostic::new(path.display().to_string(), "", message, help).into());
    }
    Ok(inputs)
}

fn compare_directories(
    old: &BTreeMap<String, Input<'_>>,
    new: &BTreeMap<String, Input<'_>>,
    role: Role,
) -> Result<Diff, Diagnostics> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut all = Diff::default();
    for name in names {
        let mut diff = Diff::default();
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare(old, new, role, &mut diff)?,
            (Some(old), None) => {
                diff.add_warnings(&old.warnings);
                diff.changes.extend(old.removed_changes(role));
            }
            (None, Some(new)) => {
                diff.add_warnings(&new.warnings);
                diff.changes.extend(new.added_changes(role));
            }
            (None, None) => {}
        }
        for change in &mut diff.changes {
            change.file = Some(name.clone());
        }
        all.changes.extend(diff.changes);
        all.warnings.extend(diff.warnings);
    }
    Ok(all)
}

/// A document, and what it is.
struct Input<'d> {
    file: &'d str,
    /// The document as it is written.
    json: &'d Value,
    api: Api,
    kind: InputKind,
    warnings: Vec<Diagnostic>,
    /// What its text has and the document has not.
    unread: Vec<Unread>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum InputKind {
    Operations,
    /// A reply alone, with a `jsonSchema`.
    Reply,
    /// A bare JSON Schema.
    Schema,
}

impl<'d> Input<'d> {
    fn read(document: &'d Document) -> Result<Self, Diagnostics> {
        let json = &document.json;
        let kind = match document.form() {
            Form::Response => InputKind::Reply,
            Form::Schema => InputKind::Schema,
            _ => InputKind::Operations,
        };
        let api = match kind {
            InputKind::Schema => {
                validate_schema(document)?;
                Api {
                    json: json.clone(),
                    ..Api::default()
                }
            }
            _ => forms::read(document, false)?,
        };
        let mut warnings = document.faults.clone();
        warnings.extend(api.skipped.iter().cloned());
        Ok(Self {
            file: &document.file,
            json,
            unread: unread(document, &api),
            api,
            kind,
            warnings,
        })
    }

    /// The warnings of a document that is equal to this one, but has another name and may be
    /// written in another way.
    fn warnings_in(&self, document: &Document) -> Vec<Diagnostic> {
        let mut warnings = document.faults.clone();
        warnings.extend(self.api.skipped.iter().cloned().map(|skipped| Diagnostic {
            file: document.file.clone(),
            ..skipped
        }));
        warnings
    }

    /// The changes where this document is new.
    fn added_changes(&self, role: Role) -> Vec<Change> {
        if self.kind == InputKind::Operations {
            return ApiComparison::new(&Api::default(), &self.api).changes();
        }
        let role = self.role(role);
        let change = Change::new(role, Relation::Unknown, "is a new document");
        vec![change.with_effects(role, Effect::Additive, Effect::Additive)]
    }

    /// The changes where this document is gone, with what could not be read of it.
    fn removed_changes(&self, role: Role) -> Vec<Change> {
        if self.kind == InputKind::Operations {
            let mut changes = ApiComparison::new(&self.api, &Api::default()).changes();
            changes.extend(unread_changes(&self.unread, &[]));
            return changes;
        }
        let role = self.role(role);
        vec![Change::new(role, Relation::Unknown, "is gone")]
    }

    /// The role of its values, which is `role` for a bare schema.
    fn role(&self, role: Role) -> Role {
        match self.kind {
            InputKind::Reply => Role::Reply,
            InputKind::Operations | InputKind::Schema => role,
        }
    }
}

/// # Errors
///
/// What is wrong with a bare schema.
fn validate_schema(document: &Document) -> Result<(), Diagnostics> {
    let schema = SchemaRef {
        value: &document.json,
        pointer: "",
    };
    let models = BTreeMap::new();
    let validated = SchemaValidator::default().validate(
        &document.file,
        (schema.value, schema.pointer),
        schema,
        &models,
    );
    validated.map(drop).map_err(Diagnostics)
}

/// Adds the changes between two documents, and the warnings of both.
fn compare(
    old: &Input<'_>,
    new: &Input<'_>,
    role: Role,
    diff: &mut Diff,
) -> Result<(), Diagnostics> {
    diff.add_warnings(&old.warnings);
    diff.add_warnings(&new.warnings);
    if old.kind != new.kind {
        return Err(different_kinds(old, new).into());
    }
    let mut comparison = ApiComparison::new(&old.api, &new.api);
    let changes = match old.kind {
        InputKind::Operations => comparison.changes(),
        InputKind::Reply => {
            let schema = ["/jsonSchema"];
            comparison.schema_changes(Role::Reply, &schema, &schema)
        }
        InputKind::Schema => comparison.schema_changes(role, &[""], &[""]),
    };
    let (before, after) = ((old.json, &old.api), (new.json, &new.api));
    let beside = uncompared(before, after, &changes, &comparison.compared);
    let changes = changes.into_iter().chain(beside);
    let changes = changes.chain(unread_changes(&old.unread, &new.unread));
    diff.changes.extend(changes.map(at_written_places));
    Ok(())
}

/// A change with its places in the documents as they are written.
fn at_written_places(change: Change) -> Change {
    let written = |place: Option<String>| {
        let place = place?;
        let written = written_place(&place);
        match written.len() == place.len() {
            true => Some(place),
            false => Some(written.to_owned()),
        }
    };
    Change {
        old: written(change.old),
        new: written(change.new),
        ..change
    }
}

fn different_kinds(old: &Input<'_>, new: &Input<'_>) -> Diagnostic {
    let kind = |input: &Input<'_>| match input.kind {
        InputKind::Operations => "a document of operations",
        InputKind::Reply => "a reply alone",
        InputKind::Schema => "a bare JSON Schema",
    };
    let message = format!("is {}, but {} is {}", kind(new), old.file, kind(old));
    let help = "compare two documents, or two schemas";
    Diagnostic::new(new.file, "", message, help)
}
