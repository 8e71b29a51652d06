//! Where schemas are now that stood elsewhere before their document was translated.

use std::collections::{BTreeMap, BTreeSet};

/// The places that schemas were moved from and to.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// Where each is now, by the place that a walk from outside finds it missing at: what is
    /// around it has moved already.
    now: BTreeMap<String, String>,
    /// The same the other way round.
    before: BTreeMap<String, String>,
    /// Where the document has what is at and below a place.
    origins: BTreeMap<String, String>,
}

impl Moves {
    /// The place of what a document has at `place`.
    #[must_use]
    pub fn current(&self, place: &str) -> String {
        // Anchors are no places.
        if self.now.is_empty() || !place.starts_with('/') {
            return place.to_owned();
        }
        let mut current = String::with_capacity(place.len());
        for step in place.split('/').skip(1) {
            current.push('/');
            current.push_str(step);
            if let Some(now) = self.now.get(&current) {
                current.clone_from(now);
            }
        }
        current
    }

    /// The place that what is at `place` by now has in the document.
    #[must_use]
    pub fn original(&self, place: &str) -> String {
        let mut end = place.len();
        while end > 0 && !self.origins.is_empty() {
            if let Some(origin) = self.origins.get(&place[..end]) {
                return format!("{origin}{}", &place[end..]);
            }
            end = place[..end].rfind('/').unwrap_or_default();
        }
        place.to_owned()
    }

    /// Takes note that what was at and below `from` is at and below `to`.
    pub(crate) fn insert(&mut self, from: &str, to: &str) {
        let origin = self.original(from);
        rename_keys(&mut self.origins, from, to);
        self.origins.insert(to.to_owned(), origin);
        for (now, before) in take_within(&mut self.before, from) {
            let now = moved(&now, from, to);
            self.now.insert(before.clone(), now.clone());
            self.before.insert(now, before);
        }
        let around = format!("{from}/");
        for (before, now) in take_within(&mut self.now, &around) {
            let before = moved(&before, from, to);
            self.before.insert(now.clone(), before.clone());
            self.now.insert(before, now);
        }
        self.now.insert(from.to_owned(), to.to_owned());
        self.before.insert(to.to_owned(), from.to_owned());
    }
}

fn is_within(place: &str, around: &str) -> bool {
    let rest = place.strip_prefix(around);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || around.ends_with('/'))
}

fn moved(place: &str, from: &str, to: &str) -> String {
    format!("{to}{}", place.strip_prefix(from).unwrap_or_default())
}

/// The places at and below `around`.
fn within<'p>(
    places: impl Iterator<Item = &'p String>,
    around: &str,
) -> impl Iterator<Item = String> {
    places
        .take_while(move |place| place.starts_with(around))
        .filter(move |place| is_within(place, around))
        .cloned()
}

fn take_within<V>(all: &mut BTreeMap<String, V>, around: &str) -> Vec<(String, V)> {
    let later = all.range(around.to_owned()..).map(|(place, _)| place);
    let found: Vec<String> = within(later, around).collect();
    let found = found.into_iter();
    found.filter_map(|place| all.remove_entry(&place)).collect()
}

/// Renames the places at and below `from`.
pub(crate) fn rename_keys<V>(all: &mut BTreeMap<String, V>, from: &str, to: &str) {
    let found = take_within(all, from).into_iter();
    all.extend(found.map(|(place, value)| (moved(&place, from, to), value)));
}

/// Renames the places at and below `from`.
pub(crate) fn rename(all: &mut BTreeSet<String>, from: &str, to: &str) {
    let found: Vec<String> = within(all.range(from.to_owned()..), from).collect();
    // All of them first, for some may go where others are.
    for place in &found {
        all.remove(place);
    }
    all.extend(found.iter().map(|place| moved(place, from, to)));
}

#[cfg(test)]
mod tests {
    use super::{Moves, rename};

    #[test]
    fn places_that_go_within_themselves_are_all_kept() {
        let mut places = ["/a", "/a/anyOf/0", "/ab"].map(str::to_owned).into();
        rename(&mut places, "/a", "/a/anyOf/0");
        let expected = ["/a/anyOf/0", "/a/anyOf/0/anyOf/0", "/ab"];
        assert_eq!(places, expected.map(str::to_owned).into());
    }

    #[test]
    fn what_moves_again_with_what_is_around_it_is_found() {
        let mut moves = Moves::default();
        for (from, to) in [
            ("/t/items/0", "/t/prefixItems/0"),
            ("/t/additionalItems", "/t/items"),
            (
                "/t/prefixItems/0/dependencies/a",
                "/t/prefixItems/0/dependentSchemas/a",
            ),
            ("/t/allOf/1", "/t/allOf/1/anyOf/0"),
            ("/t/anyOf", "/t/anyOf/0/anyOf"),
            ("/t/prefixItems", "/t/anyOf/0/prefixItems"),
            ("/t/items", "/t/anyOf/0/items"),
        ] {
            moves.insert(from, to);
        }
        for (place, now) in [
            ("", ""),
            ("/t", "/t"),
            ("/t/not", "/t/not"),
            ("/t/items/0", "/t/anyOf/0/prefixItems/0"),
            (
                "/t/items/0/dependencies/a/not",
                "/t/anyOf/0/prefixItems/0/dependentSchemas/a/not",
            ),
            ("/t/additionalItems/not", "/t/anyOf/0/items/not"),
            ("/t/allOf/1/not", "/t/allOf/1/anyOf/0/not"),
            ("/t/allOf/10", "/t/allOf/10"),
            ("/t/anyOf/0", "/t/anyOf/0/anyOf/0"),
            ("anchor", "anchor"),
        ] {
            assert_eq!(moves.current(place), now, "{place}");
            assert_eq!(moves.original(now), place, "{now}");
        }
    }
}
