//! The names that a caller gives, and where they go.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use apifox_document::Document;
use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, closest};

use crate::model::Module;
use crate::named_places::{has_file, no_file, places};

/// The keyword that says what the type or the variant for a schema is called.
pub(crate) const KEYWORD: &str = "x-rust-name";

/// What is called by a name that a caller gives.
#[derive(Debug, Default)]
pub(crate) struct GivenNames {
    /// The settings that are of this document.
    pub used: BTreeSet<String>,
    /// The names of types, by the place of their schema.
    pub types: BTreeMap<String, String>,
    /// What the document calls its schemas and operations.
    pub known: Vec<String>,
    pub problems: Vec<Diagnostic>,
}

/// Writes the names that a caller gives into an API: as keywords of its schemas, and as the
/// names of its operations.
pub(crate) fn write(
    api: &mut Api,
    document: &Document,
    names: &BTreeMap<String, String>,
) -> GivenNames {
    let mut given = GivenNames::default();
    if !names.is_empty() {
        let models = api.models.values().map(|model| &model.name);
        let operations = api.operations.iter().filter_map(|own| own.names.first());
        let incoming = api.incoming.iter().flat_map(|own| &own.names);
        let known = models.chain(operations).chain(incoming);
        given.known = known.cloned().collect();
    }
    for (key, name) in names {
        let places = match key.split_once('#') {
            Some((file, _)) if has_file(document, file) => places(document, api, key),
            Some(_) => continue,
            None => match place_of(api, key) {
                Some(place) => vec![place],
                None => continue,
            },
        };
        given.used.insert(key.clone());
        let put: Vec<_> = places
            .into_iter()
            .filter_map(|place| put(api, &place, name).map(|put| (place, put)))
            .collect();
        if put.is_empty() {
            given.problems.push(nothing_there(document, key, name));
        }
        let types = put.into_iter().filter(|(_, put)| matches!(put, Put::Type));
        let types: Vec<String> = types.map(|(place, _)| place).collect();
        let is_taken = given.types.values().any(|known| known == name);
        match types.first() {
            Some(place) if is_taken => {
                let message = format!("something else is called {name} as well");
                let help = "give each type a name of its own";
                given
                    .problems
                    .push(Diagnostic::new(&document.file, place, message, help));
            }
            _ => given
                .types
                .extend(types.into_iter().map(|place| (place, name.clone()))),
        }
    }
    given
}

/// That nothing at the place that a caller names can have a name.
fn nothing_there(document: &Document, key: &str, name: &str) -> Diagnostic {
    let (file, place) = key.split_once('#').unwrap_or((&document.file, ""));
    let help = match document.closest_place(file, place) {
        Some(closest) => format!("there is #{closest}"),
        None => "name a schema, a listed value or an operation".to_owned(),
    };
    let message = format!("there is nothing here to be called {name}");
    Diagnostic::new(file, place, message, help)
}

/// The place of what the document itself calls by this name.
fn place_of(api: &Api, name: &str) -> Option<String> {
    let models = api.models.iter().filter(|(_, model)| model.name == name);
    let operations = api.operations.iter().chain(&api.incoming);
    let mut operations = operations.filter(|own| own.names.iter().any(|known| known == name));
    let mut places = models.map(|(place, _)| place);
    places
        .next()
        .or_else(|| operations.next().map(|own| &own.pointer))
        .cloned()
}

enum Put {
    Type,
    /// A module, or a variant.
    Other,
}

fn put(api: &mut Api, place: &str, name: &str) -> Option<Put> {
    let operations = api.operations.iter_mut().chain(&mut api.incoming);
    let mut named = None;
    for own in operations.filter(|own| own.pointer == place) {
        own.names.insert(0, name.to_owned());
        named = Some(Put::Other);
    }
    if named.is_some() {
        return named;
    }
    if let Some(Value::Object(schema)) = api.json.pointer_mut(place) {
        schema.insert(KEYWORD.to_owned(), name.into());
        let is_value = schema.contains_key("const");
        return Some(if is_value { Put::Other } else { Put::Type });
    }
    let (list, index) = place.rsplit_once('/')?;
    let schema = api.json.pointer_mut(list.strip_suffix("/enum")?)?;
    let index: usize = index.parse().ok()?;
    let count = schema["enum"].as_array()?.len();
    let schema = schema.as_object_mut().filter(|_| index < count)?;
    let names = schema.entry(KEYWORD_OF_VALUES).or_insert(json!([]));
    let names = names.as_array_mut()?;
    names.resize(names.len().max(count), Value::Null);
    names[index] = name.into();
    Some(Put::Other)
}

/// The list of the names of an `enum`'s values, in their order.
pub(crate) const KEYWORD_OF_VALUES: &str = "x-rust-names";

impl GivenNames {
    /// Types that should have been called by a name and are not: the schema makes none of its
    /// own, or something else has the name.
    pub fn unused(&self, module: &Module) -> impl Iterator<Item = Diagnostic> {
        // Of several places that share one in the text, each has the type of the first.
        let is_there = |(_, name): &(&String, &String)| {
            let places = self.types.iter().filter(|(_, known)| known == name);
            let mut places = places.map(|(place, _)| place);
            places.any(|place| {
                let mut types = module.types.iter();
                types.any(|own| own.name == **name && own.docs.pointer == *place)
            })
        };
        let unused = self.types.iter().filter(move |entry| !is_there(entry));
        unused.map(|(place, name)| {
            let message = format!("no type of its own is made here that could be called {name}");
            let help = "name the schema that the type is made of, and no name that another has";
            Diagnostic::new(&module.file, place, message, help)
        })
    }
}

/// The names that are given to what no document has; `known` is what documents call theirs, and
/// `files` are those of the documents.
pub(crate) fn unknown(
    names: &BTreeMap<String, String>,
    used: &BTreeSet<String>,
    known: &[String],
    files: &[&str],
) -> Vec<Diagnostic> {
    let unknown = names.keys().filter(|key| !used.contains(*key));
    let told = unknown.map(|key| {
        if let Some((file, _)) = key.split_once('#') {
            return no_file(key, file, files.iter().copied());
        }
        let help = match closest(key, known.iter().map(String::as_str)) {
            Some(closest) => format!("something is called {closest}"),
            None => "name a schema or an operation as its document does, or a file below the \
                     directory and a JSON pointer in it"
                .to_owned(),
        };
        Diagnostic::new(key, "", "is in no document", help)
    });
    told.collect()
}
