//! Which objects of two documents belong together.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use apifox_document::forms::openapi::resolve_refs;
use apifox_document::forms::parameters::{plain_path, without_names};
use apifox_document::members::{Holds, ObjectKind, is_extension_of};
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};

/// The place of the object that stands at `pointer`, or that a reference there leads to.
pub(super) fn resolved(json: &Value, kind: ObjectKind, pointer: &str) -> Option<String> {
    match kind.may_refer() {
        true => resolve_refs(json, pointer),
        false => Some(pointer.to_owned()),
    }
}

/// The objects in two values that belong together: their kind, and their places.
pub(super) fn paired(
    holds: Holds,
    (old, a): (&Value, &str),
    (new, b): (&Value, &str),
) -> Vec<(ObjectKind, String, String)> {
    let values = (old.value_at(a), new.value_at(b));
    let (Some(before), Some(after)) = values else {
        return Vec::new();
    };
    match holds {
        Holds::ListOrObject { list, .. } if before.is_array() && after.is_array() => {
            items(list, (old, a), (new, b))
        }
        Holds::Object(kind) | Holds::ListOrObject { object: kind, .. } => {
            vec![(kind, a.to_owned(), b.to_owned())]
        }
        Holds::List(kind) | Holds::Map(kind) => items(kind, (old, a), (new, b)),
        _ => Vec::new(),
    }
}

/// The items of two arrays or objects whose names are the same.
fn items(
    kind: ObjectKind,
    (old, a): (&Value, &str),
    (new, b): (&Value, &str),
) -> Vec<(ObjectKind, String, String)> {
    let (before, after) = both_named(kind, (old, a), (new, b));
    let mut others: HashMap<(String, usize), String> = after.into_iter().collect();
    let both = before.into_iter().filter_map(|(name, place)| {
        let other = others.remove(&name)?;
        Some((kind, place, other))
    });
    both.collect()
}

/// The items of two arrays or objects that only one of them has: their kind, name, place in
/// the old one and place in the new one, where in one there is nothing.
pub(super) fn unpaired(
    holds: Holds,
    (old, a): (&Value, &str),
    (new, b): (&Value, &str),
) -> Vec<(ObjectKind, String, String, String)> {
    let is_list = old.value_at(a).is_some_and(Value::is_array);
    let kind = match holds {
        Holds::List(kind) | Holds::Map(kind) => kind,
        Holds::ListOrObject { list, .. } if is_list => list,
        _ => return Vec::new(),
    };
    let (before, after) = both_named(kind, (old, a), (new, b));
    let only = |these: &[Named], others: &[Named]| {
        let names: HashSet<&(String, usize)> = others.iter().map(|(name, _)| name).collect();
        let own = these.iter().filter(|(name, _)| !names.contains(name));
        own.map(|(_, place)| place.clone()).collect::<Vec<_>>()
    };
    let last = |place: &str| steps(place).last().unwrap_or_default();
    let gone = only(&before, &after).into_iter();
    let gone = gone.map(|place| (kind, last(&place), place, b.child("-")));
    let added = only(&after, &before).into_iter();
    let added = added.map(|place| (kind, last(&place), a.child("-"), place));
    gone.chain(added).collect()
}

/// A place by the name of what it holds, and which of that name it is.
type Named = ((String, usize), String);

/// The places in two arrays or objects, each by its name. The label of a callback is not sent:
/// one that only one of them has is called by the expressions of its URLs.
fn both_named(
    kind: ObjectKind,
    (old, a): (&Value, &str),
    (new, b): (&Value, &str),
) -> (Vec<Named>, Vec<Named>) {
    let (mut before, mut after) = (named(kind, old, a), named(kind, new, b));
    if kind == ObjectKind::Callback {
        let names = |all: &[Named]| all.iter().map(|(name, _)| name.clone()).collect();
        let (own, others): (HashSet<_>, HashSet<_>) = (names(&before), names(&after));
        let by_urls = |json: &Value, all: &mut Vec<Named>| {
            let unknown = all.iter_mut();
            let unknown =
                unknown.filter(|(name, _)| !(own.contains(name) && others.contains(name)));
            let mut counts: HashMap<String, usize> = HashMap::new();
            for ((name, number), place) in unknown {
                if let Some(urls) = expressions(json, place) {
                    let count = counts.entry(urls.clone()).or_default();
                    *count += 1;
                    (*name, *number) = (urls, *count);
                }
            }
        };
        by_urls(old, &mut before);
        by_urls(new, &mut after);
    }
    (before, after)
}

/// The expressions of a callback, in a text that is no label of one.
fn expressions(json: &Value, place: &str) -> Option<String> {
    let place = resolved(json, ObjectKind::Callback, place)?;
    let members = json.value_at(&place)?.as_object()?;
    let urls = members
        .keys()
        .filter(|name| !is_extension_of(ObjectKind::Callback, name));
    let urls: BTreeSet<&str> = urls.map(String::as_str).collect();
    Some(format!("\n{}", Vec::from_iter(urls).join("\n")))
}

/// The places in an array or object, each by the name of what it holds, and which of that
/// name it is.
fn named(kind: ObjectKind, json: &Value, pointer: &str) -> Vec<Named> {
    let steps: Vec<String> = match json.value_at(pointer) {
        Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
        Some(Value::Object(members)) => {
            let own = members.keys().filter(|name| !is_extension_of(kind, name));
            own.cloned().collect()
        }
        _ => Vec::new(),
    };
    let is_list = json.value_at(pointer).is_some_and(Value::is_array);
    let mut counts: HashMap<String, usize> = HashMap::new();
    let entry = |step: String| {
        let place = pointer.child(&step);
        let name = match is_list {
            true => item_name(kind, json, &place),
            false => map_name(kind, &step),
        };
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        ((name, *count), place)
    };
    steps.into_iter().map(entry).collect()
}

/// The name of a member, without those of the parameters of a path.
fn map_name(kind: ObjectKind, name: &str) -> String {
    match kind {
        ObjectKind::PathItem | ObjectKind::SwaggerPathItem => without_names(&plain_path(name)),
        _ => name.to_owned(),
    }
}

/// What an item of an array is called, by its own members; empty for one without a name.
fn item_name(kind: ObjectKind, json: &Value, place: &str) -> String {
    let place = resolved(json, kind, place).unwrap_or_else(|| place.to_owned());
    let Some(item) = json.value_at(&place) else {
        return String::new();
    };
    let members: &[&str] = match kind {
        ObjectKind::Folder => &["name", "method", "path"],
        ObjectKind::EndpointResponse => &["code"],
        _ => &["in", "name"],
    };
    let texts = members.iter().map(|name| match &item[*name] {
        Value::Null => String::new(),
        value => value.to_string(),
    });
    texts.collect::<Vec<_>>().join(" ")
}
