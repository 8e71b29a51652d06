//! Which operations of a document are made, and under which choice of a media type.

use crate::model::Chosen;
use crate::settings::{Settings, is_called};
use apifox_document::api::{Api, Body, Content, Endpoint, MediaType};
use apifox_document::diagnostics::{Diagnostic, closest};

/// Keeps the operations that are wanted, each once for every media type of its body.
pub(super) fn choose(api: &mut Api, settings: &Settings) -> Chosen {
    let chosen = chosen(api, &settings.named_operations());
    let operations = std::mem::take(&mut api.operations).into_iter();
    let wanted = operations.filter(|endpoint| settings.wants(endpoint));
    api.operations = wanted.flat_map(choices).collect();
    api.incoming.retain(|endpoint| settings.wants(endpoint));
    chosen
}

fn chosen(api: &Api, names: &[&String]) -> Chosen {
    if names.is_empty() {
        return Chosen::default();
    }
    let operations = || api.operations.iter().chain(&api.incoming);
    let is_there = |name: &&&String| operations().any(|own| is_called(own, name));
    let place = |own: &Endpoint| format!("{} {}", own.method, own.path);
    let known =
        operations().flat_map(|own| own.names.first().cloned().into_iter().chain([place(own)]));
    Chosen {
        used: names
            .iter()
            .filter(is_there)
            .map(|name| (*name).clone())
            .collect(),
        known: known.collect(),
    }
}

/// The operations that are named and that no document has.
pub(crate) fn unknown(settings: &Settings, documents: &[&Chosen]) -> Vec<Diagnostic> {
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
