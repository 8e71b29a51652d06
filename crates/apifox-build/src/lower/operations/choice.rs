//! Which operations of a document are made, and under which choice of a media type.

use std::collections::BTreeSet;

use crate::model::Chosen;
use crate::settings::{Settings, is_called};
use apifox_document::api::{Api, Body, Content, Endpoint, MediaType};
use apifox_document::diagnostics::{Diagnostic, closest};

/// Keeps the operations that are wanted, each once for every media type of its body.
pub(super) fn choose(api: &mut Api, settings: &Settings) -> Chosen {
    let mut chosen = chosen(api, settings);
    let operations = std::mem::take(&mut api.operations).into_iter();
    let wanted = operations.filter(|endpoint| settings.wants(endpoint));
    api.operations = wanted.flat_map(choices).collect();
    api.incoming.retain(|endpoint| settings.wants(endpoint));
    chosen.is_any = !(api.operations.is_empty() && api.incoming.is_empty());
    chosen
}

fn chosen(api: &Api, settings: &Settings) -> Chosen {
    let operations = || api.operations.iter().chain(&api.incoming);
    let mut chosen = Chosen::default();
    if !settings.paths.is_empty() {
        chosen.paths = operations().map(|own| own.path.clone()).collect();
    }
    if !settings.tags.is_empty() {
        chosen.tags = operations().flat_map(|own| own.tags.clone()).collect();
    }
    let names = settings.named_operations();
    if names.is_empty() {
        return chosen;
    }
    let is_there = |name: &&String| operations().any(|own| is_called(own, name));
    let called = api.operations.iter();
    let called = called.flat_map(|own| own.names.first().cloned().into_iter().chain([own.route()]));
    let incoming = api.incoming.iter();
    let incoming = incoming.flat_map(|own| own.names.iter().cloned().chain([own.route()]));
    chosen.used = names.into_iter().filter(is_there).cloned().collect();
    chosen.known = called.chain(incoming).collect();
    chosen
}

/// What operations are chosen by that no document has; or that all of it together chooses none.
pub(crate) fn unknown(settings: &Settings, documents: &[&Chosen]) -> Vec<Diagnostic> {
    let mut told = unknown_names(settings, documents);
    let paths: BTreeSet<&str> = documents
        .iter()
        .flat_map(|own| own.paths.iter().map(String::as_str))
        .collect();
    let tags: BTreeSet<&str> = documents
        .iter()
        .flat_map(|own| own.tags.iter().map(String::as_str))
        .collect();
    let no_path = |prefix: &&String| !paths.iter().any(|path| path.starts_with(prefix.as_str()));
    for prefix in settings.paths.iter().filter(no_path) {
        let message = "is the beginning of no path of an operation";
        let help = some_of("paths", prefix, &paths);
        told.push(Diagnostic::new(prefix, "", message, help));
    }
    let no_tag = |tag: &&String| !tags.contains(tag.as_str());
    for tag in settings.tags.iter().filter(no_tag) {
        let message = "is a tag of no operation";
        let help = some_of("tags", tag, &tags);
        told.push(Diagnostic::new(tag, "", message, help));
    }
    let chosen_by = settings.chosen_by();
    if told.is_empty() && !chosen_by.is_empty() && !documents.iter().any(|own| own.is_any) {
        let message = "choose no operation together";
        let help = "leave one of them out: an operation has to pass all of them";
        told.push(Diagnostic::new(&chosen_by, "", message, help));
    }
    told
}

/// Some of the paths or tags that there are, the one first that was probably meant.
fn some_of(what: &str, meant: &str, known: &BTreeSet<&str>) -> String {
    const MOST: usize = 5;
    let closest = closest(meant, known.iter().copied());
    let others = known.iter().copied().filter(|one| Some(*one) != closest);
    let some: Vec<&str> = closest.into_iter().chain(others).take(MOST).collect();
    match (some.is_empty(), known.len() - some.len()) {
        (true, _) => format!("no operation has {what}"),
        (false, 0) => format!("there are the {what} {}", some.join(", ")),
        (false, more) => format!("there are the {what} {} and {more} more", some.join(", ")),
    }
}

/// The operations that are named and that no document has.
fn unknown_names(settings: &Settings, documents: &[&Chosen]) -> Vec<Diagnostic> {
    let names = settings.named_operations();
    let documents = || documents.iter();
    let is_unknown = |name: &&String| !documents().any(|own| own.used.contains(*name));
    let told = names.into_iter().filter(is_unknown).map(|name| {
        let known = documents().flat_map(|own| &own.known);
        let help = match closest(name, known.map(String::as_str)) {
            Some(closest) => format!("an operation is called {closest}"),
            None => "name an operation by its operationId, or by its method and path".to_owned(),
        };
        Diagnostic::new(name, "", "is an operation of no document", help)
    });
    told.collect()
}

/// An operation for each media type that a caller may choose for its body.
fn choices(endpoint: Endpoint) -> Vec<Endpoint> {
    let Some(body) = &endpoint.body else {
        return vec![endpoint];
    };
    let used = body.contents.iter().filter(|media| media.is_used);
    let choice = |(index, media): (usize, &MediaType<Content>)| {
        let mut chosen = endpoint.clone();
        if index > 0 {
            let names = endpoint.names.iter();
            chosen.names = names
                .map(|name| format!("{name} as {}", media.name))
                .collect();
        }
        chosen.body = Some(Body {
            required: body.required,
            contents: vec![media.clone()],
        });
        chosen
    };
    used.enumerate().map(choice).collect()
}
