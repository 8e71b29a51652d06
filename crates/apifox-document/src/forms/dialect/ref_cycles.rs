//! Cycles of references that all apply to the same value. A validator would loop forever, so
//! the reference that closes a cycle is skipped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Dialect;

/// Keywords whose schema applies to the same value as the schema around it.
const ABOUT_THE_SAME: [&str; 5] = ["else", "if", "not", "then", "$ref"];
/// Keywords that hold several such schemas.
const SEVERAL: [&str; 4] = ["allOf", "anyOf", "dependentSchemas", "oneOf"];

impl Dialect<'_> {
    /// Skips every reference that closes a cycle.
    pub(super) fn break_ref_cycles(&mut self, json: &mut Value) {
        let references = std::mem::take(&mut self.references);
        let mut search = Search {
            references: &references,
            seen: BTreeSet::new(),
            around: BTreeSet::new(),
            closing: Vec::new(),
        };
        for place in references.keys() {
            search.from(place);
        }
        for place in search.closing {
            if let Some(Value::Object(members)) = json.pointer_mut(&place) {
                members.remove("$ref");
            }
            let message = "refers back to itself; anything is accepted here";
            self.note(&place, Some("$ref"), message);
        }
    }
}

struct Search<'r> {
    /// Where references lead: the place of each, and of its target.
    references: &'r BTreeMap<String, String>,
    seen: BTreeSet<&'r str>,
    /// The references on the current path.
    around: BTreeSet<&'r str>,
    closing: Vec<String>,
}

impl<'r> Search<'r> {
    /// Follows the reference at `start`, and those about the same value.
    fn from(&mut self, start: &'r str) {
        // A path may be as long as the document has references, too deep for recursion.
        let mut pending = vec![Step::Enter(start)];
        while let Some(step) = pending.pop() {
            match step {
                Step::Leave(place) => drop(self.around.remove(place)),
                Step::Enter(place) if self.around.contains(place) => {}
                Step::Enter(place) if !self.seen.insert(place) => {}
                Step::Enter(place) => {
                    self.around.insert(place);
                    pending.push(Step::Leave(place));
                    let next: Vec<&str> = self.next(place).collect();
                    if next.iter().any(|reference| self.around.contains(reference)) {
                        self.closing.push(place.to_owned());
                    } else {
                        pending.extend(next.into_iter().map(Step::Enter));
                    }
                }
            }
        }
    }

    /// The references about the same value as the one that `place` leads to.
    fn next(&self, place: &str) -> impl Iterator<Item = &'r str> + use<'r> {
        let references = self.references;
        let target = references.get(place).cloned().unwrap_or_default();
        let below = references.range(target.clone()..);
        let below = below.map(|(place, _)| place.as_str());
        below
            .map_while(move |place| Some((place, place.strip_prefix(&target)?)))
            .filter(|(_, steps)| is_about_the_same(steps))
            .map(|(place, _)| place)
    }
}

enum Step<'r> {
    Enter(&'r str),
    Leave(&'r str),
}

/// Whether steps lead from a schema to one about the same value.
fn is_about_the_same(steps: &str) -> bool {
    let mut rest = steps.split('/');
    if rest.next() != Some("") {
        return false;
    }
    while let Some(keyword) = rest.next() {
        let holds_one = ABOUT_THE_SAME.contains(&keyword);
        if !(holds_one || SEVERAL.contains(&keyword) && rest.next().is_some()) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_about_the_same;

    #[test]
    fn only_some_keywords_stay_at_a_value() {
        for steps in ["", "/allOf/0", "/anyOf/1/not", "/if/oneOf/0/then"] {
            assert!(is_about_the_same(steps), "{steps}");
        }
        for steps in ["x", "/items", "/properties/not", "/allOf/0/items", "/allOf"] {
            assert!(!is_about_the_same(steps), "{steps}");
        }
    }
}
