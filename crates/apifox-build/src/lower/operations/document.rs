//! A document as a module.

use std::collections::BTreeMap;

use serde_json::Value;
use typed_arena::Arena;

use super::choice::choose;
use super::pages;
use crate::annotate::formats;
use crate::annotate::given_names;
use crate::lower::hint::Hint;
use crate::lower::lowering::{Lowering, Source};
use crate::model::{
    Docs, GuardedBy, Module, ModuleScope, OmittedOperation, Operation, Type, TypeId,
};
use crate::named_places;
use crate::names::{self, Scope};
use crate::schema::Schema;
use crate::settings::Settings;
use apifox_document::Document;
use apifox_document::api::{Api, Endpoint};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::forms;
use apifox_document::schema::draft_marks::unconfirmed;

/// Lowers one document as the settings want it.
///
/// # Errors
///
/// Every problem of it; in a document of many operations, that none of them can
/// be made types for.
pub(crate) fn module(document: &Document, settings: &Settings) -> Result<Module, Diagnostics> {
    refuse_draft(&document.file, &document.json)?;
    let mut api = forms::read(document, settings.strict)?;
    formats::assert(&mut api, &document.file, &settings.formats);
    let given = given_names::write(&mut api, document, &settings.names);
    let replaced = named_places::replaced(document, &api, &settings.types);
    let had_operations = !api.operations.is_empty();
    let chosen = choose(&mut api, settings);
    let arena = Arena::new();
    let mut lowering = Lowering::new(Source {
        file: &document.file,
        document: &document.json,
        api: &api,
        settings,
        given_names: &given.types,
        replaced: &replaced,
        arena: &arena,
    });
    let mut made = Operations::of(&mut lowering, &api);
    if !had_operations {
        lowering.schemas_alone(&document.name);
    } else if made.operations.is_empty() && !made.omitted.is_empty() {
        let found = made
            .omitted
            .into_iter()
            .flat_map(|omitted| omitted.problems.0);
        return Err(Diagnostics(found.collect()));
    }
    let (types, guards) = made.types(lowering, had_operations)?;
    let mut module = Module {
        path: settings.module_of(document),
        api: document.folders.join("/"),
        name: document.name.clone(),
        file: document.file.clone(),
        docs: Docs {
            title: api.title.clone(),
            description: api.description.clone(),
            ..Docs::default()
        },
        types,
        guards,
        operations: made.operations,
        servers: api.servers.clone(),
        is_collection: api.is_collection,
        has_endpoints: !settings.types_only,
        document: document.json.clone(),
        omitted: made.omitted,
        skipped: [document.faults.clone(), api.skipped].concat(),
        unsupported: api.unsupported,
        renamed: given.used.clone(),
        known: given.known.clone(),
        chosen,
    };
    let unused: Vec<_> = given.unused(&module).collect();
    let pages = pages::resolve(&mut module);
    Diagnostics([given.problems, unused, pages].concat()).into_result()?;
    Ok(module)
}

/// Lowers a JSON Schema that stands alone.
///
/// # Errors
///
/// Every problem of it.
pub(crate) fn schema(
    file: &str,
    json: &Value,
    root: &str,
    settings: &Settings,
) -> Result<Module, Diagnostics> {
    refuse_draft(file, json)?;
    let arena = Arena::new();
    let mut api = Api {
        json: json.clone(),
        ..Api::default()
    };
    formats::assert(&mut api, file, &settings.formats);
    let given_names = BTreeMap::new();
    let own = |(named, path): (&String, &String)| {
        let (of, place) = named.split_once('#')?;
        (of == file).then(|| (place.to_owned(), path.clone()))
    };
    let replaced: Vec<_> = settings.types.iter().filter_map(own).collect();
    let mut lowering = Lowering::new(Source {
        file,
        document: json,
        api: &api,
        settings,
        given_names: &given_names,
        replaced: &replaced,
        arena: &arena,
    });
    lowering.root(Schema::new(&api.json, String::new()), root);
    let used = lowering.types.named().collect();
    let (shared, guards) = lowering.finish(used)?;
    Ok(Module {
        name: root.to_owned(),
        file: file.to_owned(),
        types: shared.types,
        guards,
        document: json.clone(),
        unsupported: api.unsupported.clone(),
        ..Module::default()
    })
}

