//! What rustdoc shows: the vendor's words, the rules, and where they stand.

use std::ffi::OsStr;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use super::markdown;
use crate::code_span::code_span;
use crate::model::{Docs, Module, ModuleScope, Operation, Type};
use apifox_document::api::Requirement;
use apifox_document::written_place;

/// Where documents have schemas with names.
const SHARED: [&str; 3] = ["/components/schemas/", "/definitions/", "/$defs/"];

/// The documentation of a type or field.
///
/// `rules` says in words what the type accepts. Where its schema is called as the type itself, or
/// is an operation, it need not be told where that stands.
pub(crate) fn of_type(module: &Module, declared: &Type, rules: &[String]) -> TokenStream {
    let docs = &declared.docs;
    let mut operations = module.operations.iter();
    let is_operation = operations.any(|own| own.pointer == docs.pointer);
    if is_operation && matches!(declared.scope, ModuleScope::Operation(_)) {
        // Its module says it all.
        return TokenStream::new();
    }
    let mut paragraphs = described(docs, rules);
    let around = docs.pointer.strip_suffix(&declared.name);
    let is_named = around.is_some_and(|around| SHARED.contains(&around));
    if !docs.pointer.is_empty() && !is_named && !is_operation {
        let place = written_place(shown(&module.file), &docs.pointer);
        paragraphs.push(format!("Schema: {}", code_span(&place)));
    }
    attributes(&paragraphs)
}

/// The vendor's words, and the rules of the type that a field has.
pub(crate) fn brief(docs: &Docs, rules: &[String]) -> TokenStream {
    attributes(&described(docs, rules))
}

/// The vendor's words, these rules, and the default.
fn described(docs: &Docs, rules: &[String]) -> Vec<String> {
    let mut paragraphs = vendors_words(docs);
    paragraphs.extend(rules.iter().cloned());
    let default = docs.default.as_ref();
    paragraphs.extend(default.map(|value| format!("Default: {}", code_span(&value.to_string()))));
    paragraphs
}

pub(crate) fn module(module: &Module) -> TokenStream {
    let mut paragraphs = vendors_words(&module.docs);
    let first = module.operations.first();
    if let Some(operation) = first.filter(|operation| !operation.in_own_module) {
        paragraphs.extend(
            operation
                .docs
                .is_deprecated
                .then(|| "Deprecated.".to_owned()),
        );
        paragraphs.push(route(operation));
        paragraphs.extend(security(operation));
    }
    paragraphs.push(format!("Document: {}", code_span(shown(&module.file))));
    let docs = attributes(&paragraphs);
    // The module is that of the operation.
    let is_of_deprecated = first.is_some_and(|operation| !operation.in_own_module)
        && module.operations.iter().all(|own| own.docs.is_deprecated);
    let deprecated = is_of_deprecated.then(|| quote!(#[deprecated]));
    quote! { #docs #deprecated }
}

/// The documentation of an operation's own module.
pub(crate) fn operation(operation: &Operation) -> TokenStream {
    let mut paragraphs = vendors_words(&operation.docs);
    let route = route(operation);
    let route = match operation.is_incoming {
        true => format!("The API sends this: {route}"),
        false => route,
    };
    match paragraphs
        .first_mut()
        .filter(|_| operation.docs.title.is_some())
    {
        Some(title) => *title = format!("{route}: {title}"),
        None => paragraphs.push(route),
    }
    paragraphs.extend(security(operation));
    let docs = attributes(&paragraphs);
    // Whoever names the module is warned. Of types and fields only their documentation says so:
    // generated code names them, and would be warned of itself.
    let deprecated = operation.docs.is_deprecated.then(|| quote!(#[deprecated]));
    // A document that says nothing of a field has nothing to say that its name does not.
    quote! { #docs #deprecated #[allow(missing_docs)] }
}

/// The method and the path of an operation.
fn route(operation: &Operation) -> String {
    code_span(&format!("{} {}", operation.method, operation.path))
}

/// The file of a document; of one that was given from the root down its name alone, for others
/// have other machines.
fn shown(file: &str) -> &str {
    let path = Path::new(file);
    let name = path.file_name().and_then(OsStr::to_str);
    name.filter(|_| path.is_absolute()).unwrap_or(file)
}

/// The credentials that a caller has to send.
fn security(operation: &Operation) -> Option<String> {
    let sets = &operation.security;
    let asks = sets.iter().any(|set| !set.is_empty());
    asks.then(|| format!("It wants {}.", Requirement::list(sets)))
}

pub(crate) fn plain(text: &str) -> TokenStream {
    attributes(&[text.to_owned()])
}

fn vendors_words(docs: &Docs) -> Vec<String> {
    let title = docs.title.as_deref().map(markdown::literal);
    let description = docs.description.as_deref().map(markdown::description);
    let mut paragraphs: Vec<String> = title.into_iter().chain(description).collect();
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.dedup();
    if docs.is_deprecated {
        paragraphs.push("Deprecated.".to_owned());
    }
    paragraphs
}

/// Whether a character changes the direction of text: code with it can deceive.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn attributes(paragraphs: &[String]) -> TokenStream {
    let text = paragraphs.join("\n\n");
    // A document may name a field anything; documentation has no control characters,
    // nor such as change the direction of the text around them.
    let is_hidden = |c: char| c.is_control() && c != '\n' || turns_text(c);
    let shown = |c: char| if is_hidden(c) { ' ' } else { c };
    let text: String = text.chars().map(shown).collect();
    let lines = text.lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        quote! { #[doc = #line] }
    });
    quote! { #(#lines)* }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_path_of_this_machine_is_shown() {
        let absolute = std::env::temp_dir().join("shop.json");
        let cases = [
            (absolute.to_str().unwrap_or_default(), "shop.json"),
            ("shop/orders.json", "shop/orders.json"),
            ("shop.json", "shop.json"),
        ];
        for (file, expected) in cases {
            assert_eq!(shown(file), expected);
        }
    }
}
