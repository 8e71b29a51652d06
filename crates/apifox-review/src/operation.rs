//! Which operation of a document is meant.

use std::collections::BTreeSet;

use apifox_document::Document;
use apifox_document::api::{Api, Endpoint};
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};

/// How many operations are listed at most.
const MOST_LISTED: usize = 20;

/// Which operations are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    /// Those that others call.
    Served,
    /// Those that the API calls as well: webhooks and callbacks.
    All,
}

/// The operation that a name means with a media type of its body, as in `savePet as text/plain`, or
/// as a build calls the module of the two.
pub(crate) fn endpoint_with_media<'a>(api: &'a Api, name: &str) -> Option<(&'a Endpoint, &'a str)> {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let meant = letters(name);
    let find = |endpoint: &'a Endpoint| {
        let own = endpoint.names.iter().cloned().chain([endpoint.route()]);
        let own: Vec<String> = own.map(|own| letters(&format!("{own} as "))).collect();
        let is_meant = |media: &str| {
            let media = letters(media);
            let mut rests = own
                .iter()
                .filter_map(|own| meant.strip_prefix(own.as_str()));
            rests.any(|rest| rest == media)
        };
        let contents = endpoint.body.iter().flat_map(|body| &body.contents);
        let mut media = contents.map(|media| media.name.as_str());
        Some((endpoint, media.find(|media| is_meant(media))?))
    };
    api.operations.iter().chain(&api.incoming).find_map(find)
}

/// The operation with this name, or the only one.
pub(crate) fn endpoint<'a>(
    document: &Document,
    api: &'a Api,
    name: Option<&str>,
    among: Among,
) -> Result<&'a Endpoint, Diagnostics> {
    let refused = |message: String, help: &str| {
        let refusal = Diagnostic::new(&document.file, "", message, help);
        // It may be one that was omitted.
        Diagnostics([vec![refusal], api.omitted_parts(document)].concat())
    };
    let incoming = match among {
        Among::Served => &[],
        Among::All => &api.incoming[..],
    };
    // Webhooks and callbacks are meant by themselves only where there is nothing else.
    let several = match &api.operations[..] {
        [] => incoming,
        operations => operations,
    };
    let Some(first) = several.first() else {
        return Err(api.no_operation(document));
    };
    let Some(name) = name else {
        if several.len() == 1 {
            return Ok(first);
        }
        let message = format!("has {} operations: which one is meant?", several.len());
        let example = first.route();
        let help = format!("name it by method and path, such as {example:?}");
        return Err(refused(message, &help));
    };
    let is_named = |endpoint: &&Endpoint| is_called(api, endpoint, name);
    if let Some(found) = api.operations.iter().find(is_named) {
        return Ok(found);
    }
    match (api.incoming.iter().find(is_named), among) {
        (Some(found), Among::All) => Ok(found),
        (Some(found), Among::Served) => {
            let kind = match found.callback {
                Some(_) => "callback",
                None => "webhook",
            };
            let message = format!("{name:?} is a {kind}: the API sends it, and does not take it");
            Err(refused(message, &suggestion(api, name, among)))
        }
        (None, _) => {
            let message = format!("has no operation {name:?}");
            Err(refused(message, &suggestion(api, name, among)))
        }
    }
}

/// Whether an operation is meant by a name: its method and path, its id, or another of its names.
fn is_called(api: &Api, endpoint: &Endpoint, name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let words = words.join(" ");
    let webhook = endpoint.path.strip_prefix("webhook ");
    endpoint.route().eq_ignore_ascii_case(&words)
        || endpoint.names.iter().any(|other| other == name)
        || api.operation_id(endpoint) == Some(name)
        || endpoint.callback.is_none() && webhook == Some(name)
}

/// Which operation may be meant by a name that none has.
fn suggestion(api: &Api, name: &str, among: Among) -> String {
    let incoming = api.incoming.iter().filter(|_| among == Among::All);
    let all: Vec<&Endpoint> = api.operations.iter().chain(incoming).collect();
    let name = name.trim();
    let of_path = |own: &&Endpoint| is_path(own, name);
    let mut meant: Vec<String> = all
        .iter()
        .copied()
        .filter(of_path)
        .map(Endpoint::route)
        .collect();
    if meant.is_empty() {
        let routes = all.iter().map(|own| own.route());
        let ids = all
            .iter()
            .filter_map(|own| Some(api.operation_id(own)?.to_owned()));
        let known: BTreeSet<String> = routes.chain(ids).collect();
        let same = known.iter().find(|own| own.eq_ignore_ascii_case(name));
        let near = || closest(name, known.iter().map(String::as_str)).map(str::to_owned);
        meant.extend(same.cloned().or_else(near));
    }
    if !meant.is_empty() {
        meant.sort();
        let quoted: Vec<String> = meant.iter().map(|own| format!("{own:?}")).collect();
        return format!("did you mean {}?", quoted.join(" or "));
    }
    let listed: Vec<String> = all
        .iter()
        .take(MOST_LISTED)
        .map(|own| own.route())
        .collect();
    let rest = match all.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        rest => format!(", and {rest} more"),
    };
    match listed.is_empty() {
        true => "the document has no operations".to_owned(),
        false => format!("the operations are: {}{rest}", listed.join(", ")),
    }
}

/// Whether a name is the path of an operation without its method, or with another one, as it is
/// in the document or with values in place of its parameters.
fn is_path(endpoint: &Endpoint, name: &str) -> bool {
    let words = name.split_once(char::is_whitespace);
    let path = words.map_or(name, |(_, path)| path.trim());
    let (own, other) = (endpoint.path.split('/'), path.split('/'));
    let is_like = |(own, other): (&str, &str)| {
        own.eq_ignore_ascii_case(other) || own.starts_with('{') && !other.is_empty()
    };
    endpoint.path.starts_with('/')
        && own.clone().count() == other.clone().count()
        && own.zip(other).all(is_like)
}
