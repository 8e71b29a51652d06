//! What refers to what in a document.

use std::collections::{HashMap, HashSet};
use std::iter;

use serde_json::Value;

use apifox_document::pointer::{Place, decoded, walk};

/// The pointers to references, by what they refer to.
pub(super) type Users = HashMap<String, Vec<String>>;

/// The references in a document.
#[derive(Default)]
pub(super) struct References {
    /// Those that are places or identifiers, those of a discriminator's `mapping` among them.
    pub users: Users,
    /// What discriminators name, by a place or a plain name.
    pub mapped: HashSet<String>,
}

/// The references in a document.
pub(super) fn find_references(json: &Value) -> References {
    let mut found = References::default();
    walk(json, &mut |place, value| {
        let Some(target) = value.as_str() else {
            return true;
        };
        let is_mapped = is_mapped(place);
        if is_mapped {
            found.mapped.insert(target.to_owned());
        }
        if is_mapped || place.name() == Some("$ref") {
            let users = found.users.entry(decoded(target)).or_default();
            users.push(place.pointer());
        }
        true
    });
    found
}

/// The places that hold the one at `pointer`, such as the response that a schema is of.
pub(super) fn around(pointer: &str) -> impl Iterator<Item = &str> {
    let all = iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
    all.skip(1).filter(|holder| !holder.is_empty())
}

/// Whether a text at this place is what a discriminator names.
fn is_mapped(place: &Place<'_>) -> bool {
    let named = |place: Option<&Place<'_>>, name| place.and_then(Place::name) == Some(name);
    let holder = place.around();
    named(holder, "mapping") && named(holder.and_then(Place::around), "discriminator")
        || place.name() == Some("defaultMapping") && named(holder, "discriminator")
}