/// Refuses a draft whose guesses are not confirmed yet.
fn refuse_draft(file: &str, json: &Value) -> Result<(), Diagnostics> {
    Diagnostics(unconfirmed(file, json)).into_result()
}

/// That an operation is left out, where nothing else says so.
fn without_reason(file: &str, endpoint: &Endpoint) -> Diagnostic {
    let message = "no types can be made of its schemas";
    let help = "correct its parameters, its body and its replies, or report this";
    Diagnostic::new(file, &endpoint.pointer, message, help)
}

/// The operations of a document while they are made.
#[derive(Default)]
struct Operations {
    operations: Vec<Operation>,
    omitted: Vec<OmittedOperation>,
    modules: Scope,
}

impl Operations {
    /// All operations of an API, and what it sends itself.
    fn of<'d>(lowering: &mut Lowering<'d>, api: &'d Api) -> Self {
        let mut made = Self::default();
        for endpoint in &api.operations {
            let in_own_module = api.is_collection || !made.operations.is_empty();
            made.add(lowering, endpoint, in_own_module);
        }
        for endpoint in &api.incoming {
            let known = made.operations.len();
            made.add(lowering, endpoint, true);
            for operation in &mut made.operations[known..] {
                operation.is_incoming = true;
            }
        }
        made
    }

    fn add<'d>(
        &mut self,
        lowering: &mut Lowering<'d>,
        endpoint: &'d Endpoint,
        in_own_module: bool,
    ) {
        if in_own_module {
            lowering.scope = ModuleScope::Operation(self.operations.len());
        }
        match lowering.attempt(|child| child.operation(endpoint)) {
            Some(operation) => self.push(operation, endpoint, in_own_module),
            None => {
                let mut problems = std::mem::take(&mut lowering.problems);
                if problems.is_empty() {
                    problems.push(without_reason(lowering.source.file, endpoint));
                }
                self.omitted.push(OmittedOperation {
                    operation: endpoint.route(),
                    problems: Diagnostics(problems),
                });
            }
        }
        lowering.scope = ModuleScope::Document;
    }

    /// The types that they use; where a document is of schemas alone, all that these name.
    fn types(
        &mut self,
        lowering: Lowering<'_>,
        had_operations: bool,
    ) -> Result<(Vec<Type>, Vec<GuardedBy>), Diagnostics> {
        let named = self.operations.iter_mut().flat_map(Operation::types);
        let mut used: Vec<TypeId> = named.collect();
        if !had_operations {
            used.extend(lowering.types.named());
        }
        let (shared, guards) = lowering.finish(used)?;
        for operation in &mut self.operations {
            operation.map_types(&|id| *shared.places.get(&id).unwrap_or(&id));
        }
        Ok((shared.types, guards))
    }

    fn push(&mut self, mut operation: Operation, endpoint: &Endpoint, in_own_module: bool) {
        if in_own_module {
            let candidates = endpoint.names.iter().map(|name| names::module_name(name));
            operation.module = self.modules.claim(&candidates.collect::<Vec<_>>());
        }
        operation.in_own_module = in_own_module;
        operation.name = match in_own_module {
            true => operation.module.clone(),
            false => endpoint.names.first().cloned().unwrap_or_default(),
        };
        self.operations.push(operation);
    }
}

impl Lowering<'_> {
    /// The schemas of a document without operations: the body of an API's
    /// errors, or models alone.
    fn schemas_alone(&mut self, name: &str) {
        let models = &self.source.api.models;
        for (place, model) in models {
            if let Some(schema) = self.at(place) {
                self.whole_schema(schema, &Hint::new(&model.name, ""));
            }
        }
        if models.is_empty()
            && let Some(schema) = self.at("/jsonSchema")
        {
            self.root(schema, name);
        }
    }
}
