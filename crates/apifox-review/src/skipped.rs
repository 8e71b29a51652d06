//! What of a document was skipped, of that which a body depends on.

use std::collections::BTreeSet;

use apifox_document::Document;
use apifox_document::api::{Api, Endpoint};
use apifox_document::diagnostics::Diagnostic;
use apifox_document::pointer::written_place;
use apifox_document::schema::reachable::reachable_schemas;

/// What was skipped of the bodies of `endpoint` with the schemas at `places`, of all that they
/// refer to, and of the document as a whole.
pub(crate) fn skipped(
    document: &Document,
    api: &Api,
    endpoint: Option<&Endpoint>,
    places: &[&str],
) -> Vec<Diagnostic> {
    let starts = places.iter().map(|place| (*place).to_owned()).collect();
    // Where each schema stands alone, its references start from itself.
    let reached = match api.is_shared {
        true => reachable_schemas(&api.json, starts),
        false => starts.into_iter().collect(),
    };
    let written = |place: &str| {
        let place = api.moves.original(place);
        document
            .texts
            .original(&document.file, written_place(&place))
    };
    let reached: BTreeSet<(String, String)> = reached.iter().map(|one| written(one)).collect();
    let starts: Vec<(String, String)> = places.iter().map(|one| written(one)).collect();
    let operation = endpoint.map(|endpoint| written(&endpoint.pointer));
    let concerns = |skipped: &Diagnostic| {
        let place = &skipped.pointer;
        let is_of = |(file, _): &(String, String)| *file == skipped.file;
        let is_within = |(_, schema): &(String, String)| is_at_or_below(place, schema);
        // The media type, the body or the reply, or a member of it; but not the operation.
        let around = place.rsplit_once('/').map_or("", |(around, _)| around);
        let is_around = |(_, start): &(String, String)| {
            let is = |place: &str| {
                let mut operation = operation.iter().filter(|own| is_of(own));
                let is_more = operation.any(|(_, own)| is_at_or_below(own, place));
                is_at_or_below(start, place) && !is_more
            };
            is(place) || is(around)
        };
        place.is_empty()
            || reached.iter().any(|one| is_of(one) && is_within(one))
            || starts.iter().any(|one| is_of(one) && is_around(one))
    };
    let mut all = api.all_skipped(document);
    all.retain(concerns);
    all
}

fn is_at_or_below(place: &str, around: &str) -> bool {
    let rest = place.strip_prefix(around);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
