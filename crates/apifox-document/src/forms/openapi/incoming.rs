//! The operations that an API calls: webhooks, and callbacks.

use serde_json::Value;

use super::operation::endpoint;
use super::reader::Reader;
use crate::api::{Callback, Endpoint};
use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::forms::path_item::{self, resolve_refs};
use crate::pointer::JsonPointerExt as _;

/// The members of a document that hold webhooks; the second is what documents used before
/// OpenAPI 3.1.
const WEBHOOKS: [&str; 2] = ["/webhooks", "/x-webhooks"];

/// The callbacks of `operations` in the document `json`, which schemas may be put in; and what is
/// not supported in them.
pub(in crate::forms) fn callbacks(
    document: &Document,
    json: Value,
    operations: &[Endpoint],
) -> (Value, Vec<Endpoint>, Vec<Diagnostic>) {
    let mut reader = Reader::new(document, json);
    let mut incoming = Vec::new();
    for operation in operations {
        reader.callbacks(operation, &mut incoming);
    }
    (reader.json, incoming, reader.unsupported)
}

impl Reader<'_> {
    /// The webhooks of the document, and the callbacks of `operations`.
    pub(super) fn incoming(&mut self, operations: &[Endpoint]) -> Vec<Endpoint> {
        let mut incoming = Vec::new();
        for list in WEBHOOKS {
            for (name, place) in self.path_items(list) {
                let names = vec![format!("webhook {name}")];
                self.add(&place, &format!("webhook {name}"), &names, &mut incoming);
            }
        }
        for operation in operations {
            self.callbacks(operation, &mut incoming);
        }
        incoming
    }

    fn callbacks(&mut self, operation: &Endpoint, incoming: &mut Vec<Endpoint>) {
        let list = operation.pointer.child("callbacks");
        let named = self.at(&list).as_object().into_iter().flatten();
        let names: Vec<String> = named.map(|(name, _)| name.clone()).collect();
        for name in names {
            let Some(callback) = resolve_refs(&self.json, &list.child(&name)) else {
                continue;
            };
            for (expression, place) in self.path_items(&callback) {
                let route = operation.route();
                let names = operation
                    .names
                    .iter()
                    .map(|own| format!("{own} callback {name}"));
                let path = format!("{route} {name} {expression}");
                let known = incoming.len();
                self.add(&place, &path, &names.collect::<Vec<_>>(), incoming);
                for added in incoming.iter_mut().skip(known) {
                    added.callback = Some(Callback {
                        of: (operation.method.clone(), operation.path.clone()),
                        label: name.clone(),
                        expression: expression.clone(),
                    });
                }
            }
        }
    }

    /// The path items in the object at `list`, by name.
    fn path_items(&self, list: &str) -> Vec<(String, String)> {
        let named = self.at(list).as_object().into_iter().flatten();
        let named = named.filter(|(name, _)| !name.starts_with("x-"));
        named
            .filter_map(|(name, _)| {
                Some((name.clone(), resolve_refs(&self.json, &list.child(name))?))
            })
            .collect()
    }

    /// Adds the operations of the path item at `place`.
    fn add(&mut self, place: &str, path: &str, names: &[String], incoming: &mut Vec<Endpoint>) {
        let described = path_item::operations(self.at(place));
        for method in &described {
            let mut endpoint = endpoint(self, place, method, path);
            let id = self.at(&endpoint.pointer.child("operationId")).as_str();
            let id = id.map(str::trim).filter(|id| !id.is_empty());
            let id = id.map(str::to_owned);
            let own = id.as_ref().filter(|_| path.starts_with("webhook "));
            let own = own.map(|own| format!("webhook {own}"));
            // With one method, its name says nothing that the webhook's does not.
            let names = names.iter().map(|name| match described.len() {
                1 => name.clone(),
                _ => format!("{name} {}", method.0),
            });
            // By its id it is found, as any operation.
            endpoint.names = names.chain(own).chain(id).collect();
            self.without_path_parameters(&mut endpoint);
            incoming.push(endpoint);
        }
    }
}
