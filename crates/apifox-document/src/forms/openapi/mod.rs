//! OpenAPI 3.0 to 3.2.

mod body;
mod cut;
mod directions;
mod encoding;
mod form;
mod incoming;
mod marked;
mod operation;
mod parameter;
mod reader;
mod responses;
mod text_body;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::operation::endpoint;
use self::reader::Reader;
use self::version::{check_version, newer, other_dialect};
use super::dialect::{Dialect, Models, SchemaVersion, schemas_of};
use super::media::preferred;
use super::parameters::{settle_path, text};
use super::security::unsupported;
use super::{path_item, security};
use crate::api::{Api, Endpoint, Model};
use crate::diagnostics::{Diagnostic, Diagnostics, Omission};
use crate::document::{Document, file_of, place_name};
use crate::filled::filled;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded};
use crate::schema::reachable::reachable_schemas;

pub(crate) use self::cut::{remove_cut, remove_unanswered};
pub(super) use self::incoming::callbacks;
pub(crate) use self::version::{is_unversioned, unversioned};
pub use super::path_item::resolve_refs;

/// What to do about a security requirement that names no scheme.
const NO_SCHEME_HELP: &str = "declare it in /components/securitySchemes, or leave it out";

/// Reads an OpenAPI document.
///
/// # Errors
///
/// That its version is not supported.
pub(super) fn read(document: &Document, is_strict: bool) -> Result<Api, Diagnostics> {
    check_version(document)?;
    let json = document.json.clone();
    let models = models(&json);
    let mut skipped: Vec<Diagnostic> = newer(document).into_iter().collect();
    skipped.extend(other_dialect(document));
    let mut reader = Reader::new(document, json);
    let mut operations = operations(document, &mut reader, &mut skipped);
    let mut incoming = reader.incoming(&operations);
    let servers = reader.servers(&[""]);
    let Reader {
        mut json,
        mut unsupported,
        ..
    } = reader;
    let all = [operations.as_slice(), &incoming].concat();
    let models = [models.clone(), models_in_files(&json, &all, &models)].concat();
    let pointers = all.iter().map(|operation| operation.pointer.as_str());
    let asks_anywhere = security::asks_anywhere(&json, pointers);
    for operation in operations.iter_mut().chain(&mut incoming) {
        let said = security::openapi_credentials(&json, &operation.pointer, asks_anywhere);
        let (sets, unknown) = said;
        operation.security = sets;
        skipped.extend(
            unknown
                .iter()
                .map(|place| unsupported::no_scheme(&document.file, place, NO_SCHEME_HELP)),
        );
    }
    let unusual = |operation| unsupported::security(&document.file, operation);
    unsupported.extend(operations.iter().filter_map(unusual));
    let version = SchemaVersion::of_openapi(document);
    let mut dialect = Dialect::new(&document.file, Models::ByPlace, version, is_strict);
    let places = models.iter().map(|(place, _)| place);
    let mut all: Vec<_> = operations.iter_mut().chain(&mut incoming).collect();
    dialect.apply(&mut json, &mut all, places);
    let info = &json["info"];
    let mut api = Api {
        title: text(info, "title"),
        description: text(info, "description"),
        operations,
        incoming,
        servers,
        inexact: BTreeMap::new(),
        models: filled(models),
        is_shared: true,
        is_collection: true,
        moves: dialect.moves,
        skipped: [skipped, dialect.skipped].concat(),
        unsupported,
        json,
    };
    match version.has_directions() {
        true => directions::split(&document.file, &mut api),
        false => {
            let annotations = directions::annotations(&document.file, &mut api);
            api.skipped.extend(annotations);
        }
    }
    Ok(api)
}

/// The operations of all paths; a path that refers to nothing is noted in `skipped`.
fn operations(
    document: &Document,
    reader: &mut Reader<'_>,
    skipped: &mut Vec<Diagnostic>,
) -> Vec<Endpoint> {
    let mut operations = Vec::new();
    let paths = reader.json["paths"].as_object().into_iter().flatten();
    let paths: Vec<String> = paths.map(|(path, _)| path.clone()).collect();
    for path in &paths {
        let own = "/paths".child(path);
        let Some(around) = resolve_refs(&reader.json, &own) else {
            skipped.push(no_path_item(document, &own));
            continue;
        };
        for method in path_item::operations(reader.at(&around)) {
            let mut endpoint = endpoint(reader, &around, &method, path);
            settle_path(&mut reader.json, &mut endpoint, true);
            operations.push(endpoint);
        }
    }
    operations
}

/// That the reference of a path resolves to nothing, so the path has no operations.
fn no_path_item(document: &Document, pointer: &str) -> Diagnostic {
    Diagnostic::new(
        &document.file,
        pointer,
        "does not lead to a path item; the path is omitted",
        "fix the document, or add a correction beside it",
    )
    .with_keyword("$ref")
    .omitting(Omission::Part)
}

/// What operations share: the schemas of models, and of common replies,
/// parameters and bodies.
fn models(json: &Value) -> Vec<(String, Model)> {
    // A media type that is a component gives its schema the name, whoever refers to it.
    const KINDS: [&str; 5] = [
        "schemas",
        "responses",
        "parameters",
        "requestBodies",
        "mediaTypes",
    ];
    let mut models = Vec::new();
    for kind in KINDS {
        let named = json["components"][kind].as_object();
        for (name, component) in named.into_iter().flatten() {
            let mut place = "/components".child(kind).child(name);
            let mut component = component;
            // A component in another file is called as it is here.
            if kind != "schemas"
                && let Some(resolved) =
                    resolve_refs(json, &place).filter(|at| file_of(at).is_some())
                && let Some(there) = json.value_at(&resolved)
            {
                (place, component) = (resolved, there);
            }
            let content = component["content"].as_object().and_then(preferred);
            let places = match (kind, content) {
                ("schemas", _) => vec![place],
                ("mediaTypes", _) => vec![place.child("schema"), place.child("itemSchema")],
                (_, Some(media)) => {
                    let media = place.child("content").child(media);
                    vec![resolve_refs(json, &media).unwrap_or(media).child("schema")]
                }
                (_, None) => vec![place.child("schema")],
            };
            let is_there = |place: &String| json.value_at(place).is_some();
            if let Some(place) = places.into_iter().find(is_there) {
                models.push((place, Model { name: name.clone() }));
            }
        }
    }
    models
}

/// The schemas in other files that those of the document refer to. One that a component
/// merely refers to is called as the component is.
fn models_in_files(
    json: &Value,
    operations: &[Endpoint],
    models: &[(String, Model)],
) -> Vec<(String, Model)> {
    let mut places: BTreeSet<String> = models.iter().map(|(place, _)| place.clone()).collect();
    for operation in operations {
        schemas_of(operation, &mut places);
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (place, model) in models {
        if let Some(target) = json.value_at(place).and_then(|schema| text(schema, "$ref")) {
            let target = decoded(target.trim_start_matches('#'));
            names.entry(target).or_insert_with(|| model.name.clone());
        }
    }
    let reachable = reachable_schemas(json, places.iter().cloned().collect());
    let is_new = |place: &String| {
        let is_there = json.value_at(place).is_some();
        file_of(place).is_some() && !places.contains(place) && is_there
    };
    let named = reachable.into_iter().filter(is_new).map(|place| {
        let name = names.remove(&place).unwrap_or_else(|| place_name(&place));
        (place, Model { name })
    });
    named.collect()
}
